/* decompress.h: gzip and zstd as a stream, in constant memory */
#ifndef CAPTURE_DECOMPRESS_H
#define CAPTURE_DECOMPRESS_H

#include "lyncscope/memory.h"

struct decoder;

/* By the magic number at the start of a file. */
bool decoder_knows(struct slice start);
struct decoder *decoder_create(struct slice start); /* NULL: not known, or no memory */
/* Takes from the front of `*input`, fills `out` up to its capacity. Call it with empty input too
 * once the file has ended: output may be waiting inside. */
void decoder_run(struct decoder *decoder, struct slice *input, struct buffer *out);
/* True where the data may end: a whole member or frame has been read. */
bool decoder_is_complete(const struct decoder *decoder);
/* Why it cannot go on; NULL while it can. */
const char *decoder_fault(const struct decoder *decoder);
const char *decoder_name(const struct decoder *decoder); /* "gzip" */
void decoder_free(struct decoder *decoder);

#endif
