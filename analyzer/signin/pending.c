/* pending.c: requests that wait for their answers
 *
 * A request is remembered from its head on, so that the other leg of a proxy
 * can be recognised while the answer is awaited.
 */
#include "model.h"

#include "learn.h"

#include <string.h>

static struct pending_key key_of(const struct event *event)
{
    struct pending_key key;

    memset(&key, 0, sizeof key); /* hashed as bytes: no stray padding */
    key.flow = event->flow;
    key.stream = event->http.stream;
    key.index = event->http.index;
    return key;
}

struct pending *pending_find(struct model *model, const struct event *event)
{
    struct pending_key key = key_of(event);
    struct pending *pending;

    HASH_FIND(hh, model->pending, &key, sizeof key, pending);
    return pending;
}

static uint64_t line_of(const struct http_request *request)
{
    uint64_t parts[2] = { table_hash(request->method.data, request->method.length),
                          table_hash(request->target.data, request->target.length) };

    return table_hash(parts, sizeof parts);
}

static bool link_line(struct model *model, struct pending *pending)
{
    struct line *line;

    HASH_FIND(hh, model->lines, &pending->line, sizeof pending->line, line);
    if (!line) {
        line = memory_take(model->config.budget, sizeof *line);
        if (!line)
            return false;
        line->line = pending->line;
        HASH_ADD(hh, model->lines, line, sizeof line->line, line);
    }
    pending->next_on_line = line->first;
    line->first = pending;
    return true;
}

static void unlink_line(struct model *model, struct pending *pending)
{
    struct pending **at;
    struct line *line;

    HASH_FIND(hh, model->lines, &pending->line, sizeof pending->line, line);
    if (!line)
        return;
    at = &line->first;
    while (*at && *at != pending)
        at = &(*at)->next_on_line;
    if (*at)
        *at = pending->next_on_line;
    if (line->first)
        return;
    HASH_DEL(model->lines, line);
    memory_give(model->config.budget, line, sizeof *line);
}

static void drop_pending(struct model *model, struct pending *pending)
{
    if (pending->record)
        pending->record->awaiting--;
    if (pending->outer)
        pending->outer->inner = NULL;
    if (pending->inner)
        pending->inner->outer = NULL;
    unlink_line(model, pending);
    HASH_DEL(model->pending, pending);
    arena_free(pending->kept);
    memory_give(model->config.budget, pending, sizeof *pending);
    model->pending_count--;
}

void pending_remove(struct model *model, struct pending *pending)
{
    if (pending->inner && pending->inner->http)
        drop_pending(model, pending->inner);
    drop_pending(model, pending);
}

void pending_receive(struct model *model, const struct event *event)
{
    struct connection *connection = connections_find(model, event->flow);
    struct pending *pending;

    if (pending_find(model, event) || model->pending_count >= PENDING_MAX)
        return;
    pending = memory_take(model->config.budget, sizeof *pending);
    if (!pending)
        return;
    pending->key = key_of(event);
    pending->line = line_of(&event->http.request);
    pending->client = event->http.client;
    pending->server = event->http.server;
    pending->time_ns = event->evidence.time_ns;
    learn_host_name(event->http.request.host, pending->host, sizeof pending->host);
    relay_note_traits(pending, &event->http.request);
    relay_find_outer(model, pending, event);
    if (connection && connection->record && !pending->outer && !pending->outer_record) {
        pending->record = connection->record;
        pending->again = correlate_is_again(pending->record, pending->time_ns);
        pending->record->awaiting++;
        store_touch(pending->record, pending->time_ns);
    }
    HASH_ADD(hh, model->pending, key, sizeof pending->key, pending);
    model->pending_count++;
    if (!link_line(model, pending))
        pending_remove(model, pending);
}

static struct record *survivor(const struct record *doomed)
{
    return doomed->absorbed_by && !doomed->absorbed_by->doomed ? doomed->absorbed_by : NULL;
}

void pending_forget_doomed(struct model *model)
{
    struct pending *pending, *next;

    HASH_ITER(hh, model->pending, pending, next)
    {
        if (pending->record && pending->record->doomed)
            pending->record = survivor(pending->record);
        if (pending->outer_record && pending->outer_record->doomed) {
            pending->outer_record = survivor(pending->outer_record);
            pending->outer_step = pending->outer_record ? pending->outer_step : NULL;
        }
    }
}

void pending_free(struct model *model)
{
    for (struct pending *pending = model->pending; pending; pending = pending->hh.next)
        pending->record = NULL;
    while (model->pending)
        pending_remove(model, model->pending);
}
