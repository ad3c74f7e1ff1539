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

static int begin_md5(void *state)
{
    return MD5_Init((MD5_CTX *)state);
}

static int add_md5(void *state, const void *bytes, size_t length)
{
    return MD5_Update((MD5_CTX *)state, bytes, length);
}

static int end_md5(uint8_t *out, void *state)
{
    return MD5_Final(out, (MD5_CTX *)state);
}

static int begin_sha1(void *state)
{
    return SHA1_Init((SHA_CTX *)state);
}

static int add_sha1(void *state, const void *bytes, size_t length)
{
    return SHA1_Update((SHA_CTX *)state, bytes, length);
}

static int end_sha1(uint8_t *out, void *state)
{
    return SHA1_Final(out, (SHA_CTX *)state);
}

static int begin_sha256(void *state)
{
    return SHA256_Init((SHA256_CTX *)state);
}

static int add_sha256(void *state, const void *bytes, size_t length)
{
    return SHA256_Update((SHA256_CTX *)state, bytes, length);
}

static int end_sha256(uint8_t *out, void *state)
{
    return SHA256_Final(out, (SHA256_CTX *)state);
}

static int begin_sha384(void *state)
{
    return SHA384_Init((SHA512_CTX *)state);
}

static int add_sha384(void *state, const void *bytes, size_t length)
{
    return SHA384_Update((SHA512_CTX *)state, bytes, length);
}

static int end_sha384(uint8_t *out, void *state)
{
    return SHA384_Final(out, (SHA512_CTX *)state);
}

_Static_assert(sizeof(SHA512_CTX) <= TLS_HASH_STATE_MAX &&
                   sizeof(SHA256_CTX) <= TLS_HASH_STATE_MAX &&
                   sizeof(SHA_CTX) <= TLS_HASH_STATE_MAX && sizeof(MD5_CTX) <= TLS_HASH_STATE_MAX,
               "a state has room");

static const struct tls_hash hashes[] = {
    { "SHA384", SHA512_CBLOCK, SHA384_DIGEST_LENGTH, sizeof(SHA512_CTX), begin_sha384, add_sha384,
      end_sha384 },
    { "SHA256", SHA256_CBLOCK, SHA256_DIGEST_LENGTH, sizeof(SHA256_CTX), begin_sha256, add_sha256,
      end_sha256 },
    { "SHA1", SHA_CBLOCK, SHA_DIGEST_LENGTH, sizeof(SHA_CTX), begin_sha1, add_sha1, end_sha1 },
    { "MD5", MD5_CBLOCK, MD5_DIGEST_LENGTH, sizeof(MD5_CTX), begin_md5, add_md5, end_md5 },
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

    memory_put(state, hmac->inner, hash->state);
    for (size_t i = 0; i < count; i++)
        if (parts[i].length > 0)
            hash->add(state, parts[i].data, parts[i].length);
    hash->end(out, state);
    memory_put(state, hmac->outer, hash->state);
    hash->add(state, out, hash->length);
    hash->end(out, state);
    memory_wipe(state, hash->state); /* the result stands in it, which may be a key */
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
