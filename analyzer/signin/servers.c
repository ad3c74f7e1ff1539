/* servers.c: what servers do among themselves, beside all sign-ins
 *
 * Pools replicate their configuration to Edge servers on 4443, refer requests
 * to other pools on 4443, and reach branch appliances on 5088 and 5089.  All
 * of it shares ports with what a reverse proxy does, so only a host that has
 * shown itself as a Front End counts: it gave an answer of Lync on a pool
 * port, or it proved itself with a client certificate there.
 */
#include "model.h"

enum { PORT_POOL = 4443, PORT_BRANCH = 5088, PORT_BRANCH_PRIMARY = 5089 };

static struct server_link *find_link(struct model *model, const struct tcp_connection *tcp)
{
    for (size_t i = 0; i < model->link_count; i++)
        if (endpoint_equals(&model->links[i].to, &tcp->server) &&
            address_equals(&model->links[i].from, &tcp->client.address))
            return &model->links[i];
    return NULL;
}

static struct server_link *find_or_add(struct model *model, const struct tcp_connection *tcp)
{
    struct server_link *link = find_link(model, tcp);

    if (link || model->link_count == LINKS_OF_SERVERS_MAX)
        return link;
    link = &model->links[model->link_count++];
    link->from = tcp->client.address;
    link->to = tcp->server;
    return link;
}

static bool is_port_of_servers(uint16_t port)
{
    return port == PORT_POOL || port == PORT_BRANCH || port == PORT_BRANCH_PRIMARY;
}

void servers_note_connection(struct model *model, const struct event *event)
{
    const struct tcp_connection *tcp = &event->tcp;
    struct server_link *link;
    bool failed;

    if (event->kind == EVENT_CONNECTING || !is_port_of_servers(tcp->server.port))
        return;
    link = find_or_add(model, tcp);
    if (!link)
        return;
    if (!link->first.packet)
        link->first = event->evidence;
    failed = tcp->opened == OPENED_REFUSED || tcp->opened == OPENED_UNANSWERED;
    link->connected |= !failed;
    if (!failed || event->kind != EVENT_CONNECTION)
        return;
    link->attempts += tcp->attempts;
    link->refused |= tcp->opened == OPENED_REFUSED;
    link->last_attempt = tcp->last_attempt;
    link->answer = tcp->answer.packet ? tcp->answer : link->answer;
}

void servers_note_tls(struct model *model, const struct tls_session *tls)
{
    struct tcp_connection ends = { .client = tls->client, .server = tls->server };
    struct server_link *link = tls->certificate_sent ? find_link(model, &ends) : NULL;

    if (link)
        link->mutual = true;
}

void servers_note_exchange(struct model *model, const struct http_exchange *http, bool inner)
{
    struct tcp_connection ends = { .client = http->client, .server = http->server };
    struct server_link *link = inner ? find_link(model, &ends) : NULL;

    if (link)
        link->relayed = true;
    if (!http->lync.server_fqdn.length || !relay_is_pool_port(http->server.port) ||
        servers_is_front_end(model, &http->server.address) ||
        model->front_end_count == FRONT_ENDS_MAX)
        return;
    model->front_ends[model->front_end_count++] = http->server.address;
}

bool servers_is_front_end(const struct model *model, const struct address *address)
{
    for (size_t i = 0; i < model->front_end_count; i++)
        if (address_equals(&model->front_ends[i], address))
            return !relay_is_proxy(model, address);
    return false;
}

bool model_server_link(const struct model *model, size_t index, struct server_link *link)
{
    if (index >= model->link_count)
        return false;
    *link = model->links[index];
    link->by_front_end = servers_is_front_end(model, &link->from) ||
                         (link->mutual && !relay_is_proxy(model, &link->from));
    return true;
}
