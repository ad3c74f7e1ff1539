/* http_exchange.c: the requests of a connection that are waiting for their answers
 *
 * What is not ours is a few bytes in the queue, so that answers pair right;
 * what is ours has an arena of its own that goes when it has been told, so
 * a connection that lives for weeks holds no more than what is under way.
 */
#include "dissectors/http_exchange.h"

#include "dissectors/lync_exchange.h"

#define SILENCE_NS (120 * INT64_C(1000000000))

static void free_story(struct channel_view *view, struct exchange *exchange)
{
    exchange->request_body.budget = exchange->response_body.budget = view->budget;
    buffer_release(&exchange->request_body);
    buffer_release(&exchange->response_body);
    arena_free(exchange->arena);
    exchange->arena = NULL;
    exchange->http = NULL;
}

static void link_last(struct exchange_queue *queue, struct exchange *exchange)
{
    exchange->next = NULL;
    if (queue->last)
        queue->last->next = exchange;
    else
        queue->first = exchange;
    queue->last = exchange;
    queue->count++;
}

static void unlink_one(struct exchange_queue *queue, struct exchange *exchange)
{
    struct exchange *before = NULL;

    for (struct exchange *each = queue->first; each != exchange; each = each->next)
        before = each;
    if (before)
        before->next = exchange->next;
    else
        queue->first = exchange->next;
    if (queue->last == exchange)
        queue->last = before;
    queue->count--;
}

static struct exchange *add(struct channel_view *view, struct exchange_queue *queue)
{
    struct exchange *exchange = memory_take(view->budget, sizeof *exchange);

    if (!exchange)
        return NULL;
    exchange->asked_ns = view->now_ns;
    link_last(queue, exchange);
    queue->index++;
    return exchange;
}

/* RFC 9112 3.2.2: an absolute target names the host when there is no Host header. */
static struct slice target_authority(struct slice target)
{
    size_t scheme = slice_find_text_nocase(slice_part(target, 0, 16), "://");
    struct slice rest = slice_after(target, scheme + 3);

    if (scheme >= slice_part(target, 0, 16).length)
        return SLICE_EMPTY;
    return slice_part(rest, 0, slice_find_byte(rest, '/'));
}

static struct slice find_host(const struct http_head *head)
{
    struct slice host =
        head->authority.length > 0 ? head->authority : http_head_value(head, "Host");

    if (host.length > 0)
        return host;
    return slice_is_text(head->method, "CONNECT") ? head->target : target_authority(head->target);
}

static struct http_request borrow_request(const struct http_head *head, struct evidence evidence)
{
    return (struct http_request){
        .present = true,
        .evidence = evidence,
        .method = head->method,
        .target = head->target,
        .host = find_host(head),
        .version = head->version,
        .headers = head->headers,
        .header_count = head->header_count,
    };
}

/* Gives the exchange what it needs to be told. False: over budget. */
static bool begin_story(struct channel_view *view, struct exchange *exchange, unsigned index)
{
    exchange->arena = arena_create(view->budget, 0);
    if (exchange->arena)
        exchange->http = arena_take(exchange->arena, sizeof *exchange->http);
    if (!exchange->http)
        return false;
    exchange->http->client = view->client;
    exchange->http->server = view->server;
    exchange->http->encrypted = view->encrypted;
    exchange->http->tunnelled = view->tunnelled;
    exchange->http->stream = exchange->stream;
    exchange->http->index = index;
    return true;
}

static bool keep_request(struct exchange *exchange, const struct http_request *borrowed,
                         const struct http_head *head)
{
    struct http_request *request = &exchange->http->request;

    *request = *borrowed;
    request->method = arena_copy(exchange->arena, borrowed->method);
    request->target = arena_copy(exchange->arena, borrowed->target);
    request->host = arena_copy(exchange->arena, borrowed->host);
    request->headers = NULL;
    request->header_count = 0;
    return request->target.length == borrowed->target.length &&
           http_copy_headers(exchange->arena, head, &request->headers, &request->header_count);
}

static void emit(struct channel_view *view, enum event_kind kind, const struct exchange *exchange)
{
    const struct http_exchange *http = exchange->http;
    struct event event = {
        .kind = kind,
        .evidence = http->request.present ? http->request.evidence : http->response.evidence,
        .noticed_ns = view->now_ns,
        .flow = view->flow,
        .http = *http,
    };

    event.http.foreign = !exchange->ours;
    view->sink.receive(view->sink.context, &event);
}

struct exchange *exchange_ask(struct channel_view *view, struct exchange_queue *queue,
                              const struct http_head *head, struct evidence evidence)
{
    struct http_request request = borrow_request(head, evidence);
    struct exchange *exchange = add(view, queue);

    if (!exchange)
        return NULL;
    exchange->has_request = true;
    exchange->stream = head->stream;
    exchange->is_head = slice_is_text(head->method, "HEAD");
    exchange->is_connect = slice_is_text(head->method, "CONNECT");
    exchange->awaits_continue =
        slice_is_text_nocase(http_head_value(head, "Expect"), "100-continue");
    exchange->ours = lync_request_is_ours(&request);
    if (!exchange->ours && !view->options->everything)
        return exchange;
    if (begin_story(view, exchange, queue->index) && keep_request(exchange, &request, head))
        emit(view, EVENT_HTTP_REQUEST, exchange);
    else
        free_story(view, exchange);
    return exchange;
}

