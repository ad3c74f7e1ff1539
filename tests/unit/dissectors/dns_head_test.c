/* dns_head_test.c: header and question, and what looks like DNS */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "dissectors/dns_head.h"
#include "tests/support/stream_run.h"

static struct dns_head head;

static enum dns_likeness judge(const void *bytes, size_t length)
{
    uint8_t *copy = exact_copy(slice_of(bytes, length));
    enum dns_likeness likeness = dns_judge(slice_of(copy, length), length);

    dns_read_head(slice_of(copy, length), &head);
    free(copy);
    return likeness;
}

#define QUESTION                                                                                   \
    "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04LyNc\x03"                                 \
    "com\x00\x00\x01\x00\x01"

static void reads_a_question(void **state)
{
    (void)state;
    assert_int_equal(judge(QUESTION, sizeof QUESTION - 1), DNS_LIKELY);
    assert_int_equal(head.id, 0x1234);
    assert_false(head.response);
    assert_true(head.has_question);
    assert_string_equal(head.name, "LyNc.com");
    assert_int_equal(head.type, 1);
    assert_int_equal(head.answers_at, sizeof QUESTION - 1);
}

static void reads_what_there_is(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof QUESTION - 1; length++) {
        assert_int_equal(judge(QUESTION, length), length < 12 ? DNS_UNLIKE : DNS_MAYBE);
        assert_false(head.has_question);
    }
}

static void escapes_odd_names(void **state)
{
    static const char odd[] = "\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04"
                              "a.b\\"
                              "\x03\x01\xff \x00\x00\x01\x00\x01";
    static const char root[] =
        "\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01";

    (void)state;
    assert_int_equal(judge(odd, sizeof odd - 1), DNS_MAYBE);
    assert_string_equal(head.name, "a\\.b\\\\.\\001\\255\\032");
    judge(root, sizeof root - 1);
    assert_string_equal(head.name, ".");
}

static void gives_up_on_loops(void **state)
{
    static const char loop[] =
        "\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\xc0\x0c\x00\x01\x00\x01";
    static const char type[] =
        "\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x41\x0c\x00\x01\x00\x01";

    (void)state;
    judge(loop, sizeof loop - 1);
    assert_false(head.has_question);
    judge(type, sizeof type - 1);
    assert_false(head.has_question);
}

static void limits_names(void **state)
{
    uint8_t message[400] = { 0, 1, 1, 0, 0, 1 };

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        message[12 + i * 64] = 63;
        memset(message + 13 + i * 64, 'a', 63);
    }
    judge(message, sizeof message);
    assert_false(head.has_question);
    message[12 + 3 * 64] = 61;
    message[12 + 3 * 64 + 62] = 0;
    judge(message, sizeof message);
    assert_true(head.has_question);
    assert_int_equal(head.name_length, 63 * 3 + 61 + 3);
}

static void tells_strangers(void **state)
{
    static const uint8_t rtp[180] = { 0x80, 0x00, 0x00, 0x01, 0, 0, 0, 0, 1, 2, 3, 4, 5 };
    static const uint8_t stun[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3 };
    static const uint8_t ntp[48] = { 0x1b };
    static const uint8_t sip[] = "REGISTER sip:contoso.com SIP/2.0\r\nVia: x\r\n";

    (void)state;
    assert_int_not_equal(judge(rtp, sizeof rtp), DNS_LIKELY);
    assert_int_not_equal(judge(stun, sizeof stun), DNS_LIKELY);
    assert_int_not_equal(judge(ntp, sizeof ntp), DNS_LIKELY);
    assert_int_not_equal(judge(sip, sizeof sip), DNS_LIKELY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_question),  cmocka_unit_test(reads_what_there_is),
        cmocka_unit_test(escapes_odd_names), cmocka_unit_test(gives_up_on_loops),
        cmocka_unit_test(limits_names),      cmocka_unit_test(tells_strangers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
