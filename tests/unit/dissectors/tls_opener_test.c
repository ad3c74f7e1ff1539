/* tls_opener_test.c: records sealed here with the library's own encryption are opened, and spoilt
 * ones are not */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/sealer.h"
#include "tests/support/stream_run.h"

static const struct sealing_way ways[] = {
    { TLS_1_2, 0xc02f, false }, /* AES-128-GCM */
    { TLS_1_2, 0xc030, false }, /* AES-256-GCM */
    { TLS_1_2, 0xc09c, false }, /* AES-128-CCM */
    { TLS_1_2, 0xc0a1, false }, /* AES-256-CCM-8 */
    { TLS_1_2, 0xcca8, false }, /* ChaCha20-Poly1305 */
    { TLS_1_2, 0xc051, false }, /* ARIA-256-GCM */
    { TLS_1_3, 0x1301, false },     { TLS_1_3, 0x1302, false },
    { TLS_1_3, 0x1303, false },     { TLS_1_3, 0x1304, false }, /* AES-128-CCM */
    { TLS_1_3, 0x1305, false },                                 /* AES-128-CCM-8 */
    { TLS_1_2, 0x003c, false }, /* AES-128-CBC, SHA256; explicit IV, MAC then encrypt */
    { TLS_1_2, 0x003d, true },  /* encrypt then MAC */
    { TLS_1_2, 0xc028, false }, /* SHA384 */
    { TLS_1_1, 0x002f, false },     { TLS_1_1, 0x0035, true },
    { TLS_1_0, 0x002f, false },                                 /* implicit IV */
    { TLS_1_0, 0x0035, true },      { TLS_1_0, 0x000a, false }, /* 3DES */
    { TLS_1_2, 0x000a, true },      { TLS_1_2, 0x0041, false }, /* Camellia */
    { TLS_1_0, 0x0096, false },                                 /* SEED */
    { TLS_1_0, 0x0004, false },                                 /* RC4, MD5 */
    { TLS_1_2, 0x0005, false },                                 /* RC4, SHA */
    { TLS_1_2, 0x0005, true },                                  /* it means block ciphers only */
    { TLS_1_2, 0x003b, false },                                 /* NULL, SHA256 */
    { TLS_1_0, 0x0001, false },                                 /* NULL, MD5 */
    { TLS_SSL_3_0, 0x002f, false }, { TLS_SSL_3_0, 0x000a, false },
    { TLS_SSL_3_0, 0x0004, false }, { TLS_SSL_3_0, 0x0005, false },
    { TLS_SSL_3_0, 0x0002, false },
};
enum { WAYS = sizeof ways / sizeof *ways };

static struct tls_crypto *crypto;

static int set_up(void **state)
{
    (void)state;
    crypto = tls_crypto_create();
    return crypto ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tls_crypto_free(crypto);
    return 0;
}

/* ---- opening ---- */

static uint8_t data[SEALED_MAX], sealed[SEALED_MAX];

static void fill_data(void)
{
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + i / 256);
}

static struct tls_opener *make_opener(const struct sealing_way *way)
{
    struct tls_keys keys = sealer_keys(way);
    struct tls_opener *opener = tls_opener_create(crypto, &keys);

    assert_non_null(opener);
    return opener;
}

/* Opens a record of exactly these bytes; the data must be the first `length` of ours. */
static bool opens(struct tls_opener *opener, const struct sealing_way *way, size_t sealed_length,
                  size_t length)
{
    uint16_t version = way->version >= TLS_1_3 ? TLS_1_2 : way->version;
    uint8_t *body = exact_copy(slice_of(sealed, sealed_length));
    uint8_t *room = malloc(sealed_length + 1);
    struct tls_sealed record = { SEALED_TYPE, version, slice_of(body, sealed_length) };
    struct tls_plain plain = { 0 };
    bool opened = tls_opener_open(opener, &record, room, &plain);

    if (opened && (plain.type != SEALED_TYPE || plain.bytes.length != length ||
                   (length > 0 && memcmp(plain.bytes.data, data, length) != 0)))
        fail_msg("%04x, %04x: opened, but wrongly", way->version, way->cipher);
    free(room);
    free(body);
    return opened;
}

