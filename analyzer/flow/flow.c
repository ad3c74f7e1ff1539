/* flow.c: the table of connections, its clock and its limits
 *
 * A flow is found by both endpoints and the protocol, in whichever direction a
 * packet goes.  Flows stand in lists by state; each list has one time-out, so
 * that its head is always the next to go.  When the table or its budget is
 * full the longest unanswered attempts go first, then ended connections, then
 * datagram flows, then the longest idle connection.
 */
#include "engine.h"

#include <string.h>

static const int64_t limits[LISTS] = {
    [LIST_OPENING] = 30 * SECOND,
    [LIST_OPEN] = 1800 * SECOND,
    [LIST_ENDED] = 30 * SECOND,
    [LIST_UDP] = 30 * SECOND,
};

/* ---- lists ---- */

static void unlink_flow(struct flow_engine *engine, struct flow *flow)
{
    *(flow->older ? &flow->older->newer : &engine->oldest[flow->list]) = flow->newer;
    *(flow->newer ? &flow->newer->older : &engine->newest[flow->list]) = flow->older;
    flow->older = flow->newer = NULL;
}

static void link_newest(struct flow_engine *engine, struct flow *flow, enum flow_list list)
{
    flow->list = (uint8_t)list;
    flow->older = engine->newest[list];
    *(flow->older ? &flow->older->newer : &engine->oldest[list]) = flow;
    engine->newest[list] = flow;
}

void flow_touch(struct flow_engine *engine, struct flow *flow, enum flow_list list)
{
    flow->last_ns = engine->now_ns;
    if (engine->newest[list] == flow && flow->list == list)
        return;
    unlink_flow(engine, flow);
    link_newest(engine, flow, list);
}

/* ---- the table ---- */

static struct flow_key key_of(const struct endpoint *a, const struct endpoint *b, uint8_t protocol)
{
    bool ordered = memcmp(a, b, sizeof *a) <=
                   0; /* NOLINT(bugprone-suspicious-memory-comparison): no padding */
    struct flow_key key;

    memset(&key, 0, sizeof key); /* hashed as bytes: no stray padding */
    key.low = ordered ? *a : *b;
    key.high = ordered ? *b : *a;
    key.protocol = protocol;
    return key;
}

struct flow *flow_find(struct flow_engine *engine, const struct endpoint *a,
                       const struct endpoint *b, uint8_t protocol)
{
    struct flow_key key = key_of(a, b, protocol);
    struct flow *flow;

    HASH_FIND(hh, engine->flows, &key, sizeof key, flow);
    return flow;
}

static void finish(struct flow_engine *engine, struct flow *flow, enum stream_end end)
{
    if (flow->key.protocol == PROTOCOL_TCP)
        tcp_finish(engine, flow, end);
    else
        udp_finish(engine, flow, end);
    flow_remove(engine, flow);
}

static bool evict_one(struct flow_engine *engine)
{
    static const enum flow_list order[] = { LIST_OPENING, LIST_ENDED, LIST_UDP, LIST_OPEN };

    for (size_t i = 0; i < LISTS; i++) {
        struct flow *flow = engine->oldest[order[i]];

        if (flow && flow == engine->current)
            flow = flow->newer;
        if (!flow)
            continue;
        engine->counters.evicted++;
        finish(engine, flow, END_TIMEOUT);
        return true;
    }
    return false;
}

struct flow *flow_add(struct flow_engine *engine, const struct endpoint *client,
                      const struct endpoint *server, uint8_t protocol, enum flow_list list)
{
    struct flow *flow;

    while (engine->flow_count >= engine->config.flows_max && evict_one(engine))
        ;
    flow = memory_take(engine->config.budget, sizeof *flow);
    while (!flow && evict_one(engine))
        flow = memory_take(engine->config.budget, sizeof *flow);
    if (!flow) {
        engine->counters.over_budget++;
        return NULL;
    }
    flow->key = key_of(client, server, protocol);
    flow->number = ++engine->next_number;
    flow->client = *client;
    flow->server = *server;
    flow->last_ns = engine->now_ns;
    HASH_ADD(hh, engine->flows, key, sizeof flow->key, flow);
    link_newest(engine, flow, list);
    engine->flow_count++;
    engine->counters.connections++;
    return flow;
}

