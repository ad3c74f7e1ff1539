/* roster.c: which sign-ins the list shows, in which order, for one frame */
#include "ui/roster.h"

#include <stdlib.h>

static bool reserve(struct roster *roster, size_t count)
{
    size_t capacity = count + count / 2 + 64;
    void *rows;

    if (count <= roster->capacity)
        return true;
    rows = memory_resize(NULL, roster->rows, roster->capacity * sizeof(const struct signin *),
                         capacity * sizeof(const struct signin *));
    if (!rows)
        return false;
    roster->rows = rows;
    roster->capacity = capacity;
    return true;
}

/* Equal ones stay in the order they began in, so rows do not jump about. */
static int compare_rows(const void *a, const void *b, void *context)
{
    const struct signin *one = *(const struct signin *const *)a;
    const struct signin *other = *(const struct signin *const *)b;
    const struct roster_wish *wish = context;
    int order = wish->compare ? wish->compare(one, other) : 0;

    if (order == 0)
        order = (one->id > other->id) - (one->id < other->id);
    return wish->reversed ? -order : order;
}

void roster_build(struct roster *roster, const struct report *report,
                  const struct roster_wish *wish)
{
    struct roster_wish order = *wish;

    roster->count = 0;
    roster->hidden = 0;
    if (!reserve(roster, report->signin_count))
        return;
    for (size_t i = 0; i < report->signin_count; i++) {
        if (wish->only_failed && report->signins[i]->outcome != OUTCOME_FAILED)
            roster->hidden++;
        else
            roster->rows[roster->count++] = report->signins[i];
    }
    if (roster->count > 1 && (wish->compare || wish->reversed))
        qsort_r(roster->rows, roster->count, sizeof(const struct signin *), compare_rows, &order);
}

void roster_release(struct roster *roster)
{
    memory_give(NULL, roster->rows, roster->capacity * sizeof(const struct signin *));
    *roster = (struct roster){ 0 };
}

size_t roster_find(const struct roster *roster, unsigned id)
{
    size_t i = 0;

    while (i < roster->count && roster->rows[i]->id != id)
        i++;
    return i;
}
