/* http2_frame.h: the frames of HTTP/2, and how to know some when they are seen */
#ifndef LYNCSCOPE_DISSECTORS_HTTP2_FRAME_H
#define LYNCSCOPE_DISSECTORS_HTTP2_FRAME_H

#include "lyncscope/dissector.h"

enum {
    HTTP2_PREFACE_LENGTH = 24,
    HTTP2_FRAME_HEADER = 9,
};

enum http2_type {
    HTTP2_DATA,
    HTTP2_HEADERS,
    HTTP2_PRIORITY,
    HTTP2_RST_STREAM,
    HTTP2_SETTINGS,
    HTTP2_PUSH_PROMISE,
    HTTP2_PING,
    HTTP2_GOAWAY,
    HTTP2_WINDOW_UPDATE,
    HTTP2_CONTINUATION,
};

enum http2_flag {
    HTTP2_END_STREAM = 0x1, /* DATA, HEADERS */
    HTTP2_ACK = 0x1,        /* SETTINGS, PING */
    HTTP2_END_HEADERS = 0x4,
    HTTP2_PADDED = 0x8,
    HTTP2_HAS_PRIORITY = 0x20,
};

struct http2_frame {
    uint32_t length; /* of the payload */
    uint8_t type, flags;
    uint32_t stream;
    bool reserved; /* a bit that is always 0 */
};

/* What comes in front of the content of a frame. */
struct http2_preamble {
    size_t padding;      /* behind the content */
    uint32_t promised;   /* PUSH_PROMISE: a stream */
    uint32_t last, code; /* GOAWAY: the last stream dealt with; GOAWAY, RST_STREAM: why */
};

/* `bytes` holds a frame header at least. */
struct http2_frame http2_read_frame(struct slice bytes);
/* May a frame of its type look like that? Types that nobody knows may, when small. */
bool http2_frame_is_sane(const struct http2_frame *frame);
size_t http2_preamble_length(const struct http2_frame *frame);
/* `payload` holds the preamble at least. False: its padding is longer than the frame. */
bool http2_read_preamble(const struct http2_frame *frame, struct slice payload,
                         struct http2_preamble *preamble);

/* Does `bytes` begin with the client's preface? MORE: as far as there is of it. */
enum recognition http2_judge_preface(struct slice bytes);
/* Is a frame of this kind so telling that bytes of unknown standing may be read on from it? DATA
 * never is. MORE: too few bytes to tell. */
enum recognition http2_judge_landmark(enum direction direction, struct slice bytes);

enum recognition http2_recognize(enum direction direction, struct slice first);

#endif
