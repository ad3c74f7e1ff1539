/* causes.h: the sign-ins of a report by what decided them, the most frequent cause first */
#ifndef LYNCSCOPE_REPORT_CAUSES_H
#define LYNCSCOPE_REPORT_CAUSES_H

#include "lyncscope/report.h"

struct cause {
    const struct finding
        *finding; /* of its first sign-in; NULL: nothing was found, or it went well */
    enum outcome outcome;
    size_t first, count; /* in causes.signins */
};

struct causes {
    struct arena *arena;
    const struct signin **signins; /* failed ones first, then those that cannot be judged */
    size_t signin_count;
    struct cause *list;
    size_t count;
};

/* Borrows the report; without memory it is empty. */
struct causes causes_collect(const struct report *report);
void causes_release(struct causes *causes);

/* Found by the same rule and told in the same words. */
bool causes_are_same(const struct finding *a, const struct finding *b);

#endif
