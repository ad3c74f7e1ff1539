/* site_faults.c: what does not fit together in a site
 *
 * Inside and outside may well answer differently: names are compared between
 * resolvers of the same side, answers to clients of the same side.
 */
#include "site.h"

#include "copy.h"
#include "lyncscope/names.h"
#include "lyncscope/text.h"

#include <string.h>

const char *site_fault_name(enum site_fault_kind kind)
{
    switch (kind) {
    case SITE_RESOLVERS_DIFFER:
        return "resolvers-differ";
    case SITE_NAME_WITHOUT_RECORD:
        return "name-without-record";
    case SITE_INTERNAL_NAME_OUTSIDE:
        return "internal-name-outside";
    case SITE_DISCOVERY_SPLITS:
        return "discovery-splits";
    }
    return "";
}

struct proof {
    unsigned signin;
    struct evidence evidence;
};

static void add_proofs(struct text *text, const struct site_fault *fault)
{
    bool one = fault->evidence_count < 2 || fault->evidence[0].packet == fault->evidence[1].packet;

    if (fault->signins[0] == fault->signins[1] || !fault->signins[1])
        text_print(text, " (sign-in %u; ", fault->signins[0]);
    else
        text_print(text, " (sign-ins %u and %u; ", fault->signins[0], fault->signins[1]);
    if (one)
        text_print(text, "packet %llu).", (unsigned long long)fault->evidence[0].packet);
    else
        text_print(text, "packets %llu and %llu).", (unsigned long long)fault->evidence[0].packet,
                   (unsigned long long)fault->evidence[1].packet);
}

/* Ends the sentence; releases the text. */
static void add_fault(struct learner *learner, enum site_fault_kind kind, struct text *text,
                      const struct proof proofs[2])
{
    struct site *site = learner->site;
    struct site_fault fault = { .kind = kind };

    for (size_t i = 0; i < 2; i++) {
        if (!proofs[i].evidence.packet)
            continue;
        fault.signins[fault.evidence_count] = proofs[i].signin;
        fault.evidence[fault.evidence_count++] = proofs[i].evidence;
    }
    add_proofs(text, &fault);
    fault.text = arena_text(learner->arena, slice_of(text_string(text), text_length(text)));
    text_release(text);
    if (fault.text && fault.evidence_count && site->fault_count < SITE_FAULTS_MAX)
        site->faults[site->fault_count++] = fault;
}

static void add_name(struct text *text, const char *name)
{
    text_add_escaped(text, slice_of_text(name));
}

static void add_address(struct text *text, const struct address *address)
{
    char line[ADDRESS_TEXT_SIZE];

    address_format(address, line);
    text_add(text, line);
}

/* ---- resolvers ---- */

static void add_answer(struct text *text, const struct site_answer *answer)
{
    add_address(text, &answer->resolver);
    text_add(text, " says ");
    if (answer->rcode == 3)
        text_add(text, "NXDOMAIN");
    else if (answer->rcode)
        text_print(text, "rcode %u", answer->rcode);
    else if (answer->address_count == 0)
        text_add(text, "no address");
    for (size_t i = 0; i < answer->address_count; i++) {
        text_add(text, i ? ", " : "");
        add_address(text, &answer->addresses[i]);
    }
}

static bool share_address(const struct site_answer *a, const struct site_answer *b)
{
    for (size_t i = 0; i < a->address_count; i++)
        for (size_t k = 0; k < b->address_count; k++)
            if (address_equals(&a->addresses[i], &b->addresses[k]))
                return true;
    return a->address_count == 0 && b->address_count == 0;
}

static bool find_difference(struct learner *learner, const struct site_name *name, size_t a)
{
    for (size_t b = a + 1; b < name->answer_count; b++) {
        const struct site_answer *one = &name->answers[a], *other = &name->answers[b];
        struct text text = { 0 };

        if (share_address(one, other) || learner_is_inside(learner, &one->resolver) !=
                                             learner_is_inside(learner, &other->resolver))
            continue;
        text_add(&text, "Resolvers disagree about ");
        add_name(&text, name->name);
        text_add(&text, ": ");
        add_answer(&text, one);
        text_add(&text, ", ");
        add_answer(&text, other);
        add_fault(learner, SITE_RESOLVERS_DIFFER, &text,
                  (struct proof[2]){ { one->signin, one->evidence },
                                     { other->signin, other->evidence } });
        return true;
    }
    return false;
}

/* ---- names without a record, internal names outside ---- */

static const struct signin *find_signin(const struct learner *learner, unsigned id)
{
    for (size_t i = 0; i < model_signin_count(learner->model); i++)
        if (model_signin(learner->model, i)->id == id)
            return model_signin(learner->model, i);
    return NULL;
}