/* Headers and types that only our servers send. */
static bool response_is_ours(const struct http_head *head)
{
    static const char *const names[] = { "X-MS-Server-Fqdn", "X-Ms-diagnostics",
                                         "X-MS-WebTicketURL", "X-MS-WebTicketSupported" };
    struct slice type = http_head_value(head, "Content-Type");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (http_head_value(head, names[i]).length > 0)
            return true;
    return slice_find_text_nocase(type, "vnd.microsoft.rtc.") < type.length ||
           slice_find_text_nocase(type, "vnd.microsoft.com.ucwa") < type.length;
}

struct exchange *exchange_orphan(struct channel_view *view, struct exchange_queue *queue,
                                 const struct http_head *head, struct evidence evidence)
{
    struct exchange *exchange = add(view, queue);

    if (!exchange)
        return NULL;
    exchange->request_done = true;
    exchange->stream = head->stream;
    exchange->ours = response_is_ours(head);
    if ((exchange->ours || view->options->everything) && !begin_story(view, exchange, queue->index))
        free_story(view, exchange);
    exchange_answer(view, exchange, head, evidence);
    return exchange;
}

void exchange_answer(struct channel_view *view, struct exchange *exchange,
                     const struct http_head *head, struct evidence evidence)
{
    struct http_response *response;

    exchange->answered = true;
    if (!exchange->http)
        return;
    response = &exchange->http->response;
    response->present = true;
    response->evidence = response->end = evidence;
    response->status = head->status;
    response->version = head->version;
    response->reason = arena_copy(exchange->arena, head->reason);
    if (!http_copy_headers(exchange->arena, head, &response->headers, &response->header_count))
        free_story(view, exchange);
}

struct exchange *exchange_waiting(const struct exchange_queue *queue)
{
    struct exchange *exchange = queue->first;

    while (exchange && exchange->answered)
        exchange = exchange->next;
    return exchange;
}

void exchange_note_interim(struct exchange *exchange, unsigned status)
{
    if (exchange->interim_count < INTERIM_MAX)
        exchange->interim[exchange->interim_count++] = status;
    if (status == 100)
        exchange->awaits_continue = false;
}

void exchange_note_end(struct channel_view *view, struct exchange *exchange, size_t offset)
{
    if (exchange && exchange->http)
        exchange->http->response.end = channel_evidence(view, FROM_SERVER, offset);
}

void exchange_end_message(struct exchange *exchange, enum direction direction,
                          struct body_reader *body)
{
    bool request = direction == FROM_CLIENT;
    struct http_exchange *http = exchange->http;
    struct http_body result;

    if (request ? exchange->request_done : exchange->response_done) {
        body_release(body);
        return;
    }
    body_finish(body, &result, request ? &exchange->request_body : &exchange->response_body);
    if (request)
        exchange->request_done = true;
    else
        exchange->response_done = true;
    if (!http)
        return;
    if (request) {
        http->request.body = result;
        http->request.complete = result.complete;
    } else {
        http->response.body = result;
        http->response.complete = result.complete;
    }
}

void exchange_suspect_all(struct exchange_queue *queue)
{
    for (struct exchange *each = queue->first; each; each = each->next)
        each->suspect = each->suspect || !each->answered;
}

enum http_ending exchange_ending(const struct exchange *exchange, enum stream_end end,
                                 bool client_ended_first)
{
    if (exchange->answered)
        return HTTP_ANSWERED;
    if (exchange->suspect)
        return HTTP_UNKNOWN;
    switch (end) {
    case END_FIN:
        return client_ended_first ? HTTP_CLIENT_CLOSED : HTTP_CLOSED;
    case END_RESET:
        return client_ended_first ? HTTP_CLIENT_CLOSED : HTTP_RESET;
    case END_TIMEOUT:
    case END_CAPTURE:
        break;
    }
    return HTTP_NO_ANSWER;
}

struct body_wish exchange_wish(const struct channel_view *view, const struct exchange *exchange)
{
    bool told = exchange && exchange->http;

    return (struct body_wish){
        .decode = told,
        .keep = told && exchange->ours,
        .hash = told && view->options->everything,
    };
}

void exchange_tell(struct channel_view *view, struct exchange *exchange, enum http_ending ending,
                   bool capture_ended)
{
    struct http_exchange *http = exchange->http;

    if (!http)
        return;
    http->interim = exchange->interim;
    http->interim_count = exchange->interim_count;
    http->ending = ending;
    http->capture_ended = capture_ended;
    http->stream = exchange->stream;
    http->reset_code = exchange->reset_code;
    if (exchange->ours)
        lync_exchange_read_known(http, exchange->arena, view->options->documents);
    emit(view, EVENT_HTTP, exchange);
    free_story(view, exchange);
}

bool exchange_close_if_done(struct channel_view *view, struct exchange_queue *queue,
                            struct exchange *exchange)
{
    if (!exchange->request_done || !exchange->response_done)
        return false;
    exchange_tell(view, exchange, HTTP_ANSWERED, false);
    exchange_remove(view, queue, exchange);
    return true;
}

bool exchange_is_old(const struct channel_view *view, const struct exchange *exchange)
{
    return view->now_ns - exchange->asked_ns > SILENCE_NS;
}

void exchange_tell_silent(struct channel_view *view, const struct exchange_queue *queue)
{
    for (struct exchange *each = queue->first; each; each = each->next)
        if (!each->answered && each->request_done && exchange_is_old(view, each))
            exchange_tell(view, each, HTTP_NO_ANSWER, false);
}

void exchange_remove(struct channel_view *view, struct exchange_queue *queue,
                     struct exchange *exchange)
{
    unlink_one(queue, exchange);
    free_story(view, exchange);
    memory_give(view->budget, exchange, sizeof *exchange);
}

void exchange_move(struct exchange_queue *from, struct exchange_queue *to,
                   struct exchange *exchange)
{
    unlink_one(from, exchange);
    link_last(to, exchange);
    to->index = from->index;
}
