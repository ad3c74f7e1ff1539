/* store.c: clients, sign-ins and their steps; limits and eviction
 *
 * A sign-in owns an arena for all it keeps.  Steps are pointers kept in time
 * order while the sign-in grows; publish.c makes one array of them for readers.
 * When there are too many sign-ins the oldest closed ones go first.
 */
#include "model.h"

#include <string.h>

enum { SIGNIN_ARENA_LIMIT = 8 << 20, EVICT_AT_ONCE = 256 };

/* ---- clients ---- */

struct client *store_client(struct model *model, const struct address *address, bool create)
{
    struct client *client;

    HASH_FIND(hh, model->clients, address, sizeof *address, client);
    if (client || !create)
        return client;
    client = memory_take(model->config.budget, sizeof *client);
    if (!client)
        return NULL;
    client->address = *address;
    HASH_ADD(hh, model->clients, address, sizeof client->address, client);
    return client;
}

/* Only open sign-ins stand in their client's list: it stays short however long a client goes on. */
static void unlink_from_client(struct record *record)
{
    struct client *client = record->client;
    struct record **at;

    if (!client)
        return;
    record->client = NULL;
    at = &client->records;

    while (*at && *at != record)
        at = &(*at)->next_of_client;
    if (*at)
        *at = record->next_of_client;
    if (client->records)
        return;
    HASH_DEL(record->model->clients, client);
    memory_give(record->model->config.budget, client, sizeof *client);
}

/* ---- sign-ins ---- */

static void free_record(struct record *record)
{
    struct model *model = record->model;

    memory_give(model->config.budget, record->items, record->item_capacity * sizeof *record->items);
    memory_give(model->config.budget, record->copies,
                record->copy_capacity * sizeof *record->copies);
    for (size_t i = 0; i < record->adopted_count; i++)
        arena_free(record->adopted[i]);
    arena_free(record->signin.verdict_arena);
    arena_free(record->signin.arena);
    memory_give(model->config.budget, record, sizeof *record);
}

static void forget_doomed(struct record *record)
{
    if (record->again_after && record->again_after->doomed)
        record->again_after = NULL;
    if (record->tail && record->tail->doomed)
        record->tail = NULL;
    if (record->tail_of && record->tail_of->doomed)
        record->tail_of = NULL;
}

/* Frees all that are doomed, in one pass over everything that may point at them. The first of them
 * stand in front mostly: the others are moved, not looked at. */
static void free_doomed(struct model *model, size_t doomed)
{
    size_t kept = 0, at = 0;

    if (model->has_doomed) /* and more than are known of here */
        doomed = SIZE_MAX;
    model->has_doomed = false;
    connections_forget_doomed(model);
    pending_forget_doomed(model);
    for (size_t i = 0; i < model->record_count; i++)
        forget_doomed(model->records[i]);
    for (; doomed > 0 && at < model->record_count; at++) {
        struct record *record = model->records[at];

        if (!record->doomed) {
            model->records[kept++] = record;
            continue;
        }
        unlink_from_client(record);
        free_record(record);
        doomed--;
    }
    while (at < model->record_count)
        model->records[kept++] = model->records[at++];
    model->record_count = kept;
}

/* Drops the oldest closed sign-ins. Where none is closed the oldest are closed only: whoever calls
 * may be about to look at one, so that it must not go before the next call. */
static void evict(struct model *model)
{
    size_t dropped = 0;

    for (size_t i = 0; i < model->record_count && dropped < EVICT_AT_ONCE; i++)
        if (model->records[i]->signin.closed) {
            model->records[i]->doomed = true;
            dropped++;
        }
    if (dropped)
        free_doomed(model, dropped);
    model->evicted += dropped;
    for (size_t i = 0; dropped == 0 && i < model->record_count && i < EVICT_AT_ONCE; i++)
        store_close(model->records[i]);
}

