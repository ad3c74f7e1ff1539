/* stream_channel.h: what a channel is made of, for the files that are the channel */
#ifndef LYNCSCOPE_FLOW_STREAM_CHANNEL_H
#define LYNCSCOPE_FLOW_STREAM_CHANNEL_H

#include "analyzer/flow/stream.h"
#include "analyzer/flow/stream_side.h"

enum {
    TRIES_FROM_START = 3, /* a proxy's own greeting may come first */
    TRIES_MID_STREAM = 32,
    TRIES_DATAGRAMS = 4,
};

struct channel {
    struct channel_config config;
    struct channel_view view;
    const struct dissector *dissector;
    struct stream_side sides[2];
    struct channel *outermost; /* itself, mostly */
    struct channel *inner;     /* of the outermost: all channels inside it, the newest first */
    unsigned depth;
    bool let_go, reversed, owns_arena, asked;
};

static inline enum direction other_side(enum direction direction)
{
    return direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT;
}

/* No dissector will read this channel. */
void channel_give_up(struct channel *channel);
void channel_drop_buffers(struct channel *channel);

/* Shows `first` to the dissectors. NO and MORE: there is still none. */
enum recognition channel_recognize(struct channel *channel, enum direction direction,
                                   struct slice first);
/* What was taken for the client is the server. */
void channel_reverse(struct channel *channel);
/* Nobody knows what has come on this side so far; the classifier may. */
void channel_count_failed_try(struct channel *channel, enum direction direction);

#endif
