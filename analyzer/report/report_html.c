/* report_html.c: the report as one page for a browser, from the same facts as the text
 *
 * First the verdict and a line a sign-in, then each one that did not succeed in
 * full; of those that did only with `verbose`, as in the text.
 */
#include <string.h>

#include "analyzer/report/causes.h"
#include "analyzer/report/html_writer.h"
#include "analyzer/report/text_parts.h"

/* What is being written, and a text to make things up in. */
struct page {
    struct html html;
    const struct report *report;
    struct text word;
};

static struct text *word(struct page *page)
{
    text_truncate(&page->word, 0);
    return &page->word;
}

static void put_word(struct page *page, const char *tag)
{
    html_element(&page->html, tag, text_string(&page->word));
}

/* ---- a line a sign-in ---- */

static const char *outcome_cell(enum outcome outcome)
{
    static const char *const tags[] = {
        [OUTCOME_SUCCEEDED] = "td class=\"good\"",
        [OUTCOME_FAILED] = "td class=\"bad\"",
        [OUTCOME_INCOMPLETE] = "td class=\"open\"",
    };

    return tags[outcome];
}

static const char *outcome_sign(enum outcome outcome)
{
    static const char *const signs[] = {
        [OUTCOME_SUCCEEDED] = "\u2714 ",
        [OUTCOME_FAILED] = "\u2718 ",
        [OUTCOME_INCOMPLETE] = "? ",
    };

    return signs[outcome];
}

static bool is_told_in_full(const struct signin *signin, const struct report_options *options)
{
    return signin->outcome != OUTCOME_SUCCEEDED || options->verbose;
}

static void put_number(struct page *page, const struct signin *signin, bool linked)
{
    char markup[64];

    if (linked)
        snprintf(markup, sizeof markup, "<a href=\"#s%u\">%u</a>", signin->id, signin->id);
    else
        snprintf(markup, sizeof markup, "%u", signin->id);
    html_raw(&page->html, markup);
}

static void put_row(struct page *page, const struct signin *signin, bool linked)
{
    char time[TIME_TEXT_SIZE], address[ADDRESS_TEXT_SIZE];

    time_format_utc(signin->started_ns, time);
    address_format(&signin->client.endpoint.address, address);
    html_raw(&page->html, "<tr><td class=\"n\">");
    put_number(page, signin, linked);
    html_raw(&page->html, "</td>");
    text_add_slice(word(page), slice_part(slice_of_text(time), 0, strlen("2026-11-20T23:02:11")));
    put_word(page, "td class=\"t\"");
    html_element(&page->html, "td", address);
    text_add_owner(word(page), signin);
    put_word(page, "td");
    html_element(&page->html, "td", signin->device);
    text_add(word(page), outcome_sign(signin->outcome));
    text_add(&page->word, signin->result ? signin->result : outcome_name(signin->outcome));
    put_word(page, outcome_cell(signin->outcome));
    text_add_duration(word(page), signin->ended_ns - signin->started_ns);
    put_word(page, "td class=\"n\"");
    html_raw(&page->html, "</tr>\n");
}

static void put_table(struct page *page, const struct report_options *options)
{
    static const enum outcome order[] = { OUTCOME_FAILED, OUTCOME_INCOMPLETE, OUTCOME_SUCCEEDED };

    html_raw(&page->html, "<table><tr><th>#</th><th>UTC</th><th>client</th><th>user</th>"
                          "<th>device</th><th>result</th><th>took</th></tr>\n");
    for (size_t o = 0; o < sizeof order / sizeof *order; o++)
        for (size_t i = 0; i < page->report->signin_count; i++)
            if (page->report->signins[i]->outcome == order[o])
                put_row(page, page->report->signins[i],
                        is_told_in_full(page->report->signins[i], options));
    html_raw(&page->html, "</table>\n");
}

/* ---- one in full ---- */

