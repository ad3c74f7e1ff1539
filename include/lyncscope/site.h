/* site.h: what the traffic shows of a site: who is who, and which names lead where
 *
 * Learned from all sign-ins together, corrected by --proxy, --internal and
 * --sip-domain.  Every entry has a packet that shows it.
 */
#ifndef LYNCSCOPE_SITE_H
#define LYNCSCOPE_SITE_H

#include "lyncscope/signin.h"

enum {
    SITE_SERVERS_MAX = 64,
    SITE_PORTS_MAX = 4,
    SITE_DOMAINS_MAX = 64,
    SITE_POOLS_MAX = 32,
    SITE_NAMES_MAX = 64,
    SITE_ANSWERS_MAX = 8,
    SITE_ADDRESSES_MAX = 4,
    SITE_FAULTS_MAX = 16,
};

struct site_server {
    struct address address;
    enum role role;      /* ROLE_DNS, ROLE_PROXY, ROLE_DIRECTOR, ROLE_FRONT_END or ROLE_SERVER */
    bool inside;         /* a private address, or one of --internal */
    const char *name;    /* as it calls itself (X-MS-Server-Fqdn), or NULL */
    bool holds_users;    /* it gave somebody the final document */
    bool sends_users_on; /* it sent somebody to another host for that */
    uint16_t ports[SITE_PORTS_MAX];
    size_t port_count;
    struct evidence evidence;
};

struct site_domain {
    const char *name;
    unsigned signins;
    struct evidence evidence; /* packet 0: only --sip-domain names it */
};

struct site_pool {
    const char *name;
    unsigned users; /* sign-ins whose home it is */
    struct evidence evidence;
};

struct site_answer { /* of one resolver, the first */
    struct address resolver;
    unsigned rcode;
    struct address addresses[SITE_ADDRESSES_MAX];
    size_t address_count;
    unsigned signin; /* its number */
    struct evidence evidence;
};

struct site_name {
    const char *name;
    struct site_answer answers[SITE_ANSWERS_MAX];
    size_t answer_count;
    bool named;             /* by a document, a redirect or a header */
    unsigned named_to;      /* number of that sign-in */
    struct evidence naming; /* where */
};

enum site_fault_kind {
    SITE_RESOLVERS_DIFFER,
    SITE_NAME_WITHOUT_RECORD,
    SITE_INTERNAL_NAME_OUTSIDE,
    SITE_DISCOVERY_SPLITS,
};

struct site_fault { /* what does not fit together */
    enum site_fault_kind kind;
    const char *text; /* a sentence */
    struct evidence evidence[2];
    size_t evidence_count;
    unsigned signins[2];
};

struct site {
    unsigned clients_inside, clients_outside, clients_unknown; /* addresses */
    struct site_server servers[SITE_SERVERS_MAX];
    size_t server_count;
    struct site_domain domains[SITE_DOMAINS_MAX];
    size_t domain_count;
    struct site_pool pools[SITE_POOLS_MAX];
    size_t pool_count;
    struct site_name names[SITE_NAMES_MAX];
    size_t name_count;
    struct site_fault faults[SITE_FAULTS_MAX];
    size_t fault_count;
};

/* As it is now, in `arena`, borrowing texts of sign-ins; NULL: no memory. */
const struct site *site_learn(struct model *model, struct arena *arena);
/* A step keeps the role its server was known by when it happened; now more is known. */
void site_tell_roles(const struct site *site, struct model *model);
const char *site_fault_name(enum site_fault_kind kind); /* "resolvers-differ" ... */

#endif
