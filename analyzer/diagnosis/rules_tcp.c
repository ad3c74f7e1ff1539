/* rules_tcp.c: connections that are refused or stay without answer (RFC 9293) */
#include "diagnose.h"

#include <string.h>

enum { PORT_HTTP = 80, PORT_HTTPS = 443, PORT_HTTP_POOL = 8080, SYN_ATTEMPTS = 3 };
#define SYN_PATIENCE (3 * SECOND_NS)
#define SWITCH_LIMIT (60 * SECOND_NS)

#define USER_SEES_CANNOT_CONNECT                                                                   \
    "\"Cannot connect to the server. It might be unavailable. Also please check the network "      \
    "connection, sign-in address and server addresses.\""

static bool is_plain_port(uint16_t port)
{
    return port == PORT_HTTP || port == PORT_HTTP_POOL;
}

static bool is_refused(const struct step *step)
{
    return step->tcp && step->tcp->opened == OPENED_REFUSED;
}

/* One SYN at the very end of a capture proves nothing. */
static bool is_unanswered(const struct diagnosis *d, const struct step *step)
{
    if (!step->tcp || step->tcp->opened != OPENED_UNANSWERED)
        return false;
    return step->tcp->attempts >= SYN_ATTEMPTS ||
           d->facts->last_time_ns - step->time_ns >= SYN_PATIENCE;
}

static bool has_failed(const struct diagnosis *d, const struct step *step)
{
    return is_refused(step) || is_unanswered(d, step);
}

static bool same_place(const struct step *a, const struct step *b)
{
    if (a->to.name && b->to.name && strcmp(a->to.name, b->to.name) == 0)
        return true;
    return address_equals(&a->to.endpoint.address, &b->to.endpoint.address);
}

/* The same place was reached on another address of the same port: an IPv6 address that fails beside
 * a good IPv4 one. */
static bool reached_otherwise(const struct diagnosis *d, const struct step *failed)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->tcp && step->leg == failed->leg &&
            step->to.endpoint.port == failed->to.endpoint.port && !has_failed(d, step) &&
            step->tcp->opened != OPENED_UNANSWERED && same_place(step, failed))
            return true;
    }
    return false;
}

static bool was_looked_up(const struct diagnosis *d, const char *name)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (d->signin->steps[i].dns && strcmp(d->signin->steps[i].dns->name, name) == 0)
            return true;
    return false;
}

/* The step whose answer sent the client there. Where the capture holds no look-ups, the last
 * redirect before a connection is what it follows. */
static const struct step *who_sent(struct diagnosis *d, const struct step *failed)
{
    const struct step *last =
        failed->to.name ? diagnosis_who_named(d, failed->to.name, failed) : NULL;

    if (last || (failed->to.name && was_looked_up(d, failed->to.name)))
        return last;
    for (size_t i = 0; i < d->signin->step_count && d->signin->steps[i].number < failed->number;
         i++)
        if (d->signin->steps[i].http &&
            d->signin->steps[i].http->lync.response_document.redirect.length)
            last = &d->signin->steps[i];
    return last;
}

static const char *sent_text(struct diagnosis *d, const struct step *who)
{
    const char *host =
        who ? diagnosis_url_host(d, who->http->lync.response_document.redirect) : NULL;

    if (!host)
        return "";
    return diagnosis_text(d, " The answer to its %s request had sent the client to https://%s.",
                          who->http->encrypted ? "HTTPS" : "HTTP",
                          diagnosis_escaped(d, slice_of_text(host)));
}

static void add_443(struct diagnosis *d, const struct rule *rule, const struct step *step)
{
    static const enum severity saved = SEVERITY_ERROR;
    const struct step *who = who_sent(d, step);

    diagnosis_add(d, rule,
                  (struct about){ .step = step,
                                  .also = who,
                                  .detail = sent_text(d, who),
                                  .severity = diagnosis_is_last_word(d, step) ? NULL : &saved });
}

/* The one that ends the sign-in decides; argument 0: refused, 1: without answer. */
static void find_443(struct diagnosis *d, const struct rule *rule)
{
    const struct step *found = NULL;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        bool wanted = rule->argument ? is_unanswered(d, step) : is_refused(step);

        if (!wanted || step->leg != LEG_CLIENT || is_plain_port(step->to.endpoint.port) ||
            reached_otherwise(d, step))
            continue;
        if (step->to.endpoint.port != PORT_HTTPS && !who_sent(d, step))
            continue; /* nobody sent the client there: a scanner, or another service */
        if (!found || !diagnosis_is_last_word(d, found) || who_sent(d, step))
            found = step;
    }
    if (found)
        add_443(d, rule, found);
}

