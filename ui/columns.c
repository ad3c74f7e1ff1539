/* columns.c: the columns of the list, a table */
#include "ui/columns.h"

#include <stdlib.h>
#include <string.h>

#include "lyncscope/rule.h"
#include "ui/measure.h"
#include "ui/stage_bar.h"
#include "ui/traits.h"
#include "ui/words.h"

enum { IPV4_COLUMNS = 15, IPV6_COLUMNS = 39 };

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

static const char *rule_id(const struct signin *signin)
{
    const struct finding *cause = signin_cause(signin);

    return cause && cause->rule ? cause->rule->id : NULL;
}

static void draw_domain(struct pen *pen, const struct signin *signin, int columns)
{
    (void)columns;
    pen_put(pen, STYLE_PLAIN, signin->sip_domain);
}

static void draw_front_end(struct pen *pen, const struct signin *signin, int columns)
{
    struct text word = { 0 };

    (void)columns;
    trait_add(&word, signin, TRAIT_FRONT_END);
    pen_put(pen, STYLE_PLAIN, text_string(&word));
    text_release(&word);
}

static void draw_cause(struct pen *pen, const struct signin *signin, int columns)
{
    (void)columns;
    pen_put(pen, STYLE_PLAIN, rule_id(signin));
}

static void draw_pool(struct pen *pen, const struct signin *signin, int columns)
{
    (void)columns;
    pen_put(pen, STYLE_PLAIN, signin->home_pool);
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

static int domain_widest(const struct signin *signin)
{
    return text_columns(signin->sip_domain);
}

static int front_end_widest(const struct signin *signin)
{
    return (int)signin_front_end(signin).length;
}

static int cause_widest(const struct signin *signin)
{
    return text_columns(rule_id(signin));
}

static int pool_widest(const struct signin *signin)
{
    return text_columns(signin->home_pool);
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

static int compare_slices(struct slice a, struct slice b)
{
    size_t length = a.length < b.length ? a.length : b.length;
    int order;

    if (a.length == 0 || b.length == 0)
        return (a.length == 0) - (b.length == 0); /* unknown ones last */
    order = memcmp(a.data, b.data, length);
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_domains(const struct signin *a, const struct signin *b)
{
    return compare_texts(a->sip_domain, b->sip_domain);
}

static int compare_front_ends(const struct signin *a, const struct signin *b)
{
    return compare_slices(signin_front_end(a), signin_front_end(b));
}

static int compare_causes(const struct signin *a, const struct signin *b)
{
    return compare_texts(rule_id(a), rule_id(b));
}

static int compare_pools(const struct signin *a, const struct signin *b)
{
    return compare_texts(a->home_pool, b->home_pool);
}

static const struct {
    const char *name, *title;
    void (*draw)(struct pen *pen, const struct signin *signin, int columns);
    int (*widest)(const struct signin *signin); /* NULL: takes what it is granted */
    int (*compare)(const struct signin *a, const struct signin *b);
} table[COLUMN_COUNT] = {
    [COLUMN_TIME] = { "time", "time", draw_time, NULL, NULL },
    [COLUMN_CLIENT] = { "client", "client", draw_client, client_widest, compare_clients },
    [COLUMN_USER] = { "user", "user", draw_user, user_widest, compare_users },
    [COLUMN_DEVICE] = { "device", "device", draw_device, device_widest, compare_devices },
    [COLUMN_STEPS] = { "steps", "steps", draw_steps, NULL, compare_stages },
    [COLUMN_DURATION] = { "took", "   took", draw_duration, NULL, compare_durations },
    [COLUMN_RESULT] = { "result", "result", draw_result, result_widest, compare_results },
    [COLUMN_DOMAIN] = { "domain", "SIP domain", draw_domain, domain_widest, compare_domains },
    [COLUMN_FRONT_END] = { "front-end", "Front End", draw_front_end, front_end_widest,
                           compare_front_ends },
    [COLUMN_CAUSE] = { "cause", "cause", draw_cause, cause_widest, compare_causes },
    [COLUMN_POOL] = { "pool", "home pool", draw_pool, pool_widest, compare_pools },
};

const char *column_name(enum column column)
{
    return table[column].name;
}

enum column column_find(struct slice name)
{
    int column = 0;

    while (column < COLUMN_COUNT && !slice_is_text(name, table[column].name))
        column++;
    return (enum column)column;
}

const char *column_title(enum column column)
{
    return table[column].title;
}

int (*column_compare(enum column column))(const struct signin *a, const struct signin *b)
{
    return table[column].compare;
}

int column_widest(enum column column, const struct signin *signin)
{
    return table[column].widest ? table[column].widest(signin) : 0;
}

bool column_takes_grant(enum column column)
{
    return !table[column].widest;
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

/* Into the blank behind it where the title leaves no room. */
static void draw_order(struct pen part, bool reversed)
{
    part.end += pen_left(&part) == 0;
    pen_put_sign(&part, STYLE_HEADING, reversed ? SIGN_DESCENDING : SIGN_ASCENDING);
}

void columns_draw_heading(struct pen pen, const struct column_layout *layout, enum column sorted,
                          bool reversed)
{
    int at = 0;

    for (size_t i = 0; i < layout->choice.count; i++) {
        enum column column = layout->choice.shown[i];
        struct pen part = cut_column(pen, layout, column, &at);

        if (layout->columns[column] == 0)
            continue;
        if (column == COLUMN_STEPS)
            stage_bar_draw_title(&part, layout->columns[column]);
        else
            pen_put(&part, STYLE_HEADING, table[column].title);
        if (column == sorted)
            draw_order(part, reversed);
    }
    if (layout->hidden > 0)
        draw_hidden(pen, layout->hidden);
}

void columns_draw_row(struct pen pen, const struct column_layout *layout,
                      const struct signin *signin)
{
    int at = 0;

    for (size_t i = 0; i < layout->choice.count; i++) {
        enum column column = layout->choice.shown[i];
        struct pen part = cut_column(pen, layout, column, &at);

        if (pen_left(&part) > 0)
            table[column].draw(&part, signin, layout->columns[column]);
    }
}
