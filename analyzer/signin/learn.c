/* learn.c: what an exchange teaches about its sign-in */
#include "learn.h"

#include "lyncscope/text.h"

#include <string.h>

bool learn_host_name(struct slice host, char *out, size_t size)
{
    if (host.length > 0 && host.data[0] == '[')
        host = slice_part(host, 1, slice_find_byte(host, ']') - 1);
    else
        host = slice_part(host, 0, slice_find_byte(host, ':'));
    if (size > 0)
        out[0] = 0;
    return name_lower(host, out, size);
}

/* ---- who ---- */

/* DOMAIN\user is an address only when the domain is a DNS name. */
static bool ntlm_user(const struct ntlm_facts *ntlm, char *out, size_t size)
{
    struct text text = { 0 };
    bool found;

    if (ntlm->type != 3 || ntlm->user.length == 0)
        return false;
    text_add_slice(&text, ntlm->user);
    if (slice_find_byte(ntlm->user, '@') == ntlm->user.length &&
        slice_find_byte(ntlm->domain, '.') < ntlm->domain.length) {
        text_add(&text, "@");
        text_add_slice(&text, ntlm->domain);
    }
    found = user_normalise(slice_of(text_string(&text), text_length(&text)), out, size);
    text_release(&text);
    return found;
}

static enum user_rank best_user(const struct http_exchange *exchange, char *out, size_t size)
{
    const struct lync_exchange *lync = &exchange->lync;
    const struct {
        struct slice text;
        enum user_rank rank;
    } sources[] = {
        { lync->request_document.kind == DOCUMENT_RST ? lync->request_document.user : SLICE_EMPTY,
          USER_CLAIM },
        { lync->sipuri, USER_SIPURI },
        { lync->response_document.kind == DOCUMENT_RSTR ? lync->response_document.user
                                                        : SLICE_EMPTY,
          USER_DOCUMENT },
        { lync->request_document.username, USER_FORM },
    };

    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (sources[i].text.length && user_normalise(sources[i].text, out, size))
            return sources[i].rank;
    return ntlm_user(&lync->ntlm, out, size) ? USER_NTLM : 0;
}

bool learn_user(const struct http_exchange *exchange, char *out, size_t size)
{
    return best_user(exchange, out, size) != 0;
}

bool learn_domain(const struct http_exchange *exchange, const char *user, char *out, size_t size)
{
    const char *at = user ? strchr(user, '@') : NULL;
    const char *domain = NULL;
    char host[256];

    if (at)
        return name_lower(slice_of_text(at + 1), out, size);
    if (exchange->lync.original_domain.length)
        return name_lower(exchange->lync.original_domain, out, size);
    if (learn_host_name(exchange->request.host, host, sizeof host) &&
        name_is_discovery(name_classify(host, &domain)))
        return name_lower(slice_of_text(domain), out, size);
    return false;
}

struct slice learn_ticket(const struct http_exchange *exchange)
{
    const struct http_request *request = &exchange->request;
    struct slice value = header_value(request->headers, request->header_count, "X-MS-WebTicket");
    size_t equals;

    if (value.length == 0 && exchange->lync.credential == CREDENTIAL_BEARER) {
        value = header_value(request->headers, request->header_count, "Authorization");
        value = slice_trim(slice_after(value, slice_find_byte(value, ' ')));
    }
    equals = slice_find_byte(value, '=');
    return slice_starts_with(value, "cwt=") ? slice_after(value, equals + 1) : value;
}

static const char *device_of(struct slice agent)
{
    static const struct {
        const char *token, *device;
    } devices[] = {
        { "iPhoneLync", "iOS" },
        { "iPadLync", "iOS" },
        { "ACOMO", "Android" },
        { "AndroidLync", "Android" },
        { "WPLync", "Windows Phone" },
        { "NokiaLync", "Nokia" },
        { "LyncForMac", "Mac" },
        { "Darwin", "iOS" },
        { "LyncAutodiscover", "Exchange" },
        { "OC/", "desktop" },
        { "Skype for Business", "desktop" },
        { "Microsoft Lync", "desktop" },
        { "Sipe/", "pidgin-sipe" },
        { "OCPhone", "phone" },
        { "Mozilla", "browser" },
    };

    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (slice_find_text_nocase(agent, devices[i].token) < agent.length)
            return devices[i].device;
    return NULL;
}

static void learn_person(struct record *record, const struct http_exchange *exchange)
{
    char user[256], domain[256];
    enum user_rank rank = best_user(exchange, user, sizeof user);
    struct slice agent =
        header_value(exchange->request.headers, exchange->request.header_count, "User-Agent");

    if (rank)
        store_set_user(record, user, rank);
    if (learn_domain(exchange, rank ? user : NULL, domain, sizeof domain))
        store_set_domain(record, slice_of_text(domain));
    if (agent.length && !record->signin.user_agent) {
        record->signin.user_agent = arena_text(record->signin.arena, agent);
        record->signin.device = device_of(agent);
    }
}

