/* site.h: what the parts of learning a site share */
#ifndef LYNCSCOPE_SIGNIN_SITE_H
#define LYNCSCOPE_SIGNIN_SITE_H

#include "lyncscope/site.h"

enum { SEEN_URLS = 8 };

struct learner {
    struct model *model;
    struct arena *arena;
    struct site *site;
    uint32_t *clients; /* by hash of the address: place of the first sign-in + 1; 0: free */
    size_t client_mask;
    struct root *roots; /* site_faults.c: what discovery names lead to */
    size_t root_count;
    struct slice seen[SEEN_URLS]; /* site_names.c: the last URLs in answers */
    size_t seen_count;
};

bool learner_is_inside(const struct learner *learner, const struct address *address);
/* NULL: there are too many. */
struct site_name *learner_name(struct learner *learner, const char *name);

/* site_names.c, site_faults.c */
void learner_read_names(struct learner *learner, const struct signin *signin);
void learner_read_root(struct learner *learner, const struct signin *signin,
                       const struct step *step); /* of HTTP */
void learner_find_faults(struct learner *learner);

#endif
