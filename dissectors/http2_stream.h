/* http2_stream.h: the streams of an HTTP/2 connection and the exchanges on them */
#ifndef LYNCSCOPE_DISSECTORS_HTTP2_STREAM_H
#define LYNCSCOPE_DISSECTORS_HTTP2_STREAM_H

#include "dissectors/hpack.h"
#include "dissectors/http2_frame.h"
#include "dissectors/http_exchange.h"

struct http2_stream {
    struct http2_stream *next; /* older */
    uint32_t id;
    struct exchange *exchange; /* NULL: told, or over budget */
    struct body_reader bodies[2];
    bool begun[2], ended[2]; /* the message of that direction */
    bool tunnel;
    struct channel *inner; /* of a tunnel; NULL: nobody reads it */
};

enum http2_state {
    HTTP2_BEGINNING,
    HTTP2_AWAIT_PREFACE,
    HTTP2_AWAIT_FRAME,
    HTTP2_CONTENT,
    HTTP2_RESYNC, /* where the next frame begins is not known */
};

/* A header block, which may go on over several frames. */
struct http2_block {
    bool open;
    bool cut; /* some of it was lost, or could not be read */
    bool promise, ends_stream;
    uint32_t stream;
    struct evidence begins;
};

struct http2_side {
    enum http2_state state;
    struct http2_frame frame; /* whose content is being read */
    size_t content, padding;  /* bytes of it still to come */
    struct http2_block block;
    struct hpack *hpack; /* NULL: none yet, or the table was lost */
    bool running;        /* blocks were sent that nobody saw */
    uint32_t newest;     /* stream that this side has opened */
    bool ended;
};

struct http2 {
    struct http2_side sides[2];
    struct exchange_queue queue;
    struct http2_stream *streams; /* the newest first */
    size_t stream_count;
    unsigned tunnels;
    bool upgraded, preface_seen, client_ended_first;
};

struct http2_stream *http2_find_stream(const struct http2 *http2, uint32_t id);
/* NULL: over budget. When there are too many the oldest is told. */
struct http2_stream *http2_add_stream(struct channel_view *view, struct http2 *http2, uint32_t id);

void http2_begin_body(struct channel_view *view, struct http2_stream *stream,
                      enum direction direction, const struct http_head *head);
/* The message of that direction is over; `whole`: as its sender meant it. The stream may be gone
 * afterwards. */
void http2_end_message(struct channel_view *view, struct http2 *http2, struct http2_stream *stream,
                       enum direction direction, bool whole);
/* The stream ends before its time; `ending`: for an exchange without an answer. */
void http2_break_stream(struct channel_view *view, struct http2 *http2, struct http2_stream *stream,
                        enum http_ending ending);
void http2_open_tunnel(struct channel_view *view, struct http2 *http2, struct http2_stream *stream);

/* Bytes of that direction are missing, nobody knows of which streams. */
void http2_suspect_streams(struct http2 *http2, enum direction direction);
void http2_end_direction(struct channel_view *view, struct http2 *http2, enum direction direction,
                         enum stream_end end);
/* Tells those that have waited for long, and those whose end may be what was lost. */
void http2_tell_silent(struct channel_view *view, struct http2 *http2);
/* No more answers will come. */
void http2_tell_all(struct channel_view *view, struct http2 *http2, enum stream_end end);
void http2_release_streams(struct channel_view *view, struct http2 *http2);

#endif
