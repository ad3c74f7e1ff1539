/* site.h: the hosts of the site, as the sign-ins show them */
#ifndef UI_SITE_H
#define UI_SITE_H

#include "lyncscope/report.h"

enum { SITE_HOSTS_MAX = 40 };

/* Borrows from the report; by role, then by name. */
struct site {
    const struct party *hosts[SITE_HOSTS_MAX];
    size_t count, left_out;
};

void site_learn(struct site *site, const struct report *report);
const char *site_role(const struct party *host);

#endif
