/* signins_draw.c: the first screen: the summary, the filter, the rows, the search */
#include "ui/columns.h"
#include "ui/group_head.h"
#include "ui/settings.h"
#include "ui/signins.h"
#include "ui/summary.h"
#include "ui/words.h"

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
    if (hidden > 0)
        pen_put(&pen, STYLE_DIM, " Press F to show all again.");
    else if (!scene->reading)
        pen_put(&pen, STYLE_DIM, " Press i for what was read.");
}

static void draw_row(const struct signins *state, struct pen pen, const struct roster_row *row,
                     const struct column_layout *layout)
{
    if (row->signin)
        columns_draw_row(pen, layout, row->signin);
    else
        group_head_draw(pen, signins_group(state, row), state->roster.group_by);
}

/* At the right edge of the sign-in that others are compared with. */
static void draw_mark(struct pen pen, struct area area, const struct roster_row *row,
                      unsigned marked)
{
    if (!row->signin || !marked || row->signin->id != marked)
        return;
    pen_move(&pen, area.columns - 1);
    pen_put_sign(&pen, STYLE_WARNING, SIGN_MARKED);
}

/* Where the rows on top would stand without the head of their group. */
static void show_head(struct signins *state, int rows)
{
    struct scroll *scroll = &state->scroll;

    if (scroll->top > 0 && scroll->at < scroll->top + rows - 1 &&
        !state->roster.rows[scroll->top - 1].signin)
        scroll->top--;
}

static void draw_rows(struct signins *state, struct canvas *canvas, struct area area,
                      const struct scene *scene)
{
    struct column_layout layout =
        columns_layout(scene->report, &scene->settings->columns, area.columns);

    state->layout = layout;
    state->heading = area.row;
    columns_draw_heading(pen_at(canvas, area, 0), &layout, scene->settings->sorted,
                         scene->settings->reversed);
    area = area_part(area, 1, area.rows);
    scroll_fit(&state->scroll, (int)state->roster.count, area.rows);
    show_head(state, area.rows);
    if (state->roster.count == 0)
        draw_nothing(canvas, area, scene, state->roster.hidden);
    for (int row = 0; row < area.rows; row++) {
        int index = state->scroll.top + row;

        if (index >= (int)state->roster.count)
            break;
        draw_row(state, pen_at(canvas, area, row), &state->roster.rows[index], &layout);
        draw_mark(pen_at(canvas, area, row), area, &state->roster.rows[index], scene->marked);
        if (index == state->scroll.at)
            canvas_select(canvas, area_part(area, row, 1));
    }
}

/* How many are hidden always has its place; the words of the filter get the rest. */
static void draw_filter(const struct signins *state, struct pen pen, const struct scene *scene)
{
    struct text words = { 0 }, hides = { 0 };

    if (scene->settings->group != TRAIT_COUNT)
        text_print(&words, "by %s  ", trait_name(scene->settings->group));
    if (!row_filter_is_empty(scene->filter)) {
        text_add(&words, "only: ");
        row_filter_add_words(&words, scene->filter, pen.canvas->ascii);
        text_add(&hides, "hides ");
        count_add(&hides, state->roster.hidden);
    }
    pen_put_field(&pen, STYLE_LABEL, text_string(&words),
                  pen_left(&pen) - (int)text_length(&hides) - 1);
    pen_put(&pen, STYLE_PLAIN, " ");
    pen_put(&pen, STYLE_WARNING, text_string(&hides));
    text_release(&words);
    text_release(&hides);
}

void signins_draw(void *data, struct canvas *canvas, struct area area, const struct scene *scene)
{
    struct signins *state = data;
    bool filtered = !row_filter_is_empty(scene->filter) || scene->settings->group != TRAIT_COUNT;
    int first = SUMMARY_ROWS + filtered;
    int behind = signins_search_is_shown(state);

    signins_build(state, scene);
    signins_select_row(state, false);
    summary_draw(canvas, area_part(area, 0, SUMMARY_ROWS), scene);
    if (filtered)
        draw_filter(state, pen_at(canvas, area, SUMMARY_ROWS), scene);
    draw_rows(state, canvas, area_part(area, first, area.rows - first - behind), scene);
    if (behind)
        signins_search_draw(state, pen_at(canvas, area, area.rows - 1), scene);
}
