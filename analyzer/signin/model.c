/* model.c: events in, sign-ins out */
#include "model.h"

#include <string.h>

struct model *model_create(const struct model_config *config)
{
    struct model *model = memory_take(config->budget, sizeof *model);

    if (!model)
        return NULL;
    model->config = *config;
    if (!model->config.signins_max)
        model->config.signins_max = SIGNINS_MAX_DEFAULT;
    return model;
}

void model_free(struct model *model)
{
    if (!model)
        return;
    pending_free(model);
    connections_free(model);
    store_free(model);
    arena_free(model->chain_arena);
    memory_give(model->config.budget, model, sizeof *model);
}

void model_advance(struct model *model, int64_t now_ns)
{
    if (now_ns > model->now_ns)
        model->now_ns = now_ns;
    if (model->now_ns - model->swept_ns < SECOND)
        return;
    model->swept_ns = model->now_ns;
    store_sweep(model);
}

void model_receive(void *context, const struct event *event)
{
    struct model *model = context;

    model_advance(model, event->noticed_ns);
    model->event_ns = event->evidence.time_ns;
    switch (event->kind) {
    case EVENT_DNS:
        lookups_receive(model, event);
        break;
    case EVENT_CONNECTING:
    case EVENT_CONNECTED:
    case EVENT_CONNECTION:
        connections_receive(model, event);
        break;
    case EVENT_TLS_HELLO:
    case EVENT_TLS:
        connections_receive_tls(model, event);
        break;
    case EVENT_HTTP_REQUEST:
        pending_receive(model, event);
        break;
    case EVENT_HTTP:
        exchanges_receive(model, event);
        break;
    }
    store_free_doomed(model);
}

void model_finish(struct model *model)
{
    for (size_t i = 0; i < model->record_count; i++)
        store_close(model->records[i]);
    store_free_doomed(model);
}

uint64_t model_let_go(const struct model *model)
{
    return model->evicted;
}

size_t model_signin_count(const struct model *model)
{
    return model->record_count;
}

static enum location locate(const struct record *record)
{
    const struct model_config *config = &record->model->config;
    const struct address *client = &record->signin.client.endpoint.address;

    for (size_t i = 0; i < config->internal_count; i++)
        if (network_contains(&config->internal[i], client))
            return LOCATION_INTERNAL;
    if (config->internal_count)
        return LOCATION_EXTERNAL;
    if (!address_is_private(client))
        return LOCATION_EXTERNAL;
    return record->used_internal_name ? LOCATION_INTERNAL : LOCATION_UNKNOWN;
}

struct signin *model_signin(struct model *model, size_t index)
{
    struct record *record = model->records[index];

    if (record->published) /* rules look back at hundreds of sign-ins, which seldom change */
        return &record->signin;
    record->signin.location = locate(record);
    store_publish(record);
    return &record->signin;
}

/* By hash: for each of many sign-ins the few hundred before it are looked through, and their names
 * lie all over the memory. */
size_t model_find_user(const struct model *model, const char *user, size_t first, size_t end)
{
    uint64_t hash = table_hash(user, strlen(user));

    for (size_t i = first; i < end && i < model->record_count; i++)
        if (model->records[i]->user_hash == hash &&
            strcmp(model->records[i]->signin.user, user) == 0)
            return i;
    return end;
}

bool model_is_proxy(const struct model *model, const struct address *address)
{
    return relay_is_proxy(model, address);
}

const struct model_config *model_configuration(const struct model *model)
{
    return &model->config;
}
