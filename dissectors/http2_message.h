/* http2_message.h: header blocks of HTTP/2, put together and understood */
#ifndef LYNCSCOPE_DISSECTORS_HTTP2_MESSAGE_H
#define LYNCSCOPE_DISSECTORS_HTTP2_MESSAGE_H

#include "dissectors/http2_stream.h"

/* One call of `read`: what is left of its bytes. */
struct http2_passage {
    struct channel_view *view;
    struct http2 *http2;
    struct http2_side *side;
    enum direction direction;
    struct slice rest;
    size_t used; /* of the bytes that the channel gave; may run beyond them */
    size_t wanted;
};

/* A frame that begins a block; its header is at the start of the bytes at hand. */
void http2_begin_block(struct http2_passage *in, const struct http2_frame *frame,
                       const struct http2_preamble *preamble);
void http2_read_fragment(struct http2_passage *in, struct slice fragment);
/* The block is over, or no more of it will come: what there is of it counts. */
void http2_end_block(struct http2_passage *in);
/* Bytes that may have changed the table of that direction were not seen. */
void http2_lose_table(struct http2_side *side);

#endif
