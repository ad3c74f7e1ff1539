/* fragment.h: IP fragments put together (RFC 791 3.2, RFC 8200 4.5, RFC 5722) */
#ifndef LYNCSCOPE_FLOW_FRAGMENT_H
#define LYNCSCOPE_FLOW_FRAGMENT_H

#include "lyncscope/memory.h"

#include "ip.h"

struct fragments;
struct fragments *fragments_create(struct budget *budget);
/* True when `ip` (a fragment) completes its packet: its payload is then the whole one, valid
 * until the next call. */
bool fragments_add(struct fragments *fragments, struct ip_packet *ip, int64_t now_ns);
void fragments_free(struct fragments *fragments);

#endif
