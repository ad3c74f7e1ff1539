/* rules_tls.c: certificates that clients refuse, and handshakes that fail
 *
 * A certificate is held against a server only when a client refused it: many
 * odd ones are accepted, and an accepted private CA is no failure.
 */
#include "facts_tls.h"

#include "lyncscope/names.h"
#include "lyncscope/text.h"

#include <string.h>
#include <time.h>

enum alert { /* RFC 8446 6.2, RFC 6066 9 */
             ALERT_HANDSHAKE_FAILURE = 40,
             ALERT_BAD_CERTIFICATE = 42,
             ALERT_CERTIFICATE_REVOKED = 44,
             ALERT_CERTIFICATE_EXPIRED = 45,
             ALERT_UNKNOWN_CA = 48,
             ALERT_PROTOCOL_VERSION = 70,
             ALERT_INSUFFICIENT_SECURITY = 71,
             ALERT_UNRECOGNIZED_NAME = 112,
             ALERT_CERTIFICATE_REQUIRED = 116,
};

#define USER_SEES_CERTIFICATE                                                                      \
    "\"Can't verify the certificate from the server. Please contact your support team.\""

/* ---- words ---- */

static const char *date_text(struct diagnosis *d, int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    char text[32];

    if (!gmtime_r(&time, &parts) || strftime(text, sizeof text, "%Y-%m-%d", &parts) == 0)
        return "an unreadable date";
    return diagnosis_text(d, "%s", text);
}

/* What the certificate calls itself. */
static const char *subject_text(struct diagnosis *d, const struct certificate *certificate)
{
    struct slice name = certificate->common_name;

    if (name.length == 0 && certificate->name_count > 0)
        name = certificate->names[0];
    return diagnosis_escaped(d, name.length ? name : certificate->subject);
}

static const char *issuer_text(struct diagnosis *d, const struct certificate *certificate)
{
    size_t at = slice_find_text_nocase(certificate->issuer, "CN=");
    struct slice name = at < certificate->issuer.length ? slice_after(certificate->issuer, at + 3)
                                                        : certificate->issuer;

    return diagnosis_escaped(d, slice_part(name, 0, slice_find_byte(name, ',')));
}

/* "a, b, c and 4 more" */
static const char *names_text(struct diagnosis *d, const struct certificate *certificate)
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
static const char *refusal_text(struct diagnosis *d, const struct step *step)
{
    const char *name = tls_alert_name(step->tls->alert);

    if (!tls_client_objects(step->tls))
        return "the client closes after the handshake without a request";
    return diagnosis_text(d, "the client answers with the alert %s (%u)", name ? name : "",
                          step->tls->alert);
}

struct claim {
    const struct step *step;
    const char *detail;
    const enum severity *severity; /* instead of the rule's, or NULL */
};

static void add_claim(struct diagnosis *d, const struct rule *rule, struct claim claim)
{
    const struct step *step = claim.step;
    const struct tls_session *tls = step->tls;
    struct about about = {
        .step = step,
        .name = diagnosis_escaped(d, tls_asked_name(step)),
        .detail = claim.detail,
        .severity = claim.severity,
        .evidence = tls->alert != TLS_NO_ALERT && tls->alert_evidence.packet && tls->alert
                        ? &tls->alert_evidence
                    : tls->client_end.packet ? &tls->client_end
                                             : NULL,
    };

    if (diagnosis_has_at(d, rule->id, step))
        return;
    if (about.evidence)
        about.second = tls->chain_evidence.packet ? &tls->chain_evidence : &tls->hello;
    diagnosis_add(d, rule, about);
}

static void add(struct diagnosis *d, const struct rule *rule, const struct step *step,
                const char *detail)
{
    add_claim(d, rule, (struct claim){ .step = step, .detail = detail });
}

static bool is_client_leg_tls(struct diagnosis *d, const struct step *step)
{
    return step->tls && step->leg == LEG_CLIENT && !tls_is_spared(d, step);
}