static const char *step_class(enum step_status status)
{
    static const char *const tags[] = {
        [STEP_OK] = "td",
        [STEP_EXPECTED] = "td class=\"dim\"",
        [STEP_WARNING] = "td class=\"warn\"",
        [STEP_FAILED] = "td class=\"bad\"",
        [STEP_UNANSWERED] = "td class=\"bad\"",
    };

    return tags[status];
}

static const char *step_sign(enum step_status status)
{
    static const char *const signs[] = {
        [STEP_OK] = "\u2714",     [STEP_EXPECTED] = "\u25cb",   [STEP_WARNING] = "!",
        [STEP_FAILED] = "\u2718", [STEP_UNANSWERED] = "\u2026",
    };

    return signs[status];
}

static void add_party(struct text *text, const struct party *party)
{
    char address[ADDRESS_TEXT_SIZE];

    address_format(&party->endpoint.address, address);
    if (party->name)
        text_print(text, "%s ", party->name);
    text_print(text, party->endpoint.address.family == 6 ? "[%s]" : "%s", address);
    if (party->endpoint.port)
        text_print(text, ":%u", party->endpoint.port);
}

static void add_step_packets(struct text *text, const struct step *step)
{
    for (size_t i = 0; i < step->evidence_count; i++)
        if (step->evidence[i].packet)
            text_print(text, "%s%llu", text_length(text) ? ", " : "",
                       (unsigned long long)step->evidence[i].packet);
}

static void put_parties(struct page *page, const struct party *from, const struct party *to)
{
    add_party(word(page), from);
    text_add(&page->word, " \u2192 ");
    add_party(&page->word, to);
    put_word(page, "td");
}

static void put_relay(struct page *page, const struct relay *relay)
{
    html_raw(&page->html, "<tr><td></td><td></td><td></td>");
    put_parties(page, &relay->from, &relay->to);
    text_add(word(page), "relayed");
    if (relay->status)
        text_print(&page->word, ", answered with %u", relay->status);
    put_word(page, "td class=\"dim\"");
    html_raw(&page->html, "<td></td></tr>\n");
}

static void put_step(struct page *page, const struct signin *signin, const struct step *step)
{
    const char *tag = step_class(step->status);
    int64_t since = step->time_ns - signin->started_ns;
    long long since_us = since > 0 ? since / 1000 : 0;

    text_print(word(page), "%u", step->number);
    html_raw(&page->html, "<tr>");
    put_word(page, "td class=\"n\"");
    html_element(&page->html, tag, step_sign(step->status));
    text_print(word(page), "+%lld.%03lld", since_us / 1000000, since_us % 1000000 / 1000);
    put_word(page, "td class=\"n\"");
    put_parties(page, &step->from, &step->to);
    text_add(word(page), step->summary ? step->summary : stage_name(step->stage));
    if (step->note)
        text_print(&page->word, " (%s)", step->note);
    put_word(page, tag);
    add_step_packets(word(page), step);
    put_word(page, "td");
    html_raw(&page->html, "</tr>\n");
}

static void put_steps(struct page *page, const struct signin *signin)
{
    html_raw(&page->html, "<table><tr><th>step</th><th></th><th>time</th><th>between</th>"
                          "<th>what</th><th>packets</th></tr>\n");
    for (size_t i = 0; i < signin->step_count; i++) {
        put_step(page, signin, &signin->steps[i]);
        if (signin->steps[i].relay)
            put_relay(page, signin->steps[i].relay);
    }
    html_raw(&page->html, "</table>\n");
    if (signin->steps_left_out) {
        text_print(word(page), "and %zu more steps", signin->steps_left_out);
        put_word(page, "p class=\"dim\"");
    }
}

static void put_entry(struct page *page, const char *label, const char *value)
{
    if (!value || !*value)
        return;
    html_element(&page->html, "dt", label);
    html_element(&page->html, "dd", value);
}

