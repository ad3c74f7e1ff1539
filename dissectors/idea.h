/* idea.h: IDEA-CBC, decrypting only */
#ifndef LYNCSCOPE_DISSECTORS_IDEA_H
#define LYNCSCOPE_DISSECTORS_IDEA_H

#include "lyncscope/slice.h"

struct idea;
struct idea *idea_create(const uint8_t key[16], const uint8_t iv[8]); /* NULL: not to be had */
bool idea_decrypt(struct idea *idea, struct slice in, uint8_t *out);  /* whole blocks */
void idea_free(struct idea *idea);                                    /* NULL is fine */

#endif
