/* certificate.h: what the files around certificates share
 *
 * OpenSSL's objects stay behind their struct names: its headers are for the
 * sources only.
 */
#ifndef LYNCSCOPE_DISSECTORS_CERTIFICATE_H
#define LYNCSCOPE_DISSECTORS_CERTIFICATE_H

#include "lyncscope/certificate.h"
#include "lyncscope/table.h"

struct x509_st;
struct x509_store_st;
struct X509_name_st;

/* Certificates of real servers have 1 to 10 KiB; larger ones are only hashed. */
enum { CERTIFICATE_DER_MAX = 256 << 10, CERTIFICATE_NAMES_MAX = 4096, CERTIFICATE_KEY_MAX = 16384 };

/* One parsed certificate, the store's. */
struct certificate_entry {
    struct certificate facts;
    struct slice der;                /* as it came; empty: too large, or not readable */
    struct x509_st *x509;            /* NULL: not readable */
    enum missing_issuer issuer_hint; /* what it tells of its issuer */
    size_t charged;                  /* an estimate of what OpenSSL keeps */
    struct budget *budget;
    struct arena *arena; /* of the facts */
    size_t holders;      /* chains */
    UT_hash_handle hh;   /* by facts.sha256 */
};

/* NULL: over budget. An entry that is not readable has its hash only. */
struct certificate_entry *certificate_entry_create(struct budget *budget, struct slice der,
                                                   const uint8_t sha256[32]);
void certificate_entry_free(struct certificate_entry *entry); /* NULL is fine */

/* By name and key identifiers (RFC 5280 4.2.1.1); nothing is verified. Both are readable. */
bool certificate_issued(const struct certificate_entry *issuer,
                        const struct certificate_entry *subject);
/* Did its key sign it, as far as that can be verified? */
bool certificate_signed(const struct certificate_entry *issuer,
                        const struct certificate_entry *subject);

/* What it tells of its issuer: ISSUER_ROOT, ISSUER_INTERMEDIATE or ISSUER_UNKNOWN. */
enum missing_issuer certificate_issuer_hint(const struct certificate_entry *entry);

/* A distinguished name in one line; false: over budget. */
bool certificate_subject_text(const struct X509_name_st *name, struct arena *arena,
                              struct budget *budget, struct slice *text);
/* The last common name; empty when there is none. */
bool certificate_subject_common_name(const struct X509_name_st *name, struct arena *arena,
                                     struct slice *text);

/* Whom clients trust: the certificates of a file, or the system's, looked up when first needed. */
struct trust;
struct trust *trust_create(struct budget *budget, const char *file, struct complaint *complaint);
struct x509_store_st *trust_store(struct trust *trust); /* NULL: there is none */
void trust_free(struct trust *trust);                   /* NULL is fine */

/* Sets all but `certificates` and `count`, from the entries of `chain->certificates`. */
void certificate_chain_judge(struct certificate_chain *chain,
                             struct certificate_entry *const *entries, struct trust *trust);
/* The order again, once more is known of the issuer that is missing. */
void certificate_chain_missing(struct certificate_chain *chain, enum missing_issuer missing);

enum ocsp_status ocsp_read(const struct certificate_entry *leaf, struct slice response);

#endif
