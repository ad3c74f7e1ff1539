/* udp.c: datagrams, passed on whole (RFC 768)
 *
 * A flow whose first datagrams nobody recognises costs no channel.  The same
 * datagram captured twice, on two interfaces or by a mirror port, counts once:
 * it has the same IP identification and the same bytes within milliseconds.
 */
#include "engine.h"

#include "lyncscope/cursor.h"

enum { STRIKES_MAX = 3, ROUNDS_MAX = 4 };
#define COPY_LIMIT (SECOND / 50)

static bool is_copy(struct flow_engine *engine, const struct ip_packet *ip, int64_t time_ns)
{
    uint64_t parts[4] = { table_hash(&ip->source, sizeof ip->source),
                          table_hash(&ip->destination, sizeof ip->destination), ip->id,
                          table_hash(ip->payload.data, ip->payload.length) };
    uint64_t hash = table_hash(parts, sizeof parts);
    uint64_t *chain = &engine->recent_chains[hash % RECENT_MAX];
    uint64_t number = *chain;

    while (number) {
        const struct recent *recent = &engine->recent[number % RECENT_MAX];

        if (recent->number != number || time_ns - recent->time_ns > COPY_LIMIT)
            break; /* overwritten, or too old: as are those before it */
        if (recent->hash == hash)
            return true;
        number = recent->before;
    }
    number = ++engine->recent_number;
    engine->recent[number % RECENT_MAX] = (struct recent){ hash, time_ns, number, *chain };
    *chain = number;
    return false;
}

static bool is_wanted(const struct flow_engine *engine, enum direction direction,
                      struct slice bytes)
{
    for (size_t i = 0; engine->config.dissectors[i]; i++) {
        const struct dissector *dissector = engine->config.dissectors[i];

        if (dissector->read_datagram &&
            dissector->recognizes(TRANSPORT_UDP, direction, bytes) != RECOGNIZE_NO)
            return true;
    }
    return false;
}

/* Whoever sends first is the client, unless a server's port says otherwise. */
static struct flow *add_flow(struct flow_engine *engine, const struct endpoint *source,
                             const struct endpoint *destination)
{
    bool reversed = source->port < 1024 && destination->port >= 1024;

    return flow_add(engine, reversed ? destination : source, reversed ? source : destination,
                    PROTOCOL_UDP, LIST_UDP);
}

/* Most look-ups use a socket of their own, which waits for its time-out when nothing more comes:
 * without a channel it is a third as large. Who goes on asking keeps the channel. */
static void close_if_answered(struct flow_engine *engine, struct flow *flow,
                              enum direction direction)
{
    uint8_t *datagrams = flow->datagrams;

    if (datagrams[FROM_CLIENT] > ROUNDS_MAX || datagrams[FROM_SERVER] > ROUNDS_MAX)
        return;
    datagrams[direction]++;
    if (datagrams[FROM_CLIENT] == datagrams[FROM_SERVER])
        flow_close_channel(engine, flow);
}

void udp_receive(struct flow_engine *engine, const struct ip_packet *ip, struct evidence evidence)
{
    struct reading reading;
    struct cursor in = cursor_over_message(ip->payload, &reading);
    struct endpoint source = { .address = ip->source, .port = cursor_u16(&in) };
    struct endpoint destination = { .address = ip->destination, .port = cursor_u16(&in) };
    size_t length = cursor_u16(&in);
    struct slice bytes;
    struct flow *flow;
    enum direction direction;
    bool whole = ip->wire_length <= ip->payload.length;

    cursor_skip(&in, 2);
    bytes = cursor_rest(&in);
    if (reading.state != READ_OK || (length && length < 8)) {
        engine->counters.malformed++;
        return;
    }
    if (length) /* zero: a segmentation offload of datagrams, as IP's own zero */
        bytes = slice_part(bytes, 0, length - 8);
    engine->counters.datagrams++;
    flow = flow_find(engine, &source, &destination, PROTOCOL_UDP);
    if (!flow)
        flow = add_flow(engine, &source, &destination);
    if (!flow)
        return;
    flow_touch(engine, flow, LIST_UDP);
    direction = flow_direction(flow, &source);
    if (flow->strikes >= STRIKES_MAX || bytes.length == 0)
        return;
    if (!flow->live && !is_wanted(engine, direction, bytes)) {
        flow->strikes++;
        return;
    }
    if (is_copy(engine, ip, evidence.time_ns)) {
        engine->counters.duplicates++;
        return;
    }
    if (!flow->live && !flow_open_channel(engine, flow, TRANSPORT_UDP))
        return;
    channel_datagram(flow->live->channel, direction, bytes, whole, evidence);
    close_if_answered(engine, flow, direction);
}

void udp_finish(struct flow_engine *engine, struct flow *flow, enum stream_end end)
{
    struct evidence none = { 0 };

    (void)engine;
    if (!flow->live)
        return;
    channel_end(flow->live->channel, FROM_CLIENT, end, none);
    channel_end(flow->live->channel, FROM_SERVER, end, none);
}
