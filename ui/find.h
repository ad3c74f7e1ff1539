/* find.h: a search inside a page */
#ifndef UI_FIND_H
#define UI_FIND_H

#include "ui/page.h"
#include "ui/prompt.h"

struct find {
    struct prompt prompt; /* its line is what is looked for, open or not */
    size_t from;          /* the line that a search being typed begins at */
    size_t line;          /* the place found */
    bool found;           /* `line` is one */
};

void find_open(struct find *find, size_t from);
/* A key for the line being typed; false: nothing is being typed. True in `moved`: go to `line`. */
bool find_type(struct find *find, const struct page *page, uint32_t input, bool *moved);
/* The next place behind line `from`, or before it; round the end. False: there is none. */
bool find_step(struct find *find, const struct page *page, size_t from, bool forward);
/* Marks what is found in the page as it is now. */
void find_mark(struct find *find, struct page *page);
bool find_is_on(const struct find *find); /* something is looked for */
/* "\"ntlm\" 2 of 5" */
void find_add_state(struct text *out, const struct find *find, const struct page *page);

#endif
