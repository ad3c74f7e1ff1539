/* verdict.h: what is wrong with a sign-in and what to do, in words */
#ifndef UI_VERDICT_H
#define UI_VERDICT_H

#include "ui/page.h"
#include "ui/view.h"

void verdict_add(struct page *page, const struct signin *signin, const struct scene *scene,
                 bool ascii);
/* How it ended, and what belongs to no finding. */
void verdict_add_outcome(struct page *page, const struct signin *signin, bool ascii);
void finding_add(struct page *page, const struct finding *finding, const struct report *report,
                 bool ascii);

#endif
