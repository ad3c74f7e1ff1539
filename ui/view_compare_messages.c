/* view_compare_messages.c: two messages side by side, header by header */
#include "ui/halves.h"
#include "ui/message.h"
#include "ui/page_match.h"
#include "ui/scroll.h"

struct messages {
    struct target target;
    struct page left, right;
    struct alignment rows;
    struct scroll scroll;
    int columns; /* of the area it was last drawn in */
    bool show_secrets, toggled;
};

static bool messages_open(void *data, const struct target *target)
{
    struct messages *state = data;

    state->target = *target;
    return true;
}

static void messages_close(void *data)
{
    struct messages *state = data;

    page_release(&state->left);
    page_release(&state->right);
    alignment_release(&state->rows);
}

static void write_page(struct page *page, const struct step *step, const struct scene *scene,
                       const struct canvas *canvas, bool show_secrets)
{
    struct message_writer writer = { .page = page,
                                     .report = scene->report,
                                     .show_secrets = show_secrets,
                                     .ascii = canvas->ascii,
                                     .compared = true };

    page_clear(page);
    message_add(&writer, step);
}

/* ---- rows ---- */

static int height_of(const struct page *page, int line, int columns)
{
    return line == ALIGN_NONE ? 0 : page_line_height(page, (size_t)line, columns);
}

/* A pair takes the rows of its longer side. */
static int pair_height(const struct messages *state, struct align_pair pair)
{
    struct halves halves = halves_of((struct area){ .columns = state->columns });
    int left = height_of(&state->left, pair.left, halves.left.columns);
    int right = height_of(&state->right, pair.right, halves.right.columns);

    return left > right ? left : right;
}

static int rows_before(const struct messages *state, size_t count)
{
    int rows = 0;

    for (size_t i = 0; i < count && i < state->rows.count; i++)
        rows += pair_height(state, state->rows.pairs[i]);
    return rows;
}

static void draw_relation(const struct messages *state, struct canvas *canvas,
                          const struct halves *halves, struct align_pair pair, int row)
{
    enum half_relation relation = HALVES_SAME;

    if (pair.left == ALIGN_NONE)
        relation = HALVES_RIGHT_ONLY;
    else if (pair.right == ALIGN_NONE)
        relation = HALVES_LEFT_ONLY;
    else if (page_match_differs(&state->left, &state->right, pair))
        relation = HALVES_DIFFER;
    halves_draw_relation(canvas, halves, row, relation);
}

static void draw_pairs(struct messages *state, struct canvas *canvas, struct area area)
{
    struct halves halves = halves_of(area);
    int row = -state->scroll.at;

    for (size_t i = 0; i < state->rows.count && row < area.rows; i++) {
        struct align_pair pair = state->rows.pairs[i];
        int height = pair_height(state, pair);

        if (pair.left != ALIGN_NONE)
            (void)page_draw_line(&state->left, (size_t)pair.left, canvas, halves.left, row);
        if (pair.right != ALIGN_NONE)
            (void)page_draw_line(&state->right, (size_t)pair.right, canvas, halves.right, row);
        for (int at = row < 0 ? 0 : row; at < row + height && at < area.rows; at++)
            draw_relation(state, canvas, &halves, pair, at);
        row += height;
    }
}

static void draw_secrets(struct pen pen, const struct messages *state)
{
    static const char word[] = " secrets shown";

    if (!state->show_secrets)
        return;
    pen_move(&pen, pen.end - pen.start - (int)sizeof word + 1);
    pen_put(&pen, STYLE_WARNING, word);
}

static void messages_draw(void *data, struct canvas *canvas, struct area area,
                          const struct scene *scene)
{
    struct messages *state = data;
    const struct signin *left = scene_signin(scene, state->target.other_signin);
    const struct signin *right = scene_signin(scene, state->target.signin);
    const struct step *left_step = signin_step(left, state->target.other_step);
    const struct step *right_step = signin_step(right, state->target.step);
    struct halves halves = halves_of(area);
    struct area body = area_part(area, 1, area.rows);

    if (!left_step || !right_step) {
        halves_draw_gone(canvas, area);
        return;
    }
    state->columns = area.columns;
    state->show_secrets = scene->show_secrets != state->toggled;
    write_page(&state->left, left_step, scene, canvas, state->show_secrets);
    write_page(&state->right, right_step, scene, canvas, state->show_secrets);
    (void)page_match_make(&state->rows, &state->left, &state->right); /* else nothing to show */
    scroll_fit_page(&state->scroll, rows_before(state, state->rows.count), body.rows);
    halves_draw_signin(pen_at(canvas, halves.left, 0), left, left_step->number);
    halves_draw_signin(pen_at(canvas, halves.right, 0), right, right_step->number);
    draw_secrets(pen_at(canvas, area, 0), state);
    draw_pairs(state, canvas, body);
}

/* ---- keys ---- */

/* To the first differing pair that begins below the top row; backwards, above it. */
static void move_to_difference(struct messages *state, bool forward)
{
    int row = 0, found = state->scroll.at;

    for (size_t i = 0; i < state->rows.count; i++) {
        struct align_pair pair = state->rows.pairs[i];
        bool passed = forward ? row > state->scroll.at : row < state->scroll.at;

        if (passed && page_match_differs(&state->left, &state->right, pair)) {
            found = row;
            if (forward)
                break;
        }
        row += pair_height(state, pair);
    }
    state->scroll.at = found;
}

static struct wish messages_act(void *data, enum action action, const struct scene *scene)
{
    struct messages *state = data;

    (void)scene;
    if (action == ACTION_SECRETS)
        state->toggled = !state->toggled;
    else if (action == ACTION_DIFFERENCE || action == ACTION_DIFFERENCE_BACK)
        move_to_difference(state, action == ACTION_DIFFERENCE);
    else
        (void)scroll_act(&state->scroll, action);
    return (struct wish){ .kind = WISH_NOTHING };
}

static const enum action messages_actions[] = {
    ACTION_DIFFERENCE, ACTION_SECRETS,   ACTION_DIFFERENCE_BACK, ACTION_UP,   ACTION_DOWN,
    ACTION_PAGE_UP,    ACTION_PAGE_DOWN, ACTION_FIRST,           ACTION_LAST, ACTION_NONE,
};

const struct view_ops view_compare_messages = {
    .name = "Two messages",
    .legend = "Headers and lines of both messages, the same ones beside each other. The sign "
              "between them says that they differ, or that only one side has the line.",
    .actions = messages_actions,
    .state_size = sizeof(struct messages),
    .open = messages_open,
    .draw = messages_draw,
    .act = messages_act,
    .close = messages_close,
};
