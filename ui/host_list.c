/* host_list.c: the hosts of the site, as the sign-ins show them: each name and address once */
#include "ui/host_list.h"

#include <stdlib.h>
#include <string.h>

/* One host may offer several ports. */
static bool is_same(const struct party *a, const struct party *b)
{
    return a->role == b->role && address_equals(&a->endpoint.address, &b->endpoint.address) &&
           strcmp(a->name ? a->name : "", b->name ? b->name : "") == 0;
}

static void add(struct host_list *site, const struct party *party)
{
    if (party->role == ROLE_UNKNOWN || party->role == ROLE_CLIENT)
        return;
    for (size_t i = 0; i < site->count; i++)
        if (is_same(site->hosts[i], party))
            return;
    if (site->count == HOSTS_LISTED_MAX)
        site->left_out++;
    else
        site->hosts[site->count++] = party;
}

static int compare_hosts(const void *a, const void *b)
{
    const struct party *one = *(const struct party *const *)a;
    const struct party *other = *(const struct party *const *)b;
    int order;

    if (one->role != other->role)
        return one->role < other->role ? -1 : 1;
    order = strcmp(one->name ? one->name : "", other->name ? other->name : "");
    return order ? order
                 : memcmp(one->endpoint.address.bytes, other->endpoint.address.bytes,
                          sizeof one->endpoint.address.bytes);
}

void host_list_learn(struct host_list *site, const struct report *report)
{
    site->count = site->left_out = 0;
    for (size_t i = 0; i < report->signin_count; i++) {
        const struct signin *signin = report->signins[i];

        for (size_t s = 0; s < signin->step_count; s++) {
            add(site, &signin->steps[s].to);
            if (signin->steps[s].relay)
                add(site, &signin->steps[s].relay->to);
        }
    }
    if (site->count > 1)
        qsort(site->hosts, site->count, sizeof *site->hosts, compare_hosts);
}

const char *host_role_word(const struct party *host)
{
    static const char *const words[] = {
        [ROLE_UNKNOWN] = "host",  [ROLE_CLIENT] = "client",     [ROLE_DNS] = "DNS",
        [ROLE_PROXY] = "proxy",   [ROLE_DIRECTOR] = "Director", [ROLE_FRONT_END] = "Front End",
        [ROLE_SERVER] = "server",
    };

    return words[host->role];
}
