/* engine.h: the inside of the flow engine
 *
 * flow.c keeps the table, the clock and the limits; packet.c takes packets
 * apart; tcp.c follows connections; order.c puts segments into order; udp.c
 * passes datagrams on; classify.c asks nDPI.
 */
#ifndef LYNCSCOPE_FLOW_ENGINE_H
#define LYNCSCOPE_FLOW_ENGINE_H

#include "lyncscope/flow.h"
#include "lyncscope/table.h"

#include "fragment.h"
#include "ip.h"
#include "stream.h"

#define SECOND ((int64_t)1000000000)

enum {
    FLOWS_MAX_DEFAULT = 250000,
    FLOW_LIMIT_DEFAULT = 4 << 20,
    UNORDERED_MAX = 1 << 20, /* bytes of one direction kept out of order */
    GAP_PATIENCE = 3, /* packets that acknowledge what was not captured before it counts as lost */
};

/* Flows of one state time out alike and stand in one list, the longest idle first. */
enum flow_list { LIST_OPENING, LIST_OPEN, LIST_ENDED, LIST_UDP, LISTS };

struct flow_key {
    struct endpoint low, high; /* the smaller endpoint first, so that both directions meet */
    uint32_t protocol;
};

struct segment { /* bytes that came before their time */
    struct segment *next;
    uint32_t sequence;
    uint32_t wire_length;
    struct evidence evidence;
    size_t length;
    uint8_t bytes[];
};

struct side {      /* one direction of a TCP connection */
    uint32_t next; /* sequence number expected */
    uint32_t end;  /* sequence number of its FIN */
    bool begun;    /* `next` is known */
    bool has_end, ended;
    bool seen; /* any packet */
    bool has_acknowledged;
    uint32_t acknowledged; /* by the other side, the latest */
    uint8_t lost_votes;    /* acknowledgements beyond the hole */
    int64_t hole_ns;       /* since when there is a hole, 0: none */
    uint64_t bytes, missing;
    struct segment *waiting; /* in order of sequence */
    size_t waiting_bytes;
    struct evidence end_evidence;
};

struct live { /* what only flows have that somebody reads */
    struct budget budget;
    struct channel *channel;
};

struct flow {
    struct flow_key key;
    UT_hash_handle hh; /* beside the key: to find a flow costs two cache lines, not three */
    uint64_t number;
    struct endpoint client, server;
    struct evidence first, first_attempt, last_attempt, answer, end;
    int64_t last_ns;
    struct live *live;    /* NULL: not read (yet, or any more) */
    struct side sides[2]; /* by enum direction */
    uint64_t cut_packets;
    uint16_t attempts;
    uint8_t list;
    uint8_t strikes;      /* datagrams nobody recognised */
    uint8_t datagrams[2]; /* read, by enum direction; the first few */
    bool read_tried;      /* a channel was made once */
    bool told;            /* CONNECTION was emitted */
    bool reset_late;      /* it was reset, which waits until what came before has been read */
    bool connected, mid_stream, refused, icmp, reset, reset_by_server, fin_by_server, any_fin;
    struct flow *older, *newer;
};

struct recent { /* a datagram seen a moment ago, for copies of it */
    uint64_t hash;
    int64_t time_ns;
    uint64_t number, before; /* its own, and that of the one before it on the same chain; 0: none */
};

enum { RECENT_MAX = 1024 };

struct classifier;

struct flow_engine {
    struct flow_config config;
    struct flow *flows;
    struct flow *oldest[LISTS], *newest[LISTS];
    size_t flow_count;
    uint64_t next_number;
    int64_t now_ns, ticked_ns;
    struct flow_counters counters;
    struct fragments *fragments;
    struct recent recent[RECENT_MAX];   /* by number; the newest overwrites the oldest */
    uint64_t recent_chains[RECENT_MAX]; /* by hash: the number of the newest */
    uint64_t recent_number;
    struct classifier *classifier;
    struct slice current_ip; /* the packet being read, for the classifier */
    struct flow *current;
};

struct segment_view { /* one TCP segment as captured */
    struct endpoint source, destination;
    uint32_t sequence, acknowledgement;
    uint8_t flags;
    struct slice payload;
    size_t wire_length; /* of the payload */
    struct evidence evidence;
};

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

/* ---- flow.c ---- */
struct flow *flow_find(struct flow_engine *engine, const struct endpoint *a,
                       const struct endpoint *b, uint8_t protocol);
struct flow *flow_add(struct flow_engine *engine, const struct endpoint *client,
                      const struct endpoint *server, uint8_t protocol,
                      enum flow_list list); /* NULL: no memory */
void flow_touch(struct flow_engine *engine, struct flow *flow, enum flow_list list);
void flow_remove(struct flow_engine *engine, struct flow *flow);
bool flow_open_channel(struct flow_engine *engine, struct flow *flow, enum transport transport);
void flow_close_channel(struct flow_engine *engine, struct flow *flow); /* gives its memory back */
enum direction flow_direction(const struct flow *flow, const struct endpoint *source);

/* ---- tcp.c ---- */
void tcp_receive(struct flow_engine *engine, const struct ip_packet *ip, struct evidence evidence);
void tcp_unreachable(struct flow_engine *engine, const struct endpoint *client,
                     const struct endpoint *server, struct evidence evidence);
/* Nothing more will be known of it: tells its end. */
void tcp_finish(struct flow_engine *engine, struct flow *flow, enum stream_end end);
/* Ends what had to wait. */
void tcp_tick(struct flow_engine *engine, struct flow *flow);

/* ---- order.c ---- */
void order_receive(struct flow_engine *engine, struct flow *flow, enum direction direction,
                   const struct segment_view *segment);
void order_acknowledged(struct flow_engine *engine, struct flow *flow, enum direction direction,
                        uint32_t acknowledgement);
void order_flush(struct flow_engine *engine, struct flow *flow, enum direction direction);
void order_tick(struct flow_engine *engine, struct flow *flow);
void order_release(struct flow *flow); /* forgets the segments that wait */

/* ---- udp.c ---- */
void udp_receive(struct flow_engine *engine, const struct ip_packet *ip, struct evidence evidence);
void udp_finish(struct flow_engine *engine, struct flow *flow, enum stream_end end);

/* ---- classify.c ---- */
const char *classify_ask(void *engine); /* fits channel_config.ask_classifier */
void classify_free(struct flow_engine *engine);

#endif
