/* document_memo.c: Autodiscover documents that came before
 *
 * All clients of a pool are given the same few documents, and parsing one costs
 * thirty times as much as comparing it: of 20,000 short transactions it took an
 * eighth.  A document is kept with the body that it was read from, and both are
 * compared byte for byte.  Only the Autodiscover service's answers are kept:
 * they hold no secrets.
 */
#include "document_memo.h"

#include "lyncscope/table.h"

enum {
    KNOWN_MAX = 16,
    BODY_MAX = 4096,
    ROOM = 256 << 10, /* more than any document of such a body takes */
};

struct known {
    struct arena *arena; /* holds all that follows points at */
    struct slice body;   /* empty: nothing is known here */
    struct slice content_type;
    unsigned status;
    enum resource resource;
    struct document document;
};

struct document_memo {
    struct budget *budget;
    struct known known[KNOWN_MAX]; /* by hash of the body */
};

struct document_memo *document_memo_create(struct budget *budget)
{
    struct document_memo *memo = memory_take(budget, sizeof *memo);

    if (memo)
        memo->budget = budget;
    return memo;
}

void document_memo_free(struct document_memo *memo)
{
    if (!memo)
        return;
    for (size_t i = 0; i < KNOWN_MAX; i++)
        arena_free(memo->known[i].arena);
    memory_give(memo->budget, memo, sizeof *memo);
}

/* A whole answer of the Autodiscover service: nothing but what is_same compares decides how it is
 * read. */
static bool may_be_kept(const struct document_source *source)
{
    const struct http_body *body = source->body;

    return source->service == SERVICE_AUTODISCOVER && source->status != 0 && body->complete &&
           !body->missing && !body->bad_coding && body->kept.length == body->bytes &&
           body->bytes > 0 && body->bytes <= BODY_MAX;
}

static bool is_same(const struct known *known, const struct document_source *source)
{
    return known->status == source->status && known->resource == source->resource &&
           slice_equals(known->body, source->body->kept) &&
           slice_equals(known->content_type, source->content_type);
}

/* With little memory left a document could lack facts, and would go on lacking them. */
static bool has_room(const struct document_memo *memo)
{
    if (!budget_take(memo->budget, ROOM))
        return false;
    budget_give(memo->budget, ROOM);
    return true;
}

/* Reads it from a copy of the body, so that it points at nothing that goes. False: over budget. */
static bool learn(struct document_memo *memo, struct known *known,
                  const struct document_source *source)
{
    struct http_body body = *source->body;
    struct document_source copy = *source;

    known->body = SLICE_EMPTY;
    if (known->arena)
        arena_reset(known->arena);
    else
        known->arena = arena_create(memo->budget, 0);
    if (!known->arena || !has_room(memo))
        return false;
    body.kept = arena_copy(known->arena, source->body->kept);
    copy.body = &body;
    copy.content_type = arena_copy(known->arena, source->content_type);
    known->content_type = copy.content_type;
    known->status = source->status;
    known->resource = source->resource;
    known->document = document_read(&copy, known->arena);
    known->body = body.kept;
    return true;
}

struct document document_memo_read(struct document_memo *memo, const struct document_source *source,
                                   struct arena *arena)
{
    struct known *known;

    if (!memo || !may_be_kept(source))
        return document_read(source, arena);
    known =
        &memo->known[table_hash(source->body->kept.data, source->body->kept.length) % KNOWN_MAX];
    if (!is_same(known, source) && !learn(memo, known, source))
        return document_read(source, arena);
    return known->document;
}
