/* rules_redirect.c: where the client is sent to (MS-OCDISCWS 3.1.5; the limit of 10 redirects) */
#include "diagnose.h"

#include <string.h>

enum { REDIRECTS_MAX = 10, VISITS_MAX = 64 };

static struct slice redirect_of(const struct step *step)
{
    return step->http ? step->http->lync.response_document.redirect : SLICE_EMPTY;
}

static void find_302(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const char *host, *asked;

        if (!http_is_discovery(step) || step->http->response.status / 100 != 3)
            continue;
        host = diagnosis_url_host(d, http_response_header(step, "Location"));
        asked = host ? diagnosis_url_host(d, slice_of_text(step->url)) : NULL;
        if (!asked || diagnosis_has(d, "captive-portal") || diagnosis_has_at(d, "rp-preauth", step))
            continue;
        if (strcmp(asked, host) != 0 && !name_shares_domain(asked, host)) {
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = step, .host = diagnosis_escaped(d, slice_of_text(host)) });
        }
    }
}

static void find_to_http(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        struct url url = url_parse(redirect_of(&d->signin->steps[i]));

        if (url.valid && !url.https) {
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = &d->signin->steps[i],
                                .host = diagnosis_escaped(d, redirect_of(&d->signin->steps[i])) });
        }
    }
}

/* ---- loops ---- */

struct chain {
    const struct step *steps[VISITS_MAX]; /* those that redirect */
    size_t count;
    const struct step *repeated; /* redirects again to where an earlier one led */
};

static struct slice without_query(struct slice path)
{
    return slice_part(path, 0, slice_find_byte(path, '?'));
}

/* Behind a proxy that ends TLS the URL of a step has lost its scheme. */
static bool leads_to(const struct step *step, struct slice redirect)
{
    struct url one = url_parse(redirect), two = url_parse(slice_of_text(step->url));

    return one.valid && two.valid && (one.https == two.https || step->leg == LEG_INTERNAL) &&
           slice_equals_nocase(one.host, two.host) &&
           slice_equals_nocase(without_query(one.path), without_query(two.path));
}

/* A redirect leads back when its target has redirected before. Parallel branches may each be sent
 * from the same place to the same other one; that is no circle. */
static struct chain follow(const struct diagnosis *d)
{
    struct chain chain = { .count = 0 };

    for (size_t i = 0; i < d->signin->step_count && chain.count < VISITS_MAX; i++) {
        const struct step *step = &d->signin->steps[i];

        if (redirect_of(step).length == 0)
            continue;
        chain.steps[chain.count++] = step;
        for (size_t k = 0; k < chain.count && !chain.repeated; k++)
            if (leads_to(chain.steps[k], redirect_of(step)))
                chain.repeated = step;
    }
    return chain;
}

static void find_loop(struct diagnosis *d, const struct rule *rule)
{
    struct chain chain = follow(d);
    const struct step *last = chain.count ? chain.steps[chain.count - 1] : NULL;

    if (!last || !chain.repeated || d->signin->final_document)
        return;
    diagnosis_add(d, rule,
                  (struct about){ .step = last,
                                  .host = diagnosis_escaped(d, redirect_of(last)),
                                  .detail = diagnosis_text(d, "%zu", chain.count) });
}

static void find_limit(struct diagnosis *d, const struct rule *rule)
{
    struct chain chain = follow(d);

    if (chain.count >= REDIRECTS_MAX && !diagnosis_has(d, "redirect-loop") &&
        !d->signin->final_document)
        diagnosis_add(d, rule,
                      (struct about){ .step = chain.steps[chain.count - 1],
                                      .detail = diagnosis_text(d, "%zu", chain.count) });
}

/* ---- hosts the client should not be sent to ---- */

static void find_internal_host(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; d->client_outside && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const char *host =
            redirect_of(step).length ? diagnosis_url_host(d, redirect_of(step)) : NULL;
        struct address literal;

        if (!host)
            continue;
        if (text_is_internal_name(d, host) ||
            (address_parse(slice_of_text(host), &literal) && address_is_private(&literal))) {
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = step, .host = diagnosis_escaped(d, slice_of_text(host)) });
        }
    }
}

/* --sip-domain names the site's own domains. */
static bool is_own_domain(const struct diagnosis *d, const char *host)
{
    const struct model_config *config = model_configuration(d->model);

    for (size_t i = 0; i < config->sip_domain_count; i++)
        if (name_shares_domain(host, config->sip_domains[i]))
            return true;
    return false;
}

