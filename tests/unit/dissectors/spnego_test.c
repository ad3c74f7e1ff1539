/* spnego_test.c: NTLM and Kerberos in their wrappings */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/spnego.h"

#define NTLM "NTLMSSP\0\1\0\0\0\7\0\0\0"
#define KRB_OID "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"
#define SPNEGO_OID "\x06\x06\x2b\x06\x01\x05\x05\x02"
#define NTLM_OID "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"

/* 60 { SPNEGO, a0 { 30 { a0 { 30 { NTLM } }, a2 { 04 { message } } } } } */
#define INIT_NTLM                                                                                  \
    "\x60\x32" SPNEGO_OID "\xa0\x28\x30\x26\xa0\x0e\x30\x0c" NTLM_OID "\xa2\x14\x04\x12" NTLM "ab"
#define RESPONSE_NTLM "\xa1\x1f\x30\x1d\xa0\x03\x0a\x01\x01\xa2\x16\x04\x14" NTLM "abcd"
#define RAW_KERBEROS "\x60\x0f" KRB_OID "\x01\x00\x6e\x00"
#define INIT_KERBEROS                                                                              \
    "\x60\x2e" SPNEGO_OID "\xa0\x24\x30\x22\xa0\x0d\x30\x0b" KRB_OID "\xa2\x11\x04\x0f"            \
    "\x60\x0d" KRB_OID "\x01\x00"

#define READ(text) read_token(text, sizeof(text) - 1)

struct found {
    bool ntlm, kerberos;
    size_t length;
};

static struct found read_token(const char *bytes, size_t length)
{
    uint8_t *block = exact_block(bytes, length);
    struct negotiate_token token = spnego_read(slice_of(block, length));
    struct found found = { token.ntlm.length > 0, token.kerberos, token.ntlm.length };

    free(block);
    return found;
}

static void test_ntlm(void **state)
{
    (void)state;
    assert_int_equal(READ(NTLM).length, 16);
    assert_int_equal(READ(INIT_NTLM).length, 18);
    assert_int_equal(READ(RESPONSE_NTLM).length, 20);
    assert_false(READ(INIT_NTLM).kerberos);
    assert_true(READ("\xa1\x82\xff\xff" NTLM).ntlm); /* damaged, searched */
    assert_true(READ("\x60\x80" NTLM).ntlm);
}

static void test_kerberos(void **state)
{
    (void)state;
    assert_true(READ(RAW_KERBEROS).kerberos);
    assert_true(READ(INIT_KERBEROS).kerberos);
    assert_false(READ(INIT_KERBEROS).ntlm);
    assert_true(READ("\x6e\x03\x30\x01\x00").kerberos);
    assert_false(READ("\x60\x0f" KRB_OID "\x02\x00\x6e\x00").kerberos); /* an AP-REP */
}

static void test_neither(void **state)
{
    struct found found = READ("\x60\x12" SPNEGO_OID "\xa0\x08\x30\x06\xa0\x04\x30\x02\x06\x00");

    (void)state;
    assert_false(found.ntlm || found.kerberos);
    found = READ("");
    assert_false(found.ntlm || found.kerberos);
    found = READ("NNNNTLMSSP");
    assert_false(found.ntlm);
}

static void test_hurt(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } rows[] = { { INIT_NTLM, sizeof INIT_NTLM - 1 },
                 { RESPONSE_NTLM, sizeof RESPONSE_NTLM - 1 },
                 { INIT_KERBEROS, sizeof INIT_KERBEROS - 1 } };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t at = 0; at < rows[i].length; at++) {
            char changed[100];

            read_token(rows[i].bytes, at);
            memcpy(changed, rows[i].bytes, rows[i].length);
            changed[at] = (char)0x84;
            read_token(changed, rows[i].length);
            changed[at] = 0;
            read_token(changed, rows[i].length);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ntlm),
        cmocka_unit_test(test_kerberos),
        cmocka_unit_test(test_neither),
        cmocka_unit_test(test_hurt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
