/* secret.h: credentials are masked unless asked for; the one place that knows which they are */
#ifndef LYNCSCOPE_SECRET_H
#define LYNCSCOPE_SECRET_H

#include "lyncscope/slice.h"
#include "lyncscope/text.h"

/* Authorization, Proxy-Authorization, Cookie, Set-Cookie, X-MS-WebTicket, ... */
bool secret_is_header(struct slice name);
/* Appends the value, or "<masked 1380 bytes>" when the header carries credentials. Not escaped. */
void secret_add_header_value(struct text *out, struct slice name, struct slice value, bool show);
/* Appends the body with Password, BinarySecret, assertions, tickets and tokens masked. */
void secret_add_body(struct text *out, struct slice content_type, struct slice body, bool show);
/* Appends a URL with the values of password=, access_token= and the like masked. */
void secret_add_url(struct text *out, struct slice url, bool show);

#endif
