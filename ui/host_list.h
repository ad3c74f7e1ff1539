/* host_list.h: the hosts of the site, as the sign-ins show them */
#ifndef UI_HOST_LIST_H
#define UI_HOST_LIST_H

#include "lyncscope/report.h"

enum { HOSTS_LISTED_MAX = 40 };

/* Borrows from the report; by role, then by name. */
struct host_list {
    const struct party *hosts[HOSTS_LISTED_MAX];
    size_t count, left_out;
};

void host_list_learn(struct host_list *site, const struct report *report);
const char *host_role_word(const struct party *host);

#endif
