/* copy_tls.c: deep copies of TLS sessions and the certificates in them
 *
 * A client meets the same chain on every connection, so a sign-in keeps it
 * once.
 */
#include "copy.h"

static const struct certificate *copy_certificate(struct arena *arena,
                                                  const struct certificate *certificate)
{
    struct certificate *copy = arena_take(arena, sizeof *copy);
    struct slice *names;

    if (!copy)
        return NULL;
    *copy = *certificate; /* the type of its key is a constant */
    copy->subject = arena_copy(arena, certificate->subject);
    copy->issuer = arena_copy(arena, certificate->issuer);
    copy->common_name = arena_copy(arena, certificate->common_name);
    copy->signature = arena_copy(arena, certificate->signature);
    copy->key_sha256 = arena_copy(arena, certificate->key_sha256);
    names = copy->name_count ? arena_take(arena, copy->name_count * sizeof *names) : NULL;
    if (!names)
        copy->name_count = 0;
    for (size_t i = 0; i < copy->name_count; i++)
        names[i] = arena_copy(arena, certificate->names[i]);
    copy->names = names;
    return copy;
}

const struct certificate_chain *copy_chain(struct arena *arena,
                                           const struct certificate_chain *chain)
{
    struct certificate_chain *copy = arena_take(arena, sizeof *copy);
    const struct certificate **certificates =
        arena_take(arena, chain->count * sizeof *certificates);

    if (!copy || !certificates)
        return NULL;
    *copy = *chain;
    copy->top = NULL;
    for (size_t i = 0; i < chain->count; i++) {
        certificates[i] = copy_certificate(arena, chain->certificates[i]);
        if (!certificates[i])
            return NULL;
        if (chain->top == chain->certificates[i])
            copy->top = certificates[i];
    }
    copy->certificates = certificates;
    return copy;
}

bool copy_is_same_chain(const struct certificate_chain *a, const struct certificate_chain *b)
{
    if (!a || !b || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!slice_equals(slice_of(a->certificates[i]->sha256, 32),
                          slice_of(b->certificates[i]->sha256, 32)))
            return false;
    return true;
}

void copy_tls(struct arena *arena, const struct tls_session *session,
              const struct certificate_chain *known, struct tls_session *copy)
{
    struct tls_alert *alerts = NULL;

    *copy = *session;
    copy->server_name = arena_copy(arena, session->server_name);
    copy->alpn = arena_copy(arena, session->alpn);
    if (session->alert_count > 0)
        alerts = arena_take(arena, session->alert_count * sizeof *alerts);
    if (!alerts)
        copy->alert_count = 0;
    for (size_t i = 0; i < copy->alert_count; i++)
        alerts[i] = session->alerts[i];
    copy->alerts = alerts;
    if (session->chain)
        copy->chain =
            copy_is_same_chain(session->chain, known) ? known : copy_chain(arena, session->chain);
}
