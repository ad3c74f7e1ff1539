/* verdict.c: from findings to the outcome
 *
 * A sign-in succeeded when the client holds its final document and, where the
 * capture shows it entering the mobility service, was let in.  It failed when
 * a critical finding, else an error, stands where it got stuck.  A critical
 * finding that another path made good is an error.  Everything else is
 * incomplete, with the reason.
 */
#include "facts_mobility.h"

#include "lyncscope/text.h"

#include <string.h>

static bool is_about_capture(const struct finding *finding)
{
    return finding->rule->stage == STAGE_CAPTURE;
}

static const struct step *step_of(const struct diagnosis *d, const struct finding *finding)
{
    return finding->step ? &d->signin->steps[finding->step - 1] : NULL;
}

/* Findings that a sign-in can live with, however severe they are in themselves. */
static bool is_harmless(const struct diagnosis *d, const struct finding *finding)
{
    static const struct {
        const char *id;
        bool when_answered; /* only while it is about an answer, not about where that led */
    } rows[] = {
        { "plaintext-credentials-80", false }, { "vdir-not-published", false },
        { "accesslocation-mismatch", false },  { "dns-internal-leaks-public", false },
        { "trust-domain-mismatch", false },    { "ticket-clock-skew", false },
        { "webticket-host-differs", false },   { "internal-external-fqdn-equal", false },
        { "port-not-translated-443", true },   { "port-not-translated-80", true },
        { "external-url-wrong-port", true },
    };
    const struct step *step = step_of(d, finding);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(finding->rule->id, rows[i].id) == 0)
            return !rows[i].when_answered || (step && step->http);
    return false;
}

/* What follows from another finding is not told beside it: the cause once, at its root. */
static const struct {
    const char *cause, *consequence;
    bool same_step; /* only where both are of one step */
} consequences[] = {
    { "captive-portal", "dns-internal-leaks-public", false },
    { "captive-portal", "dns-private-address-outside", false },
    { "captive-portal", "http-html-body", false },
    { "captive-portal", "x-ms-server-fqdn-missing", false },
    { "dns-private-address-outside", "tcp-443-timeout", false },
    { "dns-private-address-outside", "tcp-443-refused", false },
    { "dns-private-address-outside", "tcp-80-closed", false },
    { "dns-o365-cname-wrong", "tcp-443-timeout", false },
    { "dns-o365-cname-wrong", "tcp-443-refused", false },
    { "dns-o365-cname-wrong", "tcp-80-closed", false },
    { "dns-external-resolves-internal-vip", "tcp-443-timeout", false },
    { "dns-external-resolves-internal-vip", "tcp-443-refused", false },
    { "redirect-to-internal-host", "tcp-443-timeout", false },
    { "redirect-to-internal-host", "tcp-443-refused", false },
    { "redirect-to-internal-host", "dns-redirect-target-unresolvable", false },
    { "redirect-to-internal-host", "dns-split-zone-missing-web-fqdn", false },
    { "webticket-url-internal", "tcp-443-timeout", false },
    { "webticket-url-internal", "tcp-443-refused", false },
    { "webticket-url-internal", "dns-redirect-target-unresolvable", false },
    { "hairpin-dropped", "tcp-443-timeout", true },
    { "hairpin-dropped", "tcp-443-refused", true },
    { "hairpin-dropped", "tcp-80-closed", true },
    { "external-url-wrong-port", "tcp-443-timeout", true },
    { "external-url-wrong-port", "tcp-443-refused", true },
    { "external-url-wrong-port", "tcp-80-closed", true },
    { "port-not-translated-443", "accesslocation-mismatch", false },
    { "port-not-translated-80", "accesslocation-mismatch", false },
    { "plain-http-to-4443", "rp-backend-4443-unreachable", false },
    { "plain-http-to-4443", "http-500", false },
    { "plain-http-to-4443", "http-502", false },
    { "plain-http-to-4443", "http-503", false },
    { "plain-http-to-4443", "http-504", false },
    { "plain-http-to-4443", "http-timeout", false },
    { "plain-http-to-4443", "x-ms-server-fqdn-missing", false },
    { "proxy-strips-headers", "no-webticket-url", false },
    { "proxy-strips-headers", "auth-negotiate-missing", false },
    { "dns-cname-cross-domain", "tls-san-missing-lyncdiscover", false },
    { "dns-cname-cross-domain", "tls-name-mismatch", false },
    { "tls-client-cert-requested", "http-timeout", false },
    { "rp-backend-tls-fail", "tcp-reset-mid-handshake", true },
    { "tls-self-signed", "tls-san-missing-lyncdiscover", false },
    { "tls-self-signed", "tls-san-missing-lyncdiscoverinternal", false },
    { "tls-self-signed", "tls-name-mismatch", false },
    { "auth-epa", "auth-401-after-type3", false },
    { "auth-epa", "auth-repeat-lockout", false },
    { "ucwa-create-401", "ticket-rejected", false },
    { "mcx-401-loop", "ticket-rejected", false },
    { "mobility-url-internal", "dns-redirect-target-unresolvable", false },
    { "mobility-url-internal", "dns-split-zone-missing-web-fqdn", false },
};

