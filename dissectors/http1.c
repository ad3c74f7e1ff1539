/* http1.c: HTTP/1.x, watched from outside
 *
 * Each direction is a state machine over its own bytes.  What nobody needs is
 * skipped before it comes; what cannot be read is passed over until the next
 * message begins.  An exchange is told once: when answered, or when it is
 * known that it will not be.
 * RFC 9112 9 (connections), 6.3 (where a message ends).
 */
#include "dissectors/dissectors.h"
#include "dissectors/http1_message.h"
#include "dissectors/http_resync.h"

/* ---- reading ---- */

static enum http_beginning judge_next(const struct passage *in)
{
    static const char version[] = "HTTP/1.";
    struct slice first = slice_part(in->rest, 0, sizeof version - 1);

    if (in->direction == FROM_CLIENT)
        return http_judge_beginning(in->rest);
    if (!slice_equals(first, slice_part(slice_of_text(version), 0, first.length)))
        return HTTP_BEGINS_NOT;
    return first.length == sizeof version - 1 ? HTTP_BEGINS_RESPONSE : HTTP_MAY_BEGIN;
}

/* May the body that was announced not be there? So with a request that was answered before its body
 * was asked for, and with the answer to a HEAD that nobody saw. */
static bool body_may_be_omitted(const struct passage *in)
{
    const struct exchange *exchange = in->side->exchange;

    if (!exchange || in->side->body.received > 0)
        return false;
    return in->direction == FROM_CLIENT ? exchange->awaits_continue && exchange->answered
                                        : !exchange->has_request;
}

static bool read_body(struct passage *in)
{
    struct body_reader *body = &in->side->body;
    enum http_beginning next = body_may_be_omitted(in) ? judge_next(in) : HTTP_BEGINS_NOT;
    size_t used = 0;

    if (next == HTTP_MAY_BEGIN)
        return false;
    if (next == HTTP_BEGINS_NOT)
        used = body_read(body, in->rest);
    else
        body->done = true;
    http1_note_end(in, used);
    if (used > in->rest.length) {
        in->used += used; /* skipped before they come */
        in->rest = SLICE_EMPTY;
    } else {
        http1_use(in, used);
    }
    if (!body->done && !body->broken)
        return in->rest.length > 0 && used > 0;
    in->side->state = body->done ? SIDE_HEAD : SIDE_RESYNC;
    in->side->mute = body->broken && !body->missing;
    http1_end_message(in->view, in->memory, in->direction);
    return true;
}

static bool find_message(struct passage *in)
{
    bool found;
    size_t passed;

    if (in->side->mute) {
        http1_use(in, in->rest.length);
        return false;
    }
    passed = in->direction == FROM_CLIENT ? http_find_request(in->rest, &found)
                                          : http_find_response(in->rest, &found);

    http1_use(in, passed);
    if (found)
        in->side->state = SIDE_HEAD;
    in->side->resynced = true;
    return found;
}

/* After CONNECT the client says nothing until it is answered. */
static bool wait_for_answer(struct passage *in)
{
    for (const struct exchange *each = in->memory->queue.first; each; each = each->next)
        if (each->is_connect && !each->answered) {
            in->wanted = SIZE_MAX;
            return false;
        }
    in->side->state = SIDE_HEAD;
    return true;
}

static bool read_as_http2(struct passage *in)
{
    struct http2_passage passage = {
        .view = in->view,
        .http2 = in->memory->http2,
        .side = &in->memory->http2->sides[in->direction],
        .direction = in->direction,
        .rest = in->rest,
        .used = in->used,
    };

    http2_read_passage(&passage);
    in->rest = passage.rest;
    in->used = passage.used;
    in->wanted = passage.wanted;
    return false;
}

static bool pass_on(struct passage *in)
{
    if (in->memory->http2)
        return read_as_http2(in);
    channel_pass(in->memory->inner, in->direction, in->rest,
                 channel_evidence(in->view, in->direction, in->used));
    http1_use(in, in->rest.length);
    return false;
}

/* False: the rest has to wait for more. */
static bool read_some(struct passage *in)
{
    switch (in->side->state) {
    case SIDE_HEAD:
        return http1_read_head(in);
    case SIDE_BODY:
        return read_body(in);
    case SIDE_WAIT:
        return wait_for_answer(in);
    case SIDE_TUNNEL:
        return pass_on(in);
    case SIDE_RESYNC:
        return find_message(in);
    }
    return false;
}

enum { EARLY_ANSWER_MAX = 65536 };

/* Packets may have been captured in another order: an answer is read once its request was. */
static bool comes_early(const struct channel_view *view, enum direction direction,
                        struct slice bytes)
{
    const struct http1_memory *memory = view->memory;
    const struct http1_side *side = &memory->sides[direction];
    bool client_is_read = view->encrypted || memory->client_seen;

    return direction == FROM_SERVER && side->state == SIDE_HEAD && !side->resynced &&
           view->from_start && client_is_read && !memory->client_lost &&
           !memory->sides[FROM_CLIENT].ended && !exchange_waiting(&memory->queue) &&
           bytes.length < EARLY_ANSWER_MAX;
}

static size_t http1_read(struct channel_view *view, enum direction direction, struct slice bytes,
                         size_t *wanted)
{
    struct http1_memory *memory = view->memory;
    struct passage in = {
        .view = view,
        .memory = memory,
        .side = &memory->sides[direction],
        .direction = direction,
        .rest = bytes,
    };

    while (in.rest.length > 0 && !comes_early(view, direction, in.rest) && read_some(&in))
        ;
    *wanted = in.rest.length > 0 && comes_early(view, direction, in.rest) ? SIZE_MAX : in.wanted;
    memory->client_seen = memory->client_seen || direction == FROM_CLIENT;
    return in.used;
}

