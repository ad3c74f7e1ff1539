/* connections.c: TCP connections, given to sign-ins
 *
 * A connection belongs to a sign-in when its client looked its server's
 * address up for that sign-in, when its TLS server name or its first request
 * says so, or, for one that failed before anything was known, when the same
 * client then shows at the same server that it is signing in.  Connections
 * that belong to nobody are remembered for a while in a table of fixed size.
 */
#include "model.h"

#include <string.h>

enum { ADOPT_WITHIN_S = 60, PORT_PUSH = 5223 };

/* ---- steps ---- */

struct party connections_server(struct record *record, const struct connection *connection)
{
    return (struct party){ .endpoint = connection->tcp.server,
                           .name = connection->name,
                           .role = relay_is_proxy(record->model, &connection->tcp.server.address)
                                       ? ROLE_PROXY
                                       : ROLE_SERVER };
}

/* A ClientHello without an answer is a failure once the server has closed. */
static bool tls_has_failed(const struct connection *connection)
{
    return connection->failed_tls &&
           (!connection->hello_unanswered ||
            (connection->state == CONNECTION_ENDED && connection->tcp.closed_by_server));
}

static bool has_failed(const struct connection *connection)
{
    return tls_has_failed(connection) ||
           (connection->state == CONNECTION_ENDED && (connection->tcp.opened == OPENED_REFUSED ||
                                                      connection->tcp.opened == OPENED_UNANSWERED));
}

static void fill_tcp_evidence(struct step *step, const struct connection *connection)
{
    const struct tcp_connection *tcp = &connection->tcp;
    struct evidence all[] = { connection->evidence, tcp->last_attempt, tcp->answer };

    step->evidence_count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].packet && (i == 0 || all[i].packet != all[i - 1].packet))
            step->evidence[step->evidence_count++] = all[i];
}

static void show_tcp(struct record *record, struct connection *connection)
{
    struct step step = { .time_ns = connection->evidence.time_ns,
                         .duration_ns = -1,
                         .stage = STAGE_TCP,
                         .leg = LEG_CLIENT,
                         .flow = connection->flow };

    if (connection->state == CONNECTION_OPENING)
        return;
    if (!connection->tcp_kept)
        connection->tcp_kept = arena_take(record->signin.arena, sizeof *connection->tcp_kept);
    if (!connection->tcp_kept)
        return;
    *connection->tcp_kept = connection->tcp;
    if (!connection->tcp_step) {
        step.leg = connection->internal ? LEG_INTERNAL : LEG_CLIENT;
        step.tcp = connection->tcp_kept;
        step.to = connections_server(record, connection);
        connection->tcp_step = store_add_step(record, &step);
    }
    if (!connection->tcp_step)
        return;
    fill_tcp_evidence(connection->tcp_step, connection);
    if (connection->tcp.answer.packet)
        connection->tcp_step->duration_ns =
            connection->tcp.answer.time_ns - connection->evidence.time_ns;
    describe_tcp(record, connection->tcp_step);
}

/* ---- attaching ---- */

/* A failed server is tried again while discovery has not got further, or discovery begins anew. */
static bool repeats_discovery(struct record *record, const struct connection *connection,
                              const struct tried *tried)
{
    struct host *host = store_host_at(record, &connection->tcp.server.address);
    const char *domain;

    if (tried->failed && !record->root_answered)
        return true;
    return record->root_answered && host && !host->linked &&
           name_is_discovery(name_classify(host->name, &domain));
}

/* A client that opens again what failed before, after a pause, makes a new attempt. */
static struct record *new_attempt(struct record *record, const struct connection *connection)
{
    const struct tried *tried = store_tried(record, &connection->tcp.server);
    struct record *fresh;

    if (!tried || !repeats_discovery(record, connection, tried) ||
        !correlate_is_again(record, connection->evidence.time_ns))
        return record;
    fresh = tail_begin(record, connection->evidence.time_ns);
    if (!fresh)
        return record;
    if (record->signin.sip_domain)
        store_set_domain(fresh, slice_of_text(record->signin.sip_domain));
    for (const struct host *known = record->hosts; known; known = known->next) {
        struct host *host = store_host(fresh, slice_of_text(known->name), true);

        for (size_t a = 0; host && a < known->address_count; a++)
            store_learn_address(fresh, host, &known->addresses[a]);
    }
    return fresh;
}

