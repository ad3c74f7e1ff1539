/* lookups.c: DNS questions matched with their answers
 *
 * Only names that matter are kept: the discovery names of any SIP domain, the
 * SRV and SIP host names a client falls back to, and names that a document or
 * a redirect sent the client to.  A question repeated on the same port and id,
 * or asked again while the first is still unanswered, is the same look-up.  A
 * resolver that passes a client's question on is not a client.
 */
#include "model.h"

#include <string.h>

static bool is_resolver(const struct model *model, const struct address *address)
{
    for (size_t i = 0; i < model->resolver_count; i++)
        if (address_equals(&model->resolvers[i], address))
            return true;
    return false;
}

static void learn_resolver(struct model *model, const struct address *address)
{
    if (!is_resolver(model, address) && model->resolver_count < RESOLVERS_MAX)
        model->resolvers[model->resolver_count++] = *address;
}

/* ---- facts about SIP domains that no single sign-in holds ---- */

struct domain_facts *lookups_domain(struct model *model, const char *domain, bool create)
{
    for (size_t i = 0; i < model->domain_count; i++)
        if (strcmp(model->domains[i].name, domain) == 0)
            return &model->domains[i];
    if (!create || model->domain_count == DOMAINS_MAX ||
        strlen(domain) >= sizeof model->domains[0].name)
        return NULL;
    for (size_t i = 0; domain[i]; i++)
        model->domains[model->domain_count].name[i] = domain[i];
    return &model->domains[model->domain_count++];
}

static bool has_type(const struct dns_message *message, uint16_t type)
{
    for (size_t i = 0; i < message->answer_count; i++)
        if (message->answers[i].type_number == type)
            return true;
    return false;
}

static void note_domain(struct model *model, const struct event *event, enum name_kind kind,
                        const char *domain)
{
    struct domain_facts *facts = lookups_domain(model, domain, true);

    if (!facts)
        return;
    if (kind == NAME_SIP_SERVICE && event->dns.response && has_type(&event->dns, DNS_SRV) &&
        !facts->srv.packet)
        facts->srv = event->evidence;
    if (kind == NAME_EXCHANGE && !event->dns.response && !facts->exchange.packet)
        facts->exchange = event->evidence;
    if (kind == NAME_DISCOVERY_EXTERNAL &&
        (has_type(&event->dns, DNS_A) || has_type(&event->dns, DNS_AAAA)))
        facts->discovery_answered = true;
}

/* ---- finding the look-up a message belongs to ---- */

static bool same_question(const struct lookup *lookup, const char *name, uint16_t type)
{
    return lookup->dns->type_number == type && strcmp(lookup->dns->name, name) == 0;
}

static bool was_asked(const struct lookup *lookup, uint16_t port, uint16_t id)
{
    for (size_t i = 0; i < lookup->asked_count; i++)
        if (lookup->asked[i].port == port && lookup->asked[i].id == id)
            return true;
    return false;
}

static void note_asked(struct lookup *lookup, uint16_t port, uint16_t id)
{
    if (lookup->asked_count < sizeof lookup->asked / sizeof *lookup->asked) {
        lookup->asked[lookup->asked_count].port = port;
        lookup->asked[lookup->asked_count].id = id;
        lookup->asked_count++;
    }
}

static void note_repeat(struct record *record, struct lookup *lookup, const struct event *event)
{
    struct dns_lookup *dns = lookup->dns;
    struct step *step = lookup->step;

    dns->questions++;
    dns->last_question = event->evidence;
    if (step->evidence_count < STEP_EVIDENCE_MAX)
        step->evidence[step->evidence_count++] = event->evidence;
    describe_dns(record, step);
    store_touch(record, event->evidence.time_ns);
}

