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

/* Something was said against the handshake while both were there. What a server says to a client
 * that has closed is about the closing: OpenSSL answers it with decode_error. */
static bool was_broken_off(const struct tls_session *tls)
{
    for (size_t i = 0; i < tls->alert_count; i++) {
        const struct tls_alert *alert = &tls->alerts[i];

        if (alert->level == TLS_FATAL && alert->description != 0 &&
            (!alert->from_server || !tls->client_end.packet ||
             alert->evidence.time_ns < tls->client_end.time_ns))
            return true;
    }
    return false;
}

/* It ended the connection with the certificate in hand and without a word on it. */
static bool left_in_silence(const struct tls_session *tls)
{
    return tls->has_server_hello && !tls->resumed && tls->client_silent && tls->client_ended &&
           !tls->lost && !was_broken_off(tls);
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

/* A connection to that server of which parts are missing: it may have gone well there. */
static bool may_accept(const struct step *step, const struct step *other)
{
    const struct tcp_connection *tcp = other->tcp;

    return tcp && other->leg == step->leg && other->flow != step->flow && tcp->client_bytes > 0 &&
           tcp->server_bytes > 0 && endpoint_equals(&other->to.endpoint, &step->to.endpoint) &&
           (tcp->client_missing + tcp->server_missing > 0 || tcp->opened == OPENED_MID_STREAM);
}

static bool used_elsewhere(const struct diagnosis *d, const struct step *step)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (accepts(step, &d->signin->steps[i]) || may_accept(step, &d->signin->steps[i]))
            return true;
    return false;
}

bool tls_issuer_is_accepted(const struct diagnosis *d, const struct step *step)
{
    const struct certificate *top = step->tls->chain ? step->tls->chain->top : NULL;

    for (size_t i = 0; top && i < d->signin->step_count; i++) {
        const struct tls_session *tls = d->signin->steps[i].tls;
        const struct certificate *other = tls && tls->chain ? tls->chain->top : NULL;

        if (other && d->signin->steps[i].leg == step->leg && !tls->client_silent &&
            !tls_client_objects(tls) && slice_equals(other->issuer, top->issuer))
            return true;
    }
    return false;
}

/* Discovery over port 80 was answered. */
static bool has_plain_discovery(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (http_is_good(step) && !step->http->encrypted && http_is_discovery(step))
            return true;
    }
    return false;
}

bool tls_is_spared(struct diagnosis *d, const struct step *step)
{
    const char *domain, *name;

    /* Every rule about TLS asks this of every connection: the name, which is copied, comes last. */
    if (diagnosis_is_last_word(d, step) || !has_plain_discovery(d))
        return false;
    name = diagnosis_lower(d, tls_asked_name(step));
    return name && name_is_discovery(name_classify(name, &domain));
}

/* What it said may be among them. */
static bool lacks_bytes(const struct diagnosis *d, const struct step *step)
{
    const struct step *connection = diagnosis_connection_of(d, step);

    return connection && connection->tcp->client_missing + connection->tcp->server_missing > 0;
}

bool tls_is_refused(struct diagnosis *d, const struct step *step)
{
    if (!step->tls || step->leg != LEG_CLIENT)
        return false;
    return (tls_client_objects(step->tls) ||
            (left_in_silence(step->tls) && !lacks_bytes(d, step) && !used_elsewhere(d, step))) &&
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

/* A root stands for itself: clients look at their own copy. */
static bool is_judged(const struct certificate_chain *chain, size_t index)
{
    const struct certificate *certificate = chain->certificates[index];

    return certificate->readable && (chain->path >> index & 1) &&
           !(index > 0 && certificate->self_signed);
}

const struct certificate *tls_expired(const struct step *step)
{
    const struct certificate_chain *chain = step->tls->chain;

    for (size_t i = 0; chain && i < chain->count; i++)
        if (is_judged(chain, i) && chain->certificates[i]->not_after_s < seen_s(step) &&
            !(i > 0 && tls_has_fatal(step->tls, false, ALERT_UNKNOWN_CA)))
            return chain->certificates[i];
    return NULL;
}

const struct certificate *tls_not_yet_valid(const struct step *step)
{
    const struct certificate_chain *chain = step->tls->chain;

    for (size_t i = 0; chain && i < chain->count; i++)
        if (is_judged(chain, i) && chain->certificates[i]->not_before_s > seen_s(step))
            return chain->certificates[i];
    return NULL;
}

const struct certificate *tls_weak(const struct step *step, enum weakness *weakness)
{
    const struct certificate_chain *chain = step->tls->chain;

    for (size_t i = 0; chain && i < chain->count; i++) {
        const struct certificate *certificate = chain->certificates[i];
        bool is_rsa = certificate->key_type && strncmp(certificate->key_type, "RSA", 3) == 0;

        *weakness = i == 0 && certificate->not_for_servers           ? WEAK_PURPOSE
                    : is_rsa && certificate->key_bits < RSA_BITS_MIN ? WEAK_KEY
                    : certificate->weak_signature                    ? WEAK_SIGNATURE
                                                                     : WEAK_NOT;
        if (is_judged(chain, i) && *weakness != WEAK_NOT)
            return certificate;
    }
    *weakness = WEAK_NOT;
    return NULL;
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
