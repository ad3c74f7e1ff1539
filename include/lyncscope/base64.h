/* base64.h: RFC 4648 text into bytes */
#ifndef LYNCSCOPE_BASE64_H
#define LYNCSCOPE_BASE64_H

#include "lyncscope/memory.h"

/* Blanks are skipped, missing padding is forgiven, both alphabets are read.  False when
 * the text is not base64; the bytes are empty when the arena refuses. */
bool base64_decode(struct slice text, struct arena *arena, struct slice *bytes);

#endif
