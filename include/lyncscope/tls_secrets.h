/* tls_secrets.h: what the user gave to decrypt TLS with
 *
 * NSS key logs (files, and Decryption Secrets Blocks of pcapng) and servers'
 * RSA private keys.  All of it is cleared from memory when freed, and nothing
 * of it is ever printed.  Key log format: SSLKEYLOGFILE
 * (draft-ietf-tls-keylogfile), and the older "RSA <8 bytes> <premaster>".
 */
#ifndef LYNCSCOPE_TLS_SECRETS_H
#define LYNCSCOPE_TLS_SECRETS_H

#include "lyncscope/slice.h"
#include "lyncscope/status.h"

struct tls_secrets;
struct tls_secrets *tls_secrets_create(void); /* NULL: no memory */
void tls_secrets_free(struct tls_secrets *secrets);

/* ---- what is given ---- */

/* `follow`: it may not exist yet, and grows while it is read. A file without one line that is a
 * secret is refused by name; single bad lines are counted. */
enum status tls_secrets_add_keylog_file(struct tls_secrets *secrets, const char *path, bool follow,
                                        struct complaint *complaint) MUST_CHECK;
/* Text in key log format that came with a capture; read at once, not kept. */
void tls_secrets_add_keylog(struct tls_secrets *secrets, struct slice text);
/* PEM (PKCS#1, PKCS#8, encrypted or not), DER or PKCS#12. `password_file`: its first line, or NULL.
 */
enum status tls_secrets_add_private_key(struct tls_secrets *secrets, const char *path,
                                        const char *password_file,
                                        struct complaint *complaint) MUST_CHECK;
/* Reads what followed files grew by; true: there are new secrets. Cheap when nothing changed. */
bool tls_secrets_follow(struct tls_secrets *secrets);
bool tls_secrets_are_followed(const struct tls_secrets *secrets);

/* ---- what is found ---- */

enum tls_label {
    TLS_LABEL_CLIENT_RANDOM, /* the master secret, up to TLS 1.2 */
    TLS_LABEL_CLIENT_EARLY_TRAFFIC_SECRET,
    TLS_LABEL_CLIENT_HANDSHAKE_TRAFFIC_SECRET,
    TLS_LABEL_SERVER_HANDSHAKE_TRAFFIC_SECRET,
    TLS_LABEL_CLIENT_TRAFFIC_SECRET_0,
    TLS_LABEL_SERVER_TRAFFIC_SECRET_0,
    TLS_LABEL_EARLY_EXPORTER_SECRET,
    TLS_LABEL_EXPORTER_SECRET,
    TLS_LABEL_COUNT,
};

/* The secret of that label for the connection with this client random (32 bytes); empty: none.
 * A secret found counts as used. Valid until more is added or followed. */
struct slice tls_secrets_find(struct tls_secrets *secrets, enum tls_label label,
                              struct slice client_random);
/* By the first 8 bytes of the encrypted premaster secret: "RSA" lines. */
struct slice tls_secrets_find_premaster(struct tls_secrets *secrets, struct slice encrypted);
/* The master secret of "RSA Session-ID:... Master-Key:..." lines. */
struct slice tls_secrets_find_session(struct tls_secrets *secrets, struct slice session_id);

/* The private key whose public half has this SHA-256 (of the SubjectPublicKeyInfo), an EVP_PKEY;
 * NULL: none was given. */
struct tls_private_key;
struct tls_private_key *tls_secrets_find_private_key(struct tls_secrets *secrets,
                                                     struct slice key_sha256);
/* RSA PKCS#1 v1.5 of the ClientKeyExchange: 48 bytes into `premaster`. False: it is not for this
 * key. RFC 5246 7.4.7.1 */
bool tls_private_key_open(struct tls_private_key *key, struct slice encrypted,
                          uint8_t premaster[48]);

/* It would have opened one more connection, had there been no other way. NULL is fine. */
void tls_private_key_spare(struct tls_private_key *key);

/* What the connections of one engine share besides: the library's algorithms, sessions that may be
 * resumed. The secrets must outlive it. */
struct tls_context;
struct tls_context *tls_context_create(struct tls_secrets *secrets); /* NULL: no memory */
void tls_context_free(struct tls_context *context);

/* ---- what became of it ---- */

struct tls_secrets_source {
    const char *path;    /* as given; NULL: came with a capture */
    bool is_private_key; /* else a key log */
    size_t lines;        /* secrets in it */
    size_t bad_lines;
    size_t used; /* connections that it opened */
};
size_t tls_secrets_source_count(const struct tls_secrets *secrets);
struct tls_secrets_source tls_secrets_source_at(const struct tls_secrets *secrets, size_t index);

#endif
