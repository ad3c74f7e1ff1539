/* finding_page.h: findings in full, with rows that open what they tell of */
#ifndef UI_FINDING_PAGE_H
#define UI_FINDING_PAGE_H

#include "ui/page.h"
#include "ui/view.h"

enum { FINDING_LINKS_MAX = 400, SAME_CAUSE_MAX = 100 };

struct finding_link {
    size_t line; /* of the page */
    struct target target;
    bool to_signin; /* else to a message */
};

struct finding_page {
    struct page *page;
    const struct report *report;
    bool ascii;
    struct finding_link links[FINDING_LINKS_MAX];
    size_t link_count;
};

/* What, why, what the user sees, fix, evidence, source, and who else has it. */
void finding_page_add(struct finding_page *out, const struct signin *signin,
                      const struct finding *finding);

#endif
