/* describe.c: a step's one line, its phrase of meaning, its stage
 *
 * The words are made when a sign-in is looked at.
 * Texts may hold strangers' bytes; whoever shows them escapes them.  Secrets
 * in URLs are masked here already, because a summary is copied everywhere.
 */
#include "model.h"

#include "lyncscope/secret.h"
#include "lyncscope/text.h"

#include <string.h>

static const char *keep(struct record *record, struct text *text)
{
    const char *kept =
        arena_text(record->signin.arena, slice_of(text_string(text), text_length(text)));

    text_release(text);
    return kept ? kept : "";
}

static void add_server(struct text *text, const struct party *party)
{
    char address[ADDRESS_TEXT_SIZE];

    address_format(&party->endpoint.address, address);
    if (party->name)
        text_print(text, "%s (%s port %u)", party->name, address, party->endpoint.port);
    else
        text_print(text, "%s port %u", address, party->endpoint.port);
}

/* The words no longer hold; readers may have the step itself before them. */
static void reword(struct record *record, struct step *step)
{
    step->summary = NULL;
    record->published = false;
    record->signin.changed = true;
}

/* ---- DNS ---- */

static void add_answers(struct text *text, const struct dns_lookup *dns)
{
    size_t shown = 0;

    for (size_t i = 0; i < dns->answer_count && shown < 4; i++, shown++) {
        text_add(text, shown ? ", " : "");
        if (dns->answers[i].type_number == DNS_CNAME)
            text_add(text, "alias ");
        text_add_slice(text, dns->answers[i].data);
    }
    if (dns->answer_count > shown)
        text_print(text, ", %zu more", dns->answer_count - shown);
}

void describe_dns(struct record *record, struct step *step)
{
    const struct dns_lookup *dns = step->dns;

    step->from = (struct party){ .endpoint = dns->client, .role = ROLE_CLIENT };
    step->to = (struct party){ .endpoint = dns->server, .role = ROLE_DNS };
    reword(record, step);
}

static void word_dns(struct text *text, const struct step *step)
{
    const struct dns_lookup *dns = step->dns;

    text_add(text, dns->type);
    text_add(text, " ");
    text_add(text, dns->name);
    text_add(text, " -> ");
    if (!dns->answered && dns->questions > 1)
        text_print(text, "no answer (asked %u times)", dns->questions);
    else if (!dns->answered)
        text_add(text, "no answer");
    else if (dns->rcode != DNS_NOERROR)
        text_add(text, dns_rcode_name(dns->rcode));
    else if (dns->cut && dns->answer_count == 0)
        text_add(text, "an answer that was not captured whole");
    else if (dns->answer_count == 0)
        text_add(text, "no such record");
    else
        add_answers(text, dns);
}

/* ---- TCP, TLS ---- */

void describe_tcp(struct record *record, struct step *step)
{
    step->from = (struct party){ .endpoint = step->tcp->client,
                                 .role = step->leg == LEG_INTERNAL ? ROLE_PROXY : ROLE_CLIENT };
    reword(record, step);
}

static void word_tcp(struct text *text, const struct step *step)
{
    const struct tcp_connection *tcp = step->tcp;

    text_add(text, "connect to ");
    add_server(text, &step->to);
    if (tcp->opened == OPENED_REFUSED)
        text_add(text, tcp->icmp ? " -> refused (ICMP)" : " -> refused");
    else if (tcp->opened == OPENED_UNANSWERED)
        text_print(text, " -> no answer (%u %s)", tcp->attempts,
                   tcp->attempts == 1 ? "try" : "tries");
    else
        text_add(text, tcp->opened == OPENED_MID_STREAM ? " (already open)" : "");
}

/* Of the application data; a handshake that failed has none. */
static const char *tls_note(const struct tls_session *tls)
{
    if (tls->client_records + tls->server_records == 0 || tls->obstacle == TLS_HANDSHAKE_FAILED)
        return NULL;
    switch (tls->decrypted) {
    case TLS_DECRYPTED_ALL:
        return tls->resumed ? "resumed, decrypted" : "decrypted";
    case TLS_DECRYPTED_PART:
        return "decrypted in part";
    case TLS_DECRYPTED_NONE:
        break;
    }
    return "encrypted, not read";
}

