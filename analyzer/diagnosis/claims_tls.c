/* claims_tls.c: findings about TLS: their words, and the packets that prove them */
#include "claims_tls.h"

#include "lyncscope/text.h"

#include <time.h>

/* ---- words ---- */

const char *tls_date_text(struct diagnosis *d, int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    char text[32];

    if (!gmtime_r(&time, &parts) || strftime(text, sizeof text, "%Y-%m-%d", &parts) == 0)
        return "an unreadable date";
    return diagnosis_text(d, "%s", text);
}

/* What the certificate calls itself. */
const char *tls_subject_text(struct diagnosis *d, const struct certificate *certificate)
{
    struct slice name = certificate->common_name;

    if (name.length == 0 && certificate->name_count > 0)
        name = certificate->names[0];
    return diagnosis_escaped(d, name.length ? name : certificate->subject);
}

const char *tls_issuer_text(struct diagnosis *d, const struct certificate *certificate)
{
    size_t at = slice_find_text_nocase(certificate->issuer, "CN=");
    struct slice name = at < certificate->issuer.length ? slice_after(certificate->issuer, at + 3)
                                                        : certificate->issuer;

    return diagnosis_escaped(d, slice_part(name, 0, slice_find_byte(name, ',')));
}

/* "a, b, c and 4 more" */
const char *tls_names_text(struct diagnosis *d, const struct certificate *certificate)
{
    enum { SHOWN = 4 };
    struct text text = { 0 };
    const char *kept;

    for (size_t i = 0; i < certificate->name_count && i < SHOWN; i++) {
        text_add(&text, i ? ", " : "");
        text_add_escaped(&text, slice_part(certificate->names[i], 0, 100));
    }
    if (certificate->name_count > SHOWN)
        text_print(&text, " and %zu more", certificate->name_count - SHOWN);
    if (certificate->name_count == 0)
        text_add_escaped(&text, certificate->common_name);
    kept = diagnosis_text(d, "%s", text_length(&text) ? text_string(&text) : "no name");
    text_release(&text);
    return kept;
}

/* How it is known that the client minded. */
const char *tls_refusal_text(struct diagnosis *d, const struct step *step)
{
    const char *name = tls_alert_name(step->tls->alert);

    if (!tls_client_objects(step->tls))
        return step->tls->client_finished
                   ? "the client closes after the handshake without a request"
                   : "the client closes before the handshake is over";
    return diagnosis_text(d, "the client answers with the alert %s (%u)", name ? name : "",
                          step->tls->alert);
}

void tls_add_claim(struct diagnosis *d, const struct rule *rule, struct tls_claim claim)
{
    const struct step *step = claim.step;
    const struct tls_session *tls = step->tls;
    struct about about = {
        .step = step,
        .name = diagnosis_escaped(d, tls_asked_name(step)),
        .detail = claim.detail,
        .severity = claim.severity,
        .title = claim.title,
        .cause = claim.cause,
        .fix = claim.fix,
        .result = claim.result,
        .evidence = tls->alert != TLS_NO_ALERT && tls->alert_evidence.packet && tls->alert
                        ? &tls->alert_evidence
                    : tls->client_end.packet ? &tls->client_end
                                             : NULL,
    };

    if (diagnosis_has_at(d, rule->id, step))
        return;
    if (about.evidence)
        about.second = tls->chain_evidence.packet ? &tls->chain_evidence : &tls->hello;
    diagnosis_add_first(d, rule, about);
}

void tls_claim(struct diagnosis *d, const struct rule *rule, const struct step *step,
               const char *detail)
{
    tls_add_claim(d, rule, (struct tls_claim){ .step = step, .detail = detail });
}
