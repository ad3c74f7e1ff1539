/* tls_crypto.c: the library's algorithms that TLS is made of, fetched once
 *
 * OpenSSL 3 looks an algorithm up by name at each use unless it is fetched;
 * for short connections that costs more than the work itself.  RC4 and the
 * other old ciphers are in the legacy provider, which is loaded, in a library
 * context of its own, when the first connection needs it.
 * The derivations of TLS 1.2 and 1.3 are made of HMACs here: through the
 * library's EVP_KDF each takes two to three times as long, for parameters by
 * name and contexts that are duplicated and wiped.
 * RFC 2246 5, RFC 5246 5 (PRF), RFC 5869 2.3, RFC 8446 7.1 (HKDF-Expand-Label).
 */
#include "dissectors/tls_crypto.h"

#include <openssl/evp.h>
#include <openssl/provider.h>
#include <string.h>

#include "lyncscope/memory.h"

enum {
    SPARE_CONTEXTS = 4, /* of a cipher: a connection has two, and two while it changes keys */
    CIPHERS_MAX = 32,
    DIGESTS_MAX = 8,
    LABEL_MAX = 255,
};

struct fetched {
    const char *name; /* a constant: it outlives us */
    void *object;     /* NULL: the library cannot do it */
};

/* Contexts of ended connections serve those that begin: to make one and to wipe it costs more than
 * a short connection's records. What they have of a key is overwritten with that of no key. */
struct spare_contexts {
    EVP_CIPHER_CTX *contexts[SPARE_CONTEXTS];
    size_t count;
};

struct tls_crypto {
    struct spare_contexts spares[CIPHERS_MAX]; /* as `ciphers` */
    struct fetched ciphers[CIPHERS_MAX];
    struct fetched digests[DIGESTS_MAX];
    EVP_MD_CTX *digest;
    OSSL_LIB_CTX *old; /* with the legacy provider; NULL until needed */
    OSSL_PROVIDER *legacy;
};

struct tls_crypto *tls_crypto_create(void)
{
    struct tls_crypto *crypto = memory_take(NULL, sizeof *crypto);

    if (crypto)
        crypto->digest = EVP_MD_CTX_new();
    return crypto;
}

void tls_crypto_free(struct tls_crypto *crypto)
{
    if (!crypto)
        return;
    for (size_t i = 0; i < CIPHERS_MAX; i++) {
        while (crypto->spares[i].count > 0)
            EVP_CIPHER_CTX_free(crypto->spares[i].contexts[--crypto->spares[i].count]);
        EVP_CIPHER_free(crypto->ciphers[i].object);
    }
    for (size_t i = 0; i < DIGESTS_MAX; i++)
        EVP_MD_free(crypto->digests[i].object);
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

static struct spare_contexts *spares_of(struct tls_crypto *crypto, const void *cipher)
{
    for (size_t i = 0; i < CIPHERS_MAX && crypto->ciphers[i].name; i++)
        if (crypto->ciphers[i].object == cipher)
            return &crypto->spares[i];
    return NULL;
}

void *tls_crypto_take_context(struct tls_crypto *crypto, const void *cipher)
{
    struct spare_contexts *spares = spares_of(crypto, cipher);
    EVP_CIPHER_CTX *context;

    if (spares && spares->count > 0)
        return spares->contexts[--spares->count];
    context = EVP_CIPHER_CTX_new();
    if (context && EVP_DecryptInit_ex(context, cipher, NULL, NULL, NULL) == 1)
        return context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

void tls_crypto_give_context(struct tls_crypto *crypto, void *context)
{
    static const uint8_t no_key[EVP_MAX_KEY_LENGTH], no_iv[EVP_MAX_IV_LENGTH];
    struct spare_contexts *spares =
        context ? spares_of(crypto, EVP_CIPHER_CTX_get0_cipher(context)) : NULL;

    if (spares && spares->count < SPARE_CONTEXTS &&
        EVP_DecryptInit_ex(context, NULL, NULL, no_key, no_iv) == 1)
        spares->contexts[spares->count++] = context;
    else
        EVP_CIPHER_CTX_free(context);
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

/* ---- from secrets ---- */

/* RFC 5246 5: P_hash. What it yields is added to what stands in `out`: that of RFC 2246 is made of
 * two. */
static bool p_hash(const char *hash, const struct tls_derivation *from, struct slice secret,
                   uint8_t *out, size_t length)
{
    struct slice label = slice_of_text(from->label);
    uint8_t chain[TLS_HASH_MAX], block[TLS_HASH_MAX];
    struct tls_hmac hmac;
    size_t size;

    if (!tls_hmac_begin(&hmac, hash, secret))
        return false;
    size = tls_hmac_of(&hmac, (struct slice[2]){ label, from->seed }, 2, chain);
    for (size_t at = 0; at < length; at += size) {
        struct slice before = slice_of(chain, size);

        tls_hmac_of(&hmac, (struct slice[3]){ before, label, from->seed }, 3, block);
        if (at + size < length)
            tls_hmac_of(&hmac, &before, 1, chain);
        for (size_t i = 0; i < size && at + i < length; i++)
            out[at + i] ^= block[i];
    }
    tls_crypto_wipe(chain, sizeof chain);
    tls_crypto_wipe(block, sizeof block);
    tls_hmac_wipe(&hmac);
    return true;
}

bool tls_crypto_prf(const struct tls_derivation *from, uint8_t *out, size_t length)
{
    size_t half = (from->secret.length + 1) / 2; /* they share the middle byte of an odd one */

    if (!from->hash)
        return false;
    memset(out, 0, length);
    if (strcmp(from->hash, "MD5-SHA1") != 0)
        return p_hash(from->hash, from, from->secret, out, length);
    return p_hash("MD5", from, slice_part(from->secret, 0, half), out, length) &&
           p_hash("SHA1", from, slice_after(from->secret, from->secret.length - half), out, length);
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

bool tls_crypto_expand_label(const struct tls_hmac *secret, const char *text, uint8_t *out,
                             size_t length)
{
    uint8_t head[2 + 1 + LABEL_MAX + 2], block[TLS_HASH_MAX];
    struct slice label = slice_of_text(text);
    size_t used;

    if (length > tls_hmac_length(secret) || label.length > LABEL_MAX - sizeof "tls13 ")
        return false;
    head[0] = (uint8_t)(length >> 8);
    head[1] = (uint8_t)length;
    used = 2 + write_label(head + 2, label);
    head[used++] = 0; /* no context */
    head[used++] = 1; /* the first block is all that keys, IVs and secrets need */
    tls_hmac_of(secret, &(struct slice){ head, used }, 1, block);
    memory_put(out, block, length);
    tls_crypto_wipe(block, sizeof block);
    return true;
}

void tls_crypto_wipe(void *secret, size_t length)
{
    memory_wipe(secret, length);
}
