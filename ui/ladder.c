/* ladder.c: lifelines and arrows
 *
 * All hosts stand side by side from 40 columns on: where there are more than
 * have room, the last line stands for the rest.  A label has three lengths and
 * an arrow takes the longest that fits.
 */
#include "ui/ladder.h"

#include "ui/measure.h"
#include "ui/step_label.h"
#include "ui/words.h"

enum {
    GAP_LEAST = 11,
    GAP_TIGHT = 8,
    GAP_MOST = 44,
    EDGE = 7,
    REST_LEAST = 20,
    NS_PER_S = 1000000000
};

/* What a row has besides lifelines, from the most to the least. */
static const struct layout {
    int least;        /* columns of the screen that it is meant for */
    int number, time; /* columns of those parts */
    int gap;          /* between two lifelines, at least */
} layouts[] = {
    { 100, 4, 13, GAP_LEAST },
    { 64, 0, 9, GAP_LEAST },
    { 0, 0, 0, GAP_LEAST },
    { 80, 0, 0, GAP_TIGHT },
};

static struct ladder_plan lay_out(const struct layout *layout, int columns, size_t hosts)
{
    struct ladder_plan plan = { .number = layout->number ? 0 : -1,
                                .time = layout->time ? layout->number : -1,
                                .clock = layout->time - 1,
                                .delta = layout->number + layout->time };
    int room;

    plan.mark = plan.delta + 8;
    plan.first = plan.mark + 5;
    room = columns - plan.first - EDGE;
    plan.shown = 1 + (size_t)(room > 0 ? room / layout->gap : 0);
    plan.merged = hosts > plan.shown;
    if (!plan.merged)
        plan.shown = hosts;
    plan.gap = plan.shown > 1 ? room / (int)(plan.shown - 1) : GAP_MOST;
    if (plan.gap > GAP_MOST)
        plan.gap = GAP_MOST;
    return plan;
}

/* The first that shows all hosts. Where none does, the one with the most lifelines. */
struct ladder_plan ladder_plan_for(int columns, size_t hosts)
{
    struct ladder_plan plan = { .merged = true };

    for (size_t i = 0; i < sizeof layouts / sizeof *layouts && plan.merged; i++)
        if (columns >= layouts[i].least)
            plan = lay_out(&layouts[i], columns, hosts);
    return plan;
}

int ladder_line_column(const struct ladder_plan *plan, size_t line)
{
    if (line >= plan->shown)
        line = plan->shown - 1;
    return plan->first + (int)line * plan->gap;
}

/* ---- the heading ---- */

/* A host name that does not fit loses its domain first. */
static void add_host(struct text *out, const struct party *party, int columns)
{
    size_t from = text_length(out);
    struct slice word;

    party_add(out, party);
    word = slice_after(buffer_slice(&out->bytes), from);
    if (party->name && measure_text(word) > columns)
        text_truncate(out, from + slice_find_byte(word, '.'));
}

static void add_line_name(struct text *out, const struct lifeline *line, int columns)
{
    size_t from = text_length(out);

    add_host(out, line->first, columns);
    if (line->addresses > 1 && (int)(text_length(out) - from) + 3 < columns)
        text_print(out, " +%u", line->addresses - 1);
}

/* Centred on its lifeline, inside its share of the row. */
static void draw_on_line(struct pen pen, const struct ladder_plan *plan, size_t line,
                         const char *word)
{
    int column = ladder_line_column(plan, line), columns = measure_text(slice_of_text(word));
    int from = column - plan->gap / 2 + 1, to = from + plan->gap - 1, at = column - columns / 2;

    if (line == 0)
        from = 0;
    if (line + 1 == plan->shown || to > pen.end - pen.start)
        to = pen.end - pen.start;
    if (at + columns > to)
        at = to - columns;
    if (at < from)
        at = from;
    pen_move(&pen, at);
    pen.end = pen.start + to;
    pen_put(&pen, STYLE_HEADING, word);
}

static const char *line_role(const struct lifeline *line)
{
    static const char *const words[] = {
        [ROLE_UNKNOWN] = "host",  [ROLE_CLIENT] = "client",     [ROLE_DNS] = "DNS",
        [ROLE_PROXY] = "proxy",   [ROLE_DIRECTOR] = "Director", [ROLE_FRONT_END] = "Front End",
        [ROLE_SERVER] = "server",
    };

    return words[line->role];
}

