/* verdict_mobility.c: did the client get into the mobility service, where it was to
 *
 * Phones and web applications go on from the final document to the mobility
 * service.  A sign-in that shows them fail there has failed, whether it was
 * refused at the door or did not find the way: the name does not resolve,
 * nobody listens.  One that was let in fails only by losing its application at
 * once and not getting another.
 */
#include "facts_mobility.h"

#include <string.h>

enum { TYPE_A = 1 };

/* Such clients go on to SIP and ask the web services for other things only. */
static bool goes_on_to_sip(const struct signin *signin)
{
    static const char *const devices[] = { "desktop", "pidgin-sipe", "Mac", "phone", "Exchange" };

    for (size_t i = 0; signin->device && i < sizeof devices / sizeof *devices; i++)
        if (strcmp(signin->device, devices[i]) == 0)
            return true;
    return false;
}

static const struct step *final_step(const struct diagnosis *d)
{
    for (size_t i = d->signin->step_count; i-- > 0;) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && http_is_good(step) && step->http->lync.service == SERVICE_AUTODISCOVER &&
            step->http->lync.response_document.part == PART_USER)
            return step;
    }
    return NULL;
}

/* A link of the final document leads to the mobility service at that host. */
static bool is_mobility_host(const struct signin *signin, const char *host)
{
    for (size_t i = 0; i < signin->service_count; i++) {
        const struct service_link *link = &signin->services[i];
        struct slice token = slice_of_text(link->token);
        struct url url = url_parse(slice_of_text(link->href));

        if (url.valid && slice_is_text_nocase(url.host, host) &&
            (slice_ends_with_nocase(token, "Ucwa") || slice_ends_with_nocase(token, "/Mcx") ||
             slice_is_text_nocase(token, "applications")))
            return true;
    }
    return false;
}

/* On its way into the mobility service: the request itself, or what must come before it. */
static bool leads_there(const struct diagnosis *d, const struct step *step)
{
    const struct step *final = final_step(d);
    const char *name = step->dns ? step->dns->name : step->to.name;

    if (step->http)
        return step->stage == STAGE_MOBILITY && step->http->lync.resource != RESOURCE_EVENTS;
    return final && step->time_ns > final->time_ns && name && is_mobility_host(d->signin, name) &&
           !goes_on_to_sip(d->signin);
}

static bool gives_no_address(const struct step *step)
{
    const struct dns_lookup *dns = step->dns;

    if (!dns || dns->type_number != TYPE_A || !dns->answered || dns->cut)
        return false;
    for (size_t i = 0; i < dns->answer_count; i++)
        if (dns->answers[i].address.family)
            return false;
    return true;
}

static bool found_no_address(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (gives_no_address(step) && leads_there(d, step) && diagnosis_is_last_word(d, step))
            return true;
    }
    return false;
}

/* Only what a finding explains: a capture that ends on the way proves nothing. */
static bool failed_on_the_way(const struct diagnosis *d)
{
    const struct finding *cause = verdict_cause(d);

    if (diagnosis_has(d, "ucwa-link-missing") || diagnosis_has(d, "mcx-link-missing"))
        return true;
    return cause && (leads_there(d, &d->signin->steps[cause->step - 1]) || found_no_address(d));
}

bool mobility_failed(const struct diagnosis *d)
{
    const struct step *word = mobility_last_word(d);

    if (d->signin->entered_mobility)
        return word && mobility_is_lost(d, word);
    return (word && word->http->response.status >= 400) || failed_on_the_way(d);
}
