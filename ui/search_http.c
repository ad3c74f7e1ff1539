/* search_http.c: looks through an HTTP exchange, its headers, bodies and what they mean */
#include "ui/search.h"

#include <stdio.h>

/* As a person reads it: "Name: value", found by either and by both. */
static void search_headers(struct search *search, const char *where, const struct header *headers,
                           size_t count)
{
    struct text line = { 0 };

    for (size_t i = 0; i < count && !search->found; i++) {
        text_truncate(&line, 0);
        text_add_slice(&line, headers[i].name);
        text_add(&line, ": ");
        text_add_slice(&line, headers[i].value);
        search_text(search, where, buffer_slice(&line.bytes));
    }
    text_release(&line);
}

static void search_request(struct search *search, const struct http_request *request)
{
    struct text line = { 0 };

    if (!request->present || search->found)
        return;
    text_add_slice(&line, request->method);
    text_add(&line, " ");
    text_add_slice(&line, request->target);
    search_text(search, "request", buffer_slice(&line.bytes));
    text_release(&line);
    search_text(search, "host", request->host);
    search_headers(search, "request header", request->headers, request->header_count);
    search_text(search, "request body", request->body.kept);
    search_evidence(search, &request->evidence, 1);
}

static void search_response(struct search *search, const struct http_response *response)
{
    struct text line = { 0 };

    if (!response->present || search->found)
        return;
    search_number(search, "status", response->status);
    text_print(&line, "%u ", response->status);
    text_add_slice(&line, response->reason);
    if (search->needle.length > 3) /* "401 Unauth"; the bare number is compared above */
        search_text(search, "status", buffer_slice(&line.bytes));
    text_release(&line);
    search_headers(search, "response header", response->headers, response->header_count);
    search_text(search, "response body", response->body.kept);
    search_evidence(search, &response->evidence, 1);
    search_evidence(search, &response->end, 1);
}

/* ---- what was decoded ---- */

static void search_ntlm(struct search *search, const struct ntlm_facts *ntlm)
{
    search_text(search, "NTLM domain", ntlm->domain);
    search_text(search, "NTLM user", ntlm->user);
    search_text(search, "NTLM workstation", ntlm->workstation);
    search_text(search, "NTLM server", ntlm->server_name);
    search_text(search, "NTLM server", ntlm->server_domain);
    search_text(search, "NTLM service name", ntlm->target_spn);
}

static void search_links(struct search *search, const struct document *document)
{
    for (size_t i = 0; i < document->link_count; i++) {
        search_text(search, "link", document->links[i].token);
        search_text(search, "link", document->links[i].href);
    }
    search_text(search, "redirect", document->redirect);
}

static void search_document(struct search *search, const struct document *document)
{
    search_text(search, "document", slice_of_text(document->problem));
    search_links(search, document);
    search_text(search, "access location", document->access_location);
    search_text(search, "SIP server", document->sip_client_internal.fqdn);
    search_text(search, "SIP server", document->sip_client_external.fqdn);
    search_text(search, "SIP server", document->sip_server_internal.fqdn);
    search_text(search, "SIP server", document->sip_server_external.fqdn);
    search_text(search, "ticket user", document->user);
    search_text(search, "ticket", document->token_type);
    search_text(search, "ticket", document->applies_to);
    search_text(search, "SOAP fault", document->fault_code);
    search_text(search, "SOAP fault", document->fault_string);
    search_text(search, "SOAP fault", document->error_id);
    search_text(search, "SOAP fault", document->reason);
    search_text(search, "OAuth", document->grant_type);
    search_text(search, "OAuth", document->username);
    search_text(search, "OAuth", document->oauth_error);
    search_text(search, "OAuth", document->passive_auth_uri);
    search_text(search, "error code", document->code);
    search_text(search, "error code", document->subcode);
}

static void search_lync(struct search *search, const struct lync_exchange *lync)
{
    search_text(search, "SIP address", lync->sipuri);
    search_text(search, "SIP domain", lync->original_domain);
    search_ntlm(search, &lync->ntlm);
    search_document(search, &lync->request_document);
    search_ntlm(search, &lync->challenge.token);
    search_text(search, "challenge", lync->challenge.oauth_href);
    search_text(search, "challenge", lync->challenge.trusted_issuers);
    search_text(search, "diagnostics", lync->diagnostics.id);
    search_text(search, "diagnostics", lync->diagnostics.source);
    search_text(search, "diagnostics", lync->diagnostics.reason);
    search_text(search, "diagnostics", lync->diagnostics.fault_code);
    search_text(search, "server", lync->server_fqdn);
    search_document(search, &lync->response_document);
}

void search_http(struct search *search, const struct http_exchange *http)
{
    search_request(search, &http->request);
    search_response(search, &http->response);
    search_lync(search, &http->lync);
}