/* ---- dates ---- */

/* In TLS 1.3 certificates are encrypted, but some clients send their alert in the clear. */
static bool is_hidden(struct diagnosis *d, const struct step *step, uint8_t alert)
{
    return tls_is_refused(d, step) && !step->tls->chain && tls_has_fatal(step->tls, false, alert);
}

/* One in the chain that was sent will do: most clients check all. */
static void find_expired(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct certificate *expired = tls_is_refused(d, step) ? tls_expired(step) : NULL;
        const char *detail;

        if (expired)
            detail = diagnosis_text(d, "the certificate \"%s\", which was valid until %s; %s",
                                    subject_text(d, expired), date_text(d, expired->not_after_s),
                                    refusal_text(d, step));
        else if (is_hidden(d, step, ALERT_CERTIFICATE_EXPIRED))
            detail = diagnosis_text(d,
                                    "a certificate that TLS hides from this capture; %s, so it has "
                                    "expired, or the clock of the device is wrong",
                                    refusal_text(d, step));
        else
            continue;
        add(d, rule, step, detail);
        return;
    }
}

static void find_not_yet_valid(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct certificate *early = tls_is_refused(d, step) ? tls_not_yet_valid(step) : NULL;

        if (!early)
            continue;
        add(d, rule, step,
            diagnosis_text(d, "\"%s\", which is valid only from %s on; %s", subject_text(d, early),
                           date_text(d, early->not_before_s), refusal_text(d, step)));
        return;
    }
}

/* Another client that used the same certificate without complaint. */
static bool others_accept(const struct diagnosis *d, const struct certificate *certificate)
{
    struct neighbours near = diagnosis_neighbours(d);

    for (size_t i = near.first; i < model_signin_count(d->model); i++) {
        const struct signin *other = model_signin(d->model, i);

        for (size_t k = 0; other != d->signin && k < other->step_count; k++) {
            const struct certificate *theirs = tls_certificate(&other->steps[k]);

            if (theirs && !other->steps[k].tls->client_silent &&
                slice_equals(slice_of(theirs->sha256, sizeof theirs->sha256),
                             slice_of(certificate->sha256, sizeof certificate->sha256)))
                return true;
        }
    }
    return false;
}

/* Expired, says the client, and by the capture's clock it is not. */
static void find_clock(struct diagnosis *d, const struct rule *rule)
{
    static const enum severity stops = SEVERITY_ERROR;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct certificate *certificate = tls_certificate(step);

        if (!certificate || !is_client_leg_tls(d, step) ||
            !tls_has_fatal(step->tls, false, ALERT_CERTIFICATE_EXPIRED) || tls_expired(step) ||
            tls_not_yet_valid(step))
            continue;
        add_claim(
            d, rule,
            (struct claim){
                .step = step,
                .severity = diagnosis_is_last_word(d, step) ? &stops : NULL,
                .detail = diagnosis_text(
                    d, "it is valid from %s to %s by the clock of the capture%s",
                    date_text(d, certificate->not_before_s), date_text(d, certificate->not_after_s),
                    others_accept(d, certificate) ? ", and other clients accept it" : "") });
        return;
    }
}

/* ---- names ---- */

enum mismatch { MISMATCH_OTHER, MISMATCH_EXTERNAL, MISMATCH_INTERNAL };

static bool is_neighbour(struct diagnosis *d, struct slice own, const char *asked)
{
    const char *name = diagnosis_lower(d, slice_starts_with(own, "*.") ? slice_after(own, 2) : own);

    return name && name_same_registrable(name, asked);
}

