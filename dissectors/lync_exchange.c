/* lync_exchange.c: what an HTTP exchange means to a sign-in
 *
 * Gathers the facts of one exchange from its request line, headers and bodies;
 * each kind of fact has a reader of its own.  When the arena refuses, a fact
 * is left empty: an exchange with few facts is better than none.
 */
#include "lync_exchange.h"

#include "diagnostics.h"
#include "document_memo.h"
#include "form.h"
#include "http_auth.h"
#include "path.h"
#include "url.h"

static struct slice request_header(const struct http_request *request, const char *name)
{
    return header_value(request->headers, request->header_count, name);
}

static bool has_lync_headers(const struct http_request *request)
{
    static const char *const types[] = { "vnd.microsoft.rtc.autodiscover", "vnd.microsoft.com.ucwa",
                                         "vnd.microsoft.ucwa" };
    struct slice accept = request_header(request, "Accept");

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (slice_find_text_nocase(accept, types[i]) < accept.length)
            return true;
    return request_header(request, "X-MS-WebTicket").length > 0;
}

static struct place place_of(const struct http_request *request)
{
    return path_place(request->host, request->target, has_lync_headers(request));
}

bool lync_request_is_ours(const struct http_request *request)
{
    return place_of(request).ours;
}

bool lync_path_is_ours(struct slice host, struct slice target)
{
    return path_place(host, target, false).ours;
}

static void read_request(const struct http_request *request, struct arena *arena,
                         struct lync_exchange *lync)
{
    struct slice query = target_query(request->target);
    struct document_source source = {
        .body = &request->body,
        .content_type = request_header(request, "Content-Type"),
        .service = lync->service,
        .resource = lync->resource,
    };

    /* '+' is a character of addresses, and clients write queries without a form's rules */
    lync->sipuri = form_value(query, "sipuri", false, arena);
    lync->original_domain = form_value(query, "originalDomain", false, arena);
    credential_read(request, arena, lync);
    lync->request_document = document_read(&source, arena);
}

static void read_response(const struct http_response *response, struct arena *arena,
                          struct document_memo *memo, struct lync_exchange *lync)
{
    const struct header *headers = response->headers;
    size_t count = response->header_count;
    struct document_source source = {
        .body = &response->body,
        .content_type = header_value(headers, count, "Content-Type"),
        .status = response->status,
        .service = lync->service,
        .resource = lync->resource,
    };

    lync->challenge = challenge_read(response, arena);
    lync->web_ticket_url =
        arena_copy(arena, slice_trim(header_value(headers, count, "X-MS-WebTicketURL")));
    lync->server_fqdn =
        arena_copy(arena, slice_trim(header_value(headers, count, "X-MS-Server-Fqdn")));
    lync->diagnostics = diagnostics_read(header_value(headers, count, "X-Ms-diagnostics"), arena);
    lync->response_document = document_memo_read(memo, &source, arena);
}

void lync_exchange_read(struct http_exchange *exchange, struct arena *arena)
{
    lync_exchange_read_known(exchange, arena, NULL);
}

void lync_exchange_read_known(struct http_exchange *exchange, struct arena *arena,
                              struct document_memo *memo)
{
    struct lync_exchange *lync = &exchange->lync;

    *lync = (struct lync_exchange){ 0 };
    if (exchange->request.present) {
        struct place place = place_of(&exchange->request);

        lync->service = place.service;
        lync->resource = place.resource;
        read_request(&exchange->request, arena, lync);
    }
    if (exchange->response.present)
        read_response(&exchange->response, arena, memo, lync);
}
