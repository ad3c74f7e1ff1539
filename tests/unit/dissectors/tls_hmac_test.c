/* tls_hmac_test.c: the test cases of RFC 2202 and RFC 4231 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "dissectors/tls_hmac.h"

static void expect_hmac(const char *hash, struct slice key, const char *message, const char *hex)
{
    struct slice whole = slice_of_text(message);
    struct slice parts[3] = { slice_part(whole, 0, 5), SLICE_EMPTY, slice_after(whole, 5) };
    char found[2 * TLS_HASH_MAX + 1] = "";
    uint8_t out[TLS_HASH_MAX];
    struct tls_hmac hmac;

    assert_true(tls_hmac_begin(&hmac, hash, key));
    for (int i = 0; i < 2; i++) { /* the key is still there for a second message */
        assert_int_equal(tls_hmac_of(&hmac, parts, 3, out), strlen(hex) / 2);
        for (size_t k = 0; k < strlen(hex) / 2; k++)
            snprintf(found + 2 * k, 3, "%02x", out[k]);
        assert_string_equal(found, hex);
    }
    assert_int_equal(tls_hmac_length(&hmac), strlen(hex) / 2);
    tls_hmac_wipe(&hmac);
    assert_null(hmac.hash);
}

static void short_keys(void **state)
{
    const char *message = "what do ya want for nothing?";
    struct slice key = slice_of_text("Jefe");

    (void)state;
    expect_hmac("MD5", key, message, "750c783e6ab0b503eaa86e310a5db738");
    expect_hmac("SHA1", key, message, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    expect_hmac("SHA256", key, message,
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    expect_hmac("SHA384", key, message,
                "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c7"
                "8b3239ecfab21649");
}

static void keys_longer_than_a_block(void **state)
{
    const char *message = "Test Using Larger Than Block-Size Key - Hash Key First";
    uint8_t bytes[131];

    (void)state;
    memset(bytes, 0xaa, sizeof bytes);
    expect_hmac("MD5", slice_of(bytes, 80), message, "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
    expect_hmac("SHA1", slice_of(bytes, 80), message, "aa4ae5e15272d00e95705637ce8a3b55ed402112");
    expect_hmac("SHA256", slice_of(bytes, 131), message,
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    expect_hmac("SHA384", slice_of(bytes, 131), message,
                "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe82"
                "96248df163f44952");
}

static void other_hashes_are_refused(void **state)
{
    struct tls_hmac hmac;

    (void)state;
    assert_false(tls_hmac_begin(&hmac, "MD5-SHA1", slice_of_text("key")));
    assert_false(tls_hmac_begin(&hmac, NULL, slice_of_text("key")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_keys),
        cmocka_unit_test(keys_longer_than_a_block),
        cmocka_unit_test(other_hashes_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
