/* message_expect.c: what in a message differs from what should be there
 *
 * Facts that can be told from the message alone, each with what it is and what
 * it should be; and the findings that point at this step.  Whether it made the
 * sign-in fail is the findings' business.
 */
#include <string.h>
#include <time.h>

#include "ui/message.h"
#include "ui/words.h"

enum { CLOCK_MOST_S = 300 }; /* Kerberos and tickets allow five minutes */

/* "what   is; should be ..." under a heading that comes with the first. */
struct expectations {
    const struct message_writer *writer;
    bool begun;
};

static void begin(struct expectations *out)
{
    if (!out->begun)
        message_add_heading(out->writer, "Not as it should be");
    out->begun = true;
}

static void add(struct expectations *out, const char *what, struct slice is, const char *should)
{
    struct text line = { 0 };

    begin(out);
    text_add_slice(&line, is);
    text_add(&line, is.length ? "; " : "");
    text_add(&line, should);
    page_add_labelled(out->writer->page, STYLE_FAILED, what, buffer_slice(&line.bytes));
    text_release(&line);
}

/* ---- findings ---- */

static void add_findings(struct expectations *out, const struct step *step)
{
    const struct signin *signin = out->writer->signin;

    for (size_t i = 0; signin && i < signin->finding_count; i++) {
        const struct finding *finding = &signin->findings[i];
        enum style style = style_of_severity(finding->severity);

        if (finding->step != step->number || finding->severity == SEVERITY_INFO)
            continue;
        begin(out);
        page_add_labelled(out->writer->page, style, "found",
                          slice_of_text(finding->title ? finding->title : "?"));
        if (finding->fix)
            page_add_labelled(out->writer->page, STYLE_PLAIN, "fix", slice_of_text(finding->fix));
    }
}

/* ---- TLS ---- */

static void add_date(struct text *out, int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    char date[40];

    if (seconds != INT64_MIN && seconds != INT64_MAX && gmtime_r(&time, &parts) &&
        strftime(date, sizeof date, "%Y-%m-%d %H:%M", &parts) > 0)
        text_add(out, date);
    else
        text_add(out, "at a time that cannot be read");
}

static void expect_validity(struct expectations *out, const struct certificate *certificate,
                            int64_t seen_s)
{
    bool early = certificate->not_before_s > seen_s, late = certificate->not_after_s < seen_s;
    struct text is = { 0 }, should = { 0 };

    text_add(&is, early ? "begins " : "ended ");
    add_date(&is, early ? certificate->not_before_s : certificate->not_after_s);
    text_add(&should, "should be valid at ");
    add_date(&should, seen_s);
    text_add(&should, ", when it was used");
    if (early || late)
        add(out, "validity", buffer_slice(&is.bytes), text_string(&should));
    text_release(&is);
    text_release(&should);
}

static void expect_name(struct expectations *out, const struct certificate *certificate,
                        struct slice asked)
{
    struct text is = { 0 }, should = { 0 };

    if (asked.length == 0 || certificate_covers(certificate, asked))
        return;
    text_add(&is, "covers ");
    if (certificate->name_count == 0)
        text_add_slice(&is, certificate->common_name);
    for (size_t i = 0; i < certificate->name_count && i < 4; i++) {
        text_add(&is, i ? ", " : "");
        text_add_slice(&is, certificate->names[i]);
    }
    if (certificate->name_count > 4)
        text_print(&is, " and %zu more", certificate->name_count - 4);
    text_add(&should, "should cover ");
    text_add_slice(&should, asked);
    add(out, "name", buffer_slice(&is.bytes), text_string(&should));
    text_release(&is);
    text_release(&should);
}

static void expect_chain(struct expectations *out, const struct certificate_chain *chain)
{
    if (chain->order == CHAIN_INCOMPLETE)
        add(out, "chain", slice_of_text("an intermediate certificate is not sent"),
            "the server should send it");
    else if (chain->order == CHAIN_WRONG_ORDER)
        add(out, "chain", slice_of_text("sent in the wrong order"),
            "each should be followed by its issuer");
    else if (chain->order == CHAIN_SELF_SIGNED)
        add(out, "chain", slice_of_text("self-signed"), "a CA that clients trust should issue it");
}

static void expect_tls(struct expectations *out, const struct tls_session *tls)
{
    const struct certificate *certificate;

    if (tls->has_client_hello && !tls->has_server_hello)
        add(out, "server", slice_of_text("no ServerHello"), "should answer the ClientHello");
    if (!tls->chain || tls->chain->count == 0)
        return;
    certificate = tls->chain->certificates[0];
    if (!certificate->readable)
        return;
    expect_name(out, certificate, tls->server_name);
    expect_validity(out, certificate, tls->chain_evidence.time_ns / 1000000000);
    expect_chain(out, tls->chain);
    if (certificate->weak_signature)
        add(out, "signature", certificate->signature, "should be SHA-256 or better");
}

/* ---- HTTP ---- */

static bool is_document(const struct http_exchange *http)
{
    enum resource resource = http->lync.resource;

    return http->response.status == 200 &&
           (resource == RESOURCE_ROOT || resource == RESOURCE_DOMAIN || resource == RESOURCE_USER ||
            resource == RESOURCE_OAUTH_USER);
}

static void expect_document(struct expectations *out, const struct http_exchange *http)
{
    const struct document *document = &http->lync.response_document;

    if (document->kind == DOCUMENT_MALFORMED)
        add(out, "document", slice_of_text(document->problem), "should be one that a client reads");
    else if (is_document(http) && document->kind == DOCUMENT_HTML)
        add(out, "document", slice_of_text("an HTML page"),
            "should be an Autodiscover document, XML or JSON");
    if (document->expires_ns != 0 && document->expires_ns < http->response.evidence.time_ns)
        add(out, "ticket", slice_of_text("has expired already"),
            "the clocks of server and capture should agree");
}

static void expect_challenge(struct expectations *out, const struct http_exchange *http)
{
    const struct http_response *response = &http->response;

    if (response->status == 401 &&
        header_value(response->headers, response->header_count, "WWW-Authenticate").length == 0)
        add(out, "401", slice_of_text("names no way to authenticate"),
            "should have WWW-Authenticate; was it dropped on the way?");
    if (http->lync.ntlm.malformed || http->lync.challenge.token.malformed)
        add(out, "NTLM", slice_of_text("malformed"), "should be a message of MS-NLMP 2.2.1");
}

static void expect_clock(struct expectations *out, const struct http_response *response)
{
    struct slice date = header_value(response->headers, response->header_count, "Date");
    struct text copy = { 0 };
    struct tm parts = { 0 };
    int64_t ahead_s;
    const char *end;

    text_add_slice(&copy, slice_part(date, 0, 40));
    end = strptime(text_string(&copy), "%a, %d %b %Y %H:%M:%S", &parts);
    ahead_s = end ? timegm(&parts) - response->evidence.time_ns / 1000000000 : 0;
    text_release(&copy);
    if (ahead_s > CLOCK_MOST_S || ahead_s < -CLOCK_MOST_S)
        add(out, "clock", date, "more than 5 minutes off the clock of the capture");
}

static void expect_http(struct expectations *out, const struct http_exchange *http)
{
    if (!http->response.present)
        return;
    expect_challenge(out, http);
    expect_document(out, http);
    expect_clock(out, &http->response);
}

void message_add_expectations(const struct message_writer *writer, const struct step *step)
{
    struct expectations out = { .writer = writer };

    add_findings(&out, step);
    if (step->tls)
        expect_tls(&out, step->tls);
    if (step->http)
        expect_http(&out, step->http);
}
