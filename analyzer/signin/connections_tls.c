/* connections_tls.c: what TLS tells of a connection: whose it is, and how it went
 *
 * A session that failed on a connection of nobody's is remembered: it may be
 * the proxy's own, and explain what its client got.
 */
#include "model.h"

#include <string.h>

/* The chains of a site's few servers are kept once for all sign-ins; those of many strangers by
 * each sign-in that met them. NULL: there are too many, or no memory. */
static const struct certificate_chain *shared_chain(struct model *model,
                                                    const struct certificate_chain *chain)
{
    const struct certificate_chain *copy;

    for (size_t i = 0; i < model->chain_count; i++)
        if (copy_is_same_chain(model->chains[i], chain))
            return model->chains[i];
    if (model->chain_count == CHAINS_SHARED_MAX)
        return NULL;
    if (!model->chain_arena)
        model->chain_arena = arena_create(model->config.budget, 0);
    copy = model->chain_arena ? copy_chain(model->chain_arena, chain) : NULL;
    if (copy)
        model->chains[model->chain_count++] = copy;
    return copy;
}

/* A chain that the sign-in met before, or another one. */
static const struct certificate_chain *known_chain(const struct record *record,
                                                   const struct certificate_chain *chain)
{
    const struct certificate_chain *shared = chain ? shared_chain(record->model, chain) : NULL;

    if (shared)
        return shared;
    for (size_t i = 0; chain && i < record->signin.step_count; i++) {
        const struct tls_session *tls = record->items[i]->tls;

        if (tls && copy_is_same_chain(tls->chain, chain))
            return tls->chain;
    }
    return NULL;
}

static void fill_evidence(struct step *step, const struct tls_session *tls)
{
    step->evidence[0] = tls->hello;
    step->evidence_count = 1;
    if (tls->alert != TLS_NO_ALERT && tls->alert_evidence.packet)
        step->evidence[step->evidence_count++] = tls->alert_evidence;
}

static bool is_same(const struct evidence *a, const struct evidence *b)
{
    return a->packet == b->packet && a->input == b->input;
}

/* In a tunnel through a proxy that is reached by TLS there is a session inside another: both are
 * told under one number, and told apart by their first packet. */
static void turn_to_session(const struct record *record, struct connection *connection,
                            const struct tls_session *tls)
{
    const struct tls_session *kept = connection->tls_kept;

    if (!kept || !kept->hello.packet || !tls->hello.packet || is_same(&kept->hello, &tls->hello))
        return;
    connection->tls_kept = NULL;
    connection->tls_step = NULL;
    for (size_t i = 0; i < record->signin.step_count; i++) {
        struct step *step = record->items[i];

        if (step->tls && step->flow == connection->flow &&
            is_same(&step->tls->hello, &tls->hello)) {
            connection->tls_step = step;
            connection->tls_kept = (struct tls_session *)step->tls; /* the record's own */
        }
    }
}

void connections_show_tls(struct record *record, struct connection *connection,
                          const struct tls_session *tls)
{
    struct step step = { .time_ns =
                             tls->hello.packet ? tls->hello.time_ns : connection->evidence.time_ns,
                         .duration_ns = -1,
                         .stage = STAGE_TLS,
                         .leg = connection->internal ? LEG_INTERNAL : LEG_CLIENT,
                         .flow = connection->flow };
    struct tls_session *kept;

    turn_to_session(record, connection, tls);
    kept = connection->tls_kept;
    if (!kept)
        kept = connection->tls_kept = arena_take(record->signin.arena, sizeof *kept);
    if (!kept)
        return;
    copy_tls(record->signin.arena, tls, known_chain(record, tls->chain), kept);
    if (!kept->hello.packet)
        kept->hello = connection->evidence;
    if (!connection->tls_step) {
        step.tls = kept;
        step.to = connections_server(record, connection);
        connection->tls_step = store_add_step(record, &step);
    }
    if (!connection->tls_step)
        return;
    fill_evidence(connection->tls_step, kept);
    if (kept->server_hello.packet && kept->server_hello.time_ns >= kept->hello.time_ns)
        connection->tls_step->duration_ns = kept->server_hello.time_ns - kept->hello.time_ns;
    describe_tls(record, connection->tls_step);
}

