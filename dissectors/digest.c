/* digest.c: SHA-256 of bytes that come in pieces, by OpenSSL */
#include "dissectors/digest.h"

#include <openssl/evp.h>

/* The library's context under our name. */
struct digest *digest_create(void)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        return NULL;
    }
    return (struct digest *)context;
}

void digest_add(struct digest *digest, struct slice bytes)
{
    if (digest && bytes.length > 0)
        EVP_DigestUpdate((EVP_MD_CTX *)digest, bytes.data, bytes.length);
}

bool digest_finish(struct digest *digest, uint8_t sha256[32])
{
    unsigned length = 0;
    bool done;

    if (!digest)
        return false;
    done = EVP_DigestFinal_ex((EVP_MD_CTX *)digest, sha256, &length) == 1 && length == 32;
    EVP_MD_CTX_free((EVP_MD_CTX *)digest);
    return done;
}