/* Names of one site: of the SIP domain, or what the asked name is an alias of. */
static bool is_of_site(struct diagnosis *d, const struct certificate *certificate,
                       const char *asked)
{
    if (d->external.alias && !name_is_online(d->external.alias) &&
        certificate_covers(certificate, slice_of_text(d->external.alias)))
        return true;
    if (certificate->name_count == 0)
        return is_neighbour(d, certificate->common_name, asked);
    for (size_t i = 0; i < certificate->name_count; i++)
        if (is_neighbour(d, certificate->names[i], asked))
            return true;
    return false;
}

static enum mismatch kind_of_mismatch(struct diagnosis *d, const struct step *step)
{
    const char *name = diagnosis_lower(d, tls_asked_name(step));
    const char *domain;
    enum name_kind kind;

    if (!name || !is_of_site(d, tls_certificate(step), name))
        return MISMATCH_OTHER;
    kind = name_classify(name, &domain);
    if (kind == NAME_DISCOVERY_INTERNAL)
        return MISMATCH_INTERNAL;
    return kind == NAME_DISCOVERY_EXTERNAL ? MISMATCH_EXTERNAL : MISMATCH_OTHER;
}

/* A wildcard that an administrator may think of as covering it. */
static const char *wildcard_text(const struct step *step)
{
    const struct certificate *certificate = tls_certificate(step);

    for (size_t i = 0; i < certificate->name_count; i++) {
        struct slice name = certificate->names[i];
        struct slice suffix = slice_after(name, slice_starts_with(name, "*.") ? 1 : name.length);
        struct slice asked = tls_asked_name(step);

        if (suffix.length && asked.length > suffix.length &&
            slice_equals_nocase(slice_after(asked, asked.length - suffix.length), suffix))
            return " (the * stands for one label only)";
    }
    return "";
}

/* argument: which of the three */
static void find_mismatch(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!tls_is_refused(d, step) || tls_covers_asked(step) ||
            kind_of_mismatch(d, step) != (enum mismatch)rule->argument)
            continue;
        add(d, rule, step,
            diagnosis_text(d, "it is for %s%s; %s", names_text(d, tls_certificate(step)),
                           wildcard_text(step), refusal_text(d, step)));
        return;
    }
}

/* ---- issuers ---- */

/* What the certificate itself explains needs no doubt about its issuer. */
static bool has_plain_defect(const struct step *step)
{
    return tls_expired(step) || tls_not_yet_valid(step) || !tls_covers_asked(step);
}

static const struct step *find_refused(struct diagnosis *d, size_t *from)
{
    while (*from < d->signin->step_count) {
        const struct step *step = &d->signin->steps[(*from)++];

        if (tls_is_refused(d, step) && tls_certificate(step))
            return step;
    }
    return NULL;
}

static void find_self_signed(struct diagnosis *d, const struct rule *rule)
{
    const struct step *step;
    size_t at = 0;

    while ((step = find_refused(d, &at)))
        if (step->tls->chain->order == CHAIN_SELF_SIGNED) {
            add(d, rule, step,
                diagnosis_text(d, "\"%s\" is its own issuer; %s",
                               subject_text(d, tls_certificate(step)), refusal_text(d, step)));
            return;
        }
}

static void find_incomplete_chain(struct diagnosis *d, const struct rule *rule)
{
    const struct step *step;
    size_t at = 0;

    while ((step = find_refused(d, &at))) {
        const struct certificate_chain *chain = step->tls->chain;
        bool shuffled = chain->order == CHAIN_WRONG_ORDER;

        if ((chain->order != CHAIN_INCOMPLETE && !shuffled) || has_plain_defect(step))
            continue;
        add(d, rule, step,
            shuffled
                ? diagnosis_text(d, "the certificates are sent in the wrong order; %s",
                                 refusal_text(d, step))
                : diagnosis_text(d, "the certificate of \"%s\" is not sent along; %s",
                                 issuer_text(d, chain->top ? chain->top : tls_certificate(step)),
                                 refusal_text(d, step)));
        return;
    }
}

/* Asked for a certificate it does not have; nothing is wrong with the server's own as it is sent.
 */
