/* tls_key_file.h: small secret files read whole, and what they are when they are no private key */
#ifndef LYNCSCOPE_DISSECTORS_TLS_KEY_FILE_H
#define LYNCSCOPE_DISSECTORS_TLS_KEY_FILE_H

#include "dissectors/tls_private_key.h"
#include "lyncscope/memory.h"

/* The whole file into `bytes`, to be given to buffer_wipe in any case. `what` is it: "private key".
 */
enum status key_file_read(const char *path, const char *what, struct buffer *bytes,
                          struct complaint *complaint) MUST_CHECK;
/* The first line without its end. */
struct slice key_file_first_line(struct slice bytes);

/* What was found out about a file while looking for a private key in it. */
struct key_findings {
    bool encrypted;
    bool mismatched;        /* the password is surely not its */
    bool lacks_legacy;      /* the library's module for old encryption is not there */
    bool certificate;       /* and no key */
    const char *other_type; /* of a key that is of no use; NULL: none */
};
/* Says what is wrong with the file and what to do. */
enum status key_file_refuse(const struct private_key_file *file,
                            const struct key_findings *findings, struct complaint *complaint);

#endif
