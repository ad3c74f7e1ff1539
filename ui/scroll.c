/* scroll.c: the selected row of something that scrolls */
#include "ui/scroll.h"

enum { FAR = 1 << 28 }; /* beyond any row; brought back by the next fit */

bool scroll_act(struct scroll *scroll, enum action action)
{
    int page = scroll->shown > 1 ? scroll->shown - 1 : 1;
    int from = scroll->at;

    if (action == ACTION_UP)
        scroll->at--;
    else if (action == ACTION_DOWN)
        scroll->at++;
    else if (action == ACTION_PAGE_UP)
        scroll->at -= page;
    else if (action == ACTION_PAGE_DOWN)
        scroll->at += page;
    else if (action == ACTION_FIRST)
        scroll->at = 0;
    else if (action == ACTION_LAST)
        scroll->at = FAR;
    if (scroll->at < 0)
        scroll->at = 0;
    else if (scroll->at > FAR)
        scroll->at = FAR;
    return scroll->at != from;
}

static int limit(int value, int most)
{
    if (value > most)
        value = most;
    return value < 0 ? 0 : value;
}

void scroll_fit(struct scroll *scroll, int count, int shown)
{
    scroll->shown = shown;
    scroll->at = limit(scroll->at, count - 1);
    if (scroll->top > scroll->at)
        scroll->top = scroll->at;
    if (scroll->top < scroll->at - shown + 1)
        scroll->top = scroll->at - shown + 1;
    scroll->top = limit(scroll->top, count - shown);
}

void scroll_fit_page(struct scroll *scroll, int count, int shown)
{
    scroll->shown = shown;
    scroll->at = limit(scroll->at, count - shown);
    scroll->top = scroll->at;
}
