/* json_signin.c: sign-ins and findings as JSON, as the report's schema has them */
#include "analyzer/report/json_signin.h"

#include <string.h>

#include "lyncscope/secret.h"

enum { HTTP_1_0 = 10, HTTP_1_1 = 11, HTTP_2 = 20 };

static void add_address(struct json *json, const struct endpoint *endpoint)
{
    char address[ADDRESS_TEXT_SIZE];

    address_format(&endpoint->address, address);
    json_text(json, "address", address);
    if (endpoint->port)
        json_number(json, "port", endpoint->port);
    else
        json_null(json, "port");
}

void json_endpoint(struct json *json, const char *key, const struct endpoint *endpoint)
{
    json_flat_object(json, key);
    add_address(json, endpoint);
    json_end(json);
}

static void add_party(struct json *json, const char *key, const struct party *party)
{
    json_flat_object(json, key);
    add_address(json, &party->endpoint);
    json_text(json, "name", party->name);
    json_text(json, "role", role_name(party->role));
    json_end(json);
}

static void add_evidence(struct json *json, const struct evidence *evidence, size_t count)
{
    json_flat_array(json, "evidence");
    for (size_t i = 0; i < count; i++) {
        const struct json_pair pairs[] = { { slice_of_text("input"), evidence[i].input },
                                           { slice_of_text("packet"), evidence[i].packet } };

        json_numbers(json, pairs, evidence[i].packet ? 2 : 1);
    }
    json_end(json);
}

/* ---- steps ---- */

/* An address of the web may carry a ticket or a password. */
static void add_url(struct json *json, const char *url, bool show_secrets)
{
    struct text masked = { 0 };

    secret_add_url(&masked, slice_of_text(url), show_secrets);
    json_slice(json, "url", buffer_slice(&masked.bytes));
    text_release(&masked);
}

static void add_http_version(struct json *json, unsigned version)
{
    if (version == HTTP_1_0)
        json_text(json, "version", "1.0");
    else if (version == HTTP_1_1)
        json_text(json, "version", "1.1");
    else if (version == HTTP_2)
        json_text(json, "version", "2");
}

static void add_http(struct json *json, const struct step *step, bool show_secrets)
{
    const struct http_exchange *http = step->http;
    const struct http_response *response = &http->response;

    json_flat_object(json, "http");
    if (http->request.method.length)
        json_slice(json, "method", http->request.method);
    if (step->url)
        add_url(json, step->url, show_secrets);
    if (response->present)
        json_number(json, "status", response->status);
    else
        json_null(json, "status");
    add_http_version(json, http->request.present ? http->request.version : response->version);
    json_slice(json, "content_type",
               header_value(response->headers, response->header_count, "Content-Type"));
    if (http->lync.service != SERVICE_NONE)
        json_text(json, "service", service_name(http->lync.service));
    json_end(json);
}

static void add_tls(struct json *json, const struct tls_session *tls)
{
    json_flat_object(json, "tls");
    json_text(json, "version", tls_version_number(tls->version));
    json_text(json, "cipher", tls->has_server_hello ? tls_cipher_name(tls->cipher) : NULL);
    json_slice(json, "sni", tls->server_name);
    json_bool(json, "decrypted", tls->decrypted == TLS_DECRYPTED_ALL);
    if (tls->decrypted != TLS_DECRYPTED_ALL)
        json_text(json, "reason", tls_obstacle_name(tls->obstacle));
    json_text(json, "alert", tls->alert == TLS_NO_ALERT ? NULL : tls_alert_name(tls->alert));
    json_end(json);
}

static void add_dns(struct json *json, const struct dns_lookup *dns)
{
    json_flat_object(json, "dns");
    if (dns->name)
        json_text(json, "name", dns->name);
    if (dns->type)
        json_text(json, "type", dns->type);
    json_text(json, "rcode", dns->answered ? dns_rcode_name(dns->rcode) : NULL);
    json_array(json, "answers");
    for (size_t i = 0; i < dns->answer_count; i++)
        if (dns->answers[i].data.length)
            json_slice(json, NULL, dns->answers[i].data);
    json_end(json);
    json_end(json);
}

