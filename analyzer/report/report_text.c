/* report_text.c: the report as a colleague would tell it
 *
 * First the verdict in one sentence, then a line a sign-in, then what went
 * wrong, each cause in full once with the sign-ins it hit, then what was
 * noticed beside it and what could not be read.
 */
#include <string.h>

#include "analyzer/report/text_parts.h"

enum { INPUTS_SHOWN = 8, WARNINGS_SHOWN = 10, CLOCK_START = 11, CLOCK_LENGTH = 8 };

/* ---- what was read ---- */

static void add_time_range(struct text *text, const struct input_info *input)
{
    char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE];
    struct slice end;

    time_format_utc(input->first_time_ns, first);
    time_format_utc(input->last_time_ns, last);
    end = slice_part(slice_of_text(last), 0, CLOCK_START + CLOCK_LENGTH);
    if (strncmp(first, last, CLOCK_START) == 0)
        end = slice_after(end, CLOCK_START);
    first[CLOCK_START - 1] = ' ';
    last[CLOCK_START - 1] = ' ';
    text_add(text, ", ");
    text_add_slice(text, slice_part(slice_of_text(first), 0, CLOCK_START + CLOCK_LENGTH));
    text_add(text, " to ");
    text_add_slice(text, end);
    text_add(text, " UTC");
}

static void print_inputs(struct sheet *sheet, const struct report *report)
{
    struct text text = { 0 };

    for (size_t i = 0; i < report->input_count && i < INPUTS_SHOWN; i++) {
        const struct input_info *input = report->inputs[i];

        text_truncate(&text, 0);
        text_print(&text, "%s: ", strcmp(input->path, "-") == 0 ? "standard input" : input->path);
        text_add_counted(&text, input->packets, "packet", "packets");
        if (input->packets)
            add_time_range(&text, input);
        sheet_wrap(sheet, STYLE_DIM, text_string(&text), 0, 2);
    }
    if (report->input_count > INPUTS_SHOWN) {
        text_truncate(&text, 0);
        text_print(&text, "and %zu more inputs", report->input_count - INPUTS_SHOWN);
        sheet_wrap(sheet, STYLE_DIM, text_string(&text), 0, 2);
    }
    text_release(&text);
}

/* ---- no sign-in: why ---- */

static const char *hint(const struct report *report, uint64_t packets)
{
    const struct flow_counters *flows = report->flows;

    if (packets == 0)
        return "The capture holds no packets: was it made on the right interface, with a filter "
               "that lets something through?";
    if (flows->not_ip + flows->malformed >= packets)
        return "None of the packets is IP as far as could be read: was the capture made in the "
               "right place?";
    if (report->events == 0 && flows->cut > 0)
        return "Packets were cut when they were captured: capture them whole (tcpdump -s 0).";
    if (report->events == 0)
        return "There is no DNS, HTTP or TLS in them: capture at the client or at the reverse "
               "proxy, while somebody signs in.";
    return "Nothing in them asks for a lyncdiscover name or for an Autodiscover address: start the "
           "capture before the client starts, and clear the client's DNS cache.";
}

static void print_hint(struct sheet *sheet, const struct report *report)
{
    struct text text = { 0 };
    uint64_t packets = 0;

    for (size_t i = 0; i < report->input_count; i++)
        packets += report->inputs[i]->packets;
    sheet_wrap(sheet, STYLE_PLAIN, hint(report, packets), 0, 0);
    if (packets) {
        text_add(&text, "Seen: ");
        text_add_counted(&text, report->flows->connections, "connection, ", "connections, ");
        text_add_counted(&text, report->flows->datagrams, "datagram, ", "datagrams, ");
        text_add_counted(&text, report->events, "message decoded.", "messages decoded.");
        sheet_wrap(sheet, STYLE_PLAIN, text_string(&text), 0, 0);
    }
    text_release(&text);
}

static void print_warning(struct sheet *sheet, const char *line)
{
    sheet_print(sheet, STYLE_PLAIN, "  ");
    sheet_mark(sheet, MARK_WARN);
    sheet_print(sheet, STYLE_PLAIN, " ");
    sheet_wrap(sheet, STYLE_PLAIN, line, 4, 4);
}

