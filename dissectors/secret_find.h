/* secret_find.h: where in a text credentials stand */
#ifndef LYNCSCOPE_DISSECTORS_SECRET_FIND_H
#define LYNCSCOPE_DISSECTORS_SECRET_FIND_H

#include "lyncscope/slice.h"

struct secret_text {
    struct slice text;
    bool is_form; /* only '&' and line ends stop a value: blanks may be part of a password */
    bool is_url;  /* only pairs are looked for */
};

/* Bytes from a position on: so many shown, then so many masked. */
struct secret_span {
    size_t shown, masked;
};

/* The first position from `at` on where credentials may begin; the text's length: there is none. */
size_t secret_next(const struct secret_text *text, size_t at);
/* Whether credentials begin with what stands at `at`; then the span is not empty. */
bool secret_find(const struct secret_text *text, size_t at, struct secret_span *span);

#endif
