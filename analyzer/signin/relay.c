/* relay.c: the two legs of a reverse proxy as one step, and what the proxy did in between
 *
 * relay_match.c finds out which two belong together.  A proxy that answers 502,
 * 503 or 504 by itself, or only hangs up, tried its pool before: that failed
 * connection is shown where it explains the answer.
 */
#include "model.h"

#include "lyncscope/text.h"

#include <string.h>

enum { ENCRYPTED_LOOKED_AT_MAX = 4096 };
#define CHECKED_BEFORE (30 * SECOND)

/* ---- proxies ---- */

bool relay_is_proxy(const struct model *model, const struct address *address)
{
    for (size_t i = 0; i < model->config.proxy_count; i++)
        if (address_equals(&model->config.proxies[i], address))
            return true;
    for (size_t i = 0; i < model->proxy_count; i++)
        if (address_equals(&model->proxies[i], address))
            return true;
    return false;
}

void relay_learn_proxy(struct model *model, const struct address *address)
{
    if (model->proxy_count < PROXIES_MAX && !relay_is_proxy(model, address))
        model->proxies[model->proxy_count++] = *address;
}

/* ---- what the proxy changed ---- */

struct changes {
    struct record *record;
    const char **list;
    size_t count;
};

enum { CHANGES_MAX = 24 };

static void add_change(struct changes *changes, struct text *text)
{
    const char *line =
        arena_text(changes->record->signin.arena, slice_of(text_string(text), text_length(text)));

    text_release(text);
    if (line && changes->count < CHANGES_MAX)
        changes->list[changes->count++] = line;
}

static void compare_texts(struct changes *changes, const char *what, struct slice outer,
                          struct slice inner)
{
    struct text text = { 0 };

    if (slice_equals(outer, inner))
        return;
    text_print(&text, "%s ", what);
    text_add_slice(&text, outer);
    text_add(&text, " -> ");
    text_add_slice(&text, inner);
    add_change(changes, &text);
}

/* Names only: values may be secret, and each hop may reformat them. */
static void compare_headers(struct changes *changes, const char *what, const struct header *from,
                            size_t from_count, const struct header *to, size_t to_count)
{
    for (size_t i = 0; i < from_count; i++) {
        struct text text = { 0 };
        bool found = false;

        for (size_t k = 0; k < to_count && !found; k++)
            found = slice_equals_nocase(to[k].name, from[i].name);
        if (found)
            continue;
        text_print(&text, "%s ", what);
        text_add_slice(&text, from[i].name);
        add_change(changes, &text);
    }
}

static void compare(struct changes *changes, const struct http_exchange *inner,
                    const struct http_exchange *outer)
{
    const struct http_request *asked = &outer->request, *passed = &inner->request;
    const struct http_response *got = &inner->response, *sent = &outer->response;

    compare_texts(changes, "Host", asked->host, passed->host);
    compare_texts(changes, "method", asked->method, passed->method);
    compare_texts(changes, "target", asked->target, passed->target);
    compare_headers(changes, "request header dropped:", asked->headers, asked->header_count,
                    passed->headers, passed->header_count);
    compare_headers(changes, "request header added:", passed->headers, passed->header_count,
                    asked->headers, asked->header_count);
    if (!got->present || !sent->present)
        return;
    if (got->status != sent->status) {
        struct text text = { 0 };

        text_print(&text, "status %u -> %u", got->status, sent->status);
        add_change(changes, &text);
    }
    compare_headers(changes, "response header dropped:", got->headers, got->header_count,
                    sent->headers, sent->header_count);
    compare_headers(changes, "response header added:", sent->headers, sent->header_count,
                    got->headers, got->header_count);
}

const struct relay *relay_make(struct record *record, const struct http_exchange *inner,
                               const struct http_exchange *outer)
{
    struct arena *arena = record->signin.arena;
    struct relay *relay = arena_take(arena, sizeof *relay);
    struct changes changes = { .record = record,
                               .list = arena_take(arena, CHANGES_MAX * sizeof(char *)) };

    if (!relay || !changes.list)
        return NULL;
    compare(&changes, inner, outer);
    relay->http = copy_http(arena, inner);
    relay->from = (struct party){ .endpoint = inner->client, .role = ROLE_PROXY };
    relay->to = (struct party){ .endpoint = inner->server,
                                .name = copy_lower(arena, inner->lync.server_fqdn),
                                .role = ROLE_FRONT_END };
    relay->time_ns = inner->request.evidence.time_ns;
    relay->duration_ns = inner->response.present
                             ? inner->response.evidence.time_ns - inner->request.evidence.time_ns
                             : -1;
    relay->status = inner->response.present ? inner->response.status : 0;
    relay->changes = changes.list;
    relay->change_count = changes.count;
    relay->evidence[relay->evidence_count++] = inner->request.evidence;
    if (inner->response.present)
        relay->evidence[relay->evidence_count++] = inner->response.evidence;
    return relay;
}

