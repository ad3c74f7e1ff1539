/* view_numbers.c: outcomes and causes over time and by group, times per stage, the site as learned
 *
 * Everything is drawn row after row with a pen that is off the screen where the
 * row is; so the height is known from drawing alone, and no list of rows is kept.
 */
#include <stdio.h>

#include "ui/host_list.h"
#include "ui/measure.h"
#include "ui/numbers.h"
#include "ui/scroll.h"
#include "ui/view.h"
#include "ui/words.h"

enum { CAUSES_SHOWN = 6, GROUPS_SHOWN = 10, COUNT_COLUMNS = 7, TIME_COLUMNS = 8 };

struct numbers_view {
    struct scroll scroll;
};

struct timing {
    struct durations stages[STAGES_TIMED], whole;
};

/* What is being drawn. */
struct board {
    struct canvas *canvas;
    struct area area;
    int row;   /* the next one; negative: above the area */
    int label; /* columns of names */
    const struct report *report;
    const struct numbers *numbers;
    const struct timing *timing;
    const struct host_list *site;
};

static struct pen next_row(struct board *board)
{
    return pen_at(board->canvas, board->area, board->row++);
}

static void add_heading(struct board *board, const char *title)
{
    struct pen pen;

    board->row++;
    pen = next_row(board);
    pen_put(&pen, STYLE_HEADING, title);
}

static void put_right(struct pen *pen, enum style style, const char *word, int columns)
{
    pen_put_field(pen, style, "", columns - measure_text(slice_of_text(word)));
    pen_put(pen, style, word);
}

static void put_count(struct pen *pen, enum style style, size_t count, int columns)
{
    struct text word = { 0 };

    count_add(&word, count);
    put_right(pen, style, text_string(&word), columns);
    text_release(&word);
}

static void put_share(struct pen *pen, size_t part, size_t all)
{
    struct text word = { 0 };

    text_print(&word, "%zu %%", all ? (part * 100 + all / 2) / all : 0);
    put_right(pen, STYLE_DIM, text_string(&word), 6);
    text_release(&word);
}

/* ---- over time ---- */

static void put_levels(struct pen *pen, enum style style, const struct slots *slots, unsigned most)
{
    for (int i = 0; i < slots->count; i++) {
        unsigned eighths =
            most ? (unsigned)(((uint64_t)slots->counts[i] * 8 + most - 1) / most) : 0;

        if (eighths == 0)
            pen_put(pen, style, " ");
        else
            pen_put_sign(pen, style, (enum sign)(SIGN_LEVEL_1 + eighths - 1));
    }
}

/* One line of a kind or a cause; gives how many were in its fullest slot when `most` is 0. */
struct time_line {
    const char *name;
    enum sign sign;
    enum style style;
    size_t count;
    enum slot_kind kind;
    const struct rule *cause;
};

static int slot_columns(const struct board *board)
{
    int columns = board->area.columns - board->label - COUNT_COLUMNS - 6 - 2;

    return columns > SLOTS_MAX ? SLOTS_MAX : columns;
}

static void add_time_line(struct board *board, const struct time_line *line, unsigned most)
{
    struct slots slots = { slot_columns(board), line->kind, line->cause, 0, { 0 } };
    struct pen pen = next_row(board);

    if (pen_left(&pen) == 0)
        return;
    slots_count(&slots, board->report, board->numbers);
    pen_put_sign(&pen, line->style, line->sign);
    pen_put(&pen, line->style, " ");
    pen_put_field(&pen, STYLE_PLAIN, line->name ? line->name : "?", board->label - 2);
    put_count(&pen, line->style, line->count, COUNT_COLUMNS);
    put_share(&pen, line->count, board->numbers->tally.all);
    pen_put(&pen, STYLE_PLAIN, "  ");
    put_levels(&pen, line->style, &slots, most);
}

static unsigned most_of(const struct board *board, enum slot_kind kind)
{
    struct slots slots = { .count = slot_columns(board), .kind = kind };

    slots_count(&slots, board->report, board->numbers);
    return slots.most;
}

static void add_scale(struct board *board, unsigned most)
{
    const struct numbers *numbers = board->numbers;
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE], slot[WORD_SIZE];
    struct text line = { 0 };
    struct pen pen = next_row(board);

    time_format_clock(numbers->first_ns, from);
    time_format_clock(numbers->last_ns, to);
    duration_format(time_between(numbers->first_ns, numbers->last_ns) / slot_columns(board) + 1,
                    slot);
    text_print(&line, "%.8s to %.8s UTC; a column is %s, a full one %u", from, to, slot, most);
    pen_put(&pen, STYLE_DIM, text_string(&line));
    text_release(&line);
}

