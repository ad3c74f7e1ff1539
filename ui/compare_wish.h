/* compare_wish.h: the keys that mark a sign-in and that compare it with another one */
#ifndef UI_COMPARE_WISH_H
#define UI_COMPARE_WISH_H

#include "ui/view.h"

/* Marks it, or takes the mark away. */
struct wish mark_wish(const struct scene *scene, unsigned signin);
/* Beside the marked one; where that is itself or none, beside one that works. */
struct wish compare_wish(const struct scene *scene, unsigned signin);

#endif
