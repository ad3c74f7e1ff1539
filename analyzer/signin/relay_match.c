/* relay_match.c: which request of a client is the one that the proxy passes on
 *
 * The same request is seen from the client to the proxy and again from the
 * proxy to the pool.  When the inner one begins it is given to the outer one
 * that agrees best: method and target, X-Forwarded-For, Host, a proxy already
 * known, then the headers that proxies leave alone, tickets above all.  Many
 * clients at once may still look alike, so that it is weighed again when the
 * outer one has been answered: bodies and times must fit, and inner legs that
 * were given to one another's requests are exchanged.  An inner leg is kept
 * for that until its outer one is answered.
 *
 * Where the outer leg is encrypted and unread, the client's connection with
 * that server name takes its place, provided that only one sign-in comes into
 * question.
 */
#include "model.h"

#include <string.h>

enum {
    ENCRYPTED_LOOKED_AT_MAX = 4096,
    LINE_LOOKED_AT_MAX = 512,
    BODY_WEIGHT = 8,
    JOINS_CERTAIN = 3
};

/* ---- what proxies leave alone ---- */

static const char *const kept_headers[TRAITS] = {
    "X-MS-WebTicket", "Authorization", "Cookie",         "User-Agent",      "Content-Type",
    "Accept",         "SOAPAction",    "Content-Length", "Accept-Language",
};

void relay_note_traits(struct pending *pending, const struct http_request *request)
{
    for (size_t i = 0; i < TRAITS; i++) {
        struct slice value = header_value(request->headers, request->header_count, kept_headers[i]);
        uint64_t hash = value.length ? table_hash(value.data, value.length) : 0;

        pending->traits[i] = (uint32_t)(hash ^ hash >> 32);
    }
}

static int shared_traits(const struct pending *inner, const struct pending *outer)
{
    int shared = 0;

    for (size_t i = 0; i < TRAITS; i++)
        if (inner->traits[i] || outer->traits[i])
            shared += inner->traits[i] == outer->traits[i] ? 1 : -1;
    return shared;
}

/* ---- the outer request ---- */

bool relay_forwarded_for(const struct http_request *request, struct address *address)
{
    struct slice value = header_value(request->headers, request->header_count, "X-Forwarded-For");

    value = slice_trim(slice_part(value, 0, slice_find_byte(value, ',')));
    return address_parse(value, address);
}

bool relay_is_client_itself(struct model *model, const struct address *address)
{
    struct client *client = store_client(model, address, false);

    for (struct record *record = client ? client->records : NULL; record;
         record = record->next_of_client)
        if (record->asked_internal || record->asked_external)
            return true;
    return false;
}

/* 0: not the same request; more: the more agrees. */
static int agreement(const struct model *model, const struct pending *inner,
                     const struct pending *outer)
{
    bool same_host = strcmp(inner->host, outer->host) == 0;
    bool own_address = address_equals(&outer->server.address, &inner->client.address);
    bool known = relay_is_proxy(model, &inner->client.address);
    int traits = 2 * TRAITS + shared_traits(inner, outer);

    if (outer == inner || outer->outer || outer->outer_record ||
        outer->key.flow == inner->key.flow || outer->time_ns > inner->time_ns)
        return 0;
    if (address_equals(&outer->client.address, &inner->client.address) ||
        address_equals(&outer->server.address, &inner->server.address))
        return 0;
    if (inner->forwarded.family)
        return address_equals(&inner->forwarded, &outer->client.address) ? traits : 0;
    if (!same_host && !own_address && !known)
        return 0;
    return (4 * same_host + 2 * own_address + known) * 4 * TRAITS + traits;
}

static struct pending *find_clear_outer(struct model *model, const struct pending *inner)
{
    struct pending *best = NULL;
    struct line *line;
    unsigned looked_at = 0;
    int best_agreement = 0;

    HASH_FIND(hh, model->lines, &inner->line, sizeof inner->line, line);
    for (struct pending *outer = line ? line->first : NULL; outer && looked_at < LINE_LOOKED_AT_MAX;
         outer = outer->next_on_line) {
        int agrees = outer->inner ? 0 : agreement(model, inner, outer);

        looked_at++;
        /* The list has the latest first; of equals the one that waits longest is served first. */
        if (agrees > 0 && agrees >= best_agreement) {
            best = outer;
            best_agreement = agrees;
        }
    }
    return best;
}

