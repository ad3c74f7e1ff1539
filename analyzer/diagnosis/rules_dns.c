/* rules_dns.c: failures of name look-up (RFC 1034, 2782; names of MS-OCDISCWS clients)
 *
 * When neither discovery name yields an address, exactly one rule says why: a
 * silent resolver, a failing one, a broken alias, or missing records.
 */
#include "facts_tls.h"

#include "lyncscope/names.h"

#include <string.h>

enum { TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28, TYPE_SRV = 33, SILENCE_QUESTIONS = 3 };
#define SILENCE_LIMIT (5 * SECOND_NS)

#define USER_SEES_CANNOT_CONNECT                                                                   \
    "\"Cannot connect to the server. It might be unavailable. Also please check the network "      \
    "connection, sign-in address and server addresses.\""

/* ---- why no name has an address ---- */

/* The external name decides; the internal one is missing outside by design. */
static const struct name_facts *deciding(const struct diagnosis *d)
{
    return d->external.name ? &d->external : &d->internal;
}

/* No answer at all, after repeats or a wait that every resolver library has given up after. */
static bool is_silent(const struct diagnosis *d, const struct name_facts *name)
{
    int64_t waited = name->step ? d->facts->last_time_ns - name->step->time_ns : 0;

    return name->silent && (waited > SILENCE_LIMIT ||
                            (name->questions >= SILENCE_QUESTIONS && waited >= SECOND_NS));
}

static bool resolver_is_silent(const struct diagnosis *d)
{
    if (d->external.name && d->internal.name)
        return (is_silent(d, &d->external) && !d->internal.address) ||
               (d->external.silent && is_silent(d, &d->internal));
    return is_silent(d, deciding(d));
}

static void find_timeout(struct diagnosis *d, const struct rule *rule)
{
    const struct name_facts *name = deciding(d);

    if (!d->dns_dead || !resolver_is_silent(d))
        return;
    diagnosis_add(d, rule,
                  (struct about){ .step = name->step,
                                  .also = d->internal.silent ? d->internal.step : NULL,
                                  .detail = diagnosis_text(d, "%u", name->questions) });
}

static void find_servfail(struct diagnosis *d, const struct rule *rule)
{
    const struct name_facts *name = deciding(d);

    if (d->dns_dead && name->refused)
        diagnosis_add(d, rule,
                      (struct about){ .step = name->step, .detail = dns_rcode_name(name->rcode) });
}

static void find_alias(struct diagnosis *d, const struct rule *rule)
{
    const struct name_facts *name = deciding(d);
    bool wanted = rule->argument ? name->alias_loop : name->alias_dangling && !name->alias_loop;

    if (d->dns_dead && wanted)
        diagnosis_add(d, rule,
                      (struct about){ .step = name->step,
                                      .host = name->alias
                                                  ? diagnosis_escaped(d, slice_of_text(name->alias))
                                                  : NULL });
}

static bool is_explained(const struct diagnosis *d)
{
    return diagnosis_has(d, "dns-timeout") || diagnosis_has(d, "dns-srv-only-domain") ||
           diagnosis_has(d, "dns-servfail") || diagnosis_has(d, "dns-cname-dangling") ||
           diagnosis_has(d, "dns-cname-loop");
}

static void find_external_missing(struct diagnosis *d, const struct rule *rule)
{
    bool inside = d->signin->location == LOCATION_INTERNAL && d->internal.name;

    if (d->dns_dead && !is_explained(d) && d->external.missing &&
        (d->client_outside || !d->internal.name) && !inside)
        diagnosis_add(d, rule,
                      (struct about){ .step = d->external.step,
                                      .also = d->internal.step,
                                      .detail = d->external.rcode
                                                    ? dns_rcode_name(d->external.rcode)
                                                    : "the name has no address" });
}

static void find_both_fail(struct diagnosis *d, const struct rule *rule)
{
    if (d->dns_dead && !is_explained(d) && !diagnosis_has(d, "dns-external-missing") &&
        d->internal.missing && d->external.missing)
        diagnosis_add(d, rule,
                      (struct about){ .step = d->external.step, .also = d->internal.step });
}

