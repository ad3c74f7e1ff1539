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

uint8_t cursor_u8(struct cursor *in);
uint16_t cursor_u16(struct cursor *in); /* network byte order */
uint32_t cursor_u24(struct cursor *in);
uint32_t cursor_u32(struct cursor *in);
uint64_t cursor_u64(struct cursor *in);
uint16_t cursor_u16_le(struct cursor *in); /* little-endian */
uint32_t cursor_u32_le(struct cursor *in);
uint64_t cursor_u64_le(struct cursor *in);
struct slice cursor_bytes(struct cursor *in, size_t length);
struct slice cursor_rest(struct cursor *in); /* all that is left */
void cursor_skip(struct cursor *in, size_t length);

bool cursor_has_more(const struct cursor *in); /* false once the reading is settled */
void cursor_fail(struct cursor *in);           /* the content, not the length, is wrong */

#endif