static void add_results(struct board *board)
{
    const struct tally *tally = &board->numbers->tally;
    size_t well = tally->all - tally->failed - tally->unclear;
    const struct time_line lines[] = {
        { "succeeded", SIGN_OK, STYLE_OK, well, SLOT_SUCCEEDED, NULL },
        { "failed", SIGN_FAILED, STYLE_FAILED, tally->failed, SLOT_FAILED, NULL },
        { "unclear", SIGN_UNKNOWN, STYLE_UNKNOWN, tally->unclear, SLOT_UNCLEAR, NULL },
    };
    const struct number_groups *causes = &board->numbers->causes;
    unsigned most = 0;

    for (enum slot_kind kind = SLOT_SUCCEEDED; kind < SLOT_CAUSE; kind++)
        most = most_of(board, kind) > most ? most_of(board, kind) : most;
    add_heading(board, "Results and causes over time");
    add_scale(board, most);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        add_time_line(board, &lines[i], most);
    for (size_t i = 0; i < causes->count && i < CAUSES_SHOWN; i++) {
        struct time_line line = {
            causes->items[i].name,      SIGN_SEPARATOR, STYLE_WARNING,
            causes->items[i].tally.all, SLOT_CAUSE,     causes->items[i].rule
        };

        add_time_line(board, &line, most);
    }
}

/* ---- groups ---- */

static int share_of(size_t part, size_t most, int columns)
{
    int share = (int)((part * (size_t)columns + most / 2) / most);

    return part > 0 && share == 0 ? 1 : share; /* what there is, is seen */
}

static void put_bar(struct pen *pen, const struct tally *tally, size_t most)
{
    int columns = pen_left(pen);

    pen_fill(pen, STYLE_FAILED, SIGN_BAR_FAILED, share_of(tally->failed, most, columns));
    pen_fill(pen, STYLE_UNKNOWN, SIGN_BAR_UNKNOWN, share_of(tally->unclear, most, columns));
    pen_fill(pen, STYLE_OK, SIGN_BAR,
             share_of(tally->all - tally->failed - tally->unclear, most, columns));
}

static void add_group(struct board *board, const char *name, const struct tally *tally, size_t most)
{
    struct pen pen = next_row(board);

    pen_put(&pen, STYLE_PLAIN, "  ");
    pen_put_field(&pen, name ? STYLE_PLAIN : STYLE_DIM, name ? name : "not known",
                  board->label - 2);
    put_count(&pen, STYLE_PLAIN, tally->all, COUNT_COLUMNS);
    put_count(&pen, tally->failed ? STYLE_FAILED : STYLE_DIM, tally->failed, COUNT_COLUMNS);
    pen_put(&pen, STYLE_PLAIN, " ");
    if (most > 0 && pen_left(&pen) > 3)
        put_bar(&pen, tally, most);
}

static void add_groups(struct board *board, const char *title, const struct number_groups *groups)
{
    struct tally rest = groups->others;
    struct pen pen;

    board->row++;
    pen = next_row(board);
    pen_put_field(&pen, STYLE_HEADING, title, board->label);
    put_right(&pen, STYLE_HEADING, "all", COUNT_COLUMNS);
    put_right(&pen, STYLE_HEADING, "failed", COUNT_COLUMNS);
    for (size_t i = 0; i < groups->count; i++) {
        const struct tally *tally = &groups->items[i].tally;

        if (i < GROUPS_SHOWN) {
            add_group(board, groups->items[i].name, tally, groups->items[0].tally.all);
            continue;
        }
        rest.all += tally->all;
        rest.failed += tally->failed;
        rest.unclear += tally->unclear;
    }
    if (rest.all > 0)
        add_group(board, "all others", &rest, groups->items[0].tally.all);
}

/* ---- times ---- */

static void put_time(struct pen *pen, int64_t duration_ns)
{
    int64_t us = duration_ns / 1000;
    char word[WORD_SIZE];

    duration_format(duration_ns, word);
    if (us < 10000) /* inside one building milliseconds are too coarse */
        snprintf(word, sizeof word, "%d.%d ms", (int)(us / 1000), (int)(us % 1000 / 100));
    put_right(pen, STYLE_PLAIN, word, TIME_COLUMNS);
}

static void add_durations(struct board *board, const char *name, const struct durations *durations)
{
    struct pen pen;

    if (durations->count == 0)
        return;
    pen = next_row(board);
    pen_put(&pen, STYLE_PLAIN, "  ");
    pen_put_field(&pen, STYLE_PLAIN, name, 12);
    put_count(&pen, STYLE_DIM, durations->count, COUNT_COLUMNS);
    put_time(&pen, durations->median_ns);
    put_time(&pen, durations->p90_ns);
    put_time(&pen, durations->most_ns);
}

static void measure_times(struct timing *timing, const struct report *report)
{
    for (int stage = 0; stage < STAGES_TIMED; stage++)
        (void)durations_of_stage(&timing->stages[stage], report, (enum stage)stage);
    (void)durations_of_signins(&timing->whole, report);
}

