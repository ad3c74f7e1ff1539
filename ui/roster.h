/* roster.h: which sign-ins the list shows, in which order, for one frame */
#ifndef UI_ROSTER_H
#define UI_ROSTER_H

#include "lyncscope/report.h"

struct roster_wish {
    int (*compare)(const struct signin *a, const struct signin *b); /* NULL: as they began */
    bool reversed;
    bool only_failed;
};

/* Borrows from the report: good until its next change. */
struct roster {
    const struct signin **rows;
    size_t count, capacity;
    size_t hidden; /* by our own filter */
};

void roster_build(struct roster *roster, const struct report *report,
                  const struct roster_wish *wish);
void roster_release(struct roster *roster);
/* Index of that sign-in; `count` when it is not shown. */
size_t roster_find(const struct roster *roster, unsigned id);

#endif
