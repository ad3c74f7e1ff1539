/* lync_exchange.h: what an HTTP exchange means to a sign-in */
#ifndef LYNCSCOPE_DISSECTORS_LYNC_EXCHANGE_H
#define LYNCSCOPE_DISSECTORS_LYNC_EXCHANGE_H

#include "lyncscope/event.h"
#include "lyncscope/memory.h"

/* By path, host name or headers: may this exchange belong to a sign-in? */
bool lync_request_is_ours(const struct http_request *request);
bool lync_path_is_ours(struct slice host, struct slice target);
/* Fills exchange->lync. */
void lync_exchange_read(struct http_exchange *exchange, struct arena *arena);
/* The same; facts of an answer that came before are good until the next call. `memo` may be NULL.
 */
void lync_exchange_read_known(struct http_exchange *exchange, struct arena *arena,
                              struct document_memo *memo);

#endif
