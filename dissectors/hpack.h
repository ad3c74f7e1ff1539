/* hpack.h: header blocks of HTTP/2, decompressed */
#ifndef LYNCSCOPE_DISSECTORS_HPACK_H
#define LYNCSCOPE_DISSECTORS_HPACK_H

#include "lyncscope/event.h"
#include "lyncscope/memory.h"

enum {
    HPACK_FIELDS_MAX = 208,
    HPACK_DECODED_MAX = 256 << 10, /* bytes of names and values of one block */
};

/* The fields of one block, in the order sent. Those whose name the observer missed are left out. */
struct hpack_fields {
    struct header list[HPACK_FIELDS_MAX];
    size_t count;
    bool cut; /* there were more, or they could not be read */
};

struct hpack;
/* The decompressor of one direction. `running`: blocks were sent before that nobody saw.
 * NULL: over budget. */
struct hpack *hpack_create(struct budget *budget, bool running);
/* The next piece of the block at hand. After false the decompressor is of no more use, but the
 * fields read so far are right. */
bool hpack_feed(struct hpack *hpack, struct slice fragment);
bool hpack_end_block(struct hpack *hpack);
/* Valid until hpack_forget. */
const struct hpack_fields *hpack_read_fields(const struct hpack *hpack);
/* Makes room for the fields of the next block. */
void hpack_forget(struct hpack *hpack);
void hpack_free(struct hpack *hpack); /* NULL is fine */

#endif