void describe_tls(struct record *record, struct step *step)
{
    step->from = (struct party){ .endpoint = step->tls->client,
                                 .role = step->leg == LEG_INTERNAL ? ROLE_PROXY : ROLE_CLIENT };
    reword(record, step);
}

static void word_tls(struct text *text, const struct step *step)
{
    const struct tls_session *tls = step->tls;
    const char *alert = tls->alert != TLS_NO_ALERT ? tls_alert_name(tls->alert) : NULL;
    const char *client = step->leg == LEG_INTERNAL ? "proxy" : "client";

    text_add(text, tls_version_name(tls->version));
    text_add(text, " with ");
    add_server(text, &step->to);
    if (tls->alert != TLS_NO_ALERT && tls->alert_level == TLS_FATAL && alert)
        text_print(text, " -> alert %u (%s) from the %s", tls->alert, alert,
                   tls->alert_from_server ? "server" : client);
    else if (tls->alert != TLS_NO_ALERT && tls->alert_level == TLS_FATAL)
        text_print(text, " -> alert %u from the %s", tls->alert,
                   tls->alert_from_server ? "server" : client);
    else if (!tls->has_server_hello)
        text_add(text, " -> no answer to the hello");
    else if (tls->client_silent && tls->client_ended)
        text_print(text, " -> the %s closes without a request", client);
}

/* ---- HTTP ---- */

enum stage describe_stage(const struct http_exchange *exchange)
{
    const struct lync_exchange *lync = &exchange->lync;
    bool authenticates = lync->credential != CREDENTIAL_NONE &&
                         lync->credential != CREDENTIAL_WEB_TICKET &&
                         lync->credential != CREDENTIAL_BEARER;

    switch (lync->resource) {
    case RESOURCE_ROOT:
    case RESOURCE_DOMAIN:
    case RESOURCE_USER:
    case RESOURCE_OAUTH_USER:
        if (lync->response_document.redirect.length || exchange->response.status / 100 == 3)
            return STAGE_REDIRECT;
        if (exchange->response.status == 401 && lync->resource != RESOURCE_ROOT)
            return STAGE_WEBTICKET;
        return lync->resource == RESOURCE_ROOT ? STAGE_HTTP : STAGE_RESPONSE;
    case RESOURCE_TICKET:
        return authenticates && exchange->response.status == 401 ? STAGE_AUTH : STAGE_WEBTICKET;
    case RESOURCE_MEX:
        return STAGE_WEBTICKET;
    case RESOURCE_OAUTH_TOKEN:
        return STAGE_AUTH;
    case RESOURCE_APPLICATIONS:
    case RESOURCE_APPLICATION:
    case RESOURCE_EVENTS:
    case RESOURCE_MCX:
        return STAGE_MOBILITY;
    case RESOURCE_OTHER:
    case RESOURCE_ROOT_TYPO:
        break;
    }
    return STAGE_HTTP;
}

const char *describe_url(struct record *record, const struct http_exchange *exchange)
{
    const struct http_request *request = &exchange->request;
    struct text text = { 0 };
    char address[ADDRESS_TEXT_SIZE];
    uint16_t usual = exchange->encrypted ? 443 : 80;

    if (!request->present)
        return NULL;
    if (slice_is_text(request->method, "CONNECT")) /* the target is all: RFC 9110 9.3.6 */
        return arena_text(record->signin.arena, request->target);
    if (!url_parse(request->target).valid) {
        text_add(&text, exchange->encrypted ? "https://" : "http://");
        if (request->host.length) {
            text_add_slice(&text, request->host);
        } else {
            address_format(&exchange->server.address, address);
            text_print(&text, exchange->server.address.family == 6 ? "[%s]" : "%s", address);
            if (exchange->server.port != usual)
                text_print(&text, ":%u", exchange->server.port);
        }
    }
    text_add_slice(&text, request->target);
    return keep(record, &text);
}

