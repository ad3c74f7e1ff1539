/* facts_tls.h: what clients thought of the certificates they were shown */
#ifndef LYNCSCOPE_DIAGNOSIS_FACTS_TLS_H
#define LYNCSCOPE_DIAGNOSIS_FACTS_TLS_H

#include "diagnose.h"

enum tls_alert_description { /* RFC 8446 6.2, RFC 6066 9 */
                             ALERT_HANDSHAKE_FAILURE = 40,
                             ALERT_BAD_CERTIFICATE = 42,
                             ALERT_CERTIFICATE_REVOKED = 44,
                             ALERT_CERTIFICATE_EXPIRED = 45,
                             ALERT_CERTIFICATE_UNKNOWN = 46,
                             ALERT_UNKNOWN_CA = 48,
                             ALERT_ACCESS_DENIED = 49,
                             ALERT_PROTOCOL_VERSION = 70,
                             ALERT_INSUFFICIENT_SECURITY = 71,
                             ALERT_UNRECOGNIZED_NAME = 112,
                             ALERT_BAD_STATUS_RESPONSE = 113,
                             ALERT_CERTIFICATE_REQUIRED = 116,
};

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
/* What today's clients refuse whoever signed it (CA/Browser Forum Baseline
 * Requirements 6.1.5, 7.1.3; RFC 5280 4.2.1.12): the certificate of the chain that is so, or NULL.
 */
enum weakness { WEAK_NOT, WEAK_KEY, WEAK_SIGNATURE, WEAK_PURPOSE };
enum { RSA_BITS_MIN = 2048 };
const struct certificate *tls_weak(const struct step *step, enum weakness *weakness);
/* The client used another certificate of the same issuer in this sign-in. */
bool tls_issuer_is_accepted(const struct diagnosis *d, const struct step *step);
/* What the certificate itself explains needs no doubt about its issuer. */
bool tls_has_plain_defect(const struct step *step);
/* Asked for a certificate it does not have; nothing is wrong with the server's own as it is sent.
 */
bool tls_leaves_when_asked(struct diagnosis *d, const struct step *step);
/* TLS of the client's that matters. */
bool tls_is_client_leg(struct diagnosis *d, const struct step *step);

#endif