/* ---- gaps ---- */

static void http1_lose(struct channel_view *view, enum direction direction, uint64_t bytes)
{
    struct http1_memory *memory = view->memory;
    struct http1_side *side = &memory->sides[direction];

    side->scanned = 0;
    memory->client_lost = memory->client_lost || direction == FROM_CLIENT;
    switch (side->state) {
    case SIDE_TUNNEL:
        if (memory->http2)
            http2_lose_bytes(view, memory->http2, direction, bytes);
        else
            channel_pass_gap(memory->inner, direction, bytes);
        return;
    case SIDE_WAIT:
        side->lost_waiting += bytes;
        return;
    case SIDE_BODY:
        if (body_lose(&side->body, bytes) && !side->body.done)
            return;
        side->state = side->body.done ? SIDE_HEAD : SIDE_RESYNC;
        http1_end_message(view, memory, direction);
        break;
    case SIDE_HEAD:
    case SIDE_RESYNC:
        side->state = SIDE_RESYNC;
        break;
    }
    if (direction == FROM_SERVER && side->state == SIDE_RESYNC)
        exchange_suspect_all(&memory->queue);
}

/* ---- the end ---- */

static void finish_message(struct channel_view *view, enum direction direction, struct slice rest,
                           enum stream_end end)
{
    struct http1_memory *memory = view->memory;
    struct http1_side *side = &memory->sides[direction];
    struct passage in = {
        .view = view,
        .memory = memory,
        .side = side,
        .direction = direction,
        .rest = rest,
    };

    if (side->state == SIDE_HEAD && rest.length > 0)
        http1_read_cut_head(&in);
    body_close(&side->body, end == END_FIN);
    if (side->exchange)
        http1_end_message(view, memory, direction);
    side->state = SIDE_RESYNC;
}

/* No more answers will come. */
static void tell_all(struct channel_view *view, enum stream_end end)
{
    struct http1_memory *memory = view->memory;
    struct http1_side *client = &memory->sides[FROM_CLIENT];

    if (client->exchange) /* its request is still being sent: tell as much as came */
        http1_end_message(view, memory, FROM_CLIENT);
    if (client->state == SIDE_BODY)
        client->state = SIDE_RESYNC;
    while (memory->queue.first) {
        struct exchange *exchange = memory->queue.first;

        exchange_tell(view, exchange, exchange_ending(exchange, end, memory->client_ended_first),
                      end == END_CAPTURE);
        exchange_remove(view, &memory->queue, exchange);
    }
}

static void http1_finish(struct channel_view *view, enum direction direction, struct slice rest,
                         enum stream_end end, struct evidence evidence)
{
    struct http1_memory *memory = view->memory;
    struct http1_side *side = &memory->sides[direction];
    bool tunnel = side->state == SIDE_TUNNEL;
    bool other_ended = memory->sides[direction == FROM_CLIENT].ended;

    (void)evidence;
    side->ended = true;
    if (direction == FROM_CLIENT && end == END_FIN && !other_ended)
        memory->client_ended_first = true;
    if (tunnel && memory->http2)
        http2_end(view, memory->http2, direction, end);
    else if (tunnel)
        channel_pass_end(memory->inner, direction, end);
    else
        finish_message(view, direction, rest, end);
    if (end == END_RESET && !other_ended && !tunnel)
        finish_message(view, direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT, SLICE_EMPTY,
                       end);
    if (end == END_RESET || direction == FROM_SERVER || other_ended)
        tell_all(view, end);
}

static void http1_tick(struct channel_view *view)
{
    struct http1_memory *memory = view->memory;

    exchange_tell_silent(view, &memory->queue);
    if (memory->http2)
        http2_tell_silent(view, memory->http2);
}

static void http1_release(struct channel_view *view)
{
    struct http1_memory *memory = view->memory;

    for (size_t i = 0; i < 2; i++)
        body_release(&memory->sides[i].body);
    while (memory->queue.first)
        exchange_remove(view, &memory->queue, memory->queue.first);
    if (memory->http2)
        http2_release_all(view, memory->http2);
    memory_give(view->budget, memory->http2, sizeof *memory->http2);
}

/* ---- recognition ---- */

static enum recognition http1_recognizes(enum transport transport, enum direction direction,
                                         struct slice first)
{
    bool from_client = direction == FROM_CLIENT;

    if (transport != TRANSPORT_TCP)
        return RECOGNIZE_NO;
    switch (http_judge_beginning(first)) {
    case HTTP_BEGINS_REQUEST:
        return from_client ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    case HTTP_BEGINS_RESPONSE:
        return from_client ? RECOGNIZE_YES_REVERSED : RECOGNIZE_YES;
    case HTTP_MAY_BEGIN:
        return RECOGNIZE_MORE;
    case HTTP_BEGINS_NOT:
        break;
    }
    return RECOGNIZE_NO;
}

const struct dissector http1_dissector = {
    .name = "http1",
    .memory_size = sizeof(struct http1_memory),
    .recognizes = http1_recognizes,
    .read = http1_read,
    .lose = http1_lose,
    .finish = http1_finish,
    .tick = http1_tick,
    .release = http1_release,
};
