/* model.h: the model's inside: sign-ins under construction and what leads to them
 *
 * An event finds its sign-in through the client's address, the connection it
 * is on, the names it carries and the user it shows.  store.c keeps clients
 * and sign-ins, lookups.c matches DNS questions with answers, connections.c
 * and exchanges.c attribute TCP, TLS and HTTP, relay_match.c and relay.c join
 * the two legs of a reverse proxy, tails.c tells repeated discovery from a new
 * sign-in, describe.c words the steps, site.c sums up what all of them show.
 */
#ifndef LYNCSCOPE_SIGNIN_MODEL_H
#define LYNCSCOPE_SIGNIN_MODEL_H

#include "lyncscope/signin.h"
#include "lyncscope/table.h"

#include "copy.h"
#include "lyncscope/names.h"

enum {
    SIGNINS_MAX_DEFAULT = 10000,
    STEPS_MAX = 1000,
    HOSTS_MAX = 64,
    ADDRESSES_MAX = 8, /* of a host */
    TRIED_MAX = 32,
    FIRST_STEPS = 8,
    EARLY_STEPS = 6,
    CONNECTIONS_MAX = 65536,
    PENDING_MAX = 65536,
    PROXIES_MAX = 256,
    RESOLVERS_MAX = 64,
    DOMAINS_MAX = 128,
    LINKS_OF_SERVERS_MAX = 256,
    FRONT_ENDS_MAX = 64,
    TRAITS = 9,
    CHAINS_SHARED_MAX = 32,
    ADOPTED_MAX = 8,
};

#define MILLISECOND ((int64_t)1000000)
#define SECOND (1000 * MILLISECOND)

/* The sign-in is over when nothing happened for so long and nothing is awaited. */
#define IDLE_END (120 * SECOND)
/* A pause after which the same first steps mean that the client tries again. */
#define RETRY_PAUSE SECOND
/* An unanswered look-up is over after this. */
#define LOOKUP_LIMIT (5 * SECOND)

struct host {
    struct host *next;
    const char *name;
    bool linked;               /* a document, a header or a redirect named it */
    struct address *addresses; /* room for ADDRESSES_MAX once there is one: most have none */
    size_t address_count;
    int64_t looked_up_ns;
};

struct tried {
    struct tried *next;
    struct endpoint server;
    bool failed;
};

struct lookup { /* an unanswered question */
    struct lookup *next;
    struct step *step;
    struct dns_lookup *dns;
    struct {
        uint16_t port, id;
    } asked[8];
    size_t asked_count;
};

struct client;

struct record {
    struct signin signin; /* first: a signin pointer is a record pointer */
    struct model *model;
    struct client *client;
    struct record *next_of_client;
    struct step **items; /* in time order */
    size_t item_capacity;
    struct step *early; /* the first that were added, side by side, in the arena */
    size_t early_count;
    struct step *copies; /* for readers, where the steps do not lie in order by themselves */
    size_t copy_capacity;
    struct host *hosts, *last_host; /* in the order they were met */
    size_t host_count;
    struct tried *tried;
    size_t tried_count;
    struct lookup *lookups;
    struct record *again_after; /* it looks like a new attempt after this one, not yet certain */
    struct record *tail_of;     /* it may be no more than discovery repeated after this success */
    struct record *tail;        /* the other way round */
    struct record *absorbed_by; /* doomed: its steps have gone there */
    struct arena *adopted[ADOPTED_MAX]; /* of the steps that came from there */
    size_t adopted_count;
    bool doomed;        /* about to be freed: whatever points at it lets go first */
    bool superseded;    /* such an attempt follows: what comes now belongs to that one */
    unsigned awaiting;  /* requests without answer and SYNs without answer */
    unsigned user_rank; /* how good the source of `user` was */
    uint64_t user_hash; /* of `user`; 0: none */
    bool asked_internal, asked_external;
    bool root_answered;
    bool refused;            /* the last word was no: whoever begins again makes a new attempt */
    bool used_internal_name; /* a server behind lyncdiscoverinternal answered */
    bool published;
    int64_t last_ns;
};

struct client {
    struct address address;
    struct record *records; /* the latest first */
    UT_hash_handle hh;
};

enum connection_state { CONNECTION_OPENING, CONNECTION_OPEN, CONNECTION_ENDED };

