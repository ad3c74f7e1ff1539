/* site.c: who is who in a site, learned from its sign-ins
 *
 * A resolver answers look-ups.  A proxy is what the model has taken for one.
 * Behind it, or behind a client's own connection where the server tells its
 * name, stands a Front End; one that sends users on to another host, and holds
 * nobody's final document, is a Director.
 */
#include "site.h"

#include "copy.h"
#include "lyncscope/names.h"
#include "lyncscope/table.h"

#include <string.h>

bool learner_is_inside(const struct learner *learner, const struct address *address)
{
    const struct model_config *config = model_configuration(learner->model);

    for (size_t i = 0; i < config->internal_count; i++)
        if (network_contains(&config->internal[i], address))
            return true;
    return config->internal_count == 0 && address_is_private(address);
}

/* ---- servers ---- */

static struct site_server *find_server(struct learner *learner, const struct address *address,
                                       bool resolver)
{
    struct site *site = learner->site;
    struct site_server *server;

    for (size_t i = 0; i < site->server_count; i++)
        if (address_equals(&site->servers[i].address, address) &&
            (site->servers[i].role == ROLE_DNS) == resolver)
            return &site->servers[i];
    if (site->server_count == SITE_SERVERS_MAX || address->family == 0)
        return NULL;
    server = &site->servers[site->server_count++];
    server->address = *address;
    server->inside = learner_is_inside(learner, address);
    server->role = resolver ? ROLE_DNS : ROLE_SERVER;
    return server;
}

static void note_port(struct site_server *server, uint16_t port)
{
    for (size_t i = 0; i < server->port_count; i++)
        if (server->ports[i] == port)
            return;
    if (port && server->port_count < SITE_PORTS_MAX)
        server->ports[server->port_count++] = port;
}

static bool sends_on(const struct http_exchange *http)
{
    return http->lync.response_document.redirect.length > 0 &&
           (http->lync.resource == RESOURCE_USER || http->lync.resource == RESOURCE_OAUTH_USER);
}

/* What an answer shows of the server that gave it: one that holds users is a Front End. */
static void note_answer(struct learner *learner, struct site_server *server,
                        const struct http_exchange *http)
{
    const struct document *document = &http->lync.response_document;
    if (!http->response.present)
        return;
    if (!server->name && http->lync.server_fqdn.length)
        server->name = copy_lower(learner->arena, http->lync.server_fqdn);
    server->holds_users |= document->part == PART_USER && !document->redirect.length;
    server->sends_users_on |= sends_on(http);
    if (server->holds_users || http->lync.server_fqdn.length)
        server->role = ROLE_FRONT_END;
    if (server->sends_users_on && !server->holds_users)
        server->role = ROLE_DIRECTOR;
}

static struct site_server *note_server(struct learner *learner, const struct endpoint *endpoint,
                                       const struct evidence *evidence)
{
    struct site_server *server = find_server(learner, &endpoint->address, false);

    if (!server)
        return NULL;
    note_port(server, endpoint->port);
    if (!server->evidence.packet)
        server->evidence = *evidence;
    if (server->role == ROLE_SERVER && model_is_proxy(learner->model, &endpoint->address))
        server->role = ROLE_PROXY;
    return server;
}

/* Its own port is another one each time. */
static void note_proxy(struct learner *learner, const struct address *address,
                       const struct evidence *evidence)
{
    struct site_server *server =
        note_server(learner, &(struct endpoint){ .address = *address }, evidence);

    if (server)
        server->role = ROLE_PROXY;
}

static void read_relay(struct learner *learner, const struct relay *relay)
{
    struct site_server *server;

    note_proxy(learner, &relay->from.endpoint.address, &relay->evidence[0]);
    server = note_server(learner, &relay->to.endpoint, &relay->evidence[0]);
    if (server && server->role != ROLE_PROXY && relay->http)
        note_answer(learner, server, relay->http);
}

static void read_step(struct learner *learner, const struct step *step)
{
    const struct evidence *evidence = &step->evidence[0];
    struct site_server *server;

    if (step->dns) {
        server = find_server(learner, &step->dns->server.address, true);
        if (server && !server->evidence.packet)
            server->evidence = *evidence;
        return;
    }
    if (step->leg == LEG_INTERNAL)
        note_proxy(learner, &step->from.endpoint.address, evidence);
    if (!step->http && !step->tcp)
        return;
    server = note_server(learner, &step->to.endpoint, evidence);
    if (server && step->relay && server->role == ROLE_SERVER)
        server->role = ROLE_PROXY;
    if (server && server->role != ROLE_PROXY && step->http)
        note_answer(learner, server, step->http);
    if (step->relay)
        read_relay(learner, step->relay);
}

/* ---- domains, pools, clients ---- */