/* ---- across sign-ins ---- */

static void print_patterns(struct sheet *sheet, const struct report *report)
{
    if (report->pattern_count == 0)
        return;
    sheet_end_line(sheet);
    sheet_print(sheet, STYLE_STRONG, "Across sign-ins");
    sheet_end_line(sheet);
    for (size_t i = 0; i < report->pattern_count; i++)
        print_warning(sheet, report->patterns[i]);
}

/* ---- noticed beside it ---- */

/* True: this was told for a sign-in before, at `signin` and `index` it comes again. */
static bool was_told(const struct report *report, size_t signin, size_t index)
{
    const struct finding *finding = &report->signins[signin]->findings[index];

    for (size_t s = 0; s <= signin; s++) {
        const struct signin *other = report->signins[s];
        size_t count = s == signin ? index : other->finding_count;

        for (size_t f = 0; other->outcome == OUTCOME_SUCCEEDED && f < count; f++)
            if (other->findings[f].rule == finding->rule &&
                strcmp(other->findings[f].title ? other->findings[f].title : "",
                       finding->title ? finding->title : "") == 0)
                return true;
    }
    return false;
}

static bool print_side_heading(struct sheet *sheet, bool printed)
{
    if (!printed) {
        sheet_end_line(sheet);
        sheet_print(sheet, STYLE_STRONG, "Also noticed");
        sheet_end_line(sheet);
    }
    return true;
}

/* Of those that succeeded: they are not told in full. */
static void print_side_findings(struct sheet *sheet, const struct report *report)
{
    bool printed = false;
    char where[32];

    for (size_t i = 0; i < report->finding_count; i++) {
        printed = print_side_heading(sheet, printed);
        text_side_finding(sheet, report, &report->findings[i], "site");
    }
    for (size_t s = 0; s < report->signin_count; s++) {
        const struct signin *signin = report->signins[s];

        for (size_t f = 0; signin->outcome == OUTCOME_SUCCEEDED && f < signin->finding_count; f++) {
            if (signin->findings[f].severity == SEVERITY_INFO || was_told(report, s, f))
                continue;
            printed = print_side_heading(sheet, printed);
            snprintf(where, sizeof where, "sign-in %u", signin->id);
            text_side_finding(sheet, report, &signin->findings[f], where);
        }
    }
}

/* ---- what could not be read ---- */

static void print_input_warnings(struct sheet *sheet, const struct report *report)
{
    struct text text = { 0 };

    for (size_t i = 0; i < report->input_count; i++) {
        const struct input_info *input = report->inputs[i];

        for (size_t w = 0; w < input->warning_count && w < WARNINGS_SHOWN; w++) {
            text_truncate(&text, 0);
            text_print(&text, "%s: %s", input->path, input->warnings[w]);
            print_warning(sheet, text_string(&text));
        }
    }
    text_release(&text);
}

static void print_counted(struct sheet *sheet, uint64_t count, const char *what)
{
    struct text text = { 0 };

    if (count == 0)
        return;
    text_add_count(&text, count);
    text_print(&text, " %s", what);
    print_warning(sheet, text_string(&text));
    text_release(&text);
}

static bool is_something_unread(const struct report *report)
{
    const struct flow_counters *flows = report->flows;

    for (size_t i = 0; i < report->input_count; i++)
        if (report->inputs[i]->warning_count || report->inputs[i]->drops)
            return true;
    return report->note_count || report->let_go || flows->malformed || flows->cut || flows->gaps ||
           flows->evicted || flows->over_budget;
}

static void print_unread(struct sheet *sheet, const struct report *report)
{
    const struct flow_counters *flows = report->flows;
    uint64_t drops = 0;

    if (!is_something_unread(report))
        return;
    for (size_t i = 0; i < report->input_count; i++)
        drops += report->inputs[i]->drops;
    sheet_end_line(sheet);
    sheet_print(sheet, STYLE_STRONG, "Not read in full");
    sheet_end_line(sheet);
    print_input_warnings(sheet, report);
    for (size_t i = 0; i < report->note_count; i++)
        print_warning(sheet, report->notes[i]);
    print_counted(sheet, drops, "packets were dropped while capturing");
    print_counted(sheet, flows->cut, "packets were cut when they were captured");
    print_counted(sheet, flows->malformed, "packets are malformed");
    print_counted(sheet, flows->gaps, "gaps in connections, where packets are missing");
    print_counted(sheet, report->let_go, "older sign-ins were let go to make room for newer ones");
    print_counted(sheet, flows->evicted, "connections were given up to make room for others");
    print_counted(sheet, flows->over_budget, "times memory was used up and data was let go");
}

