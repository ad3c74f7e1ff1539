/* message_raw.c: the text of a message as it stands on the wire, and the bytes of its packets
 *
 * Codings are undone and secrets masked in the text.  The bytes cannot be
 * masked in part: where they may hold secrets in the clear, nothing of the
 * payload is shown until it is asked for.
 */
#include "lyncscope/secret.h"
#include "ui/hex.h"
#include "ui/message.h"
#include "ui/pretty.h"
#include "ui/words.h"

/* ---- text ---- */

static void add_headers(const struct message_writer *writer, const struct header *headers,
                        size_t count)
{
    struct text line = { 0 };

    for (size_t i = 0; i < count; i++) {
        text_truncate(&line, 0);
        text_add_slice(&line, headers[i].name);
        text_add(&line, ": ");
        secret_add_header_value(&line, headers[i].name, headers[i].value, writer->show_secrets);
        page_add(writer->page, STYLE_PLAIN, text_string(&line));
    }
    page_add(writer->page, STYLE_PLAIN, "");
    text_release(&line);
}

static void add_body(const struct message_writer *writer, struct slice content_type,
                     const struct http_body *body)
{
    struct text utf8 = { 0 }, masked = { 0 };
    struct slice kept = body->kept;

    if (pretty_from_utf16(&utf8, kept))
        kept = buffer_slice(&utf8.bytes);
    secret_add_body(&masked, content_type, kept, writer->show_secrets);
    page_add_lines(writer->page, STYLE_PLAIN, buffer_slice(&masked.bytes), "");
    if (body->kept.length < body->bytes)
        page_print(writer->page, STYLE_WARNING, "... %llu of %llu bytes were kept",
                   (unsigned long long)body->kept.length, (unsigned long long)body->bytes);
    text_release(&utf8);
    text_release(&masked);
}

static void add_request(const struct message_writer *writer, const struct http_request *request)
{
    struct text line = { 0 };

    if (!request->present) {
        page_add(writer->page, STYLE_WARNING, "The request is not in the capture.");
        return;
    }
    text_add_slice(&line, request->method);
    text_add(&line, " ");
    secret_add_url(&line, request->target, writer->show_secrets);
    text_print(&line, " HTTP/%u.%u", request->version / 10, request->version % 10);
    page_add(writer->page, STYLE_TITLE, text_string(&line));
    add_headers(writer, request->headers, request->header_count);
    add_body(writer, header_value(request->headers, request->header_count, "Content-Type"),
             &request->body);
    text_release(&line);
}

static void add_response(const struct message_writer *writer, const struct http_response *response)
{
    struct text line = { 0 };

    page_add(writer->page, STYLE_PLAIN, "");
    if (!response->present) {
        page_add(writer->page, STYLE_WARNING, "There is no response.");
        return;
    }
    text_print(&line, "HTTP/%u.%u %u ", response->version / 10, response->version % 10,
               response->status);
    text_add_slice(&line, response->reason);
    page_add(writer->page, STYLE_TITLE, text_string(&line));
    add_headers(writer, response->headers, response->header_count);
    add_body(writer, header_value(response->headers, response->header_count, "Content-Type"),
             &response->body);
    text_release(&line);
}

void message_add_raw(const struct message_writer *writer, const struct step *step)
{
    const struct relay *relay = step->relay;

    if (!step->http) {
        page_add(writer->page, STYLE_DIM, "This message is not text. Tab: its packets.");
        return;
    }
    add_request(writer, &step->http->request);
    add_response(writer, &step->http->response);
    if (!relay || !relay->http)
        return;
    message_add_heading(writer, "Behind the proxy");
    add_request(writer, &relay->http->request);
    add_response(writer, &relay->http->response);
}

/* ---- packets ---- */

void message_want_packets(struct packets *packets, const struct step *step)
{
    packets_add(packets, step->evidence, step->evidence_count);
    if (step->http) {
        packets_add(packets, &step->http->request.evidence, 1);
        packets_add(packets, &step->http->response.evidence, 1);
        packets_add(packets, &step->http->response.end, 1);
    }
    if (step->tls)
        packets_add(packets, &step->tls->chain_evidence, 1);
    if (step->tcp)
        packets_add(packets, &step->tcp->end, 1);
    if (step->relay)
        packets_add(packets, step->relay->evidence, step->relay->evidence_count);
}

