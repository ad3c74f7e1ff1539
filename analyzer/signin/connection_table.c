/* connection_table.c: the connections that are remembered, the longest unused first to go
 *
 * A table of fixed size by flow number: most connections turn out to be nobody's.
 */
#include "model.h"

static void unlink_age(struct model *model, struct connection *connection)
{
    *(connection->older ? &connection->older->newer : &model->oldest) = connection->newer;
    *(connection->newer ? &connection->newer->older : &model->newest) = connection->older;
    connection->older = connection->newer = NULL;
}

static void link_newest(struct model *model, struct connection *connection)
{
    connection->older = model->newest;
    *(model->newest ? &model->newest->newer : &model->oldest) = connection;
    model->newest = connection;
}

void connections_stop_awaiting(struct connection *connection)
{
    if (connection->awaited && connection->record)
        connection->record->awaiting--;
    connection->awaited = false;
}

void connections_remove(struct model *model, struct connection *connection)
{
    connections_stop_awaiting(connection);
    unlink_age(model, connection);
    /* It is in the table. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    HASH_DEL(model->connections, connection);
    model->connection_count--;
    arena_free(connection->failed_arena);
    memory_give(model->config.budget, connection, sizeof *connection);
}

struct connection *connections_find(struct model *model, uint64_t flow)
{
    struct connection *connection;

    HASH_FIND(hh, model->connections, &flow, sizeof flow, connection);
    return connection;
}

struct connection *connections_find_or_add(struct model *model, const struct event *event)
{
    struct connection *connection = connections_find(model, event->flow);

    if (connection) {
        unlink_age(model, connection);
    } else {
        if (model->connection_count >= CONNECTIONS_MAX)
            connections_remove(model, model->oldest);
        connection = memory_take(model->config.budget, sizeof *connection);
        if (!connection)
            return NULL;
        connection->flow = event->flow;
        connection->evidence = event->evidence;
        HASH_ADD(hh, model->connections, flow, sizeof connection->flow, connection);
        model->connection_count++;
    }
    connection->last_ns = model->now_ns;
    link_newest(model, connection);
    return connection;
}

void connections_forget_doomed(struct model *model)
{
    for (struct connection *c = model->oldest; c; c = c->newer)
        if (c->record && c->record->doomed && c->record->absorbed_by &&
            !c->record->absorbed_by->doomed) {
            c->record = c->record->absorbed_by;
        } else if (c->record && c->record->doomed) {
            c->record = NULL;
            c->tcp_step = c->tls_step = NULL;
            c->tcp_kept = NULL;
            c->tls_kept = NULL;
            c->name = NULL;
            c->awaited = false;
        }
}

void connections_free(struct model *model)
{
    while (model->oldest)
        connections_remove(model, model->oldest);
}