static const struct step *https_attempt(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (d->signin->steps[i].tcp && d->signin->steps[i].leg == LEG_CLIENT &&
            !is_plain_port(d->signin->steps[i].to.endpoint.port))
            return &d->signin->steps[i];
    return NULL;
}

/* Port 80 is optional: it matters only where it was the client's only way. */
static void find_80(struct diagnosis *d, const struct rule *rule)
{
    static const enum severity optional = SEVERITY_INFO;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct step *https = https_attempt(d);

        if (step->leg != LEG_CLIENT || !has_failed(d, step) ||
            !is_plain_port(step->to.endpoint.port))
            continue;
        if (https && has_failed(d, https))
            return; /* the whole host is unreachable: the 443 rules say so */
        diagnosis_add_first(
            d, rule,
            (struct about){
                .step = step,
                .severity = https ? &optional : NULL,
                .detail = https ? "HTTPS was tried as well, so this alone does not stop the sign-in"
                                : "it was the only way this client tried" });
    }
}

static const struct step *request_behind(const struct diagnosis *d, const struct step *backend)
{
    const struct step *best = NULL;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && step->leg == LEG_CLIENT && step->time_ns <= backend->time_ns)
            best = step;
    }
    return best;
}

/* argument: the request came to the proxy unencrypted, so that it belongs to the 80 -> 8080 rule */
static void find_backend(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct step *request;
        bool plain;

        if (!step->tcp || step->leg != LEG_INTERNAL ||
            (step->tcp->opened != OPENED_REFUSED && step->tcp->opened != OPENED_UNANSWERED))
            continue;
        request = request_behind(d, step);
        if (request && http_is_office_web_apps(request))
            continue;
        plain = request ? !request->http->encrypted : is_plain_port(step->to.endpoint.port);
        if (plain != (bool)rule->argument)
            continue;
        diagnosis_add_first(d, rule,
                            (struct about){ .step = step,
                                            .also = request,
                                            .detail = step->tcp->opened == OPENED_REFUSED
                                                          ? "is refused"
                                                          : "gets no answer" });
    }
}

/* How long the client's hello stood without an answer, until somebody left or the capture ended. */
static int64_t hello_waited_ns(const struct diagnosis *d, const struct step *step,
                               const struct step *connection)
{
    int64_t end =
        connection->tcp->end.packet ? connection->tcp->end.time_ns : d->facts->last_time_ns;

    return end - step->time_ns;
}

static bool has_silent_server(const struct tcp_connection *tcp)
{
    return tcp->server_bytes + tcp->server_missing == 0 && !tcp->client_only && !tcp->server_only;
}

static void add_unanswered_hello(struct diagnosis *d, const struct rule *rule,
                                 const struct step *step, const struct step *connection)
{
    const struct tcp_connection *tcp = connection->tcp;
    struct about about = { .step = step,
                           .evidence = tcp->end.packet ? &tcp->end : NULL,
                           .second = &step->tls->hello };
    int64_t waited = hello_waited_ns(d, step, connection);

    if (tcp->closed_by_server && tcp->closed == CLOSED_RESET) {
        about.second = NULL;
    } else if (tcp->closed_by_server && tcp->server_missing == 0 && !tcp->cut_packets &&
               !tcp->client_only) {
        about.title = "{name} closes the connection at the TLS hello";
        about.result = "closed at the TLS hello";
        about.cause = "{server} answered the client's hello by closing: nothing that speaks TLS "
                      "stands behind that port, or a device in front of it turned it away.";
    } else if (has_silent_server(tcp) && waited >= (tcp->end.packet ? 3 : 10) * SECOND_NS) {
        about.title = "{name} does not answer the TLS hello";
        about.result = "TLS hello unanswered";
        about.cause = diagnosis_text(d,
                                     "{server} takes the connection, and the client's hello stays "
                                     "without an answer for %s: a load balancer or firewall with "
                                     "nobody behind it, or a service that hangs.",
                                     diagnosis_duration(d, waited));
    } else {
        return;
    }
    diagnosis_add_first(d, rule, about);
}

static void find_reset_in_handshake(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct step *connection = step->tls ? diagnosis_connection_of(d, step) : NULL;

        if (connection && connection->tcp->answer.packet && !step->tls->lost &&
            step->tls->has_client_hello && !step->tls->has_server_hello &&
            step->tls->alert == TLS_NO_ALERT && !step->tls->not_tls.packet)
            add_unanswered_hello(d, rule, step, connection);
    }
}