/* ---- records that are there, but wrong ---- */

static void find_internal_missing_inside(struct diagnosis *d, const struct rule *rule)
{
    if (d->signin->location == LOCATION_INTERNAL && d->internal.missing && !d->internal.address &&
        d->external.address)
        diagnosis_add(d, rule, (struct about){ .step = d->internal.step });
}

static const struct dns_record *find_address(const struct dns_lookup *dns, bool private_only)
{
    for (size_t i = 0; i < dns->answer_count; i++)
        if (dns->answers[i].address.family &&
            (!private_only || address_is_private(&dns->answers[i].address)))
            return &dns->answers[i];
    return NULL;
}

static const char *first_address(struct diagnosis *d, const struct step *step, bool private_only)
{
    const struct dns_record *record = find_address(step->dns, private_only);

    return record ? diagnosis_escaped(d, record->data) : NULL;
}

static void find_internal_leaks(struct diagnosis *d, const struct rule *rule)
{
    if (d->client_outside && d->internal.address)
        diagnosis_add(
            d, rule,
            (struct about){ .step = d->internal.address_step,
                            .detail = first_address(d, d->internal.address_step, false) });
}

static bool was_linked(struct diagnosis *d, const struct step *step)
{
    return diagnosis_who_named(d, step->dns->name, step) != NULL;
}

static void find_private_outside(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; d->client_outside && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const char *domain, *address;

        if (!step->dns)
            continue;
        if (name_classify(step->dns->name, &domain) != NAME_DISCOVERY_EXTERNAL &&
            !was_linked(d, step))
            continue;
        address = first_address(d, step, true);
        if (address && !diagnosis_has_at(d, rule->id, step)) {
            diagnosis_add_first(d, rule, (struct about){ .step = step, .detail = address });
        }
    }
}

static bool answers_share(const struct dns_lookup *a, const struct dns_lookup *b)
{
    for (size_t i = 0; i < a->answer_count; i++)
        for (size_t k = 0; k < b->answer_count; k++)
            if (a->answers[i].address.family &&
                address_equals(&a->answers[i].address, &b->answers[k].address))
                return true;
    return false;
}

/* Inside, the web name of the mobility links leads to the same address as the internal name. */
static void find_internal_vip(struct diagnosis *d, const struct rule *rule)
{
    if (d->signin->location != LOCATION_INTERNAL || !d->internal.address_step)
        return;
    for (size_t i = 0; i < d->signin->service_count; i++) {
        const struct service_link *link = &d->signin->services[i];
        const char *host = diagnosis_url_host(d, slice_of_text(link->href));

        if (!host || text_is_internal_name(d, host) ||
            (!slice_ends_with_nocase(slice_of_text(link->token), "ucwa") &&
             !slice_ends_with_nocase(slice_of_text(link->token), "mcx")))
            continue;
        for (size_t k = 0; k < d->signin->step_count; k++) {
            const struct step *step = &d->signin->steps[k];

            if (step->dns && strcmp(step->dns->name, host) == 0 &&
                answers_share(step->dns, d->internal.address_step->dns)) {
                diagnosis_add_first(
                    d, rule, (struct about){ .step = step, .also = d->internal.address_step });
            }
        }
    }
}

/* A name that a redirect, a ticket URL or a link gave, and that does not resolve. */
static void find_link_unresolvable(struct diagnosis *d, const struct rule *rule)
{
    bool split_zone = rule->argument;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct step *who;

        if (!step->dns || step->dns->type_number != TYPE_A || !step->dns->answered ||
            step->dns->cut || find_address(step->dns, false))
            continue;
        who = diagnosis_who_named(d, step->dns->name, step);
        if (!who || address_is_private(&step->to.endpoint.address) != split_zone ||
            !diagnosis_is_last_word(d, step) ||
            (d->client_outside && text_is_internal_name(d, step->dns->name)))
            continue;
        diagnosis_add_first(d, rule,
                            (struct about){ .step = step,
                                            .also = who,
                                            .detail = step->dns->rcode
                                                          ? dns_rcode_name(step->dns->rcode)
                                                          : "the name has no address" });
    }
}

