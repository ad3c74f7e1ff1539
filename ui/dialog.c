/* dialog.c: a framed box over another screen */
#include "ui/dialog.h"

enum { FRAME = 2, MARGIN = 2 }; /* rows of a frame; columns of a frame with a blank each */

static int at_most(int wanted, int room)
{
    return wanted < room ? wanted : room;
}

static void draw_edge(struct canvas *canvas, struct area box, int row, const char *title)
{
    enum sign left = row == 0 ? SIGN_TOP_LEFT : SIGN_BOTTOM_LEFT;
    enum sign right = row == 0 ? SIGN_TOP_RIGHT : SIGN_BOTTOM_RIGHT;
    struct pen pen = pen_at(canvas, box, row);

    pen_put_sign(&pen, STYLE_DIM, left);
    pen_fill(&pen, STYLE_DIM, SIGN_HORIZONTAL, pen_left(&pen) - 1);
    pen_put_sign(&pen, STYLE_DIM, right);
    if (!title)
        return;
    pen_move(&pen, 2);
    pen.end -= 2;
    pen_put(&pen, STYLE_TITLE, " ");
    pen_put(&pen, STYLE_TITLE, title);
    pen_put(&pen, STYLE_TITLE, " ");
}

struct area dialog_draw(struct canvas *canvas, struct area area, const struct dialog *dialog)
{
    struct area box = { .rows = at_most(dialog->rows + FRAME, area.rows),
                        .columns = at_most(dialog->columns + 2 * MARGIN, area.columns) };

    box.row = area.row + (area.rows - box.rows) / 2;
    box.column = area.column + (area.columns - box.columns) / 2;
    for (int row = 1; row < box.rows - 1; row++) {
        struct pen pen = pen_at(canvas, box, row);

        pen_put_sign(&pen, STYLE_DIM, SIGN_VERTICAL);
        pen_put_field(&pen, STYLE_PLAIN, "", pen_left(&pen) - 1);
        pen_put_sign(&pen, STYLE_DIM, SIGN_VERTICAL);
    }
    draw_edge(canvas, box, 0, dialog->title);
    draw_edge(canvas, box, box.rows - 1, NULL);
    canvas_deselect(canvas, box);
    return (struct area){ box.row + 1, box.column + MARGIN, box.rows - FRAME,
                          box.columns - 2 * MARGIN };
}
