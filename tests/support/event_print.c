/* event_print.c: an event as one line of text for comparing */
#include "tests/support/stream_run.h"

static void print_dns(struct text *out, const struct dns_message *dns)
{
    text_print(out, "dns id=%04x %s %s ", dns->id, dns->response ? "answer" : "question",
               dns_rcode_name(dns->rcode));
    text_add_slice(out, dns->name);
    text_add(out, " ");
    text_add_slice(out, dns->type);
    if (dns->truncated)
        text_add(out, " truncated");
    for (size_t i = 0; i < dns->answer_count; i++) {
        const struct dns_record *record = &dns->answers[i];

        text_add(out, " [");
        text_add_slice(out, record->name);
        text_print(out, " %u ", record->ttl);
        text_add_slice(out, record->type);
        text_add(out, " ");
        text_add_slice(out, record->data);
        text_add(out, "]");
    }
}

static void print_body(struct text *out, const struct http_body *body)
{
    text_print(out, " body=%llu", (unsigned long long)body->bytes);
    if (!body->complete)
        text_add(out, " incomplete");
    if (body->missing)
        text_add(out, " missing");
    if (body->bad_coding)
        text_add(out, " bad-coding");
    if (body->has_sha256)
        text_print(out, " sha=%02x%02x", body->sha256[0], body->sha256[1]);
    if (body->kept.length > 0) {
        text_add(out, " ");
        text_add_json(out, slice_part(body->kept, 0, 60));
    }
}

static void print_headers(struct text *out, const struct header *headers, size_t count)
{
    text_print(out, " headers=%zu", count);
    for (size_t i = 0; i < count && i < 3; i++) {
        text_add(out, " ");
        text_add_slice(out, headers[i].name);
        text_add(out, ":");
        text_add_json(out, slice_part(headers[i].value, 0, 40));
    }
}

static void print_request(struct text *out, const struct http_request *request)
{
    if (!request->present) {
        text_add(out, "(no request)");
        return;
    }
    text_add_slice(out, request->method);
    text_add(out, " ");
    text_add_slice(out, slice_part(request->target, 0, 60));
    text_print(out, " %u host=", request->version);
    text_add_slice(out, request->host);
    print_headers(out, request->headers, request->header_count);
}

static void print_response(struct text *out, const struct http_response *response)
{
    if (!response->present) {
        text_add(out, "(no response)");
        return;
    }
    text_print(out, "%u \"", response->status);
    text_add_slice(out, response->reason);
    text_print(out, "\" %u at=%llu end=%llu", response->version,
               (unsigned long long)response->evidence.packet,
               (unsigned long long)response->end.packet);
    print_headers(out, response->headers, response->header_count);
    print_body(out, &response->body);
}

static void print_http(struct text *out, const struct http_exchange *http)
{
    static const char *const endings[] = { "answered", "no-answer",     "closed",
                                           "reset",    "client-closed", "unknown" };

    text_print(out, "http #%u%s ", http->index, http->tunnelled ? " tunnelled" : "");
    if (http->stream)
        text_print(out, "stream=%u ", http->stream);
    print_request(out, &http->request);
    if (http->request.present)
        print_body(out, &http->request.body);
    text_add(out, " -> ");
    print_response(out, &http->response);
    for (size_t i = 0; i < http->interim_count; i++)
        text_print(out, " interim=%u", http->interim[i]);
    if (http->reset_code)
        text_print(out, " reset-code=%u", http->reset_code);
    text_print(out, " %s%s", endings[http->ending], http->capture_ended ? " capture-ended" : "");
}

static void print_tls(struct text *out, const struct tls_session *tls)
{
    text_add(out, " name=");
    text_add_slice(out, tls->server_name);
    text_print(out, " version=%04x cipher=%04x hellos=%d%d", tls->version, tls->cipher,
               tls->has_client_hello, tls->has_server_hello);
    if (tls->alert != 0xff)
        text_print(out, " alert=%u/%u from=%s at=%llu", tls->alert_level, tls->alert,
                   tls->alert_from_server ? "server" : "client",
                   (unsigned long long)tls->alert_evidence.packet);
    text_print(out, " records=%llu/%llu", (unsigned long long)tls->client_records,
               (unsigned long long)tls->server_records);
}

static void print_decryption(struct text *out, const struct tls_session *tls)
{
    static const char *const parts[] = { "none", "part", "all" };
    static const char *const obstacles[] = {
        "",    "no-key", "not-captured",       "key-does-not-match", "forward-secrecy",
        "gap", "cut",    "unsupported-cipher", "handshake-failed",
    };

    text_print(out, " %s%s opened=%s bytes=%llu/%llu", tls->resumed ? "resumed " : "",
               obstacles[tls->obstacle], parts[tls->decrypted],
               (unsigned long long)tls->client_bytes, (unsigned long long)tls->server_bytes);
}

void event_print(struct text *out, const struct event *event)
{
    text_print(out, "%llu: ", (unsigned long long)event->evidence.packet);
    switch (event->kind) {
    case EVENT_DNS:
        print_dns(out, &event->dns);
        break;
    case EVENT_TLS_HELLO:
        text_add(out, "tls-hello");
        print_tls(out, &event->tls);
        break;
    case EVENT_TLS:
        text_add(out, "tls");
        print_tls(out, &event->tls);
        print_decryption(out, &event->tls);
        break;
    case EVENT_HTTP_REQUEST:
        text_add(out, "request ");
        print_request(out, &event->http.request);
        break;
    case EVENT_HTTP:
        print_http(out, &event->http);
        break;
    case EVENT_CONNECTING:
    case EVENT_CONNECTED:
    case EVENT_CONNECTION:
        text_add(out, "tcp");
        break;
    }
    text_add(out, "\n");
}
