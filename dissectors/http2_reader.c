/* http2_reader.c: one direction of an HTTP/2 connection, frame by frame
 *
 * Nothing is kept waiting but a frame's first few bytes: header blocks go to the
 * decompressor and bodies to their readers in the pieces in which they come, and
 * what nobody needs is skipped before it comes.  When frames were lost the
 * reader goes on at the next one that cannot be mistaken.
 * RFC 9113 3.4 (preface), 4 (frames), 6 (their types), 6.8 (GOAWAY).
 */
#include "dissectors/http2.h"

static void use(struct http2_passage *in, size_t bytes)
{
    in->used += bytes;
    in->rest = slice_after(in->rest, bytes);
}

/* ---- in and out of step ---- */

static void abandon_block(struct http2_passage *in)
{
    if (!in->side->block.open)
        return;
    in->side->block.cut = true;
    http2_end_block(in);
}

static void lose_step(struct http2_passage *in)
{
    abandon_block(in);
    http2_suspect_streams(in->http2, in->direction);
    in->side->state = HTTP2_RESYNC;
}

static bool is_body_of_open_stream(const struct http2_passage *in)
{
    struct http2_frame frame = http2_read_frame(in->rest);
    struct http2_stream *stream;

    if (frame.type != HTTP2_DATA || frame.length == 0 || frame.length > 16384 || frame.reserved ||
        frame.flags & ~(HTTP2_END_STREAM | HTTP2_PADDED))
        return false;
    stream = http2_find_stream(in->http2, frame.stream);
    return stream && stream->begun[in->direction] && !stream->ended[in->direction];
}

/* Between here and there were header blocks, perhaps. */
static bool find_frame(struct http2_passage *in)
{
    while (in->rest.length > 0) {
        enum recognition landmark;

        use(in, slice_find_byte(in->rest, 0)); /* no usual frame is longer than 65535 bytes */
        landmark = http2_judge_landmark(in->direction, in->rest);
        if (landmark == RECOGNIZE_MORE)
            return false;
        if (landmark == RECOGNIZE_YES || is_body_of_open_stream(in)) {
            http2_lose_table(in->side);
            in->side->state = HTTP2_AWAIT_FRAME;
            return true;
        }
        use(in, 1);
    }
    return false;
}

static void begin_side(struct http2_passage *in)
{
    const struct http2 *http2 = in->http2;
    bool client = in->direction == FROM_CLIENT;
    bool from_start = client ? http2->upgraded || http2_judge_preface(in->rest) != RECOGNIZE_NO
                             : in->view->from_start || http2->upgraded || http2->preface_seen;

    in->side->running = !from_start;
    if (!from_start)
        in->side->state = HTTP2_RESYNC;
    else
        in->side->state = client ? HTTP2_AWAIT_PREFACE : HTTP2_AWAIT_FRAME;
}

static bool read_preface(struct http2_passage *in)
{
    switch (http2_judge_preface(in->rest)) {
    case RECOGNIZE_YES:
        in->http2->preface_seen = true;
        in->side->state = HTTP2_AWAIT_FRAME;
        use(in, HTTP2_PREFACE_LENGTH);
        return true;
    case RECOGNIZE_MORE:
        in->wanted = HTTP2_PREFACE_LENGTH;
        return false;
    case RECOGNIZE_NO:
    case RECOGNIZE_YES_REVERSED:
    case RECOGNIZE_ON_PORT:
        break;
    }
    lose_step(in);
    return true;
}

/* ---- frames without content ---- */

/* RFC 9113 8.7: a reset with NO_ERROR behind a full response asks only for no more request body. */
static void reset_stream(struct http2_passage *in, uint32_t id, uint32_t code)
{
    struct http2_stream *stream = http2_find_stream(in->http2, id);
    struct exchange *exchange = stream ? stream->exchange : NULL;
    enum http_ending ending = HTTP_RESET;

    if (!stream)
        return;
    if (in->direction == FROM_CLIENT)
        ending = exchange && exchange->suspect ? HTTP_UNKNOWN : HTTP_CLIENT_CLOSED;
    if (exchange)
        exchange->reset_code = code;
    http2_break_stream(in->view, in->http2, stream, ending);
}

