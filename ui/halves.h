/* halves.h: two things side by side, with a sign between their rows */
#ifndef UI_HALVES_H
#define UI_HALVES_H

#include "ui/canvas.h"
#include "ui/view.h"

struct halves {
    struct area left, middle, right;
};

enum half_relation { HALVES_SAME, HALVES_DIFFER, HALVES_LEFT_ONLY, HALVES_RIGHT_ONLY };

struct halves halves_of(struct area area);
void halves_draw_relation(struct canvas *canvas, const struct halves *halves, int row,
                          enum half_relation relation);
/* "Sign-in 3 X wrong password"; `step` 0: none. */
void halves_draw_signin(struct pen pen, const struct signin *signin, unsigned step);
/* Where one of the two is gone. */
void halves_draw_gone(struct canvas *canvas, struct area area);

#endif
