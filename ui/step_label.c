/* step_label.c: a step in a few words
 *
 * Alerts are named as in RFC 8446 B.2.
 */
#include "ui/step_label.h"

#include "ui/signs.h"

/* ---- words ---- */

const char *http_ending_word(const struct http_exchange *http)
{
    static const char *const words[] = {
        [HTTP_ANSWERED] = NULL,
        [HTTP_NO_ANSWER] = "no answer",
        [HTTP_CLOSED] = "closed",
        [HTTP_RESET] = "reset",
        [HTTP_CLIENT_CLOSED] = "client gave up",
        [HTTP_UNKNOWN] = "answer not captured",
    };

    return words[http->ending];
}

const char *tcp_word(const struct tcp_connection *tcp)
{
    if (tcp->opened == OPENED_REFUSED)
        return "refused";
    if (tcp->opened == OPENED_UNANSWERED)
        return "no answer";
    return "connected";
}

/* ---- labels ---- */

struct label {
    struct text *out;
    int brevity;
    bool ascii;
};

static void add(struct label *label, const char *text)
{
    text_add_escaped(label->out, slice_of_text(text));
}

static void add_arrow(struct label *label)
{
    text_print(label->out, " %s ", sign_text(SIGN_ARROW, label->ascii));
}

static void add_times(struct label *label, unsigned times)
{
    if (times > 1)
        text_print(label->out, " (%u%s)", times, sign_text(SIGN_TIMES, label->ascii));
}

static const struct dns_record *find_address(const struct dns_lookup *dns)
{
    for (size_t i = 0; i < dns->answer_count; i++)
        if (dns->answers[i].address.family != 0)
            return &dns->answers[i];
    return dns->answer_count > 0 ? &dns->answers[dns->answer_count - 1] : NULL;
}

static void add_dns_result(struct label *label, const struct dns_lookup *dns)
{
    const struct dns_record *record = find_address(dns);

    if (!dns->answered)
        add(label, "no answer");
    else if (dns->rcode != 0)
        add(label, dns_rcode_name(dns->rcode));
    else if (!record)
        add(label, "no data");
    else
        text_add_escaped(label->out, record->data);
}

static void add_dns(struct label *label, const struct dns_lookup *dns)
{
    struct slice name = slice_of_text(dns->name);

    if (label->brevity != LABEL_TINY) {
        add(label, dns->type);
        text_add(label->out, " ");
        if (label->brevity == LABEL_BRIEF)
            name = slice_part(name, 0, slice_find_byte(name, '.'));
        text_add_escaped(label->out, name);
        add_arrow(label);
    }
    add_dns_result(label, dns);
    add_times(label, dns->questions);
}

static void add_tcp(struct label *label, const struct step *step)
{
    const struct tcp_connection *tcp = step->tcp;
    bool broke = step->status != STEP_OK && tcp->opened == OPENED_SYN;

    if (label->brevity == LABEL_FULL)
        text_add(label->out, "TCP ");
    if (label->brevity != LABEL_TINY)
        text_print(label->out, ":%u ", tcp->server.port);
    add(label, broke && tcp->closed == CLOSED_RESET ? "reset" : tcp_word(tcp));
    if (tcp->icmp && label->brevity == LABEL_FULL)
        text_add(label->out, " (ICMP)");
    add_times(label, tcp->attempts);
}

static void add_tls(struct label *label, const struct tls_session *tls)
{
    bool alerted = tls->alert != 0xff && tls->alert != 0;
    const char *word = alerted ? tls_alert_name(tls->alert) : NULL;

    add(label, label->brevity == LABEL_FULL ? tls_version_name(tls->version) : "TLS");
    if (label->brevity == LABEL_FULL && tls->server_name.length > 0) {
        text_add(label->out, " ");
        text_add_escaped(label->out, tls->server_name);
    }
    if (alerted && word && label->brevity != LABEL_TINY)
        text_print(label->out, " alert %s", word);
    else if (alerted)
        text_print(label->out, " alert %u", tls->alert);
    else if (tls->has_server_hello && tls->client_silent && tls->client_ended)
        add(label, label->brevity == LABEL_TINY ? " left" : " left unused");
    else if (label->brevity != LABEL_TINY && tls->client_records + tls->server_records > 0)
        add(label, tls->decrypted == TLS_DECRYPTED_ALL ? " decrypted" : " encrypted");
}

static struct slice path_of(struct slice target)
{
    struct slice path = slice_part(target, 0, slice_find_byte(target, '?'));

    if (slice_starts_with_nocase(path, "http://") || slice_starts_with_nocase(path, "https://")) {
        path = slice_after(path, slice_find_byte(path, ':') + 3);
        path = slice_after(path, slice_find_byte(path, '/'));
    }
    return path;
}

static struct slice last_segment(struct slice path)
{
    size_t from = path.length;

    while (from > 0 && path.data[from - 1] != '/')
        from--;
    return from < path.length ? slice_after(path, from) : path;
}

static void add_request(struct label *label, const struct http_exchange *http)
{
    struct slice path = path_of(http->request.target);

    if (!http->request.present) {
        text_add(label->out, "?");
        return;
    }
    if (label->brevity != LABEL_TINY) {
        text_add_escaped(label->out, http->request.method);
        text_add(label->out, " ");
    }
    if (label->brevity == LABEL_FULL)
        text_add_escaped(label->out, path);
    else if (http->lync.resource != RESOURCE_OTHER)
        add(label, resource_name(http->lync.resource));
    else
        text_add_escaped(label->out, last_segment(path));
}

static void add_http_result(struct label *label, const struct http_exchange *http)
{
    const char *ending = http_ending_word(http);

    if (!http->response.present) {
        add(label, ending ? ending : "?");
        return;
    }
    text_print(label->out, "%u", http->response.status);
    if (label->brevity == LABEL_FULL && http->response.reason.length > 0) {
        text_add(label->out, " ");
        text_add_escaped(label->out, http->response.reason);
    }
}

/* The least begins with the result: what is cut is the end. */
static void add_http(struct label *label, const struct http_exchange *http)
{
    if (label->brevity == LABEL_TINY) {
        add_http_result(label, http);
        text_add(label->out, " ");
        add_request(label, http);
        return;
    }
    add_request(label, http);
    add_arrow(label);
    add_http_result(label, http);
}

void step_label_add(struct text *out, const struct step *step, int brevity, bool ascii)
{
    struct label label = { out, brevity, ascii };

    if (step->dns)
        add_dns(&label, step->dns);
    else if (step->tcp)
        add_tcp(&label, step);
    else if (step->tls)
        add_tls(&label, step->tls);
    else if (step->http)
        add_http(&label, step->http);
    else
        add(&label, step->summary ? step->summary : stage_name(step->stage));
}

void relay_label_add(struct text *out, const struct relay *relay, int brevity, bool ascii)
{
    struct label label = { out, brevity, ascii };

    if (relay->http)
        add_http(&label, relay->http);
    else if (relay->status)
        text_print(out, "%s %u", "passed on", relay->status);
    else
        text_add(out, "passed on");
}