static struct http2_stream *find_refused(const struct http2_passage *in, uint32_t last)
{
    uint32_t odd = in->direction == FROM_SERVER;
    struct http2_stream *oldest = NULL;

    for (struct http2_stream *each = in->http2->streams; each; each = each->next)
        if (each->id > last && each->id % 2 == odd)
            oldest = each;
    return oldest;
}

/* What the other side opened beyond `last` was not dealt with and never will be. */
static void go_away(struct http2_passage *in, uint32_t last, uint32_t code)
{
    struct http2_stream *refused;

    while ((refused = find_refused(in, last))) {
        if (refused->exchange)
            refused->exchange->reset_code = code;
        http2_break_stream(in->view, in->http2, refused,
                           in->direction == FROM_SERVER ? HTTP_CLOSED : HTTP_CLIENT_CLOSED);
    }
}

/* ---- bodies ---- */

static struct http2_stream *find_receiver(const struct http2_passage *in, uint32_t id)
{
    struct http2_stream *stream = http2_find_stream(in->http2, id);

    return stream && stream->begun[in->direction] && !stream->ended[in->direction] ? stream : NULL;
}

static bool is_wanted(const struct http2_passage *in, const struct http2_frame *frame)
{
    const struct http2_stream *stream = find_receiver(in, frame->stream);

    return stream &&
           (stream->tunnel ? stream->inner != NULL : stream->bodies[in->direction].wish.decode);
}

static void read_body(struct http2_passage *in, struct slice bytes)
{
    struct http2_stream *stream = find_receiver(in, in->side->frame.stream);

    if (!stream)
        return;
    if (stream->tunnel)
        channel_pass(stream->inner, in->direction, bytes,
                     channel_evidence(in->view, in->direction, in->used));
    else
        body_read(&stream->bodies[in->direction], bytes);
    if (in->direction == FROM_SERVER)
        exchange_note_end(in->view, stream->exchange, in->used + bytes.length - 1);
}

static void end_body(struct http2_passage *in)
{
    struct http2_stream *stream = find_receiver(in, in->side->frame.stream);

    if (!stream || !(in->side->frame.flags & HTTP2_END_STREAM))
        return;
    if (stream->tunnel)
        channel_pass_end(stream->inner, in->direction, END_FIN);
    if (in->direction == FROM_SERVER && in->used > 0)
        exchange_note_end(in->view, stream->exchange, in->used - 1);
    http2_end_message(in->view, in->http2, stream, in->direction, true);
}

/* ---- content ---- */

static bool is_in_block(const struct http2_frame *frame)
{
    return frame->type == HTTP2_HEADERS || frame->type == HTTP2_PUSH_PROMISE ||
           frame->type == HTTP2_CONTINUATION;
}

static void end_content(struct http2_passage *in)
{
    const struct http2_frame *frame = &in->side->frame;

    if (frame->type == HTTP2_DATA)
        end_body(in);
    else if (is_in_block(frame) && frame->flags & HTTP2_END_HEADERS)
        http2_end_block(in);
    use(in, in->side->padding);
    in->side->padding = 0;
    in->side->state = HTTP2_AWAIT_FRAME;
}

static bool read_content(struct http2_passage *in)
{
    struct http2_side *side = in->side;
    struct slice piece = slice_part(in->rest, 0, side->content);

    if (side->frame.type == HTTP2_DATA && piece.length > 0)
        read_body(in, piece);
    else
        http2_read_fragment(in, piece);
    side->content -= piece.length;
    use(in, piece.length);
    if (side->content == 0)
        end_content(in);
    return true;
}

/* ---- frames ---- */

