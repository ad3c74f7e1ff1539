/* events_order.c: decoded messages, printed in packet order
 *
 * A message is known when it ends, but is to be printed where it began: a
 * connection, told at its end, comes before everything inside it.  Lines wait
 * in a heap.  Nothing that began before the oldest open connection can still
 * come, so what lies before it is printed.  A connection that is told counts
 * as open until the capture's clock has moved on, because what its end made
 * known (a request that was given up) may follow it.
 *
 * Lines and open connections share one budget.  When it is used up the oldest
 * line is printed, or the oldest connection forgotten, whatever may come.
 */
#include "analyzer/report/events_json.h"
#include "lyncscope/table.h"

enum { WAITING_MAX = 64 << 20, FIRST_LINES = 256 };

struct line {
    struct evidence begin;
    uint64_t sequence; /* of arrival, for messages of one packet */
    struct buffer text;
};

/* Open connections, in a list by their begin, and in a table by their number. */
struct open_flow {
    uint64_t number;
    struct evidence begin;
    struct open_flow *previous, *next;
    struct open_flow *next_told; /* in the list of those told at told_ns */
    bool told;
    UT_hash_handle hh;
};

struct events_writer {
    FILE *out;
    bool show_secrets;
    struct budget budget;
    struct text scratch;
    struct line *lines; /* a binary heap, the first to be printed on top */
    size_t line_count, line_capacity;
    uint64_t sequence;
    struct open_flow *flows; /* the table */
    struct open_flow *oldest, *newest;
    struct open_flow *told;
    int64_t told_ns;
};

/* Within one input packets are numbered; between inputs only time compares. */
static bool is_before(const struct evidence *a, const struct evidence *b)
{
    if (a->input == b->input)
        return a->packet < b->packet;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns;
    return a->input < b->input;
}

static bool line_is_before(const struct line *a, const struct line *b)
{
    if (is_before(&a->begin, &b->begin))
        return true;
    return !is_before(&b->begin, &a->begin) && a->sequence < b->sequence;
}

/* ---- the heap ---- */

static void swap_lines(struct line *a, struct line *b)
{
    struct line other = *a;

    *a = *b;
    *b = other;
}

