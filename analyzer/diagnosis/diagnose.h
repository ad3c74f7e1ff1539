/* diagnose.h: what rules work with
 *
 * One struct diagnosis lives while one sign-in is judged.  A rule's `find`
 * looks at the steps and adds findings; it never prints and never decides the
 * outcome, which verdict.c does from all findings together.
 */
#ifndef LYNCSCOPE_DIAGNOSIS_DIAGNOSE_H
#define LYNCSCOPE_DIAGNOSIS_DIAGNOSE_H

#include "lyncscope/rule.h"
#include "lyncscope/text.h"

enum { FINDINGS_MAX = CAPTURE_FINDINGS_MAX, REPEATS_MAX = 64 };

#define SECOND_NS ((int64_t)1000000000)

/* A discovery name as its look-ups left it. */
struct name_facts {
    const char *name;   /* NULL: never asked for */
    unsigned questions; /* repeats included */
    bool address;       /* an A or AAAA came back */
    bool missing;       /* NXDOMAIN, or an A answer without an address */
    bool unknown;       /* an answer was cut by the snap length */
    bool refused;       /* SERVFAIL or REFUSED */
    unsigned rcode;     /* the last one that was not NOERROR */
    bool silent;        /* no question was answered */
    bool alias_dangling, alias_loop;
    const char *alias;       /* where the alias chain ends */
    const struct step *step; /* the one that shows it best */
    const struct step *address_step;
};

/* Clients try again: what was found once may show at later steps as well. */
struct repeat {
    const struct rule *rule;
    const struct step *step;
};

struct diagnosis {
    struct model *model;
    struct signin *signin;
    const struct capture_facts *facts;
    struct arena *arena;
    struct finding *findings;
    size_t count;
    struct text scratch;                /* a finding's text while it is made */
    struct repeat repeats[REPEATS_MAX]; /* in the order of the steps of each rule */
    size_t repeat_count;
    struct name_facts internal, external;
    bool dns_dead;               /* neither discovery name gave an address */
    const struct step *progress; /* the last step that brought the client further; NULL: none */
    bool client_outside;         /* certainly not in the company network */
};

/* What a finding is about; unset fields fall back to the step's own. */
struct about {
    const struct step *step;                  /* its evidence is the finding's */
    const struct step *also;                  /* a second step whose evidence counts */
    const char *name;                         /* {name} */
    const char *host;                         /* {host} */
    const char *detail;                       /* {detail} */
    const char *title, *cause, *fix, *result; /* instead of the rule's, which has several cases */
    const enum severity *severity;            /* instead of the rule's */
    const struct evidence *evidence;          /* only this packet of the step's proves it */
    const struct evidence *second;            /* and this one */
};

void diagnosis_find_all(struct diagnosis *d); /* every rule of the table */
void diagnosis_add(struct diagnosis *d, const struct rule *rule, struct about about);
/* Where a rule looks at each step: the first one gives the finding, later ones are noted. */
void diagnosis_add_first(struct diagnosis *d, const struct rule *rule, struct about about);
/* The last step that shows what was found; NULL: it is about no step. */
const struct step *diagnosis_last_step(const struct diagnosis *d, const struct finding *finding);
bool diagnosis_has(const struct diagnosis *d, const char *rule_id);
bool diagnosis_has_at(const struct diagnosis *d, const char *rule_id, const struct step *step);
/* Sign-ins are looked back on, not all of them: index of the first one to compare with, and its
 * own. */
struct neighbours {
    size_t first, own;
};
struct neighbours diagnosis_neighbours(const struct diagnosis *d);
/* Nothing after this step brought the client further. */
bool diagnosis_is_last_word(const struct diagnosis *d, const struct step *step);
void diagnosis_learn_names(struct diagnosis *d); /* facts_dns.c */
const char *diagnosis_text(struct diagnosis *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *diagnosis_duration(struct diagnosis *d, int64_t duration_ns); /* "12 ms", "4.2 s" */
const char *diagnosis_lower(struct diagnosis *d, struct slice name);      /* NULL when empty */
const char *diagnosis_escaped(struct diagnosis *d, struct slice text);    /* for use inside texts */
/* The finding that stopped the sign-in, among those there are so far; NULL: none. */
const struct finding *verdict_cause(const struct diagnosis *d);
void diagnosis_end(struct diagnosis *d);         /* verdict.c: outcome, order, capture findings */
void diagnosis_judge_steps(struct diagnosis *d); /* judge.c: each step's status */

void diagnosis_look_at_site(struct diagnosis *d); /* rules_site.c: what is of no sign-in */

/* ---- questions that rules share: predicates.c ---- */
bool http_is_client_leg(const struct step *step);
bool http_status_is(const struct step *step, unsigned status);
bool http_is_good(const struct step *step); /* 2xx */
bool http_says_lync(
    const struct step *step); /* the Lync service itself answered: X-MS-Server-Fqdn or its types */
bool http_carries_ticket(const struct step *step);     /* X-MS-WebTicket or Bearer */
bool http_is_discovery(const struct step *step);       /* root, domain, user, oauth/user */
bool http_is_expected_401(const struct step *step);    /* a challenge, not a refusal */
bool http_is_office_web_apps(const struct step *step); /* beside the sign-in */
struct slice http_response_header(const struct step *step, const char *name);
struct slice http_request_header(const struct step *step, const char *name);
/* Host of a URL in lower case in the diagnosis' arena, or NULL. */
const char *diagnosis_url_host(struct diagnosis *d, struct slice url);
/* A document or header of this sign-in sent the client to that host before this step. */
const struct step *diagnosis_who_named(struct diagnosis *d, const char *host,
                                       const struct step *before);
bool text_is_internal_name(struct diagnosis *d, const char *host);
const struct step *diagnosis_connection_of(const struct diagnosis *d, const struct step *step);

bool name_shares_domain(const char *a, const char *b); /* the same registrable domain */
bool name_is_online_service(const char *host);

struct rule_table {
    const struct rule *rules;
    size_t count;
};
extern const struct rule_table rules_dns, rules_tcp, rules_certificate, rules_issuer, rules_tls,
    rules_http, rules_redirect, rules_response, rules_auth, rules_auth_binding, rules_webticket,
    rules_pool, rules_mobility, rules_mobility_session, rules_topology, rules_publishing,
    rules_site, rules_capture;

#endif
