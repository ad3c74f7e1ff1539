/* text_view.c: what all screens have in common that are a page to read */
#include "ui/text_view.h"

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

static void draw_position(struct pen pen, const struct scroll *scroll, int height)
{
    struct text word = { 0 };
    int last = scroll->at + scroll->shown;

    if (height > scroll->shown) {
        text_print(&word, " %d-%d/%d", scroll->at + 1, last < height ? last : height, height);
        pen_move(&pen, pen.end - pen.start - (int)text_length(&word));
        pen_put(&pen, STYLE_DIM, text_string(&word));
    }
    text_release(&word);
}

void text_view_draw(struct text_view *view, struct canvas *canvas, struct area area,
                    const char *title)
{
    struct pen pen = pen_at(canvas, area, 0);
    struct area body = area_part(area, 1, area.rows);
    int height = page_height(&view->page, area.columns);

    scroll_fit_page(&view->scroll, height, body.rows);
    pen_put(&pen, STYLE_TITLE, title);
    draw_position(pen_at(canvas, area, 0), &view->scroll, height);
    page_draw(&view->page, canvas, body, view->scroll.at);
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
    (void)scroll_act(&view->scroll, action);
    return (struct wish){ .kind = WISH_NOTHING };
}
