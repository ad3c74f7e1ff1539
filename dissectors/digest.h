/* digest.h: SHA-256 of bytes that come in pieces */
#ifndef LYNCSCOPE_DISSECTORS_DIGEST_H
#define LYNCSCOPE_DISSECTORS_DIGEST_H

#include "lyncscope/slice.h"

struct digest;
struct digest *digest_create(void); /* NULL: no memory */
void digest_add(struct digest *digest, struct slice bytes);
bool digest_finish(struct digest *digest, uint8_t sha256[32]); /* once; frees it, NULL is fine */

#endif
