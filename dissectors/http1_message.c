/* http1_message.c: one direction of an HTTP/1.x connection, message by message
 *
 * Requests wait in a queue and responses take the first that has none yet.
 * When bytes of the server were lost outside a body of known length, the
 * requests under way are suspects: the next response belongs to a newer
 * request if there is one, because a client asks anew only when it was
 * answered.
 * RFC 9112 (messages), RFC 9110 9.3.6 (CONNECT), 15.2 (interim answers), 7.8 (Upgrade).
 */
#include "dissectors/http1_message.h"

enum {
    WAITING_MAX = 256, /* requests without an answer; a capture of one direction has no others */
    LONG_TARGET_KEPT = 8192,
};

void http1_use(struct passage *in, size_t bytes)
{
    in->used += bytes;
    in->rest = slice_after(in->rest, bytes);
}

static struct evidence here(const struct passage *in)
{
    return channel_evidence(in->view, in->direction, in->used);
}

/* ---- the end of a message, and of an exchange ---- */

void http1_end_message(struct channel_view *view, struct http1_memory *memory,
                       enum direction direction)
{
    struct http1_side *side = &memory->sides[direction];
    struct exchange *exchange = side->exchange;

    side->exchange = NULL;
    if (!exchange) {
        body_release(&side->body);
        return;
    }
    exchange_end_message(exchange, direction, &side->body);
    exchange_close_if_done(view, &memory->queue, exchange);
}

static void begin_body(struct passage *in, const struct http_head *head, bool no_body)
{
    struct http1_side *side = in->side;

    body_begin(&side->body, head, no_body, exchange_wish(in->view, side->exchange),
               in->view->budget);
    side->state = SIDE_BODY;
    side->body.missing = in->cut;
    if (!side->body.done && !in->cut)
        return;
    side->state = SIDE_HEAD;
    http1_end_message(in->view, in->memory, in->direction);
}

void http1_note_end(struct passage *in, size_t used)
{
    if (in->direction == FROM_SERVER && used > 0)
        exchange_note_end(in->view, in->side->exchange,
                          in->used + (used < in->rest.length ? used : in->rest.length) - 1);
}

/* ---- requests ---- */

static void limit_waiting(struct passage *in)
{
    struct exchange_queue *queue = &in->memory->queue;
    struct exchange *oldest = queue->first;

    if (queue->count <= WAITING_MAX || oldest == in->memory->sides[FROM_SERVER].exchange)
        return;
    exchange_tell(in->view, oldest, HTTP_UNKNOWN, false);
    exchange_remove(in->view, queue, oldest);
}

static void begin_request(struct passage *in, const struct http_head *head)
{
    struct http1_side *side = in->side;
    bool connect = slice_is_text(head->method, "CONNECT");

    in->memory->sides[FROM_SERVER].mute = false;
    side->exchange = exchange_ask(in->view, &in->memory->queue, head, here(in));
    limit_waiting(in);
    begin_body(in, head, connect);
    if (connect)
        side->state = SIDE_WAIT;
}

/* ---- responses ---- */

static void drop_suspects(struct passage *in)
{
    struct exchange *each = in->memory->queue.first;

    while (each) {
        struct exchange *next = each->next;

        if (each->suspect && !each->answered && each != in->memory->sides[FROM_CLIENT].exchange) {
            exchange_tell(in->view, each, HTTP_UNKNOWN, false);
            exchange_remove(in->view, &in->memory->queue, each);
        }
        each = next;
    }
}

/* Whose answer begins here? */
static struct exchange *find_asked(struct passage *in)
{
    struct exchange *first = exchange_waiting(&in->memory->queue);

    if (!first || !first->suspect)
        return first;
    if (first->next) /* one of several suspects, or a newer request */
        drop_suspects(in);
    first = exchange_waiting(&in->memory->queue);
    if (first)
        first->suspect = false;
    return first;
}

static void open_tunnel(struct passage *in, bool tunnelled)
{
    struct http1_memory *memory = in->memory;
    struct http1_side *client = &memory->sides[FROM_CLIENT];

    memory->inner = channel_open_inner(in->view, false, tunnelled);
    if (client->exchange)
        http1_end_message(in->view, memory, FROM_CLIENT);
    client->state = memory->sides[FROM_SERVER].state = SIDE_TUNNEL;
    if (client->lost_waiting > 0)
        channel_pass_gap(memory->inner, FROM_CLIENT, client->lost_waiting);
    if (client->ended)
        channel_pass_end(memory->inner, FROM_CLIENT, END_FIN);
}

/* RFC 7540 3.2. RFC 9113 dropped it; some clients still ask and some servers still grant it. */
static bool is_http2(const struct http_head *head)
{
    return head->status == 101 &&
           slice_is_text_nocase(slice_trim(http_head_value(head, "Upgrade")), "h2c");
}