static void print_counters(struct sheet *sheet, const struct report *report)
{
    const struct flow_counters *flows = report->flows;

    sheet_end_line(sheet);
    sheet_print(sheet, STYLE_STRONG, "Counted");
    sheet_end_line(sheet);
    print_counted(sheet, flows->packets, "packets");
    print_counted(sheet, flows->connections, "connections");
    print_counted(sheet, flows->datagrams, "datagrams");
    print_counted(sheet, report->events, "messages decoded");
    print_counted(sheet, flows->not_ip, "packets that are not IP");
    print_counted(sheet, flows->duplicates, "packets that came twice");
    print_counted(sheet, flows->fragments, "fragments");
    print_counted(sheet, flows->tunnelled, "packets out of tunnels");
    print_counted(sheet, flows->gap_bytes, "bytes missing in gaps");
}

/* ---- the whole ---- */

static void print_each(struct sheet *sheet, const struct report *report,
                       const struct signin *const *signins, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sheet_end_line(sheet);
        text_signin(sheet, report, signins[i]);
    }
}

static void print_once(struct sheet *sheet, const struct report *report,
                       const struct signin *const *signins, size_t count)
{
    print_each(sheet, report, signins, 1);
    if (count > 1)
        sheet_end_line(sheet);
    for (size_t i = 1; i < count; i++)
        text_signin_again(sheet, report, signins, i);
}

static void print_causes(struct sheet *sheet, const struct report *report,
                         const struct causes *causes, bool verbose)
{
    for (size_t i = 0; i < causes->count; i++) {
        const struct cause *cause = &causes->list[i];
        const struct signin *const *signins = &causes->signins[cause->first];

        if (verbose || (cause->outcome != OUTCOME_SUCCEEDED && !cause->finding))
            print_each(sheet, report, signins, cause->count);
        else if (cause->outcome != OUTCOME_SUCCEEDED)
            print_once(sheet, report, signins, cause->count);
    }
}

static void print_verdict(struct sheet *sheet, const struct report *report,
                          const struct causes *causes)
{
    enum style style = STYLE_GOOD;
    struct text text = { 0 };

    for (size_t i = 0; i < report->signin_count && style != STYLE_BAD; i++)
        if (report->signins[i]->outcome != OUTCOME_SUCCEEDED)
            style = outcome_style(report->signins[i]->outcome);
    text_add_verdict(&text, report, causes);
    sheet_wrap(sheet, report->signin_count ? style : STYLE_WARN, text_string(&text), 0, 0);
    text_release(&text);
}

void report_text(FILE *out, const struct report *report, const struct report_options *options)
{
    struct sheet sheet = sheet_open(out, options);
    struct causes causes = causes_collect(report);

    print_verdict(&sheet, report, &causes);
    if (report->signin_count == 0 && report->hidden_count == 0)
        print_hint(&sheet, report);
    print_inputs(&sheet, report);
    print_patterns(&sheet, report);
    if (report->signin_count)
        sheet_end_line(&sheet);
    text_table(&sheet, &causes);
    print_causes(&sheet, report, &causes, options->verbose);
    if (report->site && report->signin_count)
        text_site(&sheet, report->site);
    print_side_findings(&sheet, report);
    print_unread(&sheet, report);
    if (options->verbose)
        print_counters(&sheet, report);
    if (report->hidden_count && report->signin_count) {
        struct text text = { 0 };

        text_add_counted(&text, report->hidden_count, "sign-in is not shown, as asked for.",
                         "sign-ins are not shown, as asked for.");
        sheet_end_line(&sheet);
        sheet_wrap(&sheet, STYLE_DIM, text_string(&text), 0, 0);
        text_release(&text);
    }
    causes_release(&causes);
    sheet_close(&sheet);
}
