/* row_filter.h: which sign-ins a person wants to see, on every screen
 *
 * One value a field; a sign-in is shown when it fits all of them.  A value is
 * alternatives with commas between them: `word` is found in it, `=word` is all
 * of it, `!word` is not in it, `=` alone is one that has none.  The time is
 * `22:00-23:30`, `22:00-`, `23:05`, each with a date in front if need be
 * (`2026-11-20 22:00 - 2026-11-21 06:00`), in UTC as the list shows it.
 */
#ifndef UI_ROW_FILTER_H
#define UI_ROW_FILTER_H

#include "ui/traits.h"

enum { FILTER_TIME = TRAIT_COUNT, FILTER_COUNT, FILTER_BYTES = 120 };

struct time_span {
    int64_t from_s, to_s; /* since 1970, or since midnight; `to` is outside */
    bool daily;           /* of any day; may go over midnight */
};

/* Zero shows everything. */
struct row_filter {
    char values[FILTER_COUNT][FILTER_BYTES]; /* "": any */
    struct time_span span;
    bool span_is_wrong; /* the time cannot be understood: it hides nothing */
};

const char *row_filter_field_name(unsigned field);
bool row_filter_is_empty(const struct row_filter *filter);
void row_filter_clear(struct row_filter *filter);
/* What is too long is cut at a character. NULL: any. */
void row_filter_set(struct row_filter *filter, unsigned field, const char *value);
/* Exactly that value; the same once more lets it go. False: too long to be one. */
bool row_filter_toggle(struct row_filter *filter, enum trait trait, const char *value);
bool row_filter_matches(const struct row_filter *filter, const struct signin *signin);
/* "result failed · cause =tls-name-mismatch" */
void row_filter_add_words(struct text *out, const struct row_filter *filter, bool ascii);

/* row_filter_time.c */
bool time_span_parse(struct slice text, struct time_span *span);
bool time_span_has(const struct time_span *span, int64_t time_ns);

#endif
