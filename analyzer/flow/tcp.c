/* tcp.c: connections, from the first SYN to the end (RFC 9293)
 *
 * Passive: the capture may begin in the middle, miss a side, show packets
 * twice.  The sender of the SYN is the client; without one, the side with the
 * lower port is taken for the server until the bytes say otherwise.
 */
#include "engine.h"

#include "lyncscope/cursor.h"

#define SAME_ATTEMPT (SECOND / 20) /* a SYN seen again so soon is a copy of the packet */

enum { RESET_WINDOW = 1 << 24, HEADER_MIN = 20 };

static bool read_segment(const struct ip_packet *ip, struct segment_view *view)
{
    struct reading reading;
    struct cursor in = cursor_over_message(ip->payload, &reading);
    size_t header;

    view->source = (struct endpoint){ .address = ip->source, .port = cursor_u16(&in) };
    view->destination = (struct endpoint){ .address = ip->destination, .port = cursor_u16(&in) };
    view->sequence = cursor_u32(&in);
    view->acknowledgement = cursor_u32(&in);
    header = (cursor_u8(&in) >> 4) * 4u;
    view->flags = cursor_u8(&in);
    if (reading.state != READ_OK || header < HEADER_MIN || header > ip->wire_length)
        return false;
    view->payload = slice_after(ip->payload, header);
    view->wire_length = ip->wire_length - header;
    return true;
}

/* ---- telling ---- */

static struct event event_of(const struct flow_engine *engine, const struct flow *flow,
                             enum event_kind kind)
{
    const struct side *client = &flow->sides[FROM_CLIENT], *server = &flow->sides[FROM_SERVER];
    struct event event = {
        .kind = kind, .evidence = flow->first, .noticed_ns = engine->now_ns, .flow = flow->number
    };
    struct tcp_connection *tcp = &event.tcp;

    tcp->client = flow->client;
    tcp->server = flow->server;
    tcp->attempts = flow->attempts;
    tcp->first_attempt = flow->first_attempt;
    tcp->last_attempt = flow->last_attempt;
    tcp->answer = flow->answer;
    tcp->end = flow->end;
    tcp->icmp = flow->icmp;
    tcp->client_bytes = client->bytes;
    tcp->server_bytes = server->bytes;
    tcp->client_missing = client->missing;
    tcp->server_missing = server->missing;
    tcp->cut_packets = flow->cut_packets;
    tcp->client_only = client->seen && !server->seen;
    tcp->server_only = server->seen && !client->seen;
    tcp->opened = flow->refused      ? OPENED_REFUSED
                  : flow->mid_stream ? OPENED_MID_STREAM
                  : flow->connected  ? OPENED_SYN
                                     : OPENED_UNANSWERED;
    tcp->closed = flow->reset ? CLOSED_RESET : flow->any_fin ? CLOSED_FIN : CLOSED_UNKNOWN;
    tcp->closed_by_server = flow->reset ? flow->reset_by_server : flow->fin_by_server;
    return event;
}

static void emit(const struct flow_engine *engine, const struct event *event)
{
    engine->config.sink.receive(engine->config.sink.context, event);
}

static void tell(const struct flow_engine *engine, const struct flow *flow, enum event_kind kind)
{
    struct event event = event_of(engine, flow, kind);

    emit(engine, &event);
}

static void end_side(struct flow_engine *engine, struct flow *flow, enum direction direction,
                     enum stream_end end)
{
    struct side *side = &flow->sides[direction];
    enum direction shown = direction;

    if (side->ended)
        return;
    side->ended = true;
    order_flush(engine, flow, direction);
    if (!flow->live)
        return;
    if (channel_is_reversed(flow->live->channel))
        shown = direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT;
    engine->current = flow;
    channel_end(flow->live->channel, shown, end, side->end_evidence);
    engine->current = NULL;
}

/* What the bytes said about who is the client counts for the report too. */
static void turn_round(struct flow *flow)
{
    struct endpoint client = flow->client;
    struct side side = flow->sides[FROM_CLIENT];

    flow->client = flow->server;
    flow->server = client;
    flow->sides[FROM_CLIENT] = flow->sides[FROM_SERVER];
    flow->sides[FROM_SERVER] = side;
    flow->fin_by_server = flow->any_fin && !flow->fin_by_server;
    flow->reset_by_server = flow->reset && !flow->reset_by_server;
}

static bool is_at_end(const struct side *side)
{
    return side->has_end && (int32_t)(side->next - side->end) >= 0;
}

/* `end` is how what has no end of its own ends now. */
static void end_sides(struct flow_engine *engine, struct flow *flow, enum stream_end end)
{
    for (enum direction direction = FROM_CLIENT; direction <= FROM_SERVER; direction++)
        if (!flow->sides[direction].ended)
            order_flush(engine, flow, direction);
    for (enum direction direction = FROM_CLIENT; direction <= FROM_SERVER; direction++)
        end_side(engine, flow, direction, is_at_end(&flow->sides[direction]) ? END_FIN : end);
}

