/* claims_tls.h: findings about TLS: their words, and the packets that prove them */
#ifndef LYNCSCOPE_DIAGNOSIS_CLAIMS_TLS_H
#define LYNCSCOPE_DIAGNOSIS_CLAIMS_TLS_H

#include "facts_tls.h"

const char *tls_date_text(struct diagnosis *d, int64_t seconds); /* "2026-11-01" */
const char *tls_subject_text(struct diagnosis *d, const struct certificate *certificate);
const char *tls_issuer_text(struct diagnosis *d, const struct certificate *certificate);
const char *tls_names_text(struct diagnosis *d, const struct certificate *certificate);
/* How it is known that the client minded. */
const char *tls_refusal_text(struct diagnosis *d, const struct step *step);

struct tls_claim {
    const struct step *step;
    const char *detail;
    const enum severity *severity;            /* instead of the rule's, or NULL */
    const char *title, *cause, *fix, *result; /* likewise */
};

/* Proved by the alert, or by the end, and by the certificate; once for a step. */
void tls_add_claim(struct diagnosis *d, const struct rule *rule, struct tls_claim claim);
void tls_claim(struct diagnosis *d, const struct rule *rule, const struct step *step,
               const char *detail);

#endif
