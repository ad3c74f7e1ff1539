/* columns.c: the columns of the list, a table */
#include "ui/columns.h"

#include <stdlib.h>
#include <string.h>

#include "ui/measure.h"
#include "ui/stage_bar.h"
#include "ui/words.h"

enum { RESULT_LEAST = 18, IPV4_COLUMNS = 15, IPV6_COLUMNS = 39 };

/* ---- one column each: its text ---- */

static void draw_time(struct pen *pen, const struct signin *signin, int columns)
{
    char word[TIME_TEXT_SIZE];

    time_format_clock(signin->started_ns, word);
    pen_put_slice(pen, STYLE_DIM, slice_part(slice_of_text(word), 0, columns < 12 ? 8 : 12));
}

static void draw_client(struct pen *pen, const struct signin *signin, int columns)
{
    struct text word = { 0 };

    (void)columns;
    party_add(&word, &signin->client);
    pen_put(pen, STYLE_PLAIN, text_string(&word));
    text_release(&word);
}

static void draw_user(struct pen *pen, const struct signin *signin, int columns)
{
    (void)columns;
    pen_put(pen, signin->user ? STYLE_PLAIN : STYLE_DIM, user_of(signin));
}

static void draw_device(struct pen *pen, const struct signin *signin, int columns)
{
    (void)columns;
    pen_put(pen, STYLE_PLAIN, signin->device ? signin->device : "");
}

static void draw_steps(struct pen *pen, const struct signin *signin, int columns)
{
    struct stage_bar bar = stage_bar_of(signin);

    stage_bar_draw(pen, &bar, columns);
}

static void draw_duration(struct pen *pen, const struct signin *signin, int columns)
{
    char word[WORD_SIZE];

    duration_format(time_between(signin->started_ns, signin->ended_ns), word);
    pen_put_field(pen, STYLE_DIM, "", columns - (int)slice_of_text(word).length);
    pen_put(pen, STYLE_DIM, word);
}

static const char *result_of(const struct signin *signin)
{
    return signin->result ? signin->result : outcome_name(signin->outcome);
}

static void draw_result(struct pen *pen, const struct signin *signin, int columns)
{
    enum style style = style_of_outcome(signin->outcome);

    (void)columns;
    pen_put_sign(pen, style, sign_of_outcome(signin->outcome));
    pen_put(pen, style, " ");
    pen_put(pen, signin->outcome == OUTCOME_FAILED ? style : STYLE_PLAIN, result_of(signin));
}

/* ---- how wide a sign-in would like it ---- */

static int text_columns(const char *text)
{
    return text ? (int)strlen(text) : 0;
}

static int client_widest(const struct signin *signin)
{
    if (signin->client.name)
        return text_columns(signin->client.name);
    return signin->client.endpoint.address.family == 6 ? IPV6_COLUMNS : IPV4_COLUMNS;
}

static int user_widest(const struct signin *signin)
{
    return text_columns(user_of(signin));
}

static int device_widest(const struct signin *signin)
{
    return text_columns(signin->device);
}

static int result_widest(const struct signin *signin)
{
    return text_columns(result_of(signin)) + 2;
}

/* ---- their order ---- */

static int compare_texts(const char *a, const char *b)
{
    if (!a || !b)
        return (a == NULL) - (b == NULL); /* unknown ones last */
    return strcmp(a, b);
}

static int compare_clients(const struct signin *a, const struct signin *b)
{
    int order = compare_texts(a->client.name, b->client.name);

    return order ? order
                 : memcmp(&a->client.endpoint.address, &b->client.endpoint.address,
                          sizeof a->client.endpoint.address);
}

static int compare_users(const struct signin *a, const struct signin *b)
{
    return strcmp(user_of(a), user_of(b));
}

static int compare_devices(const struct signin *a, const struct signin *b)
{
    return compare_texts(a->device, b->device);
}

static int compare_stages(const struct signin *a, const struct signin *b)
{
    return (a->failed_stage > b->failed_stage) - (a->failed_stage < b->failed_stage);
}

static int compare_durations(const struct signin *a, const struct signin *b)
{
    int64_t one = time_between(a->started_ns, a->ended_ns);
    int64_t other = time_between(b->started_ns, b->ended_ns);

    return (one < other) - (one > other); /* the slowest first */
}

static int compare_results(const struct signin *a, const struct signin *b)
{
    static const int ranks[] = {
        [OUTCOME_FAILED] = 0,
        [OUTCOME_INCOMPLETE] = 1,
        [OUTCOME_SUCCEEDED] = 2,
    };
    int order = ranks[a->outcome] - ranks[b->outcome];

    return order ? order : strcmp(result_of(a), result_of(b));
}

static const struct {
    const char *title;
    void (*draw)(struct pen *pen, const struct signin *signin, int columns);
    int (*widest)(const struct signin *signin); /* NULL: takes what it is granted */
    int (*compare)(const struct signin *a, const struct signin *b);
} table[COLUMN_COUNT] = {
    [COLUMN_TIME] = { "time", draw_time, NULL, NULL },
    [COLUMN_CLIENT] = { "client", draw_client, client_widest, compare_clients },
    [COLUMN_USER] = { "user", draw_user, user_widest, compare_users },
    [COLUMN_DEVICE] = { "device", draw_device, device_widest, compare_devices },
    [COLUMN_STEPS] = { "steps", draw_steps, NULL, compare_stages },
    [COLUMN_DURATION] = { "   took", draw_duration, NULL, compare_durations },
    [COLUMN_RESULT] = { "result", draw_result, result_widest, compare_results },
};

