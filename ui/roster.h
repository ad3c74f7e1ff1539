/* roster.h: which sign-ins the list shows, in which order and groups, for one frame */
#ifndef UI_ROSTER_H
#define UI_ROSTER_H

#include "lyncscope/report.h"
#include "ui/row_filter.h"

enum { FOLDS_MAX = 128 };

/* Groups are known by the hash of what their sign-ins have in common. */
struct folds {
    bool all; /* folded, but for these; else only these are */
    uint64_t keys[FOLDS_MAX];
    size_t count;
};

bool folds_has(const struct folds *folds, uint64_t key);
void folds_set(struct folds *folds, uint64_t key, bool folded);
void folds_set_all(struct folds *folds, bool folded);

struct roster_wish {
    int (*compare)(const struct signin *a, const struct signin *b); /* NULL: as they began */
    bool reversed;
    const struct row_filter *filter; /* NULL: none */
    bool grouped;
    enum trait group;
    const struct folds *folds; /* NULL: all are open */
};

struct roster_group {
    uint64_t key;
    size_t number;               /* in the order they were met */
    const struct signin *sample; /* one of it */
    size_t count, failed;
    bool mixed; /* their causes do not have the same title */
    bool folded;
};

struct roster_row {
    const struct signin *signin; /* NULL: the head of its group */
    size_t group;                /* index; 0 when not grouped */
    size_t place;                /* in the report: in the order of their starts */
};

/* Borrows from the report: good until its next change. */
struct roster {
    struct roster_row *rows;
    size_t count, capacity;
    size_t shown;  /* sign-ins that pass the filter, folded ones included */
    size_t hidden; /* by the filter */
    enum trait group_by;
    struct roster_group *groups; /* with the most failures first */
    size_t group_count, group_capacity;
    struct roster_row *entries; /* the sign-ins, in no order; what rows are made of */
    size_t entry_capacity;
    size_t *slots; /* a table of groups by key; 1 + index */
    size_t slot_capacity;
};

void roster_build(struct roster *roster, const struct report *report,
                  const struct roster_wish *wish);
void roster_release(struct roster *roster);
/* Row of that sign-in, or of its folded group; `count` when it is not shown. */
size_t roster_find(const struct roster *roster, unsigned id);
/* Row of the head of that group; `count` when there is none. */
size_t roster_find_group(const struct roster *roster, uint64_t key);
/* The group that a sign-in is in. */
uint64_t roster_group_key(const struct signin *signin, enum trait group);

#endif
