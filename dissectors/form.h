/* form.h: name=value pairs of queries and form bodies */
#ifndef LYNCSCOPE_DISSECTORS_FORM_H
#define LYNCSCOPE_DISSECTORS_FORM_H

#include "lyncscope/memory.h"

struct form_pair {
    struct slice name, value; /* as sent */
};

/* Cuts the next pair off; false at the end.  A pair without '=' has an empty value. */
bool form_next(struct slice *rest, struct form_pair *pair);
/* The first pair of that name (case-insensitive), decoded; empty when absent. */
struct slice form_value(struct slice form, const char *name, bool plus_is_blank,
                        struct arena *arena);
bool form_has(struct slice form, const char *name);
/* %41 becomes A, an incomplete escape stays; in forms '+' is a blank, in e-mail
 * addresses of hand-made queries it is itself. */
struct slice form_decode(struct slice text, bool plus_is_blank, struct arena *arena);
int hex_value(uint8_t digit); /* -1 when it is none */

#endif