struct connection { /* by flow number */
    uint64_t flow;
    UT_hash_handle hh;
    enum connection_state state;
    struct record *record; /* NULL: belongs to no sign-in as far as is known */
    struct tcp_connection tcp;
    struct evidence evidence; /* its first packet */
    bool awaited;             /* counted in record->awaiting: a SYN without an answer */
    bool hello, requests_seen;
    bool internal;    /* the proxy's connection to the pool */
    const char *name; /* host name it was opened for, in the record's arena, or NULL */
    struct tcp_connection *tcp_kept; /* what the step shows */
    struct tls_session *tls_kept;
    struct arena *failed_arena;     /* of nobody's connection whose TLS failed */
    struct tls_session *failed_tls; /* and how */
    bool hello_unanswered;          /* it has no ServerHello, and counts once the server closes */
    struct step *tcp_step, *tls_step;
    int64_t last_ns;
    struct connection *older, *newer;
};

struct pending_key {
    uint64_t flow;
    uint32_t stream, index;
};

struct pending { /* a request without answer so far */
    struct pending_key key;
    uint64_t line;               /* hash of method and target, for the other leg of a proxy */
    struct record *record;       /* counted in its awaiting; NULL while not known */
    bool again;                  /* it came after a pause: perhaps a new attempt */
    struct pending *outer;       /* the same request on the client's side of the proxy */
    struct record *outer_record; /* or its sign-in and step, when the outer answer came first */
    struct step *outer_step;     /* NULL: only its encrypted connection is known */
    struct pending *inner;
    struct arena *kept; /* of http: an inner exchange, complete before its outer one */
    const struct http_exchange *http;
    struct address forwarded; /* whom X-Forwarded-For names; family 0: nobody */
    bool stray; /* a proxy's, and the client's side of it is missing from the capture */
    uint32_t traits[TRAITS]; /* hashes of headers that proxies leave alone; 0: not there */
    struct endpoint client, server;
    char host[256];
    int64_t time_ns;
    struct pending *next_on_line;
    UT_hash_handle hh;
};

struct line { /* pending requests with the same method and target */
    uint64_t line;
    struct pending *first;
    UT_hash_handle hh;
};

enum { DNS_A = 1, DNS_CNAME = 5, DNS_AAAA = 28, DNS_SRV = 33, DNS_HTTPS = 65 }; /* record types */
enum { DNS_NOERROR = 0, DNS_SERVFAIL = 2, DNS_NXDOMAIN = 3, DNS_REFUSED = 5 };  /* RCODEs */

struct domain_facts { /* of one SIP domain, from everybody's look-ups */
    char name[256];
    struct evidence srv;      /* an SRV record for SIP exists */
    struct evidence exchange; /* somebody asked for Exchange's name */
    bool discovery_answered;
};

struct model {
    struct model_config config;
    struct record **records; /* in order of start */
    size_t record_count, record_capacity;
    unsigned next_id;
    uint64_t evicted;
    struct client *clients;
    struct connection *connections;
    struct connection *oldest, *newest;
    size_t connection_count;
    struct pending *pending;
    struct line *lines;
    size_t pending_count;
    struct address proxies[PROXIES_MAX]; /* learned, both faces */
    size_t proxy_count;
    struct address resolvers[RESOLVERS_MAX];
    size_t resolver_count;
    struct domain_facts domains[DOMAINS_MAX];
    size_t domain_count;
    struct arena *chain_arena;
    const struct certificate_chain *chains[CHAINS_SHARED_MAX]; /* the first that were met */
    size_t chain_count;
    struct server_link links[LINKS_OF_SERVERS_MAX];
    size_t link_count;
    struct address front_ends[FRONT_ENDS_MAX]; /* seen to answer as Lync on a pool port */
    size_t front_end_count;
    bool has_doomed;
    unsigned clear_joins; /* requests seen on both sides of a proxy */
    int64_t now_ns, swept_ns;
    int64_t event_ns; /* of the event being received, on its packet's clock: live and from a file
                         alike */
};

