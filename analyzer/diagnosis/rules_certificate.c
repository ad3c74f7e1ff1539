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
};

const struct rule_table rules_certificate = { rules, sizeof rules / sizeof *rules };
