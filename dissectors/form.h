/* form.h: application/x-www-form-urlencoded bodies (WHATWG URL 5.1) */
#ifndef LYNCSCOPE_DISSECTORS_FORM_H
#define LYNCSCOPE_DISSECTORS_FORM_H

#include "lyncscope/memory.h"

/* The first value of that name (ASCII case folded), decoded; empty when there is none. */
struct slice form_value(struct arena *arena, struct slice body, const char *name);

#endif
