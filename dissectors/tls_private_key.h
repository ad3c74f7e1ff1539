/* tls_private_key.h: servers' RSA private keys, by the hash of their public half */
#ifndef LYNCSCOPE_DISSECTORS_TLS_PRIVATE_KEY_H
#define LYNCSCOPE_DISSECTORS_TLS_PRIVATE_KEY_H

#include "lyncscope/tls_secrets.h"

/* All keys, and what the library needs to have for them. */
struct tls_private_keys;
struct tls_private_keys *tls_private_keys_create(void); /* NULL: no memory */
void tls_private_keys_free(struct tls_private_keys *keys);

struct private_key_file {
    const char *path;          /* for complaints, and: */
    const char *password_path; /* NULL: no password was given */
    struct slice bytes;
    struct slice password;
    size_t source; /* the caller's number for it */
};
/* Pure but for the library's own modules. */
enum status tls_private_keys_add(struct tls_private_keys *keys, const struct private_key_file *file,
                                 struct complaint *complaint) MUST_CHECK;
struct tls_private_key *tls_private_keys_find(const struct tls_private_keys *keys,
                                              struct slice key_sha256);
/* Of the file with that number: how many keys, and how often they opened something. */
size_t tls_private_keys_count(const struct tls_private_keys *keys, size_t source);
size_t tls_private_keys_used(const struct tls_private_keys *keys, size_t source);

#endif
