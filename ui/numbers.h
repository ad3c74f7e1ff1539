/* numbers.h: sign-ins counted: how they ended, why, whose they were, how long each stage took
 *
 * Everything is counted anew for each frame and borrows from the report.
 */
#ifndef UI_NUMBERS_H
#define UI_NUMBERS_H

#include "lyncscope/report.h"

enum {
    GROUPS_MAX = 48,  /* that are told apart */
    SLOTS_MAX = 240,  /* pieces of time */
    STAGES_TIMED = 9, /* DNS to mobility */
};

struct tally {
    size_t all, failed, unclear;
};

struct number_group {
    const char *name;        /* NULL: not known */
    const struct rule *rule; /* of a cause */
    struct tally tally;
};

/* The largest first. */
struct number_groups {
    struct number_group items[GROUPS_MAX];
    size_t count;
    struct tally others; /* what belongs to none of these */
};

struct numbers {
    struct tally tally;
    int64_t first_ns, last_ns; /* starts of the first and the last sign-in */
    struct number_groups causes, domains, kinds, front_ends;
};

void numbers_count(struct numbers *numbers, const struct report *report);

/* The Front End that answered a sign-in, else its home pool; NULL: not known. */
const char *front_end_of(const struct signin *signin);

/* How many sign-ins began in each of `count` equal pieces of the time. */
enum slot_kind { SLOT_SUCCEEDED, SLOT_FAILED, SLOT_UNCLEAR, SLOT_CAUSE };
struct slots {
    int count; /* set these three first */
    enum slot_kind kind;
    const struct rule *cause; /* of SLOT_CAUSE */
    unsigned most;            /* in one slot */
    unsigned counts[SLOTS_MAX];
};
void slots_count(struct slots *slots, const struct report *report, const struct numbers *numbers);

/* How long steps took; of `whole`, how long sign-ins took that succeeded. */
struct durations {
    size_t count;
    int64_t median_ns, p90_ns, most_ns;
};
/* False: no memory. */
bool durations_of_stage(struct durations *out, const struct report *report, enum stage stage);
bool durations_of_signins(struct durations *out, const struct report *report);

#endif
