/* certificate_store.c: certificates and chains by content
 *
 * Parsing a certificate and judging a chain cost a hundred times as much as
 * hashing them, and all connections to a server bring the same: a known chain
 * costs one hash and one look-up, one of the last few only a comparison.  Chains that nobody holds
 * wait in a list, least recently used first, and are the ones to go when there are too many or
 * memory runs out; a certificate goes with its last chain.
 */
#include <openssl/err.h>
#include <openssl/evp.h>

#include "dissectors/certificate.h"

enum { CERTIFICATES_MAX = 4096, CHAINS_MAX = 4096, EVICT_AT_ONCE = 64, RECENT_MAX = 8 };

struct chain_entry {
    struct certificate_chain chain; /* first: what is handed out */
    uint8_t key[32];                /* SHA-256 over lengths and certificates */
    size_t holders;
    size_t looked_at; /* how many authorities there were when the missing issuer was looked for */
    const struct certificate *shown[CERTIFICATE_CHAIN_MAX];
    struct certificate_entry *entries[CERTIFICATE_CHAIN_MAX];
    struct chain_entry *previous, *next; /* among those that nobody holds */
    bool has_ocsp;                       /* the last response, which comes again and again */
    enum ocsp_status ocsp;
    uint8_t ocsp_sha256[32];
    UT_hash_handle hh;
};

struct certificate_store {
    struct budget *budget;
    struct trust *trust;
    EVP_MD *sha256; /* fetched once, when first needed: finding it costs more than the hash */
    EVP_MD_CTX *hashing;
    struct certificate_entry *certificates;
    struct chain_entry *chains;
    struct chain_entry *idle_first, *idle_last;
    struct chain_entry *recent[RECENT_MAX]; /* the last ones taken that were others */
    size_t next_recent;
    size_t parsed;
    size_t authorities; /* parsed, of CAs */
};

/* ---- hashes ---- */

static bool hash_start(struct certificate_store *store)
{
    if (!store->sha256)
        store->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!store->hashing)
        store->hashing = EVP_MD_CTX_new();
    return store->sha256 && store->hashing &&
           EVP_DigestInit_ex2(store->hashing, store->sha256, NULL) == 1;
}

static bool hash_chain(struct certificate_store *store, const struct slice *certificates,
                       size_t count, uint8_t sha256[32])
{
    bool hashed = hash_start(store);

    for (size_t i = 0; hashed && i < count; i++) {
        uint64_t length = certificates[i].length;

        hashed =
            EVP_DigestUpdate(store->hashing, &length, sizeof length) == 1 &&
            EVP_DigestUpdate(store->hashing, certificates[i].data, certificates[i].length) == 1;
    }
    return hashed && EVP_DigestFinal_ex(store->hashing, sha256, NULL) == 1;
}

static bool hash_bytes(struct certificate_store *store, struct slice bytes, uint8_t sha256[32])
{
    return hash_start(store) && EVP_DigestUpdate(store->hashing, bytes.data, bytes.length) == 1 &&
           EVP_DigestFinal_ex(store->hashing, sha256, NULL) == 1;
}

/* ---- certificates ---- */