void connections_attach(struct connection *connection, struct record *record)
{
    struct host *host;

    if (connection->record == record)
        return;
    record = correlate_settle(record, &connection->tcp.server);
    if (!connection->hello && !connection->requests_seen)
        record = new_attempt(record, connection);
    connection->record = record;
    if (!connection->name) {
        host = store_host_at(record, &connection->tcp.server.address);
        connection->name = host ? host->name : NULL;
    }
    if (connection->state == CONNECTION_OPENING && !connection->awaited) {
        connection->awaited = true;
        record->awaiting++;
    }
    store_note_tried(record, &connection->tcp.server, has_failed(connection));
    store_touch(record, connection->evidence.time_ns);
    show_tcp(record, connection);
}

void connections_detach(struct connection *connection)
{
    struct record *record = connection->record;

    connections_stop_awaiting(connection);
    if (connection->tcp_step)
        store_drop_step(record, connection->tcp_step);
    for (size_t i = record->signin.step_count; i-- > 0;) /* a tunnel has two */
        if (record->items[i]->tls && record->items[i]->flow == connection->flow)
            store_drop_step(record, record->items[i]);
    connection->tcp_step = connection->tls_step = NULL;
    connection->tcp_kept = NULL;
    connection->tls_kept = NULL;
    connection->name = NULL;
    connection->record = NULL;
}

void connections_move(struct connection *connection, struct record *record)
{
    if (connection->record == record)
        return;
    if (connection->record)
        connections_detach(connection);
    connections_attach(connection, record);
}

/* Only the ports of the external web services count, unless its host is known to be a proxy, or has
 * the address that the client reached. */
static bool may_be_of_proxy(const struct model *model, const struct connection *c,
                            const struct exposure *exposure)
{
    const struct address *client = &c->tcp.client.address, *server = &c->tcp.server.address;

    return !address_equals(client, exposure->client) && !address_equals(server, exposure->server) &&
           !servers_is_front_end(model, client) &&
           (relay_is_pool_port(c->tcp.server.port) || relay_is_proxy(model, client) ||
            address_equals(client, exposure->server));
}

struct connection *connections_failed_between(struct model *model, const struct exposure *exposure)
{
    struct connection *best = NULL;

    for (struct connection *c = model->newest; c; c = c->older) {
        int64_t time_ns = c->evidence.time_ns;

        if (c->record || (!has_failed(c) && c->state != CONNECTION_OPENING) ||
            time_ns < exposure->from_ns || time_ns > exposure->to_ns ||
            !may_be_of_proxy(model, c, exposure))
            continue;
        if (!best || time_ns > best->evidence.time_ns)
            best = c;
    }
    return best;
}

bool connections_is_proven(const struct connection *connection)
{
    return tls_has_failed(connection) || connection->tcp.opened == OPENED_REFUSED ||
           connection->tcp.attempts >= 3;
}

bool connections_is_silent(const struct connection *connection)
{
    return connection->failed_tls && !connection->hello_unanswered &&
           !connection->failed_tls->not_tls.packet &&
           connection->failed_tls->alert_level != TLS_FATAL;
}

/* A health check that only connects carries nothing. */
static bool has_carried(const struct connection *c)
{
    return c->state == CONNECTION_OPEN ||
           (c->state == CONNECTION_ENDED && c->tcp.client_bytes > 0 && c->tcp.server_bytes > 0);
}

bool connections_pool_was_reached(const struct model *model, const struct exposure *exposure)
{
    for (const struct connection *c = model->newest; c; c = c->older)
        if (!has_failed(c) && has_carried(c) && may_be_of_proxy(model, c, exposure) &&
            c->evidence.time_ns <= exposure->to_ns && c->last_ns >= exposure->from_ns)
            return true;
    return false;
}

bool connections_has_other_way(struct model *model, const struct connection *failed)
{
    for (const struct connection *c = model->newest; c; c = c->older)
        if (c != failed && !has_failed(c) && c->state != CONNECTION_OPENING &&
            address_equals(&c->tcp.client.address, &failed->tcp.client.address) &&
            c->tcp.server.port == failed->tcp.server.port)
            return true;
    return false;
}

bool connections_share_time(struct model *model, const struct connection *encrypted)
{
    for (const struct connection *c = model->newest; c; c = c->older)
        if (c->record && c->record != encrypted->record && c->hello && c->state != CONNECTION_ENDED)
            return true;
    return false;
}

