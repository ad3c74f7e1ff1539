/* tails.c: discovery that a client repeats after it got in
 *
 * Clients ask for the discovery names again now and then, and fetch the root
 * once more without going further: nobody would call that a sign-in.  What
 * begins within a minute of a success is kept apart as its tail until it shows
 * what it is.  When it goes beyond discovery it is the next sign-in, when it
 * is somebody else's it is theirs; when it ends well before that, its steps
 * are appended to the sign-in that it followed.
 */
#include "model.h"

#include <string.h>

#define TAIL_WITHIN (60 * SECOND)

struct record *tail_begin(struct record *before, int64_t time_ns)
{
    struct record *fresh =
        store_begin(before->model, &before->signin.client.endpoint.address, time_ns);
    bool idle = time_ns - before->last_ns > TAIL_WITHIN;

    if (!fresh)
        return NULL;
    if (before->signin.closed || !before->signin.final_document || before->tail ||
        (idle && before->awaiting == 0)) {
        store_close(before);
    } else if (!idle) {
        fresh->tail_of = before;
        before->tail = fresh;
    }
    return fresh;
}

static void let_go(struct record *tail)
{
    tail->tail_of->tail = NULL;
    tail->tail_of = NULL;
}

static bool is_discovery(enum resource resource)
{
    return resource == RESOURCE_ROOT || resource == RESOURCE_DOMAIN || resource == RESOURCE_OTHER;
}

static bool is_somebody_else(const struct record *tail)
{
    const char *user = tail->signin.user, *before = tail->tail_of->signin.user;
    const char *domain = tail->signin.sip_domain, *domain_before = tail->tail_of->signin.sip_domain;

    return (user && before && strcmp(user, before) != 0) ||
           (domain && domain_before && strcmp(domain, domain_before) != 0);
}

void tail_settle(struct record *record, const struct step *step)
{
    struct record *before = record->tail_of;

    if (!before)
        return;
    if (is_somebody_else(record)) {
        let_go(record);
    } else if (!is_discovery(step->http->lync.resource)) {
        let_go(record);
        store_close(before);
    }
}

struct record *tail_choose(struct record *record, const struct sought *sought,
                           enum resource resource)
{
    bool begins = is_discovery(resource) || resource == RESOURCE_USER ||
                  resource == RESOURCE_OAUTH_USER || resource == RESOURCE_MEX ||
                  resource == RESOURCE_TICKET || resource == RESOURCE_OAUTH_TOKEN;

    return record->tail && begins && !correlate_was_given(record, sought) ? record->tail : record;
}

/* ---- the end ---- */

static bool went_well(const struct step *step)
{
    const char *domain;

    if (step->dns)
        return (step->dns->answered && step->dns->rcode == DNS_NOERROR) ||
               name_classify(step->dns->name, &domain) != NAME_DISCOVERY_EXTERNAL;
    if (step->tcp)
        return step->tcp->opened != OPENED_REFUSED && step->tcp->opened != OPENED_UNANSWERED;
    return !step->http || (step->http->response.present && step->http->response.status < 400);
}

static bool is_harmless(const struct record *tail)
{
    bool only_names = true, well = true;

    for (size_t i = 0; i < tail->signin.step_count; i++) {
        well &= went_well(tail->items[i]);
        only_names &= tail->items[i]->dns != NULL;
    }
    return well || (only_names && tail->signin.started_ns - tail->tail_of->last_ns < RETRY_PAUSE);
}

void tail_end(struct record *tail)
{
    struct record *before = tail->tail_of;
    bool joins = before && !before->doomed && before->adopted_count < ADOPTED_MAX &&
                 before->signin.step_count + tail->signin.step_count <= STEPS_MAX &&
                 !is_somebody_else(tail) && is_harmless(tail);

    if (!before)
        return;
    let_go(tail);
    if (!joins)
        return;
    for (size_t i = 0; i < tail->signin.step_count; i++)
        store_adopt_step(before, tail->items[i]);
    before->adopted[before->adopted_count++] = tail->signin.arena;
    before->awaiting += tail->awaiting;
    tail->signin.arena = NULL;
    tail->signin.step_count = 0;
    tail->absorbed_by = before;
    tail->doomed = true;
    tail->model->has_doomed = true;
}
