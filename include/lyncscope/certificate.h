/* certificate.h: X.509 certificates as a server sent them (RFC 5280, 6125, 6960)
 *
 * Certificates are parsed once per content, however many connections send
 * them, and shared.  A chain and all it points to live as long as somebody
 * holds it; who gets one in an event copies what is kept.
 */
#ifndef LYNCSCOPE_CERTIFICATE_H
#define LYNCSCOPE_CERTIFICATE_H

#include "lyncscope/memory.h"
#include "lyncscope/status.h"

struct certificate {
    uint8_t sha256[32];
    bool readable;             /* false: only the hash is known */
    struct slice subject;      /* one line, RFC 2253 order reversed: "C=US, O=Contoso, CN=a.b" */
    struct slice issuer;       /* the same */
    struct slice common_name;  /* the last CN of the subject, UTF-8; empty when none */
    const struct slice *names; /* dNSName and iPAddress of the SAN, as sent; addresses as text */
    size_t name_count;         /* 0: no such SAN, and the common name counts (RFC 6125 6.4.4) */
    bool names_left_out;       /* there are more names than are kept */
    int64_t not_before_s;      /* seconds since 1970; INT64_MIN: cannot be read */
    int64_t not_after_s;       /* up to the year 9999; INT64_MAX: cannot be read */
    const char *key_type;      /* "RSA", "EC", "Ed25519", ... */
    unsigned key_bits;
    struct slice signature; /* "sha256WithRSAEncryption" */
    bool weak_signature;    /* MD2, MD5, SHA-1; not said of a self-signed one */
    bool self_issued;       /* issuer and subject are the same name */
    bool self_signed;       /* and its own key signed it, as far as that can be verified */
    bool is_ca;
    bool not_for_servers;    /* its extended key usage lacks serverAuth (RFC 5280 4.2.1.12) */
    struct slice key_sha256; /* of the SubjectPublicKeyInfo: finds its private key */
};

enum chain_order {
    CHAIN_EMPTY,    /* nothing to judge: none was sent, or the first one cannot be read */
    CHAIN_COMPLETE, /* each is issued by the next, up to a root or to what a root may have issued */
    CHAIN_INCOMPLETE, /* an intermediate is neither sent nor in the trust store: ISSUER_INTERMEDIATE
                       */
    CHAIN_WRONG_ORDER, /* all there, but not in the order of RFC 5246 7.4.2 */
    CHAIN_SELF_SIGNED, /* the server's own certificate is its own issuer */
};

enum chain_trust {
    TRUST_UNKNOWN, /* there is no store to judge by */
    TRUST_YES,
    TRUST_NO, /* the chain ends at no root that the store knows; times do not count here */
};

/* The issuer of the certificate where the chain ends.  A root need not be sent, and a private one
 * is in no store of ours: only an intermediate is missed. */
enum missing_issuer {
    ISSUER_AT_HAND,      /* sent or in the trust store, or the chain ends at a root */
    ISSUER_UNKNOWN,      /* not at hand, and nothing tells what it is */
    ISSUER_ROOT,         /* not at hand, and looks like a root */
    ISSUER_INTERMEDIATE, /* not at hand, and is none: another server sent it, the certificate below
                            names its issuer's issuer or is from a public CA, or its name says so */
};

enum { CERTIFICATE_CHAIN_MAX = 32 }; /* what is sent beyond is not looked at */

struct certificate_chain {
    const struct certificate *const *certificates; /* in the order sent; [0] is the server's own */
    size_t count;
    enum chain_order order;
    enum chain_trust trust;
    enum missing_issuer missing;
    const struct certificate
        *top;      /* where following the issuers from [0] ends; NULL: CHAIN_EMPTY */
    uint32_t path; /* a bit for each: the way from [0] to the root; others are sent to no purpose */
};

enum ocsp_status {
    OCSP_NONE, /* no response, one without an answer (RFC 6960 4.2.1), or of another certificate */
    OCSP_GOOD,
    OCSP_REVOKED,
    OCSP_UNKNOWN,
    OCSP_UNREADABLE
};

/* Does the certificate cover that host name or address? Case-insensitive; a wildcard stands for one
 * whole leftmost label (RFC 6125 6.4.3); the common name counts only without a SAN. Also when it
 * cannot be told, because not all names were kept. */
bool certificate_covers(const struct certificate *certificate, struct slice name);

/* The cache of one engine. `trust` is a PEM file, NULL: the system's store. */
struct certificate_store;
struct certificate_store *certificate_store_create(struct budget *budget, const char *trust,
                                                   struct complaint *complaint); /* NULL: refused */
size_t certificate_store_parsed(const struct certificate_store *store);          /* parses so far */
void certificate_store_free(struct certificate_store *store);

/* A chain of DER certificates, judged; counted as held until let go. NULL: over budget. */
const struct certificate_chain *certificate_store_take(struct certificate_store *store,
                                                       const struct slice *certificates,
                                                       size_t count);
void certificate_store_give(struct certificate_store *store,
                            const struct certificate_chain *chain); /* NULL is fine */
/* What a stapled OCSP response says of the chain's first certificate. Its signature and its dates
 * are not looked at. */
enum ocsp_status certificate_store_ocsp(struct certificate_store *store,
                                        const struct certificate_chain *chain,
                                        struct slice response);

#endif