static void what_was_sealed_opens(void **state)
{
    static const size_t lengths[] = { 1, 100, 0, 15, 16, 17, 31, 255, 16384, 3 };

    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        struct tls_opener *opener = make_opener(&ways[w]);
        struct sealer sealer;

        sealer_begin(&sealer, crypto, &ways[w]);
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            size_t length = sealer_seal(&sealer, data, lengths[i], sealed);

            if (!opens(opener, &ways[w], length, lengths[i]))
                fail_msg("%04x, %04x: %zu bytes do not open", ways[w].version, ways[w].cipher,
                         lengths[i]);
            assert_int_equal(tls_opener_sequence(opener), i + 1);
        }
        sealer_end(&sealer);
        tls_opener_free(opener);
    }
}

/* A record of `length` bytes of data, from a fresh sealer, for a fresh opener. */
static size_t seal_first(const struct sealing_way *way, size_t length)
{
    struct sealer sealer;
    size_t sealed_length;

    sealer_begin(&sealer, crypto, way);
    sealed_length = sealer_seal(&sealer, data, length, sealed);
    sealer_end(&sealer);
    return sealed_length;
}

/* SSL 3.0's padding is covered by nothing, and an explicit IV's own block spoils only itself:
 * then the data must still be right, which `opens` looks at. */
static bool may_pass(const struct sealing_way *way, size_t at, size_t length, size_t plain_length)
{
    struct tls_keys keys = sealer_keys(way);
    size_t block = keys.suite.iv_length;

    if (keys.suite.mode != TLS_MODE_CBC || way->encrypt_then_mac)
        return false;
    if (way->version == TLS_SSL_3_0)
        return at >= length - block && plain_length + keys.suite.mac_length < length;
    return false;
}

static void a_changed_bit_is_noticed(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        size_t length = seal_first(&ways[w], 40);

        for (size_t at = 0; at < length; at++) {
            struct tls_opener *opener = make_opener(&ways[w]);

            sealed[at] ^= 0x10;
            if (!may_pass(&ways[w], at, length, 40) && opens(opener, &ways[w], length, 40))
                fail_msg("%04x, %04x: opens with byte %zu of %zu changed", ways[w].version,
                         ways[w].cipher, at, length);
            sealed[at] ^= 0x10;
            tls_opener_free(opener);
        }
    }
}

static void short_records_are_refused(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        size_t length = seal_first(&ways[w], 40);

        for (size_t cut = 0; cut < length; cut++) {
            struct tls_opener *opener = make_opener(&ways[w]);

            if (opens(opener, &ways[w], cut, 40))
                fail_msg("%04x, %04x: opens with %zu of %zu bytes", ways[w].version, ways[w].cipher,
                         cut, length);
            assert_int_equal(tls_opener_sequence(opener), 0);
            tls_opener_free(opener);
        }
    }
}

static void another_place_in_the_order_is_refused(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        struct tls_opener *opener = make_opener(&ways[w]);
        size_t length = seal_first(&ways[w], 40);

        tls_opener_seek(opener, 1);
        if (opens(opener, &ways[w], length, 40))
            fail_msg("%04x, %04x: opens as the second record", ways[w].version, ways[w].cipher);
        tls_opener_free(opener);
    }
}

static void records_may_be_missing(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        struct tls_opener *opener = make_opener(&ways[w]);
        struct sealer sealer;
        size_t length = 0;

        sealer_begin(&sealer, crypto, &ways[w]);
        for (int i = 0; i < 5; i++)
            length = sealer_seal(&sealer, data, 40, sealed);
        tls_opener_seek(opener, 4);
        if (tls_opener_can_seek(opener) && !opens(opener, &ways[w], length, 40))
            fail_msg("%04x, %04x: says that it can seek", ways[w].version, ways[w].cipher);
        sealer_end(&sealer);
        tls_opener_free(opener);
    }
}

