/* tls_opener.c: opens the protected records of one direction
 *
 * One cipher context for the direction's life.  Every MAC and tag is checked:
 * a wrong key must never look like data.
 * RFC 5246 6.2.3 (MAC-then-encrypt, explicit IV), RFC 2246 6.2.3.2 (implicit
 * IV), RFC 6101 5.2.3 (the MAC of SSL 3.0), RFC 7366 (encrypt-then-MAC), RFC
 * 5288, 6655, 7905 (AEAD), RFC 8446 5.2, 5.3 (TLS 1.3).
 */
#include "dissectors/tls_opener.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "dissectors/idea.h"
#include "lyncscope/memory.h"

enum {
    NONCE_LENGTH = 12,
    EXPLICIT_NONCE_LENGTH = 8,
    SEQUENCE_LENGTH = 8,
    AAD_MAX = 13,
};

struct tls_opener {
    struct tls_keys keys;
    struct tls_crypto *crypto;
    EVP_CIPHER_CTX *cipher; /* NULL: bytes are not encrypted, or by IDEA */
    struct idea *idea;
    struct tls_hmac *mac; /* NULL: AEAD, or SSL 3.0 */
    uint64_t sequence;
};

/* ---- creating ---- */

/* Nonces are of that length from the start, but for CCM. */
static bool begin_aead(struct tls_opener *opener)
{
    const struct tls_suite *suite = &opener->keys.suite;
    EVP_CIPHER_CTX *context = opener->cipher;

    if (suite->mode == TLS_MODE_CCM &&
        (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, NONCE_LENGTH, NULL) != 1 ||
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, (int)suite->tag_length, NULL) != 1))
        return false;
    return EVP_DecryptInit_ex(context, NULL, NULL, opener->keys.key, NULL) == 1;
}

static bool begin_cipher(struct tls_opener *opener)
{
    const struct tls_keys *keys = &opener->keys;
    const EVP_CIPHER *cipher;

    if (keys->suite.mode == TLS_MODE_NULL)
        return true;
    cipher = tls_crypto_cipher(opener->crypto, keys->suite.cipher);
    if (!cipher && slice_is_text(slice_of_text(keys->suite.cipher), "IDEA-CBC")) {
        opener->idea = idea_create(keys->key, keys->iv);
        return opener->idea != NULL;
    }
    opener->cipher = cipher ? tls_crypto_take_context(opener->crypto, cipher) : NULL;
    if (!opener->cipher)
        return false;
    if (tls_suite_is_aead(&keys->suite))
        return begin_aead(opener);
    return EVP_DecryptInit_ex(opener->cipher, NULL, NULL, keys->key,
                              keys->suite.iv_length ? keys->iv : NULL) == 1 &&
           EVP_CIPHER_CTX_set_padding(opener->cipher, 0) == 1;
}

static bool begin_mac(struct tls_opener *opener)
{
    const struct tls_keys *keys = &opener->keys;

    if (!keys->suite.mac || keys->version == TLS_SSL_3_0)
        return true;
    opener->mac = memory_take(NULL, sizeof *opener->mac);
    return opener->mac && tls_hmac_begin(opener->mac, keys->suite.mac,
                                         slice_of(keys->mac, keys->suite.mac_length));
}

struct tls_opener *tls_opener_create(struct tls_crypto *crypto, const struct tls_keys *keys)
{
    struct tls_opener *opener = memory_take(NULL, sizeof *opener);

    if (!opener)
        return NULL;
    opener->keys = *keys;
    opener->crypto = crypto;
    if (begin_cipher(opener) && begin_mac(opener))
        return opener;
    tls_opener_free(opener);
    return NULL;
}

void tls_opener_free(struct tls_opener *opener)
{
    if (!opener)
        return;
    tls_crypto_give_context(opener->crypto, opener->cipher);
    idea_free(opener->idea);
    if (opener->mac)
        tls_hmac_wipe(opener->mac);
    memory_give(NULL, opener->mac, sizeof *opener->mac);
    tls_crypto_wipe(&opener->keys, sizeof opener->keys);
    memory_give(NULL, opener, sizeof *opener);
}

/* ---- MAC ---- */

static void write_number(uint8_t *out, uint64_t number, size_t length)
{
    for (size_t i = 0; i < length; i++)
        out[i] = (uint8_t)(number >> 8 * (length - 1 - i));
}

/* What a MAC or tag covers besides the data: sequence number, type, version, length. */
static struct slice write_covered(const struct tls_opener *opener, const struct tls_sealed *sealed,
                                  size_t length, uint8_t out[AAD_MAX])
{
    write_number(out, opener->sequence, SEQUENCE_LENGTH);
    out[8] = sealed->type;
    write_number(out + 9, sealed->version, 2);
    write_number(out + 11, length, 2);
    return slice_of(out, AAD_MAX);
}