void ladder_draw_hosts(struct canvas *canvas, struct area area, const struct ladder_plan *plan,
                       const struct lifelines *lifelines)
{
    struct text word = { 0 };

    for (size_t i = 0; i < plan->shown; i++) {
        const struct lifeline *line = &lifelines->lines[i];
        bool others = plan->merged && i + 1 == plan->shown;

        text_truncate(&word, 0);
        if (others)
            text_print(&word, "%zu others", lifelines->count - i);
        else
            add_line_name(&word, line, plan->gap - 1);
        if (area.rows > 1)
            draw_on_line(pen_at(canvas, area, 0), plan, i, others ? "" : line_role(line));
        draw_on_line(pen_at(canvas, area, area.rows - 1), plan, i, text_string(&word));
    }
    text_release(&word);
}

/* ---- arrows ---- */

struct arrow {
    int from, to; /* columns of the two lifelines */
    enum style style;
    enum sign line;
    enum step_status status;
    /* Appends its label in one of the lengths. */
    void (*add_label)(struct text *out, const struct step *step, int brevity, bool ascii);
    const struct step *step;
};

void ladder_draw_lines(struct pen pen, const struct ladder_plan *plan)
{
    for (size_t i = 0; i < plan->shown; i++) {
        pen_move(&pen, ladder_line_column(plan, i));
        pen_put_sign(&pen, STYLE_DIM, SIGN_VERTICAL);
    }
}

/* The longest label that fits, and which one that is. */
static int choose_label(struct text *out, const struct arrow *arrow, int room, bool ascii)
{
    for (int brevity = LABEL_FULL;; brevity++) {
        text_truncate(out, 0);
        arrow->add_label(out, arrow->step, brevity, ascii);
        if (brevity == LABEL_TINY || measure_text(buffer_slice(&out->bytes)) <= room)
            return brevity;
    }
}

/* What had no room on the arrow goes behind it, where nothing else is in this row. */
static void draw_rest(struct pen pen, const struct arrow *arrow)
{
    struct text label = { 0 };

    pen_move(&pen, (arrow->to > arrow->from ? arrow->to : arrow->from) + 2);
    if (pen_left(&pen) >= REST_LEAST) {
        (void)choose_label(&label, arrow, pen_left(&pen), pen.canvas->ascii);
        pen_put(&pen, STYLE_DIM, text_string(&label));
    }
    text_release(&label);
}

static void draw_label(struct pen pen, const struct arrow *arrow, int from, int room)
{
    struct text label = { 0 };
    int columns;

    if (choose_label(&label, arrow, room - 2, pen.canvas->ascii) == LABEL_TINY)
        draw_rest(pen, arrow);
    columns = measure_text(buffer_slice(&label.bytes)) + 2;
    if (columns > room)
        columns = room;
    pen_move(&pen, from + (room - columns) / 2);
    pen.end = pen.column + columns < pen.end ? pen.column + columns : pen.end;
    pen_put(&pen, arrow->style, " ");
    pen.end--;
    pen_put(&pen, arrow->style, text_string(&label));
    pen.end++;
    pen_put(&pen, arrow->style, " ");
    text_release(&label);
}

/* What happens inside one host. */
static void draw_self(struct pen pen, const struct arrow *arrow)
{
    struct text label = { 0 };

    pen_move(&pen, arrow->from);
    pen_put_sign(&pen, arrow->style, SIGN_SELF);
    pen_put(&pen, arrow->style, " ");
    (void)choose_label(&label, arrow, pen_left(&pen), pen.canvas->ascii);
    pen_put(&pen, arrow->style, text_string(&label));
    text_release(&label);
}

static void draw_head(struct pen pen, const struct arrow *arrow, int column)
{
    enum sign head = arrow->to > arrow->from ? SIGN_HEAD_RIGHT : SIGN_HEAD_LEFT;

    if (arrow->status == STEP_FAILED)
        head = SIGN_FAILED;
    else if (arrow->status == STEP_UNANSWERED)
        head = SIGN_UNANSWERED;
    pen_move(&pen, column);
    pen_put_sign(&pen, arrow->style, head);
}

