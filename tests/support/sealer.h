/* sealer.h: protects records as an end of a connection does, for tests of who opens them */
#ifndef LYNCSCOPE_TESTS_SEALER_H
#define LYNCSCOPE_TESTS_SEALER_H

#include "dissectors/tls_opener.h"

enum { SEALED_MAX = 20000, SEALED_TYPE = 23 };

struct sealing_way {
    uint16_t version, cipher;
    bool encrypt_then_mac;
};

struct sealer {
    struct tls_keys keys;
    struct tls_crypto *crypto;
    struct evp_cipher_ctx_st *context; /* goes on from record to record: RC4, implicit IV */
    uint64_t sequence;
    size_t more_padding; /* blocks of it, CBC */
    size_t zeros;        /* behind the data, TLS 1.3 */
};

/* Some keys, the same each time. */
struct tls_keys sealer_keys(const struct sealing_way *way);
void sealer_begin(struct sealer *sealer, struct tls_crypto *crypto, const struct sealing_way *way);
/* The next record's body goes to `out`; its length. */
size_t sealer_seal(struct sealer *sealer, const uint8_t *data, size_t length, uint8_t *out);
void sealer_end(struct sealer *sealer);

#endif