static bool follows(const struct diagnosis *d, const struct finding *finding)
{
    for (size_t i = 0; i < sizeof consequences / sizeof *consequences; i++)
        if (strcmp(finding->rule->id, consequences[i].consequence) == 0 &&
            (consequences[i].same_step && finding->step
                 ? diagnosis_has_at(d, consequences[i].cause, step_of(d, finding))
                 : diagnosis_has(d, consequences[i].cause)))
            return true;
    return false;
}

/* What follows from an absence, or from which answer belongs to which request, needs all of the
 * connection. */
static bool needs_whole_connection(const struct finding *finding)
{
    static const char *const ids[] = {
        "http-timeout",
        "tcp-reset-mid-handshake",
        "no-webticket-url",
        "auth-401-after-type3",
        "mex-fail",
        "response-malformed",
        "auth-ntlm-connection-broken",
        "ticket-rejected",
        "auth-negotiate-missing",
        "user-404-homeless",
        "root-without-user",
    };

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(finding->rule->id, ids[i]) == 0)
            return true;
    return false;
}

static bool rests_on_a_gap(const struct diagnosis *d, const struct finding *finding)
{
    const struct step *step = step_of(d, finding);
    const struct step *connection = step ? diagnosis_connection_of(d, step) : NULL;

    return connection && connection->tcp->client_missing + connection->tcp->server_missing > 0 &&
           needs_whole_connection(finding);
}

static void drop_consequences(struct diagnosis *d)
{
    size_t kept = 0;

    for (size_t i = 0; i < d->count; i++)
        if (!follows(d, &d->findings[i]) && !rests_on_a_gap(d, &d->findings[i]))
            d->findings[kept++] = d->findings[i];
    d->count = kept;
}

static bool has_been_answered(const struct signin *signin, uint64_t flow)
{
    for (size_t i = 0; i < signin->step_count; i++)
        if (signin->steps[i].flow == flow && signin->steps[i].http &&
            signin->steps[i].http->response.present)
            return true;
    return false;
}

/* The capture breaks off while the client gets on, or is busy on another connection, begun beside
 * this one or after it, that has not told its result yet: how it ends cannot be seen. */
static bool goes_on(const struct diagnosis *d, const struct step *failed)
{
    const struct signin *signin = d->signin;

    if (d->facts->last_time_ns - signin->ended_ns >= SECOND_NS)
        return false;
    if (d->progress && d->progress->time_ns > failed->time_ns)
        return true;
    for (size_t i = 0; i < signin->step_count; i++) {
        const struct step *step = &signin->steps[i];

        if (step->tcp && step->leg == LEG_CLIENT && step->tcp->capture_ended &&
            step->tcp->opened == OPENED_SYN && step->flow != failed->flow &&
            step->time_ns > failed->time_ns - SECOND_NS && !has_been_answered(signin, step->flow))
            return true;
    }
    return false;
}

/* Did it get stuck here? */
static bool is_decisive(const struct diagnosis *d, const struct finding *finding)
{
    const struct step *step = diagnosis_last_step(d, finding);

    return (finding->severity == SEVERITY_CRITICAL || finding->severity == SEVERITY_ERROR) &&
           !is_about_capture(finding) && !is_harmless(d, finding) && step &&
           (diagnosis_is_last_word(d, step) || mobility_has_refused_at(d, step)) &&
           !goes_on(d, step);
}

