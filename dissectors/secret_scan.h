/* secret_scan.h: finding the next secret in a document, however much of it there is */
#ifndef LYNCSCOPE_DISSECTORS_SECRET_SCAN_H
#define LYNCSCOPE_DISSECTORS_SECRET_SCAN_H

#include "lyncscope/slice.h"

/* Each tells whether a secret is announced at `at`; then [start, start + length)
 * is the secret. One that the document's end cuts off runs to the end. */
struct secret {
    size_t start, length;
};

bool secret_at_element(struct slice body, size_t at, struct secret *secret);  /* at "<" */
bool secret_at_json_key(struct slice body, size_t at, struct secret *secret); /* at a quote */
/* key=value, at the first byte of a key; in a form only "&" ends the value of a field. */
bool secret_at_form_key(struct slice body, size_t at, bool form, struct secret *secret);
bool secret_at_ticket(struct slice body, size_t at, struct secret *secret); /* cwt=, opaque= */

bool secret_is_key(struct slice name); /* of a JSON member or a form field */

#endif
