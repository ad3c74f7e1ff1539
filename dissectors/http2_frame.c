/* http2_frame.c: the frames of HTTP/2, and how to know some when they are seen
 *
 * A frame header has no magic number, but few bytes of it are free: what other
 * protocols send hardly ever passes as two frames in a row, or as one that
 * ends where the segment does.
 * RFC 9113 3.4 (preface), 4.1 (frames), 6 (their types); RFC 7541 A (static table).
 */
#include "dissectors/http2_frame.h"

#include "lyncscope/cursor.h"

enum {
    USUAL_LENGTH_MAX = 16384,
    UNKNOWN_LENGTH_MAX = 65536, /* of a type that nobody knows */
    TYPES = HTTP2_CONTINUATION + 1,
    ERROR_CODES = 0xe,
    SETTING_SIZE = 6,
};

enum belongs { STREAM_NONE, STREAM_ONE, STREAM_ANY };

static const struct {
    uint8_t flags;
    enum belongs stream;
    uint32_t least, most; /* length */
} types[TYPES] = {
    [HTTP2_DATA] = { 0x09, STREAM_ONE, 0, UINT32_MAX },
    [HTTP2_HEADERS] = { 0x2d, STREAM_ONE, 0, UINT32_MAX },
    [HTTP2_PRIORITY] = { 0x00, STREAM_ONE, 5, 5 },
    [HTTP2_RST_STREAM] = { 0x00, STREAM_ONE, 4, 4 },
    [HTTP2_SETTINGS] = { 0x01, STREAM_NONE, 0, UINT32_MAX },
    [HTTP2_PUSH_PROMISE] = { 0x0c, STREAM_ONE, 4, UINT32_MAX },
    [HTTP2_PING] = { 0x01, STREAM_NONE, 8, 8 },
    [HTTP2_GOAWAY] = { 0x00, STREAM_NONE, 8, UINT32_MAX },
    [HTTP2_WINDOW_UPDATE] = { 0x00, STREAM_ANY, 4, 4 },
    [HTTP2_CONTINUATION] = { 0x04, STREAM_ONE, 0, UINT32_MAX },
};

struct http2_frame http2_read_frame(struct slice bytes)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);
    struct http2_frame frame = { .length = cursor_u24(&in) };
    uint32_t stream;

    frame.type = cursor_u8(&in);
    frame.flags = cursor_u8(&in);
    stream = cursor_u32(&in);
    frame.stream = stream & 0x7fffffff;
    frame.reserved = stream >> 31;
    return frame;
}

bool http2_frame_is_sane(const struct http2_frame *frame)
{
    if (frame->type >= TYPES)
        return frame->length <= UNKNOWN_LENGTH_MAX;
    if (frame->length < types[frame->type].least || frame->length > types[frame->type].most)
        return false;
    if (frame->type == HTTP2_SETTINGS && frame->length % SETTING_SIZE != 0)
        return false;
    if (frame->length < http2_preamble_length(frame))
        return false;
    return types[frame->type].stream == STREAM_ANY ||
           (types[frame->type].stream == STREAM_ONE) == (frame->stream != 0);
}

/* ---- preambles ---- */

static bool may_be_padded(const struct http2_frame *frame)
{
    return frame->type < TYPES && types[frame->type].flags & HTTP2_PADDED;
}

static bool has_priority(const struct http2_frame *frame)
{
    return frame->type == HTTP2_HEADERS && frame->flags & HTTP2_HAS_PRIORITY;
}

size_t http2_preamble_length(const struct http2_frame *frame)
{
    size_t length = may_be_padded(frame) && frame->flags & HTTP2_PADDED;

    if (has_priority(frame))
        length += 5;
    if (frame->type == HTTP2_PUSH_PROMISE || frame->type == HTTP2_RST_STREAM)
        length += 4;
    if (frame->type == HTTP2_GOAWAY)
        length += 8;
    return length;
}

bool http2_read_preamble(const struct http2_frame *frame, struct slice payload,
                         struct http2_preamble *preamble)
{
    struct reading reading;
    struct cursor in = cursor_over_message(payload, &reading);

    *preamble = (struct http2_preamble){ 0 };
    if (may_be_padded(frame) && frame->flags & HTTP2_PADDED)
        preamble->padding = cursor_u8(&in);
    if (has_priority(frame))
        cursor_skip(&in, 5);
    if (frame->type == HTTP2_PUSH_PROMISE)
        preamble->promised = cursor_u32(&in) & 0x7fffffff;
    if (frame->type == HTTP2_GOAWAY)
        preamble->last = cursor_u32(&in) & 0x7fffffff;
    if (frame->type == HTTP2_GOAWAY || frame->type == HTTP2_RST_STREAM)
        preamble->code = cursor_u32(&in);
    return preamble->padding <= frame->length - http2_preamble_length(frame);
}

