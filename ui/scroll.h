/* scroll.h: the selected row of something that scrolls */
#ifndef UI_SCROLL_H
#define UI_SCROLL_H

#include "ui/actions.h"

struct scroll {
    int at;    /* the selected row; of a page: the row on top */
    int top;   /* the first row shown */
    int shown; /* rows of the area it was last drawn in */
};

/* Moves `at`; false when the action moves nothing. */
bool scroll_act(struct scroll *scroll, enum action action);
/* Keeps `at` inside `count` rows and inside the area, with as little movement as can be. */
void scroll_fit(struct scroll *scroll, int count, int shown);
/* The same for a page, where `at` is the top row itself. */
void scroll_fit_page(struct scroll *scroll, int count, int shown);

#endif
