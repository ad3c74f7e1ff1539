/* http1_message.h: one direction of an HTTP/1.x connection, message by message */
#ifndef LYNCSCOPE_DISSECTORS_HTTP1_MESSAGE_H
#define LYNCSCOPE_DISSECTORS_HTTP1_MESSAGE_H

#include "dissectors/http2.h"

enum side_state {
    SIDE_HEAD,
    SIDE_BODY,
    SIDE_WAIT,   /* CONNECT: what follows depends on the answer */
    SIDE_TUNNEL, /* another protocol from here on */
    SIDE_RESYNC, /* where the next message begins is not known */
};

struct http1_side {
    enum side_state state;
    size_t scanned; /* of the unread bytes: no end of the head there */
    struct exchange *exchange;
    struct body_reader body;
    bool ended;
    bool resynced; /* it was lost track of: what comes may belong to what was not read */
    bool mute;     /* a body that makes no sense: all that follows may be its, until the other side
                      moves on */
    uint64_t lost_waiting;
};

struct http1_memory {
    struct http1_side sides[2];
    struct exchange_queue queue;
    struct channel *inner;
    struct http2 *http2; /* the connection goes on in it */
    bool client_seen;    /* something of the client was read */
    bool client_lost;
    bool client_ended_first;
};

/* One call of `read`: what is left of its bytes. */
struct passage {
    struct channel_view *view;
    struct http1_memory *memory;
    struct http1_side *side;
    enum direction direction;
    struct slice rest;
    size_t used;
    size_t wanted;
    bool cut; /* the head at hand was given up half-way */
};

void http1_use(struct passage *in, size_t bytes);
/* A head at the start of `rest`, or no head at all. False: more bytes are needed. */
bool http1_read_head(struct passage *in);
/* What there is of a head when no more will come. */
void http1_read_cut_head(struct passage *in);
/* `used` of the bytes at hand belong to the response under way. */
void http1_note_end(struct passage *in, size_t used);
/* The message of this direction is over, whole or not. */
void http1_end_message(struct channel_view *view, struct http1_memory *memory,
                       enum direction direction);

#endif
