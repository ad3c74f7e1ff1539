/* view_columns.c: choosing and ordering the columns of the list, over the list itself */
#include "ui/dialog.h"
#include "ui/scroll.h"
#include "ui/settings.h"
#include "ui/view.h"

enum { NAME_COLUMNS = 12, DIALOG_COLUMNS = 34 };

struct columns_state {
    struct scroll scroll;
};

/* Those that are shown, in their order, then the others. */
static struct column_choice list_all(const struct ui_settings *settings)
{
    struct column_choice all = settings->columns;

    for (int column = 0; column < COLUMN_COUNT; column++)
        column_choice_add(&all, (enum column)column);
    return all;
}

static void draw_line(struct pen pen, const struct ui_settings *settings, enum column column)
{
    bool shown = column_choice_has(&settings->columns, column);
    struct slice title = slice_trim(slice_of_text(column_title(column)));

    pen_put(&pen, shown ? STYLE_PLAIN : STYLE_DIM, shown ? "[x] " : "[ ] ");
    pen_put_slice(&pen, shown ? STYLE_PLAIN : STYLE_DIM, title);
    pen_move(&pen, NAME_COLUMNS + 4);
    if (column == settings->sorted) {
        pen_put(&pen, STYLE_LABEL, "sorted ");
        pen_put_sign(&pen, STYLE_LABEL, settings->reversed ? SIGN_DESCENDING : SIGN_ASCENDING);
    }
    if (column == COLUMN_RESULT)
        pen_put(&pen, STYLE_DIM, column == settings->sorted ? ", always" : "always");
}

static void columns_draw(void *data, struct canvas *canvas, struct area area,
                         const struct scene *scene)
{
    struct columns_state *state = data;
    struct column_choice all = list_all(scene->settings);
    struct dialog dialog = { "Columns", (int)all.count, DIALOG_COLUMNS };
    struct area inside = dialog_draw(canvas, area, &dialog);

    scroll_fit(&state->scroll, (int)all.count, inside.rows);
    for (int row = 0; row < inside.rows && row + state->scroll.top < (int)all.count; row++) {
        draw_line(pen_at(canvas, inside, row), scene->settings, all.shown[row + state->scroll.top]);
        if (row + state->scroll.top == state->scroll.at)
            canvas_select(canvas, area_part(inside, row, 1));
    }
}

static void show_or_not(struct ui_settings *settings, enum column column)
{
    if (column_choice_has(&settings->columns, column))
        column_choice_remove(&settings->columns, column);
    else
        column_choice_add(&settings->columns, column);
}

/* The cursor stays on its column. */
static void follow(struct columns_state *state, const struct ui_settings *settings,
                   enum column column)
{
    struct column_choice all = list_all(settings);

    for (size_t i = 0; i < all.count; i++)
        if (all.shown[i] == column)
            state->scroll.at = (int)i;
}

static struct wish columns_act(void *data, enum action action, const struct scene *scene)
{
    struct columns_state *state = data;
    struct ui_settings *settings = scene->settings;
    struct column_choice all = list_all(settings);
    enum column column;

    if (scroll_act(&state->scroll, action)) {
        scroll_fit(&state->scroll, (int)all.count, state->scroll.shown);
        return (struct wish){ .kind = WISH_NOTHING };
    }
    column = all.shown[state->scroll.at];
    if (action == ACTION_SHOW_COLUMN)
        show_or_not(settings, column);
    else if (action == ACTION_COLUMN_EARLIER)
        column_choice_move(&settings->columns, column, -1);
    else if (action == ACTION_COLUMN_LATER)
        column_choice_move(&settings->columns, column, 1);
    else if (action == ACTION_SORT_HERE)
        settings_sort_by(settings, column);
    else if (action == ACTION_AS_BEFORE)
        settings->columns = columns_usual();
    follow(state, settings, column);
    return (struct wish){ .kind = WISH_NOTHING };
}

static bool columns_open(void *data, const struct target *target)
{
    (void)data;
    (void)target;
    return true;
}

static void columns_close(void *data)
{
    (void)data;
}

static const enum action columns_actions[] = {
    ACTION_SHOW_COLUMN, ACTION_COLUMN_EARLIER, ACTION_COLUMN_LATER,
    ACTION_SORT_HERE,   ACTION_AS_BEFORE,      ACTION_UP,
    ACTION_DOWN,        ACTION_PAGE_UP,        ACTION_PAGE_DOWN,
    ACTION_FIRST,       ACTION_LAST,           ACTION_NONE,
};

const struct view_ops view_columns = {
    .name = "Columns of the list",
    .legend = "The result is always shown: the other columns yield to it where there is little "
              "room. The choice is kept for the next time.",
    .actions = columns_actions,
    .state_size = sizeof(struct columns_state),
    .open = columns_open,
    .draw = columns_draw,
    .act = columns_act,
    .close = columns_close,
    .over_others = true,
};