static void find_missing(struct learner *learner, const struct site_name *name)
{
    struct text text = { 0 };

    if (!name->named || name->answer_count == 0)
        return;
    for (size_t i = 0; i < name->answer_count; i++)
        if (name->answers[i].address_count > 0)
            return;
    text_add(&text, "Answers name ");
    add_name(&text, name->name);
    text_add(&text, ", which has no record: ");
    add_answer(&text, &name->answers[0]);
    add_fault(learner, SITE_NAME_WITHOUT_RECORD, &text,
              (struct proof[2]){ { name->named_to, name->naming },
                                 { name->answers[0].signin, name->answers[0].evidence } });
}

/* Beside a server's own name, and not below a SIP domain of its own. */
static bool is_beside_server(const struct site *site, const char *name)
{
    const char *domain = NULL;

    for (size_t i = 0; i < site->server_count; i++) {
        const char *zone = site->servers[i].name ? strchr(site->servers[i].name, '.') : NULL;
        bool of_users = false;

        if (!zone || !name_is_within(name, zone + 1))
            continue;
        for (size_t k = 0; k < site->domain_count; k++)
            of_users |= name_is_within(site->domains[k].name, zone + 1);
        if (!of_users)
            return true;
    }
    return name_classify(name, &domain) == NAME_DISCOVERY_INTERNAL;
}

static bool is_private_name(const char *name)
{
    static const char *const suffixes[] = {
        ".local", ".internal", ".lan", ".corp", ".intra", ".ad"
    };

    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (slice_ends_with_nocase(slice_of_text(name), suffixes[i]))
            return true;
    return false;
}

static void find_leak(struct learner *learner, const struct site_name *name)
{
    const struct signin *signin = name->named ? find_signin(learner, name->named_to) : NULL;
    struct text text = { 0 };

    if (!signin || signin->location != LOCATION_EXTERNAL ||
        (!is_private_name(name->name) && !is_beside_server(learner->site, name->name)))
        return;
    text_add(&text, "The internal name ");
    add_name(&text, name->name);
    text_add(&text, " is handed to a client outside");
    add_fault(learner, SITE_INTERNAL_NAME_OUTSIDE, &text,
              (struct proof[2]){ { name->named_to, name->naming } });
}

void learner_find_faults(struct learner *learner)
{
    for (size_t i = 0; i < learner->site->name_count; i++) {
        const struct site_name *name = &learner->site->names[i];

        for (size_t a = 0; a < name->answer_count && !name_is_online(name->name); a++)
            if (find_difference(learner, name, a))
                break;
        find_missing(learner, name);
        find_leak(learner, name);
    }
}

/* ---- one discovery name, several places ---- */

struct root { /* where an answer to a discovery name sent a client of one side on */
    const char *name;
    enum location location;
    struct slice url; /* as it was sent: nearly all clients get the same one */
    const char *target;
    struct proof proof;
    bool told;
};

static struct slice target_of(const struct document *document)
{
    if (document->redirect.length)
        return document->redirect;
    for (size_t i = 0; i < document->link_count; i++)
        if (slice_is_text_nocase(document->links[i].token, "User"))
            return document->links[i].href;
    return SLICE_EMPTY;
}

static bool is_root(const struct step *step)
{
    const char *domain;

    return step->http->response.present && step->http->lync.resource == RESOURCE_ROOT &&
           step->to.name && name_is_discovery(name_classify(step->to.name, &domain));
}

static void compare_root(struct learner *learner, struct root *first, const struct root *root)
{
    struct text text = { 0 };

    if (first->told || strcmp(first->target, root->target) == 0)
        return;
    first->told = true;
    add_name(&text, first->name);
    text_add(&text, " leads to different places: ");
    add_name(&text, first->target);
    text_add(&text, " and ");
    add_name(&text, root->target);
    add_fault(learner, SITE_DISCOVERY_SPLITS, &text,
              (struct proof[2]){ first->proof, root->proof });
}

static struct root *find_root(struct learner *learner, const char *name, enum location location)
{
    for (size_t i = 0; i < learner->root_count; i++)
        if (strcmp(learner->roots[i].name, name) == 0 && learner->roots[i].location == location)
            return &learner->roots[i];
    return NULL;
}

void learner_read_root(struct learner *learner, const struct signin *signin,
                       const struct step *step)
{
    enum { ROOTS_MAX = 64 };
    struct root root = { .name = step->to.name, .location = signin->location }, *first;
    struct url url;

    if (!learner->roots)
        learner->roots = arena_take(learner->arena, ROOTS_MAX * sizeof *learner->roots);
    if (!learner->roots || !is_root(step))
        return;
    first = find_root(learner, root.name, root.location);
    root.url = target_of(&step->http->lync.response_document);
    if (first && slice_equals(first->url, root.url))
        return;
    url = url_parse(root.url);
    root.target = url.valid ? copy_lower(learner->arena, url.host) : NULL;
    root.proof = (struct proof){ signin->id, step->http->response.evidence };
    if (!root.target)
        return;
    if (first)
        compare_root(learner, first, &root);
    else if (learner->root_count < ROOTS_MAX)
        learner->roots[learner->root_count++] = root;
}
