/* sealer.c: protects records as an end of a connection does, for tests of who opens them */
#include "tests/support/sealer.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

enum { COVERED = 13 };

static void must(bool truth)
{
    if (!truth)
        abort();
}

struct tls_keys sealer_keys(const struct sealing_way *way)
{
    struct tls_keys keys = { .version = way->version, .encrypt_then_mac = way->encrypt_then_mac };

    must(tls_suite_find(way->cipher, &keys.suite));
    for (size_t i = 0; i < TLS_KEY_MAX; i++)
        keys.key[i] = (uint8_t)(0x40 + 37 * i);
    for (size_t i = 0; i < TLS_MAC_MAX; i++)
        keys.mac[i] = (uint8_t)(0x80 + i);
    for (size_t i = 0; i < TLS_IV_MAX; i++)
        keys.iv[i] = (uint8_t)(0xc0 + i);
    return keys;
}

void sealer_begin(struct sealer *sealer, struct tls_crypto *crypto, const struct sealing_way *way)
{
    const struct tls_suite *suite;

    *sealer = (struct sealer){ .keys = sealer_keys(way), .crypto = crypto };
    suite = &sealer->keys.suite;
    if (suite->mode != TLS_MODE_STREAM && suite->mode != TLS_MODE_CBC)
        return;
    sealer->context = EVP_CIPHER_CTX_new();
    must(EVP_EncryptInit_ex(sealer->context, tls_crypto_cipher(crypto, suite->cipher), NULL,
                            sealer->keys.key, suite->iv_length ? sealer->keys.iv : NULL) == 1);
    EVP_CIPHER_CTX_set_padding(sealer->context, 0);
}

void sealer_end(struct sealer *sealer)
{
    EVP_CIPHER_CTX_free(sealer->context);
}

static size_t digest(const char *hash, const uint8_t *bytes, size_t length, uint8_t *out)
{
    unsigned written = 0;

    must(EVP_Digest(bytes, length, out, &written, EVP_get_digestbyname(hash), NULL) == 1);
    return written;
}

static void write_covered(const struct sealer *sealer, size_t length, uint8_t out[COVERED])
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(sealer->sequence >> (56 - 8 * i));
    out[8] = SEALED_TYPE;
    out[9] = (uint8_t)(sealer->keys.version >> 8);
    out[10] = (uint8_t)sealer->keys.version;
    out[11] = (uint8_t)(length >> 8);
    out[12] = (uint8_t)length;
}

/* SSL 3.0: hash(key, pad 2, hash(key, pad 1, number, type, length, data)) */
static size_t ssl3_mac(const struct sealer *sealer, const uint8_t *data, size_t length,
                       uint8_t *out)
{
    static uint8_t text[SEALED_MAX + 200];
    const struct tls_suite *suite = &sealer->keys.suite;
    size_t pad = suite->mac_length == 16 ? 48 : 40, at = suite->mac_length;
    uint8_t covered[COVERED], inner[64];

    write_covered(sealer, length, covered);
    memcpy(text, sealer->keys.mac, at);
    memset(text + at, 0x36, pad);
    at += pad;
    memcpy(text + at, covered, 9);
    memcpy(text + at + 9, covered + 11, 2);
    memcpy(text + at + 11, data, length);
    digest(suite->mac, text, at + 11 + length, inner);
    memset(text + suite->mac_length, 0x5c, pad);
    memcpy(text + at, inner, suite->mac_length);
    return digest(suite->mac, text, at + suite->mac_length, out);
}

static size_t mac(const struct sealer *sealer, const uint8_t *data, size_t length, uint8_t *out)
{
    static uint8_t text[SEALED_MAX + COVERED];
    unsigned written = 0;

    if (sealer->keys.version == TLS_SSL_3_0)
        return ssl3_mac(sealer, data, length, out);
    write_covered(sealer, length, text);
    memcpy(text + COVERED, data, length);
    HMAC(EVP_get_digestbyname(sealer->keys.suite.mac), sealer->keys.mac,
         (int)sealer->keys.suite.mac_length, text, COVERED + length, out, &written);
    return written;
}

