/* rules.c: all rules as one table, stage by stage in the order of a sign-in
 *
 * The order matters only in this: a rule may ask what rules before it found.
 */
#include "diagnose.h"

#include <string.h>

static const struct rule_table *const tables[] = {
    &rules_dns,         &rules_tcp,
    &rules_certificate, &rules_issuer,
    &rules_tls,         &rules_http,
    &rules_redirect,    &rules_response,
    &rules_auth,        &rules_auth_binding,
    &rules_webticket,   &rules_pool,
    &rules_mobility,    &rules_mobility_session,
    &rules_topology,    &rules_publishing,
    &rules_site,        &rules_capture,
};

enum { TABLES = sizeof tables / sizeof *tables };

size_t rule_count(void)
{
    size_t count = 0;

    for (size_t i = 0; i < TABLES; i++)
        count += tables[i]->count;
    return count;
}

const struct rule *rule_at(size_t index)
{
    for (size_t i = 0; i < TABLES; i++) {
        if (index < tables[i]->count)
            return &tables[i]->rules[index];
        index -= tables[i]->count;
    }
    return NULL;
}

void diagnosis_find_all(struct diagnosis *d)
{
    for (size_t i = 0; i < TABLES; i++)
        for (size_t k = 0; k < tables[i]->count; k++)
            if (tables[i]->rules[k].find)
                tables[i]->rules[k].find(d, &tables[i]->rules[k]);
}

const struct rule *rule_find(const char *id)
{
    for (size_t i = 0; i < TABLES; i++)
        for (size_t k = 0; k < tables[i]->count; k++)
            if (*tables[i]->rules[k].id == *id && strcmp(tables[i]->rules[k].id, id) == 0)
                return &tables[i]->rules[k];
    return NULL;
}
