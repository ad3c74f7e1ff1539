/* http2_message.c: header blocks of HTTP/2, put together and understood
 *
 * A block is a request, an answer, an interim answer, trailers or a promise:
 * its pseudo header fields and what its stream has seen before tell which.
 * Every block is decompressed, whatever its stream, so that the table stays right.
 * RFC 9113 4.3 (field section compression), 6.10 (CONTINUATION), 8.1 to 8.5.
 */
#include "dissectors/http2_message.h"

/* ---- fragments ---- */

void http2_lose_table(struct http2_side *side)
{
    hpack_free(side->hpack);
    side->hpack = NULL;
    side->running = true;
}

void http2_begin_block(struct http2_passage *in, const struct http2_frame *frame,
                       const struct http2_preamble *preamble)
{
    struct http2_side *side = in->side;
    bool promise = frame->type == HTTP2_PUSH_PROMISE;

    if (!side->hpack)
        side->hpack = hpack_create(in->view->budget, side->running);
    side->block = (struct http2_block){
        .open = true,
        .cut = !side->hpack,
        .promise = promise,
        .ends_stream = promise || frame->flags & HTTP2_END_STREAM,
        .stream = promise ? preamble->promised : frame->stream,
        .begins = channel_evidence(in->view, in->direction, in->used),
    };
}

void http2_read_fragment(struct http2_passage *in, struct slice fragment)
{
    struct http2_block *block = &in->side->block;

    if (block->open && !block->cut)
        block->cut = !hpack_feed(in->side->hpack, fragment);
}

/* ---- fields ---- */

/* The target of a CONNECT is its authority. RFC 9113 8.5. */
static void settle_target(struct http_head *head)
{
    if (head->target.length == 0 && slice_is_text(head->method, "CONNECT"))
        head->target = head->authority;
}

static void take_pseudo(struct http_head *head, const struct header *field)
{
    uint64_t status;

    if (slice_is_text(field->name, ":method"))
        head->method = field->value;
    else if (slice_is_text(field->name, ":path"))
        head->target = field->value;
    else if (slice_is_text(field->name, ":authority"))
        head->authority = field->value;
    else if (slice_is_text(field->name, ":status") && field->value.length == 3 &&
             slice_to_u64(field->value, &status))
        head->status = (unsigned)status;
}

/* False: without any pseudo header field. */
static bool read_head(const struct hpack_fields *fields, struct http_head *head)
{
    bool pseudo = false;

    head->block = head->method = head->target = head->authority = head->reason = SLICE_EMPTY;
    head->version = HTTP_VERSION_2;
    head->status = 0;
    head->header_count = 0;
    for (size_t i = 0; i < fields->count; i++) {
        const struct header *field = &fields->list[i];

        if (field->name.data[0] == ':') {
            take_pseudo(head, field);
            pseudo = true;
        } else if (head->header_count < HTTP_HEADERS_MAX) {
            head->headers[head->header_count++] = *field;
        }
    }
    settle_target(head);
    return pseudo;
}

/* ---- requests ---- */

static void begin_request(struct http2_passage *in, const struct http_head *head)
{
    const struct http2_block *block = &in->side->block;
    struct http2_stream *stream = http2_add_stream(in->view, in->http2, head->stream);

    in->side->newest = head->stream > in->side->newest ? head->stream : in->side->newest;
    if (!stream)
        return;
    stream->exchange = exchange_ask(in->view, &in->http2->queue, head, block->begins);
    http2_begin_body(in->view, stream, FROM_CLIENT, head);
    if (block->cut)
        body_lose(&stream->bodies[FROM_CLIENT], 1);
    if (stream->exchange && stream->exchange->is_connect) {
        body_close(&stream->bodies[FROM_CLIENT], true);
        exchange_end_message(stream->exchange, FROM_CLIENT, &stream->bodies[FROM_CLIENT]);
    }
    if (block->ends_stream)
        http2_end_message(in->view, in->http2, stream, FROM_CLIENT, true);
}

static void take_from_client(struct http2_passage *in, const struct http_head *head, bool pseudo)
{
    struct http2_stream *stream = http2_find_stream(in->http2, head->stream);

    if (stream) { /* trailers */
        if (in->side->block.ends_stream)
            http2_end_message(in->view, in->http2, stream, FROM_CLIENT, true);
    } else if (pseudo && head->stream % 2 == 1 && head->stream > in->side->newest &&
               (head->target.length > 0 || !in->side->block.cut)) {
        begin_request(in, head);
    }
}

