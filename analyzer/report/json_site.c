/* json_site.c: the site as the traffic shows it, as a member of the JSON report */
#include "analyzer/report/json_signin.h"
#include "lyncscope/site.h"

static void add_address(struct json *json, const char *key, const struct address *address)
{
    char line[ADDRESS_TEXT_SIZE];

    address_format(address, line);
    json_text(json, key, line);
}

static void add_evidence(struct json *json, const struct evidence *evidence, size_t count)
{
    json_flat_array(json, "evidence");
    for (size_t i = 0; i < count; i++) {
        if (!evidence[i].packet)
            continue;
        json_object(json, NULL);
        json_number(json, "input", evidence[i].input);
        json_number(json, "packet", evidence[i].packet);
        json_end(json);
    }
    json_end(json);
}

static void add_servers(struct json *json, const struct site *site)
{
    json_array(json, "servers");
    for (size_t i = 0; i < site->server_count; i++) {
        const struct site_server *server = &site->servers[i];

        json_flat_object(json, NULL);
        add_address(json, "address", &server->address);
        json_text(json, "role", role_name(server->role));
        json_text(json, "side", server->inside ? "inside" : "outside");
        json_text(json, "name", server->name);
        json_array(json, "ports");
        for (size_t k = 0; k < server->port_count; k++)
            json_number(json, NULL, server->ports[k]);
        json_end(json);
        add_evidence(json, &server->evidence, 1);
        json_end(json);
    }
    json_end(json);
}

static void add_domains(struct json *json, const struct site *site)
{
    json_array(json, "sip_domains");
    for (size_t i = 0; i < site->domain_count; i++) {
        json_flat_object(json, NULL);
        json_text(json, "name", site->domains[i].name);
        json_number(json, "sign_ins", site->domains[i].signins);
        add_evidence(json, &site->domains[i].evidence, 1);
        json_end(json);
    }
    json_end(json);
    json_array(json, "pools");
    for (size_t i = 0; i < site->pool_count; i++) {
        json_flat_object(json, NULL);
        json_text(json, "name", site->pools[i].name);
        json_number(json, "home_of", site->pools[i].users);
        add_evidence(json, &site->pools[i].evidence, 1);
        json_end(json);
    }
    json_end(json);
}

static void add_answer(struct json *json, const struct site_answer *answer)
{
    json_object(json, NULL);
    add_address(json, "resolver", &answer->resolver);
    json_number(json, "rcode", answer->rcode);
    json_array(json, "addresses");
    for (size_t i = 0; i < answer->address_count; i++)
        add_address(json, NULL, &answer->addresses[i]);
    json_end(json);
    add_evidence(json, &answer->evidence, 1);
    json_end(json);
}

static void add_names(struct json *json, const struct site *site)
{
    json_array(json, "names");
    for (size_t i = 0; i < site->name_count; i++) {
        json_flat_object(json, NULL);
        json_text(json, "name", site->names[i].name);
        json_array(json, "answers");
        for (size_t k = 0; k < site->names[i].answer_count; k++)
            add_answer(json, &site->names[i].answers[k]);
        json_end(json);
        add_evidence(json, &site->names[i].naming, 1);
        json_end(json);
    }
    json_end(json);
}

static void add_faults(struct json *json, const struct site *site)
{
    json_array(json, "inconsistencies");
    for (size_t i = 0; i < site->fault_count; i++) {
        const struct site_fault *fault = &site->faults[i];

        json_flat_object(json, NULL);
        json_text(json, "kind", site_fault_name(fault->kind));
        json_text(json, "text", fault->text);
        add_evidence(json, fault->evidence, fault->evidence_count);
        json_end(json);
    }
    json_end(json);
}

void json_site(struct json *json, const struct site *site)
{
    json_object(json, "site");
    json_flat_object(json, "clients");
    json_number(json, "inside", site->clients_inside);
    json_number(json, "outside", site->clients_outside);
    json_number(json, "unknown", site->clients_unknown);
    json_end(json);
    add_domains(json, site);
    add_servers(json, site);
    add_names(json, site);
    add_faults(json, site);
    json_end(json);
}