static bool leaves_when_asked(struct diagnosis *d, const struct step *step)
{
    const struct certificate_chain *chain = step->tls->chain;

    return step->tls->certificate_asked && !step->tls->certificate_sent &&
           tls_is_silent_refusal(d, step) && !has_plain_defect(step) &&
           (!chain || chain->order == CHAIN_COMPLETE || chain->order == CHAIN_EMPTY) &&
           step->tls->ocsp != OCSP_REVOKED;
}

/* By the alert that means it, or by a refusal that nothing else explains of a chain that ends at a
 * root no store knows. */
static bool is_from_unknown_root(struct diagnosis *d, const struct step *step)
{
    return step->tls->chain->trust == TRUST_NO && !has_plain_defect(step) &&
           !tls_has_fatal(step->tls, false, ALERT_CERTIFICATE_EXPIRED) &&
           !tls_has_fatal(step->tls, false, ALERT_CERTIFICATE_REVOKED) &&
           step->tls->ocsp != OCSP_REVOKED && !leaves_when_asked(d, step);
}

static void find_hidden_issuer(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (is_hidden(d, &d->signin->steps[i], ALERT_UNKNOWN_CA)) {
            add(d, rule, &d->signin->steps[i],
                "The client answers with the alert unknown_ca (48). TLS hides the certificate "
                "from this capture, so an intermediate may be missing as well");
            return;
        }
}

static void find_unknown_ca(struct diagnosis *d, const struct rule *rule)
{
    const struct step *step;
    size_t at = 0;

    while ((step = find_refused(d, &at))) {
        const struct certificate_chain *chain = step->tls->chain;
        bool said = tls_has_fatal(step->tls, false, ALERT_UNKNOWN_CA);

        if (chain->order == CHAIN_SELF_SIGNED || chain->order == CHAIN_INCOMPLETE ||
            chain->order == CHAIN_WRONG_ORDER)
            continue;
        if (!said && !is_from_unknown_root(d, step))
            continue;
        add(d, rule, step,
            diagnosis_text(d, "%s issuer is \"%s\"; %s",
                           has_plain_defect(step) ? "Its" : "The certificate is in order, but its",
                           issuer_text(d, chain->top ? chain->top : tls_certificate(step)),
                           refusal_text(d, step)));
        return;
    }
    find_hidden_issuer(d, rule);
}

static void find_revoked(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        bool said = is_client_leg_tls(d, step) &&
                    tls_has_fatal(step->tls, false, ALERT_CERTIFICATE_REVOKED);

        if (!said && !(step->tls && step->tls->ocsp == OCSP_REVOKED && tls_is_refused(d, step)))
            continue;
        add(d, rule, step,
            said ? "The client answers with the alert certificate_revoked (44): the certificate "
                   "was revoked, or its revocation list cannot be reached"
                 : diagnosis_text(
                       d, "The OCSP response that the server itself sends along says revoked; %s",
                       refusal_text(d, step)));
        return;
    }
}

/* ---- the handshake ---- */

static const char *versions_text(struct diagnosis *d, const struct tls_session *tls)
{
    if (!tls->offered_version)
        return "";
    if (tls->version && tls->has_server_hello && tls->version < tls->offered_version)
        return diagnosis_text(d, "; the client offers up to %s, the server chooses %s",
                              tls_version_name(tls->offered_version),
                              tls_version_name(tls->version));
    return diagnosis_text(d, "; the client offers up to %s",
                          tls_version_name(tls->offered_version));
}

/* No version, or no cipher suite, that both sides take. */
static bool is_disagreement(const struct tls_session *tls)
{
    bool before_keys = tls->client_records + tls->server_records == 0;

    if (tls->alert == TLS_NO_ALERT || tls->alert_level != TLS_FATAL)
        return false;
    if (tls->alert == ALERT_PROTOCOL_VERSION || tls->alert == ALERT_INSUFFICIENT_SECURITY)
        return true;
    return tls->alert == ALERT_HANDSHAKE_FAILURE && before_keys && !tls->certificate_asked &&
           (tls->alert_from_server ? !tls->has_server_hello : !tls->chain);
}