static const char *ntlm_phrase(const struct http_exchange *exchange)
{
    const struct lync_exchange *lync = &exchange->lync;
    bool refused = exchange->response.status == 401;

    if (lync->challenge.token.type == 2)
        return "NTLM challenge (type 2)";
    switch (lync->credential) {
    case CREDENTIAL_NTLM_NEGOTIATE:
        return "NTLM begins (type 1)";
    case CREDENTIAL_NTLM_AUTHENTICATE:
        return refused ? "NTLM answer (type 3) refused" : "NTLM answer (type 3)";
    case CREDENTIAL_KERBEROS:
        return refused ? "Kerberos ticket refused" : "Kerberos ticket";
    case CREDENTIAL_WEB_TICKET:
    case CREDENTIAL_BEARER:
        return refused ? "ticket refused" : NULL;
    case CREDENTIAL_BASIC:
    case CREDENTIAL_SPNEGO:
    case CREDENTIAL_OTHER:
    case CREDENTIAL_NONE:
        break;
    }
    if (!refused)
        return NULL;
    if (lync->web_ticket_url.length || lync->challenge.oauth)
        return "asks for a ticket";
    return lync->challenge.ntlm || lync->challenge.negotiate ? "asks for Windows credentials"
                                                             : NULL;
}

static const char *document_phrase(struct record *record, const struct document *document)
{
    struct text text = { 0 };

    switch (document->kind) {
    case DOCUMENT_AUTODISCOVER:
    case DOCUMENT_UCWA_RESOURCE:
        if (document->redirect.length) {
            text_add(&text, "redirect to ");
            secret_add_url(&text, document->redirect, false);
            return keep(record, &text);
        }
        return document->part == PART_USER ? "home pool and services" : NULL;
    case DOCUMENT_RSTR:
        return "web ticket issued";
    case DOCUMENT_OAUTH_TOKEN:
        return "token issued";
    case DOCUMENT_FAULT:
        text_add(&text, "fault: ");
        text_add_slice(&text, document->reason.length ? document->reason : document->fault_string);
        return keep(record, &text);
    case DOCUMENT_OAUTH_ERROR:
        text_add(&text, "OAuth error: ");
        text_add_slice(&text, document->oauth_error);
        return keep(record, &text);
    case DOCUMENT_UCWA_ERROR:
        text_add_slice(&text, document->subcode.length ? document->subcode : document->code);
        return keep(record, &text);
    case DOCUMENT_HTML:
        return "a web page";
    case DOCUMENT_MALFORMED:
        return document->problem;
    case DOCUMENT_CUT:
        return "not captured whole";
    case DOCUMENT_NONE:
    case DOCUMENT_RST:
    case DOCUMENT_WSDL:
    case DOCUMENT_SOAP_OTHER:
    case DOCUMENT_OAUTH_FORM:
        break;
    }
    return NULL;
}

static const char *ending_phrase(const struct http_exchange *exchange)
{
    switch (exchange->ending) {
    case HTTP_ANSWERED:
        break;
    case HTTP_NO_ANSWER:
        return exchange->capture_ended ? "no answer before the capture ended" : "no answer";
    case HTTP_CLOSED:
        return "closed by the server without an answer";
    case HTTP_RESET:
        return "reset before the answer";
    case HTTP_CLIENT_CLOSED:
        return "the client gave up waiting";
    case HTTP_UNKNOWN:
        return "answer not captured";
    }
    return NULL;
}

void describe_http(struct record *record, struct step *step)
{
    step->stage = describe_stage(step->http);
    step->url = describe_url(record, step->http);
    reword(record, step);
}

static void word_http(struct text *text, const struct step *step)
{
    const struct http_exchange *exchange = step->http;

    if (exchange->request.present) {
        text_add_slice(text, exchange->request.method);
        text_add(text, " ");
        secret_add_url(text, slice_of_text(step->url), false);
    } else {
        text_add(text, "(request not captured)");
    }
    text_add(text, " -> ");
    if (exchange->response.present)
        text_add_number(text, exchange->response.status);
    else
        text_add(text, ending_phrase(exchange) ? ending_phrase(exchange) : "no answer");
}

static const char *http_note(struct record *record, const struct http_exchange *exchange)
{
    const char *phrase = ntlm_phrase(exchange);

    return phrase ? phrase : document_phrase(record, &exchange->lync.response_document);
}

/* ---- a step ---- */

void describe_step(struct record *record, struct step *step)
{
    struct text text = { 0 };

    if (step->summary)
        return;
    if (step->dns) {
        word_dns(&text, step);
    } else if (step->tcp) {
        word_tcp(&text, step);
    } else if (step->tls) {
        word_tls(&text, step);
        step->note = tls_note(step->tls);
    } else if (step->http) {
        word_http(&text, step);
        step->note = http_note(record, step->http);
    }
    step->summary = keep(record, &text);
}
