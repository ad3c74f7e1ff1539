/* tls_crypto.c: the library's algorithms that TLS is made of, fetched once
 *
 * OpenSSL 3 looks an algorithm up by name at each use unless it is fetched;
 * for short connections that costs more than the work itself.  RC4 and the
 * other old ciphers are in the legacy provider, which is loaded, in a library
 * context of its own, when the first connection needs it.
 * The derivations of TLS 1.2 and 1.3 are made of HMACs here: through the
 * library's EVP_KDF each takes two to three times as long, for parameters by name and contexts
 * that are duplicated and wiped.  Only MD5 with SHA-1 goes that way.
 * RFC 2104 (HMAC), RFC 5246 5 (PRF), RFC 5869 2.3, RFC 8446 7.1 (HKDF-Expand-Label).
 */
#include "dissectors/tls_crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/provider.h>
#include <string.h>

#include "lyncscope/memory.h"

enum {
    CIPHERS_MAX = 32,
    DIGESTS_MAX = 8,
    HASH_BLOCK_MAX = 128, /* of SHA-384 */
    LABEL_MAX = 255,
};

struct fetched {
    const char *name; /* a constant: it outlives us */
    void *object;     /* NULL: the library cannot do it */
};

struct tls_crypto {
    struct fetched ciphers[CIPHERS_MAX];
    struct fetched digests[DIGESTS_MAX];
    EVP_KDF_CTX *prf;
    EVP_MAC *hmac;
    EVP_MD_CTX *digest;
    EVP_MD_CTX *inner, *outer; /* of an HMAC, its key taken in */
    OSSL_LIB_CTX *old;         /* with the legacy provider; NULL until needed */
    OSSL_PROVIDER *legacy;
};

struct tls_crypto *tls_crypto_create(void)
{
    struct tls_crypto *crypto = memory_take(NULL, sizeof *crypto);
    EVP_KDF *prf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);

    if (crypto) {
        crypto->prf = EVP_KDF_CTX_new(prf);
        crypto->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
        crypto->digest = EVP_MD_CTX_new();
        crypto->inner = EVP_MD_CTX_new();
        crypto->outer = EVP_MD_CTX_new();
    }
    EVP_KDF_free(prf);
    return crypto;
}

void tls_crypto_free(struct tls_crypto *crypto)
{
    if (!crypto)
        return;
    for (size_t i = 0; i < CIPHERS_MAX; i++)
        EVP_CIPHER_free(crypto->ciphers[i].object);
    for (size_t i = 0; i < DIGESTS_MAX; i++)
        EVP_MD_free(crypto->digests[i].object);
    EVP_KDF_CTX_free(crypto->prf);
    EVP_MAC_free(crypto->hmac);
    EVP_MD_CTX_free(crypto->digest);
    EVP_MD_CTX_free(crypto->inner);
    EVP_MD_CTX_free(crypto->outer);
    OSSL_PROVIDER_unload(crypto->legacy);
    OSSL_LIB_CTX_free(crypto->old);
    memory_give(NULL, crypto, sizeof *crypto);
}

/* ---- fetching ---- */

static void *fetch_old_cipher(struct tls_crypto *crypto, const char *name)
{
    if (!crypto->old) {
        crypto->old = OSSL_LIB_CTX_new();
        crypto->legacy = OSSL_PROVIDER_load(crypto->old, "legacy");
    }
    return crypto->legacy ? EVP_CIPHER_fetch(crypto->old, name, NULL) : NULL;
}

/* The place of that name, or a free one; NULL: there is none left. */
static struct fetched *find_place(struct fetched *places, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!places[i].name || strcmp(places[i].name, name) == 0)
            return &places[i];
    return NULL;
}

const void *tls_crypto_cipher(struct tls_crypto *crypto, const char *name)
{
    struct fetched *place = find_place(crypto->ciphers, CIPHERS_MAX, name);

    if (!place)
        return NULL;
    if (!place->name) {
        place->name = name;
        place->object = EVP_CIPHER_fetch(NULL, name, NULL);
        if (!place->object)
            place->object = fetch_old_cipher(crypto, name);
    }
    return place->object;
}

void *tls_crypto_hmac(struct tls_crypto *crypto)
{
    return crypto->hmac;
}

static const EVP_MD *find_digest(struct tls_crypto *crypto, const char *name)
{
    struct fetched *place = find_place(crypto->digests, DIGESTS_MAX, name);

    if (place && !place->name) {
        place->name = name;
        place->object = EVP_MD_fetch(NULL, name, NULL);
    }
    return place ? place->object : NULL;
}

/* ---- deriving ---- */

size_t tls_crypto_digest(struct tls_crypto *crypto, const char *hash, struct slice bytes,
                         uint8_t digest[TLS_HASH_MAX])
{
    const EVP_MD *md = find_digest(crypto, hash);
    unsigned length = 0;

    if (!md || EVP_DigestInit_ex(crypto->digest, md, NULL) != 1 ||
        EVP_DigestUpdate(crypto->digest, bytes.data, bytes.length) != 1 ||
        EVP_DigestFinal_ex(crypto->digest, digest, &length) != 1)
        return 0;
    return length;
}

/* The library takes parameters as pointers to what it only reads. */
static OSSL_PARAM octets(const char *key, struct slice bytes)
{
    return OSSL_PARAM_construct_octet_string(key, (void *)(uintptr_t)bytes.data, bytes.length);
}

static OSSL_PARAM digest_name(const char *hash)
{
    return OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)(uintptr_t)hash, 0);
}