static void find_network_switch(struct diagnosis *d, const struct rule *rule)
{
    struct signin *signin = d->signin;
    struct neighbours near = diagnosis_neighbours(d);
    size_t i = near.first;

    if (!signin->user)
        return;
    for (; (i = model_find_user(d->model, signin->user, i, near.own)) < near.own; i++) {
        const struct signin *other = model_signin(d->model, i);
        int64_t gap = signin->started_ns - other->ended_ns;
        char address[ADDRESS_TEXT_SIZE];

        if (other == signin || gap < 0 || gap > SWITCH_LIMIT || other->final_document ||
            address_equals(&other->client.endpoint.address, &signin->client.endpoint.address))
            continue;
        address_format(&other->client.endpoint.address, address);
        diagnosis_add(d, rule,
                      (struct about){ .step = &signin->steps[0],
                                      .detail = diagnosis_text(d, "%s", address) });
        return;
    }
}

static const struct rule rules[] = {
    { .id = "tcp-443-refused",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TCP,
      .find = find_443,
      .argument = 0,
      .title = "HTTPS to {name} is refused",
      .cause = "{server} refuses the connection: no listener for that address, or the service is "
               "down.{detail}",
      .fix = "Start the listener and publish the rule for port 443 of {name}.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "A SYN to the HTTPS port is answered by RST.",
      .reference = "SEED0; SEED2",
      .result = "HTTPS refused" },
    { .id = "tcp-443-timeout",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TCP,
      .find = find_443,
      .argument = 1,
      .title = "HTTPS to {name} gets no answer",
      .cause = "Connections to {server} stay without any answer: a firewall drops them, or the "
               "published address is "
               "wrong.{detail}",
      .fix = "Open TCP port 443 from anywhere to the reverse proxy; check the public address of "
             "{name}.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "A SYN to the HTTPS port is repeated, no SYN+ACK comes.",
      .reference = "SEED0; SEED1",
      .result = "HTTPS unreachable" },
    { .id = "tcp-80-closed",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TCP,
      .find = find_80,
      .title = "Port 80 of {name} is closed",
      .cause = "The client could not connect to {server}; {detail}. Port 80 is optional, and "
               "needed when the "
               "certificate does not carry the lyncdiscover name.",
      .fix = "Publish port 80 to 8080 of the pool, or put {name} into the certificate and let "
             "clients use HTTPS.",
      .user_sees = "It works, or a certificate failure.",
      .wire = "A SYN to port 80 is refused or stays without answer.",
      .reference = "SEED0; SEED1; SEED4",
      .result = "port 80 closed" },
    { .id = "rp-backend-4443-unreachable",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TCP,
      .find = find_backend,
      .argument = 0,
      .title = "The reverse proxy cannot reach the pool at {server}",
      .cause = "The proxy's own connection to {server} {detail}: the inner firewall, a wrong port "
               "in the rule, or web "
               "services that are down. What the client got was the proxy's error.",
      .fix = "Allow the proxy to the Front Ends or Director on 4443; check that the external web "
             "site is bound and "
             "running there.",
      .user_sees = "A generic connect error.",
      .wire = "The proxy's SYN to the pool fails, then the client gets 502, 503, 504 or a reset.",
      .reference = "SEED0; SEED1; SEED2",
      .result = "proxy cannot reach the pool" },
    { .id = "rp-backend-8080-unreachable",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TCP,
      .find = find_backend,
      .argument = 1,
      .title = "The reverse proxy cannot reach the pool at {server} for HTTP",
      .cause = "After a request on port 80 the proxy's own connection to {server} {detail}: 8080 "
               "is not open, though "
               "port 80 is published.",
      .fix = "Open 8080 from the proxy to the pool, or stop publishing port 80.",
      .user_sees = "HTTP discovery is lost; HTTPS may still work.",
      .wire = "The proxy's SYN to 8080 fails after a client's request on port 80.",
      .reference = "SEED0; SEED1",
      .result = "proxy cannot reach 8080" },
    { .id = "tcp-reset-mid-handshake",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TCP,
      .find = find_reset_in_handshake,
      .title = "{name} resets the connection at the TLS hello",
      .cause = "{server} answered the client's hello with a reset: an intrusion filter, a TLS "
               "version or server name "
               "policy, or a crash of the service.",
      .fix =
          "Check the logs of the proxy and of the devices in front of it for this client and time.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "RST after the ClientHello and before any ServerHello.",
      .reference = "general",
      .result = "reset at the TLS hello" },
    { .id = "network-switch-midflow",
      .severity = SEVERITY_INFO,
      .stage = STAGE_TCP,
      .find = find_network_switch,
      .title = "{user} came from another network just before",
      .cause = "Less than a minute earlier the same user signed in from {detail}: the device "
               "changed networks.",
      .fix = "None.",
      .user_sees = "A short delay.",
      .wire = "The same SIP URI goes on from another client address within 60 s.",
      .reference = "SEED4",
      .result = "network changed" },
};

const struct rule_table rules_tcp = { rules, sizeof rules / sizeof *rules };