/* A repeat comes from the same socket, or at least a second after an unanswered first. */
static bool repeat_in(struct record *record, const char *name, const struct event *event)
{
    const struct dns_message *message = &event->dns;

    for (struct lookup *lookup = record->lookups; lookup; lookup = lookup->next) {
        bool same_socket = was_asked(lookup, message->from.port, message->id);
        int64_t age = event->evidence.time_ns - lookup->dns->last_question.time_ns;

        if (!same_question(lookup, name, message->type_number))
            continue;
        if (!same_socket && (age < SECOND / 2 || age > 2 * LOOKUP_LIMIT || record->signin.closed))
            continue;
        if (!same_socket)
            note_asked(lookup, message->from.port, message->id);
        note_repeat(record, lookup, event);
        return true;
    }
    return false;
}

static bool is_repeat(struct model *model, const char *name, const struct event *event)
{
    struct client *client = store_client(model, &event->dns.from.address, false);

    for (struct record *record = client ? client->records : NULL; record;
         record = record->next_of_client)
        if (!record->signin.closed && repeat_in(record, name, event))
            return true;
    return false;
}

/* ---- which sign-in asks ---- */

static bool asks_again(struct record *record, enum name_kind kind, struct slice name,
                       int64_t time_ns)
{
    struct host *host = store_host(record, name, false);

    if (!correlate_is_again(record, time_ns))
        return false;
    if (host && host->linked)
        return false;
    if (kind == NAME_DISCOVERY_INTERNAL)
        return record->asked_external || record->tried_count > 0;
    return record->asked_external;
}

static struct record *find_asker(struct model *model, const struct event *event, const char *name,
                                 enum name_kind kind, const char *domain)
{
    bool starts = name_is_discovery(kind);
    struct sought sought = { .client = &event->dns.from.address,
                             .domain = domain,
                             .host = name,
                             .time_ns = event->evidence.time_ns,
                             .starts = starts };
    struct record *record = correlate_find(model, &sought);
    struct record *fresh;
    bool final;

    if (!starts)
        return record && (kind != NAME_OTHER || store_host(record, slice_of_text(name), false))
                   ? record
                   : NULL;
    if (!record)
        return correlate_find_or_begin(model, &sought);
    if (record->tail)
        record = record->tail;
    if (!record->signin.final_document &&
        !asks_again(record, kind, slice_of_text(name), sought.time_ns))
        return record;
    final = record->signin.final_document;
    fresh = final ? tail_begin(record, sought.time_ns)
                  : store_begin(model, sought.client, sought.time_ns);
    if (!fresh)
        return record;
    store_set_domain(fresh, slice_of_text(domain));
    if (!final) {
        fresh->again_after = record;
        record->superseded = true;
    }
    return fresh;
}

/* A resolver's search list: the name that just failed, with a suffix behind it. */
static bool with_search_suffix(struct record *record, const char *name)
{
    for (size_t i = record->signin.step_count; i-- > 0;) {
        const struct dns_lookup *dns = record->items[i]->dns;
        size_t length = dns ? strlen(dns->name) : 0;

        if (dns && dns->answered && dns->rcode == DNS_NXDOMAIN &&
            strncmp(name, dns->name, length) == 0 && name[length] == '.')
            return true;
    }
    return false;
}

static struct record *find_suffixed(struct model *model, const struct event *event,
                                    const char *name)
{
    struct client *client = store_client(model, &event->dns.from.address, false);

    for (struct record *record = client ? client->records : NULL; record;
         record = record->next_of_client)
        if (!record->signin.closed && with_search_suffix(record, name))
            return record;
    return NULL;
}

/* ---- steps ---- */

