/* rules_tls.c: handshakes that fail, the client's and the proxy's own with its pool */
#include "claims_tls.h"

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

/* No version, no cipher suite, or no parameters for one, that both sides take. */
static bool is_disagreement(const struct step *step)
{
    const struct tls_session *tls = step->tls;

    if (tls->alert == ALERT_PROTOCOL_VERSION || tls->alert == ALERT_INSUFFICIENT_SECURITY)
        return true;
    return tls->alert == ALERT_HANDSHAKE_FAILURE && !tls->certificate_asked &&
           (tls->alert_from_server ? !tls->has_server_hello : !tls_has_plain_defect(step));
}

/* A fatal alert that other rules know more of. */
static bool has_its_own_rule(const struct tls_session *tls)
{
    return tls_client_objects(tls) || tls->alert == ALERT_UNRECOGNIZED_NAME ||
           tls->alert == ALERT_CERTIFICATE_REQUIRED ||
           (tls->certificate_asked && !tls->certificate_sent &&
            (tls->alert == ALERT_HANDSHAKE_FAILURE || tls->alert == ALERT_BAD_CERTIFICATE));
}

/* One side ends the handshake, and says so. */
static bool ends_in_alert(const struct tls_session *tls)
{
    return tls->alert != TLS_NO_ALERT && tls->alert != 0 && tls->alert_level == TLS_FATAL &&
           tls->client_bytes + tls->server_bytes == 0 && tls->client_silent &&
           !(tls->alert_from_server && tls->client_end.packet &&
             tls->alert_evidence.time_ns > tls->client_end.time_ns);
}

/* Old clients and browsers try again with an older version. */
static bool agreed_later(const struct diagnosis *d, const struct step *step)
{
    for (size_t i = step->number; i < d->signin->step_count; i++) {
        const struct step *later = &d->signin->steps[i];

        if (later->tls && later->leg == step->leg && later->tls->has_server_hello &&
            endpoint_equals(&later->to.endpoint, &step->to.endpoint) && !ends_in_alert(later->tls))
            return true;
    }
    return false;
}

static void add_failed_handshake(struct diagnosis *d, const struct rule *rule,
                                 const struct step *step)
{
    const struct tls_session *tls = step->tls;
    const char *name = tls_alert_name(tls->alert);
    struct tls_claim claim = { .step = step };

    claim.detail = diagnosis_text(d, "the %s ends it with the alert %s (%u)%s",
                                  tls->alert_from_server ? "server" : "client",
                                  name ? name : "of the number", tls->alert, versions_text(d, tls));
    if (!is_disagreement(step)) {
        claim.title = "The TLS handshake with {name} fails";
        claim.result = "handshake fails";
        claim.cause = "{server} and the client do not come to an end with it: {detail}.";
        claim.fix = "Look for that moment in the log of whoever sent the alert; compare versions, "
                    "cipher suites and extensions of both sides.";
    }
    tls_add_claim(d, rule, claim);
}

static void add_other_protocol(struct diagnosis *d, const struct rule *rule,
                               const struct step *step)
{
    diagnosis_add_first(
        d, rule,
        (struct about){
            .step = step,
            .name = diagnosis_escaped(d, tls_asked_name(step)),
            .evidence = &step->tls->not_tls,
            .second = &step->tls->hello,
            .title = "{server} does not speak TLS",
            .result = "no TLS on that port",
            .cause = "The client's TLS hello is answered in another protocol: a listener "
                     "for HTTP or something else stands where HTTPS of {name} should.",
            .fix = "Bind HTTPS with a certificate to that port, or lead the port to the "
                   "listener that has it." });
}

/* Of the server's side as well: what is first in the capture may not be its first word. */
static bool saw_beginning(const struct diagnosis *d, const struct step *step)
{
    const struct step *connection = diagnosis_connection_of(d, step);

    return connection && connection->tcp->answer.packet;
}

static void find_disagreement(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (tls_is_client_leg(d, step) && step->tls->not_tls.packet && saw_beginning(d, step))
            add_other_protocol(d, rule, step);
        if (tls_is_client_leg(d, step) && ends_in_alert(step->tls) &&
            !has_its_own_rule(step->tls) && !agreed_later(d, step))
            add_failed_handshake(d, rule, step);
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

        if (!tls_is_client_leg(d, step) || !says(step->tls, ALERT_UNRECOGNIZED_NAME, &alert) ||
            (alert->level != TLS_FATAL && !tls_is_refused(d, step)))
            continue;
        diagnosis_add_first(d, rule,
                            (struct about){ .step = step,
                                            .name = diagnosis_escaped(d, tls_asked_name(step)),
                                            .evidence = &alert->evidence,
                                            .second = &step->tls->hello });
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
    if (!tls_leaves_when_asked(d, step))
        return NULL;
    if (!tls->chain || tls->chain->trust != TRUST_NO)
        return "the client leaves without a request";
    return diagnosis_text(
        d,
        "the client leaves without a request (unless it left because it does "
        "not trust \"%s\", the issuer of the server's certificate)",
        tls_issuer_text(d, tls->chain->top ? tls->chain->top : tls_certificate(step)));
}

static void find_client_certificate(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct tls_session *tls = step->tls;
        struct about about = { .step = step };

        if (!tls_is_client_leg(d, step))
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
        diagnosis_add_first(d, rule, about);
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
                             tls_date_text(d, tls_expired(step)->not_after_s));
    else if (certificate && !tls_covers_asked(step))
        why = diagnosis_text(d, "; it asks for %s, the pool's certificate is for %s",
                             diagnosis_escaped(d, tls_asked_name(step)),
                             tls_names_text(d, certificate));
    else if (certificate && !tls->alert_from_server)
        why = diagnosis_text(d, "; the pool's certificate is for %s, its issuer is \"%s\"",
                             tls_names_text(d, certificate), tls_issuer_text(d, certificate));
    if (alert && tls->alert_level == TLS_FATAL)
        return diagnosis_text(d, "%s ends the handshake with the alert %s (%u)%s", who, alert,
                              tls->alert, why);
    if (tls->not_tls.packet)
        return "the pool answers the proxy's TLS hello in another protocol: no HTTPS listens there";
    if (!tls->has_server_hello && !tls->client_ended)
        return "the pool closes the connection at the proxy's hello, as an intrusion filter or "
               "a TLS policy does";
    return diagnosis_text(d, "the proxy closes %s%s",
                          tls->client_finished ? "after the handshake without a request"
                                               : "before the handshake is over",
                          why);
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
    diagnosis_add_first(d, rule, about);
}

static void find_backend(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!step->tls || step->leg != LEG_INTERNAL)
            continue;
        add_backend(d, rule, step);
    }
}

static const struct rule rules[] = {
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