/* ---- store.c ---- */
struct client *store_client(struct model *model, const struct address *address, bool create);
struct record *store_begin(struct model *model, const struct address *client, int64_t time_ns);
struct step *store_add_step(struct record *record, const struct step *step); /* NULL: full */
void store_drop_step(struct record *record, struct step *step);
void store_merge(struct record *into, struct record *from); /* `from` was no attempt of its own */
/* It was inserted nowhere else and lives in an arena that this record has adopted. */
void store_adopt_step(struct record *record, struct step *step);
void store_free_doomed(struct model *model);
void store_touch(struct record *record, int64_t time_ns);
void store_close(struct record *record);
void store_sweep(struct model *model);
void store_free(struct model *model);
struct host *store_host(struct record *record, struct slice name, bool create);
void store_learn_address(struct record *record, struct host *host, const struct address *address);
/* The name this sign-in knows an address by, the one looked up last; NULL when none. */
struct host *store_host_at(struct record *record, const struct address *address);
struct tried *store_tried(struct record *record, const struct endpoint *server);
void store_note_tried(struct record *record, const struct endpoint *server, bool failed);
/* Lower case, no trailing dot, NUL-terminated; false when empty or too long. */
bool name_lower(struct slice name, char *out, size_t size);
void store_set_domain(struct record *record, struct slice domain);

enum user_rank { USER_NTLM = 1, USER_FORM, USER_DOCUMENT, USER_SIPURI, USER_CLAIM };
/* "sip:alice@contoso.com" in lower case from whatever form, into `out`; false when it is no
 * address. */
bool user_normalise(struct slice text, char *out, size_t size);
void store_set_user(struct record *record, const char *user, enum user_rank rank);

/* ---- who an event belongs to: correlate.c ---- */
struct sought {
    const struct address *client;
    const char *user;       /* normalised, or NULL */
    const char *domain;     /* lower case, or NULL */
    const char *host;       /* lower case, or NULL */
    struct slice ticket;    /* the ticket or token a request carries, or empty */
    struct slice agent;     /* its User-Agent, or empty */
    enum resource resource; /* RESOURCE_OTHER: it may come at any time */
    int64_t time_ns;
    bool starts; /* the event may begin a sign-in */
};
struct record *correlate_find(struct model *model, const struct sought *sought);
struct record *correlate_find_or_begin(struct model *model, const struct sought *sought);
/* The client asks again what this sign-in already asked: is it a new attempt? */
bool correlate_is_again(const struct record *record, int64_t time_ns);
/* A provisional new attempt proves to be one, or to be part of the one before. */
struct record *correlate_settle(struct record *record, const struct endpoint *server);

/* This sign-in was given the ticket or token that is sought. */
bool correlate_was_given(const struct record *record, const struct sought *sought);

/* ---- tails.c ---- */
/* The client begins discovery again: a new sign-in, perhaps only the tail of that one, which is
 * closed if it is not. NULL: no memory. */
struct record *tail_begin(struct record *before, int64_t time_ns);
/* A step shows whether it is more than a tail. */
void tail_settle(struct record *record, const struct step *step);
/* A sign-in or its open tail, whichever a request belongs to. */
struct record *tail_choose(struct record *record, const struct sought *sought,
                           enum resource resource);
/* A closed one: if it was a mere tail, it goes. */
void tail_end(struct record *tail);

/* ---- connection_table.c ---- */
struct connection *connections_find_or_add(struct model *model,
                                           const struct event *event); /* NULL: no memory */
void connections_stop_awaiting(struct connection *connection);
void connections_remove(struct model *model, struct connection *connection);

/* ---- lookups.c, connections.c, exchanges.c, relay.c ---- */
void lookups_receive(struct model *model, const struct event *event);
struct domain_facts *lookups_domain(struct model *model, const char *domain, bool create);
void lookups_expire(struct record *record, int64_t now_ns, bool finish);
struct party connections_server(struct record *record, const struct connection *connection);
void connections_detach(struct connection *connection); /* it is of no sign-in after all */
void connections_receive(struct model *model, const struct event *event);
/* ---- connections_tls.c ---- */
void connections_show_tls(struct record *record, struct connection *connection,
                          const struct tls_session *tls);