static void sift_up(struct line *lines, size_t at)
{
    while (at > 0 && line_is_before(&lines[at], &lines[(at - 1) / 2])) {
        swap_lines(&lines[at], &lines[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void sift_down(struct line *lines, size_t count)
{
    size_t at = 0;

    for (;;) {
        size_t least = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            if (line_is_before(&lines[child], &lines[least]))
                least = child;
        if (least == at)
            return;
        swap_lines(&lines[at], &lines[least]);
        at = least;
    }
}

static void print_first_line(struct events_writer *writer)
{
    struct line *first = &writer->lines[0];

    fwrite(first->text.data, 1, first->text.length, writer->out);
    buffer_release(&first->text);
    *first = writer->lines[--writer->line_count];
    sift_down(writer->lines, writer->line_count);
}

/* ---- open connections ---- */

static struct open_flow *find_flow(struct events_writer *writer, uint64_t number)
{
    struct open_flow *flow;

    HASH_FIND(hh, writer->flows, &number, sizeof number, flow);
    return flow;
}

static void forget_flow(struct events_writer *writer, struct open_flow *flow)
{
    HASH_DELETE(hh, writer->flows, flow);
    if (flow->previous)
        flow->previous->next = flow->next;
    else
        writer->oldest = flow->next;
    if (flow->next)
        flow->next->previous = flow->previous;
    else
        writer->newest = flow->previous;
    memory_give(&writer->budget, flow, sizeof *flow);
}

static void forget_told_flows(struct events_writer *writer)
{
    while (writer->told) {
        struct open_flow *flow = writer->told;

        writer->told = flow->next_told;
        forget_flow(writer, flow);
    }
}

/* True: something was let go and it is worth trying again. */
static bool make_room(struct events_writer *writer)
{
    if (writer->line_count)
        print_first_line(writer);
    else if (writer->told)
        forget_told_flows(writer);
    else if (writer->oldest)
        forget_flow(writer, writer->oldest);
    else
        return false;
    return true;
}

static void remember_flow(struct events_writer *writer, const struct event *event)
{
    struct open_flow *flow;

    if (find_flow(writer, event->flow))
        return;
    do
        flow = memory_take(&writer->budget, sizeof *flow);
    while (!flow && make_room(writer));
    if (!flow)
        return;
    flow->number = event->flow;
    flow->begin = event->evidence;
    HASH_ADD(hh, writer->flows, number, sizeof flow->number, flow);
    flow->previous = writer->newest;
    if (writer->newest)
        writer->newest->next = flow;
    else
        writer->oldest = flow;
    writer->newest = flow;
}

static void note_told_flow(struct events_writer *writer, const struct event *event)
{
    struct open_flow *flow = find_flow(writer, event->flow);

    writer->told_ns = event->noticed_ns;
    if (!flow || flow->told)
        return;
    flow->told = true;
    flow->next_told = writer->told;
    writer->told = flow;
}

/* ---- lines ---- */

static bool grow_lines(struct events_writer *writer)
{
    size_t capacity = writer->line_capacity ? 2 * writer->line_capacity : FIRST_LINES;
    size_t size = sizeof *writer->lines;
    struct line *grown;

    if (writer->line_count < writer->line_capacity)
        return true;
    grown = memory_resize(&writer->budget, writer->lines, writer->line_capacity * size,
                          capacity * size);
    if (!grown)
        return false;
    writer->lines = grown;
    writer->line_capacity = capacity;
    return true;
}

static void keep_line(struct events_writer *writer, const struct event *event)
{
    struct slice text = buffer_slice(&writer->scratch.bytes);
    struct line line = { event->evidence, writer->sequence++, { .budget = &writer->budget } };
    bool kept;

    do
        kept = grow_lines(writer) && buffer_append(&line.text, text);
    while (!kept && make_room(writer));
    if (!kept) {
        fwrite(text.data, 1, text.length, writer->out);
        return;
    }
    writer->lines[writer->line_count] = line;
    sift_up(writer->lines, writer->line_count++);
}

static void print_settled_lines(struct events_writer *writer)
{
    while (writer->line_count &&
           (!writer->oldest || is_before(&writer->lines[0].begin, &writer->oldest->begin)))
        print_first_line(writer);
}

/* ---- the writer ---- */

struct events_writer *events_writer_create(FILE *out, const struct report_options *options,
                                           struct budget *budget)
{
    struct events_writer *writer = memory_take(NULL, sizeof *writer);

    if (!writer)
        return NULL;
    writer->out = out;
    writer->show_secrets = options->show_secrets;
    budget_init(&writer->budget, WAITING_MAX, budget);
    return writer;
}

void events_writer_receive(void *context, const struct event *event)
{
    struct events_writer *writer = context;

    if (writer->told && event->noticed_ns > writer->told_ns) {
        forget_told_flows(writer);
        print_settled_lines(writer);
    }
    if (event->kind == EVENT_CONNECTING || event->kind == EVENT_CONNECTED)
        remember_flow(writer, event);
    text_truncate(&writer->scratch, 0);
    if (event_to_json(&writer->scratch, event, writer->show_secrets))
        keep_line(writer, event);
    if (event->kind == EVENT_CONNECTION)
        note_told_flow(writer, event);
    else
        print_settled_lines(writer);
}

void events_writer_finish(struct events_writer *writer)
{
    if (!writer)
        return;
    writer->told = NULL;
    while (writer->oldest)
        forget_flow(writer, writer->oldest);
    print_settled_lines(writer);
    text_release(&writer->scratch);
    memory_give(&writer->budget, writer->lines, writer->line_capacity * sizeof *writer->lines);
    memory_give(NULL, writer, sizeof *writer);
}
