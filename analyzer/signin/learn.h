/* learn.h: what an exchange teaches about its sign-in */
#ifndef LYNCSCOPE_SIGNIN_LEARN_H
#define LYNCSCOPE_SIGNIN_LEARN_H

#include "model.h"

/* Lower case, without a port; false when there is none. */
bool learn_host_name(struct slice host, char *out, size_t size);
/* The user an exchange shows, as sip:user@domain; false when it shows none. */
bool learn_user(const struct http_exchange *exchange, char *out, size_t size);
/* The SIP domain it shows: of the user, of originalDomain, of the discovery name. */
bool learn_domain(const struct http_exchange *exchange, const char *user, char *out, size_t size);
/* The ticket or token a request carries, without what introduces it; empty when there is none. */
struct slice learn_ticket(const struct http_exchange *exchange);
/* The server of a client's request answers to the host name that was asked. */
void learn_server(struct record *record, const struct http_exchange *exchange);
/* Everything else: user, device, links, home pool, how far the sign-in has come. */
void learn_from(struct record *record, const struct step *step);

#endif
