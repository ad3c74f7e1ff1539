/* text_view.h: what all screens have in common that are a page to read */
#ifndef UI_TEXT_VIEW_H
#define UI_TEXT_VIEW_H

#include "ui/find.h"
#include "ui/scroll.h"
#include "ui/view.h"

struct text_view {
    struct target target;
    struct page page; /* filled anew by each draw */
    struct scroll scroll;
    struct find find;
    int columns; /* of the area it was last drawn in */
};

#define TEXT_VIEW_ACTIONS                                                                          \
    ACTION_FIND, ACTION_FIND_NEXT, ACTION_FIND_PREVIOUS, ACTION_UP, ACTION_DOWN, ACTION_PAGE_UP,   \
        ACTION_PAGE_DOWN, ACTION_FIRST, ACTION_LAST

bool text_view_open(void *state, const struct target *target);
void text_view_close(void *state);
/* Draws the page under a title, with how far it has been read. */
void text_view_draw(struct text_view *view, struct canvas *canvas, struct area area,
                    const char *title);
/* The sign-in and the step that the page was opened on. */
void text_view_select(void *state, const struct scene *scene, struct target *target);
struct wish text_view_act(void *state, enum action action, const struct scene *scene);
bool text_view_type(void *state, uint32_t input, const struct scene *scene, struct wish *wish);
const char *text_view_hint(const void *state);

#endif
