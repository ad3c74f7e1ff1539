/* diagnostics.h: the X-Ms-diagnostics header */
#ifndef LYNCSCOPE_DISSECTORS_DIAGNOSTICS_H
#define LYNCSCOPE_DISSECTORS_DIAGNOSTICS_H

#include "lyncscope/lync.h"
#include "lyncscope/memory.h"

struct diagnostics diagnostics_read(struct slice value, struct arena *arena);
/* What stands between double quotes, escapes undone; text without quotes as it is. */
struct slice unquoted(struct slice text, struct arena *arena);
/* Length of the piece in front of `delimiter`, which does not count inside quotes. */
size_t quoted_find_byte(struct slice text, uint8_t delimiter);

#endif
