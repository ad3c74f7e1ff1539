/* document.h: which document a body is, and what it says */
#ifndef LYNCSCOPE_DISSECTORS_DOCUMENT_H
#define LYNCSCOPE_DISSECTORS_DOCUMENT_H

#include "lyncscope/event.h"
#include "lyncscope/memory.h"

struct document_source {
    struct slice content_type;
    const struct http_body *body;
    bool good_response; /* a 2xx response: only then can a document be malformed */
};

void document_read(struct document *document, const struct document_source *source,
                   struct arena *arena);

#endif
