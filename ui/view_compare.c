/* view_compare.c: two sign-ins side by side, step by step
 *
 * Steps are paired by what they are about (step_match.c), so that one more on
 * one side shifts nothing on the other.
 */
#include "ui/halves.h"
#include "ui/measure.h"
#include "ui/scroll.h"
#include "ui/step_label.h"
#include "ui/step_match.h"
#include "ui/words.h"

enum { TIME_COLUMNS = 9, TIME_FROM = 44, HIGH = 16, STATUS_ROWS = 3 };

struct compare {
    struct target target; /* `other_signin` on the left, `signin` on the right */
    struct step_match match;
    struct scroll scroll;
    bool moved; /* a person chose the row */
};

static bool compare_open(void *data, const struct target *target)
{
    struct compare *state = data;

    state->target = *target;
    return true;
}

static void compare_close(void *data)
{
    struct compare *state = data;

    step_match_release(&state->match);
}

static bool is_broken(const struct step *step)
{
    return step && (step->status == STEP_FAILED || step->status == STEP_UNANSWERED);
}

/* Where it broke, else where they first differ. */
static size_t first_row(const struct step_match *match)
{
    size_t row = 0;

    for (size_t i = 0; i < match->rows.count; i++)
        if (is_broken(step_match_left(match, i)) || is_broken(step_match_right(match, i)))
            return i;
    while (row + 1 < match->rows.count && !step_match_differs(match, row))
        row++;
    return row;
}

/* Looks both up and aligns them; false: one of them is gone. */
static bool build(struct compare *state, const struct scene *scene)
{
    const struct signin *left = scene_signin(scene, state->target.other_signin);
    const struct signin *right = scene_signin(scene, state->target.signin);

    state->match.rows.count = 0;
    if (!left || !right)
        return false;
    (void)step_match_make(&state->match, left, right); /* without memory there are no rows */
    if (!state->moved)
        state->scroll.at = (int)first_row(&state->match);
    return true;
}

/* ---- drawing ---- */

static void draw_who(struct pen pen, const struct signin *signin)
{
    struct text word = { 0 };

    text_add_escaped(&word, slice_of_text(user_of(signin)));
    text_add(&word, text_length(&word) ? "  " : "");
    party_add(&word, &signin->client);
    if (signin->device) {
        text_add(&word, "  ");
        text_add_escaped(&word, slice_of_text(signin->device));
    }
    pen_put(&pen, STYLE_DIM, text_string(&word));
    text_release(&word);
}

static void draw_label(struct pen *pen, const struct step *step)
{
    enum style style = style_of_step(step->status);
    struct text label = { 0 };
    int brevity = LABEL_FULL;

    do {
        text_truncate(&label, 0);
        step_label_add(&label, step, brevity, pen->canvas->ascii);
    } while (brevity++ < LABEL_TINY && measure_text(buffer_slice(&label.bytes)) > pen_left(pen));
    pen_put(pen, style == STYLE_OK ? STYLE_PLAIN : style, text_string(&label));
    text_release(&label);
}

static void draw_step(struct pen pen, const struct step *step, int64_t started_ns)
{
    char word[WORD_SIZE];

    if (!step)
        return;
    pen_put_sign(&pen, style_of_step(step->status), sign_of_step(step->status));
    pen_put(&pen, STYLE_PLAIN, " ");
    if (pen_left(&pen) >= TIME_FROM) {
        delta_format(time_between(started_ns, step->time_ns), word);
        pen_put_field(&pen, STYLE_DIM, word, TIME_COLUMNS);
    }
    draw_label(&pen, step);
}

static enum half_relation relation_of(const struct step_match *match, size_t row)
{
    if (!step_match_left(match, row))
        return HALVES_RIGHT_ONLY;
    if (!step_match_right(match, row))
        return HALVES_LEFT_ONLY;
    return step_match_differs(match, row) ? HALVES_DIFFER : HALVES_SAME;
}

static void draw_rows(struct compare *state, struct canvas *canvas, struct area area)
{
    const struct step_match *match = &state->match;
    struct halves halves = halves_of(area);

    scroll_fit(&state->scroll, (int)match->rows.count, area.rows);
    for (int row = 0; row < area.rows; row++) {
        size_t index = (size_t)state->scroll.top + (size_t)row;

        if (index >= match->rows.count)
            break;
        draw_step(pen_at(canvas, halves.left, row), step_match_left(match, index),
                  match->left->started_ns);
        draw_step(pen_at(canvas, halves.right, row), step_match_right(match, index),
                  match->right->started_ns);
        halves_draw_relation(canvas, &halves, row, relation_of(match, index));
        if ((int)index == state->scroll.at)
            canvas_select(canvas, area_part(area, row, 1));
    }
}

