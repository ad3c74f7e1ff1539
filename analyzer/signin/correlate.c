/* correlate.c: to which sign-in an event belongs
 *
 * Within one client address the user decides, then the SIP domain, then the
 * host names a sign-in has met; the latest sign-in wins a tie.  A client that
 * begins again what it already did, after a pause and with nothing under way,
 * makes a new attempt.  From a look-up alone that is not certain: clients also
 * look a name up again before they try its other port.  Such an attempt stays
 * provisional until its first connection shows which of the two it is.
 */
#include "model.h"

#include <limits.h>
#include <string.h>

static bool user_fits(const struct record *record, const struct sought *sought, int *score)
{
    const char *at = sought->user ? strchr(sought->user, '@') : NULL;

    if (!sought->user)
        return true;
    if (record->signin.user) {
        *score += 100;
        return strcmp(record->signin.user, sought->user) == 0;
    }
    if (at && record->signin.sip_domain && strcmp(record->signin.sip_domain, at + 1) != 0)
        return false;
    *score += 50;
    return true;
}

static bool holds(struct slice body, struct slice ticket)
{
    for (size_t at = 0; ticket.length && at + ticket.length <= body.length; at++)
        if (slice_equals(slice_part(body, at, ticket.length), ticket))
            return true;
    return false;
}

/* The ticket that this sign-in was given. */
bool correlate_was_given(const struct record *record, const struct sought *sought)
{
    for (size_t i = 0; sought->ticket.length && i < record->signin.step_count; i++) {
        const struct http_exchange *http = record->items[i]->http;

        if (http &&
            (http->lync.response_document.kind == DOCUMENT_RSTR ||
             http->lync.response_document.kind == DOCUMENT_OAUTH_TOKEN) &&
            holds(http->response.body.kept, sought->ticket))
            return true;
    }
    return false;
}

static bool place_fits(struct record *record, const struct sought *sought, int *score)
{
    bool known = sought->host && store_host(record, slice_of_text(sought->host), false);

    if (known)
        *score += 30;
    if (sought->domain && record->signin.sip_domain) {
        if (strcmp(record->signin.sip_domain, sought->domain) != 0)
            return known && !sought->starts;
        *score += 20;
    }
    return true;
}

/* What a client asks for once it has this answer; several people behind one address are told apart
 * by it where their requests show nothing else. */
static bool is_next(const struct http_exchange *last, enum resource resource)
{
    bool refused = last->response.present && last->response.status == 401;

    switch (last->lync.resource) {
    case RESOURCE_ROOT:
    case RESOURCE_DOMAIN:
        return resource == RESOURCE_USER || resource == RESOURCE_OAUTH_USER ||
               resource == RESOURCE_ROOT;
    case RESOURCE_USER:
    case RESOURCE_OAUTH_USER:
        return refused ? resource == RESOURCE_MEX || resource == RESOURCE_TICKET ||
                             resource == RESOURCE_OAUTH_TOKEN
                       : resource == RESOURCE_APPLICATIONS || resource == RESOURCE_MCX;
    case RESOURCE_MEX:
        return resource == RESOURCE_TICKET;
    case RESOURCE_TICKET:
    case RESOURCE_OAUTH_TOKEN:
        return refused ? resource == last->lync.resource
                       : resource == RESOURCE_USER || resource == RESOURCE_OAUTH_USER;
    case RESOURCE_ROOT_TYPO:
    case RESOURCE_APPLICATIONS:
    case RESOURCE_APPLICATION:
    case RESOURCE_EVENTS:
    case RESOURCE_MCX:
    case RESOURCE_OTHER:
        break;
    }
    return false;
}

static bool awaits(const struct record *record, enum resource resource)
{
    for (size_t i = record->signin.step_count; resource != RESOURCE_OTHER && i-- > 0;)
        if (record->items[i]->http)
            return is_next(record->items[i]->http, resource);
    return false;
}

static int manner(const struct record *record, const struct sought *sought)
{
    struct slice agent = slice_of_text(record->signin.user_agent);
    int score = awaits(record, sought->resource) ? 2 : 0;

    if (agent.length && sought->agent.length)
        score += slice_equals(agent, sought->agent) ? 4 : -4;
    return score;
}

struct record *correlate_find(struct model *model, const struct sought *sought)
{
    struct client *client = store_client(model, sought->client, false);
    struct record *best = NULL;
    int best_score = INT_MIN;

    for (struct record *record = client ? client->records : NULL; record;
         record = record->next_of_client) {
        int score = 0;

        if (record->signin.closed || record->superseded)
            continue;
        if (correlate_was_given(record, sought))
            score += 200;
        score += manner(record, sought);
        if (user_fits(record, sought, &score) && place_fits(record, sought, &score) &&
            score > best_score) {
            best = record;
            best_score = score;
        }
    }
    return best;
}

struct record *correlate_find_or_begin(struct model *model, const struct sought *sought)
{
    struct record *record = correlate_find(model, sought);

    if (record || !sought->starts)
        return record;
    record = store_begin(model, sought->client, sought->time_ns);
    if (record && sought->domain)
        store_set_domain(record, slice_of_text(sought->domain));
    return record;
}

static bool has_fresh_lookup(const struct record *record, int64_t time_ns)
{
    for (const struct lookup *lookup = record->lookups; lookup; lookup = lookup->next)
        if (time_ns - lookup->dns->last_question.time_ns < LOOKUP_LIMIT)
            return true;
    return false;
}

bool correlate_is_again(const struct record *record, int64_t time_ns)
{
    if (record->refused && record->awaiting == 0)
        return true;
    return record->awaiting == 0 && time_ns - record->last_ns >= RETRY_PAUSE &&
           !has_fresh_lookup(record, time_ns);
}

static bool has_address(const struct record *record)
{
    for (const struct host *host = record->hosts; host; host = host->next)
        if (host->address_count > 0)
            return true;
    return false;
}

struct record *correlate_settle(struct record *record, const struct endpoint *server)
{
    struct record *before = record->again_after;
    bool continues;

    if (!before)
        return record;
    continues = before->tried_count > 0 ? !store_tried(before, server) : has_address(before);
    record->again_after = NULL;
    if (before->signin.closed || before->signin.final_document || !continues) {
        store_close(before);
        return record;
    }
    before->superseded = false;
    store_merge(before, record);
    return before;
}
