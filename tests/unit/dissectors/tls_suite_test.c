/* tls_suite_test.c: what suites' names say, and that the library agrees about every cipher */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <string.h>

#include "dissectors/tls_crypto.h"
#include "dissectors/tls_suite.h"
#include "lyncscope/event.h"

enum { SUITES = 344, UNKNOWN = 27 };

struct expected {
    uint16_t number;
    enum tls_exchange exchange;
    enum tls_mode mode;
    size_t key, iv, tag, mac;
    const char *prf;
};

static const struct expected rows[] = {
    { 0x0001, TLS_EXCHANGE_RSA, TLS_MODE_NULL, 0, 0, 0, 16, "SHA256" },
    { 0x0003, TLS_EXCHANGE_RSA, TLS_MODE_STREAM, 16, 0, 0, 16, "SHA256" },
    { 0x0005, TLS_EXCHANGE_RSA, TLS_MODE_STREAM, 16, 0, 0, 20, "SHA256" },
    { 0x0007, TLS_EXCHANGE_RSA, TLS_MODE_CBC, 16, 8, 0, 20, "SHA256" },
    { 0x0009, TLS_EXCHANGE_RSA, TLS_MODE_CBC, 8, 8, 0, 20, "SHA256" },
    { 0x000a, TLS_EXCHANGE_RSA, TLS_MODE_CBC, 24, 8, 0, 20, "SHA256" },
    { 0x0018, TLS_EXCHANGE_EPHEMERAL, TLS_MODE_STREAM, 16, 0, 0, 16, "SHA256" },
    { 0x002f, TLS_EXCHANGE_RSA, TLS_MODE_CBC, 16, 16, 0, 20, "SHA256" },
    { 0x003d, TLS_EXCHANGE_RSA, TLS_MODE_CBC, 32, 16, 0, 32, "SHA256" },
    { 0x0084, TLS_EXCHANGE_RSA, TLS_MODE_CBC, 32, 16, 0, 20, "SHA256" },
    { 0x008c, TLS_EXCHANGE_OTHER, TLS_MODE_CBC, 16, 16, 0, 20, "SHA256" },
    { 0x009c, TLS_EXCHANGE_RSA, TLS_MODE_GCM, 16, 4, 16, 0, "SHA256" },
    { 0x009f, TLS_EXCHANGE_EPHEMERAL, TLS_MODE_GCM, 32, 4, 16, 0, "SHA384" },
    { 0x1301, TLS_EXCHANGE_1_3, TLS_MODE_GCM, 16, 4, 16, 0, "SHA256" },
    { 0x1302, TLS_EXCHANGE_1_3, TLS_MODE_GCM, 32, 4, 16, 0, "SHA384" },
    { 0x1303, TLS_EXCHANGE_1_3, TLS_MODE_CHACHA, 32, 12, 16, 0, "SHA256" },
    { 0x1304, TLS_EXCHANGE_1_3, TLS_MODE_CCM, 16, 4, 16, 0, "SHA256" },
    { 0x1305, TLS_EXCHANGE_1_3, TLS_MODE_CCM, 16, 4, 8, 0, "SHA256" },
    { 0xc004, TLS_EXCHANGE_OTHER, TLS_MODE_CBC, 16, 16, 0, 20, "SHA256" },
    { 0xc028, TLS_EXCHANGE_EPHEMERAL, TLS_MODE_CBC, 32, 16, 0, 48, "SHA384" },
    { 0xc030, TLS_EXCHANGE_EPHEMERAL, TLS_MODE_GCM, 32, 4, 16, 0, "SHA384" },
    { 0xc09d, TLS_EXCHANGE_RSA, TLS_MODE_CCM, 32, 4, 16, 0, "SHA256" },
    { 0xc0a0, TLS_EXCHANGE_RSA, TLS_MODE_CCM, 16, 4, 8, 0, "SHA256" },
    { 0xc0af, TLS_EXCHANGE_EPHEMERAL, TLS_MODE_CCM, 32, 4, 8, 0, "SHA256" },
    { 0xcca8, TLS_EXCHANGE_EPHEMERAL, TLS_MODE_CHACHA, 32, 12, 16, 0, "SHA256" },
};

