/* rules_certificate.c: certificates that clients refuse
 *
 * A certificate is held against a server only when a client refused it: many
 * odd ones are accepted, and an accepted private CA is no failure.
 */
#include "claims_tls.h"

#include "lyncscope/names.h"

#include <string.h>

#define USER_SEES_CERTIFICATE                                                                      \
    "\"Can't verify the certificate from the server. Please contact your support team.\""

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
            detail =
                diagnosis_text(d, "the certificate \"%s\", which was valid until %s; %s",
                               tls_subject_text(d, expired), tls_date_text(d, expired->not_after_s),
                               tls_refusal_text(d, step));
        else if (is_hidden(d, step, ALERT_CERTIFICATE_EXPIRED))
            detail = diagnosis_text(d,
                                    "a certificate that this capture does not show; %s, so it has "
                                    "expired, or the clock of the device is wrong",
                                    tls_refusal_text(d, step));
        else
            continue;
        tls_claim(d, rule, step, detail);
    }
}

static void find_not_yet_valid(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct certificate *early = tls_is_refused(d, step) ? tls_not_yet_valid(step) : NULL;

        if (!early)
            continue;
        tls_claim(d, rule, step,
                  diagnosis_text(d, "\"%s\", which is valid only from %s on; %s",
                                 tls_subject_text(d, early), tls_date_text(d, early->not_before_s),
                                 tls_refusal_text(d, step)));
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

        if (!certificate || !tls_is_client_leg(d, step) ||
            !tls_has_fatal(step->tls, false, ALERT_CERTIFICATE_EXPIRED) || tls_expired(step) ||
            tls_not_yet_valid(step))
            continue;
        tls_add_claim(
            d, rule,
            (struct tls_claim){
                .step = step,
                .severity = diagnosis_is_last_word(d, step) ? &stops : NULL,
                .detail = diagnosis_text(
                    d, "it is valid from %s to %s by the clock of the capture%s",
                    tls_date_text(d, certificate->not_before_s),
                    tls_date_text(d, certificate->not_after_s),
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
        tls_claim(d, rule, step,
                  diagnosis_text(d, "it is for %s%s; %s", tls_names_text(d, tls_certificate(step)),
                                 wildcard_text(step), tls_refusal_text(d, step)));
    }
}

/* ---- issuers ---- */

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
            tls_claim(d, rule, step,
                      diagnosis_text(d, "\"%s\" is its own issuer; %s",
                                     tls_subject_text(d, tls_certificate(step)),
                                     tls_refusal_text(d, step)));
        }
}

static void find_incomplete_chain(struct diagnosis *d, const struct rule *rule)
{
    const struct step *step;
    size_t at = 0;

    while ((step = find_refused(d, &at))) {
        const struct certificate_chain *chain = step->tls->chain;
        bool shuffled = chain->order == CHAIN_WRONG_ORDER;

        if ((chain->order != CHAIN_INCOMPLETE && !shuffled) || tls_has_plain_defect(step))
            continue;
        tls_claim(d, rule, step,
                  shuffled ? diagnosis_text(d, "the certificates are sent in the wrong order; %s",
                                            tls_refusal_text(d, step))
                           : diagnosis_text(d, "the certificate of \"%s\" is not sent along; %s",
                                            tls_issuer_text(d, chain->top ? chain->top
                                                                          : tls_certificate(step)),
                                            tls_refusal_text(d, step)));
    }
}

/* A refusal that nothing else explains: said in general words, or in silence when the chain ends at
 * a root that no store knows. */
static bool is_of_issuer(struct diagnosis *d, const struct step *step)
{
    const struct tls_session *tls = step->tls;

    return (tls->chain->trust == TRUST_NO || tls_client_objects(tls)) &&
           !tls_has_plain_defect(step) && !tls_has_fatal(tls, false, ALERT_CERTIFICATE_EXPIRED) &&
           !tls_has_fatal(tls, false, ALERT_CERTIFICATE_REVOKED) &&
           !tls_has_fatal(tls, false, ALERT_BAD_STATUS_RESPONSE) && tls->ocsp != OCSP_REVOKED &&
           !tls_leaves_when_asked(d, step);
}

static void find_hidden_issuer(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (is_hidden(d, &d->signin->steps[i], ALERT_UNKNOWN_CA)) {
            tls_claim(
                d, rule, &d->signin->steps[i],
                "The client answers with the alert unknown_ca (48). This capture does not show the "
                "certificate, so an intermediate may be missing as well");
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
        if (!said && !is_of_issuer(d, step))
            continue;
        tls_claim(d, rule, step,
                  diagnosis_text(
                      d, "%s issuer is \"%s\"; %s",
                      tls_has_plain_defect(step) ? "Its" : "The certificate is in order, but its",
                      tls_issuer_text(d, chain->top ? chain->top : tls_certificate(step)),
                      tls_refusal_text(d, step)));
    }
    find_hidden_issuer(d, rule);
}

/* NULL: it is not about revocation. */
static const char *revoked_text(struct diagnosis *d, const struct step *step)
{
    if (tls_has_fatal(step->tls, false, ALERT_CERTIFICATE_REVOKED))
        return "The client answers with the alert certificate_revoked (44): the certificate was "
               "revoked, or its revocation list cannot be reached";
    if (step->tls->ocsp == OCSP_REVOKED)
        return diagnosis_text(d,
                              "The OCSP response that the server itself sends along says revoked; "
                              "%s",
                              tls_refusal_text(d, step));
    if (tls_has_fatal(step->tls, false, ALERT_BAD_STATUS_RESPONSE))
        return "The client answers with the alert bad_certificate_status_response (113): it does "
               "not accept the OCSP response that the server sends along";
    return NULL;
}

static void find_revoked(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const char *detail = tls_is_refused(d, step) ? revoked_text(d, step) : NULL;

        if (!detail)
            continue;
        tls_claim(d, rule, step, detail);
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
      .cause =
          "{server} shows a certificate that no authority vouches for, often the machine's own "
          "default one: {detail}.",
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
      .wire = "Alert 48 of the client; or one that says no more than that the certificate is bad, "
              "or silence, where nothing is wrong with the certificate but its private root.",
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
      .wire = "Alert 44 or 113 of the client, or a stapled OCSP response that says revoked.",
      .reference = "SEED3",
      .result = "certificate revoked" },
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
};

const struct rule_table rules_certificate = { rules, sizeof rules / sizeof *rules };