static void draw_one(struct pen pen, const struct signin *signin, const struct step *step)
{
    struct text word = { 0 };

    text_print(&word, " %u", signin->id);
    if (step)
        text_print(&word, ", step %u", step->number);
    text_add(&word, ": ");
    pen_put(&pen, STYLE_LABEL, text_string(&word));
    pen_put(&pen, step ? STYLE_PLAIN : STYLE_WARNING,
            !step           ? "no such step"
            : step->summary ? step->summary
                            : "");
    if (step && step->note) {
        pen_put(&pen, STYLE_DIM, "  ");
        pen_put(&pen, STYLE_DIM, step->note);
    }
    text_release(&word);
}

/* What the selected row says, and in what its two steps differ. */
static void draw_status(struct compare *state, struct canvas *canvas, struct area area)
{
    const struct step_match *match = &state->match;
    size_t row = (size_t)state->scroll.at;
    const struct step *left, *right;
    struct text word = { 0 };
    struct pen pen = pen_at(canvas, area, area.rows - 1);

    if (row >= match->rows.count)
        return;
    left = step_match_left(match, row);
    right = step_match_right(match, row);
    draw_one(pen_at(canvas, area, area.rows - 3), match->left, left);
    draw_one(pen_at(canvas, area, area.rows - 2), match->right, right);
    pen_put(&pen, STYLE_LABEL, " differs: ");
    if (left && right)
        step_match_add_differences(&word, left, right, canvas->ascii);
    else
        text_print(&word, "only sign-in %u has it", left ? match->left->id : match->right->id);
    pen_put(&pen, text_length(&word) ? STYLE_WARNING : STYLE_DIM,
            text_length(&word) ? text_string(&word) : "nothing");
    text_release(&word);
}

static void compare_draw(void *data, struct canvas *canvas, struct area area,
                         const struct scene *scene)
{
    struct compare *state = data;
    struct halves halves = halves_of(area);
    int head = area.rows >= HIGH ? 2 : 1;
    int status = STATUS_ROWS + (area.rows >= HIGH ? 1 : 0);
    struct pen line;

    if (!build(state, scene)) {
        halves_draw_gone(canvas, area);
        return;
    }
    halves_draw_signin(pen_at(canvas, halves.left, 0), state->match.left, 0);
    halves_draw_signin(pen_at(canvas, halves.right, 0), state->match.right, 0);
    if (head > 1) {
        draw_who(pen_at(canvas, halves.left, 1), state->match.left);
        draw_who(pen_at(canvas, halves.right, 1), state->match.right);
    }
    draw_rows(state, canvas, area_part(area, head, area.rows - head - status));
    area = area_part(area, area.rows - status, status);
    line = pen_at(canvas, area, 0);
    if (status > STATUS_ROWS)
        pen_fill(&line, STYLE_DIM, SIGN_HORIZONTAL, area.columns);
    draw_status(state, canvas, area);
}

/* ---- keys ---- */

static void move_to_difference(struct compare *state, bool forward)
{
    int count = (int)state->match.rows.count, row = state->scroll.at;

    do
        row += forward ? 1 : -1;
    while (row >= 0 && row < count && !step_match_differs(&state->match, (size_t)row));
    if (row >= 0 && row < count)
        state->scroll.at = row;
}

static struct wish open_messages(const struct compare *state)
{
    struct wish wish = { WISH_OPEN, &view_compare_messages, state->target, NULL };
    size_t row = (size_t)state->scroll.at;
    const struct step *left, *right;

    if (row >= state->match.rows.count)
        return (struct wish){ .kind = WISH_NOTHING };
    left = step_match_left(&state->match, row);
    right = step_match_right(&state->match, row);
    wish.target.step = right ? right->number : 0;
    wish.target.other_step = left ? left->number : 0;
    if (left && right)
        return wish;
    wish.view = &view_message;
    wish.target.signin = left ? state->target.other_signin : state->target.signin;
    wish.target.step = left ? left->number : wish.target.step;
    return wish;
}

static struct wish compare_act(void *data, enum action action, const struct scene *scene)
{
    struct compare *state = data;

    if (!build(state, scene))
        return (struct wish){ .kind = WISH_NOTHING };
    if (action == ACTION_OPEN)
        return open_messages(state);
    state->moved = true;
    if (action == ACTION_DIFFERENCE || action == ACTION_DIFFERENCE_BACK)
        move_to_difference(state, action == ACTION_DIFFERENCE);
    else
        (void)scroll_act(&state->scroll, action);
    return (struct wish){ .kind = WISH_NOTHING };
}

static const enum action compare_actions[] = {
    ACTION_OPEN,    ACTION_DIFFERENCE, ACTION_DIFFERENCE_BACK, ACTION_UP,   ACTION_DOWN,
    ACTION_PAGE_UP, ACTION_PAGE_DOWN,  ACTION_FIRST,           ACTION_LAST, ACTION_NONE,
};

const struct view_ops view_compare = {
    .name = "Two sign-ins",
    .legend = "A row is the same step of both, whatever came of it. The sign between them says "
              "that the results differ, or that one has no such step; an arrow points to the one "
              "that has it. Times count from the start of each sign-in.",
    .actions = compare_actions,
    .state_size = sizeof(struct compare),
    .open = compare_open,
    .draw = compare_draw,
    .act = compare_act,
    .close = compare_close,
};
