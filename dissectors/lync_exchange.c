/* lync_exchange.c: what an HTTP exchange means to a sign-in
 *
 * Gathers the facts that the readers of paths, credentials, challenges,
 * diagnostics and documents find, and judges none of them.
 */
#include "lync_exchange.h"

#include "diagnostics.h"
#include "document.h"
#include "http_auth.h"
#include "lync_path.h"
#include "percent.h"

static struct slice response_header(const struct http_exchange *exchange, const char *name)
{
    return slice_trim(
        header_value(exchange->response.headers, exchange->response.header_count, name));
}

static void read_request(struct http_exchange *exchange, struct arena *arena)
{
    struct http_request *request = &exchange->request;
    struct document_source source = { .content_type = header_value(
                                          request->headers, request->header_count, "Content-Type"),
                                      .body = &request->body };

    lync_path_read(request, &exchange->lync);
    exchange->lync.sipuri = query_value(arena, request->target, "sipuri");
    exchange->lync.original_domain = query_value(arena, request->target, "originalDomain");
    http_auth_read_request(request, arena, &exchange->lync);
    document_read(&exchange->lync.request_document, &source, arena);
}

static void read_response(struct http_exchange *exchange, struct arena *arena)
{
    struct http_response *response = &exchange->response;
    struct document_source source = { .content_type = response_header(exchange, "Content-Type"),
                                      .body = &response->body,
                                      .good_response = response->status / 100 == 2 };

    http_auth_read_challenges(response, arena, &exchange->lync.challenge);
    exchange->lync.web_ticket_url = response_header(exchange, "X-MS-WebTicketURL");
    exchange->lync.server_fqdn = response_header(exchange, "X-MS-Server-Fqdn");
    diagnostics_read(response_header(exchange, "X-Ms-diagnostics"), &exchange->lync.diagnostics);
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