void tcp_finish(struct flow_engine *engine, struct flow *flow, enum stream_end end)
{
    struct event event;
    bool reversed;

    if (flow->told)
        return;
    if (flow->reset_late)
        end = END_RESET;
    end_sides(engine, flow, end);
    reversed = flow->live && channel_is_reversed(flow->live->channel);
    flow_close_channel(engine, flow);
    if (reversed)
        turn_round(flow);
    event = event_of(engine, flow, EVENT_CONNECTION);
    event.tcp.capture_ended = end == END_CAPTURE;
    if (event.tcp.closed == CLOSED_UNKNOWN && (flow->connected || flow->mid_stream))
        event.tcp.closed = CLOSED_OPEN;
    flow->told = true;
    emit(engine, &event);
}

static bool is_waiting(const struct flow *flow)
{
    return flow->live && channel_is_waiting(flow->live->channel);
}

static void end_connection(struct flow_engine *engine, struct flow *flow, enum stream_end end)
{
    flow->reset_late = end == END_RESET && is_waiting(flow);
    if (flow->reset_late)
        return;
    tcp_finish(engine, flow, end);
    flow_touch(engine, flow, LIST_ENDED);
}

/* ---- opening ---- */

static struct flow *begin(struct flow_engine *engine, const struct segment_view *view,
                          bool from_client, enum flow_list list)
{
    struct flow *flow =
        flow_add(engine, from_client ? &view->source : &view->destination,
                 from_client ? &view->destination : &view->source, PROTOCOL_TCP, list);

    if (flow)
        flow->first = view->evidence;
    return flow;
}

static void note_attempt(struct flow_engine *engine, struct flow *flow,
                         const struct segment_view *view)
{
    struct side *client = &flow->sides[FROM_CLIENT];

    if (flow->attempts && view->evidence.time_ns - flow->last_attempt.time_ns < SAME_ATTEMPT)
        return;
    if (flow->attempts++ == 0)
        flow->first_attempt = view->evidence;
    flow->last_attempt = view->evidence;
    client->begun = true;
    client->next = view->sequence + 1;
    tell(engine, flow, EVENT_CONNECTING);
}

/* A SYN on a known pair of ports: repeated, or the ports are used again. */
static struct flow *reopen(struct flow_engine *engine, struct flow *flow,
                           const struct segment_view *view)
{
    const struct side *side = &flow->sides[flow_direction(flow, &view->source)];
    bool repeated =
        side->begun && view->sequence + 1 == side->next - (uint32_t)(side->bytes + side->missing);

    if (!flow->told && (repeated || (!flow->connected && !flow->mid_stream)))
        return flow;
    if (flow->told && repeated && engine->now_ns - flow->last_ns < SAME_ATTEMPT)
        return flow;
    tcp_finish(engine, flow, END_TIMEOUT);
    flow_remove(engine, flow);
    return NULL;
}

static struct flow *receive_syn(struct flow_engine *engine, struct flow *flow,
                                const struct segment_view *view)
{
    if (flow)
        flow = reopen(engine, flow, view);
    if (!flow)
        flow = begin(engine, view, true, LIST_OPENING);
    if (!flow || flow->told)
        return flow;
    if (!flow->connected && flow_direction(flow, &view->source) == FROM_CLIENT)
        note_attempt(engine, flow, view);
    return flow;
}

static struct flow *receive_syn_ack(struct flow_engine *engine, struct flow *flow,
                                    const struct segment_view *view)
{
    struct side *server;

    if (flow && flow->told) { /* the ports again, and the SYN was not captured */
        flow_remove(engine, flow);
        flow = NULL;
    }
    if (!flow)
        flow = begin(engine, view, false, LIST_OPEN);
    if (!flow || flow->connected || flow->mid_stream)
        return flow;
    server = &flow->sides[flow_direction(flow, &view->source)];
    server->begun = server->seen = true;
    server->next = view->sequence + 1;
    flow->connected = true;
    flow->answer = view->evidence;
    tell(engine, flow, EVENT_CONNECTED);
    return flow;
}

/* The connection was running when the capture began. */
static struct flow *meet(struct flow_engine *engine, const struct segment_view *view)
{
    bool from_client = view->source.port > view->destination.port;
    struct flow *flow = begin(engine, view, from_client, LIST_OPEN);

    if (flow) {
        flow->mid_stream = true;
        tell(engine, flow, EVENT_CONNECTED);
    }
    return flow;
}

/* Data flows though no SYN+ACK was captured: it must have been there. Only a SYN may carry data
 * before. */
static void accept_unseen(struct flow_engine *engine, struct flow *flow,
                          const struct segment_view *view)
{
    if (flow->connected || flow->mid_stream || (view->flags & TCP_SYN))
        return;
    flow->connected = true;
    tell(engine, flow, EVENT_CONNECTED);
}

/* ---- ending ---- */

