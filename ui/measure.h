/* measure.h: how many columns text takes on a terminal
 *
 * Works on text that is harmless already (text_add_escaped).
 */
#ifndef UI_MEASURE_H
#define UI_MEASURE_H

#include "lyncscope/slice.h"

/* Columns of one character: 0 for a combining mark, 1, or 2.  What the locale
 * does not know is shown as a replacement in one column. */
int measure_character(uint32_t character);
int measure_text(struct slice text);
/* Bytes of the longest beginning that fits; combining marks stay with their character. */
size_t measure_fit(struct slice text, int columns);

#endif
