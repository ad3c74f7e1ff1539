/* stream_side.h: one byte direction of a channel: what is unread, what is skipped, who brought it
 */
#ifndef LYNCSCOPE_FLOW_STREAM_SIDE_H
#define LYNCSCOPE_FLOW_STREAM_SIDE_H

#include "lyncscope/memory.h"
#include "lyncscope/packet.h"

struct mark {
    uint64_t offset; /* in the stream: from here on the bytes came with `evidence` */
    struct evidence evidence;
};

struct stream_side {
    struct buffer unread; /* only what its dissector left over */
    uint64_t position;    /* in the stream, of the first unread byte */
    uint64_t skip;        /* so many of the coming bytes are not wanted */
    size_t wanted;        /* do not call with fewer unread bytes */
    bool fresh;           /* unread bytes its dissector has not been shown */
    bool wants_time;      /* show them again at the next tick */
    bool ended;
    struct mark newest;
    struct mark *marks; /* older ones that still cover unread bytes, ascending */
    size_t mark_count, mark_capacity;
    uint64_t distance;   /* bytes between marks, when there were too many */
    unsigned tries_left; /* so many more pieces are looked at to recognise the protocol */
};

/* The next bytes of the stream come with this packet. */
void side_mark(struct stream_side *side, struct evidence evidence);
/* Which packet brought the byte `offset` bytes after the first unread one. */
struct evidence side_evidence(const struct stream_side *side, size_t offset);
/* Bytes from there on that the same packet carried, as far as is known; SIZE_MAX: all the rest. */
size_t side_evidence_length(const struct stream_side *side, size_t offset);
/* `bytes` bytes are behind us, buffered or not. */
void side_advance(struct stream_side *side, uint64_t bytes);
void side_release(struct stream_side *side);

#endif
