/* lifelines.h: the hosts of one sign-in, one line each however many addresses it has */
#ifndef UI_LIFELINES_H
#define UI_LIFELINES_H

#include "lyncscope/signin.h"

enum { LIFELINES_MAX = 24, LIFELINE_KEYS_MAX = 16 };

struct lifeline_key {
    const struct party *party;
    bool inner; /* it was called from behind the proxy */
};

struct lifeline {
    enum role role;
    const struct party *first; /* names the line */
    /* All it is known by: their names and addresses. */
    struct lifeline_key keys[LIFELINE_KEYS_MAX];
    size_t key_count;
    unsigned addresses; /* different ones; for DNS: servers asked */
};

struct lifelines {
    struct lifeline lines[LIFELINES_MAX]; /* 0 is the client */
    size_t count;
};

struct leg_ends {
    size_t from, to; /* indices; those beyond the last line mean "others" */
};

/* Borrows from the sign-in. */
void lifelines_collect(struct lifelines *lifelines, const struct signin *signin);
struct leg_ends lifelines_of_step(const struct lifelines *lifelines, const struct step *step);
struct leg_ends lifelines_of_relay(const struct lifelines *lifelines, const struct step *step);

#endif