/* What an earlier record leaves behind is needed: nothing may be skipped. */
static void some_need_every_record(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        struct tls_opener *opener = make_opener(&ways[w]);
        struct tls_keys keys = sealer_keys(&ways[w]);
        bool goes_on = keys.suite.mode == TLS_MODE_STREAM ||
                       (keys.suite.mode == TLS_MODE_CBC && ways[w].version <= TLS_1_0);

        assert_int_equal(tls_opener_can_seek(opener), !goes_on);
        tls_opener_free(opener);
    }
}

static void a_failure_spoils_nothing_after_it(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        struct tls_opener *opener = make_opener(&ways[w]);
        size_t length = seal_first(&ways[w], 40);

        sealed[length - 1] ^= 1;
        assert_false(opens(opener, &ways[w], length, 40));
        sealed[length - 1] ^= 1;
        if (tls_opener_can_seek(opener) && !opens(opener, &ways[w], length, 40))
            fail_msg("%04x, %04x: does not open after a failure", ways[w].version, ways[w].cipher);
        tls_opener_free(opener);
    }
}

static void long_padding_is_taken_off(void **state)
{
    (void)state;
    for (size_t w = 0; w < WAYS; w++) {
        struct tls_opener *opener = make_opener(&ways[w]);
        struct sealer sealer;
        size_t length;

        sealer_begin(&sealer, crypto, &ways[w]);
        sealer.more_padding = ways[w].version > TLS_SSL_3_0 ? 14 : 0;
        sealer.zeros = 300;
        length = sealer_seal(&sealer, data, 40, sealed);
        if (!opens(opener, &ways[w], length, 40))
            fail_msg("%04x, %04x: padding is not understood", ways[w].version, ways[w].cipher);
        sealer_end(&sealer);
        tls_opener_free(opener);
    }
}

/* Its inner type is missing: nothing but zeros. RFC 8446 5.4 */
static void a_record_without_a_type_is_refused(void **state)
{
    static const struct sealing_way way = { TLS_1_3, 0x1301, false };
    struct tls_opener *opener = make_opener(&way);
    struct sealer sealer;
    uint8_t none[16] = { 0 };
    struct tls_plain plain;
    struct tls_sealed record = { SEALED_TYPE, TLS_1_2, SLICE_EMPTY };
    uint8_t room[64], nonce[12];
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written;

    (void)state;
    sealer_begin(&sealer, crypto, &way);
    memcpy(nonce, sealer.keys.iv, sizeof nonce);
    EVP_EncryptInit_ex(context, EVP_aes_128_gcm(), NULL, sealer.keys.key, nonce);
    EVP_EncryptUpdate(context, NULL, &written, (const uint8_t[]){ 23, 3, 3, 0, 32 }, 5);
    EVP_EncryptUpdate(context, sealed, &written, none, sizeof none);
    EVP_EncryptFinal_ex(context, sealed + 16, &written);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, sealed + 16);
    EVP_CIPHER_CTX_free(context);
    record.body = slice_of(sealed, 32);
    assert_false(tls_opener_open(opener, &record, room, &plain));
    tls_opener_free(opener);
}

static void a_cipher_that_is_not_to_be_had_gives_no_opener(void **state)
{
    struct sealing_way way = { TLS_1_2, 0xc02f, false };
    struct tls_keys keys = sealer_keys(&way);

    (void)state;
    keys.suite.cipher = "ROT13";
    assert_null(tls_opener_create(crypto, &keys));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_opens),
        cmocka_unit_test(a_changed_bit_is_noticed),
        cmocka_unit_test(short_records_are_refused),
        cmocka_unit_test(another_place_in_the_order_is_refused),
        cmocka_unit_test(records_may_be_missing),
        cmocka_unit_test(some_need_every_record),
        cmocka_unit_test(a_failure_spoils_nothing_after_it),
        cmocka_unit_test(long_padding_is_taken_off),
        cmocka_unit_test(a_record_without_a_type_is_refused),
        cmocka_unit_test(a_cipher_that_is_not_to_be_had_gives_no_opener),
    };

    fill_data();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
