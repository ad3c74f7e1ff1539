/* tls_context.c: what the connections of one engine share
 *
 * With a server's private key alone, a resumed session opens only if the
 * master secret of the session it resumes is remembered, by session id and by
 * ticket (RFC 5246 7.3, RFC 5077 3.1).  The oldest are forgotten first.
 */
#include "dissectors/tls_context.h"

#include "lyncscope/memory.h"
#include "lyncscope/table.h"

enum { SESSIONS_MAX = 65536 };

struct session {
    uint64_t name; /* a seeded hash: the records' MACs tell whether it was the right one */
    uint8_t master[TLS_MASTER_LENGTH];
    UT_hash_handle hh;
};

struct tls_context {
    struct tls_secrets *secrets;
    struct tls_crypto *crypto;
    struct session *sessions;
};

struct tls_context *tls_context_create(struct tls_secrets *secrets)
{
    struct tls_context *context = memory_take(NULL, sizeof *context);

    if (!context)
        return NULL;
    context->secrets = secrets;
    context->crypto = tls_crypto_create();
    if (context->crypto)
        return context;
    memory_give(NULL, context, sizeof *context);
    return NULL;
}

static void forget(struct tls_context *context, struct session *session)
{
    HASH_DEL(context->sessions, session);
    tls_crypto_wipe(session, sizeof *session);
    memory_give(NULL, session, sizeof *session);
}

void tls_context_free(struct tls_context *context)
{
    if (!context)
        return;
    while (context->sessions)
        forget(context, context->sessions);
    tls_crypto_free(context->crypto);
    memory_give(NULL, context, sizeof *context);
}

struct tls_crypto *tls_context_crypto(struct tls_context *context)
{
    return context->crypto;
}

struct tls_secrets *tls_context_secrets(struct tls_context *context)
{
    return context->secrets;
}

static struct session *find(struct tls_context *context, uint64_t name)
{
    struct session *session;

    HASH_FIND(hh, context->sessions, &name, sizeof name, session);
    return session;
}

/* The table is in the order of insertion, so its head is the oldest. */
static struct session *add(struct tls_context *context, uint64_t name)
{
    struct session *session;

    if (HASH_COUNT(context->sessions) >= SESSIONS_MAX)
        forget(context, context->sessions);
    session = memory_take(NULL, sizeof *session);
    if (!session)
        return NULL;
    session->name = name;
    HASH_ADD(hh, context->sessions, name, sizeof session->name, session);
    return session;
}

void tls_context_remember(struct tls_context *context, struct slice name,
                          const uint8_t master[TLS_MASTER_LENGTH])
{
    uint64_t hash = table_hash(name.data, name.length);
    struct session *session;

    if (name.length == 0)
        return;
    session = find(context, hash);
    if (!session)
        session = add(context, hash);
    for (size_t i = 0; session && i < TLS_MASTER_LENGTH; i++)
        session->master[i] = master[i];
}

bool tls_context_recall(struct tls_context *context, struct slice name,
                        uint8_t master[TLS_MASTER_LENGTH])
{
    struct session *session =
        name.length > 0 ? find(context, table_hash(name.data, name.length)) : NULL;

    for (size_t i = 0; session && i < TLS_MASTER_LENGTH; i++)
        master[i] = session->master[i];
    return session != NULL;
}
