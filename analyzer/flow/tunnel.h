/* tunnel.h: packets that a mirror or an overlay carries inside others */
#ifndef LYNCSCOPE_FLOW_TUNNEL_H
#define LYNCSCOPE_FLOW_TUNNEL_H

#include "ip.h"

/* The IP packet inside a tunnel packet; empty when `ip` is no tunnel known here. */
struct slice tunnel_find_inner(const struct ip_packet *ip);

#endif