void connections_show_internal(struct record *record, struct connection *connection)
{
    int64_t started_ns = record->signin.started_ns; /* a health check may come before it */

    if (connection->state == CONNECTION_OPENING) { /* the proxy gave up before the clock did */
        connection->state = CONNECTION_ENDED;
        connection->tcp.opened = OPENED_UNANSWERED;
    }
    connection->record = record;
    connection->internal = true;
    show_tcp(record, connection);
    if (tls_has_failed(connection))
        connections_show_tls(record, connection, connection->failed_tls);
    record->signin.started_ns = started_ns;
}

/* The port of Apple's push service is no step of a sign-in, but a client of Lync 2010 needs it. */
static void note_push(struct record *record, const struct connection *connection)
{
    const struct tcp_connection *tcp = &connection->tcp;

    if (tcp->server.port != PORT_PUSH || !connections_is_proven(connection))
        return;
    record->signin.push_blocked = tcp->answer.packet         ? tcp->answer
                                  : tcp->last_attempt.packet ? tcp->last_attempt
                                                             : connection->evidence;
    record->signin.push_server = tcp->server;
    record->signin.changed = true;
}

static void note_push_for_client(struct model *model, const struct connection *connection)
{
    struct client *client = store_client(model, &connection->tcp.client.address, false);

    for (struct record *record = client ? client->records : NULL; record;
         record = record->next_of_client)
        note_push(record, connection);
}

void connections_adopt(struct record *record, const struct address *server)
{
    struct model *model = record->model;
    const struct address *client = &record->signin.client.endpoint.address;

    for (struct connection *c = model->newest; c; c = c->older) {
        if (model->now_ns - c->last_ns > ADOPT_WITHIN_S * SECOND)
            return;
        if (c->record || !has_failed(c) || !address_equals(&c->tcp.client.address, client))
            continue;
        if (address_equals(&c->tcp.server.address, server))
            connections_attach(c, record);
        else
            note_push(record, c);
    }
}

/* ---- TCP events ---- */

static struct record *find_by_address(struct model *model, const struct connection *connection)
{
    struct client *client = store_client(model, &connection->tcp.client.address, false);

    for (struct record *record = client ? client->records : NULL; record;
         record = record->next_of_client)
        if (!record->signin.closed && store_host_at(record, &connection->tcp.server.address))
            return record;
    return NULL;
}

static void end_connection(struct model *model, struct connection *connection)
{
    struct record *record = connection->record;

    if (record && connection->hello && connection->state == CONNECTION_OPEN)
        relay_blame_behind(connection);
    connection->state = CONNECTION_ENDED;
    connections_stop_awaiting(connection);
    if (connection->hello_unanswered && tls_has_failed(connection))
        relay_blame_late(model, connection);
    record = connection->record;
    if (record) {
        show_tcp(record, connection);
        if (has_failed(connection) && !connection->internal)
            store_note_tried(record, &connection->tcp.server, true);
        store_touch(record, connection->tcp.answer.packet ? connection->tcp.answer.time_ns
                                                          : record->last_ns);
    }
    if (!record && has_failed(connection))
        note_push_for_client(model, connection);
    /* A failed one may still explain what a proxy answers, a good one to a pool that it had a way.
     */
    if (record || (!has_failed(connection) && !relay_is_pool_port(connection->tcp.server.port)))
        connections_remove(model, connection);
}

void connections_receive(struct model *model, const struct event *event)
{
    struct connection *connection = connections_find_or_add(model, event);
    struct record *record;

    if (!connection)
        return;
    connection->tcp = event->tcp;
    servers_note_connection(model, event);
    if (event->kind == EVENT_CONNECTED) {
        connection->state = CONNECTION_OPEN;
        connections_stop_awaiting(connection);
    }
    if (!connection->record) {
        record = find_by_address(model, connection);
        if (event->kind == EVENT_CONNECTION)
            connection->state = CONNECTION_ENDED;
        if (record)
            connections_attach(connection, record);
    }
    if (event->kind == EVENT_CONNECTION) {
        end_connection(model, connection);
        return;
    }
    if (connection->record) {
        show_tcp(connection->record, connection);
        store_touch(connection->record, event->noticed_ns);
    }
}