static void add_times(struct board *board)
{
    static const char *const names[STAGES_TIMED] = {
        [STAGE_DNS] = "DNS",          [STAGE_TCP] = "TCP",           [STAGE_TLS] = "TLS",
        [STAGE_HTTP] = "HTTP",        [STAGE_REDIRECT] = "redirect", [STAGE_AUTH] = "logon",
        [STAGE_WEBTICKET] = "ticket", [STAGE_RESPONSE] = "user",     [STAGE_MOBILITY] = "mobility",
    };
    struct pen pen;

    board->row++;
    pen = next_row(board);
    pen_put_field(&pen, STYLE_HEADING, "Time a step", 14);
    put_right(&pen, STYLE_HEADING, "steps", COUNT_COLUMNS);
    put_right(&pen, STYLE_HEADING, "p50", TIME_COLUMNS);
    put_right(&pen, STYLE_HEADING, "p90", TIME_COLUMNS);
    put_right(&pen, STYLE_HEADING, "max", TIME_COLUMNS);
    for (int stage = 0; stage < STAGES_TIMED; stage++)
        add_durations(board, names[stage], &board->timing->stages[stage]);
    add_durations(board, "sign-in", &board->timing->whole);
}

/* ---- the site ---- */

static void add_site(struct board *board)
{
    const struct host_list *site = board->site;

    add_heading(board, "The site as learned");
    for (size_t i = 0; i < site->count; i++) {
        struct pen pen = next_row(board);
        struct text host = { 0 };

        party_add_full(&host, site->hosts[i]);
        pen_put(&pen, STYLE_PLAIN, "  ");
        pen_put_field(&pen, STYLE_LABEL, host_role_word(site->hosts[i]), 11);
        pen_put(&pen, STYLE_PLAIN, text_string(&host));
        text_release(&host);
    }
    if (site->left_out > 0) {
        struct pen pen = next_row(board);

        pen_put(&pen, STYLE_DIM, "  and more");
    }
}

/* ---- the whole ---- */

static void draw_all(struct board *board)
{
    const struct numbers *numbers = board->numbers;

    board->label = board->area.columns / 3;
    board->label = board->label < 16 ? 16 : board->label > 44 ? 44 : board->label;
    add_results(board);
    add_groups(board, "By SIP domain", &numbers->domains);
    add_groups(board, "By client kind", &numbers->kinds);
    add_groups(board, "By Front End", &numbers->front_ends);
    add_times(board);
    add_site(board);
}

static void draw_title(struct pen pen, const struct numbers_view *state, size_t signins, int height)
{
    struct text word = { 0 };
    int last = state->scroll.at + state->scroll.shown;

    pen_put(&pen, STYLE_TITLE, "Numbers of ");
    count_add(&word, signins);
    text_add(&word, signins == 1 ? " sign-in" : " sign-ins");
    pen_put(&pen, STYLE_TITLE, text_string(&word));
    text_truncate(&word, 0);
    if (height > state->scroll.shown) {
        text_print(&word, " %d-%d/%d", state->scroll.at + 1, last < height ? last : height, height);
        pen_move(&pen, pen.end - pen.start - (int)text_length(&word));
        pen_put(&pen, STYLE_DIM, text_string(&word));
    }
    text_release(&word);
}

static void numbers_draw(void *data, struct canvas *canvas, struct area area,
                         const struct scene *scene)
{
    struct numbers_view *state = data;
    struct numbers numbers;
    struct timing timing;
    struct host_list site;
    struct board board = { canvas, area_part(area, 1, 0), 0, 0, scene->report, &numbers, &timing,
                           &site };
    int height;

    numbers_count(&numbers, scene->report);
    measure_times(&timing, scene->report);
    host_list_learn(&site, scene->report);
    if (numbers.tally.all == 0) {
        struct pen pen = pen_at(canvas, area, 2);

        draw_title(pen_at(canvas, area, 0), state, 0, 0);
        pen_put(&pen, STYLE_PLAIN, " There is nothing to count yet.");
        return;
    }
    board.row = -1; /* the first heading needs no blank row above it */
    draw_all(&board);
    height = board.row;
    board.area = area_part(area, 1, area.rows);
    scroll_fit_page(&state->scroll, height, board.area.rows);
    board.row = -state->scroll.at - 1;
    draw_all(&board);
    draw_title(pen_at(canvas, area, 0), state, numbers.tally.all, height);
}

static bool numbers_open(void *data, const struct target *target)
{
    (void)data;
    (void)target;
    return true;
}

static void numbers_close(void *data)
{
    (void)data;
}

static struct wish numbers_act(void *data, enum action action, const struct scene *scene)
{
    struct numbers_view *state = data;

    (void)scene;
    (void)scroll_act(&state->scroll, action);
    return (struct wish){ .kind = WISH_NOTHING };
}

static const enum action numbers_actions[] = { ACTION_UP,        ACTION_DOWN,  ACTION_PAGE_UP,
                                               ACTION_PAGE_DOWN, ACTION_FIRST, ACTION_LAST,
                                               ACTION_NONE };

const struct view_ops view_numbers = {
    .name = "Numbers",
    .legend = "Only the sign-ins that the command line asks for are counted. Steps are timed from "
              "the request to its answer; p50: half of them were at least that fast, p90: nine of "
              "ten. A sign-in is timed from its first step to its last, if it succeeded.",
    .actions = numbers_actions,
    .state_size = sizeof(struct numbers_view),
    .open = numbers_open,
    .draw = numbers_draw,
    .act = numbers_act,
    .close = numbers_close,
};
