/* step_match.c: which steps of two sign-ins are the same one
 *
 * What a step is about decides, not how it ended or which host it went to:
 * the same request of two people, or of two sites, is the same step.
 */
#include "ui/step_match.h"

#include <string.h>

#include "lyncscope/names.h"
#include "lyncscope/table.h"
#include "ui/step_label.h"
#include "ui/words.h"

enum { STEPS_MOST = 4096, SLOWER_TIMES = 4 };
enum { SLOWER_NS = 200000000 }; /* less is no difference worth a word */

struct step_key {
    uint64_t kind;   /* never paired with another kind */
    uint64_t about;  /* the same where it is the same step */
    uint64_t result; /* and its result */
};

struct keys {
    struct step_key *left, *right;
};

/* ---- what a step is about ---- */

static void add_first_label(struct text *out, const char *name)
{
    struct slice whole = slice_of_text(name);

    text_add_slice(out, slice_part(whole, 0, slice_find_byte(whole, '.')));
}

static uint64_t hash_text(const struct text *text)
{
    return table_hash(text_string(text), text_length(text));
}

/* A name that is not Autodiscover's own may be called anything. */
static void add_dns_kind(struct text *kind, const struct dns_lookup *dns)
{
    const char *domain;

    text_print(kind, "dns %s ", dns->type ? dns->type : "");
    if (dns->name && name_classify(dns->name, &domain) != NAME_OTHER)
        add_first_label(kind, dns->name);
}

static void add_http_kind(struct text *kind, const struct http_exchange *http)
{
    text_print(kind, "http %d %d ", (int)http->lync.service, (int)http->lync.resource);
    text_add_slice(kind, http->request.method);
    if (http->lync.resource == RESOURCE_OTHER)
        text_add_slice(
            kind, slice_part(http->request.target, 0, slice_find_byte(http->request.target, '?')));
}

static void add_kind(struct text *kind, const struct step *step)
{
    if (step->dns)
        add_dns_kind(kind, step->dns);
    else if (step->tcp)
        text_add(kind, "tcp");
    else if (step->tls)
        text_add(kind, "tls");
    else if (step->http)
        add_http_kind(kind, step->http);
    else
        text_print(kind, "stage %d", (int)step->stage);
}

static void add_detail(struct text *about, const struct step *step)
{
    if (step->dns)
        add_first_label(about, step->dns->name);
    else if (step->tcp)
        text_print(about, " %u", step->tcp->server.port);
}

static void add_result(struct text *result, const struct step *step)
{
    text_print(result, "%d ", (int)step->status);
    step_label_add(result, step, LABEL_TINY, true);
}

static struct step_key key_of(const struct step *step, struct text *scratch)
{
    struct step_key key;

    text_truncate(scratch, 0);
    add_kind(scratch, step);
    key.kind = hash_text(scratch);
    add_detail(scratch, step);
    key.about = hash_text(scratch);
    text_truncate(scratch, 0);
    add_result(scratch, step);
    key.result = hash_text(scratch);
    return key;
}

/* ---- pairing ---- */

static int score(const void *context, size_t left, size_t right)
{
    const struct keys *keys = context;
    const struct step_key *a = &keys->left[left], *b = &keys->right[right];

    if (a->kind != b->kind)
        return ALIGN_NEVER;
    if (a->about != b->about)
        return ALIGN_LOOSE;
    return a->result == b->result ? ALIGN_SAME : ALIGN_LIKE;
}

static size_t step_count(const struct signin *signin)
{
    return signin->step_count < STEPS_MOST ? signin->step_count : STEPS_MOST;
}

static struct step_key *make_keys(const struct signin *signin)
{
    size_t count = step_count(signin);
    struct step_key *keys = memory_take(NULL, (count + 1) * sizeof *keys);
    struct text scratch = { 0 };

    for (size_t i = 0; keys && i < count; i++)
        keys[i] = key_of(&signin->steps[i], &scratch);
    text_release(&scratch);
    return keys;
}

bool step_match_make(struct step_match *match, const struct signin *left,
                     const struct signin *right)
{
    struct keys keys = { make_keys(left), make_keys(right) };
    struct align_sides sides = { step_count(left), step_count(right), score, &keys };
    bool made = keys.left && keys.right && alignment_make(&match->rows, &sides);

    match->left = left;
    match->right = right;
    if (!made)
        match->rows.count = 0;
    memory_give(NULL, keys.left, (step_count(left) + 1) * sizeof *keys.left);
    memory_give(NULL, keys.right, (step_count(right) + 1) * sizeof *keys.right);
    return made;
}

void step_match_release(struct step_match *match)
{
    alignment_release(&match->rows);
}

const struct step *step_match_left(const struct step_match *match, size_t row)
{
    int index = match->rows.pairs[row].left;

    return index == ALIGN_NONE ? NULL : &match->left->steps[index];
}

const struct step *step_match_right(const struct step_match *match, size_t row)
{
    int index = match->rows.pairs[row].right;

    return index == ALIGN_NONE ? NULL : &match->right->steps[index];
}

/* ---- differences ---- */

static bool same_result(const struct step *left, const struct step *right)
{
    struct text a = { 0 }, b = { 0 };
    bool same;

    add_result(&a, left);
    add_result(&b, right);
    same = strcmp(text_string(&a), text_string(&b)) == 0;
    text_release(&a);
    text_release(&b);
    return same;
}

bool step_match_differs(const struct step_match *match, size_t row)
{
    const struct step *left = step_match_left(match, row), *right = step_match_right(match, row);

    return !left || !right || !same_result(left, right);
}

static void add_pair(struct text *out, const char *what, const char *left, const char *right)
{
    text_print(out, "%s%s ", text_length(out) ? "; " : "", what);
    text_add_escaped(out, slice_of_text(left));
    text_add(out, " / ");
    text_add_escaped(out, slice_of_text(right));
}

static void add_results(struct text *out, const struct step *left, const struct step *right,
                        bool ascii)
{
    struct text a = { 0 }, b = { 0 };

    step_label_add(&a, left, LABEL_TINY, ascii);
    step_label_add(&b, right, LABEL_TINY, ascii);
    if (strcmp(text_string(&a), text_string(&b)) != 0)
        add_pair(out, "result", text_string(&a), text_string(&b));
    else if (left->status != right->status)
        add_pair(out, "judged", step_status_name(left->status), step_status_name(right->status));
    text_release(&a);
    text_release(&b);
}

static void add_hosts(struct text *out, const struct step *left, const struct step *right)
{
    struct text a = { 0 }, b = { 0 };

    party_add(&a, &left->to);
    party_add(&b, &right->to);
    if (strcmp(text_string(&a), text_string(&b)) != 0)
        add_pair(out, "host", text_string(&a), text_string(&b));
    text_release(&a);
    text_release(&b);
}

static bool is_slower(int64_t slow_ns, int64_t fast_ns)
{
    return fast_ns >= 0 && slow_ns - fast_ns > SLOWER_NS && slow_ns / SLOWER_TIMES > fast_ns;
}

void step_match_add_differences(struct text *out, const struct step *left, const struct step *right,
                                bool ascii)
{
    char a[WORD_SIZE], b[WORD_SIZE];

    add_results(out, left, right, ascii);
    add_hosts(out, left, right);
    if (is_slower(left->duration_ns, right->duration_ns) ||
        is_slower(right->duration_ns, left->duration_ns)) {
        duration_format(left->duration_ns, a);
        duration_format(right->duration_ns, b);
        add_pair(out, "took", a, b);
    }
}