/* MD5 and SHA-1, each with half of the secret. */
static bool old_prf(struct tls_crypto *crypto, const struct tls_derivation *from, uint8_t *out,
                    size_t length)
{
    OSSL_PARAM parameters[] = {
        digest_name(from->hash),
        octets(OSSL_KDF_PARAM_SECRET, from->secret),
        octets(OSSL_KDF_PARAM_SEED, slice_of_text(from->label)),
        octets(OSSL_KDF_PARAM_SEED, from->seed),
        OSSL_PARAM_construct_end(),
    };
    bool done;

    if (!crypto->prf)
        return false;
    done = EVP_KDF_derive(crypto->prf, out, length, parameters) == 1;
    EVP_KDF_CTX_reset(crypto->prf); /* seeds would be appended to the ones before */
    return done;
}

/* ---- HMAC ---- */

static bool begin_pad(EVP_MD_CTX *context, const EVP_MD *md, struct slice key, uint8_t pad)
{
    uint8_t block[HASH_BLOCK_MAX];
    size_t length = (size_t)EVP_MD_get_block_size(md);
    bool done;

    if (length > sizeof block || key.length > length)
        return false;
    for (size_t i = 0; i < length; i++)
        block[i] = i < key.length ? key.data[i] ^ pad : pad;
    done =
        EVP_DigestInit_ex(context, md, NULL) == 1 && EVP_DigestUpdate(context, block, length) == 1;
    tls_crypto_wipe(block, sizeof block);
    return done;
}

/* The length of its output, 0: it cannot be done. */
static size_t begin_hmac(struct tls_crypto *crypto, const char *hash, struct slice key)
{
    const EVP_MD *md = find_digest(crypto, hash);
    uint8_t digest[TLS_HASH_MAX];
    bool done;

    if (!md)
        return 0;
    if (key.length > (size_t)EVP_MD_get_block_size(md))
        key = slice_of(digest, tls_crypto_digest(crypto, hash, key, digest));
    done = begin_pad(crypto->inner, md, key, 0x36) && begin_pad(crypto->outer, md, key, 0x5c);
    if (key.data == digest)
        tls_crypto_wipe(digest, sizeof digest);
    return done ? (size_t)EVP_MD_get_size(md) : 0;
}

static bool hmac(struct tls_crypto *crypto, const struct slice parts[3], uint8_t out[TLS_HASH_MAX])
{
    EVP_MD_CTX *digest = crypto->digest;
    unsigned length = 0;

    if (EVP_MD_CTX_copy_ex(digest, crypto->inner) != 1)
        return false;
    for (size_t i = 0; i < 3; i++)
        if (parts[i].length > 0 && EVP_DigestUpdate(digest, parts[i].data, parts[i].length) != 1)
            return false;
    return EVP_DigestFinal_ex(digest, out, &length) == 1 &&
           EVP_MD_CTX_copy_ex(digest, crypto->outer) == 1 &&
           EVP_DigestUpdate(digest, out, length) == 1 &&
           EVP_DigestFinal_ex(digest, out, &length) == 1;
}

/* ---- from secrets ---- */

bool tls_crypto_prf(struct tls_crypto *crypto, const struct tls_derivation *from, uint8_t *out,
                    size_t length)
{
    struct slice label = slice_of_text(from->label);
    uint8_t chain[TLS_HASH_MAX], block[TLS_HASH_MAX];
    size_t size;
    bool done;

    if (!from->hash)
        return false;
    if (strcmp(from->hash, "MD5-SHA1") == 0)
        return old_prf(crypto, from, out, length);
    size = begin_hmac(crypto, from->hash, from->secret);
    done = size > 0 && hmac(crypto, (struct slice[3]){ label, from->seed }, chain);
    for (size_t at = 0; done && at < length; at += size) {
        struct slice before = slice_of(chain, size);

        done = hmac(crypto, (struct slice[3]){ before, label, from->seed }, block);
        if (at + size < length)
            done = done && hmac(crypto, (struct slice[3]){ before }, chain);
        for (size_t i = 0; done && i < size && at + i < length; i++)
            out[at + i] = block[i];
    }
    tls_crypto_wipe(chain, sizeof chain);
    tls_crypto_wipe(block, sizeof block);
    return done;
}

static size_t write_label(uint8_t *out, struct slice label)
{
    struct slice prefix = slice_of_text("tls13 ");

    out[0] = (uint8_t)(prefix.length + label.length);
    for (size_t i = 0; i < prefix.length; i++)
        out[1 + i] = prefix.data[i];
    for (size_t i = 0; i < label.length; i++)
        out[1 + prefix.length + i] = label.data[i];
    return 1 + prefix.length + label.length;
}

/* One block is all that keys, IVs and secrets need. */
bool tls_crypto_expand_label(struct tls_crypto *crypto, const struct tls_derivation *from,
                             uint8_t *out, size_t length)
{
    uint8_t head[2 + 1 + LABEL_MAX + 1], block[TLS_HASH_MAX];
    size_t size = begin_hmac(crypto, from->hash, from->secret);
    struct slice label = slice_of_text(from->label);
    uint8_t counter = 1;
    size_t used;
    bool done;

    if (length > size || label.length > LABEL_MAX - sizeof "tls13 " ||
        from->seed.length > UINT8_MAX)
        return false;
    head[0] = (uint8_t)(length >> 8);
    head[1] = (uint8_t)length;
    used = 2 + write_label(head + 2, label);
    head[used++] = (uint8_t)from->seed.length;
    done =
        hmac(crypto, (struct slice[3]){ slice_of(head, used), from->seed, slice_of(&counter, 1) },
             block);
    for (size_t i = 0; done && i < length; i++)
        out[i] = block[i];
    tls_crypto_wipe(block, sizeof block);
    return done;
}

void tls_crypto_wipe(void *secret, size_t length)
{
    OPENSSL_cleanse(secret, length);
}
