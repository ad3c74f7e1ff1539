/* tls_suite.h: what a cipher suite's name says of its records */
#ifndef LYNCSCOPE_DISSECTORS_TLS_SUITE_H
#define LYNCSCOPE_DISSECTORS_TLS_SUITE_H

#include "lyncscope/slice.h"

enum tls_version {
    TLS_SSL_3_0 = 0x0300,
    TLS_1_0 = 0x0301,
    TLS_1_1 = 0x0302,
    TLS_1_2 = 0x0303,
    TLS_1_3 = 0x0304,
};

enum tls_exchange {
    TLS_EXCHANGE_RSA,       /* the client encrypts the premaster secret for the certificate's key */
    TLS_EXCHANGE_EPHEMERAL, /* (EC)DHE: no long-lived key opens it */
    TLS_EXCHANGE_OTHER,     /* PSK, SRP, static (EC)DH: a key log opens it */
    TLS_EXCHANGE_1_3,
};

enum tls_mode {
    TLS_MODE_NULL,
    TLS_MODE_STREAM,
    TLS_MODE_CBC,
    TLS_MODE_GCM,
    TLS_MODE_CCM,
    TLS_MODE_CHACHA,
};

struct tls_suite {
    enum tls_exchange exchange;
    enum tls_mode mode;
    const char *cipher;   /* as OpenSSL calls it; NULL for TLS_MODE_NULL */
    size_t key_length;    /* bytes */
    size_t export_length; /* of the key that is agreed on, when the law made it short; else 0 */
    size_t iv_length;     /* that the key block yields: a block, or the fixed part of a nonce */
    size_t tag_length;    /* AEAD */
    const char *mac;      /* "MD5", "SHA1", "SHA256", "SHA384"; NULL: AEAD */
    size_t mac_length;
    const char *prf; /* hash of the key schedule, from TLS 1.2 on: "SHA256" or "SHA384" */
};

/* False: a suite that is not known, or that no library here can do. */
bool tls_suite_find(uint16_t number, struct tls_suite *suite);

/* Of one direction, in the key block. RFC 2246 6.3.1: exported keys have their IVs elsewhere. */
static inline size_t tls_suite_agreed_key(const struct tls_suite *suite)
{
    return suite->export_length ? suite->export_length : suite->key_length;
}

static inline bool tls_suite_is_aead(const struct tls_suite *suite)
{
    return suite->mode >= TLS_MODE_GCM;
}

#endif
