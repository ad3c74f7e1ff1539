/* rules_topology.c: what the site's names and addresses do to its clients */
#include "diagnose.h"

#include "lyncscope/names.h"
#include "lyncscope/text.h"

#include <string.h>

enum { PORT_POOL = 4443, PORT_HTTP_POOL = 8080 };

static const struct document *document_of(const struct step *step)
{
    const struct document *document = step->http ? &step->http->lync.response_document : NULL;

    return document &&
                   (document->kind == DOCUMENT_AUTODISCOVER ||
                    document->kind == DOCUMENT_UCWA_RESOURCE) &&
                   http_is_good(step)
               ? document
               : NULL;
}

static struct slice link_of(const struct document *document, const char *token)
{
    for (size_t i = 0; i < document->link_count; i++)
        if (slice_is_text_nocase(document->links[i].token, token))
            return document->links[i].href;
    return SLICE_EMPTY;
}

static bool has_failed(const struct step *step)
{
    return step->tcp &&
           (step->tcp->opened == OPENED_REFUSED || step->tcp->opened == OPENED_UNANSWERED);
}

/* ---- ports in addresses ---- */

/* A port stands behind a second colon: most addresses need no closer look. */
static bool has_pool_port(struct slice href)
{
    struct slice behind_scheme = slice_after(href, slice_find_byte(href, ':') + 1);
    struct url url = { 0 };

    if (slice_find_byte(behind_scheme, ':') < behind_scheme.length)
        url = url_parse(href);
    return url.valid && (url.port == PORT_POOL || url.port == PORT_HTTP_POOL);
}

/* What an outside client is told; what is for inside clients may have any port. */
static struct slice wrong_port_href(const struct document *document)
{
    if (has_pool_port(document->redirect))
        return document->redirect;
    for (size_t i = 0; i < document->link_count; i++)
        if (!slice_starts_with_nocase(document->links[i].token, "Internal/") &&
            has_pool_port(document->links[i].href))
            return document->links[i].href;
    return SLICE_EMPTY;
}

static bool is_for_outside(const struct diagnosis *d, const struct document *document)
{
    return d->client_outside || slice_is_text_nocase(document->access_location, "External");
}

/* The client's own attempt at that port, which failed. */
static const struct step *failed_attempt(const struct diagnosis *d, const struct step *after)
{
    const struct step *found = NULL;

    for (size_t i = after->number; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (has_failed(step) && step->leg == LEG_CLIENT &&
            (step->to.endpoint.port == PORT_POOL || step->to.endpoint.port == PORT_HTTP_POOL))
            found = step;
    }
    return found;
}

static void find_wrong_port(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = document_of(step);
        struct slice href;
        const struct step *attempt;

        if (!document || !is_for_outside(d, document))
            continue;
        href = wrong_port_href(document);
        if (href.length == 0)
            continue;
        attempt = failed_attempt(d, step);
        diagnosis_add_first(
            d, rule,
            (struct about){ .step = attempt ? attempt : step,
                            .also = attempt ? step : NULL,
                            .host = diagnosis_escaped(d, href),
                            .detail = attempt ? ", and the client cannot connect there" : "" });
    }
}

/* ---- one name for both sides ---- */

/* Mobility is external on both sides by design: Mcx and Ucwa prove nothing. */
static const char *shared_name(struct diagnosis *d, const struct document *document)
{
    static const char *const pairs[][2] = { { "Internal/Autodiscover", "External/Autodiscover" },
                                            { "Internal/AuthBroker", "External/AuthBroker" } };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *inside = diagnosis_url_host(d, link_of(document, pairs[i][0]));
        const char *outside = diagnosis_url_host(d, link_of(document, pairs[i][1]));

        if (inside && outside && strcmp(inside, outside) == 0 && !name_is_online_service(inside))
            return inside;
    }
    return NULL;
}

static void find_equal_names(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = document_of(step);
        const char *name = document ? shared_name(d, document) : NULL;

        if (!name)
            continue;
        diagnosis_add(
            d, rule,
            (struct about){ .step = step, .host = diagnosis_escaped(d, slice_of_text(name)) });
        return;
    }
}

/* ---- an older pool first ---- */