/* An arrow that nobody answered does not reach the other side. */
static void draw_arrow(struct pen pen, const struct arrow *arrow)
{
    bool right = arrow->to > arrow->from;
    int left = (right ? arrow->from : arrow->to) + 1;
    int columns = (right ? arrow->to : arrow->from) - left;
    int missing = arrow->status == STEP_UNANSWERED && columns > 10 ? 3 : 0;

    if (arrow->to == arrow->from) {
        draw_self(pen, arrow);
        return;
    }
    if (!right)
        left += missing;
    columns -= missing;
    pen_move(&pen, left);
    pen_fill(&pen, arrow->style, arrow->line, columns);
    draw_head(pen, arrow, right ? left + columns - 1 : left);
    if (columns > 6)
        draw_label(pen, arrow, left + (right ? 1 : 2), columns - 3);
}

/* What a person is to look at: the failing step is one whatever was said of it alone. */
static enum step_status status_of(const struct ladder_plan *plan, const struct step *step)
{
    bool broken = step->status == STEP_FAILED || step->status == STEP_UNANSWERED;

    return step->number == plan->failing && !broken ? STEP_FAILED : step->status;
}

static bool is_secure(const struct step *step)
{
    return step->tls || (step->http && step->http->encrypted);
}

static enum style arrow_style(enum step_status status, bool secure)
{
    if (status == STEP_OK)
        return secure ? STYLE_SECURE : STYLE_PLAIN;
    return style_of_step(status);
}

static void draw_delta(struct pen pen, const struct ladder_plan *plan, int64_t delta_ns)
{
    char word[WORD_SIZE];

    delta_format(delta_ns, word);
    pen_move(&pen, plan->delta + 7 - (int)slice_of_text(word).length);
    pen_put(&pen, delta_ns >= NS_PER_S ? STYLE_WARNING : STYLE_DIM, word);
}

static void draw_number_and_time(struct pen pen, const struct ladder_plan *plan,
                                 const struct step *step)
{
    char word[TIME_TEXT_SIZE];
    struct text number = { 0 };

    if (plan->number >= 0) {
        text_print(&number, "%3u", step->number);
        pen_move(&pen, plan->number);
        pen_put(&pen, STYLE_DIM, text_string(&number));
        text_release(&number);
    }
    if (plan->time >= 0) {
        time_format_clock(step->time_ns, word);
        pen_move(&pen, plan->time);
        pen_put_slice(&pen, STYLE_DIM, slice_part(slice_of_text(word), 0, (size_t)plan->clock));
    }
}

void ladder_draw_step(struct pen pen, const struct ladder_plan *plan,
                      const struct lifelines *lifelines, const struct step *step)
{
    struct leg_ends ends = lifelines_of_step(lifelines, step);
    enum step_status status = status_of(plan, step);
    struct arrow arrow = {
        .from = ladder_line_column(plan, ends.from),
        .to = ladder_line_column(plan, ends.to),
        .style = arrow_style(status, is_secure(step)),
        .line = is_secure(step) ? SIGN_DOUBLE : SIGN_HORIZONTAL,
        .status = status,
        .add_label = step_label_add,
        .step = step,
    };

    draw_number_and_time(pen, plan, step);
    draw_delta(pen, plan, time_between(plan->before_ns, step->time_ns));
    ladder_draw_lines(pen, plan);
    draw_arrow(pen, &arrow);
    pen_move(&pen, plan->mark);
    pen_put_sign(&pen, style_of_step(status), sign_of_step(status));
}

static void add_relay_label(struct text *out, const struct step *step, int brevity, bool ascii)
{
    relay_label_add(out, step->relay, brevity, ascii);
}

void ladder_draw_relay(struct pen pen, const struct ladder_plan *plan,
                       const struct lifelines *lifelines, const struct step *step)
{
    struct leg_ends ends = lifelines_of_relay(lifelines, step);
    bool unanswered = step->relay->http && http_ending_word(step->relay->http) != NULL;
    bool secure = step->relay->http && step->relay->http->encrypted;
    struct arrow arrow = {
        .from = ladder_line_column(plan, ends.from),
        .to = ladder_line_column(plan, ends.to),
        .style = arrow_style(step->status, secure),
        .line = secure ? SIGN_DOUBLE : SIGN_HORIZONTAL,
        .status = unanswered ? STEP_UNANSWERED : STEP_OK,
        .add_label = add_relay_label,
        .step = step,
    };

    draw_delta(pen, plan, time_between(step->time_ns, step->relay->time_ns));
    ladder_draw_lines(pen, plan);
    draw_arrow(pen, &arrow);
}