/* hash(key, pad 2, hash(key, pad 1, sequence, type, length, data)) */
static bool ssl3_mac(struct tls_opener *opener, struct slice covered, struct slice data,
                     uint8_t out[TLS_HASH_MAX])
{
    const struct tls_suite *suite = &opener->keys.suite;
    size_t pad = suite->mac_length == 16 ? 48 : 40;
    struct buffer bytes = { 0 };
    uint8_t pads[2][48];
    bool done;

    for (size_t i = 0; i < sizeof pads[0]; i++) {
        pads[0][i] = 0x36;
        pads[1][i] = 0x5c;
    }
    done = buffer_append(&bytes, slice_of(opener->keys.mac, suite->mac_length)) &&
           buffer_append(&bytes, slice_of(pads[0], pad)) &&
           buffer_append(&bytes, slice_part(covered, 0, 9)) &&
           buffer_append(&bytes, slice_after(covered, 11)) && buffer_append(&bytes, data) &&
           tls_crypto_digest(opener->crypto, suite->mac, buffer_slice(&bytes), out) > 0;
    bytes.length = 0;
    done = done && buffer_append(&bytes, slice_of(opener->keys.mac, suite->mac_length)) &&
           buffer_append(&bytes, slice_of(pads[1], pad)) &&
           buffer_append(&bytes, slice_of(out, suite->mac_length)) &&
           tls_crypto_digest(opener->crypto, suite->mac, buffer_slice(&bytes), out) > 0;
    buffer_wipe(&bytes);
    return done;
}

static bool check_mac(struct tls_opener *opener, const struct tls_sealed *sealed, struct slice data,
                      struct slice mac)
{
    uint8_t covered[AAD_MAX];
    uint8_t expected[TLS_HASH_MAX];
    struct slice head = write_covered(opener, sealed, data.length, covered);
    bool done = opener->mac
                    ? tls_hmac_of(opener->mac, (struct slice[2]){ head, data }, 2, expected) > 0
                    : ssl3_mac(opener, head, data, expected);

    return done && mac.length == opener->keys.suite.mac_length &&
           CRYPTO_memcmp(mac.data, expected, mac.length) == 0;
}

/* ---- ciphers with a MAC ---- */

/* Empty: it went wrong, or there was nothing. */
static struct slice decrypt(struct tls_opener *opener, struct slice in, uint8_t *room)
{
    int length = 0;

    if (opener->idea)
        return idea_decrypt(opener->idea, in, room) ? slice_of(room, in.length) : SLICE_EMPTY;
    if (!opener->cipher)
        return in;
    if (EVP_DecryptUpdate(opener->cipher, room, &length, in.data, (int)in.length) != 1)
        return SLICE_EMPTY;
    return slice_of(room, (size_t)length);
}

/* The length of the plain text with its MAC once the padding is off; SIZE_MAX: it is wrong. */
static size_t strip_padding(const struct tls_opener *opener, struct slice text)
{
    size_t length = text.length;
    size_t padding = length ? text.data[length - 1] : 0;

    if (padding + 1 > length)
        return SIZE_MAX;
    if (opener->keys.version == TLS_SSL_3_0) /* its content is arbitrary, but less than a block */
        return padding < opener->keys.suite.iv_length ? length - padding - 1 : SIZE_MAX;
    for (size_t i = 0; i < padding; i++)
        if (text.data[length - 2 - i] != padding)
            return SIZE_MAX;
    return length - padding - 1;
}

static size_t explicit_iv_length(const struct tls_opener *opener)
{
    return opener->keys.suite.mode == TLS_MODE_CBC && opener->keys.version >= TLS_1_1
               ? opener->keys.suite.iv_length
               : 0;
}

/* With an explicit IV the state left by the record before spoils only the IV's own block. */
static bool open_with_mac(struct tls_opener *opener, const struct tls_sealed *sealed, uint8_t *room,
                          struct tls_plain *plain)
{
    const struct tls_suite *suite = &opener->keys.suite;
    bool is_cbc = suite->mode == TLS_MODE_CBC;
    struct slice body = sealed->body;
    size_t begin = explicit_iv_length(opener);
    struct slice text;
    size_t length;

    if (opener->keys.encrypt_then_mac && is_cbc) {
        if (body.length < suite->mac_length)
            return false;
        length = body.length - suite->mac_length;
        if (!check_mac(opener, sealed, slice_part(body, 0, length), slice_after(body, length)))
            return false;
        body = slice_part(body, 0, length);
    }
    if (is_cbc && (body.length % suite->iv_length != 0 || body.length <= begin))
        return false;
    text = decrypt(opener, body, room);
    if (text.length != body.length)
        return false;
    text = slice_after(text, begin);
    length = is_cbc ? strip_padding(opener, text) : text.length;
    if (length == SIZE_MAX)
        return false;
    plain->offset = begin;
    plain->bytes = slice_part(text, 0, length);
    if (opener->keys.encrypt_then_mac && is_cbc)
        return true;
    if (length < suite->mac_length)
        return false;
    plain->bytes.length -= suite->mac_length;
    return check_mac(opener, sealed, plain->bytes,
                     slice_part(text, plain->bytes.length, suite->mac_length));
}

