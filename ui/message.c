/* message.c: one step decoded: what it was, and the message itself by its protocol */
#include "ui/message.h"

#include <stdarg.h>
#include <stdio.h>

#include "lyncscope/secret.h"
#include "ui/step_label.h"
#include "ui/words.h"

void message_add_heading(const struct message_writer *writer, const char *heading)
{
    page_add(writer->page, STYLE_PLAIN, "");
    page_add(writer->page, STYLE_HEADING, heading);
}

void message_add_field(const struct message_writer *writer, const char *label, struct slice value)
{
    if (value.length > 0)
        page_add_labelled(writer->page, STYLE_PLAIN, label, value);
}

void message_print_field(const struct message_writer *writer, const char *label, const char *format,
                         ...)
{
    char line[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    message_add_field(writer, label, slice_of_text(line));
}

void message_add_packet(const struct message_writer *writer, const char *label,
                        const struct evidence *evidence)
{
    char clock[TIME_TEXT_SIZE];
    struct text word = { 0 };

    if (evidence->packet == 0 || writer->compared)
        return;
    time_format_clock(evidence->time_ns, clock);
    evidence_add(&word, writer->report, evidence, 1);
    message_print_field(writer, label, "%s  packet %s", clock, text_string(&word));
    text_release(&word);
}

/* ---- DNS ---- */

static void add_answers(const struct message_writer *writer, const struct dns_lookup *dns)
{
    struct text line = { 0 };

    for (size_t i = 0; i < dns->answer_count; i++) {
        const struct dns_record *record = &dns->answers[i];

        text_truncate(&line, 0);
        text_add(&line, "  ");
        text_add_slice(&line, record->name);
        text_print(&line, "  %u s  ", record->ttl);
        text_add_slice(&line, record->type);
        text_add(&line, "  ");
        text_add_slice(&line, record->data);
        page_add(writer->page, STYLE_PLAIN, text_string(&line));
    }
    if (dns->answer_count == 0)
        page_add(writer->page, STYLE_DIM, "  no records");
    text_release(&line);
}

static void add_dns(const struct message_writer *writer, const struct dns_lookup *dns)
{
    message_add_heading(writer, "Question");
    message_add_field(writer, "name", slice_of_text(dns->name));
    message_add_field(writer, "type", slice_of_text(dns->type));
    message_print_field(writer, "asked", "%u %s", dns->questions,
                        dns->questions == 1 ? "time" : "times");
    message_add_packet(writer, "first", &dns->question);
    if (dns->questions > 1)
        message_add_packet(writer, "last", &dns->last_question);
    message_add_heading(writer, "Answer");
    if (!dns->answered) {
        page_add(writer->page, STYLE_FAILED, "none");
        return;
    }
    message_add_field(writer, "code", slice_of_text(dns_rcode_name(dns->rcode)));
    if (dns->truncated)
        message_print_field(writer, "truncated",
                            "the server had more to say than one datagram holds");
    message_add_packet(writer, "received", &dns->answer);
    add_answers(writer, dns);
}

/* ---- TCP ---- */

static const char *tcp_end(const struct tcp_connection *tcp)
{
    static const char *const words[] = {
        [CLOSED_UNKNOWN] = "its end was not seen",
        [CLOSED_FIN] = "closed",
        [CLOSED_RESET] = "reset",
        [CLOSED_OPEN] = "still open",
    };

    return words[tcp->closed];
}

static void add_bytes(const struct message_writer *writer, const char *label, uint64_t bytes,
                      uint64_t missing)
{
    struct text word = { 0 };

    count_add(&word, bytes);
    text_add(&word, " bytes");
    if (missing > 0) {
        text_add(&word, ", ");
        count_add(&word, missing);
        text_add(&word, " more are missing from the capture");
    }
    message_add_field(writer, label, buffer_slice(&word.bytes));
    text_release(&word);
}

static void add_tcp(const struct message_writer *writer, const struct tcp_connection *tcp)
{
    bool refused = tcp->opened == OPENED_REFUSED, silent = tcp->opened == OPENED_UNANSWERED;

    message_add_heading(writer, "Connection");
    page_add_labelled(writer->page, refused || silent ? STYLE_FAILED : STYLE_PLAIN, "opening",
                      slice_of_text(tcp->opened == OPENED_MID_STREAM
                                        ? "was running when the capture began"
                                        : tcp_word(tcp)));
    if (tcp->icmp)
        message_print_field(writer, "by", "an ICMP message");
    message_print_field(writer, "attempts", "%u", tcp->attempts);
    message_add_packet(writer, "first SYN", &tcp->first_attempt);
    if (tcp->attempts > 1)
        message_add_packet(writer, "last SYN", &tcp->last_attempt);
    message_add_packet(writer, "answer", &tcp->answer);
    if (refused || silent)
        return;
    add_bytes(writer, "client", tcp->client_bytes, tcp->client_missing);
    add_bytes(writer, "server", tcp->server_bytes, tcp->server_missing);
    message_print_field(writer, "end", "%s%s", tcp_end(tcp),
                        tcp->end.packet == 0    ? ""
                        : tcp->closed_by_server ? " by the server"
                                                : " by the client");
    message_add_packet(writer, "ended", &tcp->end);
    if (tcp->client_only || tcp->server_only)
        message_print_field(writer, "captured", "only what the %s sent",
                            tcp->client_only ? "client" : "server");
}

/* ---- any step ---- */

static void add_summary(const struct message_writer *writer, const struct step *step)
{
    enum style style = style_of_step(step->status);
    struct text line = { 0 };
    char word[WORD_SIZE];

    text_print(&line, "%s ", sign_text(sign_of_step(step->status), writer->ascii));
    text_add(&line, step->summary ? step->summary : stage_name(step->stage));
    page_add(writer->page, style == STYLE_OK ? STYLE_PLAIN : style, text_string(&line));
    message_add_field(writer, "note", slice_of_text(step->note));
    text_truncate(&line, 0);
    party_add_full(&line, &step->from);
    text_print(&line, " %s ", sign_text(SIGN_ARROW, writer->ascii));
    party_add_full(&line, &step->to);
    message_add_field(writer, "between", buffer_slice(&line.bytes));
    duration_format(step->duration_ns, word);
    if (step->duration_ns >= 0)
        message_print_field(writer, "took", "%s", word);
    text_truncate(&line, 0);
    if (!writer->compared)
        evidence_add(&line, writer->report, step->evidence, step->evidence_count);
    message_add_field(writer, "packets", buffer_slice(&line.bytes));
    if (step->url) {
        text_truncate(&line, 0);
        secret_add_url(&line, slice_of_text(step->url), writer->show_secrets);
        message_add_field(writer, "url", buffer_slice(&line.bytes));
    }
    text_release(&line);
}

void message_add(const struct message_writer *writer, const struct step *step)
{
    add_summary(writer, step);
    message_add_expectations(writer, step);
    if (step->dns)
        add_dns(writer, step->dns);
    if (step->tcp)
        add_tcp(writer, step->tcp);
    if (step->tls)
        message_add_tls(writer, step->tls);
    if (step->http)
        message_add_http(writer, step->http);
    if (step->relay)
        message_add_relay(writer, step->relay);
}
