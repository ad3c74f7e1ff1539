/* cursor.h: a bounds-checked walk over untrusted bytes
 *
 * The first read that does not fit settles the reading, and a settled reading
 * stays settled: every later read, through any cursor cut from it, yields zero
 * or an empty slice.  A parser therefore follows the layout in its
 * specification line by line and asks once, at the end, how the reading went.
 *
 * A stream that runs out is SHORT (more may come); a message or a part of one
 * that runs out is MALFORMED (its own lengths contradict each other).
 */
#ifndef LYNCSCOPE_CURSOR_H
#define LYNCSCOPE_CURSOR_H

#include "lyncscope/slice.h"

enum read_state {
    READ_OK,
    READ_SHORT,     /* the stream ends inside the message: wait for more */
    READ_MALFORMED, /* the bytes contradict themselves: more cannot help */
};

struct reading {
    enum read_state state;
    size_t missing; /* READ_SHORT: at least so many bytes more are needed */
};

struct cursor {
    struct slice rest;
    struct reading *reading;
    bool more_may_come;
};

/* Both set `*reading` to READ_OK. */
struct cursor cursor_over_stream(struct slice bytes, struct reading *reading);
struct cursor cursor_over_message(struct slice bytes, struct reading *reading);

/* Cut the next `length` bytes off as a message of their own. */
struct cursor cursor_part(struct cursor *in, size_t length);

struct slice cursor_bytes(struct cursor *in, size_t length);
struct slice cursor_rest(struct cursor *in); /* all that is left */
void cursor_skip(struct cursor *in, size_t length);

/* Headers of packets are numbers mostly: they are read where they stand, without slices and with
 * their length known when it is compiled. */
static inline uint64_t cursor_number(struct cursor *in, size_t bytes, bool little_endian)
{
    const uint8_t *data = in->rest.data;
    uint64_t value = 0;

    if (in->reading->state != READ_OK || bytes > in->rest.length) {
        cursor_skip(in, bytes);
        return 0;
    }
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | data[little_endian ? bytes - 1 - i : i];
    in->rest = slice_of(data + bytes, in->rest.length - bytes);
    return value;
}

static inline uint8_t cursor_u8(struct cursor *in)
{
    return (uint8_t)cursor_number(in, 1, false);
}

/* Network byte order. */
static inline uint16_t cursor_u16(struct cursor *in)
{
    return (uint16_t)cursor_number(in, 2, false);
}

static inline uint32_t cursor_u24(struct cursor *in)
{
    return (uint32_t)cursor_number(in, 3, false);
}

static inline uint32_t cursor_u32(struct cursor *in)
{
    return (uint32_t)cursor_number(in, 4, false);
}

static inline uint64_t cursor_u64(struct cursor *in)
{
    return cursor_number(in, 8, false);
}

/* Little-endian. */
static inline uint16_t cursor_u16_le(struct cursor *in)
{
    return (uint16_t)cursor_number(in, 2, true);
}

static inline uint32_t cursor_u32_le(struct cursor *in)
{
    return (uint32_t)cursor_number(in, 4, true);
}

static inline uint64_t cursor_u64_le(struct cursor *in)
{
    return cursor_number(in, 8, true);
}

bool cursor_has_more(const struct cursor *in); /* false once the reading is settled */
void cursor_fail(struct cursor *in);           /* the content, not the length, is wrong */

#endif