/* ---- AEAD ---- */

struct aead_parts {
    uint8_t nonce[NONCE_LENGTH];
    struct slice sealed, tag, covered;
};

static void write_nonce(const struct tls_opener *opener, struct slice explicit_part,
                        uint8_t nonce[NONCE_LENGTH])
{
    uint8_t sequence[SEQUENCE_LENGTH];

    for (size_t i = 0; i < NONCE_LENGTH; i++)
        nonce[i] = opener->keys.iv[i];
    write_number(sequence, opener->sequence, SEQUENCE_LENGTH);
    for (size_t i = 0; i < SEQUENCE_LENGTH; i++)
        if (explicit_part.length > 0)
            nonce[NONCE_LENGTH - SEQUENCE_LENGTH + i] = explicit_part.data[i];
        else
            nonce[NONCE_LENGTH - SEQUENCE_LENGTH + i] ^= sequence[i];
}

static bool decrypt_aead(struct tls_opener *opener, const struct aead_parts *parts, uint8_t *out)
{
    EVP_CIPHER_CTX *context = opener->cipher;
    bool is_ccm = opener->keys.suite.mode == TLS_MODE_CCM;
    void *tag = (void *)(uintptr_t)parts->tag.data; /* only read */
    const OSSL_PARAM with_tag[2] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, parts->tag.length),
        OSSL_PARAM_construct_end(),
    };
    int length;

    if (EVP_DecryptInit_ex2(context, NULL, NULL, parts->nonce, with_tag) != 1)
        return false;
    if (is_ccm && EVP_DecryptUpdate(context, NULL, &length, NULL, (int)parts->sealed.length) != 1)
        return false;
    if (EVP_DecryptUpdate(context, NULL, &length, parts->covered.data,
                          (int)parts->covered.length) != 1)
        return false;
    if (parts->sealed.length > 0 || is_ccm)
        if (EVP_DecryptUpdate(context, out, &length, parts->sealed.data,
                              (int)parts->sealed.length) != 1)
            return false;
    return is_ccm || EVP_DecryptFinal_ex(context, out + parts->sealed.length, &length) == 1;
}

static bool open_aead(struct tls_opener *opener, const struct tls_sealed *sealed, uint8_t *room,
                      struct tls_plain *plain)
{
    const struct tls_suite *suite = &opener->keys.suite;
    bool is_1_3 = opener->keys.version >= TLS_1_3;
    size_t begin = is_1_3 || suite->mode == TLS_MODE_CHACHA ? 0 : EXPLICIT_NONCE_LENGTH;
    uint8_t covered[AAD_MAX];
    struct aead_parts parts;
    size_t length;

    if (sealed->body.length < begin + suite->tag_length)
        return false;
    length = sealed->body.length - begin - suite->tag_length;
    parts.sealed = slice_part(sealed->body, begin, length);
    parts.tag = slice_after(sealed->body, begin + length);
    parts.covered = write_covered(opener, sealed, is_1_3 ? sealed->body.length : length, covered);
    if (is_1_3) /* the record's header alone */
        parts.covered = slice_after(parts.covered, SEQUENCE_LENGTH);
    write_nonce(opener, slice_part(sealed->body, 0, begin), parts.nonce);
    plain->offset = begin;
    plain->bytes = slice_of(room, length);
    return decrypt_aead(opener, &parts, room);
}

/* RFC 8446 5.2: the type stands behind the data, zeros behind the type. */
static bool find_inner_type(struct tls_plain *plain)
{
    while (plain->bytes.length > 0 && plain->bytes.data[plain->bytes.length - 1] == 0)
        plain->bytes.length--;
    if (plain->bytes.length == 0)
        return false;
    plain->type = plain->bytes.data[--plain->bytes.length];
    return true;
}

bool tls_opener_open(struct tls_opener *opener, const struct tls_sealed *sealed, uint8_t *room,
                     struct tls_plain *plain)
{
    plain->type = sealed->type;
    if (tls_suite_is_aead(&opener->keys.suite) ? !open_aead(opener, sealed, room, plain)
                                               : !open_with_mac(opener, sealed, room, plain))
        return false;
    opener->sequence++;
    return opener->keys.version < TLS_1_3 || find_inner_type(plain);
}

uint64_t tls_opener_sequence(const struct tls_opener *opener)
{
    return opener->sequence;
}

void tls_opener_seek(struct tls_opener *opener, uint64_t sequence)
{
    opener->sequence = sequence;
}

bool tls_opener_can_seek(const struct tls_opener *opener)
{
    return tls_suite_is_aead(&opener->keys.suite) || explicit_iv_length(opener) > 0 ||
           opener->keys.suite.mode == TLS_MODE_NULL;
}
