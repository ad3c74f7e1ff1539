/* site.h: what the parts of learning a site share */
#ifndef LYNCSCOPE_SIGNIN_SITE_H
#define LYNCSCOPE_SIGNIN_SITE_H

#include "lyncscope/site.h"

struct learner {
    struct model *model;
    struct arena *arena;
    struct site *site;
    uint32_t *clients; /* by hash of the address: place of the first sign-in + 1; 0: free */
    size_t client_mask;
};

bool learner_is_inside(const struct learner *learner, const struct address *address);
/* NULL: there are too many. */
struct site_name *learner_name(struct learner *learner, const char *name);

/* site_names.c, site_faults.c */
void learner_read_names(struct learner *learner, const struct signin *signin);
void learner_find_roots(struct learner *learner);
void learner_find_faults(struct learner *learner);

#endif
