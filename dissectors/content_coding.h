/* content_coding.h: undoing gzip, deflate and br, one after the other, in pieces */
#ifndef LYNCSCOPE_DISSECTORS_CONTENT_CODING_H
#define LYNCSCOPE_DISSECTORS_CONTENT_CODING_H

#include "lyncscope/memory.h"

enum {
    CODINGS_MAX = 4,
    CODED_BODY_MAX = 64 << 20, /* decoded bytes; a body that grows beyond is a bomb */
};

/* Where decoded bytes go, piece by piece. */
struct byte_sink {
    void (*take)(void *context, struct slice bytes);
    void *context;
};

struct codings;
struct codings *codings_create(struct budget *budget); /* NULL: over budget */
/* Codings in the order they were applied: "gzip, br". Unknown ones spoil the whole. */
void codings_add(struct codings *codings, struct slice names);
bool codings_are_none(const struct codings *codings);
/* Without codings, and with one that is unknown, bytes come out as they went in. */
void codings_feed(struct codings *codings, struct slice bytes, struct byte_sink sink);
/* A coding was unknown, its bytes were wrong, or there was too much of them. */
bool codings_are_bad(const struct codings *codings);
/* It grew beyond CODED_BODY_MAX. */
bool codings_are_too_large(const struct codings *codings);
/* All went in: did every coding reach its end? */
bool codings_are_finished(const struct codings *codings);
void codings_free(struct codings *codings); /* NULL is fine */

#endif
