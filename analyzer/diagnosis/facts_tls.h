/* facts_tls.h: what clients thought of the certificates they were shown */
#ifndef LYNCSCOPE_DIAGNOSIS_FACTS_TLS_H
#define LYNCSCOPE_DIAGNOSIS_FACTS_TLS_H

#include "diagnose.h"

bool tls_has_fatal(const struct tls_session *tls, bool from_server, uint8_t description);
/* An alert of the client about the certificate. */
bool tls_client_objects(const struct tls_session *tls);
/* On the client's leg: by such an alert, or by leaving without a request. */
bool tls_is_refused(struct diagnosis *d, const struct step *step);
bool tls_is_silent_refusal(struct diagnosis *d, const struct step *step);
/* It does not matter: discovery over port 80 went on, and the sign-in with it. */
bool tls_is_spared(struct diagnosis *d, const struct step *step);
/* The server's own certificate; NULL: not seen, or unreadable. */
const struct certificate *tls_certificate(const struct step *step);
/* Server name, else the name that was looked up. */
struct slice tls_asked_name(const struct step *step);
bool tls_covers_asked(const struct step *step); /* also when it cannot be told */
/* By the clock of the capture: the certificate of the chain that is, or NULL. */
const struct certificate *tls_expired(const struct step *step);
const struct certificate *tls_not_yet_valid(const struct step *step);

#endif
