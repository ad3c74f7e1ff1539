/* patterns_server.c: one Front End of several, where every sign-in fails
 *
 * A failed sign-in counts for the server of the step that decided it, behind
 * the proxy where that leg was seen; a good one for every server that gave it a
 * good answer.  Another server is only a measure if it could have stood in: the
 * same SIP domain, the same port, and not merely a station before the failure,
 * as a Director is, that every failed sign-in passed well.
 */
#include "diagnose.h"
#include "patterns.h"

#include <string.h>

enum { SERVERS_MAX = 64, FAILURES = 2, SUCCESSES = 2 };

struct server {
    struct endpoint endpoint;
    const char *name; /* X-MS-Server-Fqdn, as far as known */
    struct picked failed, good;
    size_t passed_by[SERVERS_MAX]; /* failures here, by servers that they passed well before */
};

struct servers {
    struct server *list;
    size_t count;
};

/* Behind the proxy, or the client's own where there is none. */
static struct party server_of(const struct step *step)
{
    if (step->relay)
        return step->relay->to;
    return step->to;
}

static struct slice fqdn_of(const struct step *step)
{
    if (step->relay && step->relay->http)
        return step->relay->http->lync.server_fqdn;
    return step->http ? step->http->lync.server_fqdn : SLICE_EMPTY;
}

/* Without the inner leg only the name that the server gives itself tells one from another. */
static bool is_told_apart(const struct step *step)
{
    return step->leg == LEG_INTERNAL || step->relay || fqdn_of(step).length > 0;
}

static bool is_same(const struct server *server, const struct endpoint *endpoint, struct slice fqdn)
{
    if (!endpoint_equals(&server->endpoint, endpoint))
        return false;
    return fqdn.length == 0 || !server->name || slice_is_text_nocase(fqdn, server->name);
}

static size_t find_server(struct crowd *crowd, struct servers *servers, const struct step *step)
{
    struct party party = server_of(step);
    struct slice fqdn = fqdn_of(step);
    size_t at = 0;

    if (!is_told_apart(step) || party.endpoint.address.family == 0)
        return SERVERS_MAX;
    while (at < servers->count && !is_same(&servers->list[at], &party.endpoint, fqdn))
        at++;
    if (at == SERVERS_MAX)
        return SERVERS_MAX;
    if (at == servers->count)
        servers->list[servers->count++] = (struct server){ .endpoint = party.endpoint };
    if (!servers->list[at].name && fqdn.length)
        servers->list[at].name = arena_text(crowd->arena, fqdn);
    return at;
}

static const struct step *deciding_step(const struct signin *signin)
{
    return signin->finding_count && signin->findings[0].step
               ? &signin->steps[signin->findings[0].step - 1]
               : NULL;
}

static void count_signin(struct crowd *crowd, struct servers *servers, const struct signin *signin)
{
    const struct step *end = signin_failed(signin) ? deciding_step(signin) : NULL;
    size_t broken = end ? find_server(crowd, servers, end) : SERVERS_MAX;
    bool seen[SERVERS_MAX] = { false };

    if (signin_failed(signin) && broken == SERVERS_MAX)
        return;
    if (end)
        picked_add(&servers->list[broken].failed, signin);
    for (size_t i = 0; i < signin->step_count; i++) {
        size_t at = http_is_good(&signin->steps[i]) ? find_server(crowd, servers, &signin->steps[i])
                                                    : SERVERS_MAX;

        if (at == SERVERS_MAX || seen[at])
            continue;
        seen[at] = true;
        if (end)
            servers->list[broken].passed_by[at]++;
        else
            picked_add(&servers->list[at].good, signin);
    }
}

static bool share_domain(const struct picked *a, const struct picked *b)
{
    for (size_t i = 0; i < a->count && i < CITED_MAX; i++)
        for (size_t k = 0; k < b->count && k < CITED_MAX; k++)
            if (a->some[i]->sip_domain && b->some[k]->sip_domain &&
                strcmp(a->some[i]->sip_domain, b->some[k]->sip_domain) == 0)
                return true;
    return false;
}

static bool could_stand_in(const struct servers *servers, size_t bad, size_t other)
{
    const struct server *failing = &servers->list[bad], *good = &servers->list[other];

    return good->good.count >= SUCCESSES && good->failed.count == 0 &&
           good->endpoint.port == failing->endpoint.port &&
           failing->passed_by[other] < failing->failed.count &&
           share_domain(&failing->failed, &good->good);
}

static void add_server(struct text *text, const struct server *server)
{
    char address[ADDRESS_TEXT_SIZE];

    address_format(&server->endpoint.address, address);
    if (server->name) {
        text_add_escaped(text, slice_of_text(server->name));
        text_add(text, " (");
    }
    text_print(text, server->endpoint.address.family == 6 ? "[%s]:%u" : "%s:%u", address,
               server->endpoint.port);
    text_add(text, server->name ? ")" : "");
}

static void tell(struct crowd *crowd, const struct server *bad, const struct server *good)
{
    struct text text = { 0 };

    text_print(&text, "One server of several fails: all %zu sign-ins that came to ",
               bad->failed.count);
    add_server(&text, bad);
    text_add(&text, " failed there");
    crowd_add_reason(&text, &bad->failed);
    text_print(&text, ", and %zu at ", good->good.count);
    add_server(&text, good);
    text_add(&text, " went well. Take it out of the proxy's farm, and compare its services, "
                    "bindings and certificate with the other's");
    crowd_tell(crowd, &text, &bad->failed, &good->good);
}

void patterns_find_server(struct crowd *crowd)
{
    struct servers servers = { .list =
                                   arena_take(crowd->arena, SERVERS_MAX * sizeof(struct server)) };

    if (!servers.list)
        return;
    for (size_t i = 0; i < crowd->count; i++)
        count_signin(crowd, &servers, crowd->signins[i]);
    for (size_t bad = 0; bad < servers.count; bad++) {
        const struct server *server = &servers.list[bad];

        if (server->failed.count < FAILURES || server->good.count > 0)
            continue;
        for (size_t other = 0; other < servers.count; other++)
            if (could_stand_in(&servers, bad, other)) {
                tell(crowd, server, &servers.list[other]);
                break;
            }
    }
}