static const struct step *first_root(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = document_of(step);

        if (document && document->part == PART_ROOT && !document->redirect.length)
            return step;
    }
    return NULL;
}

/* Lync 2013 and later offer OAuth at the root and Ucwa at the user; Lync 2010 has neither. */
static bool is_newer(const struct document *document)
{
    return document->kind == DOCUMENT_AUTODISCOVER &&
           (link_of(document, "OAuth").length || link_of(document, "Ucwa").length ||
            link_of(document, "External/Ucwa").length);
}

static bool is_other_server(const struct step *a, const struct step *b)
{
    struct slice one = a->http->lync.server_fqdn, other = b->http->lync.server_fqdn;

    return one.length && other.length && !slice_equals_nocase(one, other);
}

static void find_older_first(struct diagnosis *d, const struct rule *rule)
{
    const struct step *first = first_root(d);

    if (!first || first->http->lync.response_document.kind != DOCUMENT_AUTODISCOVER ||
        is_newer(&first->http->lync.response_document))
        return;
    for (size_t i = first->number; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = document_of(step);

        if (!document || !is_newer(document) || !is_other_server(first, step))
            continue;
        diagnosis_add(
            d, rule,
            (struct about){ .step = first,
                            .also = step,
                            .host = diagnosis_escaped(d, step->http->lync.server_fqdn),
                            .detail = diagnosis_escaped(d, first->http->lync.server_fqdn) });
        return;
    }
}

/* ---- out of the company network and back in ---- */

static bool found_inside(const struct diagnosis *d)
{
    const char *domain;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        bool inner_name =
            step->to.name && name_classify(step->to.name, &domain) == NAME_DISCOVERY_INTERNAL;

        if (inner_name && (http_is_good(step) ||
                           (step->tls && step->tls->client_records && step->tls->server_records)))
            return true;
    }
    return false;
}

/* What another client's attempts at that server came to: outside it works, or it does not. */
struct others {
    bool reached, failed;
};

static struct others ask_others(const struct diagnosis *d, const struct endpoint *server)
{
    struct neighbours near = diagnosis_neighbours(d);
    struct others others = { false, false };

    for (size_t i = near.first; i < model_signin_count(d->model) && i <= near.own + 256; i++) {
        const struct signin *other = model_signin(d->model, i);

        for (size_t k = 0; other != d->signin && k < other->step_count &&
                           !address_is_private(&other->client.endpoint.address);
             k++)
            if (other->steps[k].tcp && other->steps[k].leg == LEG_CLIENT &&
                endpoint_equals(&other->steps[k].tcp->server, server)) {
                others.failed |= has_failed(&other->steps[k]);
                others.reached |= !has_failed(&other->steps[k]);
            }
    }
    return others;
}

/* Silence is what spoof protection gives; a refusal means it only when others are let in. */
static bool is_dropped(const struct diagnosis *d, const struct step *step, struct others others)
{
    if (others.failed && !others.reached)
        return false;
    if (step->tcp->opened == OPENED_REFUSED)
        return others.reached;
    return step->tcp->attempts >= 3 || d->facts->last_time_ns - step->time_ns >= 3 * SECOND_NS;
}

static void find_hairpin(struct diagnosis *d, const struct rule *rule)
{
    bool inside = address_is_private(&d->signin->client.endpoint.address) ||
                  d->signin->location == LOCATION_INTERNAL;

    for (size_t i = 0; inside && found_inside(d) && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        struct others others;

        if (!has_failed(step) || step->leg != LEG_CLIENT || !diagnosis_is_last_word(d, step) ||
            address_is_private(&step->to.endpoint.address))
            continue;
        others = ask_others(d, &step->tcp->server);
        if (!is_dropped(d, step, others))
            continue;
        diagnosis_add_first(
            d, rule,
            (struct about){ .step = step,
                            .detail = others.reached ? " Clients outside do reach it." : "" });
    }
}

/* ---- addresses kept from another time ---- */

static bool is_discovery_step(const struct step *step)
{
    const char *domain;

    if (step->dns)
        return name_is_discovery(name_classify(step->dns->name, &domain));
    return step->http && step->http->lync.resource == RESOURCE_ROOT;
}

