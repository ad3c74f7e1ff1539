/* tls_crypto.h: the library's algorithms that TLS is made of, fetched once */
#ifndef LYNCSCOPE_DISSECTORS_TLS_CRYPTO_H
#define LYNCSCOPE_DISSECTORS_TLS_CRYPTO_H

#include "dissectors/tls_hmac.h"

/* Of one engine: a thread of its own needs its own. */
struct tls_crypto;
struct tls_crypto *tls_crypto_create(void); /* NULL: no memory */
void tls_crypto_free(struct tls_crypto *crypto);

/* `hash`: "MD5", "SHA1", "SHA256", "SHA384", or "MD5-SHA1". The digest's bytes; 0: no memory. */
size_t tls_crypto_digest(struct tls_crypto *crypto, const char *hash, struct slice bytes,
                         uint8_t digest[TLS_HASH_MAX]);
/* RFC 5246 5: PRF(secret, label, seed); with "MD5-SHA1" that of RFC 2246. */
struct tls_derivation {
    const char *hash;
    struct slice secret;
    const char *label;
    struct slice seed;
};
bool tls_crypto_prf(const struct tls_derivation *from, uint8_t *out, size_t length);
/* RFC 8446 7.1: HKDF-Expand-Label without a context, at most one hash long. */
bool tls_crypto_expand_label(const struct tls_hmac *secret, const char *label, uint8_t *out,
                             size_t length);

/* For tls_opener.c: the library's EVP_CIPHER, the crypto's own; NULL: it cannot do that. */
const void *tls_crypto_cipher(struct tls_crypto *crypto, const char *name);
/* An EVP_CIPHER_CTX for decrypting with it: new, or used before with another key. NULL: no memory.
 */
void *tls_crypto_take_context(struct tls_crypto *crypto, const void *cipher);
void tls_crypto_give_context(struct tls_crypto *crypto, void *context); /* NULL is fine */

void tls_crypto_wipe(void *secret, size_t length);

#endif
