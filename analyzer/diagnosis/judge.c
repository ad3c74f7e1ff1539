/* judge.c: how each step went, as a person would mark it
 *
 * The wire's own word first (refused, no answer, 404), then what is known to be
 * normal (a challenge, a name that lives inside only), then what findings say.
 */
#include "facts_tls.h"

#include "lyncscope/names.h"

#include <string.h>

enum { TYPE_A = 1, TYPE_AAAA = 28 };

static bool has_sister(const struct diagnosis *d, const struct step *step)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct dns_lookup *dns = d->signin->steps[i].dns;

        for (size_t k = 0; dns && dns != step->dns && strcmp(dns->name, step->dns->name) == 0 &&
                           k < dns->answer_count;
             k++)
            if (dns->answers[k].address.family)
                return true;
    }
    return false;
}

static bool gives_something(const struct dns_lookup *dns)
{
    for (size_t i = 0; i < dns->answer_count; i++)
        if (dns->answers[i].address.family ||
            (dns->type_number != TYPE_A && dns->type_number != TYPE_AAAA))
            return true;
    return false;
}

/* A missing internal name, IPv6 address or SRV record is the normal case for most clients. */
static enum step_status judge_dns(const struct diagnosis *d, const struct step *step)
{
    const struct dns_lookup *dns = step->dns;
    const char *domain;
    enum name_kind kind = name_classify(dns->name, &domain);
    bool refused = dns->rcode != 0 && dns->rcode != 3;

    if (!dns->answered)
        return STEP_UNANSWERED;
    if (gives_something(dns) || dns->cut)
        return STEP_OK;
    if (refused)
        return STEP_FAILED;
    if (has_sister(d, step) || kind == NAME_SIP_SERVICE || kind == NAME_SIP_HOST)
        return STEP_EXPECTED;
    return kind == NAME_DISCOVERY_INTERNAL && d->signin->location != LOCATION_INTERNAL
               ? STEP_EXPECTED
               : STEP_FAILED;
}

static enum step_status judge_tcp(const struct step *step)
{
    if (step->tcp->opened == OPENED_REFUSED)
        return STEP_FAILED;
    return step->tcp->opened == OPENED_UNANSWERED ? STEP_UNANSWERED : STEP_OK;
}

static enum step_status judge_tls(struct diagnosis *d, const struct step *step)
{
    if (step->tls->alert != TLS_NO_ALERT && step->tls->alert != 0 &&
        step->tls->alert_level == TLS_FATAL)
        return step->leg == LEG_CLIENT && tls_is_spared(d, step) ? STEP_EXPECTED : STEP_FAILED;
    return step->tls->has_server_hello || !step->tls->has_client_hello ? STEP_OK : STEP_UNANSWERED;
}

static enum step_status judge_http(const struct step *step)
{
    const struct http_exchange *http = step->http;

    if (!http->response.present)
        return STEP_UNANSWERED;
    if (http->response.status < 400)
        return http->response.status / 100 == 3 && http_is_discovery(step) ? STEP_WARNING : STEP_OK;
    if (http_is_expected_401(step) || http->lync.response_document.passive_auth_uri.length)
        return STEP_EXPECTED;
    return STEP_FAILED;
}

static enum step_status judge(struct diagnosis *d, const struct step *step)
{
    if (step->dns)
        return judge_dns(d, step);
    if (step->tcp)
        return judge_tcp(step);
    return step->tls ? judge_tls(d, step) : judge_http(step);
}

/* What a finding says of a step that went well by itself. */
static void apply(struct step *step, const struct finding *finding)
{
    bool bad = finding->severity == SEVERITY_CRITICAL || finding->severity == SEVERITY_ERROR;

    if (finding->rule->stage == STAGE_CAPTURE || finding->severity == SEVERITY_INFO)
        return;
    if (bad && step->status != STEP_UNANSWERED)
        step->status = STEP_FAILED;
    else if (step->status == STEP_OK || step->status == STEP_EXPECTED)
        step->status = STEP_WARNING;
}

void diagnosis_judge_steps(struct diagnosis *d)
{
    struct signin *signin = d->signin;

    for (size_t i = 0; i < signin->step_count; i++)
        signin->steps[i].status = judge(d, &signin->steps[i]);
    for (size_t i = 0; i < signin->finding_count; i++) {
        const struct finding *finding = &signin->findings[i];

        if (finding->step)
            apply(&signin->steps[finding->step - 1], finding);
        for (size_t k = 0; k < d->repeat_count; k++)
            if (d->repeats[k].rule == finding->rule)
                apply(&signin->steps[d->repeats[k].step->number - 1], finding);
    }
}
