/* slice.h: borrowed bytes
 *
 * A slice never owns what it points at.  It is valid until the function that
 * received it returns; whoever keeps it longer copies it (arena_copy).
 */
#ifndef LYNCSCOPE_SLICE_H
#define LYNCSCOPE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
    const uint8_t *data; /* may be NULL when length is 0 */
    size_t length;       /* bytes */
};

#define SLICE_EMPTY ((struct slice){ 0 })

struct slice slice_of(const void *data, size_t length);
struct slice slice_of_text(const char *text); /* NULL gives an empty slice */

/* From `offset`, at most `length` bytes: what lies outside is left out. */
struct slice slice_part(struct slice s, size_t offset, size_t length);
struct slice slice_after(struct slice s, size_t offset);

bool slice_equals(struct slice a, struct slice b);
bool slice_equals_nocase(struct slice a, struct slice b);    /* ASCII case folded */
bool slice_is_text(struct slice s, const char *text);        /* exact */
bool slice_is_text_nocase(struct slice s, const char *text); /* ASCII case folded */
bool slice_starts_with(struct slice s, const char *text);
bool slice_starts_with_nocase(struct slice s, const char *text);
bool slice_ends_with_nocase(struct slice s, const char *text);

/* Index of the first such byte or text, or `s.length` when there is none. */
size_t slice_find_byte(struct slice s, uint8_t byte);
size_t slice_find_text_nocase(struct slice s, const char *text);

struct slice slice_trim(struct slice s); /* blanks, tabs, CR, LF at both ends */

/* A decimal number that fills the whole slice; false when it is anything else
 * or does not fit. */
bool slice_to_u64(struct slice s, uint64_t *value);

#endif
