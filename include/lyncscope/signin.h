/* signin.h: sign-ins, the model everything above looks at
 *
 * A sign-in is one client's one attempt to find its home pool and get in
 * (contract: report.md).  Steps are what happened, in time order.  Steps own
 * deep copies of the events they came from, in the sign-in's arena; texts are
 * NUL-terminated UTF-8 or NULL when not known.  analyzer/signin/ builds them,
 * analyzer/diagnosis/ adds findings and outcome, report/ and ui/ only read.
 */
#ifndef LYNCSCOPE_SIGNIN_H
#define LYNCSCOPE_SIGNIN_H

#include "lyncscope/event.h"
#include "lyncscope/memory.h"

enum stage { /* in the order of a sign-in */
             STAGE_DNS,
             STAGE_TCP,
             STAGE_TLS,
             STAGE_HTTP,
             STAGE_REDIRECT,
             STAGE_AUTH,
             STAGE_WEBTICKET,
             STAGE_RESPONSE,
             STAGE_MOBILITY,
             STAGE_TOPOLOGY,
             STAGE_CAPTURE,
             STAGE_NONE, /* not failed */
};
enum leg { LEG_DNS, LEG_CLIENT, LEG_INTERNAL };
enum step_status { STEP_OK, STEP_EXPECTED, STEP_WARNING, STEP_FAILED, STEP_UNANSWERED };
enum severity { SEVERITY_CRITICAL, SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO };
enum outcome { OUTCOME_SUCCEEDED, OUTCOME_FAILED, OUTCOME_INCOMPLETE };
enum location { LOCATION_UNKNOWN, LOCATION_INTERNAL, LOCATION_EXTERNAL };
enum role {
    ROLE_UNKNOWN,
    ROLE_CLIENT,
    ROLE_DNS,
    ROLE_PROXY,
    ROLE_DIRECTOR,
    ROLE_FRONT_END,
    ROLE_SERVER
};

/* The words of the contract ("webticket", "unanswered", "front-end" ...). */
const char *stage_name(enum stage stage);
const char *leg_name(enum leg leg);
const char *step_status_name(enum step_status status);
const char *severity_name(enum severity severity);
const char *outcome_name(enum outcome outcome);
const char *location_name(enum location location);
const char *role_name(enum role role);

struct party {
    struct endpoint endpoint;
    const char *name; /* host name in lower case, or NULL */
    enum role role;
};

/* A question with its answer: repeats are one look-up. */
struct dns_lookup {
    const char *name; /* lower case */
    const char *type;
    uint16_t type_number;
    unsigned questions; /* times asked, repeats included */
    bool answered;
    unsigned rcode;
    bool truncated;
    bool cut; /* not all answers were captured */
    struct endpoint client, server;
    const struct dns_record *answers; /* as sent; deep copies */
    size_t answer_count;
    struct evidence question, last_question, answer;
};

/* The same exchange on the other side of the reverse proxy. */
struct relay {
    struct party from, to;
    int64_t time_ns;
    int64_t duration_ns; /* -1: unknown */
    unsigned status;     /* 0: none */
    const char *const *changes;
    size_t change_count;
    const struct http_exchange *http; /* NULL: only its connection was seen */
    struct evidence evidence[2];
    size_t evidence_count;
};

enum { STEP_EVIDENCE_MAX = 8 };

struct step {
    unsigned number; /* from 1, in time order */
    int64_t time_ns;
    int64_t duration_ns; /* request to response; -1: unknown */
    int64_t silence_ns;  /* of a request without answer, until its connection ended; else 0 */
    enum stage stage;
    enum leg leg;
    struct party from, to;
    const char *summary; /* "GET http://lyncdiscover.contoso.com/ -> 200" */
    const char *note; /* what it means, a phrase ("NTLM challenge", "redirect to ..."), or NULL */
    enum step_status status;
    uint64_t flow;
    /* Exactly one of these is set, by stage and kind. */
    const struct dns_lookup *dns;
    const struct tcp_connection *tcp;
    const struct tls_session *tls;
    const struct http_exchange *http; /* bodies kept up to 64 KiB; see http->*.body.bytes */
    const char *url;                  /* of http: absolute, NULL otherwise */
    const struct relay *relay;
    struct evidence evidence[STEP_EVIDENCE_MAX];
    size_t evidence_count;
};

