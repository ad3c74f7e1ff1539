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
#include <string.h>

struct slice {
    const uint8_t *data; /* may be NULL when length is 0 */
    size_t length;       /* bytes */
};

#define SLICE_EMPTY ((struct slice){ 0 })

static inline struct slice slice_of(const void *data, size_t length)
{
    return (struct slice){ .data = (const uint8_t *)data, .length = length };
}

/* NULL gives an empty slice. Here, so that the length of a literal is known when it is compiled:
 * names are compared with literals at every message. */
static inline struct slice slice_of_text(const char *text)
{
    return text ? slice_of(text, strlen(text)) : SLICE_EMPTY;
}

/* From `offset`, at most `length` bytes: what lies outside is left out. */
static inline struct slice slice_part(struct slice s, size_t offset, size_t length)
{
    if (offset >= s.length)
        return SLICE_EMPTY;
    if (length > s.length - offset)
        length = s.length - offset;
    return slice_of(s.data + offset, length);
}

static inline struct slice slice_after(struct slice s, size_t offset)
{
    return slice_part(s, offset, SIZE_MAX);
}

static inline bool slice_equals(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool slice_equals_nocase(struct slice a, struct slice b); /* ASCII case folded */
bool slice_begins(struct slice s, struct slice start);
bool slice_begins_nocase(struct slice s, struct slice start);
bool slice_ends_nocase(struct slice s, struct slice end);

/* Index of the first such byte or run of bytes, or `s.length` when there is none. */
size_t slice_find_byte(struct slice s, uint8_t byte);
size_t slice_find_nocase(struct slice s, struct slice wanted);

/* The same with text. */
static inline bool slice_is_text(struct slice s, const char *text)
{
    return slice_equals(s, slice_of_text(text));
}

static inline bool slice_is_text_nocase(struct slice s, const char *text)
{
    return slice_equals_nocase(s, slice_of_text(text));
}

static inline bool slice_starts_with(struct slice s, const char *text)
{
    return slice_begins(s, slice_of_text(text));
}

static inline bool slice_starts_with_nocase(struct slice s, const char *text)
{
    return slice_begins_nocase(s, slice_of_text(text));
}

static inline bool slice_ends_with_nocase(struct slice s, const char *text)
{
    return slice_ends_nocase(s, slice_of_text(text));
}

static inline size_t slice_find_text_nocase(struct slice s, const char *text)
{
    return slice_find_nocase(s, slice_of_text(text));
}

struct slice slice_trim(struct slice s); /* blanks, tabs, CR, LF at both ends */

/* A decimal number that fills the whole slice; false when it is anything else
 * or does not fit. */
bool slice_to_u64(struct slice s, uint64_t *value);

#endif