static void find_disagreement(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct tls_session *tls = step->tls;

        if (!is_client_leg_tls(d, step) || !is_disagreement(tls))
            continue;
        add(d, rule, step,
            diagnosis_text(d, "the %s ends it with the alert %s (%u)%s",
                           tls->alert_from_server ? "server" : "client", tls_alert_name(tls->alert),
                           tls->alert, versions_text(d, tls)));
        return;
    }
}

static bool says(const struct tls_session *tls, uint8_t description, const struct tls_alert **alert)
{
    for (size_t i = 0; i < tls->alert_count; i++)
        if (tls->alerts[i].from_server && tls->alerts[i].description == description) {
            *alert = &tls->alerts[i];
            return true;
        }
    return false;
}

/* As a warning it matters only when the client leaves over it. */
static void find_unrecognized_name(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct tls_alert *alert;

        if (!is_client_leg_tls(d, step) || !says(step->tls, ALERT_UNRECOGNIZED_NAME, &alert) ||
            (alert->level != TLS_FATAL && !tls_is_refused(d, step)))
            continue;
        diagnosis_add(d, rule,
                      (struct about){ .step = step,
                                      .name = diagnosis_escaped(d, tls_asked_name(step)),
                                      .evidence = &alert->evidence,
                                      .second = &step->tls->hello });
        return;
    }
}

/* The answer that IIS (403.7), nginx and HAProxy give inside TLS to who has no certificate. */
static bool demands_certificate(const struct step *answer)
{
    static const char *const words[] = { "SSL certificate was sent", "client certificate",
                                         "403.7" };
    struct slice body;

    if (!http_status_is(answer, 403) && !http_status_is(answer, 400))
        return false;
    body = answer->http->response.body.kept;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_find_text_nocase(body, words[i]) < body.length)
            return true;
    return false;
}

static const struct step *demand_in_answer(const struct diagnosis *d, const struct step *tls)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (d->signin->steps[i].flow == tls->flow && demands_certificate(&d->signin->steps[i]))
            return &d->signin->steps[i];
    return NULL;
}

/* The server insisted, or the client left when it was asked: how, or NULL. */
static const char *client_certificate_text(struct diagnosis *d, const struct step *step)
{
    const struct tls_session *tls = step->tls;
    uint8_t alert = tls->alert;

    if (tls_has_fatal(tls, true, ALERT_CERTIFICATE_REQUIRED) ||
        (tls->certificate_asked && !tls->certificate_sent && !tls_client_objects(tls) &&
         (tls_has_fatal(tls, true, ALERT_HANDSHAKE_FAILURE) ||
          tls_has_fatal(tls, true, ALERT_BAD_CERTIFICATE))))
        return diagnosis_text(d, "the server ends the connection with the alert %s (%u)",
                              tls_alert_name(alert) ? tls_alert_name(alert) : "", alert);
    if (!leaves_when_asked(d, step))
        return NULL;
    if (!tls->chain || tls->chain->trust != TRUST_NO)
        return "the client leaves without a request";
    return diagnosis_text(
        d,
        "the client leaves without a request (unless it left because it does "
        "not trust \"%s\", the issuer of the server's certificate)",
        issuer_text(d, tls->chain->top ? tls->chain->top : tls_certificate(step)));
}

