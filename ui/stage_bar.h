/* stage_bar.h: how far a sign-in came, one mark a stage */
#ifndef UI_STAGE_BAR_H
#define UI_STAGE_BAR_H

#include "ui/canvas.h"

enum bar_slot {
    BAR_DNS,
    BAR_TCP,
    BAR_TLS,
    BAR_ROOT,
    BAR_REDIRECT,
    BAR_TICKET,
    BAR_USER,
    BAR_MOBILITY,
    BAR_COUNT,
};

enum bar_mark { BAR_NOT_REACHED, BAR_EXPECTED, BAR_REACHED, BAR_BROKEN };

enum { BAR_NARROW = BAR_COUNT, BAR_WIDE = 35 };

struct stage_bar {
    enum bar_mark marks[BAR_COUNT];
};

struct stage_bar stage_bar_of(const struct signin *signin);
/* Both are BAR_WIDE columns, or BAR_NARROW when the pen has no more. */
void stage_bar_draw(struct pen *pen, const struct stage_bar *bar, int columns);
void stage_bar_draw_title(struct pen *pen, int columns);

#endif