/* Data, MAC unless that comes later, padding; the length of all. */
static size_t pad(const struct sealer *sealer, uint8_t *text, size_t length)
{
    size_t block = sealer->keys.suite.iv_length;
    size_t padding = block - 1 - length % block + sealer->more_padding * block;

    memset(text + length, sealer->keys.version == TLS_SSL_3_0 ? 0xaa : (int)padding, padding + 1);
    text[length + padding] = (uint8_t)padding;
    return length + padding + 1;
}

static size_t seal_with_mac(struct sealer *sealer, const uint8_t *data, size_t length, uint8_t *out)
{
    static uint8_t text[SEALED_MAX];
    const struct tls_suite *suite = &sealer->keys.suite;
    bool is_cbc = suite->mode == TLS_MODE_CBC;
    bool late = is_cbc && sealer->keys.encrypt_then_mac;
    size_t iv = is_cbc && sealer->keys.version >= TLS_1_1 ? suite->iv_length : 0;
    size_t at = iv + length;
    int written = 0;

    memset(text, 0x77, iv); /* whatever its cipher text is, is the explicit IV */
    memcpy(text + iv, data, length);
    if (!late)
        at += mac(sealer, data, length, text + at);
    if (is_cbc)
        at = iv + pad(sealer, text + iv, at - iv);
    if (sealer->context)
        must(EVP_EncryptUpdate(sealer->context, out, &written, text, (int)at) == 1);
    else
        memcpy(out, text, at);
    return late ? at + mac(sealer, out, at, out + at) : at;
}

static size_t seal_aead(struct sealer *sealer, const uint8_t *data, size_t length, uint8_t *out)
{
    const struct tls_suite *suite = &sealer->keys.suite;
    bool is_1_3 = sealer->keys.version >= TLS_1_3, is_ccm = suite->mode == TLS_MODE_CCM;
    size_t begin = is_1_3 || suite->mode == TLS_MODE_CHACHA ? 0 : 8;
    size_t text_length = length + (is_1_3 ? 1 + sealer->zeros : 0);
    static uint8_t text[SEALED_MAX];
    uint8_t nonce[12], covered[COVERED];
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written;

    memcpy(text, data, length);
    memset(text + length, 0, 1 + sealer->zeros);
    text[length] = SEALED_TYPE;
    write_covered(sealer, is_1_3 ? text_length + suite->tag_length : length, covered);
    if (is_1_3)
        covered[10] = 3; /* as its records say */
    memcpy(nonce, sealer->keys.iv, sizeof nonce);
    for (size_t i = 0; i < 8; i++)
        nonce[4 + i] = begin ? (uint8_t)(0xe0 + i + sealer->sequence) : nonce[4 + i] ^ covered[i];
    memcpy(out, nonce + 4, begin);
    EVP_EncryptInit_ex(context, tls_crypto_cipher(sealer->crypto, suite->cipher), NULL, NULL, NULL);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, sizeof nonce, NULL);
    if (is_ccm)
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, (int)suite->tag_length, NULL);
    EVP_EncryptInit_ex(context, NULL, NULL, sealer->keys.key, nonce);
    if (is_ccm)
        EVP_EncryptUpdate(context, NULL, &written, NULL, (int)text_length);
    EVP_EncryptUpdate(context, NULL, &written, covered + (is_1_3 ? 8 : 0), is_1_3 ? 5 : COVERED);
    must(EVP_EncryptUpdate(context, out + begin, &written, text, (int)text_length) == 1);
    if (!is_ccm)
        EVP_EncryptFinal_ex(context, out + begin + written, &written);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, (int)suite->tag_length,
                        out + begin + text_length);
    EVP_CIPHER_CTX_free(context);
    return begin + text_length + suite->tag_length;
}

size_t sealer_seal(struct sealer *sealer, const uint8_t *data, size_t length, uint8_t *out)
{
    size_t sealed = tls_suite_is_aead(&sealer->keys.suite)
                        ? seal_aead(sealer, data, length, out)
                        : seal_with_mac(sealer, data, length, out);

    sealer->sequence++;
    return sealed;
}
