/* text_signin.c: one sign-in in full: its steps, what broke it, what to do
 *
 * Steps that repeat are told once.  Of a long sign-in the beginning and the
 * surroundings of the failure are shown.
 */
#include <string.h>

#include "analyzer/report/text_parts.h"

enum {
    SHOWN_MAX = 25,    /* groups of like steps shown in full */
    SHOWN_FIRST = 3,   /* of a longer sign-in: the beginning, */
    SHOWN_BEFORE = 14, /* what led to the failure, */
    SHOWN_AFTER = 6,   /* and what the client did then */
    NUMBER_WIDTH = 4,
    TIME_WIDTH = 12,
    STEP_INDENT = 20,
    LABEL_INDENT = 11,
};

/* ---- steps ---- */

/* Steps that look the same and follow each other. */
struct group {
    size_t first, count, index;
};

static bool is_like(const struct step *a, const struct step *b)
{
    return a->status == b->status && a->stage == b->stage && a->summary && b->summary &&
           strcmp(a->summary, b->summary) == 0;
}

static bool next_group(const struct signin *signin, struct group *group)
{
    size_t first = group->first + group->count;

    if (first >= signin->step_count)
        return false;
    group->index += group->count ? 1 : 0;
    group->first = first;
    group->count = 1;
    while (first + group->count < signin->step_count &&
           is_like(&signin->steps[first], &signin->steps[first + group->count]))
        group->count++;
    return true;
}

static bool holds_step(const struct signin *signin, const struct group *group, unsigned number)
{
    unsigned first = signin->steps[group->first].number;

    return number >= first && number - first < group->count;
}

/* The step that broke it, 0 when no single one did. */
static unsigned broken_step(const struct signin *signin)
{
    return signin->outcome != OUTCOME_SUCCEEDED && signin->finding_count ? signin->findings[0].step
                                                                         : 0;
}

/* Which groups to show. */
struct window {
    size_t first_end, begin, end;
};

static struct window choose_window(const struct signin *signin)
{
    struct group group = { 0 };
    size_t focus = 0, count = 0;
    bool found = false;

    for (; next_group(signin, &group); count++) {
        if (holds_step(signin, &group, broken_step(signin))) {
            focus = group.index;
            found = true;
        }
    }
    if (count <= SHOWN_MAX)
        return (struct window){ 0, 0, count };
    if (!found)
        focus = count - 1;
    return (struct window){ SHOWN_FIRST, focus > SHOWN_BEFORE ? focus - SHOWN_BEFORE : 0,
                            focus + SHOWN_AFTER + 1 };
}

static enum mark step_mark(const struct step *step)
{
    switch (step->status) {
    case STEP_OK:
        return MARK_GOOD;
    case STEP_EXPECTED:
        return MARK_EXPECTED;
    case STEP_WARNING:
        return MARK_WARN;
    case STEP_FAILED:
        return MARK_BAD;
    case STEP_UNANSWERED:
        return MARK_UNKNOWN;
    }
    return MARK_UNKNOWN;
}

static void add_endpoint(struct text *text, const struct endpoint *endpoint)
{
    char address[ADDRESS_TEXT_SIZE];

    address_format(&endpoint->address, address);
    text_print(text, endpoint->address.family == 6 ? "[%s]:%u" : "%s:%u", address,
               (unsigned)endpoint->port);
}

static void add_relay(struct text *text, const struct relay *relay)
{
    text_add(text, "; relayed to ");
    add_endpoint(text, &relay->to.endpoint);
    if (relay->status)
        text_print(text, " -> %u", relay->status);
}

static void add_step_text(struct text *text, const struct step *step, size_t count)
{
    text_add(text, step->summary ? step->summary : stage_name(step->stage));
    if (step->note)
        text_print(text, " (%s)", step->note);
    if (step->relay)
        add_relay(text, step->relay);
    if (count > 1)
        text_print(text, " (%zu more like this)", count - 1);
}

static void print_step(struct sheet *sheet, const struct signin *signin, const struct group *group)
{
    const struct step *step = &signin->steps[group->first];
    bool broken = holds_step(signin, group, broken_step(signin));
    int64_t offset_ns = step->time_ns - signin->started_ns;
    int64_t offset_us = offset_ns > 0 ? offset_ns / 1000 : 0;
    struct text text = { 0 };

    sheet_print(sheet, STYLE_PLAIN, "  ");
    sheet_mark(sheet, broken ? MARK_BROKEN : step_mark(step));
    text_print(&text, "%u", step->number);
    sheet_cell_right(sheet, STYLE_PLAIN, text_string(&text), NUMBER_WIDTH);
    text_truncate(&text, 0);
    text_print(&text, "%+lld.%03lld", (long long)(offset_us / 1000000),
               (long long)(offset_us % 1000000 / 1000));
    sheet_cell_right(sheet, STYLE_DIM, text_string(&text), TIME_WIDTH - 1);
    sheet_print(sheet, STYLE_PLAIN, "  ");
    text_truncate(&text, 0);
    add_step_text(&text, step, group->count);
    sheet_wrap(sheet, broken ? STYLE_BAD : STYLE_PLAIN, text_string(&text), STEP_INDENT,
               STEP_INDENT);
    text_release(&text);
}

