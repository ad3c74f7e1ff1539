/* rules_mobility.c: the way into the mobility service (UCWA 2.0; Mcx of Lync 2010)
 *
 * The user's document names it: Internal/Mcx and External/Mcx for Lync 2010
 * Mobile, Ucwa for Lync 2013 and later.  All three must hold the external web
 * name, also for clients inside.  A POST of the application, or a request to
 * Mcx, with the ticket is the door.
 */
#include "facts_mobility.h"

#include <string.h>

/* ---- links ---- */

/* The answer that names the services of a user who is at home here. */
static const struct document *final_document(const struct step *step)
{
    const struct document *document = step->http ? &step->http->lync.response_document : NULL;

    return document && http_is_good(step) && document->kind == DOCUMENT_AUTODISCOVER &&
                   document->part == PART_USER && !document->redirect.length &&
                   !document->links_left_out
               ? document
               : NULL;
}

static bool has_link_at_end(const struct document *document, const char *ending)
{
    for (size_t i = 0; i < document->link_count; i++)
        if (slice_ends_with_nocase(document->links[i].token, ending))
            return true;
    return false;
}

/* argument: which client; it needs a link of its own kind */
static void find_no_link(struct diagnosis *d, const struct rule *rule)
{
    const char *ending = rule->argument == MOBILE_2010 ? "/Mcx" : "Ucwa";
    const struct step *found = NULL;

    if (d->signin->entered_mobility)
        return;
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (final_document(&d->signin->steps[i]))
            found = &d->signin->steps[i];
    if (found && mobility_client(d->signin) == (enum mobile_client)rule->argument &&
        !has_link_at_end(final_document(found), ending))
        diagnosis_add(d, rule, (struct about){ .step = found });
}

static bool is_mobility_token(struct slice token)
{
    return slice_is_text_nocase(token, "Internal/Mcx") ||
           slice_is_text_nocase(token, "External/Mcx") || slice_is_text_nocase(token, "Ucwa");
}

/* Internal/Ucwa is one of the reserved links: it may hold either name. */
static bool is_service_token(struct slice token, const char *side)
{
    return slice_starts_with_nocase(token, side) && !slice_ends_with_nocase(token, "/Mcx") &&
           !slice_ends_with_nocase(token, "/Ucwa");
}

static bool names_host(const struct document *document, const char *side, const char *host)
{
    for (size_t i = 0; i < document->link_count; i++) {
        struct url url = url_parse(document->links[i].href);

        if (url.valid && is_service_token(document->links[i].token, side) &&
            slice_is_text_nocase(url.host, host))
            return true;
    }
    return false;
}

static const struct link *internal_link(struct diagnosis *d, const struct document *document)
{
    for (size_t i = 0; i < document->link_count; i++) {
        const struct link *link = &document->links[i];
        const char *host =
            is_mobility_token(link->token) ? diagnosis_url_host(d, link->href) : NULL;

        if (host && !names_host(document, "External/", host) &&
            (names_host(document, "Internal/", host) || text_is_internal_name(d, host)))
            return link;
    }
    return NULL;
}

static void find_internal_url(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = final_document(step);
        const struct link *link = document ? internal_link(d, document) : NULL;

        if (link) {
            diagnosis_add_first(d, rule,
                                (struct about){ .step = step,
                                                .host = diagnosis_escaped(d, link->href),
                                                .detail = diagnosis_escaped(d, link->token) });
        }
    }
}

/* ---- the door ---- */

static bool created_later(const struct diagnosis *d, const struct step *refused)
{
    for (size_t i = refused->number; i < d->signin->step_count; i++)
        if (mobility_is_creation(&d->signin->steps[i]) && http_is_good(&d->signin->steps[i]))
            return true;
    return false;
}

static const char *reason_of(struct diagnosis *d, const struct step *step)
{
    const struct lync_exchange *lync = &step->http->lync;

    if (lync->response_document.subcode.length)
        return diagnosis_escaped(d, lync->response_document.subcode);
    if (lync->diagnostics.reason.length)
        return diagnosis_escaped(d, lync->diagnostics.reason);
    return lync->response_document.code.length ? diagnosis_escaped(d, lync->response_document.code)
                                               : "no reason given";
}

static void find_create_401(struct diagnosis *d, const struct rule *rule)
{
    const struct step *last = NULL;

    for (size_t i = 0; i < d->signin->step_count; i++)
        if (mobility_is_creation(&d->signin->steps[i]) && http_status_is(&d->signin->steps[i], 401))
            last = &d->signin->steps[i];
    if (last && !created_later(d, last))
        diagnosis_add(d, rule, (struct about){ .step = last, .detail = reason_of(d, last) });
}

static void find_create_403(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (mobility_is_creation(step) && http_status_is(step, 403) && http_says_lync(step) &&
            !diagnosis_has_at(d, "cors-origin-denied", step) && !created_later(d, step)) {
            diagnosis_add_first(d, rule,
                                (struct about){ .step = step, .detail = reason_of(d, step) });
        }
    }
}

static void find_too_many(struct diagnosis *d, const struct rule *rule)
{
    const struct step *last = NULL;

    for (size_t i = 0; i < d->signin->step_count; i++)
        if (http_status_is(&d->signin->steps[i], 429) &&
            d->signin->steps[i].http->lync.service == SERVICE_UCWA)
            last = &d->signin->steps[i];
    if (last)
        diagnosis_add(d, rule, (struct about){ .step = last, .detail = reason_of(d, last) });
}

