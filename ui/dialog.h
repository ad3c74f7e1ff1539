/* dialog.h: a framed box over another screen (view_ops.over_others) */
#ifndef UI_DIALOG_H
#define UI_DIALOG_H

#include "ui/canvas.h"

struct dialog {
    const char *title;
    int rows, columns; /* of its content */
};

/* Draws the box in the middle, smaller where there is no room; returns what is inside. */
struct area dialog_draw(struct canvas *canvas, struct area area, const struct dialog *dialog);

#endif