/* What was asked is answered on stream 1. False: over budget. */
static bool go_on_in_http2(struct passage *in, struct exchange *exchange)
{
    struct http1_memory *memory = in->memory;
    struct http1_side *client = &memory->sides[FROM_CLIENT];

    memory->http2 = http2_upgrade(in->view, &memory->queue, exchange);
    if (!memory->http2)
        return false;
    if (client->exchange) /* its body is still coming, and is not waited for */
        http1_end_message(in->view, memory, FROM_CLIENT);
    client->state = memory->sides[FROM_SERVER].state = SIDE_TUNNEL;
    if (client->ended)
        http2_end(in->view, memory->http2, FROM_CLIENT, END_FIN);
    return true;
}

static bool has_no_body(const struct exchange *exchange, unsigned status)
{
    return (exchange && exchange->is_head) || status == 204 || status == 304 || status < 200;
}

static void begin_response(struct passage *in, const struct http_head *head)
{
    struct http1_memory *memory = in->memory;
    struct http1_side *client = &memory->sides[FROM_CLIENT];
    struct exchange *exchange = find_asked(in);
    bool connected = exchange && exchange->is_connect && head->status / 100 == 2;

    if (head->status < 200 && head->status != 101) {
        if (exchange)
            exchange_note_interim(exchange, head->status);
        return;
    }
    client->mute = false;
    if (is_http2(head) && go_on_in_http2(in, exchange)) {
        if (exchange)
            exchange_note_interim(exchange, 101);
        return;
    }
    if (exchange)
        exchange_answer(in->view, exchange, head, here(in));
    else
        exchange = exchange_orphan(in->view, &memory->queue, head, here(in));
    in->side->exchange = exchange;
    http1_note_end(in, head->block.length);
    if (exchange && exchange->is_connect && !connected && client->state == SIDE_WAIT)
        client->state = SIDE_HEAD;
    begin_body(in, head, connected || has_no_body(exchange, head->status));
    if (connected || head->status == 101)
        open_tunnel(in, connected);
}

/* ---- heads ---- */

static void begin_message(struct passage *in, const struct http_head *head)
{
    if (in->direction == FROM_CLIENT)
        begin_request(in, head);
    else
        begin_response(in, head);
}

/* A head of which no more will be read: tell what there is of it. */
void http1_read_cut_head(struct passage *in)
{
    struct slice cut = slice_part(in->rest, 0, HTTP_HEAD_MAX);
    struct http_head head;
    size_t blank = slice_find_byte(cut, ' ');

    if (!http_read_head(cut, &head)) {
        if (cut.length < HTTP_HEAD_MAX || in->direction == FROM_SERVER ||
            http_judge_beginning(cut) != HTTP_BEGINS_REQUEST)
            return;
        head.is_response = false;
        head.method = slice_part(cut, 0, blank);
        head.target = slice_part(cut, blank + 1, LONG_TARGET_KEPT);
        head.version = 11;
        head.header_count = 0;
    }
    if (head.is_response != (in->direction == FROM_SERVER))
        return;
    in->cut = true;
    begin_message(in, &head);
    in->cut = false;
}

static bool begins_here(const struct passage *in)
{
    switch (http_judge_beginning(in->rest)) {
    case HTTP_BEGINS_REQUEST:
        return in->direction == FROM_CLIENT;
    case HTTP_BEGINS_RESPONSE:
        return in->direction == FROM_SERVER;
    case HTTP_MAY_BEGIN:
        return true;
    case HTTP_BEGINS_NOT:
        break;
    }
    return false;
}

/* The client goes on in HTTP/2: the 101 must have come, though nobody saw it. */
static enum recognition read_preface(struct passage *in)
{
    enum recognition answer =
        in->direction == FROM_CLIENT ? http2_judge_preface(in->rest) : RECOGNIZE_NO;

    if (answer != RECOGNIZE_YES)
        return answer;
    if (!go_on_in_http2(in, exchange_waiting(&in->memory->queue)))
        return RECOGNIZE_NO;
    http2_lose_bytes(in->view, in->memory->http2, FROM_SERVER, 1);
    return RECOGNIZE_YES;
}

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

bool http1_read_head(struct passage *in)
{
    enum recognition preface;
    struct http_head head;
    size_t length;

    while (in->rest.length > 0 && is_line_end(in->rest.data[0]))
        http1_use(in, 1);
    if (in->rest.length == 0)
        return false;
    preface = read_preface(in);
    if (preface != RECOGNIZE_NO)
        return preface == RECOGNIZE_YES;
    length = begins_here(in) ? http_find_head_end(in->rest, &in->side->scanned) : 0;
    if (length == 0 && in->rest.length < HTTP_HEAD_MAX && begins_here(in))
        return false;
    in->side->scanned = 0;
    if (length > 0 && length <= HTTP_HEAD_MAX &&
        http_read_head(slice_part(in->rest, 0, length), &head)) {
        begin_message(in, &head);
        http1_use(in, length);
        return true;
    }
    in->side->state = SIDE_RESYNC;
    if (begins_here(in)) {
        http1_read_cut_head(in);
        in->side->state = SIDE_RESYNC;
        length = length > 0 ? length : HTTP_HEAD_MAX;
    }
    http1_use(in, length > 0 ? length : 1);
    return true;
}
