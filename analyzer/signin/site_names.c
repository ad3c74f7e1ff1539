/* site_names.c: which names of a site lead where, and who was told of them */
#include "site.h"

#include "copy.h"

#include <string.h>

struct site_name *learner_name(struct learner *learner, const char *name)
{
    struct site *site = learner->site;
    size_t at = 0;

    while (at < site->name_count && strcmp(site->names[at].name, name) != 0)
        at++;
    if (at == SITE_NAMES_MAX)
        return NULL;
    if (at == site->name_count)
        site->names[site->name_count++] = (struct site_name){ .name = name };
    return &site->names[at];
}

/* ---- look-ups ---- */

enum { TYPE_A = 1 };

static void note_addresses(struct site_answer *answer, const struct dns_lookup *dns)
{
    for (size_t i = 0; i < dns->answer_count; i++)
        if (dns->answers[i].type_number == TYPE_A && answer->address_count < SITE_ADDRESSES_MAX)
            answer->addresses[answer->address_count++] = dns->answers[i].address;
}

static void read_lookup(struct learner *learner, const struct signin *signin,
                        const struct dns_lookup *dns)
{
    struct site_name *name = dns->type_number == TYPE_A && dns->answered && !dns->cut
                                 ? learner_name(learner, dns->name)
                                 : NULL;
    struct site_answer *answer;

    if (!name || name->answer_count == SITE_ANSWERS_MAX)
        return;
    for (size_t i = 0; i < name->answer_count; i++)
        if (address_equals(&name->answers[i].resolver, &dns->server.address))
            return;
    answer = &name->answers[name->answer_count++];
    *answer = (struct site_answer){ .resolver = dns->server.address,
                                    .rcode = dns->rcode,
                                    .signin = signin->id,
                                    .evidence = dns->answer };
    note_addresses(answer, dns);
}

/* ---- names in documents ---- */

/* A site's answers name the same few addresses to everybody. The first one counts, so that one that
 * was read has nothing more to tell. */
static bool was_seen(struct learner *learner, struct slice url)
{
    for (size_t i = 0; i < SEEN_URLS; i++)
        if (slice_equals(learner->seen[i], url))
            return true;
    learner->seen[learner->seen_count++ % SEEN_URLS] = url;
    return false;
}

static void note_naming(struct learner *learner, const struct signin *signin, struct slice url,
                        const struct evidence *evidence)
{
    struct address literal;
    struct site_name *name;
    struct url parts;
    char *host;

    if (url.length == 0 || was_seen(learner, url))
        return;
    parts = url_parse(url);
    host = parts.valid ? copy_lower(learner->arena, parts.host) : NULL;
    if (!host || address_parse(slice_of_text(host), &literal))
        return;
    name = learner_name(learner, host);
    if (!name || name->named)
        return;
    name->named = true;
    name->named_to = signin->id;
    name->naming = *evidence;
}

static void read_exchange(struct learner *learner, const struct signin *signin,
                          const struct http_exchange *http)
{
    const struct evidence *evidence = &http->response.evidence;
    const struct document *document = &http->lync.response_document;

    if (!http->response.present)
        return;
    note_naming(learner, signin, http->lync.web_ticket_url, evidence);
    note_naming(learner, signin, document->redirect, evidence);
    if (http->response.status / 100 == 3)
        note_naming(learner, signin,
                    header_value(http->response.headers, http->response.header_count, "Location"),
                    evidence);
    for (size_t i = 0; i < document->link_count && document->kind == DOCUMENT_AUTODISCOVER; i++)
        if (slice_is_text_nocase(document->links[i].token, "User") ||
            slice_is_text_nocase(document->links[i].token, "Self"))
            note_naming(learner, signin, document->links[i].href, evidence);
}

void learner_read_names(struct learner *learner, const struct signin *signin)
{
    for (size_t i = 0; i < signin->step_count; i++) {
        const struct step *step = &signin->steps[i];

        if (step->dns)
            read_lookup(learner, signin, step->dns);
        else if (step->http)
            read_exchange(learner, signin, step->http);
    }
}
