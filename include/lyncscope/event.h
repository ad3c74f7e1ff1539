/* event.h: what was seen on the network, one struct a message
 *
 * The contract between dissectors (and log readers, later) and everything
 * above.  An event and every slice in it belong to whoever emits it and are
 * valid until the receiving function returns: copy what is kept.
 */
#ifndef LYNCSCOPE_EVENT_H
#define LYNCSCOPE_EVENT_H

#include "lyncscope/address.h"
#include "lyncscope/certificate.h"
#include "lyncscope/lync.h"
#include "lyncscope/packet.h"

enum event_kind {
    EVENT_DNS,          /* a message, question or answer */
    EVENT_CONNECTING,   /* TCP: a first SYN; again for each repeated one (attempt 2, 3, ...) */
    EVENT_CONNECTED,    /* TCP: the SYN was answered, or a running connection was met */
    EVENT_CONNECTION,   /* TCP: at its end, refused and unanswered ones included */
    EVENT_TLS_HELLO,    /* a ClientHello, with the server name */
    EVENT_TLS,          /* the TLS of a connection, at its end */
    EVENT_HTTP_REQUEST, /* a request's head is complete (its answer is still to come) */
    EVENT_HTTP,         /* an exchange, when answered or given up */
};

/* ---- DNS (RFC 1035, 2782, 3596, 9460) ---- */

struct dns_record {
    struct slice name;      /* as sent, no trailing dot, escaped as in master files */
    struct slice type;      /* "A", "CNAME", "SRV", "TYPE4711" */
    struct slice data;      /* addresses canonical; SRV "priority weight port target"; names without
                               trailing dot */
    uint32_t ttl;           /* seconds */
    struct address address; /* A and AAAA */
    uint16_t type_number;
};

struct dns_message {
    struct endpoint from, to;
    uint16_t id;
    bool response;
    bool truncated;
    unsigned rcode;
    struct slice name; /* of the first question, case as sent, no trailing dot; empty when none */
    uint16_t type_number;
    struct slice type;
    const struct dns_record *answers; /* answer section */
    size_t answer_count;
    bool cut; /* answers are missing: the snap length cut them off, or they cannot be read */
};
const char *dns_rcode_name(unsigned rcode); /* "NOERROR", "NXDOMAIN", ..., "RCODE23" */

/* ---- TCP (RFC 9293) ---- */

enum tcp_opened { OPENED_SYN, OPENED_MID_STREAM, OPENED_REFUSED, OPENED_UNANSWERED };
enum tcp_closed { CLOSED_UNKNOWN, CLOSED_FIN, CLOSED_RESET, CLOSED_OPEN };

struct tcp_connection {
    struct endpoint client, server;
    enum tcp_opened opened;
    enum tcp_closed closed;
    bool closed_by_server; /* the first FIN, or the RST, came from the server */
    unsigned attempts;     /* SYNs that differ in time (copies of one do not count) */
    struct evidence first_attempt, last_attempt; /* the first and last SYN */
    struct evidence answer; /* SYN+ACK or the refusing RST or ICMP; packet 0 when none */
    struct evidence end;    /* FIN or RST; packet 0 when none */
    bool icmp;              /* refused or unanswered with an ICMP unreachable as answer */
    bool capture_ended;     /* it was still open, or still unanswered, when the capture ended */
    uint64_t client_bytes, server_bytes;     /* in-order payload seen */
    uint64_t client_missing, server_missing; /* bytes in gaps */
    uint64_t cut_packets;                    /* packets of this connection cut by the snap length */
    bool client_only, server_only;           /* packets of one direction only were captured */
};

/* ---- TLS (RFC 8446, 5246, 6101, 6066, 7301) ---- */

struct tls_alert {
    uint8_t level; /* 1 warning, 2 fatal */
    uint8_t description;
    bool from_server;
    bool encrypted; /* it could be read only with a key */
    struct evidence evidence;
};

enum tls_decrypted { TLS_DECRYPTED_NONE, TLS_DECRYPTED_PART, TLS_DECRYPTED_ALL };

/* Why not all of it was decrypted. */
enum tls_obstacle {
    TLS_OBSTACLE_NONE,
    TLS_NO_KEY,
    TLS_HANDSHAKE_NOT_CAPTURED,
    TLS_KEY_DOES_NOT_MATCH, /* a record did not open with the key given for it */
    TLS_FORWARD_SECRECY,    /* the server's private key was given, but (EC)DHE was used */
    TLS_GAP,                /* packets are missing */
    TLS_TRUNCATED_PACKETS,  /* the snap length cut them */
    TLS_UNSUPPORTED_CIPHER,
    TLS_HANDSHAKE_FAILED, /* it never came to application data */
};

