/* group_head.h: the head of a group in the list: how many, how many failed, what they share */
#ifndef UI_GROUP_HEAD_H
#define UI_GROUP_HEAD_H

#include "ui/canvas.h"
#include "ui/roster.h"

void group_head_draw(struct pen pen, const struct roster_group *group, enum trait trait);

#endif
