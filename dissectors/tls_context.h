/* tls_context.h: what the connections of one engine share: algorithms, keys given, sessions that
 * may be resumed */
#ifndef LYNCSCOPE_DISSECTORS_TLS_CONTEXT_H
#define LYNCSCOPE_DISSECTORS_TLS_CONTEXT_H

#include "dissectors/tls_schedule.h"
#include "lyncscope/tls_secrets.h"

struct tls_crypto *tls_context_crypto(struct tls_context *context);
struct tls_secrets *tls_context_secrets(struct tls_context *context);

/* `name` is a session id or a ticket. */
void tls_context_remember(struct tls_context *context, struct slice name,
                          const uint8_t master[TLS_MASTER_LENGTH]);
bool tls_context_recall(struct tls_context *context, struct slice name,
                        uint8_t master[TLS_MASTER_LENGTH]);

#endif