/* Does somebody read the content of the frame that begins here? */
static bool begin_content(struct http2_passage *in, const struct http2_frame *frame,
                          const struct http2_preamble *preamble)
{
    struct http2_side *side = in->side;

    switch ((enum http2_type)frame->type) {
    case HTTP2_HEADERS:
    case HTTP2_PUSH_PROMISE:
        http2_begin_block(in, frame, preamble);
        return true;
    case HTTP2_CONTINUATION:
        if (!side->block.open) /* of a block that nobody saw begin */
            http2_lose_table(side);
        return side->block.open;
    case HTTP2_DATA:
        return is_wanted(in, frame);
    case HTTP2_RST_STREAM:
        reset_stream(in, frame->stream, preamble->code);
        return false;
    case HTTP2_GOAWAY:
        go_away(in, preamble->last, preamble->code);
        return false;
    case HTTP2_PRIORITY:
    case HTTP2_SETTINGS:
    case HTTP2_PING:
    case HTTP2_WINDOW_UPDATE:
        break;
    }
    return false;
}

static void begin_frame(struct http2_passage *in, const struct http2_frame *frame)
{
    struct http2_side *side = in->side;
    size_t length = http2_preamble_length(frame);
    struct http2_preamble preamble;
    bool padded_well =
        http2_read_preamble(frame, slice_after(in->rest, HTTP2_FRAME_HEADER), &preamble);
    bool wanted;

    if (side->block.open &&
        (frame->type != HTTP2_CONTINUATION || frame->stream != side->frame.stream))
        abandon_block(in);
    side->frame = *frame;
    side->padding = padded_well ? preamble.padding : frame->length - length;
    side->content = frame->length - length - side->padding;
    wanted = begin_content(in, frame, &preamble);
    if (!padded_well)
        side->block.cut = true;
    if (!wanted) {
        side->padding += side->content;
        side->content = 0;
    }
    side->state = HTTP2_CONTENT;
    use(in, HTTP2_FRAME_HEADER + length);
    if (side->content == 0)
        end_content(in);
}

static bool read_frame(struct http2_passage *in)
{
    struct http2_frame frame;
    size_t needed = HTTP2_FRAME_HEADER;

    if (in->rest.length >= needed) {
        frame = http2_read_frame(in->rest);
        if (!http2_frame_is_sane(&frame)) {
            lose_step(in);
            return true;
        }
        needed += http2_preamble_length(&frame);
    }
    in->wanted = needed;
    if (in->rest.length < needed)
        return false;
    in->wanted = 0;
    begin_frame(in, &frame);
    return true;
}

/* False: the rest has to wait for more. */
static bool read_some(struct http2_passage *in)
{
    switch (in->side->state) {
    case HTTP2_BEGINNING:
        begin_side(in);
        return true;
    case HTTP2_AWAIT_PREFACE:
        return read_preface(in);
    case HTTP2_AWAIT_FRAME:
        return read_frame(in);
    case HTTP2_CONTENT:
        return read_content(in);
    case HTTP2_RESYNC:
        return find_frame(in);
    }
    return false;
}

void http2_read_passage(struct http2_passage *in)
{
    while (in->rest.length > 0 && read_some(in))
        ;
}

/* ---- gaps ---- */

/* The frame at hand has lost so much; at most all that was to come of it. */
static void lose_content(struct http2_passage *in, size_t bytes)
{
    struct http2_side *side = in->side;
    struct http2_stream *stream = find_receiver(in, side->frame.stream);
    size_t padding = bytes > side->content ? bytes - side->content : 0;

    bytes -= padding;
    side->content -= bytes;
    side->padding -= padding;
    if (side->frame.type != HTTP2_DATA)
        side->block.cut = true;
    else if (stream && stream->tunnel)
        channel_pass_gap(stream->inner, in->direction, bytes);
    else if (stream)
        body_lose(&stream->bodies[in->direction], bytes);
}

void http2_lose_bytes(struct channel_view *view, struct http2 *http2, enum direction direction,
                      uint64_t bytes)
{
    struct http2_passage in = {
        .view = view,
        .http2 = http2,
        .side = &http2->sides[direction],
        .direction = direction,
    };
    size_t left = in.side->content + in.side->padding;
    bool in_step = in.side->state == HTTP2_CONTENT && bytes <= left;

    if (in.side->state == HTTP2_CONTENT)
        lose_content(&in, in_step ? (size_t)bytes : left);
    if (!in_step)
        lose_step(&in);
    else if (in.side->content == 0 && in.side->padding == 0)
        end_content(&in);
}