static bool port_80_worked(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (http_is_good(&d->signin->steps[i]) && !d->signin->steps[i].http->encrypted)
            return true;
    return false;
}

static const struct step *tls_given_up(struct diagnosis *d, const char *name)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (tls_is_refused(d, &d->signin->steps[i]) && d->signin->steps[i].to.name &&
            strcmp(d->signin->steps[i].to.name, name) == 0 &&
            !(tls_certificate(&d->signin->steps[i]) && tls_covers_asked(&d->signin->steps[i])))
            return &d->signin->steps[i];
    return NULL;
}

static void find_cname_cross_domain(struct diagnosis *d, const struct rule *rule)
{
    const char *alias = d->external.alias;
    const struct step *tls;

    if (!alias || !d->external.address || name_same_registrable(alias, d->external.name) ||
        name_is_online(alias) || port_80_worked(d) || d->signin->final_document)
        return;
    tls = tls_given_up(d, d->external.name);
    if (tls)
        diagnosis_add(d, rule,
                      (struct about){ .step = d->external.address_step,
                                      .also = tls,
                                      .host = diagnosis_escaped(d, slice_of_text(alias)) });
}

static void find_online_alias(struct diagnosis *d, const struct rule *rule)
{
    const struct name_facts *name = &d->external;
    const struct step *step = name->address_step ? name->address_step : name->step;
    bool online = false, right = false;
    struct slice alias = SLICE_EMPTY;

    for (size_t i = 0; step && i < step->dns->answer_count; i++) {
        struct slice data = step->dns->answers[i].data;

        if (step->dns->answers[i].type_number != TYPE_CNAME ||
            !slice_ends_with_nocase(data, ".lync.com"))
            continue;
        alias = online ? alias : data;
        online = true;
        right |= slice_starts_with_nocase(data, "webdir") &&
                 slice_ends_with_nocase(data, ".online.lync.com");
    }
    if (online && !right)
        diagnosis_add(d, rule, (struct about){ .step = step, .host = diagnosis_escaped(d, alias) });
}

/* ---- SRV, several domains ---- */

static void find_srv_only(struct diagnosis *d, const struct rule *rule)
{
    struct evidence srv;

    for (size_t i = 0; i < d->signin->step_count; i++)
        if (d->signin->steps[i].dns && d->signin->steps[i].dns->type_number == TYPE_SRV)
            return; /* a client that follows SRV records is not stopped by this */
    if (d->dns_dead && !is_explained(d) && d->external.missing && d->signin->sip_domain &&
        model_domain_srv(d->model, d->signin->sip_domain, &srv))
        diagnosis_add(d, rule,
                      (struct about){ .step = d->external.step, .also = d->internal.step });
}

static bool answered_by(const struct diagnosis *d, const struct address *server)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (d->signin->steps[i].dns && d->signin->steps[i].dns->answered &&
            address_equals(&d->signin->steps[i].to.endpoint.address, server))
            return true;
    return false;
}

static void find_srv_blocked(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->dns && step->dns->type_number == TYPE_SRV && !step->dns->answered &&
            (step->dns->questions > 1 || d->facts->last_time_ns - step->time_ns > SILENCE_LIMIT) &&
            answered_by(d, &step->to.endpoint.address)) {
            diagnosis_add(d, rule, (struct about){ .step = step });
            return;
        }
    }
}

/* SRV data is "priority weight port target". */
static struct slice srv_target(struct slice data)
{
    for (unsigned i = 0; i < 3; i++)
        data = slice_trim(slice_after(data, slice_find_byte(data, ' ')));
    return data;
}

static void find_srv_target(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        for (size_t k = 0; step->dns && d->signin->sip_domain && k < step->dns->answer_count; k++) {
            const struct dns_record *record = &step->dns->answers[k];
            char *target = record->type_number == TYPE_SRV
                               ? arena_text(d->arena, srv_target(record->data))
                               : NULL;

            for (char *c = target; c && *c; c++)
                if (*c >= 'A' && *c <= 'Z')
                    *c = (char)(*c + ('a' - 'A'));
            if (!target || !*target || name_is_within(target, d->signin->sip_domain) ||
                name_is_online(target))
                continue;
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = step,
                                .host = diagnosis_escaped(d, slice_of_text(target)) });
        }
    }
}

