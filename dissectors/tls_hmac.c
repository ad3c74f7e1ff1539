/* tls_hmac.c: HMAC over the hashes of TLS (RFC 2104)
 *
 * Keys and MACs of a short connection take a dozen HMACs of a few blocks each.
 * Through the library's contexts each allocates, duplicates and wipes four
 * times, which costs more than the hashing.  Its hash functions on a state that
 * is a plain struct do without: they are deprecated in OpenSSL 3 because they
 * name one implementation, and that is what is wanted here.
 */
#define OPENSSL_API_COMPAT 0x10100000L
#include "dissectors/tls_hmac.h"

#include <openssl/md5.h>
#include <openssl/sha.h>
#include <string.h>

#include "lyncscope/memory.h"

enum { BLOCK_MAX = SHA512_CBLOCK };

struct tls_hash {
    const char *name;
    size_t block, length; /* bytes */
    size_t state;         /* of the struct that follows a message */
    int (*begin)(void *state);
    int (*add)(void *state, const void *bytes, size_t length);
    int (*end)(uint8_t *out, void *state);
};

#define HASH_FUNCTIONS(name, context)                                                              \
    static int begin_##name(void *state)                                                           \
    {                                                                                              \
        return name##_Init((context *)state);                                                      \
    }                                                                                              \
    static int add_##name(void *state, const void *bytes, size_t length)                           \
    {                                                                                              \
        return name##_Update((context *)state, bytes, length);                                     \
    }                                                                                              \
    static int end_##name(uint8_t *out, void *state)                                               \
    {                                                                                              \
        return name##_Final(out, (context *)state);                                                \
    }                                                                                              \
    _Static_assert(sizeof(context) <= TLS_HASH_STATE_MAX, "a state has room")

HASH_FUNCTIONS(MD5, MD5_CTX);
HASH_FUNCTIONS(SHA1, SHA_CTX);
HASH_FUNCTIONS(SHA256, SHA256_CTX);
HASH_FUNCTIONS(SHA384, SHA512_CTX);

static const struct tls_hash hashes[] = {
    { "SHA384", SHA512_CBLOCK, SHA384_DIGEST_LENGTH, sizeof(SHA512_CTX), begin_SHA384, add_SHA384,
      end_SHA384 },
    { "SHA256", SHA256_CBLOCK, SHA256_DIGEST_LENGTH, sizeof(SHA256_CTX), begin_SHA256, add_SHA256,
      end_SHA256 },
    { "SHA1", SHA_CBLOCK, SHA_DIGEST_LENGTH, sizeof(SHA_CTX), begin_SHA1, add_SHA1, end_SHA1 },
    { "MD5", MD5_CBLOCK, MD5_DIGEST_LENGTH, sizeof(MD5_CTX), begin_MD5, add_MD5, end_MD5 },
};

static const struct tls_hash *find_hash(const char *name)
{
    for (size_t i = 0; name && i < sizeof hashes / sizeof *hashes; i++)
        if (strcmp(hashes[i].name, name) == 0)
            return &hashes[i];
    return NULL;
}

static void begin_pad(const struct tls_hash *hash, uint8_t *state, struct slice key, uint8_t pad)
{
    uint8_t block[BLOCK_MAX];

    memset(block, pad, hash->block);
    for (size_t i = 0; i < key.length; i++)
        block[i] ^= key.data[i];
    hash->begin(state);
    hash->add(state, block, hash->block);
    memory_wipe(block, hash->block);
}

bool tls_hmac_begin(struct tls_hmac *hmac, const char *hash, struct slice key)
{
    uint8_t digest[TLS_HASH_MAX];

    hmac->hash = find_hash(hash);
    if (!hmac->hash)
        return false;
    if (key.length > hmac->hash->block) {
        hmac->hash->begin(hmac->inner);
        hmac->hash->add(hmac->inner, key.data, key.length);
        hmac->hash->end(digest, hmac->inner);
        key = slice_of(digest, hmac->hash->length);
    }
    begin_pad(hmac->hash, hmac->inner, key, 0x36);
    begin_pad(hmac->hash, hmac->outer, key, 0x5c);
    if (key.data == digest)
        memory_wipe(digest, sizeof digest);
    return true;
}

size_t tls_hmac_of(const struct tls_hmac *hmac, const struct slice *parts, size_t count,
                   uint8_t out[TLS_HASH_MAX])
{
    const struct tls_hash *hash = hmac->hash;
    _Alignas(16) uint8_t state[TLS_HASH_STATE_MAX];

    memcpy(state, hmac->inner, hash->state);
    for (size_t i = 0; i < count; i++)
        if (parts[i].length > 0)
            hash->add(state, parts[i].data, parts[i].length);
    hash->end(out, state);
    memcpy(state, hmac->outer, hash->state);
    hash->add(state, out, hash->length);
    hash->end(out, state); /* wipes what was hashed; the rest is the result */
    return hash->length;
}

size_t tls_hmac_length(const struct tls_hmac *hmac)
{
    return hmac->hash->length;
}

void tls_hmac_wipe(struct tls_hmac *hmac)
{
    memory_wipe(hmac, sizeof *hmac);
}
