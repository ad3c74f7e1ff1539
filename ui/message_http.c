/* message_http.c: an HTTP exchange to read: what it says, the request, the response */
#include <string.h>

#include "lyncscope/secret.h"
#include "ui/message.h"
#include "ui/pretty.h"
#include "ui/step_label.h"
#include "ui/words.h"

enum { HEADERS_MAX = 200, PLAIN_SHARE = 8 };

static void add_headers(const struct message_writer *writer, const struct header *headers,
                        size_t count)
{
    struct text name = { 0 }, value = { 0 };

    for (size_t i = 0; i < count && i < HEADERS_MAX; i++) {
        text_truncate(&name, 0);
        text_truncate(&value, 0);
        text_add_escaped(&name, headers[i].name);
        text_add(&name, ":");
        secret_add_header_value(&value, headers[i].name, headers[i].value, writer->show_secrets);
        page_add_labelled(writer->page, STYLE_PLAIN, text_string(&name),
                          buffer_slice(&value.bytes));
    }
    if (count > HEADERS_MAX)
        page_print(writer->page, STYLE_WARNING, "%zu more headers are not shown",
                   count - HEADERS_MAX);
    text_release(&name);
    text_release(&value);
}

/* ---- bodies ---- */

static bool is_binary(struct slice body)
{
    size_t odd = 0;

    for (size_t i = 0; i < body.length; i++)
        odd += body.data[i] < 0x20 && !strchr("\t\r\n", body.data[i]);
    return odd * PLAIN_SHARE > body.length;
}

static void add_body_state(const struct message_writer *writer, const struct http_body *body)
{
    if (body->kept.length < body->bytes)
        page_print(writer->page, STYLE_WARNING, "  ... %llu of %llu bytes were kept",
                   (unsigned long long)body->kept.length, (unsigned long long)body->bytes);
    if (body->missing)
        page_add(writer->page, STYLE_WARNING, "  ... bytes are missing from the capture");
    if (body->bad_coding)
        page_add(writer->page, STYLE_WARNING, "  ... its coding is broken from here on");
    if (!body->complete && !body->missing && !body->bad_coding)
        page_add(writer->page, STYLE_WARNING, "  ... it ends here, before its end");
}

static void add_body_text(const struct message_writer *writer, struct slice content_type,
                          struct slice body)
{
    struct text utf8 = { 0 }, masked = { 0 }, pretty = { 0 };

    if (pretty_from_utf16(&utf8, body))
        body = buffer_slice(&utf8.bytes);
    if (is_binary(body)) {
        page_print(writer->page, STYLE_DIM, "  %zu bytes that are no text", body.length);
    } else {
        secret_add_body(&masked, content_type, body, writer->show_secrets);
        pretty_body(&pretty, content_type, buffer_slice(&masked.bytes));
        page_add_lines(writer->page, STYLE_PLAIN, buffer_slice(&pretty.bytes), "  ");
    }
    text_release(&utf8);
    text_release(&masked);
    text_release(&pretty);
}

static void add_body(const struct message_writer *writer, struct slice content_type,
                     const struct http_body *body)
{
    if (body->bytes == 0 && body->kept.length == 0 && body->complete)
        return;
    page_add(writer->page, STYLE_PLAIN, "");
    if (body->kept.length > 0)
        add_body_text(writer, content_type, body->kept);
    add_body_state(writer, body);
}

/* ---- the two messages ---- */

static void add_version(struct text *line, unsigned version)
{
    text_print(line, "HTTP/%u.%u", version / 10, version % 10);
}

static void add_request(const struct message_writer *writer, const struct http_request *request)
{
    struct text line = { 0 };

    message_add_heading(writer, "Request");
    if (!request->present) {
        page_add(writer->page, STYLE_WARNING, "not in the capture");
        return;
    }
    text_add_slice(&line, request->method);
    text_add(&line, " ");
    secret_add_url(&line, request->target, writer->show_secrets);
    text_add(&line, " ");
    add_version(&line, request->version);
    page_add(writer->page, STYLE_TITLE, text_string(&line));
    message_add_packet(writer, "sent", &request->evidence);
    add_headers(writer, request->headers, request->header_count);
    add_body(writer, header_value(request->headers, request->header_count, "Content-Type"),
             &request->body);
    text_release(&line);
}

static void add_response(const struct message_writer *writer, const struct http_exchange *http)
{
    const struct http_response *response = &http->response;
    const char *ending = http_ending_word(http);
    struct text line = { 0 };

    message_add_heading(writer, "Response");
    for (size_t i = 0; i < http->interim_count; i++)
        page_print(writer->page, STYLE_DIM, "%u (interim)", http->interim[i]);
    if (ending)
        page_add(writer->page, STYLE_FAILED, ending);
    if (!response->present)
        return;
    add_version(&line, response->version);
    text_print(&line, " %u ", response->status);
    text_add_slice(&line, response->reason);
    page_add(writer->page, STYLE_TITLE, text_string(&line));
    message_add_packet(writer, "received", &response->evidence);
    add_headers(writer, response->headers, response->header_count);
    add_body(writer, header_value(response->headers, response->header_count, "Content-Type"),
             &response->body);
    text_release(&line);
}

void message_add_http(const struct message_writer *writer, const struct http_exchange *http)
{
    message_add_facts(writer, &http->lync);
    message_add_ticket(writer, &http->request);
    if (http->encrypted)
        page_add(writer->page, STYLE_SECURE, "It was encrypted and has been decrypted.");
    add_request(writer, &http->request);
    add_response(writer, http);
}

void message_add_relay(const struct message_writer *writer, const struct relay *relay)
{
    struct text line = { 0 };
    char word[WORD_SIZE];

    message_add_heading(writer, "Behind the proxy");
    party_add_full(&line, &relay->from);
    text_print(&line, " %s ", sign_text(SIGN_ARROW, writer->ascii));
    party_add_full(&line, &relay->to);
    message_add_field(writer, "between", buffer_slice(&line.bytes));
    if (relay->status)
        message_print_field(writer, "status", "%u", relay->status);
    duration_format(relay->duration_ns, word);
    if (relay->duration_ns >= 0)
        message_print_field(writer, "took", "%s", word);
    for (size_t i = 0; i < relay->evidence_count && i < 2; i++)
        message_add_packet(writer, i == 0 ? "sent" : "received", &relay->evidence[i]);
    for (size_t i = 0; i < relay->change_count; i++)
        page_add_labelled(writer->page, STYLE_WARNING, "changed", slice_of_text(relay->changes[i]));
    if (relay->change_count == 0)
        message_print_field(writer, "changed", "nothing that matters");
    if (!relay->http)
        page_add(writer->page, STYLE_DIM, "Only its connection was seen.");
    text_release(&line);
}
