/* view_capture.c: what was read, and what is wrong with it */
#include "ui/text_view.h"
#include "ui/verdict.h"
#include "ui/words.h"

static void add_count(struct page *page, enum style style, const char *label, uint64_t count)
{
    struct text word = { 0 };

    count_add(&word, count);
    page_add_labelled(page, style, label, buffer_slice(&word.bytes));
    text_release(&word);
}

static void add_span(struct page *page, const struct input_info *input)
{
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];

    time_format_utc(input->first_time_ns, from);
    time_format_utc(input->last_time_ns, to);
    page_add_labelled(page, STYLE_PLAIN, "from", slice_of_text(from));
    page_add_labelled(page, STYLE_PLAIN, "to", slice_of_text(to));
}

static void add_input(struct page *page, const struct input_info *input)
{
    page_add(page, STYLE_HEADING, input->path ? input->path : "?");
    add_count(page, STYLE_PLAIN, "packets", input->packets);
    add_count(page, STYLE_PLAIN, "bytes", input->bytes);
    if (input->packets > 0)
        add_span(page, input);
    if (input->drops > 0)
        add_count(page, STYLE_WARNING, "dropped", input->drops);
    if (input->cut_packets > 0)
        add_count(page, STYLE_WARNING, "cut", input->cut_packets);
    if (input->broke_off)
        page_add(page, STYLE_WARNING, "The file ends in the middle of a packet.");
    for (size_t i = 0; i < input->warning_count && i < INPUT_WARNINGS_MAX; i++)
        page_add(page, STYLE_WARNING, input->warnings[i]);
    page_add(page, STYLE_PLAIN, "");
}

static void add_flows(struct page *page, const struct flow_counters *flows, uint64_t events)
{
    page_add(page, STYLE_HEADING, "Traffic");
    add_count(page, STYLE_PLAIN, "connections", flows->connections);
    add_count(page, STYLE_PLAIN, "datagrams", flows->datagrams);
    add_count(page, STYLE_PLAIN, "messages", events);
    add_count(page, STYLE_PLAIN, "duplicates", flows->duplicates);
    add_count(page, STYLE_PLAIN, "not IP", flows->not_ip);
    add_count(page, flows->gaps > 0 ? STYLE_WARNING : STYLE_PLAIN, "gaps", flows->gaps);
    if (flows->malformed > 0)
        add_count(page, STYLE_WARNING, "malformed", flows->malformed);
    if (flows->evicted + flows->over_budget > 0)
        add_count(page, STYLE_WARNING, "given up", flows->evicted + flows->over_budget);
    page_add(page, STYLE_PLAIN, "");
}

static void capture_draw(void *data, struct canvas *canvas, struct area area,
                         const struct scene *scene)
{
    struct text_view *view = data;
    const struct report *report = scene->report;

    page_clear(&view->page);
    for (size_t i = 0; i < report->finding_count; i++)
        finding_add(&view->page, &report->findings[i], report, canvas->ascii);
    if (report->finding_count > 0)
        page_add(&view->page, STYLE_PLAIN, "");
    for (size_t i = 0; i < report->input_count; i++)
        add_input(&view->page, report->inputs[i]);
    if (report->flows)
        add_flows(&view->page, report->flows, report->events);
    text_view_draw(view, canvas, area, "What was read");
}

static const enum action capture_actions[] = { TEXT_VIEW_ACTIONS, ACTION_NONE };

const struct view_ops view_capture = {
    .name = "What was read",
    .actions = capture_actions,
    .state_size = sizeof(struct text_view),
    .open = text_view_open,
    .draw = capture_draw,
    .act = text_view_act,
    .type = text_view_type,
    .hint = text_view_hint,
    .close = text_view_close,
};
