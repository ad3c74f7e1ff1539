/* rules_issuer.c: certificates that clients refuse for who vouches for them, and how
 *
 * Chains, roots, keys and signatures, revocation; and the client whose clock is
 * the reason.  As everywhere, a certificate is held against a server only when
 * a client refused it.
 */
#include "claims_tls.h"

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

/* Said in an alert that stands for something else than the issuer. */
static bool says_otherwise(const struct tls_session *tls)
{
    return tls_has_fatal(tls, false, ALERT_CERTIFICATE_EXPIRED) ||
           tls_has_fatal(tls, false, ALERT_CERTIFICATE_REVOKED) ||
           tls_has_fatal(tls, false, ALERT_BAD_STATUS_RESPONSE) || tls->ocsp == OCSP_REVOKED;
}

static void find_incomplete_chain(struct diagnosis *d, const struct rule *rule)
{
    const struct step *step;
    size_t at = 0;

    while ((step = find_refused(d, &at))) {
        const struct certificate_chain *chain = step->tls->chain;
        bool shuffled = chain->order == CHAIN_WRONG_ORDER;

        if ((chain->order != CHAIN_INCOMPLETE && !shuffled) || tls_has_plain_defect(step) ||
            says_otherwise(step->tls))
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
 * a root that no store knows, and the client has not accepted that root elsewhere. */
static bool is_of_issuer(struct diagnosis *d, const struct step *step)
{
    const struct tls_session *tls = step->tls;
    enum weakness weakness;

    if (tls_has_plain_defect(step) || says_otherwise(tls) || tls_leaves_when_asked(d, step))
        return false;
    return tls_client_objects(tls) || tls_weak(step, &weakness) ||
           (tls->chain->trust == TRUST_NO && !tls_issuer_is_accepted(d, step));
}

/* An alert about a certificate that is encrypted: what it says is all there is. */
static void find_hidden(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!tls_is_refused(d, step) || step->tls->chain || !tls_client_objects(step->tls) ||
            step->tls->version < TLS_VERSION_1_3 || says_otherwise(step->tls))
            continue;
        if (tls_has_fatal(step->tls, false, ALERT_UNKNOWN_CA))
            tls_claim(
                d, rule, step,
                "The client answers with the alert unknown_ca (48). This capture does not show the "
                "certificate, so an intermediate may be missing as well");
        else
            tls_add_claim(
                d, rule,
                (struct tls_claim){
                    .step = step,
                    .detail = tls_refusal_text(d, step),
                    .title = "The client refuses the certificate of {name}",
                    .result = "certificate refused",
                    .cause = "{server} shows a certificate, and {detail}. It is encrypted: whether "
                             "its issuer, its names or its dates are the reason cannot be seen.",
                    .fix =
                        "Look at the certificate that {server} shows for {name}: its issuer, its "
                        "names and its dates. With a key log the capture shows it." });
    }
}

static const char *weakness_text(struct diagnosis *d, const struct certificate *certificate,
                                 enum weakness weakness)
{
    const char *name = tls_subject_text(d, certificate);
    const char *signature = diagnosis_escaped(d, certificate->signature);

    if (weakness == WEAK_PURPOSE)
        return diagnosis_text(d,
                              "\"%s\" was not issued for servers (its extended key usage lacks "
                              "server authentication)",
                              name);
    if (weakness == WEAK_SIGNATURE)
        return diagnosis_text(d, "\"%s\" is signed with %s, which clients no longer accept", name,
                              signature);
    return diagnosis_text(d, "the key of \"%s\" has only %u bits%s", name, certificate->key_bits,
                          certificate->weak_signature
                              ? diagnosis_text(d, ", and it is signed with %s", signature)
                              : "");
}

/* What today's clients refuse, whoever signed it; false: there is nothing of the kind, or the
 * client says that it is the issuer. */