/* Sets `*any` where there is one that comes into question, or several. */
static struct record *find_encrypted_outer(struct model *model, const struct pending *inner,
                                           bool *any)
{
    struct record *found = NULL;
    unsigned looked_at = 0;

    *any = false;
    for (struct connection *c = model->newest; c && looked_at < ENCRYPTED_LOOKED_AT_MAX;
         c = c->older) {
        looked_at++;
        if (!c->record || c->record->signin.closed || !c->hello || c->state == CONNECTION_ENDED ||
            !c->name || strcmp(c->name, inner->host) != 0 ||
            address_equals(&c->tcp.client.address, &inner->client.address) ||
            address_equals(&c->tcp.server.address, &inner->server.address))
            continue;
        if (inner->forwarded.family && !address_equals(&inner->forwarded, &c->tcp.client.address))
            continue;
        *any = true;
        if (found && found != c->record)
            return NULL; /* more than one sign-in comes into question: no guess */
        found = c->record;
    }
    return found;
}

/* From the traffic: who is named by the user need not have its other side in the capture. */
static bool is_learned(const struct model *model, const struct address *address)
{
    for (size_t i = 0; i < model->proxy_count; i++)
        if (address_equals(&model->proxies[i], address))
            return true;
    return false;
}

void relay_find_outer(struct model *model, struct pending *inner, const struct event *event)
{
    struct connection *own = connections_find(model, inner->key.flow);
    bool any;

    relay_forwarded_for(&event->http.request, &inner->forwarded);
    if (own && own->record && !own->internal && !relay_is_proxy(model, &inner->client.address))
        return; /* a connection that the client itself made for its sign-in */
    if (!inner->forwarded.family && relay_is_client_itself(model, &inner->client.address))
        return;
    inner->outer = find_clear_outer(model, inner);
    if (inner->outer) {
        inner->outer->inner = inner;
        model->clear_joins++;
        relay_learn_proxy(model, &inner->client.address);
        relay_learn_proxy(model, &inner->outer->server.address);
        return;
    }
    inner->outer_record = find_encrypted_outer(model, inner, &any);
    inner->stray = !any && !inner->forwarded.family && model->clear_joins >= JOINS_CERTAIN &&
                   is_learned(model, &inner->client.address);
    if (inner->outer_record)
        relay_learn_proxy(model, &inner->client.address);
}

/* ---- weighed again ---- */

static bool is_same_body(const struct http_body *a, const struct http_body *b)
{
    return a->bytes == b->bytes && slice_equals(a->kept, b->kept);
}

/* -1 where it is certainly not the same exchange. */
static int fit(const struct pending *inner, const struct http_exchange *outer)
{
    const struct http_exchange *http = inner->http;
    int fits = 1;

    if (!http || http->request.evidence.time_ns < outer->request.evidence.time_ns)
        return -1;
    if (http->request.body.complete && outer->request.body.complete)
        fits += is_same_body(&http->request.body, &outer->request.body) ? BODY_WEIGHT : 0;
    if (!http->response.present || !outer->response.present)
        return fits;
    if (http->response.evidence.time_ns > outer->response.evidence.time_ns)
        return -1;
    return fits + (http->response.status == outer->response.status) +
           is_same_body(&http->response.body, &outer->response.body);
}

/* Requests pass through in their order, mostly. */
static bool is_crossed(const struct pending *outer, const struct pending *inner,
                       const struct pending *other)
{
    return (outer->time_ns < other->time_ns) != (inner->time_ns < other->inner->time_ns);
}

/* It agrees as well with this request as with the one it was given to. */
static bool may_be_exchanged(const struct model *model, const struct pending *outer,
                             const struct pending *other)
{
    return outer->key.flow != other->key.flow &&
           agreement(model, other->inner, outer) >= agreement(model, other->inner, other);
}

static bool is_refuted(const struct pending *inner, const struct http_exchange *outer)
{
    return inner->http && inner->http->request.body.complete && outer->request.body.complete &&
           !is_same_body(&inner->http->request.body, &outer->request.body);
}

bool relay_settle_inner(struct model *model, struct pending *outer,
                        const struct http_exchange *exchange)
{
    struct pending *best = outer;
    struct pending *inner = outer->inner;
    struct line *line;
    unsigned looked_at = 0;
    int best_fit = inner ? fit(inner, exchange) : -1;

    HASH_FIND(hh, model->lines, &outer->line, sizeof outer->line, line);
    for (struct pending *other = line ? line->first : NULL;
         inner && other && looked_at++ < LINE_LOOKED_AT_MAX; other = other->next_on_line) {
        int fits = other == outer || !other->inner ? -1 : fit(other->inner, exchange);

        if (fits < 0 || fits < best_fit ||
            (fits == best_fit && !is_crossed(outer, best->inner, other)) ||
            !may_be_exchanged(model, outer, other))
            continue;
        best = other;
        best_fit = fits;
    }
    if (best == outer)
        return !inner || !is_refuted(inner, exchange);
    outer->inner = best->inner;
    best->inner = inner;
    outer->inner->outer = outer;
    inner->outer = best;
    return true;
}
