/* flow.h: from packets to ordered bytes
 *
 * IPv4, IPv6, fragments, tunnels, TCP order and gaps, UDP; the connection
 * table with its budgets and time-outs on the capture's clock.  One engine is
 * single-threaded and shares nothing with another: workers can each own one.
 */
#ifndef LYNCSCOPE_FLOW_H
#define LYNCSCOPE_FLOW_H

#include "lyncscope/dissector.h"

struct flow_config {
    const struct dissector *const *dissectors; /* NULL-terminated */
    struct dissection_options dissection;
    struct event_sink sink;
    struct budget *budget; /* for all connections together */
    size_t flow_limit;     /* bytes a connection may hold; 0: the default, 4 MiB */
    size_t flows_max;      /* connections in the table; 0: the default, 1 000 000 */
};

struct flow_counters {
    uint64_t packets, not_ip, malformed, cut, duplicates, fragments, tunnelled;
    uint64_t connections, datagrams, evicted, over_budget;
    uint64_t gaps, gap_bytes;
};

struct flow_engine;
struct flow_engine *flow_engine_create(const struct flow_config *config); /* NULL: no memory */
void flow_engine_packet(struct flow_engine *engine, const struct packet *packet);
/* Nothing came, but time passed (live). Packets advance the clock by themselves. */
void flow_engine_advance(struct flow_engine *engine, int64_t now_ns);
/* The capture ended: everything open is finished and told. */
void flow_engine_finish(struct flow_engine *engine);
/* The same for at most so many connections; false: there are no more. */
bool flow_engine_finish_some(struct flow_engine *engine, size_t connections);
const struct flow_counters *flow_engine_counters(const struct flow_engine *engine);
void flow_engine_free(struct flow_engine *engine);

/* Who sent a packet to whom, inside any tunnel; analyzer/flow/ends.c, pure. */
struct packet_ends {
    struct endpoint from, to; /* port 0: the packet does not tell, a later fragment does not */
    uint8_t protocol;         /* IP protocol number */
};
bool packet_find_ends(const struct packet *packet, struct packet_ends *ends); /* false: no IP */

#endif
