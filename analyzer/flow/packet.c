/* packet.c: takes packets apart, down to the transport
 *
 * Tunnels are opened and fragments put together on the way.  ICMP matters only
 * where it says that a TCP connection cannot be made (RFC 792, RFC 4443).
 */
#include "engine.h"

#include "lyncscope/capture.h"
#include "lyncscope/cursor.h"

#include "tunnel.h"

enum { TUNNELS_MAX = 4, ICMP_UNREACHABLE = 3, ICMPV6_UNREACHABLE = 1 };

static struct endpoint endpoint_of(const struct address *address, uint16_t port)
{
    return (struct endpoint){ .address = *address, .port = port };
}

/* The message quotes the packet that could not be delivered. */
static void receive_icmp(struct flow_engine *engine, const struct ip_packet *ip,
                         struct evidence evidence)
{
    struct reading reading;
    struct cursor in = cursor_over_message(ip->payload, &reading);
    uint8_t type = cursor_u8(&in);
    struct ip_packet quoted;
    struct endpoint client, server;

    cursor_skip(&in, 7);
    if (type != (ip->protocol == PROTOCOL_ICMP ? ICMP_UNREACHABLE : ICMPV6_UNREACHABLE) ||
        !ip_read(cursor_rest(&in), &quoted) || quoted.protocol != PROTOCOL_TCP)
        return;
    in = cursor_over_message(quoted.payload, &reading);
    client = endpoint_of(&quoted.source, cursor_u16(&in));
    server = endpoint_of(&quoted.destination, cursor_u16(&in));
    if (reading.state == READ_OK)
        tcp_unreachable(engine, &client, &server, evidence);
}

static void receive_transport(struct flow_engine *engine, const struct ip_packet *ip,
                              struct evidence evidence)
{
    if (ip->wire_length > ip->payload.length)
        engine->counters.cut++;
    switch (ip->protocol) {
    case PROTOCOL_TCP:
        tcp_receive(engine, ip, evidence);
        break;
    case PROTOCOL_UDP:
        udp_receive(engine, ip, evidence);
        break;
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
        receive_icmp(engine, ip, evidence);
        break;
    default:
        break;
    }
}

static void receive_ip(struct flow_engine *engine, struct slice bytes, struct evidence evidence)
{
    for (unsigned depth = 0; depth <= TUNNELS_MAX; depth++) {
        struct ip_packet ip;
        struct slice inner;

        if (!ip_read(bytes, &ip)) {
            engine->counters.malformed++;
            return;
        }
        if (ip.fragment) {
            engine->counters.fragments++;
            if (!fragments_add(engine->fragments, &ip, evidence.time_ns))
                return;
        }
        inner = tunnel_find_inner(&ip);
        if (inner.length == 0) {
            engine->current_ip = bytes;
            receive_transport(engine, &ip, evidence);
            return;
        }
        engine->counters.tunnelled++;
        bytes = inner;
    }
}

void flow_engine_packet(struct flow_engine *engine, const struct packet *packet)
{
    struct evidence evidence = { .input = packet->input,
                                 .packet = packet->number,
                                 .time_ns = packet->time_ns };
    struct slice ip = link_find_ip(packet->link_type, packet->bytes);

    engine->counters.packets++;
    flow_engine_advance(engine, packet->time_ns);
    if (ip.length == 0)
        engine->counters.not_ip++;
    else
        receive_ip(engine, ip, evidence);
}