static void names_say_what_suites_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct expected *row = &rows[i];
        struct tls_suite suite;

        if (!tls_suite_find(row->number, &suite))
            fail_msg("%04x is not known", row->number);
        if (suite.exchange != row->exchange || suite.mode != row->mode ||
            suite.key_length != row->key || suite.iv_length != row->iv ||
            suite.tag_length != row->tag || suite.mac_length != row->mac ||
            strcmp(suite.prf, row->prf) != 0)
            fail_msg("%04x %s is read wrongly", row->number, tls_cipher_name(row->number));
    }
}

static void export_keys_are_short(void **state)
{
    struct tls_suite suite;

    (void)state;
    assert_true(tls_suite_find(0x0003, &suite)); /* RC4_40 */
    assert_int_equal(suite.export_length, 5);
    assert_int_equal(tls_suite_agreed_key(&suite), 5);
    assert_true(tls_suite_find(0x0008, &suite)); /* DES40 */
    assert_int_equal(tls_suite_agreed_key(&suite), 5);
    assert_int_equal(suite.key_length, 8);
    assert_true(tls_suite_find(0x000a, &suite));
    assert_int_equal(tls_suite_agreed_key(&suite), 24);
}

static void check_cipher(struct tls_crypto *crypto, uint16_t number, const struct tls_suite *suite)
{
    const EVP_CIPHER *cipher;

    if (suite->mode == TLS_MODE_NULL || strcmp(suite->cipher, "IDEA-CBC") == 0)
        return;
    cipher = tls_crypto_cipher(crypto, suite->cipher);
    if (!cipher)
        fail_msg("%s: no %s", tls_cipher_name(number), suite->cipher);
    if ((size_t)EVP_CIPHER_get_key_length(cipher) != suite->key_length ||
        (suite->mode == TLS_MODE_CBC &&
         (size_t)EVP_CIPHER_get_block_size(cipher) != suite->iv_length))
        fail_msg("%s: key %zu, block %zu", tls_cipher_name(number), suite->key_length,
                 suite->iv_length);
}

static void check_mac(uint16_t number, const struct tls_suite *suite)
{
    EVP_MD *digest = suite->mac ? EVP_MD_fetch(NULL, suite->mac, NULL) : NULL;

    if ((digest ? (size_t)EVP_MD_get_size(digest) : 0) != suite->mac_length ||
        (suite->mac_length == 0) != tls_suite_is_aead(suite))
        fail_msg("%s: MAC %zu", tls_cipher_name(number), suite->mac_length);
    EVP_MD_free(digest);
}

static void the_library_agrees(void **state)
{
    struct tls_crypto *crypto = tls_crypto_create();
    size_t named = 0, unknown = 0;

    (void)state;
    assert_non_null(crypto);
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        const char *name = tls_cipher_name((uint16_t)number);
        struct tls_suite suite;
        bool found = tls_suite_find((uint16_t)number, &suite);

        if (found && !name)
            fail_msg("%04x has no name, but is known", number);
        named += name != NULL;
        unknown += name && !found;
        if (name && !found && number != 0 && !strstr(name, "CAMELLIA_128_GCM") &&
            !strstr(name, "CAMELLIA_256_GCM"))
            fail_msg("%s is not known", name);
        if (!found)
            continue;
        check_cipher(crypto, (uint16_t)number, &suite);
        check_mac((uint16_t)number, &suite);
    }
    assert_int_equal(named, SUITES);
    assert_int_equal(unknown, UNKNOWN);
    tls_crypto_free(crypto);
}

static void others_are_refused(void **state)
{
    static const uint16_t numbers[] = { 0x0000, 0x00ff, 0x0a0a, 0x1306, 0x5600, 0xc07a, 0xffff };
    struct tls_suite suite;

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (tls_suite_find(numbers[i], &suite))
            fail_msg("%04x is taken for a suite", numbers[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_say_what_suites_are),
        cmocka_unit_test(export_keys_are_short),
        cmocka_unit_test(the_library_agrees),
        cmocka_unit_test(others_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
