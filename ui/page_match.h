/* page_match.h: two pages line by line, and where their lines differ */
#ifndef UI_PAGE_MATCH_H
#define UI_PAGE_MATCH_H

#include "ui/align.h"
#include "ui/page.h"

/* Aligns the lines of two pages and marks in both what differs within a pair. False: no memory. */
bool page_match_make(struct alignment *rows, struct page *left, struct page *right);
bool page_match_differs(const struct page *left, const struct page *right, struct align_pair pair);

#endif
