/* packets.h: IPv4 packets for the flow engine's tests, and what the engine said of them */
#ifndef LYNCSCOPE_TESTS_PACKETS_H
#define LYNCSCOPE_TESTS_PACKETS_H

#include "lyncscope/flow.h"

enum { LINK_RAW = 101, EVENTS_MAX = 64, BYTES_MAX = 4096 };
enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

/* A conversation of 10.0.0.1:40000 with 10.0.0.2:80, read by a dissector that keeps what it gets.
 */
struct wire {
    struct flow_engine *engine;
    struct budget budget;
    int64_t now_ns;
    uint64_t number;
    uint32_t snap; /* captured bytes at most, 0: all */
    struct event events[EVENTS_MAX];
    size_t event_count;
    char bytes[2][BYTES_MAX]; /* by direction, "[n]" where n bytes were lost */
    size_t lengths[2];
    bool waits; /* the dissector reads nothing before time has passed */
    bool ended[2];
    enum stream_end ends[2];
};

struct segment_spec {
    bool from_server;
    unsigned flags;
    uint32_t sequence, acknowledgement;
    const char *data;     /* NULL: none */
    uint16_t client_port; /* 0: 40000 */
};

void wire_open(struct wire *wire, size_t flows_max);
void wire_close(struct wire *wire);
void wire_send(struct wire *wire, struct segment_spec segment);
void wire_send_raw(struct wire *wire, const uint8_t *ip, size_t length);
void wire_wait(struct wire *wire, int64_t milliseconds);
void wire_handshake(struct wire *wire, uint32_t client, uint32_t server);
const struct event *wire_event(const struct wire *wire, enum event_kind kind, size_t nth);

#endif
