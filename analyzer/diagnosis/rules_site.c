/* rules_site.c: what belongs to no single sign-in: servers among themselves, names of other
 * systems, clocks of capture points */
#include "diagnose.h"

#include <stdio.h>

enum { PORT_POOL = 4443, PROVEN_ATTEMPTS = 3 };

static const char *address_text(struct diagnosis *d, const struct address *address)
{
    char text[ADDRESS_TEXT_SIZE];

    address_format(address, text);
    return diagnosis_text(d, "%s", text);
}

static const char *endpoint_text(struct diagnosis *d, const struct endpoint *endpoint)
{
    return diagnosis_text(d, endpoint->address.family == 6 ? "[%s]:%u" : "%s:%u",
                          address_text(d, &endpoint->address), endpoint->port);
}

static void add_link(struct diagnosis *d, const struct rule *rule, const struct server_link *link,
                     const char *detail)
{
    bool failed = !link->connected;

    diagnosis_add(d, rule,
                  (struct about){ .name = endpoint_text(d, &link->to),
                                  .host = address_text(d, &link->from),
                                  .detail = detail,
                                  .evidence = failed ? &link->last_attempt : &link->first,
                                  .second = failed && link->answer.packet ? &link->answer : NULL });
}

/* Refused, or tried so often that the silence is no accident; and never answered. */
static bool is_blocked(const struct server_link *link)
{
    return !link->connected && (link->refused || link->attempts >= PROVEN_ATTEMPTS);
}

static const char *failure_text(const struct server_link *link)
{
    return link->refused ? "is refused" : "gets no answer";
}

static void look_at_exchange_names(struct diagnosis *d)
{
    const struct rule *rule = rule_find("dns-wrong-exchange-name");
    struct evidence evidence;
    size_t index = 0;

    while ((d->signin->sip_domain = model_domain_exchange(d->model, &index, &evidence)))
        diagnosis_add(d, rule, (struct about){ .evidence = &evidence });
}

static void look_at_blocked(struct diagnosis *d)
{
    struct server_link link;

    for (size_t i = 0; model_server_link(d->model, i, &link); i++) {
        bool pool = link.to.port == PORT_POOL;

        /* What lies outside is an Edge server, which pools bring their configuration to. */
        if (is_blocked(&link) &&
            (!pool || (link.by_front_end && address_is_private(&link.to.address))))
            add_link(d, rule_find(pool ? "interpool-4443-blocked" : "sba-5088-5089-blocked"), &link,
                     failure_text(&link));
    }
}

/* One note for all of them. */
static void look_at_replication(struct diagnosis *d)
{
    struct server_link link, first = { 0 };
    unsigned count = 0;

    for (size_t i = 0; model_server_link(d->model, i, &link); i++)
        if (link.to.port == PORT_POOL && link.connected && link.by_front_end && !link.relayed &&
            count++ == 0)
            first = link;
    if (count)
        add_link(d, rule_find("cms-4443-misread"), &first,
                 count > 1 ? diagnosis_text(d, "; %u more pairs of servers do the same", count - 1)
                           : "");
}

static void look_at_clocks(struct diagnosis *d)
{
    for (size_t i = 0; i < d->facts->input_count; i++) {
        const struct input_info *input = &d->facts->inputs[i];
        const struct clock_gap *gap = &input->clock;
        struct evidence here = { .input = (uint32_t)i, .packet = gap->packet };
        struct evidence there = { .input = gap->reference, .packet = gap->reference_packet };
        bool ahead = gap->ahead_ns > 0;

        if (gap->ahead_ns == 0)
            continue;
        diagnosis_add(
            d, rule_find("capture-clock-skew"),
            (struct about){
                .name = diagnosis_escaped(d, slice_of_text(input->path)),
                .host = diagnosis_escaped(d, slice_of_text(d->facts->inputs[gap->reference].path)),
                .evidence = &here,
                .second = &there,
                .detail = diagnosis_text(d, "%.3f s %s",
                                         (double)(ahead ? gap->ahead_ns : -gap->ahead_ns) / 1e9,
                                         ahead ? "ahead of" : "behind") });
    }
}

void diagnosis_look_at_site(struct diagnosis *d)
{
    look_at_exchange_names(d);
    look_at_blocked(d);
    look_at_replication(d);
    look_at_clocks(d);
}

/* No rule here looks at a sign-in. */
static const struct rule rules[] = {
    { .id = "interpool-4443-blocked",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TOPOLOGY,
      .title = "The Front End {host} cannot reach {name}",
      .cause = "Its connection to {name} {detail}: a firewall between the pools, or on that "
               "machine. Pools pass requests for each other's users on over this port; an Edge "
               "server inside gets its configuration over it as well.",
      .fix = "Open TCP port 4443 between the pools.",
      .user_sees = "Users of the other pool fail or are slow.",
      .wire = "A Front End's SYN to port 4443 of another one is refused or stays without answer.",
      .reference = "SEED0",
      .result = "pools cannot reach each other" },
    { .id = "sba-5088-5089-blocked",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TOPOLOGY,
      .title = "{host} cannot reach the branch appliance at {name}",
      .cause = "Its connection to {name} {detail}: the ports that mobility needs towards a "
               "Survivable Branch Appliance are closed.",
      .fix = "Open 5088 (external listening port) and 5089 (primary listening port) to the "
             "appliance.",
      .user_sees = "Users homed on the branch appliance cannot use the mobile client.",
      .wire = "A SYN of a Front End or Director to port 5088 or 5089 fails.",
      .reference = "SEED4",
      .result = "branch appliance unreachable" },
    { .id = "cms-4443-misread",
      .severity = SEVERITY_INFO,
      .stage = STAGE_TOPOLOGY,
      .title = "{host} talks to {name}: servers among themselves",
      .cause = "The connection was opened by a server, not by the reverse proxy: "
               "replication of the Central Management Store, or a referral between pools{detail}. "
               "It is no part of a sign-in.",
      .fix = "None: this is not a client's failure, whatever becomes of it.",
      .wire = "A connection to port 4443 between servers, not begun by the reverse proxy.",
      .reference = "SEED1; SEED0",
      .result = "servers among themselves" },
    { .id = "capture-clock-skew",
      .severity = SEVERITY_INFO,
      .stage = STAGE_CAPTURE,
      .title = "The clocks of two inputs differ: {name} is {detail} {host}",
      .cause = "Both saw the same packets, at times that differ by a constant: the clocks of the "
               "capture points differ.",
      .fix = "None here: the difference was measured and has been taken out of the times of "
             "{name}. Set NTP on the capture points.",
      .wire = "Two inputs see the same packets at times that differ by a constant, in both "
              "directions.",
      .reference = "general",
      .result = "clocks differ" },
};

const struct rule_table rules_site = { rules, sizeof rules / sizeof *rules };