/* The server name decides over the address: one address may serve many sites. */
static struct record *find_by_server_name(struct model *model, const struct connection *connection,
                                          const struct event *event)
{
    char lower[256];
    const char *domain = NULL;
    struct sought sought = { .client = &event->tls.client.address,
                             .host = lower,
                             .time_ns = event->noticed_ns };
    struct record *record;
    enum name_kind kind;

    if (event->tls.server_name.length == 0)
        return connection->record;
    if (!name_lower(event->tls.server_name, lower, sizeof lower))
        return NULL;
    kind = name_classify(lower, &domain);
    if (kind == NAME_SIP_HOST || kind == NAME_EXCHANGE)
        return NULL;
    sought.starts = name_is_discovery(kind);
    sought.domain = sought.starts ? domain : NULL;
    if (connection->record && store_host(connection->record, event->tls.server_name, false))
        return connection->record;
    record = correlate_find_or_begin(model, &sought);
    return record && (sought.starts || store_host(record, event->tls.server_name, false)) ? record
                                                                                          : NULL;
}

static void receive_hello(struct model *model, struct connection *connection,
                          const struct event *event)
{
    struct record *record;
    struct host *host;

    if (!connection->tcp.client.address.family) { /* its beginning was not captured */
        connection->tcp.client = event->tls.client;
        connection->tcp.server = event->tls.server;
    }
    record = find_by_server_name(model, connection, event);
    if (!record && connection->record)
        connections_detach(connection);
    if (!record)
        return;
    connections_move(connection, record);
    record = connection->record;
    host = store_host(record, event->tls.server_name, true);
    if (host) {
        store_learn_address(record, host, &event->tls.server.address);
        connection->name = host->name;
    }
    connection->hello = true;
    connections_adopt(record, &event->tls.server.address);
}

/* It was refused by an alert, or by closing without a word. */
static bool has_failed(const struct tls_session *tls)
{
    bool refused = tls->alert != TLS_NO_ALERT && tls->alert_level == TLS_FATAL;
    bool in_silence =
        tls->has_server_hello && tls->client_silent && tls->client_ended && !tls->lost;

    return tls->has_client_hello && tls->client_silent &&
           (refused || in_silence || tls->not_tls.packet);
}

static void remember_failure(struct model *model, struct connection *connection,
                             const struct tls_session *tls)
{
    bool by_proxy =
        relay_is_pool_port(tls->server.port) || relay_is_proxy(model, &tls->client.address);

    bool unanswered = tls->has_client_hello && !tls->has_server_hello && !has_failed(tls);

    if (connection->failed_tls || !by_proxy || (!unanswered && !has_failed(tls)))
        return;
    connection->failed_arena = arena_create(model->config.budget, 0);
    if (!connection->failed_arena)
        return;
    connection->failed_tls = arena_take(connection->failed_arena, sizeof *connection->failed_tls);
    if (!connection->failed_tls)
        return;
    copy_tls(connection->failed_arena, tls, NULL, connection->failed_tls);
    connection->hello_unanswered = unanswered;
    if (!unanswered)
        relay_blame_late(model, connection);
}

void connections_receive_tls(struct model *model, const struct event *event)
{
    bool hello = event->kind == EVENT_TLS_HELLO;
    struct connection *connection =
        hello ? connections_find_or_add(model, event) : connections_find(model, event->flow);

    if (!hello)
        servers_note_tls(model, &event->tls);
    if (!connection)
        return;
    if (hello)
        receive_hello(model, connection, event);
    if (connection->record) {
        connections_show_tls(connection->record, connection, &event->tls);
        store_touch(connection->record, event->noticed_ns);
    } else if (!hello) {
        remember_failure(model, connection, &event->tls);
    }
}