static bool is_mobility(const struct step *step)
{
    return step->http &&
           (step->http->lync.service == SERVICE_UCWA || step->http->lync.service == SERVICE_MCX ||
            step->http->lync.resource == RESOURCE_USER ||
            step->http->lync.resource == RESOURCE_OAUTH_USER);
}

static bool is_refused_there(const struct step *step)
{
    return !step->http->response.present ||
           (step->http->response.status >= 400 && !http_is_expected_401(step));
}

/* Requests to addresses it knows come first, none is of use, and it looks for the site anew. */
static void find_stale(struct diagnosis *d, const struct rule *rule)
{
    const struct step *failed = NULL;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (is_discovery_step(step)) {
            if (failed)
                diagnosis_add(d, rule, (struct about){ .step = failed, .also = step });
            return;
        }
        if (!is_mobility(step))
            continue;
        if (!is_refused_there(step))
            return;
        failed = step;
    }
}

static const struct rule rules[] = {
    { .id = "hairpin-dropped",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TOPOLOGY,
      .find = find_hairpin,
      .title = "An inside client cannot reach the public address of {name}",
      .cause = "{client} found the site inside, and its connection to {server} is dropped: the "
               "way leads out of the company network and back in, which firewalls take for "
               "spoofing.{detail}",
      .fix = "Allow that way at the firewall, or give inside clients an address of the reverse "
             "proxy that they reach without leaving.",
      .user_sees = "It finds the server, then cannot sign in on the company's Wi-Fi; over the "
                   "mobile network it works.",
      .wire = "An inside client's SYNs to the proxy's public address stay without answer, after "
              "discovery by the internal name succeeded.",
      .reference = "SEED4",
      .result = "no way out and back in" },
    { .id = "external-url-wrong-port",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TOPOLOGY,
      .find = find_wrong_port,
      .title = "Outside clients are sent to a port of the pool's own",
      .cause = "They are told to use {host}{detail}: the published port was set to the port that "
               "the pool listens on.",
      .fix = "Set the published ports of the external web services to 443 and 80 in Topology "
             "Builder; the listening ports stay 4443 and 8080.",
      .user_sees = "Cannot connect.",
      .wire = "An href with :4443 or :8080 given to an external client.",
      .reference = "SEED2; CSSERVICE",
      .result = "wrong port in an address" },
    { .id = "internal-external-fqdn-equal",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TOPOLOGY,
      .find = find_equal_names,
      .title = "Inside and outside share the name {host}",
      .cause = "The internal and the external web services have the same name, so that clients "
               "cannot tell which side they are on: the name of one of them was overridden.",
      .fix = "Give the internal and the external web services different names.",
      .user_sees = "Inside and outside are confused; mobility is unreliable.",
      .wire =
          "The hosts of Internal/ and External/ Autodiscover or AuthBroker are equal (of Ucwa, as "
          "well).",
      .reference = "SEED4",
      .result = "one name for both sides" },
    { .id = "autodiscover-wrong-version-first",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_TOPOLOGY,
      .find = find_older_first,
      .title = "Discovery begins at an older pool",
      .cause = "{detail} answers first and offers what Lync 2010 has, without OAuth and UCWA; "
               "{host}, to which it leads, is newer: DNS points at the old pool.",
      .fix = "Point lyncdiscover and lyncdiscoverinternal at the newest pool.",
      .user_sees = "Prompts for credentials, or missing mobility.",
      .wire = "The first server's links lack OAuth and Ucwa, a later server's have them.",
      .reference = "UCWADOC; TSOORAD",
      .result = "older pool first" },
    { .id = "stale-cache-urls",
      .severity = SEVERITY_INFO,
      .stage = STAGE_MOBILITY,
      .find = find_stale,
      .title = "The client tried addresses it remembered",
      .cause = "It began at {url}, which is of no use any more, and then looked for the site "
               "anew: the topology has changed since it last signed in.",
      .fix = "None: clients drop what they remember by design.",
      .user_sees = "A delay, then it works.",
      .wire = "Requests to the mobility addresses fail before discovery begins.",
      .reference = "SEED3",
      .result = "remembered addresses failed" },
};

const struct rule_table rules_topology = { rules, sizeof rules / sizeof *rules };