static struct lookup *begin_lookup(struct record *record, const char *name,
                                   const struct event *event)
{
    const struct dns_message *message = &event->dns;
    struct arena *arena = record->signin.arena;
    struct lookup *lookup = arena_take(arena, sizeof *lookup);
    struct dns_lookup *dns = arena_take(arena, sizeof *dns);
    struct step step = { .time_ns = event->evidence.time_ns,
                         .duration_ns = -1,
                         .stage = STAGE_DNS,
                         .leg = LEG_DNS,
                         .flow = event->flow,
                         .dns = dns,
                         .evidence = { event->evidence },
                         .evidence_count = 1 };

    if (!lookup || !dns)
        return NULL;
    *dns = (struct dns_lookup){ .type_number = message->type_number,
                                .questions = message->response ? 0 : 1,
                                .client = message->response ? message->to : message->from,
                                .server = message->response ? message->from : message->to };
    dns->name = arena_text(arena, slice_of_text(name));
    dns->type = arena_text(arena, message->type);
    if (!dns->name || !dns->type)
        return NULL;
    if (!message->response)
        dns->question = dns->last_question = event->evidence;
    lookup->dns = dns;
    lookup->step = store_add_step(record, &step);
    if (!lookup->step)
        return NULL;
    note_asked(lookup, dns->client.port, message->id);
    lookup->next = record->lookups;
    record->lookups = lookup;
    describe_dns(record, lookup->step);
    return lookup;
}

static void end_lookup(struct record *record, struct lookup *lookup)
{
    struct lookup **at = &record->lookups;

    while (*at && *at != lookup)
        at = &(*at)->next;
    if (*at)
        *at = lookup->next;
}

/* The addresses belong to the name that was asked and to every alias on the way. */
static void learn_addresses(struct record *record, const struct dns_lookup *dns)
{
    for (size_t i = 0; i < dns->answer_count; i++) {
        const struct dns_record *answer = &dns->answers[i];
        struct host *host;

        if (answer->type_number == DNS_CNAME)
            store_host(record, answer->data, true);
        if (answer->type_number != DNS_A && answer->type_number != DNS_AAAA)
            continue;
        for (size_t c = 0; c < dns->answer_count; c++) {
            host = dns->answers[c].type_number == DNS_CNAME
                       ? store_host(record, dns->answers[c].data, false)
                       : NULL;
            if (host)
                store_learn_address(record, host, &answer->address);
        }
        host = store_host(record, slice_of_text(dns->name), true);
        if (host)
            store_learn_address(record, host, &answer->address);
    }
}

static void receive_answer(struct record *record, struct lookup *lookup, const struct event *event)
{
    const struct dns_message *message = &event->dns;
    struct dns_lookup *dns = lookup->dns;
    const char *domain;
    enum name_kind kind = name_classify(dns->name, &domain);

    dns->answered = true;
    dns->rcode = message->rcode;
    dns->truncated = message->truncated;
    dns->cut = message->cut;
    dns->answer = event->evidence;
    dns->answers = copy_records(record->signin.arena, message->answers, message->answer_count);
    dns->answer_count = dns->answers ? message->answer_count : 0;
    lookup->step->duration_ns =
        dns->questions ? event->evidence.time_ns - dns->question.time_ns : -1;
    if (lookup->step->evidence_count == STEP_EVIDENCE_MAX)
        lookup->step->evidence_count--;
    lookup->step->evidence[lookup->step->evidence_count++] = event->evidence;
    if (kind != NAME_SIP_HOST && kind != NAME_SIP_SERVICE)
        learn_addresses(record, dns);
    describe_dns(record, lookup->step);
    end_lookup(record, lookup);
    store_touch(record, event->evidence.time_ns);
}

/* ---- messages ---- */

static void receive_question(struct model *model, const struct event *event, const char *name)
{
    const char *domain;
    enum name_kind kind = name_classify(name, &domain);
    struct record *record;

    if (kind == NAME_EXCHANGE || is_repeat(model, name, event))
        return;
    record = name_is_discovery(kind) ? find_suffixed(model, event, name) : NULL;
    if (!record && is_resolver(model, &event->dns.from.address))
        return;
    if (!record)
        record = find_asker(model, event, name, kind, domain);
    if (!record || !begin_lookup(record, name, event))
        return;
    if (event->dns.to.port == 53)
        learn_resolver(model, &event->dns.to.address);
    record->asked_internal |= kind == NAME_DISCOVERY_INTERNAL;
    record->asked_external |= kind == NAME_DISCOVERY_EXTERNAL;
    if (name_is_discovery(kind))
        store_host(record, slice_of_text(name), true);
}

