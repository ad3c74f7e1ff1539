/* summary.h: the lines on top of the list: what is read, how many sign-ins, what fails most */
#ifndef UI_SUMMARY_H
#define UI_SUMMARY_H

#include "ui/view.h"

enum { SUMMARY_ROWS = 2 };

void summary_draw(struct canvas *canvas, struct area area, const struct scene *scene);

#endif
