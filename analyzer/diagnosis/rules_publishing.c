/* rules_publishing.c: what the reverse proxy makes of the site: its ports, its TLS, its rules
 *
 * The pool's web services tell inside from outside by the port that a request
 * comes in on: 443 and 80 belong to the internal web site, 4443 and 8080 to
 * the external one.  Ports can be configured, so a number alone proves nothing:
 * the pool's own answer must agree.
 */
#include "facts_tls.h"

#include "lyncscope/names.h"

#include <string.h>

enum { PORT_HTTP = 80, PORT_HTTPS = 443, PORT_POOL = 4443 };

/* The proxy's own request to the pool, whichever of its legs was captured. */
struct inner_leg {
    const struct http_exchange *http; /* NULL: none was seen */
    struct endpoint server;
    const struct evidence *evidence;
};

static struct inner_leg inner_leg_of(const struct step *step)
{
    const struct relay *relay = step->relay;

    if (relay && relay->http)
        return (struct inner_leg){ relay->http, relay->to.endpoint, &relay->evidence[0] };
    if (step->http && step->leg == LEG_INTERNAL)
        return (struct inner_leg){ step->http, step->to.endpoint, &step->evidence[0] };
    return (struct inner_leg){ 0 };
}

static const char *server_text(struct diagnosis *d, const struct endpoint *server)
{
    char text[ADDRESS_TEXT_SIZE];

    address_format(&server->address, text);
    return diagnosis_text(d, server->address.family == 6 ? "[%s]:%u" : "%s:%u", text, server->port);
}

/* ---- ports that are not translated ---- */

/* It came from outside, whatever the address behind the proxy says. */
static bool is_from_outside(const struct diagnosis *d, const struct step *step)
{
    return d->client_outside ||
           (step->relay && !address_is_private(&step->to.endpoint.address) && step->to.name &&
            strncmp(step->to.name, "lyncdiscoverinternal.", 21) != 0);
}

static bool says_internal(const struct inner_leg *leg)
{
    return slice_is_text_nocase(leg->http->lync.response_document.access_location, "Internal");
}

/* Where the addresses for inside clients led it, when it came no further. */
static const struct step *dead_end(const struct diagnosis *d, const struct step *after)
{
    const struct step *found = NULL;

    for (size_t i = after->number; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        bool no_address = step->dns && step->dns->answered && step->dns->answer_count == 0;
        bool unreached = step->tcp && step->leg == LEG_CLIENT &&
                         (step->tcp->opened == OPENED_REFUSED ||
                          (step->tcp->opened == OPENED_UNANSWERED && step->tcp->attempts > 2));

        if ((no_address || unreached) && diagnosis_is_last_word(d, step) && !found)
            found = step;
    }
    return found;
}

/* argument: the port of the internal web site */
static void find_untranslated(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        struct inner_leg leg = inner_leg_of(step);
        const struct step *end;

        if (!leg.http || leg.server.port != rule->argument || !says_internal(&leg) ||
            !is_from_outside(d, step))
            continue;
        end = dead_end(d, step);
        diagnosis_add_first(d, rule,
                            (struct about){ .step = end ? end : step,
                                            .also = end ? step : NULL,
                                            .name = server_text(d, &leg.server) });
    }
}

/* ---- TLS ended and not begun again ---- */

static bool is_rejected(const struct http_exchange *http)
{
    if (!http->response.present)
        return http->ending == HTTP_RESET || http->ending == HTTP_CLOSED ||
               http->ending == HTTP_NO_ANSWER;
    return http->response.status == 400 && !http->lync.server_fqdn.length;
}

static void find_plain_to_tls(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        struct inner_leg leg = inner_leg_of(step);

        if (!leg.http && step->http) /* a proxy that is not known as one, or a client */
            leg = (struct inner_leg){ step->http, step->to.endpoint, &step->evidence[0] };
        if (!leg.http || leg.server.port != PORT_POOL || leg.http->encrypted ||
            leg.http->tunnelled || !is_rejected(leg.http))
            continue;
        diagnosis_add_first(
            d, rule,
            (struct about){
                .step = step,
                .name = server_text(d, &leg.server),
                .evidence = leg.evidence,
                .second =
                    step->evidence_count > 1 ? &step->evidence[step->evidence_count - 1] : NULL,
                .detail = leg.http->response.present ? "the pool answers 400"
                                                     : "the pool ends the connection" });
    }
}

/* ---- Office Web Apps ---- */

static const struct step *failed_backend(const struct diagnosis *d, const struct step *request)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->tcp && step->leg == LEG_INTERNAL && step->time_ns >= request->time_ns &&
            (request->duration_ns < 0 || step->time_ns <= request->time_ns + request->duration_ns))
            return step;
    }
    return NULL;
}