/* ---- recognition ---- */

enum recognition http2_judge_preface(struct slice bytes)
{
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    struct slice first = slice_part(bytes, 0, HTTP2_PREFACE_LENGTH);

    if (!slice_equals(first, slice_part(slice_of_text(preface), 0, first.length)))
        return RECOGNIZE_NO;
    return first.length == HTTP2_PREFACE_LENGTH ? RECOGNIZE_YES : RECOGNIZE_MORE;
}

/* Stricter than what the reader goes along with once it is in step. */
static bool is_usual(const struct http2_frame *frame)
{
    if (frame->type >= TYPES || !http2_frame_is_sane(frame) || frame->reserved)
        return false;
    if (frame->flags & ~types[frame->type].flags || frame->length > USUAL_LENGTH_MAX)
        return false;
    if (frame->type == HTTP2_SETTINGS && frame->flags & HTTP2_ACK && frame->length > 0)
        return false;
    return frame->type != HTTP2_DATA || frame->length > 0 || frame->flags & HTTP2_END_STREAM;
}

/* By the first byte of a header block: pseudo header fields come first, and the static table names
 * those of requests with 1 to 7, the one of responses with 8 to 14. */
enum block_kind { BLOCK_OTHER, BLOCK_REQUEST, BLOCK_RESPONSE, BLOCK_EITHER };

static enum block_kind judge_block(uint8_t first)
{
    unsigned index;

    if (first & 0x80)
        index = first & 0x7f;
    else if (first & 0x40)
        index = first & 0x3f;
    else if (first & 0x20) /* a new table size */
        return BLOCK_EITHER;
    else
        index = first & 0x0f;
    if (index == 0)
        return BLOCK_OTHER;
    if (index <= 7)
        return BLOCK_REQUEST;
    if (index <= 14)
        return BLOCK_RESPONSE;
    return index >= 62 ? BLOCK_EITHER : BLOCK_OTHER;
}

/* `payload` is what there is of it. */
static enum block_kind judge_headers(const struct http2_frame *frame, struct slice payload)
{
    size_t preamble = http2_preamble_length(frame);

    struct slice block = slice_after(payload, preamble);

    if (frame->length <= preamble || block.length == 0 || !block.data)
        return BLOCK_OTHER;
    return judge_block(block.data[0]);
}

static uint32_t first_number(struct slice payload)
{
    struct reading reading;
    struct cursor in = cursor_over_message(payload, &reading);

    return cursor_u32(&in);
}

/* Payload bytes that it takes to judge it. */
static size_t telling_length(const struct http2_frame *frame)
{
    if (frame->type == HTTP2_HEADERS)
        return http2_preamble_length(frame) + 1;
    return frame->type == HTTP2_RST_STREAM || frame->type == HTTP2_WINDOW_UPDATE ? 4 : 0;
}

static bool is_landmark(enum direction direction, const struct http2_frame *frame,
                        struct slice payload)
{
    enum block_kind kind;

    switch ((enum http2_type)frame->type) {
    case HTTP2_HEADERS:
        kind = judge_headers(frame, payload);
        return frame->flags & HTTP2_END_HEADERS && frame->stream >> 28 == 0 &&
               (frame->stream % 2 == 1 || direction == FROM_SERVER) &&
               (kind == BLOCK_EITHER ||
                kind == (direction == FROM_CLIENT ? BLOCK_REQUEST : BLOCK_RESPONSE));
    case HTTP2_RST_STREAM:
        return first_number(payload) < ERROR_CODES;
    case HTTP2_WINDOW_UPDATE:
        return first_number(payload) - 1 < 0x7fffffff;
    case HTTP2_SETTINGS:
        return frame->flags & HTTP2_ACK;
    case HTTP2_PING:
    case HTTP2_PRIORITY:
        return true;
    case HTTP2_DATA:
    case HTTP2_PUSH_PROMISE:
    case HTTP2_GOAWAY:
    case HTTP2_CONTINUATION:
        break;
    }
    return false;
}

enum recognition http2_judge_landmark(enum direction direction, struct slice bytes)
{
    struct slice payload = slice_after(bytes, HTTP2_FRAME_HEADER);
    struct http2_frame frame;

