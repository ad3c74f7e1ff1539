/* copy.h: deep copies of what events carry, into a sign-in's arena */
#ifndef LYNCSCOPE_SIGNIN_COPY_H
#define LYNCSCOPE_SIGNIN_COPY_H

#include "lyncscope/event.h"
#include "lyncscope/memory.h"

enum { BODY_KEPT_MAX = 65536 };

/* NULL when the arena is full; bodies are kept up to BODY_KEPT_MAX. */
const struct http_exchange *copy_http(struct arena *arena, const struct http_exchange *exchange);
/* Into `copy`, which is the arena's own. A chain that equals `known` is shared with it. */
void copy_tls(struct arena *arena, const struct tls_session *session,
              const struct certificate_chain *known, struct tls_session *copy);
/* NULL when the arena is full. */
const struct certificate_chain *copy_chain(struct arena *arena,
                                           const struct certificate_chain *chain);
bool copy_is_same_chain(const struct certificate_chain *a, const struct certificate_chain *b);
const struct dns_record *copy_records(struct arena *arena, const struct dns_record *records,
                                      size_t count);
/* Lower case; NULL for an empty slice or a full arena. */
char *copy_lower(struct arena *arena, struct slice text);

#endif
