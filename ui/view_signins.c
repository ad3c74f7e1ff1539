/* view_signins.c: the first screen, one row a sign-in
 *
 * The selection is a sign-in, by its id, not a row: rows may come, go and be
 * sorted anew under it.  Only where that sign-in is gone the row decides.
 */
#include "ui/columns.h"
#include "ui/roster.h"
#include "ui/scroll.h"
#include "ui/summary.h"
#include "ui/view.h"

struct signins {
    struct roster roster;
    struct scroll scroll;
    struct column_layout layout; /* of the last frame, for the mouse */
    unsigned selected;           /* id, 0: none yet */
    enum column sorted;
    bool reversed, only_failed;
    bool following; /* stays at the last row while more arrive */
};

static void build(struct signins *state, const struct report *report)
{
    struct roster_wish wish = { column_compare(state->sorted), state->reversed,
                                state->only_failed };
    size_t found;

    roster_build(&state->roster, report, &wish);
    found = roster_find(&state->roster, state->selected);
    if (state->following && state->roster.count > 0)
        found = state->roster.count - 1;
    if (found < state->roster.count)
        state->scroll.at = (int)found;
}

/* After the rows or the selected row have changed: which sign-in is it now? */
static void select_row(struct signins *state)
{
    int count = (int)state->roster.count;

    if (state->scroll.at >= count)
        state->scroll.at = count - 1;
    if (state->scroll.at < 0)
        state->scroll.at = 0;
    state->selected = count > 0 ? state->roster.rows[state->scroll.at]->id : 0;
}

static bool signins_open(void *data, const struct target *target)
{
    (void)data;
    (void)target;
    return true;
}

static void signins_close(void *data)
{
    struct signins *state = data;

    roster_release(&state->roster);
}

/* ---- drawing ---- */

static void draw_nothing(struct canvas *canvas, struct area area, const struct scene *scene,
                         size_t hidden)
{
    struct pen pen = pen_at(canvas, area, 1);
    const char *line = "No Lync or Skype for Business sign-in in this capture.";

    if (scene->reading)
        line = "No sign-in yet.";
    if (hidden + scene->report->hidden_count > 0)
        line = "No sign-in left: all are hidden by the filter.";
    pen_put(&pen, STYLE_PLAIN, " ");
    pen_put(&pen, STYLE_PLAIN, line);
    pen = pen_at(canvas, area, 2);
    if (!scene->reading)
        pen_put(&pen, STYLE_DIM, " Press i for what was read.");
}

static void draw_rows(struct signins *state, struct canvas *canvas, struct area area,
                      const struct column_layout *layout)
{
    for (int row = 0; row < area.rows; row++) {
        int index = state->scroll.top + row;

        if (index >= (int)state->roster.count)
            break;
        columns_draw_row(pen_at(canvas, area, row), layout, state->roster.rows[index]);
        if (index == state->scroll.at)
            canvas_select(canvas, area_part(area, row, 1));
    }
}

static void signins_draw(void *data, struct canvas *canvas, struct area area,
                         const struct scene *scene)
{
    struct signins *state = data;
    struct column_layout layout = columns_layout(scene->report, area.columns);
    struct area rows = area_part(area, SUMMARY_ROWS + 1, area.rows);

    state->layout = layout;
    build(state, scene->report);
    select_row(state);
    scroll_fit(&state->scroll, (int)state->roster.count, rows.rows);
    summary_draw(canvas, area_part(area, 0, SUMMARY_ROWS), scene, state->roster.hidden);
    columns_draw_heading(pen_at(canvas, area, SUMMARY_ROWS), &layout, state->sorted,
                         state->reversed);
    if (state->roster.count == 0)
        draw_nothing(canvas, rows, scene, state->roster.hidden);
    draw_rows(state, canvas, rows, &layout);
}

/* ---- keys ---- */

static void sort_next(struct signins *state)
{
    state->sorted = (enum column)((state->sorted + 1) % COLUMN_COUNT);
    state->reversed = false;
    state->following = false;
}

static void move(struct signins *state, enum action action, const struct scene *scene)
{
    build(state, scene->report);
    if (scroll_act(&state->scroll, action))
        state->following = false;
    if (action == ACTION_LAST)
        state->following = scene->reading;
    select_row(state);
}

static struct wish open_ladder(struct signins *state, const struct scene *scene)
{
    build(state, scene->report);
    select_row(state);
    if (state->selected == 0)
        return (struct wish){ .kind = WISH_NOTHING };
    return (struct wish){ WISH_OPEN, &view_ladder, { .signin = state->selected } };
}

static void sort_by(struct signins *state, enum column column)
{
    if (column == COLUMN_COUNT)
        return;
    state->reversed = column == state->sorted && !state->reversed;
    state->sorted = column;
    state->following = false;
}

/* On the heading: sorts; on a row: selects it; on the selected one: opens it. */
static struct wish signins_click(void *data, int row, int column, const struct scene *scene)
{
    struct signins *state = data;
    int at = row - SUMMARY_ROWS - 1 + state->scroll.top;

    build(state, scene->report);
    if (row == SUMMARY_ROWS)
        sort_by(state, column_at(&state->layout, column));
    if (row <= SUMMARY_ROWS || at >= (int)state->roster.count)
        return (struct wish){ .kind = WISH_NOTHING };
    if (at == state->scroll.at)
        return open_ladder(state, scene);
    state->following = false;
    state->scroll.at = at;
    select_row(state);
    return (struct wish){ .kind = WISH_NOTHING };
}

static void signins_select(void *data, const struct scene *scene, struct target *target)
{
    struct signins *state = data;

    build(state, scene->report);
    select_row(state);
    target->signin = state->selected;
    for (size_t i = 0; i < state->roster.count; i++)
        target_list(target, state->roster.rows[i]->id);
}

static struct wish signins_act(void *data, enum action action, const struct scene *scene)
{
    struct signins *state = data;

    if (action == ACTION_OPEN)
        return open_ladder(state, scene);
    if (action == ACTION_CAPTURE)
        return (struct wish){ .kind = WISH_OPEN, .view = &view_capture };
    if (action == ACTION_NUMBERS)
        return (struct wish){ .kind = WISH_OPEN, .view = &view_numbers };
    if (action == ACTION_SORT)
        sort_next(state);
    else if (action == ACTION_REVERSE)
        state->reversed = !state->reversed;
    else if (action == ACTION_ONLY_FAILED)
        state->only_failed = !state->only_failed;
    else
        move(state, action, scene);
    return (struct wish){ .kind = WISH_NOTHING };
}

static const enum action signins_actions[] = {
    ACTION_OPEN,    ACTION_ONLY_FAILED, ACTION_SORT, ACTION_NUMBERS, ACTION_CAPTURE,
    ACTION_REVERSE, ACTION_UP,          ACTION_DOWN, ACTION_PAGE_UP, ACTION_PAGE_DOWN,
    ACTION_FIRST,   ACTION_LAST,        ACTION_NONE,
};

const struct view_ops view_signins = {
    .name = "List of sign-ins",
    .legend = "One row a sign-in. The steps are: DNS, TCP, TLS, root document, redirect, web "
              "ticket, user document, mobility service. A number with + in the heading: so many "
              "columns have no room. In live use End stays at the last row.",
    .actions = signins_actions,
    .state_size = sizeof(struct signins),
    .open = signins_open,
    .draw = signins_draw,
    .act = signins_act,
    .select = signins_select,
    .click = signins_click,
    .close = signins_close,
};
