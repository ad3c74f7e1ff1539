/* tls_crypto.c: the library's algorithms that TLS is made of, fetched once
 *
 * OpenSSL 3 looks an algorithm up by name at each use unless it is fetched;
 * for short connections that costs more than the work itself.  RC4 and the
 * other old ciphers are in the legacy provider, which is loaded, in a library
 * context of its own, when the first connection needs it.
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
};

struct fetched {
    const char *name; /* a constant: it outlives us */
    void *object;     /* NULL: the library cannot do it */
};

struct tls_crypto {
    struct fetched ciphers[CIPHERS_MAX];
    struct fetched digests[DIGESTS_MAX];
    EVP_KDF_CTX *prf, *expand;
    EVP_MAC *hmac;
    EVP_MD_CTX *digest;
    OSSL_LIB_CTX *old; /* with the legacy provider; NULL until needed */
    OSSL_PROVIDER *legacy;
};

struct tls_crypto *tls_crypto_create(void)
{
    struct tls_crypto *crypto = memory_take(NULL, sizeof *crypto);
    EVP_KDF *prf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
    EVP_KDF *expand = EVP_KDF_fetch(NULL, "TLS13-KDF", NULL);

    if (crypto) {
        crypto->prf = EVP_KDF_CTX_new(prf);
        crypto->expand = EVP_KDF_CTX_new(expand);
        crypto->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
        crypto->digest = EVP_MD_CTX_new();
    }
    EVP_KDF_free(prf);
    EVP_KDF_free(expand);
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
    EVP_KDF_CTX_free(crypto->expand);
    EVP_MAC_free(crypto->hmac);
    EVP_MD_CTX_free(crypto->digest);
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

bool tls_crypto_prf(struct tls_crypto *crypto, const struct tls_derivation *from, uint8_t *out,
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

bool tls_crypto_expand_label(struct tls_crypto *crypto, const struct tls_derivation *from,
                             uint8_t *out, size_t length)
{
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        digest_name(from->hash),
        octets(OSSL_KDF_PARAM_KEY, from->secret),
        octets(OSSL_KDF_PARAM_PREFIX, slice_of_text("tls13 ")),
        octets(OSSL_KDF_PARAM_LABEL, slice_of_text(from->label)),
        OSSL_PARAM_construct_end(),
        OSSL_PARAM_construct_end(),
    };
    bool done;

    if (!crypto->expand)
        return false;
    if (from->seed.length > 0) /* empty data is refused, but that is what leaving it out means */
        parameters[5] = octets(OSSL_KDF_PARAM_DATA, from->seed);
    done = EVP_KDF_derive(crypto->expand, out, length, parameters) == 1;
    EVP_KDF_CTX_reset(crypto->expand);
    return done;
}

void tls_crypto_wipe(void *secret, size_t length)
{
    OPENSSL_cleanse(secret, length);
}
