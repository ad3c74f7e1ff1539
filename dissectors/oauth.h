/* oauth.h: token requests, tokens and errors (RFC 6749 4.3, 5; the MsRtcOAuth grants) */
#ifndef LYNCSCOPE_DISSECTORS_OAUTH_H
#define LYNCSCOPE_DISSECTORS_OAUTH_H

#include "lyncscope/lync.h"

#include "json.h"

bool oauth_read_form(struct slice body, struct arena *arena, struct document *document);
bool oauth_read_json(const struct json_document *json, struct document *document);

#endif
