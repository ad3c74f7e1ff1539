/* certificates.h: certificates made for a test, with EC keys, which are quick */
#ifndef LYNCSCOPE_TESTS_CERTIFICATES_H
#define LYNCSCOPE_TESTS_CERTIFICATES_H

#include <openssl/x509.h>

#include "lyncscope/slice.h"

enum { MADE_CA = 1, MADE_NO_KEY_IDS = 2, MADE_SHA1 = 4, MADE_V1 = 8 };

struct made {
    X509 *x509;
    EVP_PKEY *key;
    struct slice der; /* in a heap block of its size */
};

struct wish {
    const char *name;          /* "O=Contoso/CN=a.b": parts by slashes */
    const struct made *issuer; /* NULL: itself */
    EVP_PKEY *key;             /* NULL: a new one */
    const char *names;         /* as OpenSSL writes them, "DNS:a.b,IP:10.0.0.1"; NULL: none */
    const char *not_before;    /* "20200101000000Z"; NULL: now */
    const char *not_after;     /* the same; NULL: in a year */
    const char *extension;     /* one more: "certificatePolicies=2.23.140.1.2.1"; NULL: none */
    unsigned flags;
};

struct made make_certificate(struct wish wish);
void made_free(struct made *made);
/* A PEM file of these under a new name, which the caller frees and removes. */
char *made_file(const struct made *const *made, size_t count);
/* Signs and encodes again, after a change. */
void made_again(struct made *made, EVP_PKEY *signer);

#endif