struct rule; /* rule.h */

enum { FINDING_EVIDENCE_MAX = 8 };

struct finding {
    const struct rule *rule;
    enum severity severity;          /* the rule's, unless the rule has two */
    unsigned step;                   /* number of the step, 0: none */
    const char *title, *cause, *fix; /* with the site's names filled in */
    const char *result;              /* a few words for a list */
    struct evidence evidence[FINDING_EVIDENCE_MAX];
    size_t evidence_count; /* at least 1 */
};

struct service_link {
    const char *token, *href;
};

struct signin {
    unsigned id; /* from 1, in order of start */
    struct party client;
    const char *user; /* sip:alice@contoso.com, or NULL */
    const char *sip_domain;
    const char *user_agent;
    const char *device; /* "desktop", "iOS", "Android", "Windows Phone", "browser" ...; NULL */
    enum location location;
    const char *home_pool;
    const struct service_link *services;
    size_t service_count;
    int64_t started_ns, ended_ns;
    bool final_document;          /* the client holds the User document of its home pool */
    bool entered_mobility;        /* the mobility service let it in */
    struct evidence push_blocked; /* a failed connection to the push port 5223; packet 0: none */
    struct endpoint push_server;
    bool closed;        /* nothing more will be added */
    bool changed;       /* since the last diagnosis */
    struct step *steps; /* in time order; numbers are positions + 1 */
    size_t step_count;
    size_t steps_left_out; /* over the limit for one sign-in */
    struct arena *arena;

    /* Written by diagnosis. */
    enum outcome outcome;
    enum stage failed_stage;
    const char *result;             /* a few words for a list: "certificate expired", "signed in" */
    const struct finding *findings; /* the one that made it fail first, then by severity */
    size_t finding_count;
    struct arena *verdict_arena;
};

struct model_config {
    const struct address *proxies; /* --proxy */
    size_t proxy_count;
    const struct network *internal; /* --internal */
    size_t internal_count;
    const char *const *sip_domains; /* --sip-domain, lower case */
    size_t sip_domain_count;
    struct budget *budget;
    size_t signins_max; /* 0: the default, 10 000; the oldest closed ones go first */
};

struct model;
struct model *model_create(const struct model_config *config);
void model_receive(void *model, const struct event *event); /* fits event_sink.receive */
void model_advance(struct model *model, int64_t now_ns);
void model_finish(struct model *model); /* the capture ended: everything open is closed */
size_t model_signin_count(const struct model *model);
uint64_t model_let_go(const struct model *model); /* closed ones that made room for others */
struct signin *model_signin(struct model *model, size_t index); /* in order of start */
/* Index of the first sign-in of that user from `first` on, `end` when there is none before that. */
size_t model_find_user(const struct model *model, const char *user, size_t first, size_t end);
/* Reverse proxies and their pools as the traffic showed them. */
/* An SRV record for SIP exists in that SIP domain; anybody asked for it. */
bool model_domain_srv(struct model *model, const char *domain, struct evidence *evidence);
/* Another SIP domain whose lyncdiscover resolves, or NULL. */
const char *model_domain_answered(struct model *model, const char *not_this);
/* Domains whose Exchange Autodiscover name was looked up, from index on. */
const char *model_domain_exchange(struct model *model, size_t *index, struct evidence *evidence);
/* Connections of one host to another on a port that servers use among themselves: 4443, and 5088
 * and 5089 of branch appliances. */
struct server_link {
    struct address from;
    struct endpoint to;
    bool by_front_end; /* `from` is a Front End or Director for certain */
    bool connected;    /* at least once */
    bool refused;
    bool mutual;       /* `from` showed a client certificate */
    bool relayed;      /* a client's request was passed on over it */
    unsigned attempts; /* SYNs of connections that failed */
    struct evidence first, last_attempt, answer;
};
bool model_server_link(const struct model *model, size_t index, struct server_link *link);
bool model_is_proxy(const struct model *model, const struct address *address);
const struct model_config *model_configuration(const struct model *model);
void model_free(struct model *model);

#endif