static void find_domain_gap(struct diagnosis *d, const struct rule *rule)
{
    const char *other =
        d->signin->sip_domain ? model_domain_answered(d->model, d->signin->sip_domain) : NULL;

    if (other && d->dns_dead &&
        (diagnosis_has(d, "dns-external-missing") || diagnosis_has(d, "dns-both-names-fail")))
        diagnosis_add(d, rule,
                      (struct about){ .step = d->external.step,
                                      .host = diagnosis_escaped(d, slice_of_text(other)) });
}

static const struct rule rules[] = {
    { .id = "dns-timeout",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_DNS,
      .find = find_timeout,
      .title = "The name server does not answer",
      .cause = "{client} asked {server} for {name} {detail} times and got no answer: the name "
               "server cannot be "
               "reached, or a firewall drops UDP port 53.",
      .fix = "Check the DNS server that the device got on this network, and that UDP and TCP port "
             "53 to it are open.",
      .user_sees = "A long spinner.",
      .wire = "A query is repeated without any response: 3 or more questions, or more than 5 s.",
      .reference = "SEED3",
      .result = "DNS does not answer" },
    { .id = "dns-servfail",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_DNS,
      .find = find_servfail,
      .title = "The name server cannot resolve {name} ({detail})",
      .cause = "{server} answers {detail} for {name}: a broken delegation, a DNSSEC failure, or an "
               "access list on the "
               "resolver.",
      .fix = "Ask the authoritative servers of {domain} directly; repair the delegation or the "
             "resolver.",
      .user_sees = "Intermittent or total failure.",
      .wire =
          "RCODE 2 (SERVFAIL) or 5 (REFUSED) for a lyncdiscover name, and none gives an address.",
      .reference = "SEED3; general",
      .result = "DNS server fails" },
    { .id = "dns-cname-dangling",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_DNS,
      .find = find_alias,
      .argument = 0,
      .title = "{name} is an alias of a name that does not exist",
      .cause = "{name} is a CNAME of {host}, and {host} has no address: an alias to a retired or "
               "mistyped host.",
      .fix = "Point {name} to the reverse proxy, or create {host}.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "A CNAME is answered, but no A or AAAA record of its target.",
      .reference = "DNSSUM; general",
      .result = "DNS alias leads nowhere" },
    { .id = "dns-cname-loop",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_DNS,
      .find = find_alias,
      .argument = 1,
      .title = "The aliases of {name} go round in a circle",
      .cause = "The CNAME chain of {name} repeats a name or is longer than 8.",
      .fix = "Repair the zone: {name} must end at an address.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "A CNAME chain repeats a name or exceeds 8.",
      .reference = "general",
      .result = "DNS alias loop" },
    { .id = "dns-srv-only-domain",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_DNS,
      .find = find_srv_only,
      .title = "{domain} has only SRV records, which phones never ask for",
      .cause = "Neither discovery name of {domain} exists, but its SIP SRV records do: the "
               "deployment is older than "
               "Autodiscover. Desktop clients find it, phones and Store apps do not.",
      .fix = "Publish lyncdiscover.{domain}, and lyncdiscoverinternal.{domain} inside.",
      .user_sees = "The desktop works, the phone does not.",
      .wire = "Both lyncdiscover names fail while _sipinternaltls._tcp or _sip._tls of the domain "
              "exist.",
      .reference = "UNDERST; SEED3",
      .result = "only SRV records in DNS" },
    { .id = "dns-external-missing",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_DNS,
      .find = find_external_missing,
      .title = "{name} does not exist in DNS",
      .cause = "The client is outside and asked {server} for {name}: {detail}. The public record "
               "was never published, "
               "or has not reached this resolver yet.",
      .fix = "Add {name} to the public DNS: a CNAME to the external web services name, or an A "
             "record of the reverse "
             "proxy. Check with nslookup against a public server.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "lyncdiscover.<d> NXDOMAIN or without address for a client outside; the internal "
              "name too.",
      .reference = "SEED3; SEED4; DNSSUM",
      .result = "lyncdiscover not in DNS" },
    { .id = "dns-both-names-fail",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_DNS,
      .find = find_both_fail,
      .title = "No Autodiscover name of {domain} exists",
      .cause = "Neither lyncdiscoverinternal.{domain} nor lyncdiscover.{domain} has an address: "
               "there are no "
               "Autodiscover records for this SIP domain, or the sign-in address was mistyped.",
      .fix = "Create lyncdiscover.{domain} (public) and lyncdiscoverinternal.{domain} (inside); "
             "check the user's "
             "sign-in address.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire =
          "lyncdiscoverinternal and lyncdiscover of one SIP domain both end without any A or AAAA.",
      .reference = "SEED3; UNDERST",
      .result = "no discovery name in DNS" },
    { .id = "dns-multiple-sipdomain-gap",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_DNS,
      .find = find_domain_gap,
      .title = "{domain} lacks the records that {host} has",
      .cause = "lyncdiscover.{host} resolves, lyncdiscover.{domain} does not: the records are "
               "needed for each SIP "
               "domain.",
      .fix = "Add the discovery records of {domain}, and its names to the certificates.",
      .user_sees = "Only users of that domain fail.",
      .wire = "Several SIP domains are seen; some have lyncdiscover, this one has not.",
      .reference = "SEED4; SEED0",
      .result = "SIP domain without records" },
    { .id = "dns-internal-missing-inside",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_DNS,
      .find = find_internal_missing_inside,
      .title = "{name} is missing inside",
      .cause = "{client} is inside, but the internal DNS has no {name}: the client takes the way "
               "through the reverse "
               "proxy.",
      .fix = "Add {name} to the internal zone of {domain}.",
      .user_sees = "Signs in over the Internet path, or gets wrong site data.",
      .wire = "A client of the internal network gets NXDOMAIN for lyncdiscoverinternal and an "
              "answer for lyncdiscover.",
      .reference = "DNSSUM; SEED3",
      .result = "internal DNS record missing" },
    { .id = "dns-internal-leaks-public",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_DNS,
      .find = find_internal_leaks,
      .title = "{name} is visible outside",
      .cause = "A client outside got {detail} for {name}: the internal record is published in the "
               "public DNS, so "
               "outside clients try the inner way first.",
      .fix = "Remove {name} from the public DNS; it belongs into the internal zone only.",
      .user_sees = "A slow sign-in, or time-outs.",
      .wire = "lyncdiscoverinternal is answered by a public resolver to an external client.",
      .reference = "SEED4; SEED3",
      .result = "internal name in public DNS" },
    { .id = "dns-private-address-outside",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_DNS,
      .find = find_private_outside,
      .title = "{name} leads outside clients to a private address",
      .cause = "A client outside got {detail} for {name}, which nobody can reach from the "
               "Internet: inner DNS data was "
               "published outside.",
      .fix = "Publish the public address of the reverse proxy for {name}.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "An external client's answer for lyncdiscover or an external web name holds an RFC "
              "1918, ULA or "
              "link-local address.",
      .reference = "SEED3; SEED4",
      .result = "private address in public DNS" },
    { .id = "dns-external-resolves-internal-vip",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_DNS,
      .find = find_internal_vip,
      .title = "{name} leads to the pool instead of the reverse proxy",
      .cause = "Inside, the external web name {name} resolves to the same address as the internal "
               "web services; mobility "
               "must pass the reverse proxy.",
      .fix = "Let {name} resolve to the reverse proxy's address inside too, and allow the hairpin.",
      .user_sees = "Discovery works, sign-in to mobility fails or flaps.",
      .wire = "The host of the Ucwa or Mcx link resolves to the pool's own address for a client "
              "inside.",
      .reference = "SEED4",
      .result = "external name leads inward" },
    { .id = "dns-split-zone-missing-web-fqdn",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_DNS,
      .find = find_link_unresolvable,
      .argument = 1,
      .title = "{name} is missing in the internal zone",
      .cause = "The server sent the client to {name}, but the internal resolver {server} does not "
               "know it ({detail}): "
               "external names were not copied into the internal zone of the same name.",
      .fix = "Add the external web services name of every pool to the internal zone.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "A name from a Redirect, ticket URL or link gets NXDOMAIN from an internal resolver.",
      .reference = "SEED3",
      .result = "web name not in internal DNS" },
    { .id = "dns-redirect-target-unresolvable",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_DNS,
      .find = find_link_unresolvable,
      .argument = 0,
      .title = "The client is sent to {name}, which does not resolve",
      .cause = "The server's answer names {name}, but DNS does not know it ({detail}): records "
               "exist for the first "
               "server only, not for each pool.",
      .fix = "Publish {name}, and the external web services name of every other pool, in DNS.",
      .user_sees = "Sign-in stops after the first answers.",
      .wire = "The host of a Redirect or ticket URL fails in DNS right after.",
      .reference = "SEED3",
      .result = "redirect target not in DNS" },
    { .id = "dns-cname-cross-domain",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_DNS,
      .find = find_cname_cross_domain,
      .title = "{name} is an alias in another domain",
      .cause = "{name} is a CNAME of {host}. Over HTTPS clients check the certificate against "
               "{name}, which the servers "
               "of the other domain do not carry; the client broke the handshake off, and no "
               "request on port 80 "
               "succeeded.",
      .fix =
          "Use an A record or a CNAME within {domain}, or publish port 80 for the first request.",
      .user_sees = "A certificate error or a generic connect error.",
      .wire = "The CNAME chain leaves the domain, the client uses TLS only and breaks it off.",
      .reference = "SEED3; SEED4; DNSSUM",
      .result = "alias in another domain" },
    { .id = "dns-o365-cname-wrong",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_DNS,
      .find = find_online_alias,
      .title = "{name} has the wrong alias for Lync Online",
      .cause = "{name} is a CNAME of {host}; users of Lync Online are found through "
               "webdir.online.lync.com.",
      .fix = "Set {name} to CNAME webdir.online.lync.com.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "A CNAME under lync.com that is not webdir*.online.lync.com.",
      .reference = "SEED3; PASTEDNS",
      .result = "wrong Lync Online alias" },
    { .id = "dns-srv-blocked",
      .severity = SEVERITY_INFO,
      .stage = STAGE_DNS,
      .find = find_srv_blocked,
      .title = "SRV look-ups get no answer",
      .cause = "{server} answers address look-ups but not the SRV look-up of {name}: a firewall or "
               "the resolver drops "
               "SRV.",
      .fix = "Rely on Autodiscover; the SRV fallback does not work on this network.",
      .user_sees = "A slow fallback on desktops.",
      .wire = "An SRV query stays unanswered while A queries to the same resolver are answered.",
      .reference = "SEED3",
      .result = "SRV blocked" },
    { .id = "dns-srv-target-domain-mismatch",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_DNS,
      .find = find_srv_target,
      .title = "The SRV record of {name} points out of the SIP domain",
      .cause = "Its target {host} is not within {domain}: strict DNS naming makes desktop clients "
               "distrust it.",
      .fix = "Use a target within {domain}, or set the DisableStrictDNSNaming policy.",
      .user_sees = "A trust prompt or a refusal on the desktop.",
      .wire = "The SRV target is neither the SIP domain nor below it.",
      .reference = "DNSAUTO",
      .result = "SRV target in another domain" },
    { .id = "dns-wrong-exchange-name",
      .severity = SEVERITY_INFO,
      .stage = STAGE_DNS,
      .title = "Look-ups of autodiscover.{domain} are Exchange's",
      .cause =
          "autodiscover.{domain} is the Autodiscover service of Exchange, and no part of a Lync "
          "sign-in.",
      .fix = "None; Lync clients ask for lyncdiscover.{domain}.",
      .wire = "A client asks for autodiscover.<d> or _autodiscover._tcp.<d>.",
      .reference = "SEED3",
      .result = "Exchange traffic" },
};

const struct rule_table rules_dns = { rules, sizeof rules / sizeof *rules };