static void take_promise(struct http2_passage *in, const struct http_head *head, bool pseudo)
{
    if (pseudo && head->stream > 0 && head->stream % 2 == 0 && head->stream > in->side->newest)
        begin_request(in, head);
}

/* ---- responses ---- */

/* Its request was seen: when its stream is no more it was answered, or told for another reason. */
static bool was_asked(const struct http2 *http2, uint32_t id)
{
    const struct http2_side *asking = &http2->sides[id % 2 == 1 ? FROM_CLIENT : FROM_SERVER];

    return !asking->running && id <= asking->newest;
}

static struct http2_stream *answer(struct http2_passage *in, struct http2_stream *stream,
                                   const struct http_head *head)
{
    struct evidence begins = in->side->block.begins;

    if (stream) {
        if (stream->exchange)
            exchange_answer(in->view, stream->exchange, head, begins);
        return stream;
    }
    if (was_asked(in->http2, head->stream))
        return NULL;
    stream = http2_add_stream(in->view, in->http2, head->stream);
    if (!stream)
        return NULL;
    stream->begun[FROM_CLIENT] = stream->ended[FROM_CLIENT] = true;
    stream->exchange = exchange_orphan(in->view, &in->http2->queue, head, begins);
    return stream;
}

static void begin_response(struct http2_passage *in, struct http2_stream *stream,
                           const struct http_head *head)
{
    struct exchange *exchange;

    stream = answer(in, stream, head);
    if (!stream)
        return;
    exchange = stream->exchange;
    http2_begin_body(in->view, stream, FROM_SERVER, head);
    if (in->side->block.cut)
        body_lose(&stream->bodies[FROM_SERVER], 1);
    if (exchange && exchange->is_connect && head->status / 100 == 2 && !in->side->block.ends_stream)
        http2_open_tunnel(in->view, in->http2, stream);
}

static void take_from_server(struct http2_passage *in, const struct http_head *head)
{
    struct http2_stream *stream = http2_find_stream(in->http2, head->stream);
    bool begun = stream && stream->begun[FROM_SERVER];

    if (!begun && head->status >= 100 && head->status < 200) {
        if (stream && stream->exchange)
            exchange_note_interim(stream->exchange, head->status);
        return;
    }
    if (!begun && head->status >= 200)
        begin_response(in, stream, head);
    else if (!begun && stream && stream->exchange) /* an answer whose status was missed */
        stream->exchange->suspect = true;
    stream = http2_find_stream(in->http2, head->stream);
    if (!stream)
        return;
    if (stream->begun[FROM_SERVER] && in->used > 0)
        exchange_note_end(in->view, stream->exchange, in->used - 1);
    if (in->side->block.ends_stream && stream->begun[FROM_SERVER])
        http2_end_message(in->view, in->http2, stream, FROM_SERVER, true);
    else if (in->side->block.ends_stream)
        http2_break_stream(in->view, in->http2, stream, HTTP_UNKNOWN);
}

/* ---- blocks ---- */

static void deliver(struct http2_passage *in)
{
    struct http2_block *block = &in->side->block;
    const struct hpack_fields *fields = hpack_read_fields(in->side->hpack);
    struct http_head head;
    bool pseudo = read_head(fields, &head);

    block->cut = block->cut || fields->cut;
    head.is_response = in->direction == FROM_SERVER && !block->promise;
    head.stream = block->stream;
    if (block->promise)
        take_promise(in, &head, pseudo);
    else if (in->direction == FROM_CLIENT)
        take_from_client(in, &head, pseudo);
    else
        take_from_server(in, &head);
}

void http2_end_block(struct http2_passage *in)
{
    struct http2_side *side = in->side;
    bool spoiled;

    if (!side->block.open)
        return;
    spoiled = side->block.cut || !hpack_end_block(side->hpack);
    side->block.cut = spoiled;
    if (side->hpack) {
        deliver(in);
        hpack_forget(side->hpack);
    }
    side->block.open = false;
    if (spoiled)
        http2_lose_table(side);
}