static bool is_mcx(const struct step *step)
{
    return step->http && step->http->lync.resource == RESOURCE_MCX && http_carries_ticket(step);
}

/* One 401 may be an old ticket; a loop is a new one that is refused as well. */
static void find_mcx_loop(struct diagnosis *d, const struct rule *rule)
{
    const struct step *last = NULL;
    unsigned refusals = 0;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (is_mcx(step) && http_is_good(step))
            refusals = 0;
        if (!is_mcx(step) || !http_status_is(step, 401))
            continue;
        refusals++;
        last = step;
    }
    if (refusals > 1)
        diagnosis_add(d, rule,
                      (struct about){ .step = last, .detail = diagnosis_text(d, "%u", refusals) });
}

static const struct rule rules[] = {
    { .id = "mobility-url-internal",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_MOBILITY,
      .find = find_internal_url,
      .title = "The mobility service has an internal address",
      .cause = "The user's document names {host} for {detail}, a name that lives inside only: "
               "mobility requests, also those of phones inside, must go through the proxy.",
      .fix = "Make the mobility address the external web services name (the exposed web URL must "
             "be External).",
      .user_sees = "A phone on company Wi-Fi uses an address that breaks when it leaves.",
      .wire = "The host of Internal/Mcx, External/Mcx or Ucwa is the internal web name.",
      .reference = "SEED4; UNDERST",
      .result = "internal mobility address" },
    { .id = "mcx-link-missing",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_MOBILITY,
      .find = find_no_link,
      .argument = MOBILE_2010,
      .title = "The home pool offers no mobility service for Lync 2010 Mobile",
      .cause = "The document of {user} has no Mcx links, which the Lync 2010 app needs: the "
               "mobility service (Mcx) is not installed or not enabled on the home pool.",
      .fix = "Install the cumulative update with the mobility service on the home pool and enable "
             "it.",
      .user_sees = "The app says that it is not supported, or cannot connect.",
      .wire = "A User document without Mcx links for a Lync 2010 mobile client.",
      .reference = "SEED4",
      .result = "no Mcx link" },
    { .id = "ucwa-link-missing",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_MOBILITY,
      .find = find_no_link,
      .argument = MOBILE_2013,
      .title = "The home pool offers no mobility service for Lync 2013 Mobile",
      .cause = "The document of {user} has no Ucwa link, which the Lync 2013 app needs: the pool "
               "lacks the cumulative update of February 2013, or the user is on a 2010 pool.",
      .fix = "Update the pool, or use the app that matches it.",
      .user_sees = "Cannot sign in with the 2013 app.",
      .wire = "A User document without a Ucwa link for a Lync 2013 mobile client.",
      .reference = "SEED4; UCWADOC",
      .result = "no Ucwa link" },
    { .id = "ucwa-create-403",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_MOBILITY,
      .find = find_create_403,
      .title = "{user} is not allowed to use mobility",
      .cause = "The mobility service refuses the application with 403 ({detail}): the mobility "
               "policy is off for this user.",
      .fix = "Grant a mobility policy with EnableMobility on (CsMobilityPolicy).",
      .user_sees = "Not allowed on mobile devices.",
      .wire = "POST applications is answered by 403, MobileApplicationNoLongerAllowed or "
              "Forbidden.",
      .reference = "UCWADOC; MCXTEST",
      .result = "mobility not allowed" },
    { .id = "ucwa-create-401",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_MOBILITY,
      .find = find_create_401,
      .title = "The mobility service does not accept the ticket",
      .cause = "The application was asked for with a ticket and refused with 401 ({detail}): the "
               "ticket is not valid on this pool or front end.",
      .fix = "Check the affinity of the load balancer, and the clocks of the servers.",
      .user_sees = "It asks for tickets in a loop.",
      .wire = "POST applications with a ticket is answered by 401.",
      .reference = "UCWADOC; OCDISC",
      .result = "ticket refused by mobility" },
    { .id = "ucwa-too-many",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_MOBILITY,
      .find = find_too_many,
      .title = "The mobility service has too many applications or requests",
      .cause = "The answer to {url} is 429 ({detail}): endpoints of {user} that were never signed "
               "out, or a storm of requests.",
      .fix = "Wait until old endpoints expire; look for clients that retry without a pause.",
      .user_sees = "Cannot sign in.",
      .wire = "429 TooManyApplications or TooManyRequests.",
      .reference = "UCWADOC",
      .result = "too many applications" },
    { .id = "mcx-401-loop",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_MOBILITY,
      .find = find_mcx_loop,
      .title = "The mobility service (Mcx) refuses one ticket after the other",
      .cause = "Requests to Mcx with a ticket were answered by 401 {detail} times: the ticket is "
               "of another pool, too old, or the servers' clocks differ.",
      .fix = "Check time synchronisation; let the client get a new ticket for this host.",
      .user_sees = "A spinner.",
      .wire = "Mcx requests with a ticket are answered by 401 repeatedly.",
      .reference = "MCXTEST",
      .result = "tickets refused by Mcx" },
};

const struct rule_table rules_mobility = { rules, sizeof rules / sizeof *rules };
