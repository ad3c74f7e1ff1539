/* stream_inner.c: what dissectors ask of their channel, and channels inside channels */
#include "analyzer/flow/stream_channel.h"

enum { DEPTH_MAX = 4 };

struct evidence channel_evidence(const struct channel_view *view, enum direction direction,
                                 size_t offset)
{
    return side_evidence(&view->channel->sides[direction], offset);
}

size_t channel_evidence_length(const struct channel_view *view, enum direction direction,
                               size_t offset)
{
    return side_evidence_length(&view->channel->sides[direction], offset);
}

void channel_let_go(const struct channel_view *view)
{
    if (!view->options->everything)
        view->channel->let_go = true; /* its buffers may be in use right now */
}

struct channel *channel_open_inner(const struct channel_view *view, bool encrypted, bool tunnelled)
{
    struct channel *outer = view->channel;
    struct channel_config config = outer->config;
    struct channel *inner;

    config.client = view->client;
    config.server = view->server;
    config.from_start = true;
    config.ask_classifier = NULL;
    inner = outer->depth < DEPTH_MAX ? channel_create(&config) : NULL;
    if (!inner)
        return NULL;
    inner->depth = outer->depth + 1;
    inner->view.arena = view->arena;
    inner->view.encrypted = view->encrypted || encrypted;
    inner->view.tunnelled = view->tunnelled || tunnelled;
    inner->view.now_ns = view->now_ns;
    inner->view.truncated = view->truncated;
    inner->outermost = outer->outermost;
    inner->inner = inner->outermost->inner;
    inner->outermost->inner = inner;
    return inner;
}

static enum direction inner_direction(const struct channel *inner, enum direction direction)
{
    return inner->reversed ? other_side(direction) : direction;
}

bool channel_inner_is_let_go(const struct channel *inner)
{
    return inner->let_go;
}

void channel_pass(struct channel *inner, enum direction direction, struct slice bytes,
                  struct evidence evidence)
{
    if (inner)
        channel_feed(inner, inner_direction(inner, direction), bytes, evidence);
}

void channel_pass_gap(struct channel *inner, enum direction direction, uint64_t bytes)
{
    if (inner)
        channel_lose(inner, inner_direction(inner, direction), bytes);
}

void channel_pass_end(struct channel *inner, enum direction direction, enum stream_end end)
{
    struct evidence none = { 0 };

    if (inner)
        channel_end(inner, inner_direction(inner, direction), end, none);
}