static void receive_reset(struct flow_engine *engine, struct flow *flow,
                          const struct segment_view *view)
{
    enum direction direction = flow_direction(flow, &view->source);
    struct side *side = &flow->sides[direction];
    int32_t off = (int32_t)(view->sequence - side->next);

    if (!flow->connected && !flow->mid_stream) {
        if (direction == FROM_SERVER && (view->flags & TCP_ACK) &&
            view->acknowledgement != flow->sides[FROM_CLIENT].next)
            return; /* not an answer to this SYN */
        flow->refused = direction == FROM_SERVER;
        flow->answer = direction == FROM_SERVER ? view->evidence : flow->answer;
    } else if (side->begun && (off > RESET_WINDOW || off < -RESET_WINDOW)) {
        return; /* far out of the window: forged or stale */
    }
    if (view->flags & TCP_ACK)
        order_acknowledged(engine, flow, direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT,
                           view->acknowledgement);
    flow->reset = flow->connected || flow->mid_stream;
    flow->reset_by_server = direction == FROM_SERVER;
    flow->end = side->end_evidence = view->evidence;
    end_connection(engine, flow, END_RESET);
}

static void check_ends(struct flow_engine *engine, struct flow *flow)
{
    if (is_waiting(flow))
        return;
    for (enum direction direction = FROM_CLIENT; direction <= FROM_SERVER; direction++) {
        struct side *side = &flow->sides[direction];

        if (!side->ended && is_at_end(side))
            end_side(engine, flow, direction, END_FIN);
    }
    if (flow->sides[FROM_CLIENT].ended && flow->sides[FROM_SERVER].ended)
        end_connection(engine, flow, END_FIN);
}

void tcp_tick(struct flow_engine *engine, struct flow *flow)
{
    if (flow->reset_late)
        end_connection(engine, flow, END_RESET);
    else if (flow->any_fin)
        check_ends(engine, flow);
}

static void note_fin(struct flow *flow, enum direction direction, const struct segment_view *view)
{
    struct side *side = &flow->sides[direction];

    if (side->has_end)
        return;
    side->has_end = true;
    side->end = view->sequence + (uint32_t)view->wire_length;
    side->end_evidence = view->evidence;
    if (!side->begun) {
        side->begun = true;
        side->next = view->sequence;
    }
    if (!flow->any_fin) {
        flow->any_fin = true;
        flow->fin_by_server = direction == FROM_SERVER;
        flow->end = view->evidence;
    }
}

void tcp_unreachable(struct flow_engine *engine, const struct endpoint *client,
                     const struct endpoint *server, struct evidence evidence)
{
    struct flow *flow = flow_find(engine, client, server, PROTOCOL_TCP);

    if (!flow || flow->told || flow->connected || flow->mid_stream)
        return;
    flow->refused = flow->icmp = true;
    flow->answer = flow->end = evidence;
    end_connection(engine, flow, END_RESET);
}

/* ---- segments ---- */

static void receive_data(struct flow_engine *engine, struct flow *flow,
                         const struct segment_view *view)
{
    enum direction direction = flow_direction(flow, &view->source);
    enum direction other = direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT;
    struct segment_view data = *view;

    if (view->flags & TCP_SYN)
        data.sequence++; /* data of a fast open follows the SYN's own number */
    if (view->wire_length > 0) {
        accept_unseen(engine, flow, view);
        if (!flow->live && !flow->read_tried)
            flow_open_channel(engine, flow, TRANSPORT_TCP);
        if (view->wire_length > view->payload.length)
            flow->cut_packets++;
        order_receive(engine, flow, direction, &data);
        if (flow->live && channel_is_let_go(flow->live->channel) &&
            !channel_dissector_name(flow->live->channel))
            flow_close_channel(engine, flow);
    }
    if (view->flags & TCP_ACK && !flow->sides[other].ended)
        order_acknowledged(engine, flow, other, view->acknowledgement);
    if (view->flags & TCP_FIN)
        note_fin(flow, direction, &data);
    if (flow->any_fin)
        check_ends(engine, flow);
}

void tcp_receive(struct flow_engine *engine, const struct ip_packet *ip, struct evidence evidence)
{
    struct segment_view view = { .evidence = evidence };
    struct flow *flow;

    if (!read_segment(ip, &view)) {
        engine->counters.malformed++;
        return;
    }
    flow = flow_find(engine, &view.source, &view.destination, PROTOCOL_TCP);
    if ((view.flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN)
        flow = receive_syn(engine, flow, &view);
    else if ((view.flags & (TCP_SYN | TCP_RST)) == TCP_SYN)
        flow = receive_syn_ack(engine, flow, &view);
    else if (!flow && view.wire_length > 0 && !(view.flags & TCP_RST))
        flow = meet(engine, &view);
    if (!flow || flow->told || flow->reset_late)
        return;
    flow->sides[flow_direction(flow, &view.source)].seen = true;
    if (view.flags & TCP_RST) {
        receive_reset(engine, flow, &view);
        return;
    }
    flow_touch(engine, flow, flow->connected || flow->mid_stream ? LIST_OPEN : LIST_OPENING);
    receive_data(engine, flow, &view);
}