static bool make_room(struct model *model)
{
    size_t capacity = model->record_capacity ? model->record_capacity * 2 : 64;
    struct record **grown;

    if (model->record_count >= model->config.signins_max)
        evict(model);
    if (model->record_count >= model->config.signins_max)
        return false;
    if (model->record_count < model->record_capacity)
        return true;
    grown = memory_resize(model->config.budget, model->records,
                          model->record_capacity * sizeof *grown, capacity * sizeof *grown);
    if (!grown)
        return false;
    model->records = grown;
    model->record_capacity = capacity;
    return true;
}

static struct record *make_record(struct model *model, const struct address *address)
{
    struct record *record =
        make_room(model) ? memory_take(model->config.budget, sizeof *record) : NULL;

    if (!record)
        return NULL;
    record->model = model;
    record->signin.arena = arena_create(model->config.budget, SIGNIN_ARENA_LIMIT);
    record->signin.verdict_arena = arena_create(model->config.budget, SIGNIN_ARENA_LIMIT);
    record->client = record->signin.arena && record->signin.verdict_arena
                         ? store_client(model, address, true)
                         : NULL;
    if (record->client)
        return record;
    free_record(record);
    return NULL;
}

/* Little memory left: the oldest closed sign-ins go before the newest cannot be followed. */
static void keep_reserve(struct model *model)
{
    const struct budget *budget = model->config.budget;

    if (budget && budget->limit && budget->used > budget->limit / 8 * 7)
        evict(model);
}

struct record *store_begin(struct model *model, const struct address *address, int64_t time_ns)
{
    struct record *record;

    keep_reserve(model);
    record = make_record(model, address);
    if (!record)
        return NULL;
    record->next_of_client = record->client->records;
    record->client->records = record;
    record->signin.id = ++model->next_id;
    record->signin.client.endpoint.address = *address;
    record->signin.client.role = ROLE_CLIENT;
    record->signin.started_ns = record->signin.ended_ns = record->last_ns = time_ns;
    record->signin.outcome = OUTCOME_INCOMPLETE;
    record->signin.failed_stage = STAGE_NONE;
    record->signin.changed = true;
    model->records[model->record_count++] = record;
    return record;
}

void store_touch(struct record *record, int64_t time_ns)
{
    record->signin.changed = true;
    record->published = false;
    if (time_ns > record->last_ns)
        record->last_ns = time_ns;
    if (time_ns > record->signin.ended_ns)
        record->signin.ended_ns = time_ns;
}

static void close_record(struct record *record)
{
    if (record->signin.closed)
        return;
    lookups_expire(record, record->model->now_ns, true);
    unlink_from_client(record);
    record->signin.closed = true;
    record->signin.changed = true;
    record->again_after = NULL;
    tail_end(record);
}

void store_close(struct record *record)
{
    if (record->tail)
        close_record(record->tail);
    close_record(record);
}

void store_free_doomed(struct model *model)
{
    if (model->has_doomed)
        free_doomed(model, SIZE_MAX);
}

/* ---- steps ---- */

static void insert_in_order(struct record *record, struct step *step)
{
    size_t at = record->signin.step_count;

    while (at > 0 && record->items[at - 1]->time_ns > step->time_ns) {
        record->items[at] = record->items[at - 1];
        at--;
    }
    record->items[at] = step;
    record->signin.step_count++;
}

static bool has_room(struct record *record)
{
    size_t capacity = record->item_capacity ? record->item_capacity * 2 : FIRST_STEPS;
    struct step **grown;

    if (record->signin.step_count < record->item_capacity)
        return true;
    grown = memory_resize(record->model->config.budget, record->items,
                          record->item_capacity * sizeof *grown, capacity * sizeof *grown);
    if (!grown)
        return false;
    record->items = grown;
    record->item_capacity = capacity;
    return true;
}

