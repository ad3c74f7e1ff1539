/* search.c: does a sign-in have that anywhere, and where */
#include "ui/search.h"

#include <stdio.h>
#include <string.h>

#include "lyncscope/rule.h"
#include "ui/words.h"

/* ---- one piece ---- */

static bool is_at(const uint8_t *text, struct slice needle)
{
    return slice_equals_nocase(slice_of(text, needle.length), needle);
}

static int other_case(uint8_t byte)
{
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 'A';
    return byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte;
}

/* By the first byte in one of its cases: bodies are long. */
static bool has(struct slice text, struct slice needle, uint8_t first)
{
    const uint8_t *at = text.data, *last;

    if (text.length < needle.length)
        return false;
    last = text.data + (text.length - needle.length);
    while (at <= last && (at = memchr(at, first, (size_t)(last - at) + 1)) != NULL) {
        if (is_at(at, needle))
            return true;
        at++;
    }
    return false;
}

void search_text(struct search *search, const char *where, struct slice text)
{
    uint8_t first;

    if (search->found || search->needle.length == 0 || text.length == 0)
        return;
    search->looked += text.length;
    first = search->needle.data[0];
    search->found =
        has(text, search->needle, first) ||
        (other_case(first) != first && has(text, search->needle, (uint8_t)other_case(first)));
    if (search->found)
        search->where = where;
}

static void search_word(struct search *search, const char *where, const char *word)
{
    search_text(search, where, slice_of_text(word));
}

void search_number(struct search *search, const char *where, uint64_t number)
{
    uint64_t wanted;

    if (search->found || number == 0 || !slice_to_u64(search->needle, &wanted) || wanted != number)
        return;
    search->found = true;
    search->where = where;
}

void search_endpoint(struct search *search, const char *where, const struct endpoint *endpoint)
{
    char address[ADDRESS_TEXT_SIZE + 8];
    uint64_t number;

    if (search->found || endpoint->address.family == 0)
        return;
    address_format(&endpoint->address, address);
    if (slice_to_u64(search->needle, &number))
        search_number(search, "port", endpoint->port);
    else
        snprintf(address + strlen(address), 8, ":%u", endpoint->port);
    search_word(search, where, address);
}

void search_evidence(struct search *search, const struct evidence *evidence, size_t count)
{
    for (size_t i = 0; i < count; i++)
        search_number(search, "packet", evidence[i].packet);
}

/* ---- steps ---- */

static void search_party(struct search *search, const struct party *party)
{
    search_word(search, "host name", party->name);
    search_endpoint(search, "address", &party->endpoint);
}

static void search_dns(struct search *search, const struct dns_lookup *dns)
{
    search_word(search, "DNS name", dns->name);
    search_word(search, "DNS type", dns->type);
    if (dns->answered)
        search_word(search, "DNS answer", dns_rcode_name(dns->rcode));
    for (size_t i = 0; i < dns->answer_count; i++) {
        search_text(search, "DNS answer", dns->answers[i].name);
        search_text(search, "DNS answer", dns->answers[i].type);
        search_text(search, "DNS answer", dns->answers[i].data);
    }
    search_endpoint(search, "address", &dns->server);
    search_evidence(search, &dns->question, 1);
    search_evidence(search, &dns->last_question, 1);
    search_evidence(search, &dns->answer, 1);
}

static void search_tcp(struct search *search, const struct tcp_connection *tcp)
{
    search_evidence(search, &tcp->first_attempt, 1);
    search_evidence(search, &tcp->last_attempt, 1);
    search_evidence(search, &tcp->answer, 1);
    search_evidence(search, &tcp->end, 1);
}

static void search_relay(struct search *search, const struct relay *relay)
{
    search_party(search, &relay->from);
    search_party(search, &relay->to);
    search_number(search, "status behind the proxy", relay->status);
    for (size_t i = 0; i < relay->change_count; i++)
        search_word(search, "what the proxy changed", relay->changes[i]);
    search_evidence(search, relay->evidence, relay->evidence_count);
    if (relay->http)
        search_http(search, relay->http);
}

static void search_step(struct search *search, const struct step *step)
{
    search_word(search, "step", step->summary);
    search_word(search, "note", step->note);
    search_word(search, "URL", step->url);
    search_party(search, &step->from);
    search_party(search, &step->to);
    search_evidence(search, step->evidence, step->evidence_count);
    if (step->dns)
        search_dns(search, step->dns);
    if (step->tcp)
        search_tcp(search, step->tcp);
    if (step->tls)
        search_tls(search, step->tls);
    if (step->http)
        search_http(search, step->http);
    if (step->relay)
        search_relay(search, step->relay);
}

/* ---- the sign-in's own ---- */

static void search_time(struct search *search, int64_t time_ns)
{
    char clock[TIME_TEXT_SIZE];

    time_format_utc(time_ns, clock);
    search_word(search, "time", clock);
}

static void search_own(struct search *search, const struct signin *signin)
{
    search_party(search, &signin->client);
    search_word(search, "user", signin->user);
    search_word(search, "SIP domain", signin->sip_domain);
    search_word(search, "user agent", signin->user_agent);
    search_word(search, "device", signin->device);
    search_word(search, "home pool", signin->home_pool);
    search_word(search, "result", signin->result);
    search_word(search, "result", outcome_name(signin->outcome));
    if (signin->failed_stage != STAGE_NONE)
        search_word(search, "stage", stage_name(signin->failed_stage));
    for (size_t i = 0; i < signin->service_count; i++) {
        search_word(search, "service", signin->services[i].token);
        search_word(search, "service", signin->services[i].href);
    }
    search_time(search, signin->started_ns);
}

static void search_finding(struct search *search, const struct finding *finding)
{
    search_word(search, "finding", finding->title);
    if (finding->rule) {
        search_word(search, "rule", finding->rule->id);
        search_word(search, "what the user sees", finding->rule->user_sees);
        search_word(search, "source", finding->rule->reference);
    }
    search_word(search, "cause", finding->cause);
    search_word(search, "fix", finding->fix);
    search_evidence(search, finding->evidence, finding->evidence_count);
}

bool search_signin(struct search *search, const struct signin *signin)
{
    search->found = false;
    search->step = 0;
    search_own(search, signin);
    for (size_t i = 0; i < signin->finding_count; i++)
        search_finding(search, &signin->findings[i]);
    for (size_t i = 0; !search->found && i < signin->step_count; i++) {
        search_step(search, &signin->steps[i]);
        search->step = search->found ? signin->steps[i].number : 0;
    }
    return search->found;
}
