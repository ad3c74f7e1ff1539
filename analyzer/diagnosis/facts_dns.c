/* facts_dns.c: what the look-ups of the two discovery names came to */
#include "diagnose.h"

#include "lyncscope/names.h"

#include <string.h>

enum {
    TYPE_A = 1,
    TYPE_CNAME = 5,
    TYPE_AAAA = 28,
    CHAIN_MAX = 8,
    RCODE_SERVFAIL = 2,
    RCODE_NXDOMAIN = 3,
    RCODE_REFUSED = 5
};

static const struct dns_record *alias_of(const struct dns_lookup *dns, struct slice name)
{
    for (size_t i = 0; i < dns->answer_count; i++)
        if (dns->answers[i].type_number == TYPE_CNAME &&
            slice_equals_nocase(dns->answers[i].name, name))
            return &dns->answers[i];
    return NULL;
}

static bool has_address(const struct dns_lookup *dns)
{
    for (size_t i = 0; i < dns->answer_count; i++)
        if (dns->answers[i].type_number == TYPE_A || dns->answers[i].type_number == TYPE_AAAA)
            return true;
    return false;
}

/* Follows the aliases of an answer from the name asked. */
static void follow_aliases(struct diagnosis *d, const struct dns_lookup *dns,
                           struct name_facts *facts)
{
    struct slice at = slice_of_text(dns->name);
    const struct dns_record *alias = alias_of(dns, at);
    unsigned steps = 0;

    for (; alias && steps < CHAIN_MAX; steps++) {
        at = alias->data;
        alias = slice_is_text_nocase(at, dns->name) ? alias : alias_of(dns, at);
    }
    if (steps == 0)
        return;
    facts->alias = arena_text(d->arena, at);
    facts->alias_loop |= alias != NULL;
    facts->alias_dangling |=
        !alias && !has_address(dns) && (dns->type_number == TYPE_A || dns->rcode == RCODE_NXDOMAIN);
}

static bool better_witness(const struct step *step, const struct name_facts *facts)
{
    /* The A answer that failed says most; of several, the first. */
    return !facts->step ||
           (step->dns->type_number == TYPE_A && facts->step->dns->type_number != TYPE_A) ||
           (step->dns->answered && !facts->step->dns->answered);
}

static void learn_name(struct diagnosis *d, enum name_kind kind, struct name_facts *facts)
{
    facts->silent = true;
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct dns_lookup *dns = step->dns;
        const char *domain;

        if (!dns || name_classify(dns->name, &domain) != kind ||
            (dns->type_number != TYPE_A && dns->type_number != TYPE_AAAA))
            continue;
        facts->name = dns->name;
        facts->questions += dns->questions;
        if (better_witness(step, facts))
            facts->step = step;
        if (!dns->answered)
            continue;
        facts->silent = false;
        if (dns->rcode)
            facts->rcode = dns->rcode;
        facts->refused |= dns->rcode == RCODE_SERVFAIL || dns->rcode == RCODE_REFUSED;
        if (dns->cut && !has_address(dns)) {
            facts->unknown = true;
            continue;
        }
        facts->missing |= dns->rcode == RCODE_NXDOMAIN ||
                          (dns->rcode == 0 && !has_address(dns) && dns->type_number == TYPE_A);
        follow_aliases(d, dns, facts);
        if (has_address(dns)) {
            facts->address = true;
            facts->address_step = step;
        }
    }
    if (!facts->name)
        facts->silent = false;
}

static bool has_way(const struct name_facts *facts)
{
    return facts->address || facts->unknown;
}

/* Whoever connects has an address, whether or not the capture shows from where. */
static bool went_further(const struct signin *signin)
{
    for (size_t i = 0; i < signin->step_count; i++)
        if (!signin->steps[i].dns && signin->steps[i].leg == LEG_CLIENT)
            return true;
    return false;
}

void diagnosis_learn_names(struct diagnosis *d)
{
    learn_name(d, NAME_DISCOVERY_INTERNAL, &d->internal);
    learn_name(d, NAME_DISCOVERY_EXTERNAL, &d->external);
    d->dns_dead = (d->internal.name || d->external.name) && !has_way(&d->internal) &&
                  !has_way(&d->external) && !d->progress && !went_further(d->signin);
}
