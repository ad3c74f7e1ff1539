/* ends.c: who sent a packet to whom, for those who look for the packets of a connection */
#include "lyncscope/capture.h"
#include "lyncscope/cursor.h"
#include "lyncscope/flow.h"

#include "tunnel.h"

enum { TUNNELS_MAX = 4 };

/* TCP (RFC 9293) and UDP (RFC 768) begin with the ports. */
static void read_ports(const struct ip_packet *ip, struct packet_ends *ends)
{
    struct reading reading;
    struct cursor in = cursor_over_message(ip->payload, &reading);
    uint16_t from = cursor_u16(&in), to = cursor_u16(&in);

    if (reading.state != READ_OK || (ip->fragment && ip->offset > 0))
        return;
    if (ip->protocol != PROTOCOL_TCP && ip->protocol != PROTOCOL_UDP)
        return;
    ends->from.port = from;
    ends->to.port = to;
}

bool packet_find_ends(const struct packet *packet, struct packet_ends *ends)
{
    struct slice bytes = link_find_ip(packet->link_type, packet->bytes);
    struct ip_packet ip;

    if (bytes.length == 0 || !ip_read(bytes, &ip))
        return false;
    for (unsigned depth = 0; depth < TUNNELS_MAX && !ip.fragment; depth++) {
        struct ip_packet inner;
        struct slice inside = tunnel_find_inner(&ip);

        if (inside.length == 0 || !ip_read(inside, &inner))
            break;
        ip = inner;
    }
    *ends = (struct packet_ends){ .protocol = ip.protocol };
    ends->from.address = ip.source;
    ends->to.address = ip.destination;
    read_ports(&ip, ends);
    return true;
}
