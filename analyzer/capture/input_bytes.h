/* input_bytes.h: a file, pipe or compressed file as one run of bytes
 *
 * A window of at least 256 KiB moves over the bytes.  Peek, then skip what was
 * used: a peeked slice is valid until the next peek or skip that needs new
 * bytes.  Never seeks, so that a pipe is as good as a file.
 */
#ifndef CAPTURE_INPUT_BYTES_H
#define CAPTURE_INPUT_BYTES_H

#include "lyncscope/memory.h"
#include "source.h"

struct input_bytes {
    struct buffer window;
    size_t position; /* in the window */
    uint64_t offset; /* of the position, in the decompressed bytes */
    struct input *input;
    int descriptor;
    bool pollable; /* a pipe, socket or terminal: may keep us waiting */
    bool ended;
    uint64_t file_bytes;     /* size of the file, 0 when unknown */
    uint64_t read_bytes;     /* from the descriptor */
    struct decoder *decoder; /* NULL: not compressed */
    struct buffer packed;    /* read, not yet decompressed */
    uint64_t unpacked_bytes;
    uint64_t bomb_bytes; /* more than this out of a thousandth: stop */
};

/* Owns the descriptor. Reads the first block and looks whether it is compressed. NULL: no memory.
 */
struct input_bytes *input_bytes_create(struct input *input, int descriptor);
void input_bytes_free(struct input_bytes *in); /* NULL is fine */

/* Not for use outside this header's functions. */
void input_bytes_refill(struct input_bytes *in, size_t length);

/* The next `length` bytes, fewer only at the end; they stay unread. */
static inline struct slice input_bytes_peek(struct input_bytes *in, size_t length)
{
    if (in->window.length - in->position < length)
        input_bytes_refill(in, length);
    return slice_part(buffer_slice(&in->window), in->position, length);
}

/* Returns how many could be skipped: fewer only at the end. */
uint64_t input_bytes_skip_far(struct input_bytes *in, uint64_t length);

/* At most what was peeked. */
static inline void input_bytes_skip(struct input_bytes *in, size_t length)
{
    in->position += length;
    in->offset += length;
}

#endif
