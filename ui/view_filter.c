/* view_filter.c: what the list shows, field by field, over the list itself
 *
 * A change shows at once in the list behind; there is nothing to accept.
 */
#include "ui/choices.h"
#include "ui/dialog.h"
#include "ui/prompt.h"
#include "ui/scroll.h"
#include "ui/view.h"
#include "ui/words.h"

enum { LABEL_COLUMNS = 11, DIALOG_COLUMNS = 56 };

struct filter_state {
    struct scroll scroll;
    struct prompt prompt; /* for the field at the cursor */
};

/* ---- drawing ---- */

static void draw_value(struct pen pen, const struct row_filter *filter, unsigned field)
{
    const char *value = filter->values[field];

    if (!value[0]) {
        pen_put(&pen, STYLE_DIM, "any");
        return;
    }
    if (field == FILTER_TIME && filter->span_is_wrong)
        pen_put(&pen, STYLE_WARNING, "not understood: ");
    pen_put(&pen, STYLE_PLAIN, value[0] == '=' && !value[1] ? "= (not known)" : value);
}

static void draw_field(const struct filter_state *state, struct pen pen,
                       const struct row_filter *filter, unsigned field)
{
    pen_put_field(&pen, STYLE_LABEL, row_filter_field_name(field), LABEL_COLUMNS);
    if (state->prompt.is_open && state->scroll.at == (int)field)
        prompt_draw(&state->prompt, pen);
    else
        draw_value(pen, filter, field);
}

static void draw_count(struct pen pen, const struct scene *scene)
{
    struct text line = { 0 };
    size_t shown = 0;

    for (size_t i = 0; i < scene->report->signin_count; i++)
        shown += row_filter_matches(scene->filter, scene->report->signins[i]);
    text_add(&line, "shows ");
    count_add(&line, shown);
    text_add(&line, " of ");
    count_add(&line, scene->report->signin_count);
    text_add(&line, ", hides ");
    count_add(&line, scene->report->signin_count - shown);
    pen_put(&pen, STYLE_WARNING, text_string(&line));
    text_release(&line);
}

static void filter_draw(void *data, struct canvas *canvas, struct area area,
                        const struct scene *scene)
{
    static const struct dialog dialog = { "Show only", FILTER_COUNT + 1, DIALOG_COLUMNS };
    struct filter_state *state = data;
    struct area inside = dialog_draw(canvas, area, &dialog);
    int rows = inside.rows - 1;

    scroll_fit(&state->scroll, FILTER_COUNT, rows);
    for (int row = 0; row < rows && row + state->scroll.top < FILTER_COUNT; row++) {
        int field = row + state->scroll.top;

        draw_field(state, pen_at(canvas, inside, row), scene->filter, (unsigned)field);
        if (field == state->scroll.at && !state->prompt.is_open)
            canvas_select(canvas, area_part(inside, row, 1));
    }
    draw_count(pen_at(canvas, inside, rows), scene);
}

/* ---- keys ---- */

static void step_value(struct filter_state *state, const struct scene *scene, int direction)
{
    if (state->scroll.at < TRAIT_COUNT)
        choices_step(scene->filter, (enum trait)state->scroll.at, scene->report, direction);
}

static struct wish filter_act(void *data, enum action action, const struct scene *scene)
{
    struct filter_state *state = data;
    unsigned field = (unsigned)state->scroll.at;

    if (action == ACTION_VALUE_NEXT || action == ACTION_VALUE_BEFORE)
        step_value(state, scene, action == ACTION_VALUE_NEXT ? 1 : -1);
    else if (action == ACTION_EMPTY)
        row_filter_set(scene->filter, field, NULL);
    else if (action == ACTION_NO_FILTER)
        row_filter_clear(scene->filter);
    else if (action == ACTION_EDIT)
        prompt_open(&state->prompt, "", scene->filter->values[field]);
    else if (scroll_act(&state->scroll, action))
        scroll_fit(&state->scroll, FILTER_COUNT, state->scroll.shown);
    return (struct wish){ .kind = WISH_NOTHING };
}

static bool filter_type(void *data, uint32_t input, const struct scene *scene, struct wish *wish)
{
    struct filter_state *state = data;

    (void)wish;
    if (!state->prompt.is_open)
        return false;
    if (prompt_press(&state->prompt, input) == PROMPT_DONE)
        row_filter_set(scene->filter, (unsigned)state->scroll.at, prompt_text(&state->prompt));
    return true;
}

static const char *filter_hint(const void *data)
{
    const struct filter_state *state = data;

    if (!state->prompt.is_open)
        return NULL;
    return state->scroll.at == FILTER_TIME ? " 22:00-23:30   22:00-   23:05   2026-11-20 22:00-"
                                           : " word   =exactly   !not   one,other   = none";
}

static bool filter_open(void *data, const struct target *target)
{
    (void)data;
    (void)target;
    return true;
}

static void filter_close(void *data)
{
    (void)data;
}

static const enum action filter_actions[] = {
    ACTION_VALUE_NEXT,   ACTION_EDIT,  ACTION_EMPTY, ACTION_NO_FILTER,
    ACTION_VALUE_BEFORE, ACTION_UP,    ACTION_DOWN,  ACTION_PAGE_UP,
    ACTION_PAGE_DOWN,    ACTION_FIRST, ACTION_LAST,  ACTION_NONE,
};

const struct view_ops view_filter = {
    .name = "Show only some sign-ins",
    .legend = "Shown is what fits every line. A line may have alternatives with commas between "
              "them: word is found in it, =word is all of it, !word is not in it, = alone is what "
              "is not known. Of a cause also the words of its title are found. Times are UTC: "
              "22:00-23:30, 22:00-, 23:05, with a date in front where there are several days.",
    .actions = filter_actions,
    .state_size = sizeof(struct filter_state),
    .open = filter_open,
    .draw = filter_draw,
    .act = filter_act,
    .close = filter_close,
    .type = filter_type,
    .hint = filter_hint,
    .over_others = true,
};
