/* text_site.c: the site as the traffic shows it, in a dozen lines */
#include <string.h>

#include "analyzer/report/text_parts.h"
#include "lyncscope/site.h"

enum { LABEL_WIDTH = 14, LISTED_MAX = 6, NAMES_LISTED_MAX = 4 };

static void print_line(struct sheet *sheet, const char *label, struct text *text)
{
    if (text_length(text) > 0) {
        sheet_print(sheet, STYLE_PLAIN, "  ");
        sheet_cell(sheet, STYLE_STRONG, label, LABEL_WIDTH - 2);
        sheet_wrap(sheet, STYLE_PLAIN, text_string(text), LABEL_WIDTH, LABEL_WIDTH);
    }
    text_release(text);
}

static void add_comma(struct text *text)
{
    if (text_length(text) > 0)
        text_add(text, ", ");
}

static void add_left_out(struct text *text, size_t count, size_t listed)
{
    if (count > listed)
        text_print(text, " and %zu more", count - listed);
}

static void add_clients(struct text *text, unsigned count, const char *where)
{
    if (count == 0)
        return;
    add_comma(text);
    text_print(text, "%u%s", count, where);
}

static void print_clients(struct sheet *sheet, const struct site *site)
{
    struct text text = { 0 };

    add_clients(&text, site->clients_outside, " outside");
    add_clients(&text, site->clients_inside, " inside");
    add_clients(&text, site->clients_unknown,
                text_length(&text) ? " of unknown place" : ", inside or outside");
    print_line(sheet, "Clients", &text);
}

static void print_domains(struct sheet *sheet, const struct site *site)
{
    struct text text = { 0 };

    for (size_t i = 0; i < site->domain_count && i < LISTED_MAX; i++) {
        add_comma(&text);
        text_add(&text, site->domains[i].name);
        if (site->domain_count > 1)
            text_print(&text, " (%u)", site->domains[i].signins);
    }
    add_left_out(&text, site->domain_count, LISTED_MAX);
    print_line(sheet, site->domain_count == 1 ? "SIP domain" : "SIP domains", &text);
}

static void add_server(struct text *text, const struct site_server *server)
{
    char address[ADDRESS_TEXT_SIZE];

    add_comma(text);
    address_format(&server->address, address);
    if (server->name)
        text_print(text, "%s ", server->name);
    text_print(text, server->name ? "(%s" : "%s", address);
    for (size_t i = 0; i < server->port_count && server->role != ROLE_DNS; i++)
        text_print(text, "%s %u",
                   i                        ? ","
                   : server->port_count > 1 ? " ports"
                                            : " port",
                   server->ports[i]);
    text_add(text, server->name ? ")" : "");
}

static void print_servers(struct sheet *sheet, const struct site *site, enum role role,
                          const char *const labels[2])
{
    struct text text = { 0 };
    size_t count = 0;

    for (size_t i = 0; i < site->server_count; i++) {
        if (site->servers[i].role != role)
            continue;
        if (count++ < LISTED_MAX)
            add_server(&text, &site->servers[i]);
    }
    add_left_out(&text, count, LISTED_MAX);
    print_line(sheet, labels[count > 1], &text);
}

static void print_pools(struct sheet *sheet, const struct site *site)
{
    struct text text = { 0 };

    for (size_t i = 0; i < site->pool_count && i < LISTED_MAX; i++) {
        add_comma(&text);
        text_print(&text, "%s (home of %u)", site->pools[i].name, site->pools[i].users);
    }
    add_left_out(&text, site->pool_count, LISTED_MAX);
    print_line(sheet, site->pool_count == 1 ? "Pool" : "Pools", &text);
}

static void print_names(struct sheet *sheet, const struct site *site)
{
    struct text text = { 0 };
    size_t count = 0;

    for (size_t i = 0; i < site->name_count; i++) {
        const struct site_name *name = &site->names[i];
        char address[ADDRESS_TEXT_SIZE];

        if (name->answer_count == 0 || name->answers[0].address_count == 0 ||
            count++ >= NAMES_LISTED_MAX)
            continue;
        add_comma(&text);
        address_format(&name->answers[0].addresses[0], address);
        text_print(&text, "%s -> %s", name->name, address);
    }
    add_left_out(&text, count, NAMES_LISTED_MAX);
    print_line(sheet, "Names", &text);
}

/* Those of resolvers stand among the patterns. */
static void print_faults(struct sheet *sheet, const struct site *site)
{
    for (size_t i = 0; i < site->fault_count; i++) {
        if (site->faults[i].kind == SITE_RESOLVERS_DIFFER)
            continue;
        sheet_print(sheet, STYLE_PLAIN, "  ");
        sheet_mark(sheet, MARK_WARN);
        sheet_print(sheet, STYLE_PLAIN, " ");
        sheet_wrap(sheet, STYLE_PLAIN, site->faults[i].text, 4, 4);
    }
}

void text_site(struct sheet *sheet, const struct site *site)
{
    sheet_end_line(sheet);
    sheet_print(sheet, STYLE_STRONG, "The site as seen");
    sheet_end_line(sheet);
    print_clients(sheet, site);
    print_domains(sheet, site);
    print_servers(sheet, site, ROLE_DNS, (const char *[]){ "Resolver", "Resolvers" });
    print_servers(sheet, site, ROLE_PROXY, (const char *[]){ "Proxy", "Proxy" });
    print_servers(sheet, site, ROLE_DIRECTOR, (const char *[]){ "Director", "Directors" });
    print_servers(sheet, site, ROLE_FRONT_END, (const char *[]){ "Front End", "Front Ends" });
    print_servers(sheet, site, ROLE_SERVER, (const char *[]){ "Server", "Servers" });
    print_pools(sheet, site);
    print_names(sheet, site);
    print_faults(sheet, site);
}