/* A second answer to the same question, or a copy of the first. */
static bool was_answered(const struct client *client, const char *name, const struct event *event)
{
    for (const struct record *record = client ? client->records : NULL; record;
         record = record->next_of_client)
        for (size_t i = 0; i < record->signin.step_count; i++) {
            const struct dns_lookup *dns = record->items[i]->dns;

            if (dns && dns->answered && dns->type_number == event->dns.type_number &&
                strcmp(dns->name, name) == 0 &&
                event->evidence.time_ns - dns->answer.time_ns < LOOKUP_LIMIT)
                return true;
        }
    return false;
}

/* The question was not captured; its answer tells it. */
static void receive_unasked(struct model *model, const struct event *event, const char *name,
                            const char *domain)
{
    struct sought sought = { .client = &event->dns.to.address,
                             .domain = domain,
                             .host = name,
                             .time_ns = event->evidence.time_ns,
                             .starts = true };
    struct record *record = correlate_find_or_begin(model, &sought);
    struct lookup *lookup = record ? begin_lookup(record, name, event) : NULL;
    const char *ignored;

    if (!lookup)
        return;
    record->asked_internal |= name_classify(name, &ignored) == NAME_DISCOVERY_INTERNAL;
    record->asked_external |= name_classify(name, &ignored) == NAME_DISCOVERY_EXTERNAL;
    lookup->step->evidence_count = 0;
    receive_answer(record, lookup, event);
}

static void receive_response(struct model *model, const struct event *event, const char *name)
{
    const struct dns_message *message = &event->dns;
    struct client *client = store_client(model, &message->to.address, false);
    const char *domain;

    for (struct record *record = client ? client->records : NULL; record;
         record = record->next_of_client)
        for (struct lookup *lookup = record->lookups; lookup; lookup = lookup->next)
            if (same_question(lookup, name, message->type_number) &&
                was_asked(lookup, message->to.port, message->id)) {
                receive_answer(record, lookup, event);
                return;
            }
    if (name_is_discovery(name_classify(name, &domain)) &&
        !is_resolver(model, &message->to.address) && !was_answered(client, name, event))
        receive_unasked(model, event, name, domain);
}

void lookups_receive(struct model *model, const struct event *event)
{
    char lower[256];
    const char *domain;
    enum name_kind kind;

    if (!name_lower(event->dns.name, lower, sizeof lower))
        return;
    kind = name_classify(lower, &domain);
    if (kind != NAME_OTHER && kind != NAME_SIP_HOST)
        note_domain(model, event, kind, domain);
    if (event->dns.response)
        receive_response(model, event, lower);
    else
        receive_question(model, event, lower);
}

void lookups_expire(struct record *record, int64_t now_ns, bool finish)
{
    struct lookup *lookup = record->lookups;

    while (lookup) {
        struct lookup *next = lookup->next;

        if (finish || now_ns - lookup->dns->last_question.time_ns > 6 * LOOKUP_LIMIT)
            end_lookup(record, lookup);
        lookup = next;
    }
}

/* ---- for diagnosis ---- */

bool model_domain_srv(struct model *model, const char *domain, struct evidence *evidence)
{
    const struct domain_facts *facts = lookups_domain(model, domain, false);

    if (!facts || !facts->srv.packet)
        return false;
    *evidence = facts->srv;
    return true;
}

const char *model_domain_answered(struct model *model, const char *not_this)
{
    for (size_t i = 0; i < model->domain_count; i++)
        if (model->domains[i].discovery_answered && strcmp(model->domains[i].name, not_this) != 0)
            return model->domains[i].name;
    return NULL;
}

const char *model_domain_exchange(struct model *model, size_t *index, struct evidence *evidence)
{
    while (*index < model->domain_count) {
        const struct domain_facts *facts = &model->domains[(*index)++];

        if (!facts->exchange.packet)
            continue;
        *evidence = facts->exchange;
        return facts->name;
    }
    return NULL;
}
