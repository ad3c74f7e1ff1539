/* tunnel.c: packets that a mirror or an overlay carries inside others
 *
 * IP in IP (RFC 2003, 4213), GRE (RFC 2784, 2890) with IP, Ethernet or ERSPAN
 * I, II and III inside, VXLAN (RFC 7348), Geneve (RFC 8926).
 */
#include "tunnel.h"

#include "lyncscope/capture.h"
#include "lyncscope/cursor.h"

enum {
    LINK_ETHERNET = 1,
    GRE_IPV4 = 0x0800,
    GRE_IPV6 = 0x86dd,
    GRE_ETHERNET = 0x6558,
    GRE_ERSPAN = 0x88be,
    GRE_ERSPAN3 = 0x22eb,
    PORT_VXLAN = 4789,
    PORT_VXLAN_LINUX = 8472,
    PORT_GENEVE = 6081,
};

static struct slice read_erspan3(struct cursor *in)
{
    uint16_t last;

    cursor_skip(in, 10);
    last = cursor_u16(in);
    if (last & 1) /* O: a platform specific subheader follows */
        cursor_skip(in, 8);
    return cursor_rest(in);
}

static struct slice read_gre(struct slice bytes)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);
    uint16_t flags = cursor_u16(&in);
    uint16_t type = cursor_u16(&in);
    bool sequence = flags & 0x1000;
    struct slice inner;

    if (flags & 0x8000)
        cursor_skip(&in, 4); /* checksum and reserved */
    if (flags & 0x2000)
        cursor_skip(&in, 4); /* key */
    if (sequence)
        cursor_skip(&in, 4);
    switch (type) {
    case GRE_IPV4:
    case GRE_IPV6:
        inner = cursor_rest(&in);
        break;
    case GRE_ETHERNET:
        inner = link_find_ip(LINK_ETHERNET, cursor_rest(&in));
        break;
    case GRE_ERSPAN: /* type I has neither sequence number nor header of its own */
        cursor_skip(&in, sequence ? 8 : 0);
        inner = link_find_ip(LINK_ETHERNET, cursor_rest(&in));
        break;
    case GRE_ERSPAN3:
        inner = link_find_ip(LINK_ETHERNET, read_erspan3(&in));
        break;
    default:
        return SLICE_EMPTY;
    }
    return reading.state == READ_OK ? inner : SLICE_EMPTY;
}

static struct slice read_vxlan(struct cursor *in)
{
    bool plausible = cursor_u8(in) == 0x08 && cursor_u24(in) == 0;

    cursor_skip(in, 4);
    return plausible ? link_find_ip(LINK_ETHERNET, cursor_rest(in)) : SLICE_EMPTY;
}

static struct slice read_geneve(struct cursor *in)
{
    uint8_t first = cursor_u8(in);
    uint16_t type;

    cursor_skip(in, 1);
    type = cursor_u16(in);
    cursor_skip(in, 4);
    cursor_skip(in, (first & 0x3fu) * 4u);
    if (first >> 6 != 0)
        return SLICE_EMPTY;
    if (type == GRE_ETHERNET)
        return link_find_ip(LINK_ETHERNET, cursor_rest(in));
    return type == GRE_IPV4 || type == GRE_IPV6 ? cursor_rest(in) : SLICE_EMPTY;
}

static struct slice read_udp(struct slice bytes)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);
    uint16_t port;

    cursor_skip(&in, 2);
    port = cursor_u16(&in);
    cursor_skip(&in, 4);
    if (port == PORT_VXLAN || port == PORT_VXLAN_LINUX)
        return read_vxlan(&in);
    return port == PORT_GENEVE ? read_geneve(&in) : SLICE_EMPTY;
}

struct slice tunnel_find_inner(const struct ip_packet *ip)
{
    switch (ip->protocol) {
    case PROTOCOL_IPIP:
    case PROTOCOL_IPV6:
        return ip->payload;
    case PROTOCOL_GRE:
        return read_gre(ip->payload);
    case PROTOCOL_UDP:
        return read_udp(ip->payload);
    default:
        return SLICE_EMPTY;
    }
}
