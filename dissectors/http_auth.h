/* http_auth.h: authentication schemes in requests and answers */
#ifndef LYNCSCOPE_DISSECTORS_HTTP_AUTH_H
#define LYNCSCOPE_DISSECTORS_HTTP_AUTH_H

#include "lyncscope/event.h"
#include "lyncscope/memory.h"

/* One line of WWW-Authenticate, piece by piece: a scheme, then its parameters. */
struct auth_reader {
    struct slice rest;
    struct slice scheme; /* of the pieces that follow */
};
struct auth_piece {
    struct slice scheme;
    struct slice token; /* a scheme's token68, empty when it has none */
    struct slice name;  /* a parameter; empty for the scheme itself */
    struct slice value; /* as sent, quotes included */
};
bool auth_next(struct auth_reader *reader, struct auth_piece *piece);

/* All WWW-Authenticate lines together. */
struct challenge challenge_read(const struct http_response *response, struct arena *arena);
/* Fills `credential` and `ntlm`. */
void credential_read(const struct http_request *request, struct arena *arena,
                     struct lync_exchange *lync);

#endif
