/* hex.h: bytes as people read them: offset, hex, characters */
#ifndef UI_HEX_H
#define UI_HEX_H

#include "ui/page.h"

/* Bytes from `masked_from` on are not told. 16 bytes a line where the columns suffice, else 8. */
void hex_add(struct page *page, struct slice bytes, size_t masked_from, int columns);
/* Where what TCP or UDP carries begins in a frame; where that cannot be told, what the frame
 * carries. */
size_t hex_payload(int link_type, struct slice frame);

#endif