static const char *foreign_host(struct diagnosis *d, struct slice href)
{
    const char *host = href.length && d->signin->sip_domain ? diagnosis_url_host(d, href) : NULL;

    return host && !name_shares_domain(host, d->signin->sip_domain) &&
                   !name_is_online_service(host) && !is_own_domain(d, host)
               ? host
               : NULL;
}

static void find_untrusted(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = step->http ? &step->http->lync.response_document : NULL;
        const char *host = document ? foreign_host(d, document->redirect) : NULL;

        for (size_t k = 0;
             document && !host && document->part == PART_ROOT && k < document->link_count; k++)
            if (slice_is_text_nocase(document->links[k].token, "User"))
                host = foreign_host(d, document->links[k].href);
        if (host && !diagnosis_has_at(d, "redirect-to-internal-host", step)) {
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = step, .host = diagnosis_escaped(d, slice_of_text(host)) });
        }
    }
}

static const struct rule rules[] = {
    { .id = "http-302-cross-domain",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_REDIRECT,
      .find = find_302,
      .title = "{name} sends the client to another domain",
      .cause = "The answer to {url} is an HTTP {status} to {host}, which is no part of the "
               "protocol: a web hoster's "
               "redirect, or a wildcard DNS record.",
      .fix = "Point {name} to the reverse proxy; remove the redirect.",
      .user_sees = "Discovery of that name fails.",
      .wire = "A 3xx Location in another domain than the discovery name.",
      .reference = "UCWADOC",
      .result = "redirected to another domain" },
    { .id = "redirect-to-http",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_REDIRECT,
      .find = find_to_http,
      .title = "The redirect link is not https",
      .cause = "The server sends the client to {host}, an unencrypted address.",
      .fix = "Publish https addresses in the topology.",
      .user_sees = "A trust problem.",
      .wire = "The scheme of the Redirect href is http.",
      .reference = "OCDISC; UCWADOC",
      .result = "redirect to http" },
    { .id = "redirect-loop",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_REDIRECT,
      .find = find_loop,
      .title = "Autodiscover sends the client round in a circle",
      .cause = "After {detail} redirects the client is sent to {host} again: pools point at each "
               "other, the user's home "
               "pool data is stale, or the Director is wrong.",
      .fix = "Check the user's home pool and registrar data and the Autodiscover configuration of "
             "the servers involved.",
      .user_sees = "It seems endless, then an error.",
      .wire = "The same host and path is visited again and again in one chain, or more than 10 "
              "redirects.",
      .reference = "SEED3; EXCH",
      .result = "redirect loop" },
    { .id = "redirect-limit",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_REDIRECT,
      .find = find_limit,
      .title = "Too many redirects",
      .cause = "The client followed {detail} redirects and stopped: its limit is 10.",
      .fix = "Check the user's home pool and registrar data and the Autodiscover configuration of "
             "the servers involved.",
      .user_sees = "The sign-in fails.",
      .wire = "The 10th Redirect is followed by no further request.",
      .reference = "SEED3",
      .result = "too many redirects" },
    { .id = "redirect-to-internal-host",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_REDIRECT,
      .find = find_internal_host,
      .title = "An outside client is sent to the internal host {host}",
      .cause = "{client} is outside, but the answer to {url} sends it to {host}: the internal web "
               "site answered, or the "
               "external web services name equals the internal one.",
      .fix = "Give the pool an external web services name of its own, and let the proxy use the "
             "external site (4443).",
      .user_sees = "It finds the server, then fails.",
      .wire = "A Redirect whose host is the internal name, given to an external client.",
      .reference = "SEED4; SEED0",
      .result = "sent to an internal host" },
    { .id = "trust-domain-mismatch",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_REDIRECT,
      .find = find_untrusted,
      .title = "The client is sent outside its SIP domain",
      .cause = "{host} is not within {domain}: clients ask the user whether to trust it.",
      .fix = "Use web services names within the SIP domain, or deploy the trust policy.",
      .user_sees = "A prompt to trust the server; declining it stops the sign-in.",
      .wire = "The host of a link is neither in the SIP domain nor a trusted online domain.",
      .reference = "SEED3; TSOORAD",
      .result = "trust prompt" },
};

const struct rule_table rules_redirect = { rules, sizeof rules / sizeof *rules };
