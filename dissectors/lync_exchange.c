/* lync_exchange.c: what an HTTP exchange means to a sign-in
 *
 * Gathers the facts that the readers of paths, credentials, challenges,
 * diagnostics and documents find, and judges none of them.
 */
#include "lync_exchange.h"

#include "diagnostics.h"
#include "document.h"
#include "form.h"
#include "http_auth.h"
#include "path.h"
#include "url.h"

static struct slice response_header(const struct http_exchange *exchange, const char *name)
{
    return slice_trim(
        header_value(exchange->response.headers, exchange->response.header_count, name));
}

static bool speaks_of_lync(const struct http_request *request)
{
    struct slice accept = header_value(request->headers, request->header_count, "Accept");

    return header_value(request->headers, request->header_count, "X-MS-WebTicket").length ||
           slice_find_text_nocase(accept, "vnd.microsoft.rtc.autodiscover") < accept.length ||
           slice_find_text_nocase(accept, "vnd.microsoft.com.ucwa") < accept.length;
}

static struct place place_of(const struct http_request *request)
{
    return path_place(request->host, request->target, speaks_of_lync(request));
}

bool lync_request_is_ours(const struct http_request *request)
{
    return place_of(request).ours;
}

static void read_request(struct http_exchange *exchange, struct arena *arena)
{
    struct http_request *request = &exchange->request;
    struct document_source source = { .content_type = header_value(
                                          request->headers, request->header_count, "Content-Type"),
                                      .body = &request->body };
    struct place place = place_of(request);
    struct slice query = target_query(request->target);

    exchange->lync.service = place.service;
    exchange->lync.resource = place.resource;
    exchange->lync.sipuri = form_value(query, "sipuri", arena);
    exchange->lync.original_domain = form_value(query, "originalDomain", arena);
    credential_read(request, arena, &exchange->lync);
    document_read(&exchange->lync.request_document, &source, arena);
}

static void read_response(struct http_exchange *exchange, struct arena *arena)
{
    struct http_response *response = &exchange->response;
    struct document_source source = { .content_type = response_header(exchange, "Content-Type"),
                                      .body = &response->body,
                                      .good_response = response->status / 100 == 2 };

    exchange->lync.challenge = challenge_read(response, arena);
    exchange->lync.web_ticket_url = response_header(exchange, "X-MS-WebTicketURL");
    exchange->lync.server_fqdn = response_header(exchange, "X-MS-Server-Fqdn");
    exchange->lync.diagnostics =
        diagnostics_read(response_header(exchange, "X-Ms-diagnostics"), arena);
    document_read(&exchange->lync.response_document, &source, arena);
}

void lync_exchange_read(struct http_exchange *exchange, struct arena *arena)
{
    exchange->lync = (struct lync_exchange){ 0 };
    if (exchange->request.present)
        read_request(exchange, arena);
    if (exchange->response.present)
        read_response(exchange, arena);
}
