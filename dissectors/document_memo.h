/* document_memo.h: Autodiscover documents that came before */
#ifndef LYNCSCOPE_DISSECTORS_DOCUMENT_MEMO_H
#define LYNCSCOPE_DISSECTORS_DOCUMENT_MEMO_H

#include "document.h"

/* document_read, of the answers of the Autodiscover service only once each. What the document
 * points at lives as long as the arena or, when it was known, until the next call. `memo` may be
 * NULL. */
struct document document_memo_read(struct document_memo *memo, const struct document_source *source,
                                   struct arena *arena);

#endif
