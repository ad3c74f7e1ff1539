/* packets.c: IPv4 packets for the flow engine's tests, and what the engine said of them */
#include "packets.h"

#include <stdio.h>
#include <string.h>

static struct wire *current; /* the dissector interface knows no context but the connection's own */

static enum recognition take_all(enum transport transport, enum direction direction,
                                 struct slice first)
{
    (void)transport, (void)direction, (void)first;
    return RECOGNIZE_YES;
}

static void keep(enum direction direction, const void *data, size_t length)
{
    size_t room = BYTES_MAX - 1 - current->lengths[direction];

    if (length > room)
        length = room;
    if (length == 0)
        return;
    memcpy(current->bytes[direction] + current->lengths[direction], data, length);
    current->lengths[direction] += length;
}

static size_t read_all(struct channel_view *view, enum direction direction, struct slice bytes,
                       size_t *wanted)
{
    (void)view;
    *wanted = current->waits ? WANTS_TIME : 0;
    if (current->waits)
        return 0;
    keep(direction, bytes.data, bytes.length);
    return bytes.length;
}

static void read_datagram(struct channel_view *view, enum direction direction, struct slice bytes,
                          bool whole, struct evidence evidence)
{
    (void)view, (void)whole, (void)evidence;
    keep(direction, bytes.data, bytes.length);
}

static void lose(struct channel_view *view, enum direction direction, uint64_t bytes)
{
    char mark[32];

    (void)view;
    keep(direction, mark, (size_t)snprintf(mark, sizeof mark, "[%llu]", (unsigned long long)bytes));
}

static void finish(struct channel_view *view, enum direction direction, struct slice rest,
                   enum stream_end end, struct evidence evidence)
{
    (void)view, (void)evidence;
    keep(direction, rest.data, rest.length);
    current->ended[direction] = true;
    current->ends[direction] = end;
}

static const struct dissector keeper = { .name = "keeper",
                                         .recognizes = take_all,
                                         .read = read_all,
                                         .read_datagram = read_datagram,
                                         .lose = lose,
                                         .finish = finish };
static const struct dissector *const keepers[] = { &keeper, NULL };

static void receive(void *context, const struct event *event)
{
    struct wire *wire = context;

    if (wire->event_count < EVENTS_MAX)
        wire->events[wire->event_count++] = *event;
}

void wire_open(struct wire *wire, size_t flows_max)
{
    struct flow_config config = { .dissectors = keepers,
                                  .sink = { receive, wire },
                                  .budget = &wire->budget,
                                  .flows_max = flows_max };

    *wire = (struct wire){ .now_ns = (int64_t)1000 * 1000000000 };
    budget_init(&wire->budget, 64 << 20, NULL);
    wire->engine = flow_engine_create(&config);
    current = wire;
}

void wire_close(struct wire *wire)
{
    flow_engine_free(wire->engine);
}

void wire_wait(struct wire *wire, int64_t milliseconds)
{
    wire->now_ns += milliseconds * 1000000;
}

void wire_send_raw(struct wire *wire, const uint8_t *ip, size_t length)
{
    /* A block of exactly its size: a read too far is seen. */
    uint8_t *exact = memory_take(NULL, length);
    struct packet packet = { .number = ++wire->number,
                             .time_ns = wire->now_ns,
                             .link_type = LINK_RAW,
                             .wire_length = (uint32_t)length };

    memcpy(exact, ip, length);
    packet.bytes = slice_of(exact, wire->snap && wire->snap < length ? wire->snap : length);
    flow_engine_packet(wire->engine, &packet);
    memory_give(NULL, exact, length);
}

static void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

void wire_send(struct wire *wire, struct segment_spec segment)
{
    static const uint8_t hosts[2][4] = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } };
    uint8_t ip[1600] = { 0x45 };
    size_t data = segment.data ? strlen(segment.data) : 0;
    unsigned port = segment.client_port ? segment.client_port : 40000;

    put16(ip + 2, (unsigned)(40 + data));
    put16(ip + 4, (unsigned)wire->number);
    ip[8] = 64;
    ip[9] = 6;
    memcpy(ip + 12, hosts[segment.from_server], 4);
    memcpy(ip + 16, hosts[!segment.from_server], 4);
    put16(ip + 20, segment.from_server ? 80 : port);
    put16(ip + 22, segment.from_server ? port : 80);
    put32(ip + 24, segment.sequence);
    put32(ip + 28, segment.acknowledgement);
    ip[32] = 0x50;
    ip[33] = (uint8_t)segment.flags;
    if (data)
        memcpy(ip + 40, segment.data, data);
    wire_send_raw(wire, ip, 40 + data);
    wire_wait(wire, 1);
}

void wire_handshake(struct wire *wire, uint32_t client, uint32_t server)
{
    wire_send(wire, (struct segment_spec){ .flags = SYN, .sequence = client });
    wire_send(wire, (struct segment_spec){ .from_server = true,
                                           .flags = SYN | ACK,
                                           .sequence = server,
                                           .acknowledgement = client + 1 });
    wire_send(wire, (struct segment_spec){
                        .flags = ACK, .sequence = client + 1, .acknowledgement = server + 1 });
}

const struct event *wire_event(const struct wire *wire, enum event_kind kind, size_t nth)
{
    for (size_t i = 0; i < wire->event_count; i++)
        if (wire->events[i].kind == kind && nth-- == 0)
            return &wire->events[i];
    return NULL;
}
