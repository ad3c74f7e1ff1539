/* text_view.c: what all screens have in common that are a page to read */
#include "ui/text_view.h"

#include "ui/measure.h"

bool text_view_open(void *state, const struct target *target)
{
    struct text_view *view = state;

    view->target = *target;
    return true;
}

void text_view_close(void *state)
{
    struct text_view *view = state;

    page_release(&view->page);
}

/* ---- drawing ---- */

/* Returns the columns it takes. */
static int draw_position(struct pen pen, const struct text_view *view, int height)
{
    const struct scroll *scroll = &view->scroll;
    struct text word = { 0 };
    int last = scroll->at + scroll->shown, columns;

    if (find_is_on(&view->find)) {
        text_add(&word, " ");
        find_add_state(&word, &view->find, &view->page);
    }
    if (height > scroll->shown)
        text_print(&word, " %d-%d/%d", scroll->at + 1, last < height ? last : height, height);
    columns = measure_text(buffer_slice(&word.bytes));
    pen_move(&pen, pen.end - pen.start - columns);
    pen_put(&pen, STYLE_DIM, text_string(&word));
    text_release(&word);
    return columns;
}

static void select_found(const struct text_view *view, struct canvas *canvas, struct area body)
{
    const struct page *page = &view->page;
    int row, rows;

    if (!view->find.found)
        return;
    row = page_row_of(page, view->find.line, body.columns) - view->scroll.at;
    rows = page_line_height(page, view->find.line, body.columns);
    for (int i = row < 0 ? 0 : row; i < row + rows && i < body.rows; i++)
        canvas_select(canvas, area_part(body, i, 1));
}

void text_view_draw(struct text_view *view, struct canvas *canvas, struct area area,
                    const char *title)
{
    struct pen pen = pen_at(canvas, area, 0);
    struct area body = area_part(area, 1, area.rows);
    int height = page_height(&view->page, area.columns);

    if (view->find.prompt.is_open) {
        body.rows--;
        prompt_draw(&view->find.prompt, pen_at(canvas, area, area.rows - 1));
    }
    view->columns = area.columns;
    find_mark(&view->find, &view->page);
    scroll_fit_page(&view->scroll, height, body.rows);
    pen.end -= draw_position(pen_at(canvas, area, 0), view, height);
    pen_put(&pen, STYLE_TITLE, title);
    page_draw(&view->page, canvas, body, view->scroll.at);
    select_found(view, canvas, body);
}

/* ---- keys ---- */

/* Some rows of what stands before it stay in sight. */
static void show_found(struct text_view *view)
{
    int row = page_row_of(&view->page, view->find.line, view->columns);
    int above = view->scroll.shown / 4;

    if (row < view->scroll.at || row >= view->scroll.at + view->scroll.shown)
        view->scroll.at = row > above ? row - above : 0;
}

/* From the place found last, while it is in sight; else from the top row. */
static void step(struct text_view *view, bool forward)
{
    size_t from = page_line_at(&view->page, view->scroll.at, view->columns);
    int row = page_row_of(&view->page, view->find.line, view->columns);

    if (view->find.found && row >= view->scroll.at && row < view->scroll.at + view->scroll.shown)
        from = view->find.line;
    if (view->page.count > 0 && find_step(&view->find, &view->page, from, forward))
        show_found(view);
}

void text_view_select(void *state, const struct scene *scene, struct target *target)
{
    const struct text_view *view = state;

    (void)scene;
    target->signin = view->target.signin;
    target->step = view->target.step;
}

struct wish text_view_act(void *state, enum action action, const struct scene *scene)
{
    struct text_view *view = state;

    (void)scene;
    if (action == ACTION_FIND)
        find_open(&view->find, page_line_at(&view->page, view->scroll.at, view->columns));
    else if (action == ACTION_FIND_NEXT || action == ACTION_FIND_PREVIOUS)
        step(view, action == ACTION_FIND_NEXT);
    else
        (void)scroll_act(&view->scroll, action);
    return (struct wish){ .kind = WISH_NOTHING };
}

bool text_view_type(void *state, uint32_t input, const struct scene *scene, struct wish *wish)
{
    struct text_view *view = state;
    bool moved, taken = find_type(&view->find, &view->page, input, &moved);

    (void)scene;
    (void)wish;
    if (moved)
        show_found(view);
    return taken;
}

const char *text_view_hint(const void *state)
{
    const struct text_view *view = state;

    return view->find.prompt.is_open ? prompt_hint : NULL;
}
