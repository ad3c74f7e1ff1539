/* rows.c: sign-ins printed one by one, as soon as each is decided */
#include "rows.h"

#include <time.h>

#define SECOND ((int64_t)1000000000)

void rows_begin(struct rows *rows, bool wanted, struct budget *budget)
{
    *rows = (struct rows){ .wanted = wanted, .budget = budget };
}

void rows_free(struct rows *rows)
{
    memory_give(rows->budget, rows->printed, rows->capacity);
    rows->printed = NULL;
}

bool rows_are_wanted(const struct rows *rows)
{
    return rows->wanted;
}

bool rows_are_due(struct rows *rows)
{
    struct timespec now;
    int64_t now_ns;

    if (!rows->wanted)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    now_ns = (int64_t)now.tv_sec * SECOND + now.tv_nsec;
    if (now_ns - rows->looked_ns < SECOND / 2)
        return false;
    rows->looked_ns = now_ns;
    return true;
}

static bool is_new(const struct rows *rows, const struct signin *signin, bool all)
{
    return (signin->closed || all) && !(signin->id < rows->capacity && rows->printed[signin->id]);
}

void rows_print(struct rows *rows, const struct report *report, bool all,
                const struct report_options *how, FILE *file, bool ndjson)
{
    for (size_t i = 0; i < report->signin_count; i++) {
        if (!is_new(rows, report->signins[i], all))
            continue;
        if (ndjson)
            report_ndjson(file, report->signins[i], how);
        else
            report_text_row(file, report->signins[i], how);
    }
    fflush(file);
}

void rows_remember(struct rows *rows, const struct report *report, bool all)
{
    for (size_t i = 0; i < report->signin_count; i++) {
        unsigned id = report->signins[i]->id;

        if (!is_new(rows, report->signins[i], all))
            continue;
        if (id >= rows->capacity) {
            size_t capacity = (size_t)id * 2 + 64;
            uint8_t *grown = memory_resize(rows->budget, rows->printed, rows->capacity, capacity);

            if (!grown)
                return;
            rows->printed = grown;
            rows->capacity = capacity;
        }
        rows->printed[id] = 1;
    }
}