static void find_office_web_apps(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct http_exchange *http = step->http;
        bool gateway = http && http->response.status >= 502 && http->response.status <= 504;

        if (!http || !http_is_office_web_apps(step) || (http->response.present && !gateway) ||
            (!gateway && step->http->ending != HTTP_RESET && step->http->ending != HTTP_CLOSED))
            continue;
        diagnosis_add_first(
            d, rule,
            (struct about){ .step = step,
                            .also = failed_backend(d, step),
                            .detail = gateway ? diagnosis_text(d, "answered with %u",
                                                               step->http->response.status)
                                              : "not answered at all" });
    }
}

/* ---- port 80 alone ---- */

static bool is_external_discovery(const char *name)
{
    const char *domain;

    return name && name_classify(name, &domain) == NAME_DISCOVERY_EXTERNAL;
}

static const struct step *found_over_port_80(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (http_is_client_leg(step) && http_is_good(step) && http_is_discovery(step) &&
            !step->http->encrypted && is_external_discovery(step->to.name))
            return step;
    }
    return NULL;
}

/* The certificate shown for the discovery name is not for it: only port 80 can serve that name. An
 * alias of Lync Online is made so. */
static void find_http_only(struct diagnosis *d, const struct rule *rule)
{
    bool online = d->external.alias && name_is_online_service(d->external.alias);
    const struct step *found = online ? NULL : found_over_port_80(d);

    for (size_t i = 0; found && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!step->tls || step->leg != LEG_CLIENT || !is_external_discovery(step->to.name) ||
            !tls_certificate(step) || tls_covers_asked(step))
            continue;
        diagnosis_add_first(d, rule,
                            (struct about){ .step = found,
                                            .second = step->tls->chain_evidence.packet
                                                          ? &step->tls->chain_evidence
                                                          : NULL });
    }
}

static const struct rule rules[] = {
    { .id = "port-not-translated-443",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TOPOLOGY,
      .find = find_untranslated,
      .argument = PORT_HTTPS,
      .title = "The reverse proxy uses the pool's internal web site at {name}",
      .cause = "The proxy passes requests from outside on to {name} instead of port 4443, so the "
               "pool takes {client} for an internal client and says AccessLocation Internal.",
      .fix = "Translate the port in the publishing rule: 443 outside to 4443 of the pool.",
      .user_sees = "An outside client tries the internal addresses first, and fails or is slow.",
      .wire = "The proxy's connection to the pool goes to 443 instead of 4443, and the answers say "
              "AccessLocation Internal to an outside client.",
      .reference = "SEED0; SEED1; SEED2",
      .result = "port 443 not translated" },
    { .id = "port-not-translated-80",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TOPOLOGY,
      .find = find_untranslated,
      .argument = PORT_HTTP,
      .title = "The reverse proxy uses the pool's internal web site at {name}",
      .cause = "The proxy passes requests from outside on to {name} instead of port 8080, so the "
               "pool takes {client} for an internal client and says AccessLocation Internal.",
      .fix = "Translate the port in the publishing rule: 80 outside to 8080 of the pool.",
      .user_sees = "An outside client tries the internal addresses first, and fails or is slow.",
      .wire = "The proxy's connection to the pool goes to 80 instead of 8080.",
      .reference = "SEED0; SEED2",
      .result = "port 80 not translated" },
    { .id = "plain-http-to-4443",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TOPOLOGY,
      .find = find_plain_to_tls,
      .title = "The reverse proxy sends unencrypted HTTP to {name}",
      .cause = "The proxy ends TLS and passes the request on in clear text, where the pool "
               "expects TLS: {detail}.",
      .fix = "Bridge HTTPS to HTTPS: the proxy must open TLS of its own to the pool's port 4443.",
      .user_sees = "A generic connect error.",
      .wire = "What the proxy sends to 4443 is no TLS record but an HTTP request; the pool resets "
              "or answers 400.",
      .reference = "SEED2",
      .result = "no TLS to the pool" },
    { .id = "owas-unreachable",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_TOPOLOGY,
      .find = find_office_web_apps,
      .title = "Office Web Apps cannot be reached through {name}",
      .cause = "The request for {url} is {detail}: the farm is not published, its port is "
               "translated, or it is down.",
      .fix = "Publish Office Web Apps by a rule of its own, 443 to 443 without translation.",
      .user_sees = "The sign-in is fine; PowerPoint in meetings fails.",
      .wire = "The proxy's connection to the farm's 443 fails, or the client gets 502 for its "
              "host.",
      .reference = "SEED1; SEED2; SEED0",
      .result = "Office Web Apps unreachable" },
    { .id = "http-only-publishing",
      .severity = SEVERITY_INFO,
      .stage = STAGE_TOPOLOGY,
      .find = find_http_only,
      .title = "{name} is found over port 80 only",
      .cause = "The certificate on 443 is not for {name}; clients get the redirect over port 80. "
               "That is supported, and not recommended.",
      .fix = "Put {name} into the proxy's certificate when it is renewed.",
      .user_sees = "It works.",
      .wire = "lyncdiscover answers on 80, and the certificate on 443 lacks its name.",
      .reference = "SEED0; SEED3; SEED4",
      .result = "found over port 80 only" },
};

const struct rule_table rules_publishing = { rules, sizeof rules / sizeof *rules };