const struct finding *verdict_cause(const struct diagnosis *d)
{
    const struct finding *error = NULL;

    for (size_t i = 0; i < d->count; i++) {
        if (!is_decisive(d, &d->findings[i]))
            continue;
        if (d->findings[i].severity == SEVERITY_CRITICAL)
            return &d->findings[i];
        error = &d->findings[i]; /* of errors the last one counts */
    }
    return error;
}

/* It knows where to go, and no way leads there. */
static bool is_kept_out(const struct diagnosis *d)
{
    return !d->signin->entered_mobility && diagnosis_has(d, "hairpin-dropped");
}

static void add_incomplete_flow(struct diagnosis *d)
{
    const struct signin *signin = d->signin;
    const struct step *last = signin->step_count ? &signin->steps[signin->step_count - 1] : NULL;
    struct text summary = { 0 };
    enum { DETAIL_MAX = 1023 }; /* bytes, as of all details */

    for (size_t i = 0; i < d->count; i++)
        if (is_about_capture(&d->findings[i]))
            return;
    if (!last)
        return;
    text_add_escaped(&summary, slice_of_text(last->summary));
    text_truncate(&summary, DETAIL_MAX);
    diagnosis_add(d, rule_find("incomplete-flow"),
                  (struct about){ .step = last, .detail = text_string(&summary) });
    text_release(&summary);
}

/* What keeps an open end from being judged, unless something weightier was found. */
static const struct finding *explanation(const struct diagnosis *d)
{
    const struct finding *best = NULL;

    for (size_t i = 0; i < d->count; i++) {
        const struct finding *finding = &d->findings[i];

        if (!best || finding->severity < best->severity ||
            (finding->severity == best->severity && !is_about_capture(best)))
            best = finding;
    }
    return best && is_about_capture(best) ? best : NULL;
}

static int rank(const struct finding *finding, const struct finding *cause)
{
    return finding == cause ? -1 : (int)finding->severity;
}

/* The cause first, then by severity; equals stay in the order of the rules. */
static void put_in_order(struct diagnosis *d, const struct finding *cause)
{
    struct finding *sorted = arena_take(d->arena, (d->count ? d->count : 1) * sizeof *sorted);
    size_t count = 0;

    for (int wanted = -1; sorted && wanted <= (int)SEVERITY_INFO; wanted++)
        for (size_t i = 0; i < d->count; i++)
            if (rank(&d->findings[i], cause) == wanted)
                sorted[count++] = d->findings[i];
    d->signin->findings = sorted;
    d->signin->finding_count = count;
}

static void soften(struct diagnosis *d, const struct finding *cause)
{
    for (size_t i = 0; i < d->count; i++)
        if (&d->findings[i] != cause && d->findings[i].severity == SEVERITY_CRITICAL &&
            (d->signin->outcome == OUTCOME_SUCCEEDED || !is_decisive(d, &d->findings[i])))
            d->findings[i].severity = SEVERITY_ERROR;
}

static const char *result_of(const struct diagnosis *d, const struct finding *cause)
{
    if (cause)
        return cause->result;
    if (d->signin->outcome == OUTCOME_SUCCEEDED)
        return d->signin->entered_mobility ? "signed in" : "found its pool";
    return d->signin->finding_count ? d->signin->findings[0].result : "cannot tell";
}

void diagnosis_end(struct diagnosis *d)
{
    struct signin *signin = d->signin;
    bool in = (signin->final_document || signin->entered_mobility) && !mobility_failed(d) &&
              !is_kept_out(d);
    const struct finding *cause;

    drop_consequences(d);
    cause = in ? NULL : verdict_cause(d);

    signin->outcome = in ? OUTCOME_SUCCEEDED : cause ? OUTCOME_FAILED : OUTCOME_INCOMPLETE;
    signin->failed_stage = cause ? cause->rule->stage : STAGE_NONE;
    if (signin->outcome == OUTCOME_INCOMPLETE)
        add_incomplete_flow(d);
    soften(d, cause);
    put_in_order(d, signin->outcome == OUTCOME_INCOMPLETE ? explanation(d) : cause);
    signin->result = result_of(d, cause);
}
