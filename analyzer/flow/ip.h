/* ip.h: IPv4 and IPv6 headers (RFC 791, RFC 8200) */
#ifndef LYNCSCOPE_FLOW_IP_H
#define LYNCSCOPE_FLOW_IP_H

#include "lyncscope/address.h"

enum {
    PROTOCOL_ICMP = 1,
    PROTOCOL_IPIP = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_GRE = 47,
    PROTOCOL_ICMPV6 = 58
};

struct ip_packet {
    struct address source, destination;
    uint8_t protocol; /* of the payload, behind all extension headers */
    uint32_t id;      /* IPv4 identification or that of the IPv6 fragment header */
    bool fragment;
    bool more_fragments;
    uint32_t offset;      /* of this fragment's payload, bytes */
    struct slice payload; /* as captured; padding of the link removed */
    size_t
        wire_length; /* bytes the payload had; more than payload.length: cut by the snap length */
};

/* False: no IP packet, or one whose header is cut. */
bool ip_read(struct slice bytes, struct ip_packet *ip);

#endif
