/* http2.c: HTTP/2, watched from outside
 *
 * A connection is recognised by its client's preface, by the server's settings,
 * or, when it was running already, by frames that nothing else looks like.
 * Exchanges are told as those of HTTP/1 are, one a stream.
 * RFC 9113 3 (starting), 9.1 (connections); RFC 7540 3.2 (Upgrade: h2c).
 */
#include "dissectors/http2.h"

#include "dissectors/dissectors.h"

/* ---- the life of a connection ---- */

struct http2 *http2_upgrade(struct channel_view *view, struct exchange_queue *queue,
                            struct exchange *asked)
{
    struct http2 *http2 = memory_take(view->budget, sizeof *http2);
    struct http2_stream *stream;

    if (!http2)
        return NULL;
    http2->upgraded = true;
    http2->sides[FROM_CLIENT].newest = 1;
    stream = asked ? http2_add_stream(view, http2, 1) : NULL;
    if (!stream)
        return http2;
    exchange_move(queue, &http2->queue, asked);
    asked->stream = 1;
    stream->exchange = asked;
    stream->begun[FROM_CLIENT] = stream->ended[FROM_CLIENT] = true;
    return http2;
}

void http2_end(struct channel_view *view, struct http2 *http2, enum direction direction,
               enum stream_end end)
{
    struct http2_passage in = {
        .view = view,
        .http2 = http2,
        .side = &http2->sides[direction],
        .direction = direction,
    };
    enum direction other = direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT;
    bool other_ended = http2->sides[other].ended;

    in.side->ended = true;
    if (direction == FROM_CLIENT && end == END_FIN && !other_ended)
        http2->client_ended_first = true;
    in.side->block.cut = true;
    http2_end_block(&in);
    http2_end_direction(view, http2, direction, end);
    if (end == END_RESET && !other_ended)
        http2_end_direction(view, http2, other, end);
    if (end == END_RESET || direction == FROM_SERVER || other_ended)
        http2_tell_all(view, http2, end);
}

void http2_release_all(struct channel_view *view, struct http2 *http2)
{
    http2_release_streams(view, http2);
    hpack_free(http2->sides[FROM_CLIENT].hpack);
    hpack_free(http2->sides[FROM_SERVER].hpack);
}

/* ---- the dissector ---- */

static enum recognition http2_recognizes(enum transport transport, enum direction direction,
                                         struct slice first)
{
    return transport == TRANSPORT_TCP ? http2_recognize(direction, first) : RECOGNIZE_NO;
}

static size_t http2_read(struct channel_view *view, enum direction direction, struct slice bytes,
                         size_t *wanted)
{
    struct http2 *http2 = view->memory;
    struct http2_passage in = {
        .view = view,
        .http2 = http2,
        .side = &http2->sides[direction],
        .direction = direction,
        .rest = bytes,
    };

    http2_read_passage(&in);
    *wanted = in.wanted;
    return in.used;
}

static void http2_lose(struct channel_view *view, enum direction direction, uint64_t bytes)
{
    http2_lose_bytes(view, view->memory, direction, bytes);
}

static void http2_finish(struct channel_view *view, enum direction direction, struct slice rest,
                         enum stream_end end, struct evidence evidence)
{
    (void)rest;
    (void)evidence;
    http2_end(view, view->memory, direction, end);
}

static void http2_tick(struct channel_view *view)
{
    http2_tell_silent(view, view->memory);
}

static void http2_release(struct channel_view *view)
{
    http2_release_all(view, view->memory);
}

const struct dissector http2_dissector = {
    .name = "http2",
    .memory_size = sizeof(struct http2),
    .recognizes = http2_recognizes,
    .read = http2_read,
    .lose = http2_lose,
    .finish = http2_finish,
    .tick = http2_tick,
    .release = http2_release,
};