static bool differs_when_masked(struct slice content_type, struct slice body)
{
    struct text masked = { 0 };
    bool differs;

    secret_add_body(&masked, content_type, body, false);
    differs = !slice_equals(buffer_slice(&masked.bytes), body);
    text_release(&masked);
    return differs;
}

static bool has_secret_header(const struct header *headers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (secret_is_header(headers[i].name))
            return true;
    return false;
}

/* Bodies with a content coding show nothing to the eye, and are masked all the same. */
static bool has_clear_secrets(const struct http_exchange *http)
{
    const struct http_request *request = &http->request;
    const struct http_response *response = &http->response;
    struct text url = { 0 };
    bool in_url;

    if (http->encrypted)
        return false;
    secret_add_url(&url, request->target, false);
    in_url = !slice_equals(buffer_slice(&url.bytes), request->target);
    text_release(&url);
    return in_url || has_secret_header(request->headers, request->header_count) ||
           has_secret_header(response->headers, response->header_count) ||
           differs_when_masked(
               header_value(request->headers, request->header_count, "Content-Type"),
               request->body.kept) ||
           differs_when_masked(
               header_value(response->headers, response->header_count, "Content-Type"),
               response->body.kept);
}

/* A packet that no exchange tells us of. */
static bool looks_secret(struct slice payload)
{
    static const char *const words[] = { "authorization:", "cookie:",  "password",
                                         "x-ms-webticket", "_token\"", "assertion" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_find_text_nocase(payload, words[i]) < payload.length)
            return true;
    return false;
}

static void add_packet(const struct message_writer *writer, const struct packet_bytes *packet,
                       bool masked, int columns)
{
    struct slice bytes = buffer_slice(&packet->bytes);
    size_t payload = hex_payload(packet->link_type, bytes);

    masked = !writer->show_secrets && (masked || looks_secret(slice_after(bytes, payload)));
    if (masked && payload < bytes.length)
        page_add(writer->page, STYLE_WARNING,
                 "What it carries may hold a password or a ticket: masked.");
    hex_add(writer->page, bytes, masked ? payload : bytes.length, columns);
    if (packet->captured < packet->wire_length)
        page_print(writer->page, STYLE_WARNING, "... cut by the capture: %u bytes on the wire",
                   packet->wire_length);
    if (bytes.length < packet->captured)
        page_print(writer->page, STYLE_WARNING, "... %zu bytes more",
                   packet->captured - bytes.length);
}

static void add_packet_heading(const struct message_writer *writer,
                               const struct packet_bytes *packet)
{
    const struct report *report = writer->report;
    char clock[TIME_TEXT_SIZE];
    struct text line = { 0 };

    time_format_clock(packet->evidence.time_ns, clock);
    text_add(&line, "Packet ");
    evidence_add(&line, report, &packet->evidence, 1);
    text_print(&line, "  %s", clock);
    if (packet->is_read)
        text_print(&line, "  %zu bytes", packet->captured);
    if (packet->is_read && link_type_name(packet->link_type))
        text_print(&line, "  %s", link_type_name(packet->link_type));
    message_add_heading(writer, text_string(&line));
    text_release(&line);
}

void message_add_packets(const struct message_writer *writer, const struct step *step,
                         const struct packets *packets, int columns)
{
    bool masked =
        step && ((step->http && has_clear_secrets(step->http)) ||
                 (step->relay && step->relay->http && has_clear_secrets(step->relay->http)));

    for (size_t i = 0; i < packets->count; i++) {
        const struct packet_bytes *packet = &packets->all[i];

        add_packet_heading(writer, packet);
        if (packet->problem[0])
            page_add(writer->page, STYLE_WARNING, packet->problem);
        else if (!packet->is_read)
            page_add(writer->page, STYLE_DIM, "reading the file ...");
        else
            add_packet(writer, packet, masked, columns);
    }
    if (packets->left_out > 0)
        page_print(writer->page, STYLE_DIM, "%u more packets are not shown", packets->left_out);
    if (packets->count == 0)
        page_add(writer->page, STYLE_DIM, "No packet belongs to this.");
}
