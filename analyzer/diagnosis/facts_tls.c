/* facts_tls.c: what clients thought of the certificates they were shown
 *
 * A client that refuses a certificate says so by an alert, or, more often,
 * says nothing: it finishes the handshake and closes.  A connection that is
 * opened ahead and not needed looks the same, so silence counts only while
 * the client did not use that certificate on any other connection.  Discovery
 * over port 80 is there for names that no certificate has: where it answers,
 * what becomes of 443 of that name is of no interest.
 */
#include "facts_tls.h"

#include "lyncscope/names.h"

#include <string.h>

bool tls_has_fatal(const struct tls_session *tls, bool from_server, uint8_t description)
{
    for (size_t i = 0; i < tls->alert_count; i++)
        if (tls->alerts[i].from_server == from_server && tls->alerts[i].level == TLS_FATAL &&
            tls->alerts[i].description == description)
            return true;
    return false;
}

static bool is_about_certificate(uint8_t description)
{
    return (description >= ALERT_BAD_CERTIFICATE && description <= ALERT_CERTIFICATE_UNKNOWN) ||
           description == ALERT_UNKNOWN_CA || description == ALERT_ACCESS_DENIED ||
           description == ALERT_BAD_STATUS_RESPONSE;
}

bool tls_client_objects(const struct tls_session *tls)
{
    for (size_t i = 0; i < tls->alert_count; i++)
        if (!tls->alerts[i].from_server && is_about_certificate(tls->alerts[i].description))
            return true;
    return false;
}

/* It ended the connection with the certificate in hand and without a word on it. */
static bool left_in_silence(const struct tls_session *tls)
{
    return tls->has_server_hello && !tls->resumed && tls->client_silent && tls->client_ended &&
           (tls->alert == TLS_NO_ALERT || tls->alert == 0);
}

/* It went on with the same certificate: for that name, or for another that it has as well. */
static bool accepts(const struct step *step, const struct step *other)
{
    const struct tls_session *tls = other->tls;
    bool same_name = other->to.name && step->to.name && strcmp(other->to.name, step->to.name) == 0;

    if (!tls || other->leg != step->leg || tls->client_silent || !tls->has_server_hello)
        return false;
    if (same_name)
        return tls->chain == step->tls->chain || !tls->chain;
    return tls->chain && tls->chain == step->tls->chain && tls_covers_asked(step) &&
           tls->certificate_asked == step->tls->certificate_asked;
}

static bool used_elsewhere(const struct diagnosis *d, const struct step *step)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (accepts(step, &d->signin->steps[i]))
            return true;
    return false;
}

bool tls_is_spared(struct diagnosis *d, const struct step *step)
{
    const char *domain;
    const char *name = diagnosis_lower(d, tls_asked_name(step));

    if (!name || !name_is_discovery(name_classify(name, &domain)) ||
        diagnosis_is_last_word(d, step))
        return false;
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *other = &d->signin->steps[i];

        if (http_is_good(other) && !other->http->encrypted && http_is_discovery(other))
            return true;
    }
    return false;
}

bool tls_is_refused(struct diagnosis *d, const struct step *step)
{
    if (!step->tls || step->leg != LEG_CLIENT)
        return false;
    return (tls_client_objects(step->tls) ||
            (left_in_silence(step->tls) && !used_elsewhere(d, step))) &&
           !tls_is_spared(d, step);
}

bool tls_is_silent_refusal(struct diagnosis *d, const struct step *step)
{
    return tls_is_refused(d, step) && !tls_client_objects(step->tls);
}

const struct certificate *tls_certificate(const struct step *step)
{
    const struct certificate_chain *chain = step->tls ? step->tls->chain : NULL;

    return chain && chain->count > 0 && chain->certificates[0]->readable ? chain->certificates[0]
                                                                         : NULL;
}

struct slice tls_asked_name(const struct step *step)
{
    return step->tls->server_name.length ? step->tls->server_name : slice_of_text(step->to.name);
}

bool tls_covers_asked(const struct step *step)
{
    const struct certificate *certificate = tls_certificate(step);
    struct slice asked = tls_asked_name(step);

    return !certificate || asked.length == 0 || certificate_covers(certificate, asked);
}

static int64_t seen_s(const struct step *step)
{
    return (step->tls->chain_evidence.packet ? step->tls->chain_evidence.time_ns : step->time_ns) /
           SECOND_NS;
}

const struct certificate *tls_expired(const struct step *step)
{
    for (size_t i = 0; step->tls->chain && i < step->tls->chain->count; i++) {
        const struct certificate *certificate = step->tls->chain->certificates[i];

        if (certificate->readable && !(i > 0 && certificate->self_signed) &&
            certificate->not_after_s < seen_s(step))
            return certificate;
    }
    return NULL;
}

const struct certificate *tls_not_yet_valid(const struct step *step)
{
    const struct certificate *certificate = tls_certificate(step);

    return certificate && certificate->not_before_s > seen_s(step) ? certificate : NULL;
}

/* What the certificate itself explains needs no doubt about its issuer. */
bool tls_has_plain_defect(const struct step *step)
{
    return tls_expired(step) || tls_not_yet_valid(step) || !tls_covers_asked(step);
}

/* Asked for a certificate it does not have; nothing is wrong with the server's own as it is sent.
 */
bool tls_leaves_when_asked(struct diagnosis *d, const struct step *step)
{
    const struct certificate_chain *chain = step->tls->chain;

    return step->tls->certificate_asked && !step->tls->certificate_sent &&
           tls_is_silent_refusal(d, step) && !tls_has_plain_defect(step) &&
           (!chain || chain->order == CHAIN_COMPLETE || chain->order == CHAIN_EMPTY) &&
           step->tls->ocsp != OCSP_REVOKED;
}

bool tls_is_client_leg(struct diagnosis *d, const struct step *step)
{
    return step->tls && step->leg == LEG_CLIENT && !tls_is_spared(d, step);
}
