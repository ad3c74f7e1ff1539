/* http2_stream.c: the streams of an HTTP/2 connection and the exchanges on them
 *
 * A stream lives while one of its two messages is under way.  Most connections
 * have a handful at a time, so they are a list, the newest first.
 * RFC 9113 5.1 (states), 8.1 (messages), 8.5 (CONNECT).
 */
#include "dissectors/http2_stream.h"

enum {
    STREAMS_MAX = 256, /* a capture of one direction sees none of them end */
    TUNNELS_MAX = 32,  /* read at all; each stays until its connection ends */
};

struct http2_stream *http2_find_stream(const struct http2 *http2, uint32_t id)
{
    struct http2_stream *stream = http2->streams;

    while (stream && stream->id != id)
        stream = stream->next;
    return stream;
}

static void remove_stream(struct channel_view *view, struct http2 *http2,
                          struct http2_stream *stream)
{
    struct http2_stream **link = &http2->streams;

    while (*link != stream)
        link = &(*link)->next;
    *link = stream->next;
    http2->stream_count--;
    body_release(&stream->bodies[FROM_CLIENT]);
    body_release(&stream->bodies[FROM_SERVER]);
    memory_give(view->budget, stream, sizeof *stream);
}

static void limit_streams(struct channel_view *view, struct http2 *http2)
{
    struct http2_stream *oldest = http2->streams;

    if (http2->stream_count <= STREAMS_MAX)
        return;
    while (oldest->next)
        oldest = oldest->next;
    http2_break_stream(view, http2, oldest, HTTP_UNKNOWN);
}

struct http2_stream *http2_add_stream(struct channel_view *view, struct http2 *http2, uint32_t id)
{
    struct http2_stream *stream = memory_take(view->budget, sizeof *stream);

    if (!stream)
        return NULL;
    stream->id = id;
    stream->next = http2->streams;
    http2->streams = stream;
    http2->stream_count++;
    limit_streams(view, http2);
    return stream;
}

/* ---- messages ---- */

void http2_begin_body(struct channel_view *view, struct http2_stream *stream,
                      enum direction direction, const struct http_head *head)
{
    stream->begun[direction] = true;
    body_begin(&stream->bodies[direction], head, false, exchange_wish(view, stream->exchange),
               view->budget);
}

/* Puts what came of the message into the exchange. */
static void finish_message(struct http2_stream *stream, enum direction direction, bool whole)
{
    struct body_reader *body = &stream->bodies[direction];

    if (stream->ended[direction])
        return;
    stream->ended[direction] = true;
    body_close(body, whole);
    if (stream->exchange)
        exchange_end_message(stream->exchange, direction, body);
    else
        body_release(body);
}

void http2_end_message(struct channel_view *view, struct http2 *http2, struct http2_stream *stream,
                       enum direction direction, bool whole)
{
    finish_message(stream, direction, whole);
    if (stream->exchange && exchange_close_if_done(view, &http2->queue, stream->exchange))
        stream->exchange = NULL;
    if (stream->ended[FROM_CLIENT] && stream->ended[FROM_SERVER])
        remove_stream(view, http2, stream);
}

/* Tells the exchange with what came of it. */
static void tell(struct channel_view *view, struct http2 *http2, struct http2_stream *stream,
                 enum http_ending ending, bool capture_ended)
{
    struct exchange *exchange = stream->exchange;

    if (!exchange)
        return;
    finish_message(stream, FROM_CLIENT, false);
    if (exchange->answered)
        finish_message(stream, FROM_SERVER, false);
    stream->exchange = NULL;
    exchange_tell(view, exchange, exchange->answered ? HTTP_ANSWERED : ending, capture_ended);
    exchange_remove(view, &http2->queue, exchange);
}

void http2_break_stream(struct channel_view *view, struct http2 *http2, struct http2_stream *stream,
                        enum http_ending ending)
{
    tell(view, http2, stream, ending, false);
    if (stream->tunnel) {
        channel_pass_end(stream->inner, FROM_CLIENT, END_RESET);
        channel_pass_end(stream->inner, FROM_SERVER, END_RESET);
    }
    remove_stream(view, http2, stream);
}

void http2_open_tunnel(struct channel_view *view, struct http2 *http2, struct http2_stream *stream)
{
    struct exchange *exchange = stream->exchange;

    stream->tunnel = true;
    if (http2->tunnels < TUNNELS_MAX) {
        stream->inner = channel_open_inner(view, false, true);
        http2->tunnels++;
    }
    if (!exchange)
        return;
    for (int direction = FROM_CLIENT; direction <= FROM_SERVER; direction++) {
        body_close(&stream->bodies[direction], true);
        exchange_end_message(exchange, (enum direction)direction, &stream->bodies[direction]);
    }
    exchange_close_if_done(view, &http2->queue, exchange);
    stream->exchange = NULL;
}

/* ---- gaps and ends ---- */

void http2_suspect_streams(struct http2 *http2, enum direction direction)
{
    for (struct http2_stream *each = http2->streams; each; each = each->next)
        if (each->begun[direction] && !each->ended[direction])
            body_lose(&each->bodies[direction], 1);
    if (direction == FROM_SERVER)
        exchange_suspect_all(&http2->queue);
}

void http2_end_direction(struct channel_view *view, struct http2 *http2, enum direction direction,
                         enum stream_end end)
{
    struct http2_stream *next;

    for (struct http2_stream *each = http2->streams; each; each = next) {
        next = each->next;
        if (each->tunnel)
            channel_pass_end(each->inner, direction, end);
        if (each->begun[direction])
            http2_end_message(view, http2, each, direction, false);
    }
}

void http2_tell_silent(struct channel_view *view, struct http2 *http2)
{
    struct http2_stream *next;

    exchange_tell_silent(view, &http2->queue);
    for (struct http2_stream *each = http2->streams; each; each = next) {
        next = each->next;
        if (each->exchange && each->exchange->answered && each->bodies[FROM_SERVER].missing &&
            exchange_is_old(view, each->exchange))
            http2_break_stream(view, http2, each, HTTP_ANSWERED);
    }
}

void http2_tell_all(struct channel_view *view, struct http2 *http2, enum stream_end end)
{
    while (http2->queue.first) {
        struct exchange *exchange = http2->queue.first;
        struct http2_stream *stream = http2_find_stream(http2, exchange->stream);
        enum http_ending ending = exchange_ending(exchange, end, http2->client_ended_first);

        if (stream && stream->exchange == exchange)
            tell(view, http2, stream, ending, end == END_CAPTURE);
        else
            exchange_remove(view, &http2->queue, exchange);
    }
}

void http2_release_streams(struct channel_view *view, struct http2 *http2)
{
    while (http2->queue.first)
        exchange_remove(view, &http2->queue, http2->queue.first);
    while (http2->streams)
        remove_stream(view, http2, http2->streams);
}