static void print_steps(struct sheet *sheet, const struct signin *signin)
{
    struct window window = choose_window(signin);
    struct group group = { 0 };
    struct text text = { 0 };
    size_t skipped = 0;

    while (next_group(signin, &group)) {
        bool shown = group.index < window.first_end ||
                     (group.index >= window.begin && group.index < window.end);

        if (!shown) {
            skipped += group.count;
            continue;
        }
        if (skipped) {
            text_truncate(&text, 0);
            text_print(&text, "... %zu steps are left out here ...", skipped);
            sheet_cell(sheet, STYLE_PLAIN, "", STEP_INDENT);
            sheet_wrap(sheet, STYLE_DIM, text_string(&text), STEP_INDENT, STEP_INDENT);
            skipped = 0;
        }
        print_step(sheet, signin, &group);
    }
    skipped += signin->steps_left_out;
    if (skipped) {
        text_truncate(&text, 0);
        text_print(&text, "... and %zu more steps", skipped);
        sheet_cell(sheet, STYLE_PLAIN, "", STEP_INDENT);
        sheet_wrap(sheet, STYLE_DIM, text_string(&text), STEP_INDENT, STEP_INDENT);
    }
    text_release(&text);
}

/* ---- findings ---- */

void text_labelled(struct sheet *sheet, const char *label, enum style style, const char *text)
{
    if (!text || !*text)
        return;
    sheet_print(sheet, STYLE_PLAIN, "  ");
    sheet_cell(sheet, STYLE_STRONG, label, LABEL_INDENT - 2);
    sheet_wrap(sheet, style, text, LABEL_INDENT, LABEL_INDENT);
}

static void add_reference(struct text *text, const struct report *report,
                          const struct finding *finding)
{
    text_add_packets(text, report, finding);
    text_print(text, " (rule %s)", finding->rule->id);
}

static void print_main_finding(struct sheet *sheet, const struct report *report,
                               const struct finding *finding)
{
    struct text text = { 0 };

    text_add_title(&text, finding);
    text_add(&text, ".");
    text_labelled(sheet, "Found", finding->severity <= SEVERITY_ERROR ? STYLE_BAD : STYLE_WARN,
                  text_string(&text));
    text_labelled(sheet, "Cause", STYLE_PLAIN, finding->cause);
    text_labelled(sheet, "Fix", STYLE_STRONG, finding->fix);
    text_truncate(&text, 0);
    add_reference(&text, report, finding);
    text_labelled(sheet, "Proof", STYLE_PLAIN, text_string(&text));
    text_labelled(sheet, "Seen as", STYLE_DIM, finding->rule->user_sees);
    text_release(&text);
}

void text_other_finding(struct sheet *sheet, const struct report *report,
                        const struct finding *finding)
{
    struct text text = { 0 };

    text_print(&text, "%s: ", severity_name(finding->severity));
    text_add_title(&text, finding);
    text_add(&text, "; ");
    add_reference(&text, report, finding);
    text_labelled(sheet, "Also", STYLE_PLAIN, text_string(&text));
    text_release(&text);
}

void text_side_finding(struct sheet *sheet, const struct report *report,
                       const struct finding *finding, const char *where)
{
    struct text text = { 0 };

    sheet_print(sheet, STYLE_PLAIN, "  ");
    sheet_mark(sheet, finding->severity <= SEVERITY_ERROR ? MARK_BAD : MARK_WARN);
    sheet_print(sheet, STYLE_PLAIN, " ");
    text_add_title(&text, finding);
    text_print(&text, " [%s]. ", where);
    text_add(&text, finding->fix ? finding->fix : "");
    text_add(&text, finding->fix ? "; " : "");
    add_reference(&text, report, finding);
    sheet_wrap(sheet, STYLE_PLAIN, text_string(&text), 4, 4);
    text_release(&text);
}

/* ---- the whole ---- */

static void add_client(struct text *text, const struct signin *signin)
{
    char address[ADDRESS_TEXT_SIZE];

    address_format(&signin->client.endpoint.address, address);
    text_print(text, "from %s", address);
    if (signin->location != LOCATION_UNKNOWN)
        text_print(text, ", %s", location_name(signin->location));
    if (signin->device)
        text_print(text, ", %s", signin->device);
}

static void add_course(struct text *text, const struct signin *signin)
{
    char time[TIME_TEXT_SIZE];

    time_format_utc(signin->started_ns, time);
    text_add_slice(text, slice_part(slice_of_text(time), 0, strlen("2026-11-20")));
    time_format_clock(signin->started_ns, time);
    text_print(text, " %s UTC, %s after ", time, outcome_name(signin->outcome));
    text_add_duration(text, signin->ended_ns - signin->started_ns);
    if (signin->outcome == OUTCOME_FAILED && signin->failed_stage != STAGE_NONE)
        text_print(text, " at the stage %s", stage_name(signin->failed_stage));
    if (signin->home_pool)
        text_print(text, ", home pool %s", signin->home_pool);
}

static void print_heading(struct sheet *sheet, const struct signin *signin)
{
    struct text text = { 0 };

    sheet_mark(sheet, outcome_mark(signin->outcome));
    sheet_print(sheet, STYLE_PLAIN, " ");
    text_print(&text, "Sign-in %u: ", signin->id);
    text_add_owner(&text, signin);
    text_add(&text, " ");
    add_client(&text, signin);
    sheet_wrap(sheet, STYLE_STRONG, text_string(&text), 2, 2);
    text_truncate(&text, 0);
    add_course(&text, signin);
    sheet_print(sheet, STYLE_PLAIN, "  ");
    sheet_wrap(sheet, STYLE_DIM, text_string(&text), 2, 2);
    text_release(&text);
}

void text_signin(struct sheet *sheet, const struct report *report, const struct signin *signin)
{
    size_t next = 0;

    print_heading(sheet, signin);
    sheet_end_line(sheet);
    print_steps(sheet, signin);
    if (signin->finding_count)
        sheet_end_line(sheet);
    if (signin->finding_count && signin->outcome != OUTCOME_SUCCEEDED)
        print_main_finding(sheet, report, &signin->findings[next++]);
    for (; next < signin->finding_count; next++)
        text_other_finding(sheet, report, &signin->findings[next]);
}
