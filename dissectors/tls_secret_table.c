/* tls_secret_table.c: the secrets of key logs, by kind and identifier
 *
 * A live capture may run for weeks beside a key log that grows: beyond
 * SECRETS_MAX the oldest secret gives its place to the newest.  Secrets lie in
 * slabs of their own, which are wiped when freed.
 */
#include "dissectors/tls_secret_table.h"

#include "lyncscope/memory.h"
#include "lyncscope/table.h"

enum { SLAB_SECRETS = 512 };

struct secret_key {
    uint8_t kind;
    uint8_t id[KEYLOG_ID_BYTES];
};

struct tls_secret {
    UT_hash_handle hh;
    struct secret_key key;
    bool counted; /* it, or another one of its connection, was used */
    uint8_t length;
    uint16_t source, also; /* the first that gave it, and the last */
    uint8_t bytes[KEYLOG_SECRET_BYTES];
};

struct secret_slab {
    struct secret_slab *next;
    size_t used;
    struct tls_secret secrets[SLAB_SECRETS];
};

void secret_table_release(struct secret_table *table)
{
    HASH_CLEAR(hh, table->oldest);
    while (table->slabs) {
        struct secret_slab *slab = table->slabs;

        table->slabs = slab->next;
        memory_wipe(slab, sizeof *slab);
        memory_give(NULL, slab, sizeof *slab);
    }
}

/* ---- adding ---- */

static struct tls_secret *take_oldest(struct secret_table *table)
{
    struct tls_secret *oldest = table->oldest;

    HASH_DEL(table->oldest, oldest);
    memory_wipe(oldest, sizeof *oldest);
    return oldest;
}

static struct tls_secret *take_place(struct secret_table *table)
{
    struct secret_slab *slab = table->slabs;

    if (HASH_COUNT(table->oldest) >= (table->limit ? table->limit : SECRETS_MAX))
        return take_oldest(table);
    if (!slab || slab->used == SLAB_SECRETS) {
        slab = memory_take(NULL, sizeof *slab);
        if (!slab)
            return NULL;
        slab->next = table->slabs;
        table->slabs = slab;
    }
    return &slab->secrets[slab->used++];
}

static struct secret_key make_key(int kind, struct slice id)
{
    struct secret_key key = { .kind = (uint8_t)kind };

    for (size_t i = 0; i < id.length && i < KEYLOG_ID_BYTES; i++)
        key.id[i] = id.data[i];
    return key;
}

static int kind_of(const struct keylog_line *line)
{
    if (line->kind == KEYLOG_PREMASTER)
        return SECRET_BY_PREMASTER;
    return line->kind == KEYLOG_SESSION ? SECRET_BY_SESSION : (int)line->label;
}

static struct tls_secret *find(const struct secret_table *table, const struct secret_key *key)
{
    struct tls_secret *found;

    HASH_FIND(hh, table->oldest, key, sizeof *key, found);
    return found;
}

bool secret_table_add(struct secret_table *table, const struct keylog_line *line, size_t source)
{
    struct secret_key key = make_key(kind_of(line), slice_of(line->id, KEYLOG_ID_BYTES));
    struct tls_secret *secret = find(table, &key);

    if (secret) { /* the logs of both ends hold the same lines */
        secret->also = (uint16_t)source;
        return false;
    }
    secret = take_place(table);
    if (!secret)
        return false;
    secret->key = key;
    secret->source = secret->also = (uint16_t)source;
    secret->length = (uint8_t)line->secret_length;
    for (size_t i = 0; i < line->secret_length; i++)
        secret->bytes[i] = line->secret[i];
    HASH_ADD(hh, table->oldest, key, sizeof secret->key, secret);
    return true;
}

/* ---- looking up ---- */

/* A connection of TLS 1.3 needs several secrets, and is counted once: the first that is used marks
 * all there are.  (To look for a used one each time was a twentieth of reading short connections.)
 * True: it is the first. */
static bool count_once(const struct secret_table *table, struct tls_secret *secret, struct slice id)
{
    bool first = !secret->counted;

    secret->counted = true;
    if (!first || secret->key.kind == TLS_LABEL_CLIENT_RANDOM) /* it has no others beside it */
        return first;
    for (int label = 0; secret->key.kind < TLS_LABEL_COUNT && label < TLS_LABEL_COUNT; label++) {
        struct secret_key key = make_key(label, id);
        struct tls_secret *other = find(table, &key);

        if (!other || other == secret)
            continue;
        first = first && !other->counted; /* it came late into a log that grows */
        other->counted = true;
    }
    return first;
}

struct found_secret secret_table_use(struct secret_table *table, int kind, struct slice id)
{
    struct secret_key key = make_key(kind, id);
    struct tls_secret *secret =
        id.length > 0 && id.length <= KEYLOG_ID_BYTES ? find(table, &key) : NULL;
    struct found_secret found = { 0 };

    if (!secret)
        return found;
    found.bytes = slice_of(secret->bytes, secret->length);
    found.source = secret->source;
    found.also = secret->also;
    found.first_use = count_once(table, secret, id);
    return found;
}
