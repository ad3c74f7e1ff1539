/* events_json.c: one decoded message as one JSON line, as the events contract has it */
#include "analyzer/report/events_json.h"

#include "analyzer/report/events_tls.h"
#include "analyzer/report/json_signin.h"
#include "lyncscope/secret.h"

enum { HTTP_1_0 = 10, HTTP_1_1 = 11, HTTP_2 = 20 };

static void add_digest(struct json *json, const struct http_body *body)
{
    if (body->has_sha256)
        json_sha256(json, "body_sha256", body->sha256);
    else
        json_null(json, "body_sha256");
}

/* ---- dns ---- */

static void add_dns(struct json *json, const struct dns_message *dns)
{
    json_endpoint(json, "from", &dns->from);
    json_endpoint(json, "to", &dns->to);
    json_number(json, "id", dns->id);
    json_bool(json, "response", dns->response);
    json_text(json, "rcode", dns->response ? dns_rcode_name(dns->rcode) : NULL);
    json_bool(json, "truncated", dns->truncated);
    json_slice(json, "name", dns->name);
    json_slice(json, "type", dns->type);
    json_array(json, "answers");
    for (size_t i = 0; i < dns->answer_count; i++) {
        json_object(json, NULL);
        json_slice(json, "name", dns->answers[i].name);
        json_slice(json, "type", dns->answers[i].type);
        json_number(json, "ttl", dns->answers[i].ttl);
        json_slice(json, "data", dns->answers[i].data);
        json_end(json);
    }
    json_end(json);
}

/* ---- tcp ---- */

static const char *opened_name(enum tcp_opened opened)
{
    switch (opened) {
    case OPENED_SYN:
        return "syn";
    case OPENED_MID_STREAM:
        return "mid-stream";
    case OPENED_REFUSED:
        return "refused";
    case OPENED_UNANSWERED:
        return "unanswered";
    }
    return NULL;
}

static const char *closed_name(enum tcp_closed closed)
{
    switch (closed) {
    case CLOSED_FIN:
        return "fin";
    case CLOSED_RESET:
        return "reset";
    case CLOSED_OPEN:
        return "open";
    case CLOSED_UNKNOWN:
        break;
    }
    return NULL;
}

static void add_tcp(struct json *json, const struct tcp_connection *tcp)
{
    json_endpoint(json, "client", &tcp->client);
    json_endpoint(json, "server", &tcp->server);
    json_text(json, "opened", opened_name(tcp->opened));
    json_text(json, "closed", closed_name(tcp->closed));
    json_number(json, "client_bytes", tcp->client_bytes);
    json_number(json, "server_bytes", tcp->server_bytes);
    json_number(json, "client_missing", tcp->client_missing);
    json_number(json, "server_missing", tcp->server_missing);
}

/* ---- http ---- */

struct header_list {
    const struct header *headers;
    size_t count;
    bool show_secrets;
};

static void add_headers(struct json *json, const struct header_list *list)
{
    struct text value = { 0 };

    json_array(json, "headers");
    for (size_t i = 0; i < list->count; i++) {
        const struct header *header = &list->headers[i];

        text_truncate(&value, 0);
        secret_add_header_value(&value, header->name, header->value, list->show_secrets);
        json_array(json, NULL);
        json_string(json, NULL, header->name);
        json_string(json, NULL, buffer_slice(&value.bytes));
        json_end(json);
    }
    json_end(json);
    text_release(&value);
}

static void add_target(struct json *json, struct slice target, bool show_secrets)
{
    struct text masked = { 0 };

    secret_add_url(&masked, target, show_secrets);
    json_slice(json, "target", buffer_slice(&masked.bytes));
    text_release(&masked);
}

static void add_request(struct json *json, const struct http_request *request, bool show_secrets)
{
    struct header_list headers = { request->headers, request->header_count, show_secrets };

    if (!request->present) {
        json_null(json, "request");
        return;
    }
    json_object(json, "request");
    json_number(json, "packet", request->evidence.packet);
    json_time(json, "time", request->evidence.time_ns);
    json_slice(json, "method", request->method);
    add_target(json, request->target, show_secrets);
    json_slice(json, "host", request->host);
    add_headers(json, &headers);
    json_number(json, "body_bytes", request->body.bytes);
    add_digest(json, &request->body);
    json_end(json);
}

static void add_response(struct json *json, const struct http_response *response, bool show_secrets)
{
    struct header_list headers = { response->headers, response->header_count, show_secrets };

    if (!response->present) {
        json_null(json, "response");
        return;
    }
    json_object(json, "response");
    json_number(json, "packet", response->evidence.packet);
    json_time(json, "time", response->evidence.time_ns);
    json_number(json, "status", response->status);
    json_slice(json, "reason", response->reason);
    add_headers(json, &headers);
    json_number(json, "body_bytes", response->body.bytes);
    add_digest(json, &response->body);
    json_bool(json, "complete", response->complete);
    json_end(json);
}

static const char *http_version_name(const struct http_exchange *http)
{
    unsigned version = http->request.present ? http->request.version : http->response.version;

    if (version == HTTP_1_0)
        return "1.0";
    if (version == HTTP_1_1)
        return "1.1";
    return version == HTTP_2 ? "2" : NULL;
}

static void add_http(struct json *json, const struct http_exchange *http, bool show_secrets)
{
    json_endpoint(json, "client", &http->client);
    json_endpoint(json, "server", &http->server);
    json_text(json, "version", http_version_name(http));
    if (http->stream)
        json_number(json, "stream", http->stream);
    else
        json_null(json, "stream");
    add_request(json, &http->request, show_secrets);
    add_response(json, &http->response, show_secrets);
    json_array(json, "interim");
    for (size_t i = 0; i < http->interim_count; i++)
        json_number(json, NULL, http->interim[i]);
    json_end(json);
}

/* ---- the line ---- */

static const char *kind_name(enum event_kind kind)
{
    switch (kind) {
    case EVENT_DNS:
        return "dns";
    case EVENT_CONNECTION:
        return "tcp";
    case EVENT_TLS:
        return "tls";
    case EVENT_HTTP:
        return "http";
    case EVENT_CONNECTING:
    case EVENT_CONNECTED:
    case EVENT_TLS_HELLO:
    case EVENT_HTTP_REQUEST:
        break;
    }
    return NULL;
}

bool event_to_json(struct text *text, const struct event *event, bool show_secrets)
{
    struct json json = { .text = *text };
    const char *kind = kind_name(event->kind);

    if (!kind)
        return false;
    json_object(&json, NULL);
    json_text(&json, "event", kind);
    json_time(&json, "time", event->evidence.time_ns);
    json_number(&json, "input", event->evidence.input);
    json_number(&json, "packet", event->evidence.packet);
    json_number(&json, "flow", event->flow);
    if (event->kind == EVENT_DNS)
        add_dns(&json, &event->dns);
    else if (event->kind == EVENT_CONNECTION)
        add_tcp(&json, &event->tcp);
    else if (event->kind == EVENT_TLS)
        events_add_tls(&json, &event->tls);
    else
        add_http(&json, &event->http, show_secrets);
    json_end(&json);
    json_end_line(&json);
    *text = json.text;
    return true;
}