void store_adopt_step(struct record *record, struct step *step)
{
    if (!has_room(record)) {
        record->signin.steps_left_out++;
        return;
    }
    insert_in_order(record, step);
    store_touch(record, step->time_ns + (step->duration_ns > 0 ? step->duration_ns : 0));
}

static struct step *take_step(struct record *record)
{
    struct arena *arena = record->signin.arena;

    if (!record->early)
        record->early = arena_take(arena, EARLY_STEPS * sizeof *record->early);
    if (record->early && record->early_count < EARLY_STEPS)
        return &record->early[record->early_count++];
    return arena_take(arena, sizeof(struct step));
}

struct step *store_add_step(struct record *record, const struct step *step)
{
    struct step *copy;

    if (record->signin.step_count >= STEPS_MAX) {
        record->signin.steps_left_out++;
        return NULL;
    }
    if (!has_room(record))
        return NULL;
    copy = take_step(record);
    if (!copy)
        return NULL;
    *copy = *step;
    insert_in_order(record, copy);
    if (step->time_ns < record->signin.started_ns)
        record->signin.started_ns = step->time_ns;
    store_touch(record, step->time_ns + (step->duration_ns > 0 ? step->duration_ns : 0));
    return copy;
}

void store_drop_step(struct record *record, struct step *step)
{
    size_t kept = 0;

    for (size_t i = 0; i < record->signin.step_count; i++)
        if (record->items[i] != step)
            record->items[kept++] = record->items[i];
    record->signin.step_count = kept;
    store_touch(record, record->last_ns);
}

/* Look-ups are all that a sign-in has before it is settled: they are worded anew in the other one.
 */
static void move_lookup_step(struct record *into, const struct step *step)
{
    struct dns_lookup *dns = arena_take(into->signin.arena, sizeof *dns);
    struct step moved = *step;
    struct step *added;

    if (!dns)
        return;
    *dns = *step->dns;
    dns->name = arena_text(into->signin.arena, slice_of_text(step->dns->name));
    dns->type = arena_text(into->signin.arena, slice_of_text(step->dns->type));
    dns->answers = copy_records(into->signin.arena, step->dns->answers, step->dns->answer_count);
    dns->answer_count = dns->answers ? dns->answer_count : 0;
    moved.dns = dns;
    moved.to.name = moved.from.name = NULL;
    added = store_add_step(into, &moved);
    if (added)
        describe_dns(into, added);
}

void store_merge(struct record *into, struct record *from)
{
    struct model *model = into->model;

    lookups_expire(from, model->now_ns, true);
    for (size_t i = 0; i < from->signin.step_count; i++)
        if (from->items[i]->dns && from->items[i]->dns->name && from->items[i]->dns->type)
            move_lookup_step(into, from->items[i]);
    for (const struct host *known = from->hosts; known; known = known->next) {
        struct host *host = store_host(into, slice_of_text(known->name), true);

        for (size_t a = 0; host && a < known->address_count; a++)
            store_learn_address(into, host, &known->addresses[a]);
    }
    store_touch(into, from->last_ns);
    from->doomed = true;
    free_doomed(model, 1);
}

/* ---- the clock, the end ---- */

void store_sweep(struct model *model)
{
    for (size_t i = 0; i < model->record_count; i++) {
        struct record *record = model->records[i];

        if (record->signin.closed)
            continue;
        lookups_expire(record, model->now_ns, false);
        if (!record->tail && record->awaiting == 0 && model->now_ns - record->last_ns > IDLE_END)
            store_close(record);
    }
    store_free_doomed(model);
}

void store_free(struct model *model)
{
    for (size_t i = 0; i < model->record_count; i++)
        unlink_from_client(model->records[i]);
    for (size_t i = 0; i < model->record_count; i++)
        free_record(model->records[i]);
    memory_give(model->config.budget, model->records,
                model->record_capacity * sizeof *model->records);
    model->records = NULL;
    model->record_count = 0;
}
