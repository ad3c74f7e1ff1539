/* tls_key_file.h: small secret files read whole, and what they are when they are no private key */
#ifndef LYNCSCOPE_DISSECTORS_TLS_KEY_FILE_H
#define LYNCSCOPE_DISSECTORS_TLS_KEY_FILE_H

#include "lyncscope/memory.h"
#include "lyncscope/status.h"

/* The whole file into `bytes`, to be given to buffer_wipe in any case. `what` is it: "private key".
 */
enum status key_file_read(const char *path, const char *what, struct buffer *bytes,
                          struct complaint *complaint) MUST_CHECK;
/* The first line without its end. */
struct slice key_file_first_line(struct slice bytes);

/* What kind of PEM sections a file has. */
struct pem_content {
    unsigned private_keys, public_keys, certificates, requests, openssh_keys, others;
};
struct pem_content key_file_pem_content(struct slice bytes);
/* For a file that holds no private key: what it is, and what to do. */
const char *key_file_explain(struct slice bytes);

#endif