static void put_finding(struct page *page, const struct finding *finding)
{
    html_raw(&page->html,
             finding->severity <= SEVERITY_ERROR ? "<h3 class=\"bad\">" : "<h3 class=\"warn\">");
    text_add_title(word(page), finding);
    html_text(&page->html, text_string(&page->word));
    html_raw(&page->html, "</h3>\n<dl>");
    put_entry(page, "cause", finding->cause);
    put_entry(page, "fix", finding->fix);
    put_entry(page, "seen as", finding->rule->user_sees);
    text_add_packets(word(page), page->report, finding);
    put_entry(page, "proof", text_string(&page->word));
    text_print(word(page), "%s, %s", severity_name(finding->severity), finding->rule->id);
    put_entry(page, "rule", text_string(&page->word));
    html_raw(&page->html, "</dl>\n");
}

static void put_signin(struct page *page, const struct signin *signin)
{
    char markup[64];

    snprintf(markup, sizeof markup, "<section id=\"s%u\">", signin->id);
    html_raw(&page->html, markup);
    text_print(word(page), "Sign-in %u: ", signin->id);
    text_add_owner(&page->word, signin);
    text_print(&page->word, ", %s%s", outcome_sign(signin->outcome),
               signin->result ? signin->result : outcome_name(signin->outcome));
    put_word(page, "h2");
    for (size_t i = 0; i < signin->finding_count; i++)
        put_finding(page, &signin->findings[i]);
    put_steps(page, signin);
    html_raw(&page->html, "</section>\n");
}

/* ---- what was read ---- */

static void put_input(struct page *page, const struct input_info *input)
{
    char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE];

    text_print(word(page), "%s: ", strcmp(input->path, "-") == 0 ? "standard input" : input->path);
    text_add_counted(&page->word, input->packets, "packet", "packets");
    if (input->packets) {
        time_format_utc(input->first_time_ns, first);
        time_format_utc(input->last_time_ns, last);
        text_print(&page->word, ", %s to %s", first, last);
    }
    if (input->drops) {
        text_add(&page->word, ", ");
        text_add_counted(&page->word, input->drops, "packet dropped", "packets dropped");
    }
    put_word(page, "p class=\"dim\"");
    for (size_t i = 0; i < input->warning_count && i < INPUT_WARNINGS_MAX; i++)
        html_element(&page->html, "p class=\"warn\"", input->warnings[i]);
}

static void put_top(struct page *page)
{
    const struct report *report = page->report;
    struct causes causes = causes_collect(report);

    html_element(&page->html, "h1", "Lync and Skype for Business sign-ins");
    text_add_verdict(word(page), report, &causes);
    causes_release(&causes);
    put_word(page, "p");
    for (size_t i = 0; i < report->input_count; i++)
        put_input(page, report->inputs[i]);
    for (size_t i = 0; i < report->note_count; i++)
        html_element(&page->html, "p class=\"warn\"", report->notes[i]);
}

void report_html(FILE *out, const struct report *report, const struct report_options *options)
{
    struct page page = { .report = report };

    html_begin(&page.html, out, "lyncscope report");
    put_top(&page);
    if (report->signin_count)
        put_table(&page, options);
    for (size_t i = 0; i < report->signin_count; i++)
        if (is_told_in_full(report->signins[i], options))
            put_signin(&page, report->signins[i]);
    if (report->finding_count)
        html_element(&page.html, "h2", "Of the site");
    for (size_t i = 0; i < report->finding_count; i++)
        put_finding(&page, &report->findings[i]);
    if (report->hidden_count) {
        text_add_counted(word(&page), report->hidden_count, "sign-in is", "sign-ins are");
        text_add(&page.word, " not shown, as asked for.");
        put_word(&page, "p class=\"dim\"");
    }
    html_element(&page.html, "p class=\"dim\"", "lyncscope " LYNCSCOPE_VERSION);
    html_end(&page.html);
    text_release(&page.word);
}