    if (bytes.length < HTTP2_FRAME_HEADER)
        return RECOGNIZE_MORE;
    frame = http2_read_frame(bytes);
    if (!is_usual(&frame) || frame.length < telling_length(&frame))
        return RECOGNIZE_NO;
    if (payload.length < telling_length(&frame))
        return RECOGNIZE_MORE;
    return is_landmark(direction, &frame, payload) ? RECOGNIZE_YES : RECOGNIZE_NO;
}

/* Settings by their numbers: those of RFC 9113, 8441 and 9218, and made-up ones (RFC 8701). */
static bool are_settings(struct slice payload)
{
    struct reading reading;
    struct cursor in = cursor_over_message(payload, &reading);

    while (cursor_has_more(&in)) {
        uint16_t number = cursor_u16(&in);

        cursor_skip(&in, 4);
        if (number == 0 || (number > 16 && (number & 0x0f0f) != 0x0a0a))
            return false;
    }
    return reading.state == READ_OK;
}

/* One frame that is all there, and nothing behind it. */
static bool is_telling(enum direction direction, const struct http2_frame *frame,
                       struct slice bytes)
{
    switch ((enum http2_type)frame->type) {
    case HTTP2_SETTINGS:
        return are_settings(slice_after(bytes, HTTP2_FRAME_HEADER));
    case HTTP2_GOAWAY:
        return true;
    case HTTP2_HEADERS:
        return judge_headers(frame, slice_after(bytes, HTTP2_FRAME_HEADER)) != BLOCK_OTHER;
    case HTTP2_PRIORITY:
    case HTTP2_RST_STREAM:
    case HTTP2_PING:
    case HTTP2_WINDOW_UPDATE:
        return is_landmark(direction, frame, slice_after(bytes, HTTP2_FRAME_HEADER));
    case HTTP2_DATA:
    case HTTP2_PUSH_PROMISE:
    case HTTP2_CONTINUATION:
        break;
    }
    return false;
}

/* Fewer bytes than a frame header. */
static enum recognition judge_part(struct slice part)
{
    struct reading reading;
    struct cursor in = cursor_over_message(part, &reading);
    uint16_t length = cursor_u16(&in);

    cursor_skip(&in, 1);
    return length <= USUAL_LENGTH_MAX >> 8 && cursor_u8(&in) < TYPES ? RECOGNIZE_MORE
                                                                     : RECOGNIZE_NO;
}

/* HEADERS of which not all is there. */
static bool begins_block(const struct http2_frame *frame, struct slice bytes)
{
    return frame->type == HTTP2_HEADERS &&
           (http2_judge_landmark(FROM_CLIENT, bytes) == RECOGNIZE_YES ||
            http2_judge_landmark(FROM_SERVER, bytes) == RECOGNIZE_YES);
}

static enum recognition judge_frames(enum direction direction, struct slice first)
{
    enum block_kind kind = BLOCK_OTHER;
    struct slice rest = first;
    struct http2_frame frame = { 0 };
    unsigned frames = 0;

    while (rest.length >= HTTP2_FRAME_HEADER) {
        frame = http2_read_frame(rest);
        if (!is_usual(&frame))
            return RECOGNIZE_NO;
        if (frame.type == HTTP2_HEADERS && (kind == BLOCK_OTHER || kind == BLOCK_EITHER))
            kind = judge_headers(&frame, slice_after(rest, HTTP2_FRAME_HEADER));
        frames++;
        if (HTTP2_FRAME_HEADER + frame.length > rest.length)
            break;
        rest = slice_after(rest, HTTP2_FRAME_HEADER + frame.length);
    }
    if (frames == 0)
        return judge_part(rest);
    if (frames == 1 && rest.length > 0 && !begins_block(&frame, first))
        return RECOGNIZE_MORE;
    if (frames == 1 && rest.length == 0 && !is_telling(direction, &frame, first))
        return RECOGNIZE_MORE;
    if (kind == BLOCK_REQUEST || kind == BLOCK_RESPONSE)
        return (kind == BLOCK_REQUEST) == (direction == FROM_CLIENT) ? RECOGNIZE_YES
                                                                     : RECOGNIZE_YES_REVERSED;
    return RECOGNIZE_YES;
}

enum recognition http2_recognize(enum direction direction, struct slice first)
{
    switch (http2_judge_preface(first)) {
    case RECOGNIZE_YES:
        return direction == FROM_CLIENT ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    case RECOGNIZE_MORE:
        return RECOGNIZE_MORE;
    case RECOGNIZE_NO:
    case RECOGNIZE_YES_REVERSED:
    case RECOGNIZE_ON_PORT:
        break;
    }
    return judge_frames(direction, first);
}
