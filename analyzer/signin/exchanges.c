/* exchanges.c: HTTP requests and their answers, given to sign-ins
 *
 * The complete exchange, with all it shows, finds its sign-in and becomes a
 * step, or the relay of one.
 */
#include "model.h"

#include "learn.h"

#include <string.h>

/* ---- whose it is ---- */

static bool may_start(struct model *model, const struct http_exchange *exchange,
                      const struct connection *connection)
{
    /* Only the server's side was captured; an answer at the very start of a capture is no sign-in,
     * nor is one that a proxy got to a request that is missing. */
    if (!exchange->request.present)
        return connection && !relay_is_proxy(model, &exchange->client.address) &&
               connection->tcp.opened == OPENED_SYN &&
               (exchange->lync.response_document.kind == DOCUMENT_AUTODISCOVER ||
                exchange->lync.web_ticket_url.length > 0);
    switch (exchange->lync.resource) {
    case RESOURCE_ROOT:
    case RESOURCE_DOMAIN:
    case RESOURCE_USER:
    case RESOURCE_OAUTH_USER:
    case RESOURCE_ROOT_TYPO:
    case RESOURCE_TICKET:
    case RESOURCE_MEX:
    case RESOURCE_OAUTH_TOKEN:
    case RESOURCE_APPLICATIONS:
    case RESOURCE_MCX:
        return true;
    case RESOURCE_OTHER:
    case RESOURCE_APPLICATION:
    case RESOURCE_EVENTS:
        break;
    }
    return false;
}

/* Discovery from its beginning, not by following a link. */
static bool begins_anew(struct record *record, const struct http_exchange *exchange)
{
    struct host *host = store_host(record, exchange->request.host, false);

    return exchange->lync.resource == RESOURCE_ROOT && record->root_answered &&
           (record->signin.final_document || !host || !host->linked);
}

static bool comes_again(const struct record *record, const struct pending *pending,
                        const struct event *event)
{
    if (record->refused || (pending && pending->record == record))
        return record->refused || pending->again;
    if (record->signin.final_document) /* what it still awaits is beyond discovery */
        return event->evidence.time_ns - record->last_ns >= RETRY_PAUSE;
    return correlate_is_again(record, event->evidence.time_ns);
}

/* Its connection was given to that sign-in, but nothing that it said is of it for certain: several
 * people may be behind the address. */
static bool is_only_near(const struct record *record, const struct connection *connection,
                         const struct sought *sought)
{
    if (!record->client || (record->client->records == record && !record->next_of_client))
        return false;
    if (sought->ticket.length > 0)
        return !correlate_was_given(record, sought);
    return connection && !connection->requests_seen && !sought->user;
}

static struct record *find_own(struct model *model, const struct event *event,
                               struct pending *pending)
{
    const struct http_exchange *exchange = &event->http;
    struct connection *connection = connections_find(model, event->flow);
    struct address client = exchange->client.address;
    char user[256], domain[256], host[256];
    struct sought sought = { .client = &client, .time_ns = event->evidence.time_ns };
    struct record *record = connection ? connection->record : NULL;

    relay_forwarded_for(&exchange->request, &client);
    sought.user = learn_user(exchange, user, sizeof user) ? user : NULL;
    sought.domain = learn_domain(exchange, sought.user, domain, sizeof domain) ? domain : NULL;
    sought.host = learn_host_name(exchange->request.host, host, sizeof host) ? host : NULL;
    sought.ticket = learn_ticket(exchange);
    sought.agent =
        header_value(exchange->request.headers, exchange->request.header_count, "User-Agent");
    sought.resource = exchange->request.present ? exchange->lync.resource : RESOURCE_OTHER;
    sought.starts = may_start(model, exchange, connection) && !(pending && pending->stray);
    if (record && sought.user && record->signin.user &&
        strcmp(record->signin.user, sought.user) != 0)
        record = NULL; /* another person on the same address, or a proxy's shared connection */
    if (!record || is_only_near(record, connection, &sought))
        record = correlate_find(model, &sought);
    if (record)
        record = tail_choose(record, &sought, exchange->lync.resource);
    if (record && begins_anew(record, exchange) && comes_again(record, pending, event))
        record = tail_begin(record, sought.time_ns);
    return record ? record : correlate_find_or_begin(model, &sought);
}

/* ---- steps ---- */

/* Nothing of the server's side was captured: the answer is missing here, not on the wire. */
static bool sees_client_only(struct model *model, const struct event *event)
{
    struct connection *connection = connections_find(model, event->flow);

    return !event->http.response.present && connection && connection->tcp.client_only;
}

static const struct http_exchange *keep_exchange(struct record *record, const struct event *event)
{
    struct http_exchange exchange = event->http;

    if (sees_client_only(record->model, event))
        exchange.ending = HTTP_UNKNOWN;
    return copy_http(record->signin.arena, &exchange);
}