struct tls_session {
    struct endpoint client, server;
    struct slice server_name; /* SNI, empty when none */
    struct slice alpn;        /* chosen by the server; empty: none, or not to be seen */
    uint16_t version;         /* negotiated, 0x0303; 0 while unknown */
    uint16_t offered_version; /* the highest that the client offers */
    uint16_t cipher;
    bool has_client_hello, has_server_hello;
    bool resumed;
    bool renegotiated;          /* a further handshake inside; what is told is of the first */
    bool certificate_asked;     /* the server asked for a client certificate */
    bool certificate_sent;      /* and the client sent one */
    bool client_finished;       /* the client sent its half of the handshake to the end */
    bool lost;                  /* packets of it are missing, or were cut */
    bool client_silent;         /* it sent no application data, as far as can be told */
    bool client_ended;          /* close_notify, FIN or RST of the client came first */
    struct evidence client_end; /* packet 0 when it did not end */
    const struct certificate_chain *chain; /* of the server; NULL: none was seen */
    struct evidence chain_evidence;
    enum ocsp_status ocsp; /* stapled */
    struct evidence certificate_request;
    uint8_t alert;       /* the one that decided: the first fatal one, else the last; 0xff none */
    uint8_t alert_level; /* 1 warning, 2 fatal */
    bool alert_from_server;
    struct evidence alert_evidence;
    const struct tls_alert *alerts; /* all that could be read, at most 8 */
    size_t alert_count;
    struct evidence hello; /* ClientHello */
    struct evidence server_hello;
    struct evidence not_tls; /* the server answers in another protocol: where; packet 0: no */
    uint64_t client_records, server_records; /* application data records seen */
    enum tls_decrypted decrypted;            /* of the application data */
    enum tls_obstacle obstacle;              /* TLS_OBSTACLE_NONE when all was */
    uint64_t client_bytes, server_bytes;     /* application data decrypted */
    bool has_sha256;                         /* only when events are printed */
    uint8_t client_sha256[32], server_sha256[32];
};

const char *tls_version_name(uint16_t version);   /* "TLS 1.2"; "TLS" when unknown */
const char *tls_version_number(uint16_t version); /* "1.2", "SSL 3.0"; NULL when unknown */
const char *tls_cipher_name(uint16_t cipher);     /* as registered with IANA; NULL when unknown */
const char *tls_obstacle_name(enum tls_obstacle obstacle); /* "no-key"; NULL: there is none */
const char *tls_alert_name(uint8_t alert); /* "handshake_failure"; NULL when unknown */

enum { TLS_NO_ALERT = 0xff, TLS_FATAL = 2, TLS_VERSION_1_3 = 0x0304 };

/* ---- HTTP (RFC 9110, 9112, 9113) ---- */

enum { HTTP2_1_1_REQUIRED = 0xd }; /* a reset_code: the client is to ask again over HTTP/1.1 */

struct header {
    struct slice name, value;
};

struct http_body {
    struct slice kept; /* decoded: transfer and content codings undone; at most 1 MiB of it */
    uint64_t bytes;    /* decoded, all of it */
    bool has_sha256;   /* only when events are printed */
    uint8_t sha256[32];
    bool complete;   /* all of it arrived */
    bool missing;    /* bytes are missing from the capture (gap, snap length) */
    bool bad_coding; /* a coding that could not be undone: kept is as far as it went */
    bool cut;        /* because it grew beyond all bounds */
};

struct http_request {
    bool present;
    struct evidence evidence;
    struct slice method, target;
    struct slice host; /* Host header, or the authority of an absolute target; as sent */
    unsigned version;  /* 10, 11, 20 */
    const struct header *headers;
    size_t header_count;
    struct http_body body;
    bool complete;
};

struct http_response {
    bool present;
    struct evidence evidence;
    unsigned status;
    struct slice reason;
    unsigned version;
    const struct header *headers;
    size_t header_count;
    struct http_body body;
    bool complete;       /* the whole message arrived */
    struct evidence end; /* the packet with its last byte seen */
};

enum http_ending {
    HTTP_ANSWERED,  /* a final response, complete or not */
    HTTP_NO_ANSWER, /* the connection is still open but silence lasted 10 s or the capture ended */
    HTTP_CLOSED,    /* the server closed without an answer */
    HTTP_RESET,     /* reset before the answer */
    HTTP_CLIENT_CLOSED, /* the client gave up waiting and closed */
    HTTP_UNKNOWN,       /* the answer is missing from the capture */
};

struct http_exchange {
    struct endpoint client, server;
    bool encrypted; /* it was inside TLS and has been decrypted */
    bool tunnelled; /* inside a CONNECT tunnel */
    bool foreign;   /* none of Lync's: told only where every event is wanted, and read no further */
    uint32_t stream; /* HTTP/2, else 0; the request may have been HTTP/1.1 (Upgrade: h2c) */
    unsigned index;  /* the how manieth exchange on its connection, from 1 */
    struct http_request request;
    struct http_response response;
    const unsigned *interim; /* statuses of interim answers */
    size_t interim_count;
    enum http_ending ending;
    bool capture_ended;  /* the capture ended while it was waiting */
    uint32_t reset_code; /* HTTP/2: of the RST_STREAM or GOAWAY that ended it, else 0 */
    struct lync_exchange lync;
};

struct event {
    enum event_kind kind;
    struct evidence evidence; /* where the message begins */
    int64_t noticed_ns;       /* the capture clock when it became known */
    uint64_t flow;            /* the same number for everything on one connection */
    union {
        struct dns_message dns;
        struct tcp_connection tcp; /* CONNECTING, CONNECTED, CONNECTION */
        struct tls_session tls;    /* TLS_HELLO, TLS */
        struct http_exchange http; /* HTTP_REQUEST: only the request is filled in */
    };
};

/* Where events go: a function pointer that the upper layer gives. */
struct event_sink {
    void (*receive)(void *context, const struct event *event);
    void *context;
};

/* First header of that name (case-insensitive), or an empty slice. */
struct slice header_value(const struct header *headers, size_t count, const char *name);

#endif
