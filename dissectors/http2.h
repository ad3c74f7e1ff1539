/* http2.h: an HTTP/2 connection that goes on where HTTP/1.1 left off */
#ifndef LYNCSCOPE_DISSECTORS_HTTP2_H
#define LYNCSCOPE_DISSECTORS_HTTP2_H

#include "dissectors/http2_message.h"

/* Upgrade: h2c was granted: the request becomes stream 1, to be answered in HTTP/2. `asked` leaves
 * `queue`; it may be NULL. NULL: over budget, and nothing was moved. */
struct http2 *http2_upgrade(struct channel_view *view, struct exchange_queue *queue,
                            struct exchange *asked);
/* `in` says where; the rest as a dissector does. */
void http2_read_passage(struct http2_passage *in);
void http2_lose_bytes(struct channel_view *view, struct http2 *http2, enum direction direction,
                      uint64_t bytes);
void http2_end(struct channel_view *view, struct http2 *http2, enum direction direction,
               enum stream_end end);
void http2_release_all(struct channel_view *view, struct http2 *http2);

#endif
