/* search.h: does a sign-in have that anywhere, and where
 *
 * Everything of it is looked through: its own words, findings with their
 * texts and rules, and of each step every name, header, body, decoded field,
 * certificate and record, on both legs.  Case does not matter for ASCII.
 * A number (packet, port, status) is found only as a whole, so that 401 is
 * not found in packet 84011; inside text anything is.
 */
#ifndef UI_SEARCH_H
#define UI_SEARCH_H

#include "lyncscope/signin.h"
#include "lyncscope/text.h"

struct search {
    struct slice needle; /* borrowed */
    bool found;
    const char *where; /* of the match: "response header" */
    unsigned step;     /* its number, 0: not in a step */
    uint64_t looked;   /* bytes, for who must not take too long */
};

/* Begins with `found` false; an empty needle is nowhere. */
bool search_signin(struct search *search, const struct signin *signin);

/* Each notes a match in `where` unless there is one already. */
void search_text(struct search *search, const char *where, struct slice text);
void search_number(struct search *search, const char *where, uint64_t number);
void search_endpoint(struct search *search, const char *where, const struct endpoint *endpoint);
void search_evidence(struct search *search, const struct evidence *evidence, size_t count);
/* search_tls.c, search_http.c */
void search_tls(struct search *search, const struct tls_session *tls);
void search_http(struct search *search, const struct http_exchange *http);

#endif
