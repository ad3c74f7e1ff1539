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

static void write_page(struct message_writer *writer, struct page *page, const struct step *step)
{
    writer->page = page;
    page_clear(page);
    message_add(writer, step);
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

static enum half_relation relation_of(const struct messages *state, struct align_pair pair)
{
    if (pair.left == ALIGN_NONE)
        return HALVES_RIGHT_ONLY;
    if (pair.right == ALIGN_NONE)
        return HALVES_LEFT_ONLY;
    return page_match_differs(&state->left, &state->right, pair) ? HALVES_DIFFER : HALVES_SAME;
}

static void draw_pairs(struct messages *state, struct canvas *canvas, struct area area)
{
    struct halves halves = halves_of(area);
    int row = -state->scroll.at;

    for (size_t i = 0; i < state->rows.count && row < area.rows; i++) {
        struct align_pair pair = state->rows.pairs[i];
        struct page_place left = { canvas, halves.left, row };
        struct page_place right = { canvas, halves.right, row };
        int height = pair_height(state, pair);

        if (pair.left != ALIGN_NONE)
            page_draw_line(&state->left, (size_t)pair.left, &left);
        if (pair.right != ALIGN_NONE)
            page_draw_line(&state->right, (size_t)pair.right, &right);
        for (int at = row < 0 ? 0 : row; at < row + height && at < area.rows; at++)
            halves_draw_relation(canvas, &halves, at, relation_of(state, pair));
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
    struct message_writer writer = { .report = scene->report,
                                     .show_secrets = scene->show_secrets != state->toggled,
                                     .ascii = canvas->ascii,
                                     .compared = true };

    if (!left_step || !right_step) {
        halves_draw_gone(canvas, area);
        return;
    }
    state->columns = area.columns;
    state->show_secrets = writer.show_secrets;
    write_page(&writer, &state->left, left_step);
    write_page(&writer, &state->right, right_step);
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
