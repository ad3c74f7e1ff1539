/* tls_secret_table.h: the secrets of key logs, by kind and identifier */
#ifndef LYNCSCOPE_DISSECTORS_TLS_SECRET_TABLE_H
#define LYNCSCOPE_DISSECTORS_TLS_SECRET_TABLE_H

#include "dissectors/tls_keylog.h"

enum {
    /* Kinds of identifier; below these stand the labels, whose identifier is a client random. */
    SECRET_BY_PREMASTER = TLS_LABEL_COUNT,
    SECRET_BY_SESSION,
    SECRETS_MAX = 1 << 20, /* some 160 MiB */
};

struct tls_secret;
struct secret_table {
    struct tls_secret *oldest; /* uthash's head: in the order they were added */
    struct secret_slab *slabs;
    size_t limit; /* of secrets; 0: SECRETS_MAX */
};

/* True: it was new. What is there already stays, so that copies of the same log cost nothing. */
bool secret_table_add(struct secret_table *table, const struct keylog_line *line, size_t source);
void secret_table_release(struct secret_table *table);

struct found_secret {
    struct slice bytes;  /* empty: none; valid until one is added */
    size_t source, also; /* where it was given; `also` is another place, or the same */
    bool first_use;      /* of what it was found for */
};
/* Marks it as used.  A connection's first label counts as its use. */
struct found_secret secret_table_use(struct secret_table *table, int kind, struct slice id);

#endif