/* ---- the failed backend ---- */

static void blame(struct record *record, struct connection *failed,
                  const struct address *outer_server)
{
    relay_learn_proxy(record->model, &failed->tcp.client.address);
    relay_learn_proxy(record->model, outer_server);
    connections_show_internal(record, failed);
}

/* 502, 503 or 504, and not from Lync's own web server behind the proxy. */
static bool is_gateway_error(const struct http_exchange *http)
{
    return http->response.present && http->response.status >= 502 && http->response.status <= 504 &&
           !http->lync.server_fqdn.length && !http->lync.diagnostics.id.length;
}

/* A proxy that answers 502, 503 or 504 by itself, or just hangs up, tried its pool in between.
 * Where its pool was reached all the same, only a failure that is one by itself explains an error
 * at once. */
void relay_blame_backend(struct record *record, const struct step *step)
{
    const struct http_exchange *http = step->http;
    bool gateway = is_gateway_error(http);
    struct exposure exposure = {
        .from_ns = step->time_ns,
        .to_ns = step->time_ns + (step->duration_ns > 0 ? step->duration_ns : 30 * SECOND),
        .client = &http->client.address,
        .server = &http->server.address,
    };
    struct connection *failed;
    bool explains;

    if (step->relay || (http->response.present && !gateway))
        return;
    failed = connections_failed_between(record->model, &exposure);
    if (!failed && gateway && http->response.status == 503) { /* it knew before: health checks */
        exposure.from_ns -= CHECKED_BEFORE;
        failed = connections_failed_between(record->model, &exposure);
        if (failed && connections_pool_was_reached(record->model, &exposure))
            return;
    }
    if (!failed || (!gateway && !connections_is_proven(failed)))
        return;
    explains = gateway && http->response.status != 504 && connections_is_proven(failed) &&
               !connections_is_silent(failed);
    if (explains || !connections_pool_was_reached(record->model, &exposure))
        blame(record, failed, &http->server.address);
}

/* The answer to the client may come before the proxy's connection to its pool has ended. */
void relay_blame_late(struct model *model, const struct connection *failed)
{
    enum { STEPS_LOOKED_AT = 8 };
    unsigned looked_at = 0;

    for (struct connection *c = model->newest; c && looked_at < ENCRYPTED_LOOKED_AT_MAX;
         c = c->older) {
        struct record *record = c->record;
        size_t count = record ? record->signin.step_count : 0;

        looked_at++;
        for (size_t i = 0; i < count && i < STEPS_LOOKED_AT && !failed->record; i++) {
            const struct step *step = record->items[count - 1 - i];

            if (step->http && step->http->response.present && !record->signin.closed)
                relay_blame_backend(record, step);
        }
    }
}

bool relay_is_pool_port(uint16_t port)
{
    return port == 4443 || port == 8080;
}

static bool was_read(const struct connection *encrypted)
{
    const struct record *record = encrypted->record;

    for (size_t i = 0; i < record->signin.step_count; i++)
        if (record->items[i]->http && record->items[i]->flow == encrypted->flow)
            return true;
    return false;
}

/* What the client got cannot be read: only when that host had no other way, nobody else reached the
 * pool, and no other sign-in can be meant. */
void relay_blame_behind(struct connection *encrypted)
{
    struct record *record = encrypted->record;
    struct model *model = record->model;
    struct exposure exposure = {
        .from_ns = encrypted->evidence.time_ns,
        .to_ns = model->now_ns,
        .client = &encrypted->tcp.client.address,
        .server = &encrypted->tcp.server.address,
    };
    struct connection *failed = connections_failed_between(model, &exposure);

    if (!failed || !connections_is_proven(failed) || was_read(encrypted) ||
        relay_is_client_itself(model, &failed->tcp.client.address) ||
        connections_has_other_way(model, failed) ||
        connections_pool_was_reached(model, &exposure) || connections_share_time(model, encrypted))
        return;
    blame(record, failed, exposure.server);
}