/* Room is granted in this order.  The first grant of a column is the least it
 * is shown with; a whole one is given in full or not at all. */
static const struct grant {
    enum column column;
    int columns;
    bool whole;
} grants[] = {
    { COLUMN_RESULT, RESULT_LEAST, true },
    { COLUMN_STEPS, BAR_NARROW, true },
    { COLUMN_USER, 12, true },
    { COLUMN_CLIENT, 11, true },
    { COLUMN_TIME, 8, true },
    { COLUMN_DURATION, 7, true },
    { COLUMN_CLIENT, 15, false },
    { COLUMN_USER, 17, false },
    { COLUMN_RESULT, 26, false },
    { COLUMN_STEPS, BAR_WIDE, true },
    { COLUMN_USER, 24, false },
    { COLUMN_DEVICE, 13, true },
    { COLUMN_RESULT, 44, false },
    { COLUMN_USER, 40, false },
    { COLUMN_CLIENT, 39, false },
    { COLUMN_TIME, 12, true },
};

static void measure_columns(const struct report *report, int widest[COLUMN_COUNT])
{
    for (int column = 0; column < COLUMN_COUNT; column++) {
        widest[column] = table[column].widest ? text_columns(table[column].title) : 1000;
        for (size_t i = 0; table[column].widest && i < report->signin_count; i++) {
            int wanted = table[column].widest(report->signins[i]);

            if (wanted > widest[column])
                widest[column] = wanted;
        }
    }
}

/* The columns that a grant adds to what its column has, its blank included; 0: nothing. */
static int columns_to_grant(const struct grant *grant, int has, int widest, int left)
{
    int wanted = grant->columns;

    if (has == 0 && !grant->whole)
        return 0; /* not shown, so it cannot grow */
    if (has > 0 && wanted > widest)
        wanted = widest;
    wanted -= has == 0 ? -1 : has;
    if (wanted > left)
        wanted = grant->whole ? 0 : left;
    return wanted > 0 ? wanted : 0;
}

struct column_layout columns_layout(const struct report *report, int columns)
{
    struct column_layout layout = { .hidden = COLUMN_COUNT };
    int widest[COLUMN_COUNT];
    int left = columns + 1; /* no blank in front of the first one */

    measure_columns(report, widest);
    for (size_t i = 0; i < sizeof grants / sizeof *grants; i++) {
        int *has = &layout.columns[grants[i].column];
        int more = columns_to_grant(&grants[i], *has, widest[grants[i].column], left);

        if (more == 0)
            continue;
        layout.hidden -= *has == 0;
        *has += *has == 0 ? more - 1 : more;
        left -= more;
    }
    layout.columns[COLUMN_RESULT] += left; /* the last one: it has the rest */
    return layout;
}

const char *column_title(enum column column)
{
    return table[column].title;
}

int (*column_compare(enum column column))(const struct signin *a, const struct signin *b)
{
    return table[column].compare;
}

/* ---- drawing ---- */

/* A pen for one column; `*at` moves behind it and its blank. */
static struct pen cut_column(struct pen pen, const struct column_layout *layout, enum column column,
                             int *at)
{
    pen_move(&pen, *at);
    if (pen.column + layout->columns[column] < pen.end)
        pen.end = pen.column + layout->columns[column];
    *at += layout->columns[column] + (layout->columns[column] > 0 ? 1 : 0);
    return pen;
}

static void draw_hidden(struct pen pen, int hidden)
{
    char word[16] = { '+', (char)('0' + hidden % 10) };

    pen_move(&pen, pen.end - pen.start - 2);
    pen_put(&pen, STYLE_WARNING, word);
}

enum column column_at(const struct column_layout *layout, int at)
{
    int from = 0;

    for (int column = 0; column < COLUMN_COUNT; column++) {
        int columns = layout->columns[column];

        if (columns > 0 && at >= from && at < from + columns)
            return (enum column)column;
        from += columns > 0 ? columns + 1 : 0;
    }
    return COLUMN_COUNT;
}

void columns_draw_heading(struct pen pen, const struct column_layout *layout, enum column sorted,
                          bool reversed)
{
    int at = 0;

    for (int column = 0; column < COLUMN_COUNT; column++) {
        struct pen part = cut_column(pen, layout, (enum column)column, &at);

        if (column == COLUMN_STEPS)
            stage_bar_draw_title(&part, layout->columns[column]);
        else
            pen_put(&part, STYLE_HEADING, table[column].title);
        if ((enum column)column == sorted)
            pen_put_sign(&part, STYLE_HEADING, reversed ? SIGN_DESCENDING : SIGN_ASCENDING);
    }
    if (layout->hidden > 0)
        draw_hidden(pen, layout->hidden);
}

void columns_draw_row(struct pen pen, const struct column_layout *layout,
                      const struct signin *signin)
{
    int at = 0;

    for (int column = 0; column < COLUMN_COUNT; column++) {
        struct pen part = cut_column(pen, layout, (enum column)column, &at);

        if (pen_left(&part) > 0)
            table[column].draw(&part, signin, layout->columns[column]);
    }
}