void flow_remove(struct flow_engine *engine, struct flow *flow)
{
    flow_close_channel(engine, flow);
    unlink_flow(engine, flow);
    /* The flow is in the table. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    HASH_DEL(engine->flows, flow);
    engine->flow_count--;
    memory_give(engine->config.budget, flow, sizeof *flow);
}

enum direction flow_direction(const struct flow *flow, const struct endpoint *source)
{
    return endpoint_equals(&flow->client, source) ? FROM_CLIENT : FROM_SERVER;
}

/* ---- channels ---- */

bool flow_open_channel(struct flow_engine *engine, struct flow *flow, enum transport transport)
{
    struct live *live = memory_take(engine->config.budget, sizeof *live);
    struct channel_config config = { .dissectors = engine->config.dissectors,
                                     .options = &engine->config.dissection,
                                     .sink = engine->config.sink,
                                     .flow = flow->number,
                                     .transport = transport,
                                     .client = flow->client,
                                     .server = flow->server,
                                     .from_start = !flow->mid_stream,
                                     .ask_classifier =
                                         transport == TRANSPORT_TCP ? classify_ask : NULL,
                                     .classifier_context = engine };

    flow->read_tried = true;
    if (!live)
        return false;
    budget_init(&live->budget, engine->config.flow_limit, engine->config.budget);
    config.budget = &live->budget;
    live->channel = channel_create(&config);
    if (!live->channel) {
        engine->counters.over_budget++;
        memory_give(engine->config.budget, live, sizeof *live);
        return false;
    }
    flow->live = live;
    return true;
}

void flow_close_channel(struct flow_engine *engine, struct flow *flow)
{
    order_release(flow);
    if (!flow->live)
        return;
    channel_free(flow->live->channel);
    memory_give(engine->config.budget, flow->live, sizeof *flow->live);
    flow->live = NULL;
}

/* ---- the clock ---- */

static void tick_flows(struct flow_engine *engine)
{
    struct flow *next;

    for (struct flow *flow = engine->oldest[LIST_OPEN]; flow; flow = next) {
        next = flow->newer;
        if (!flow->live)
            continue;
        engine->current = flow;
        order_tick(engine, flow);
        if (flow->live)
            channel_tick(flow->live->channel, engine->now_ns);
        tcp_tick(engine, flow);
    }
    engine->current = NULL;
}

void flow_engine_advance(struct flow_engine *engine, int64_t now_ns)
{
    if (now_ns <= engine->now_ns)
        return;
    engine->now_ns = now_ns;
    if (now_ns - engine->ticked_ns < SECOND)
        return;
    engine->ticked_ns = now_ns;
    tick_flows(engine);
    for (size_t list = 0; list < LISTS; list++)
        while (engine->oldest[list] && now_ns - engine->oldest[list]->last_ns > limits[list])
            finish(engine, engine->oldest[list], END_TIMEOUT);
}

/* ---- the engine ---- */

struct flow_engine *flow_engine_create(const struct flow_config *config)
{
    struct flow_engine *engine = memory_take(config->budget, sizeof *engine);

    if (!engine)
        return NULL;
    engine->config = *config;
    if (!engine->config.flows_max)
        engine->config.flows_max = FLOWS_MAX_DEFAULT;
    if (!engine->config.flow_limit)
        engine->config.flow_limit = FLOW_LIMIT_DEFAULT;
    engine->fragments = fragments_create(config->budget);
    if (!engine->fragments) {
        memory_give(config->budget, engine, sizeof *engine);
        return NULL;
    }
    return engine;
}

bool flow_engine_finish_some(struct flow_engine *engine, size_t connections)
{
    for (size_t list = 0; list < LISTS; list++) {
        for (; engine->oldest[list]; connections--) {
            if (connections == 0)
                return true;
            finish(engine, engine->oldest[list], END_CAPTURE);
        }
    }
    return false;
}

void flow_engine_finish(struct flow_engine *engine)
{
    (void)flow_engine_finish_some(engine, SIZE_MAX);
}

const struct flow_counters *flow_engine_counters(const struct flow_engine *engine)
{
    return &engine->counters;
}

void flow_engine_free(struct flow_engine *engine)
{
    if (!engine)
        return;
    for (size_t list = 0; list < LISTS; list++)
        while (engine->oldest[list])
            flow_remove(engine, engine->oldest[list]);
    fragments_free(engine->fragments);
    classify_free(engine);
    memory_give(engine->config.budget, engine, sizeof *engine);
}