static void drop_certificate(struct certificate_store *store, struct certificate_entry *entry)
{
    if (--entry->holders > 0)
        return;
    /* It is in the table. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    HASH_DEL(store->certificates, entry);
    certificate_entry_free(entry);
}

/* NULL: over budget. */
static struct certificate_entry *take_certificate(struct certificate_store *store, struct slice der)
{
    struct certificate_entry *entry = NULL;
    uint8_t sha256[32];

    if (!hash_bytes(store, der, sha256))
        return NULL;
    HASH_FIND(hh, store->certificates, sha256, sizeof sha256, entry);
    if (!entry) {
        entry = certificate_entry_create(store->budget, der, sha256);
        if (!entry)
            return NULL;
        store->parsed++;
        store->authorities += entry->facts.is_ca;
        HASH_ADD(hh, store->certificates, facts.sha256, sizeof entry->facts.sha256, entry);
        if (!entry->hh.tbl) {
            certificate_entry_free(entry);
            return NULL;
        }
    }
    entry->holders++;
    return entry;
}

/* ---- chains that nobody holds ---- */

static void make_idle(struct certificate_store *store, struct chain_entry *entry)
{
    entry->previous = store->idle_last;
    entry->next = NULL;
    if (store->idle_last)
        store->idle_last->next = entry;
    else
        store->idle_first = entry;
    store->idle_last = entry;
}

static void make_busy(struct certificate_store *store, struct chain_entry *entry)
{
    if (entry->previous)
        entry->previous->next = entry->next;
    else
        store->idle_first = entry->next;
    if (entry->next)
        entry->next->previous = entry->previous;
    else
        store->idle_last = entry->previous;
    entry->previous = entry->next = NULL;
}

static void free_chain(struct certificate_store *store, struct chain_entry *entry)
{
    for (size_t i = 0; i < RECENT_MAX; i++)
        if (store->recent[i] == entry)
            store->recent[i] = NULL;
    for (size_t i = 0; i < entry->chain.count; i++)
        drop_certificate(store, entry->entries[i]);
    memory_give(store->budget, entry, sizeof *entry);
}

static bool evict_one(struct certificate_store *store)
{
    struct chain_entry *oldest = store->idle_first;

    if (!oldest)
        return false;
    make_busy(store, oldest);
    HASH_DEL(store->chains, oldest);
    free_chain(store, oldest);
    return true;
}

static void keep_within_limits(struct certificate_store *store)
{
    while ((HASH_COUNT(store->certificates) > CERTIFICATES_MAX ||
            HASH_COUNT(store->chains) > CHAINS_MAX) &&
           evict_one(store))
        ;
}

/* ---- chains ---- */

/* A root may be cross-signed: what is taken for one stays one. */
static bool may_be_found(const struct certificate_chain *chain)
{
    return chain->missing == ISSUER_UNKNOWN || chain->missing == ISSUER_INTERMEDIATE;
}

/* What other servers sent may tell what the missing issuer is. */
static void look_for_issuer(struct certificate_store *store, struct chain_entry *chain)
{
    const struct certificate_entry *top = NULL, *entry, *next;
    enum missing_issuer seen = chain->chain.missing;

    for (size_t i = 0; i < chain->chain.count; i++)
        if (chain->chain.top == &chain->entries[i]->facts)
            top = chain->entries[i];
    chain->looked_at = store->authorities;
    for (entry = store->certificates; top && entry; entry = next) {
        next = entry->hh.next;
        if (!entry->facts.is_ca || entry == top || !certificate_issued(entry, top) ||
            !certificate_signed(entry, top))
            continue;
        seen = entry->facts.self_signed ? ISSUER_ROOT : ISSUER_INTERMEDIATE;
        if (seen == ISSUER_ROOT)
            break;
    }
    ERR_clear_error();
    certificate_chain_missing(&chain->chain, seen);
}

static struct chain_entry *make_chain(struct certificate_store *store,
                                      const struct slice *certificates, size_t count,
                                      const uint8_t key[32])
{
    struct chain_entry *chain = memory_take(store->budget, sizeof *chain);

    if (!chain)
        return NULL;
    for (size_t i = 0; i < sizeof chain->key; i++)
        chain->key[i] = key[i];
    chain->chain.certificates = chain->shown;
    while (chain->chain.count < count) {
        struct certificate_entry *entry = take_certificate(store, certificates[chain->chain.count]);

        if (!entry) {
            free_chain(store, chain);
            return NULL;
        }
        chain->entries[chain->chain.count] = entry;
        chain->shown[chain->chain.count++] = &entry->facts;
    }
    HASH_ADD(hh, store->chains, key, sizeof chain->key, chain);
    if (!chain->hh.tbl) {
        free_chain(store, chain);
        return NULL;
    }
    make_idle(store, chain); /* until somebody takes it */
    certificate_chain_judge(&chain->chain, chain->entries, store->trust);
    if (may_be_found(&chain->chain))
        look_for_issuer(store, chain);
    return chain;
}

static bool is_of(const struct chain_entry *chain, const struct slice *certificates, size_t count)
{
    if (chain->chain.count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!slice_equals(chain->entries[i]->der, certificates[i]))
            return false;
    return true;
}

/* NULL: it is not among the last ones. */
static struct chain_entry *find_recent(const struct certificate_store *store,
                                       const struct slice *certificates, size_t count)
{
    for (size_t i = 0; i < RECENT_MAX; i++)
        if (store->recent[i] && is_of(store->recent[i], certificates, count))
            return store->recent[i];
    return NULL;
}

/* NULL: it is not known, or cannot be kept. */
static struct chain_entry *find_or_make(struct certificate_store *store,
                                        const struct slice *certificates, size_t count)
{
    struct chain_entry *chain = NULL;
    uint8_t key[32];

    if (!hash_chain(store, certificates, count, key))
        return NULL;
    HASH_FIND(hh, store->chains, key, sizeof key, chain);
    if (!chain)
        chain = make_chain(store, certificates, count, key);
    while (!chain && evict_one(store)) {
        for (int i = 1; i < EVICT_AT_ONCE && evict_one(store); i++)
            ;
        chain = make_chain(store, certificates, count, key);
    }
    if (chain)
        store->recent[store->next_recent++ % RECENT_MAX] = chain;
    return chain;
}

const struct certificate_chain *certificate_store_take(struct certificate_store *store,
                                                       const struct slice *certificates,
                                                       size_t count)
{
    struct chain_entry *chain;

    if (count > CERTIFICATE_CHAIN_MAX)
        count = CERTIFICATE_CHAIN_MAX;
    chain = find_recent(store, certificates, count);
    if (!chain)
        chain = find_or_make(store, certificates, count);
    if (!chain)
        return NULL;
    if (chain->holders == 0)
        make_busy(store, chain);
    if (may_be_found(&chain->chain) && chain->looked_at != store->authorities)
        look_for_issuer(store, chain);
    chain->holders++;
    keep_within_limits(store);
    return &chain->chain;
}

void certificate_store_give(struct certificate_store *store, const struct certificate_chain *chain)
{
    struct chain_entry *entry = (struct chain_entry *)chain;

    if (!entry || --entry->holders > 0)
        return;
    make_idle(store, entry);
    keep_within_limits(store);
}

enum ocsp_status certificate_store_ocsp(struct certificate_store *store,
                                        const struct certificate_chain *chain,
                                        struct slice response)
{
    struct chain_entry *entry = (struct chain_entry *)chain;
    uint8_t sha256[32];

    if (!entry || chain->count == 0 || response.length == 0 || !hash_bytes(store, response, sha256))
        return OCSP_NONE;
    if (entry->has_ocsp &&
        slice_equals(slice_of(sha256, sizeof sha256), slice_of(entry->ocsp_sha256, 32)))
        return entry->ocsp;
    entry->ocsp = ocsp_read(entry->entries[0], response);
    entry->has_ocsp = true;
    for (size_t i = 0; i < sizeof sha256; i++)
        entry->ocsp_sha256[i] = sha256[i];
    return entry->ocsp;
}

/* ---- the store ---- */

struct certificate_store *certificate_store_create(struct budget *budget, const char *trust,
                                                   struct complaint *complaint)
{
    struct certificate_store *store = memory_take(budget, sizeof *store);

    if (!store) {
        complain(complaint, "no memory for the certificates");
        return NULL;
    }
    store->budget = budget;
    store->trust = trust_create(budget, trust, complaint);
    if (!store->trust) {
        certificate_store_free(store);
        return NULL;
    }
    return store;
}

size_t certificate_store_parsed(const struct certificate_store *store)
{
    return store->parsed;
}

void certificate_store_free(struct certificate_store *store)
{
    struct chain_entry *chain, *next;

    if (!store)
        return;
    for (chain = store->chains; chain; chain = next) {
        next = chain->hh.next;
        HASH_DEL(store->chains, chain);
        free_chain(store, chain);
    }
    EVP_MD_CTX_free(store->hashing);
    EVP_MD_free(store->sha256);
    trust_free(store->trust);
    memory_give(store->budget, store, sizeof *store);
}
