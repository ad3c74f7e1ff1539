/* certificate_chain.c: is a chain whole, in order, and trusted?
 *
 * Follows the issuers from the server's own certificate through what was sent
 * (RFC 5246 7.4.2): by name and key identifier, as a client builds its path.
 * Trust is OpenSSL's verdict, without times: those are compared with the
 * capture's elsewhere.  Where it finds a way to a root, that is the path: a
 * cross-signed root that is sent along has no part in it.
 */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "dissectors/certificate.h"

struct judgement {
    struct certificate_chain *chain;
    struct certificate_entry *const *entries;
    size_t top;    /* index of the last certificate of the path */
    bool in_order; /* the path is what was sent, from the front */
};

/* ---- the path ---- */

/* The first one behind `at` that is another certificate; servers repeat some. */
static size_t next_different(const struct judgement *judgement, size_t at)
{
    size_t next = at + 1;

    while (next < judgement->chain->count && judgement->entries[next] == judgement->entries[at])
        next++;
    return next;
}

static bool may_issue(const struct judgement *judgement, size_t issuer, size_t subject)
{
    const struct certificate_entry *const above = judgement->entries[issuer];
    const struct certificate_entry *const below = judgement->entries[subject];

    return above != below && above->x509 && certificate_issued(above, below);
}

/* The issuer among what was sent: the next one if it is that, else any. `count`: none. */
static size_t find_issuer(const struct judgement *judgement, size_t of)
{
    size_t count = judgement->chain->count;
    size_t next = next_different(judgement, of);

    if (next < count && may_issue(judgement, next, of))
        return next;
    for (size_t i = 0; i < count; i++)
        if (may_issue(judgement, i, of))
            return i;
    return count;
}

static void follow_issuers(struct judgement *judgement)
{
    size_t count = judgement->chain->count;

    judgement->in_order = true;
    judgement->chain->path = 1;
    /* As many steps as there are certificates: two may have issued each other. */
    for (size_t steps = 0; steps < count; steps++) {
        size_t at = judgement->top;
        size_t issuer =
            judgement->entries[at]->facts.self_signed ? count : find_issuer(judgement, at);

        if (issuer == count)
            break;
        judgement->in_order = judgement->in_order && issuer == next_different(judgement, at);
        judgement->top = issuer;
        judgement->chain->path |= (uint32_t)1 << issuer;
    }
    /* The first one must not be somebody's issuer. */
    for (size_t i = 1; i < count; i++)
        if (judgement->entries[i]->x509 && !judgement->entries[i]->facts.self_signed &&
            may_issue(judgement, 0, i))
            judgement->in_order = false;
}

/* ---- trust ---- */

static STACK_OF(X509) * sent_certificates(const struct judgement *judgement)
{
    STACK_OF(X509) *sent = sk_X509_new_null();

    for (size_t i = 1; sent && i < judgement->chain->count; i++) {
        const struct certificate_entry *entry = judgement->entries[i];

        if (entry->x509 && entry->facts.key_bits <= CERTIFICATE_KEY_MAX)
            sk_X509_push(sent, entry->x509);
    }
    return sent;
}

/* Old algorithms do not make a root unknown. */
static void set_parameters(X509_STORE_CTX *context)
{
    X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);

    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_depth(parameters, CERTIFICATE_CHAIN_MAX);
    X509_VERIFY_PARAM_set_auth_level(parameters, 0);
}

static bool store_has_issuer(X509_STORE_CTX *context, const struct certificate_entry *top)
{
    STACK_OF(X509) *named = X509_STORE_CTX_get1_certs(context, X509_get_issuer_name(top->x509));
    bool found = false;

    for (int i = 0; i < sk_X509_num(named) && !found; i++) {
        struct certificate_entry candidate = { .x509 = sk_X509_value(named, i) };

        found = certificate_issued(&candidate, top);
    }
    sk_X509_pop_free(named, X509_free);
    return found;
}

/* What was sent of the way that the library found. */
static uint32_t found_path(const struct judgement *judgement, X509_STORE_CTX *context)
{
    const STACK_OF(X509) *way = X509_STORE_CTX_get0_chain(context);
    uint32_t path = 1;

    for (size_t i = 1; i < judgement->chain->count; i++)
        for (int k = 1; judgement->entries[i]->x509 && k < sk_X509_num(way); k++)
            if (X509_cmp(judgement->entries[i]->x509, sk_X509_value(way, k)) == 0)
                path |= (uint32_t)1 << i;
    return path;
}

static void ask_store(const struct judgement *judgement, X509_STORE *store)
{
    const struct certificate_entry *top = judgement->entries[judgement->top];
    struct certificate_chain *chain = judgement->chain;
    STACK_OF(X509) *sent = sent_certificates(judgement);
    X509_STORE_CTX *context = X509_STORE_CTX_new();

    chain->trust = TRUST_NO;
    if (context && X509_STORE_CTX_init(context, store, judgement->entries[0]->x509, sent) == 1) {
        set_parameters(context);
        if (X509_verify_cert(context) == 1) {
            chain->trust = TRUST_YES;
            chain->path = found_path(judgement, context);
        }
        if (chain->trust == TRUST_YES || store_has_issuer(context, top))
            chain->missing = ISSUER_AT_HAND;
    }
    X509_STORE_CTX_free(context);
    sk_X509_free(sent);
    ERR_clear_error();
}

/* ---- together ---- */

void certificate_chain_missing(struct certificate_chain *chain, enum missing_issuer missing)
{
    chain->missing = missing;
    if (missing == ISSUER_INTERMEDIATE && chain->order == CHAIN_COMPLETE)
        chain->order = CHAIN_INCOMPLETE;
    else if (missing != ISSUER_INTERMEDIATE && chain->order == CHAIN_INCOMPLETE)
        chain->order = CHAIN_COMPLETE;
}

static bool all_are_readable(const struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->chain->count; i++)
        if (!judgement->entries[i]->x509)
            return false;
    return true;
}

static enum missing_issuer missing_above(const struct judgement *judgement)
{
    const struct certificate_entry *top = judgement->entries[judgement->top];

    if (top->facts.self_signed)
        return ISSUER_AT_HAND;
    /* It may be the one that cannot be read. */
    return all_are_readable(judgement) ? top->issuer_hint : ISSUER_UNKNOWN;
}

void certificate_chain_judge(struct certificate_chain *chain,
                             struct certificate_entry *const *entries, struct trust *trust)
{
    struct judgement judgement = { .chain = chain, .entries = entries };
    X509_STORE *store;

    if (chain->count == 0 || !entries[0]->x509)
        return;
    follow_issuers(&judgement);
    chain->top = &entries[judgement.top]->facts;
    chain->missing = missing_above(&judgement);
    store = trust_store(trust);
    if (store)
        ask_store(&judgement, store);
    if (!judgement.in_order)
        chain->order = CHAIN_WRONG_ORDER;
    else
        chain->order = entries[0]->facts.self_signed ? CHAIN_SELF_SIGNED : CHAIN_COMPLETE;
    certificate_chain_missing(chain, chain->missing);
}