/* ---- where to ---- */

static void learn_link(struct record *record, struct slice href)
{
    struct url url = url_parse(href);
    struct host *host = url.valid ? store_host(record, url.host, true) : NULL;

    if (host)
        host->linked = true;
}

void learn_server(struct record *record, const struct http_exchange *exchange)
{
    char name[256];
    struct address literal;
    struct host *host;

    if (!learn_host_name(exchange->request.host, name, sizeof name) ||
        address_parse(slice_of_text(name), &literal))
        return;
    host = store_host(record, slice_of_text(name), true);
    if (host)
        store_learn_address(record, host, &exchange->server.address);
}

static void learn_links(struct record *record, const struct http_exchange *exchange)
{
    const struct lync_exchange *lync = &exchange->lync;
    const struct document *document = &lync->response_document;

    learn_link(record, lync->web_ticket_url);
    learn_link(record, lync->challenge.oauth_href);
    learn_link(record, document->redirect);
    if (exchange->response.status / 100 == 3)
        learn_link(record, header_value(exchange->response.headers, exchange->response.header_count,
                                        "Location"));
    for (size_t i = 0; i < document->link_count; i++)
        learn_link(record, document->links[i].href);
}

/* ---- how far ---- */

static const char *pool_of(struct record *record, const struct document *document)
{
    const struct slice fqdns[] = { document->sip_server_internal.fqdn,
                                   document->sip_client_internal.fqdn };

    for (size_t i = 0; i < sizeof fqdns / sizeof *fqdns; i++)
        if (fqdns[i].length)
            return copy_lower(record->signin.arena, fqdns[i]);
    for (size_t i = 0; i < document->link_count; i++) {
        struct url url = url_parse(document->links[i].href);

        if (url.valid && (slice_is_text_nocase(document->links[i].token, "self") ||
                          slice_is_text_nocase(document->links[i].token, "applications")))
            return copy_lower(record->signin.arena, url.host);
    }
    return NULL;
}

static void learn_services(struct record *record, const struct document *document)
{
    struct service_link *services =
        document->link_count
            ? arena_take(record->signin.arena, document->link_count * sizeof *services)
            : NULL;

    record->signin.final_document = true;
    record->signin.home_pool = pool_of(record, document);
    record->signin.service_count = 0;
    record->signin.services = services;
    for (size_t i = 0; services && i < document->link_count; i++) {
        struct service_link link = { arena_text(record->signin.arena, document->links[i].token),
                                     arena_text(record->signin.arena, document->links[i].href) };

        if (link.token && link.href)
            services[record->signin.service_count++] = link;
    }
}

static bool is_final(const struct http_exchange *exchange)
{
    const struct document *document = &exchange->lync.response_document;

    return exchange->response.status / 100 == 2 && document->part == PART_USER &&
           !document->redirect.length &&
           (document->kind == DOCUMENT_AUTODISCOVER || document->kind == DOCUMENT_UCWA_RESOURCE) &&
           exchange->lync.service == SERVICE_AUTODISCOVER &&
           (document->link_count > 0 || document->sip_client_external.fqdn.length ||
            document->sip_client_internal.fqdn.length);
}

/* Refused credentials stay the last word until something is granted. */
static bool is_refusal(const struct http_exchange *exchange)
{
    enum credential credential = exchange->lync.credential;
    enum document_kind kind = exchange->lync.response_document.kind;

    if (kind == DOCUMENT_FAULT ||
        (kind == DOCUMENT_OAUTH_ERROR && !exchange->lync.response_document.passive_auth_uri.length))
        return true;
    return exchange->response.status == 401 && !exchange->lync.challenge.has_token &&
           (credential == CREDENTIAL_NTLM_AUTHENTICATE || credential == CREDENTIAL_BASIC);
}

static void learn_progress(struct record *record, const struct step *step)
{
    const struct http_exchange *exchange = step->http;
    enum resource resource = exchange->lync.resource;
    bool good = exchange->response.present && exchange->response.status / 100 == 2;
    const char *domain;

    record->refused = is_refusal(exchange) || (record->refused && !good);
    if (resource == RESOURCE_ROOT && exchange->response.present)
        record->root_answered = true;
    if (good && step->to.name && name_classify(step->to.name, &domain) == NAME_DISCOVERY_INTERNAL)
        record->used_internal_name = true;
    if (is_final(exchange))
        learn_services(record, &exchange->lync.response_document);
    if (good &&
        (resource == RESOURCE_MCX || resource == RESOURCE_EVENTS ||
         resource == RESOURCE_APPLICATION ||
         (resource == RESOURCE_APPLICATIONS && slice_is_text(exchange->request.method, "POST"))))
        record->signin.entered_mobility = true;
}

void learn_from(struct record *record, const struct step *step)
{
    learn_person(record, step->http);
    learn_links(record, step->http);
    learn_progress(record, step);
}
