/* status_line.h: the top line: what is read, how much came, and that it is live */
#ifndef UI_STATUS_LINE_H
#define UI_STATUS_LINE_H

#include "ui/view.h"

void status_line_draw(struct pen pen, const struct scene *scene);

#endif