static void find_client_certificate(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct tls_session *tls = step->tls;
        struct about about = { .step = step };

        if (!is_client_leg_tls(d, step))
            continue;
        about.detail = client_certificate_text(d, step);
        if (!about.detail && tls->certificate_asked && !tls->certificate_sent)
            about.also = demand_in_answer(d, step);
        if (about.also)
            about.detail = diagnosis_text(d, "the server answers %u and says so",
                                          about.also->http->response.status);
        if (!about.detail)
            continue;
        about.name = diagnosis_escaped(d, tls_asked_name(step));
        about.evidence =
            tls->certificate_request.packet ? &tls->certificate_request : &tls->alert_evidence;
        about.second = tls->alert_evidence.packet ? &tls->alert_evidence : &tls->client_end;
        diagnosis_add(d, rule, about);
        return;
    }
}

/* ---- the proxy's own connection to the pool ---- */

static const char *backend_text(struct diagnosis *d, const struct step *step)
{
    const struct tls_session *tls = step->tls;
    const struct certificate *certificate = tls_certificate(step);
    const char *alert = tls->alert != TLS_NO_ALERT ? tls_alert_name(tls->alert) : NULL;
    const char *who = tls->alert_from_server ? "the pool" : "the proxy";
    const char *why = "";

    if (certificate && tls_expired(step))
        why = diagnosis_text(d, "; the pool's certificate ended on %s",
                             date_text(d, tls_expired(step)->not_after_s));
    else if (certificate && !tls_covers_asked(step))
        why =
            diagnosis_text(d, "; it asks for %s, the pool's certificate is for %s",
                           diagnosis_escaped(d, tls_asked_name(step)), names_text(d, certificate));
    else if (certificate && !tls->alert_from_server)
        why = diagnosis_text(d, "; the pool's certificate is for %s, its issuer is \"%s\"",
                             names_text(d, certificate), issuer_text(d, certificate));
    if (alert && tls->alert_level == TLS_FATAL)
        return diagnosis_text(d, "%s ends the handshake with the alert %s (%u)%s", who, alert,
                              tls->alert, why);
    return diagnosis_text(d, "the proxy closes after the handshake without a request%s", why);
}

/* The error that the proxy then sent to its client. */
static const struct step *gateway_error(const struct diagnosis *d, const struct step *backend)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && step->leg == LEG_CLIENT && step->time_ns <= backend->time_ns &&
            step->http->response.present && step->http->response.status / 100 == 5 &&
            step->time_ns + step->duration_ns >= backend->time_ns)
            return step;
    }
    return NULL;
}

static void add_backend(struct diagnosis *d, const struct rule *rule, const struct step *step)
{
    const struct tls_session *tls = step->tls;
    const struct step *error = gateway_error(d, step);
    struct about about = { .step = step, .also = error };

    about.detail = error
                       ? diagnosis_text(d, "%s. The client got the proxy's error %u for it",
                                        backend_text(d, step), error->http->response.status)
                       : diagnosis_text(d, "%s. What the client got can only be the proxy's error",
                                        backend_text(d, step));
    if (tls->alert != TLS_NO_ALERT && tls->alert && tls->alert_evidence.packet)
        about.evidence = &tls->alert_evidence;
    else if (tls->client_end.packet)
        about.evidence = &tls->client_end;
    about.second = tls->chain_evidence.packet ? &tls->chain_evidence : &tls->hello;
    diagnosis_add(d, rule, about);
}

static void find_backend(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!step->tls || step->leg != LEG_INTERNAL)
            continue;
        add_backend(d, rule, step);
        return;
    }
}

