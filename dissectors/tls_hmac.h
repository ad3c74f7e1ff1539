/* tls_hmac.h: HMAC over the hashes of TLS (RFC 2104) */
#ifndef LYNCSCOPE_DISSECTORS_TLS_HMAC_H
#define LYNCSCOPE_DISSECTORS_TLS_HMAC_H

#include "lyncscope/slice.h"

enum { TLS_HASH_MAX = 64, TLS_HASH_STATE_MAX = 256 };

/* A key taken in once, for any number of messages. Holds what the key can do: wipe it. */
struct tls_hmac {
    const struct tls_hash *hash; /* NULL: not begun */
    _Alignas(16) uint8_t inner[TLS_HASH_STATE_MAX];
    _Alignas(16) uint8_t outer[TLS_HASH_STATE_MAX];
};

/* `hash`: "MD5", "SHA1", "SHA256", "SHA384". False: it is none of these. */
bool tls_hmac_begin(struct tls_hmac *hmac, const char *hash, struct slice key);
/* Of the parts one behind the other. The bytes of the result. */
size_t tls_hmac_of(const struct tls_hmac *hmac, const struct slice *parts, size_t count,
                   uint8_t out[TLS_HASH_MAX]);
size_t tls_hmac_length(const struct tls_hmac *hmac);
void tls_hmac_wipe(struct tls_hmac *hmac);

#endif
