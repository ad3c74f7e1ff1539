/* charset.h: text of other character sets, as UTF-8 */
#ifndef LYNCSCOPE_DISSECTORS_CHARSET_H
#define LYNCSCOPE_DISSECTORS_CHARSET_H

#include "lyncscope/memory.h"

/* All give an empty slice when the arena refuses.  Unpaired surrogates become U+FFFD. */
struct slice charset_from_utf16(struct slice bytes, bool big_endian, struct arena *arena);
/* Bytes that are not UTF-8 are taken as Latin-1: the sender's code page is told nowhere. */
struct slice charset_from_oem(struct slice bytes, struct arena *arena);
struct slice charset_from_latin1(struct slice bytes, struct arena *arena);
/* Each byte that is not UTF-8 becomes U+FFFD; valid text is given back as it is. */
struct slice charset_repaired(struct slice bytes, struct arena *arena);
bool charset_is_utf8(struct slice bytes);

bool charset_is_utf16(struct slice document); /* by its mark or its first character */
/* A document without its byte order mark and leading blanks, UTF-16 turned into UTF-8. */
struct slice charset_document(struct slice body, struct arena *arena);

#endif