void connections_receive_tls(struct model *model, const struct event *event);
struct connection *connections_find(struct model *model, uint64_t flow);
void connections_attach(struct connection *connection, struct record *record);
/* An encrypted connection of another sign-in was open at the same time. */
bool connections_share_time(struct model *model, const struct connection *encrypted);
/* That host has another connection to that port, so that a failed one need not have mattered. */
bool connections_has_other_way(struct model *model, const struct connection *failed);
/* The time in which a client waited at a server for what a pool behind it might have given. */
struct exposure {
    int64_t from_ns, to_ns;
    const struct address *client, *server;
};
/* The failed connection, or the one still without answer, that began nearest to its end and may be
 * of a proxy with its pool. */
struct connection *connections_failed_between(struct model *model, const struct exposure *exposure);
/* In that time something got through from a proxy to a pool, as far as can be seen. */
bool connections_pool_was_reached(const struct model *model, const struct exposure *exposure);
/* Only by its silence after the handshake, which is what health checks look like too. */
bool connections_is_silent(const struct connection *connection);
/* Refused, or tried often enough in vain to count as failed without the proxy's word for it. */
bool connections_is_proven(const struct connection *connection);
void connections_show_internal(struct record *record, struct connection *connection);
/* Connections of this client to this server that failed shortly before it was known to matter. */
void connections_adopt(struct record *record, const struct address *server);
/* The connection turns out to be another person's behind the same address. */
void connections_move(struct connection *connection, struct record *record);
void connections_forget_doomed(struct model *model);
void connections_free(struct model *model);
/* ---- pending.c ---- */
struct pending *pending_find(struct model *model, const struct event *event);
/* With the inner leg that only waited for it. */
void pending_remove(struct model *model, struct pending *pending);
void pending_receive(struct model *model, const struct event *event);
void pending_forget_doomed(struct model *model);
void pending_free(struct model *model);

/* ---- exchanges.c ---- */
void exchanges_receive(struct model *model, const struct event *event);

/* ---- relay_match.c ---- */
void relay_note_traits(struct pending *pending, const struct http_request *request);
/* The client's side of a request that a proxy makes: sets outer, or outer_record. */
void relay_find_outer(struct model *model, struct pending *inner, const struct event *event);
/* The outer exchange is complete: is its inner leg the right one among those alike? False: what it
 * was given is another request's. */
bool relay_settle_inner(struct model *model, struct pending *outer,
                        const struct http_exchange *exchange);
/* Someone who looks discovery names up and signs in is no proxy. */
bool relay_is_client_itself(struct model *model, const struct address *address);
/* The client that X-Forwarded-For names; false when there is none. */
bool relay_forwarded_for(const struct http_request *request, struct address *address);

/* ---- relay.c ---- */
void relay_learn_proxy(struct model *model, const struct address *address);
/* The usual ports of the external web services behind a proxy. */
bool relay_is_pool_port(uint16_t port);
bool relay_is_proxy(const struct model *model, const struct address *address);
const struct relay *relay_make(struct record *record, const struct http_exchange *inner,
                               const struct http_exchange *outer);
/* A failed connection of the proxy that explains why the client got no good answer. */
void relay_blame_late(struct model *model, const struct connection *failed);
void relay_blame_backend(struct record *record, const struct step *step);
/* The same, for a request inside an encrypted connection that has ended or fallen silent. */
void relay_blame_behind(struct connection *encrypted);

/* ---- servers.c ---- */
void servers_note_connection(struct model *model, const struct event *event);
void servers_note_tls(struct model *model, const struct tls_session *tls);
/* inner: it is a proxy's, for a client. */
void servers_note_exchange(struct model *model, const struct http_exchange *http, bool inner);
/* A Front End or Director, and not a proxy before one. */
bool servers_is_front_end(const struct model *model, const struct address *address);

/* ---- publish.c ---- */
void store_publish(struct record *record);

/* ---- describe.c ---- */
enum stage describe_stage(const struct http_exchange *exchange);
/* These fill in what is known of a step at once and leave its words to describe_step: a step may
 * change often before anybody looks, and most sign-ins of a long capture are never looked at. */
void describe_dns(struct record *record, struct step *step);
void describe_tcp(struct record *record, struct step *step);
void describe_tls(struct record *record, struct step *step);
void describe_http(struct record *record, struct step *step);
const char *describe_url(struct record *record, const struct http_exchange *exchange);
void describe_step(struct record *record, struct step *step); /* summary and note, unless there */

#endif