static bool add_weak(struct diagnosis *d, const struct rule *rule, const struct step *step)
{
    enum weakness weakness;
    const struct certificate *weak = tls_weak(step, &weakness);

    if (!weak || tls_has_fatal(step->tls, false, ALERT_UNKNOWN_CA))
        return false;
    tls_add_claim(
        d, rule,
        (struct tls_claim){
            .step = step,
            .detail = diagnosis_text(
                d, "%s; %s%s", weakness_text(d, weak, weakness), tls_refusal_text(d, step),
                step->tls->chain->trust == TRUST_NO
                    ? diagnosis_text(d, ". Besides, its issuer \"%s\" is in no public store",
                                     tls_issuer_text(d, step->tls->chain->top))
                    : ""),
            .title = "The client refuses the certificate of {name}",
            .result = "certificate refused",
            .cause = "Names and dates are in order, but {detail}.",
            .fix =
                weakness == WEAK_PURPOSE
                    ? "Have the certificate issued from a template for web servers."
                    : "Have the certificate issued anew, with an RSA key of 2048 bits or more and "
                      "SHA-256, by a CA whose own certificates are so." });
    return true;
}

/* A root that is in the store all judge by: the reason is with the client. */
static void add_unexplained(struct diagnosis *d, const struct rule *rule, const struct step *step)
{
    tls_add_claim(
        d, rule,
        (struct tls_claim){
            .step = step,
            .detail = diagnosis_text(d, "its issuer is \"%s\"; %s",
                                     tls_issuer_text(d, step->tls->chain->top),
                                     tls_refusal_text(d, step)),
            .title = "The client refuses the certificate of {name}",
            .result = "certificate refused",
            .cause = "Names, dates, key and chain are in order, and a trusted root vouches for it: "
                     "{detail}. The reason is the client's own: its list of roots, its clock, or a "
                     "policy.",
            .fix =
                "Look on the device: is the root installed there, are date and time right, does a "
                "policy pin another certificate?" });
}

static void add_issuer(struct diagnosis *d, const struct rule *rule, const struct step *step)
{
    const struct certificate_chain *chain = step->tls->chain;
    bool said = tls_has_fatal(step->tls, false, ALERT_UNKNOWN_CA);

    if (add_weak(d, rule, step))
        return;
    if (chain->trust == TRUST_YES && !said) {
        add_unexplained(d, rule, step);
        return;
    }
    tls_claim(
        d, rule, step,
        diagnosis_text(d, "%s issuer is \"%s\"; %s",
                       tls_has_plain_defect(step) ? "Its" : "The certificate is in order, but its",
                       tls_issuer_text(d, chain->top ? chain->top : tls_certificate(step)),
                       tls_refusal_text(d, step)));
}

static void find_unknown_ca(struct diagnosis *d, const struct rule *rule)
{
    const struct step *step;
    size_t at = 0;

    while ((step = find_refused(d, &at))) {
        enum chain_order order = step->tls->chain->order;

        if (order == CHAIN_SELF_SIGNED || order == CHAIN_INCOMPLETE || order == CHAIN_WRONG_ORDER)
            continue;
        if (tls_has_fatal(step->tls, false, ALERT_UNKNOWN_CA) || is_of_issuer(d, step))
            add_issuer(d, rule, step);
    }
    find_hidden(d, rule);
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

/* ---- the client's clock ---- */

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

/* Expired, says the client, and by the capture's clock it is not. Where others accept it, it is the
 * device's clock; else a root in the client's own store may be what has ended. */
static void find_clock(struct diagnosis *d, const struct rule *rule)
{
    static const enum severity stops = SEVERITY_ERROR;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct certificate *certificate = tls_certificate(step);
        bool accepted;

        if (!certificate || !tls_is_client_leg(d, step) ||
            !tls_has_fatal(step->tls, false, ALERT_CERTIFICATE_EXPIRED) || tls_expired(step) ||
            tls_not_yet_valid(step))
            continue;
        accepted = others_accept(d, certificate);
        tls_add_claim(
            d, rule,
            (struct tls_claim){
                .step = step,
                .severity = diagnosis_is_last_word(d, step) ? &stops : NULL,
                .detail = diagnosis_text(
                    d, "it is valid from %s to %s by the clock of the capture%s",
                    tls_date_text(d, certificate->not_before_s),
                    tls_date_text(d, certificate->not_after_s),
                    accepted ? ", and other clients accept it"
                             : diagnosis_text(d,
                                              ". Unless the clock is wrong, the root above \"%s\" "
                                              "in the device's own store has ended",
                                              tls_issuer_text(d, step->tls->chain->top))),
                .fix = accepted ? NULL
                                : "Compare date and time of the device; if they are right, install "
                                  "today's root certificate of that issuer on it." });
    }
}

static const struct rule rules[] = {
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

const struct rule_table rules_issuer = { rules, sizeof rules / sizeof *rules };