static const struct rule rules[] = {
    { .id = "tls-expired",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TLS,
      .find = find_expired,
      .title = "The certificate of {name} has expired",
      .cause = "{server} sends {detail}.",
      .fix = "Renew the certificate and bind it to the listener of {name}.",
      .user_sees = "The SSL certificate has expired, or a generic error.",
      .wire = "The capture's time is after notAfter of a certificate that a client refuses; often "
              "alert 45.",
      .reference = "SEED3",
      .result = "certificate expired" },
    { .id = "tls-not-yet-valid",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TLS,
      .find = find_not_yet_valid,
      .title = "The certificate of {name} is not valid yet",
      .cause = "{server} sends the certificate {detail}.",
      .fix = "Bind a certificate that is valid now. If the date looks right, check the clocks of "
             "the issuer and of whoever made the capture.",
      .user_sees = "As with an expired certificate.",
      .wire = "The capture's time is before notBefore of a certificate that a client refuses.",
      .reference = "SEED3",
      .result = "certificate not valid yet" },
    { .id = "tls-san-missing-lyncdiscover",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TLS,
      .find = find_mismatch,
      .argument = MISMATCH_EXTERNAL,
      .title = "The certificate of the reverse proxy lacks {name}",
      .cause = "{server} shows a certificate of this site, but {detail}.",
      .fix = "Reissue the certificate with {name} among its subject alternative names, one for "
             "each SIP domain; or publish port 80 and let clients discover over HTTP.",
      .user_sees = USER_SEES_CERTIFICATE,
      .wire = "A certificate for other names of the site answers the server name "
              "lyncdiscover.<domain>, and the client refuses it.",
      .reference = "SEED0; SEED4",
      .result = "certificate lacks lyncdiscover" },
    { .id = "tls-san-missing-lyncdiscoverinternal",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TLS,
      .find = find_mismatch,
      .argument = MISMATCH_INTERNAL,
      .title = "The certificate of the Front End or Director lacks {name}",
      .cause = "{server} shows a certificate of this site, but {detail}.",
      .fix = "Reissue the default and web certificates of Front Ends and Directors with "
             "lyncdiscoverinternal and lyncdiscover of each SIP domain.",
      .user_sees =
          "Internal discovery over HTTPS fails and falls back to HTTP or to the external name.",
      .wire = "A certificate for other names of the site answers the server name "
              "lyncdiscoverinternal.<domain>, and the client refuses it.",
      .reference = "SEED0; SEED4",
      .result = "certificate lacks lyncdiscoverinternal" },
    { .id = "tls-name-mismatch",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TLS,
      .find = find_mismatch,
      .argument = MISMATCH_OTHER,
      .title = "The certificate shown for {name} is for another name",
      .cause = "{server} shows a certificate that does not cover {name}: {detail}.",
      .fix = "Reissue the certificate with {name} in it, or correct the DNS record that leads to "
             "{server}; for discovery, port 80 is the other way.",
      .user_sees = USER_SEES_CERTIFICATE,
      .wire = "No subject alternative name of the certificate matches the server name (a wildcard "
              "stands for one label), and the client refuses it.",
      .reference = "SEED0; SEED3; SEED4",
      .result = "certificate for another name" },
    { .id = "tls-self-signed",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TLS,
      .find = find_self_signed,
      .title = "{name} shows a self-signed certificate",
      .cause = "No device can trust the certificate of the listener {server}, often the machine's "
               "own default one: {detail}.",
      .fix = "Bind the certificate that was issued for {name} to the listener.",
      .user_sees = "A certificate error.",
      .wire = "Issuer and subject of the server's own certificate are the same, and the client "
              "refuses it.",
      .reference = "SEED3",
      .result = "self-signed certificate" },
    { .id = "tls-chain-incomplete",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TLS,
      .find = find_incomplete_chain,
      .title = "{name} does not send its certificate chain as it should",
      .cause = "Clients need every certificate between the server's own and the root: {detail}.",
      .fix = "Install the intermediate certificates on the reverse proxy, in order, and restart "
             "its listener.",
      .user_sees = "Some devices fail while browsers on PCs, which fetch what is missing, work.",
      .wire = "The certificate message ends below an intermediate, or is out of order, and the "
              "client refuses it.",
      .reference = "SEED3 (chain test); general",
      .result = "certificate chain incomplete" },
    { .id = "tls-unknown-ca",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TLS,
      .find = find_unknown_ca,
      .title = "The client does not trust the issuer of the certificate of {name}",
      .cause = "{detail}. Devices trust public authorities; a private one has to be installed on "
               "each.",
      .fix = "Install the root certificate on the device (mail, a web page, device management), or "
             "use a certificate of a public authority on what devices reach.",
      .user_sees = "\"Can't verify the certificate...\"; iOS: \"Cannot Verify Server Identity\"; "
                   "Android: \"not from a trusted authority\".",
      .wire = "Alert 48 of the client, or a refusal of a certificate whose chain ends at a private "
              "root.",
      .reference = "SEED3; IOSKB",
      .result = "issuer not trusted" },
    { .id = "tls-revoked-or-crl",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TLS,
      .find = find_revoked,
      .title = "The client takes the certificate of {name} for revoked",
      .cause = "{detail}.",
      .fix = "Replace the certificate if it was revoked; make its CRL and OCSP addresses reachable "
             "for clients and proxy.",
      .user_sees = "A certificate error.",
      .wire = "Alert 44 of the client, or a stapled OCSP response that says revoked.",
      .reference = "SEED3",
      .result = "certificate revoked" },
    { .id = "tls-protocol-mismatch",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TLS,
      .find = find_disagreement,
      .title = "Client and {name} find no TLS version or cipher in common",
      .cause = "{server} and the client do not agree: {detail}.",
      .fix = "Enable TLS 1.2 and today's cipher suites on the proxy or server; update the client "
             "if it is the old one.",
      .user_sees = "A generic error.",
      .wire = "Alert 70, 71, or 40 before keys are agreed on.",
      .reference = "general",
      .result = "no common TLS version or cipher" },
    { .id = "tls-unrecognized-name",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TLS,
      .find = find_unrecognized_name,
      .title = "{server} does not know the name {name}",
      .cause = "The listener has no site for that server name: it answers with the alert "
               "unrecognized_name (112).",
      .fix = "Add the host name {name} to the listener.",
      .user_sees = "A certificate error.",
      .wire = "Alert 112 of the server.",
      .reference = "general; SEED2 (listeners)",
      .result = "name unknown to the listener" },
    { .id = "tls-client-cert-requested",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TLS,
      .find = find_client_certificate,
      .title = "{name} asks for a client certificate",
      .cause = "Lync clients have no certificate to show here: {detail}.",
      .fix = "Turn the requirement for client certificates, or pre-authentication by certificate, "
             "off on this listener.",
      .user_sees = "The phone fails silently.",
      .wire = "A CertificateRequest on a web name, and the handshake fails or the client leaves.",
      .reference = "RPMOB",
      .result = "client certificate requested" },
    { .id = "tls-clock-suspect",
      .severity = SEVERITY_INFO,
      .stage = STAGE_TLS,
      .find = find_clock,
      .title = "The clock of the device {client} is suspect",
      .cause = "The client says by the alert certificate_expired (45) that the certificate of "
               "{name} has expired, but {detail}.",
      .fix = "Set the date and the time of the device.",
      .user_sees = "Only this user fails.",
      .wire = "Alert 45 for a certificate that is within its dates.",
      .reference = "SEED3",
      .result = "device clock wrong" },
    { .id = "rp-backend-tls-fail",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TLS,
      .find = find_backend,
      .title = "TLS between the reverse proxy and the pool at {server} fails",
      .cause = "The proxy's own connection to the pool fails: {detail}.",
      .fix = "Import the internal root certificate on the proxy; use a name in its rule that the "
             "certificate of the Front End or Director carries; renew that certificate if it has "
             "expired.",
      .user_sees = "A generic error.",
      .wire = "An alert or a silent close on the proxy's connection to 4443, then 502 or a reset "
              "for the client.",
      .reference = "SEED2 (bridging); general",
      .result = "proxy and pool fail at TLS" },
};

const struct rule_table rules_tls = { rules, sizeof rules / sizeof *rules };