static struct evidence first_proof(const struct signin *signin)
{
    for (size_t i = 0; i < signin->step_count; i++)
        if (signin->steps[i].evidence_count && signin->steps[i].evidence[0].packet)
            return signin->steps[i].evidence[0];
    return (struct evidence){ 0 };
}

static void note_domain(struct site *site, const char *name, const struct signin *signin)
{
    size_t at = 0;

    while (at < site->domain_count && strcmp(site->domains[at].name, name) != 0)
        at++;
    if (at == SITE_DOMAINS_MAX)
        return;
    if (at == site->domain_count)
        site->domains[site->domain_count++] = (struct site_domain){ .name = name };
    if (!signin)
        return;
    site->domains[at].signins++;
    if (!site->domains[at].evidence.packet)
        site->domains[at].evidence = first_proof(signin);
}

static struct evidence final_proof(const struct signin *signin)
{
    for (size_t i = signin->step_count; i-- > 0;) {
        const struct http_exchange *http = signin->steps[i].http;

        if (http && http->lync.response_document.part == PART_USER && http->response.present)
            return http->response.evidence;
    }
    return first_proof(signin);
}

static void note_pool(struct site *site, const struct signin *signin)
{
    size_t at = 0;

    if (!signin->home_pool)
        return;
    while (at < site->pool_count && strcmp(site->pools[at].name, signin->home_pool) != 0)
        at++;
    if (at == SITE_POOLS_MAX)
        return;
    if (at == site->pool_count)
        site->pools[site->pool_count++] =
            (struct site_pool){ .name = signin->home_pool, .evidence = final_proof(signin) };
    site->pools[at].users++;
}

/* At least twice as many places as there are sign-ins. */
static void expect_clients(struct learner *learner)
{
    size_t places = 64;

    while (places < 2 * model_signin_count(learner->model))
        places *= 2;
    learner->clients = arena_take(learner->arena, places * sizeof *learner->clients);
    learner->client_mask = places - 1;
}

/* Without memory to tell nobody is counted. */
static bool is_new_client(struct learner *learner, const struct signin *signin, size_t index)
{
    const struct address *address = &signin->client.endpoint.address;
    size_t at = (size_t)table_hash(address, sizeof *address) & learner->client_mask;

    if (!learner->clients)
        return false;
    for (; learner->clients[at]; at = (at + 1) & learner->client_mask)
        if (address_equals(
                &model_signin(learner->model, learner->clients[at] - 1)->client.endpoint.address,
                address))
            return false;
    learner->clients[at] = (uint32_t)index + 1;
    return true;
}

static void note_client(struct learner *learner, const struct signin *signin, size_t index)
{
    struct site *site = learner->site;

    if (!is_new_client(learner, signin, index))
        return;
    if (signin->location == LOCATION_INTERNAL)
        site->clients_inside++;
    else if (signin->location == LOCATION_EXTERNAL)
        site->clients_outside++;
    else
        site->clients_unknown++;
}

static void read_signin(struct learner *learner, size_t index)
{
    const struct signin *signin = model_signin(learner->model, index);

    note_client(learner, signin, index);
    if (signin->sip_domain)
        note_domain(learner->site, signin->sip_domain, signin);
    note_pool(learner->site, signin);
    for (size_t i = 0; i < signin->step_count; i++) {
        read_step(learner, &signin->steps[i]);
        if (signin->steps[i].http)
            learner_read_root(learner, signin, &signin->steps[i]);
    }
    learner_read_names(learner, signin);
}

const struct site *site_learn(struct model *model, struct arena *arena)
{
    const struct model_config *config = model_configuration(model);
    struct learner learner = { .model = model,
                               .arena = arena,
                               .site = arena_take(arena, sizeof(struct site)) };

    if (!learner.site)
        return NULL;
    expect_clients(&learner);
    for (size_t i = 0; i < model_signin_count(model); i++)
        read_signin(&learner, i);
    for (size_t i = 0; i < config->sip_domain_count; i++)
        note_domain(learner.site, config->sip_domains[i], NULL);
    learner_find_faults(&learner);
    return learner.site;
}

/* ---- back to the steps ---- */

static void tell_role(const struct site *site, struct party *party)
{
    for (size_t i = 0; i < site->server_count; i++) {
        const struct site_server *server = &site->servers[i];

        if (server->role != ROLE_DNS && server->role != ROLE_SERVER &&
            address_equals(&server->address, &party->endpoint.address)) {
            party->role = server->role;
            return;
        }
    }
}

void site_tell_roles(const struct site *site, struct model *model)
{
    for (size_t i = 0; i < model_signin_count(model); i++) {
        struct signin *signin = model_signin(model, i);

        for (size_t k = 0; k < signin->step_count; k++) {
            struct step *step = &signin->steps[k];

            if (!step->dns)
                tell_role(site, &step->to);
            if (step->relay) /* the sign-in's own, shared with readers as it is */
                tell_role(site, &((struct relay *)step->relay)->to);
        }
    }
}
