/* rows.h: sign-ins printed one by one, as soon as each is decided */
#ifndef LYNCSCOPE_ROWS_H
#define LYNCSCOPE_ROWS_H

#include "lyncscope/report.h"

struct rows {
    bool wanted;
    struct budget *budget;
    uint8_t *printed; /* by id */
    size_t capacity;
    int64_t looked_ns;
};

void rows_begin(struct rows *rows, bool wanted, struct budget *budget);
bool rows_are_wanted(const struct rows *rows);
bool rows_are_due(struct rows *rows); /* twice a second */
/* Those not printed so far that are closed, or all of them. */
void rows_print(struct rows *rows, const struct report *report, bool all,
                const struct report_options *how, FILE *file, bool ndjson);
void rows_remember(struct rows *rows, const struct report *report, bool all);
void rows_free(struct rows *rows);

#endif