static void add_relay(struct json *json, const struct relay *relay)
{
    json_object(json, "relay");
    add_party(json, "from", &relay->from);
    add_party(json, "to", &relay->to);
    json_time(json, "time", relay->time_ns);
    json_milliseconds(json, "duration_ms", relay->duration_ns);
    if (relay->status)
        json_number(json, "status", relay->status);
    else
        json_null(json, "status");
    json_array(json, "changes");
    for (size_t i = 0; i < relay->change_count; i++)
        json_text(json, NULL, relay->changes[i]);
    json_end(json);
    add_evidence(json, relay->evidence, relay->evidence_count);
    json_end(json);
}

static void add_step(struct json *json, const struct step *step, bool show_secrets)
{
    json_object(json, NULL);
    json_number(json, "number", step->number);
    json_time(json, "time", step->time_ns);
    json_milliseconds(json, "duration_ms", step->duration_ns);
    json_text(json, "stage", stage_name(step->stage));
    json_text(json, "leg", leg_name(step->leg));
    add_party(json, "from", &step->from);
    add_party(json, "to", &step->to);
    json_text(json, "summary", step->summary ? step->summary : stage_name(step->stage));
    json_text(json, "status", step_status_name(step->status));
    if (step->http)
        add_http(json, step, show_secrets);
    if (step->tls)
        add_tls(json, step->tls);
    if (step->dns)
        add_dns(json, step->dns);
    if (step->relay && step->relay->evidence_count)
        add_relay(json, step->relay);
    add_evidence(json, step->evidence, step->evidence_count);
    json_end(json);
}

/* ---- findings, sign-ins ---- */

void json_finding(struct json *json, const struct finding *finding)
{
    json_object(json, NULL);
    json_text(json, "rule", finding->rule->id);
    json_text(json, "severity", severity_name(finding->severity));
    json_text(json, "stage", stage_name(finding->rule->stage));
    json_text(json, "title", finding->title ? finding->title : finding->rule->title);
    json_text(json, "cause", finding->cause ? finding->cause : finding->rule->cause);
    json_text(json, "fix", finding->fix ? finding->fix : finding->rule->fix);
    if (finding->step)
        json_number(json, "step", finding->step);
    else
        json_null(json, "step");
    add_evidence(json, finding->evidence, finding->evidence_count);
    json_end(json);
}

/* A token that comes twice would be a key that comes twice: the first one counts. */
static bool is_repeated(const struct signin *signin, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (slice_equals(slice_of_text(signin->services[i].token),
                         slice_of_text(signin->services[index].token)))
            return true;
    return false;
}

static void add_services(struct json *json, const struct signin *signin)
{
    json_object(json, "services");
    for (size_t i = 0; i < signin->service_count; i++) {
        const struct service_link *service = &signin->services[i];

        if (service->token && service->href && !is_repeated(signin, i))
            json_foreign(json, service->token, service->href);
    }
    json_end(json);
}

static void add_outcome(struct json *json, const struct signin *signin)
{
    json_time(json, "started", signin->started_ns);
    json_time(json, "ended", signin->ended_ns);
    json_text(json, "outcome", outcome_name(signin->outcome));
    json_text(json, "failed_stage",
              signin->outcome == OUTCOME_FAILED && signin->failed_stage != STAGE_NONE
                  ? stage_name(signin->failed_stage)
                  : NULL);
}

void json_signin(struct json *json, const struct signin *signin,
                 const struct report_options *options)
{
    json_object(json, NULL);
    json_number(json, "id", signin->id);
    add_party(json, "client", &signin->client);
    json_text(json, "user", signin->user);
    json_text(json, "sip_domain", signin->sip_domain);
    json_text(json, "user_agent", signin->user_agent);
    json_text(json, "location", location_name(signin->location));
    json_text(json, "home_pool", signin->home_pool);
    add_services(json, signin);
    add_outcome(json, signin);
    json_array(json, "steps");
    for (size_t i = 0; i < signin->step_count; i++)
        add_step(json, &signin->steps[i], options->show_secrets);
    json_end(json);
    json_array(json, "findings");
    for (size_t i = 0; i < signin->finding_count; i++)
        json_finding(json, &signin->findings[i]);
    json_end(json);
    json_end(json);
}
