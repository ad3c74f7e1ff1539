/* http_resync.h: where the next HTTP/1.x message begins among bytes of unknown standing */
#ifndef LYNCSCOPE_DISSECTORS_HTTP_RESYNC_H
#define LYNCSCOPE_DISSECTORS_HTTP_RESYNC_H

#include "lyncscope/slice.h"

/* Offset of the next message; when `*found` stays false, how many bytes can be forgotten: the rest
 * may be the beginning of one. */
size_t http_find_response(struct slice bytes, bool *found);
size_t http_find_request(struct slice bytes, bool *found);

#endif