static struct step *add_http_step(struct record *record, const struct event *event, enum leg leg)
{
    const struct http_exchange *exchange = keep_exchange(record, event);

    struct host *host = store_host(record, event->http.request.host, false);
    struct step step = { .time_ns = event->evidence.time_ns,
                         .duration_ns = -1,
                         .leg = leg,
                         .flow = event->flow,
                         .http = exchange,
                         .evidence = { event->evidence },
                         .evidence_count = 1 };
    struct step *added;

    if (!exchange)
        return NULL;
    step.from = (struct party){ .endpoint = exchange->client,
                                .role = leg == LEG_INTERNAL ? ROLE_PROXY : ROLE_CLIENT };
    step.to = (struct party){ .endpoint = exchange->server,
                              .name = host ? host->name : NULL,
                              .role = leg == LEG_INTERNAL ? ROLE_FRONT_END : ROLE_SERVER };
    if (leg != LEG_INTERNAL && relay_is_proxy(record->model, &exchange->server.address))
        step.to.role = ROLE_PROXY;
    if (exchange->request.present && exchange->response.present) {
        step.evidence[step.evidence_count++] = exchange->response.evidence;
        step.duration_ns = exchange->response.evidence.time_ns - event->evidence.time_ns;
    }
    if (!exchange->response.present && exchange->ending != HTTP_NO_ANSWER &&
        exchange->ending != HTTP_UNKNOWN)
        step.silence_ns = event->noticed_ns - event->evidence.time_ns;
    added = store_add_step(record, &step);
    if (added)
        describe_http(record, added);
    return added;
}

static void add_relay(struct record *record, struct step *step, const struct http_exchange *inner)
{
    if (!step || step->relay)
        return;
    step->relay = relay_make(record, inner, step->http);
    step->to.role = ROLE_PROXY;
    store_touch(record, record->last_ns);
}

/* The inner leg of a request whose outer leg is known. True: it waits for that one's answer. */
static bool receive_inner(struct model *model, struct pending *inner, const struct event *event)
{
    struct step *step;

    if (inner->outer) {
        inner->kept = arena_create(model->config.budget, 4 << 20);
        inner->http = inner->kept ? copy_http(inner->kept, &event->http) : NULL;
        return inner->http != NULL;
    }
    if (inner->outer_step) {
        add_relay(inner->outer_record, inner->outer_step, &event->http);
        return false;
    }
    step = add_http_step(inner->outer_record, event, LEG_INTERNAL);
    if (step)
        learn_from(inner->outer_record, step);
    return false;
}

/* The outer exchange is complete. */
static void join_inner(struct model *model, struct pending *outer, struct record *record,
                       struct step *step)
{
    struct pending *inner;

    bool fits = relay_settle_inner(model, outer, step->http);

    inner = outer->inner;
    if (!inner)
        return;
    if (inner->http) {
        if (fits)
            add_relay(record, step, inner->http);
        pending_remove(model, inner);
        return;
    }
    inner->outer_record = record;
    inner->outer_step = step;
}

static bool is_proxys_own(struct model *model, const struct event *event)
{
    struct address forwarded;

    return relay_is_proxy(model, &event->http.client.address) ||
           relay_forwarded_for(&event->http.request, &forwarded);
}

static void receive_own(struct model *model, struct pending *pending, const struct event *event)
{
    struct record *record = find_own(model, event, pending);
    struct connection *connection = connections_find(model, event->flow);
    enum leg leg = is_proxys_own(model, event) ? LEG_INTERNAL : LEG_CLIENT;
    struct step *step;

    if (!record)
        return;
    record = correlate_settle(record, &event->http.server);
    if (leg == LEG_CLIENT)
        learn_server(record, &event->http);
    if (connection && leg == LEG_CLIENT && (!connection->requests_seen || !connection->record))
        connections_move(connection, record);
    if (connection)
        connection->requests_seen = true;
    step = add_http_step(record, event, leg);
    if (!step)
        return;
    if (pending)
        join_inner(model, pending, record, step);
    learn_from(record, step);
    tail_settle(record, step);
    if (leg == LEG_CLIENT)
        connections_adopt(record, &event->http.server.address);
    relay_blame_backend(record, step);
}

void exchanges_receive(struct model *model, const struct event *event)
{
    struct pending *pending = pending_find(model, event);
    enum service service = event->http.lync.service;
    bool inner = pending && (pending->outer || pending->outer_record);
    bool waits = false;

    servers_note_exchange(model, &event->http, inner);
    if (service != SERVICE_EXCHANGE_AUTODISCOVER && service != SERVICE_CMS_REPLICATION) {
        if (inner)
            waits = receive_inner(model, pending, event);
        else
            receive_own(model, pending, event);
    }
    if (pending && !waits)
        pending_remove(model, pending);
}
