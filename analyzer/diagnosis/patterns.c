/* patterns.c: what shows only when many sign-ins are looked at together
 *
 * Each pattern is a sentence with its proof: the sign-ins that show it and
 * their packets.  Few sign-ins prove nothing, so that every pattern has a least
 * number of them on both sides.
 */
#include "patterns.h"

#include <stdlib.h>
#include <string.h>

enum {
    DOMAINS_MAX = 64,
    DOMAIN_FAILURES = 2, /* all of one SIP domain fail: at least so many */
    BESIDE_A_TIME = 3,   /* on each side of a moment */
    CLOCK_START = 11,    /* of an RFC 3339 time */
    CLOCK_LENGTH = 8,
};

/* ---- what the searches share ---- */

bool signin_failed(const struct signin *signin)
{
    return signin->outcome == OUTCOME_FAILED;
}

void picked_add(struct picked *picked, const struct signin *signin)
{
    if (picked->count < CITED_MAX)
        picked->some[picked->count] = signin;
    picked->count++;
}

static size_t picked_kept(const struct picked *picked)
{
    return picked->count < CITED_MAX ? picked->count : CITED_MAX;
}

static struct slice reason_of(const struct signin *signin)
{
    struct slice title =
        signin->finding_count ? slice_of_text(signin->findings[0].title) : SLICE_EMPTY;

    while (title.length && title.data[title.length - 1] == '.')
        title.length--;
    return title;
}

void crowd_add_reason(struct text *text, const struct picked *failed)
{
    struct slice best = SLICE_EMPTY;
    size_t best_count = 0;

    for (size_t i = 0; i < picked_kept(failed); i++) {
        struct slice reason = reason_of(failed->some[i]);
        size_t count = 0;

        for (size_t k = 0; k < picked_kept(failed); k++)
            count += slice_equals(reason_of(failed->some[k]), reason);
        if (reason.length && count > best_count) {
            best = reason;
            best_count = count;
        }
    }
    if (best.length == 0)
        return;
    text_add(text, best_count < picked_kept(failed) ? " (mostly: " : " (");
    text_add_escaped(text, best);
    text_add(text, ")");
}

void crowd_add_time(struct text *text, int64_t time_ns)
{
    char time[TIME_TEXT_SIZE];

    time_format_utc(time_ns, time);
    text_add_slice(text, slice_part(slice_of_text(time), CLOCK_START, CLOCK_LENGTH));
    text_add(text, " UTC");
}

/* What proves most: of a failure what decided it, of a success its last good step. */
static struct evidence proof_of(const struct signin *signin)
{
    if (signin->outcome != OUTCOME_SUCCEEDED && signin->finding_count &&
        signin->findings[0].evidence_count)
        return signin->findings[0].evidence[0];
    for (size_t i = signin->step_count; i-- > 0;) {
        const struct step *step = &signin->steps[i];

        if (step->http && step->http->response.present && step->status == STEP_OK &&
            step->evidence_count)
            return step->evidence[step->evidence_count - 1];
    }
    return signin->step_count ? signin->steps[0].evidence[0] : (struct evidence){ 0 };
}

static void add_list(struct text *text, const struct picked *cited, bool packets, bool inputs)
{
    size_t kept = picked_kept(cited);

    for (size_t i = 0; i < kept; i++) {
        struct evidence proof = proof_of(cited->some[i]);

        text_add(text, i == 0 ? "" : i + 1 == kept ? " and " : ", ");
        text_add_number(text, packets ? proof.packet : cited->some[i]->id);
        if (packets && inputs)
            text_print(text, " of input %u", proof.input + 1);
    }
}

static int compare_ids(const void *a, const void *b)
{
    const struct signin *one = *(const struct signin *const *)a;
    const struct signin *other = *(const struct signin *const *)b;

    return one->id < other->id ? -1 : one->id > other->id;
}

/* In order of their numbers. */
static struct picked join(const struct picked *a, const struct picked *b)
{
    struct picked joined = { 0 };
    size_t from_b = b ? picked_kept(b) : 0, from_a = picked_kept(a);

    if (from_b > 2)
        from_b = 2;
    if (from_a + from_b > CITED_MAX)
        from_a = CITED_MAX - from_b;
    for (size_t i = 0; i < from_a; i++)
        picked_add(&joined, a->some[i]);
    for (size_t i = 0; i < from_b; i++)
        picked_add(&joined, b->some[i]);
    qsort(joined.some, picked_kept(&joined), sizeof joined.some[0], compare_ids);
    return joined;
}

void crowd_tell(struct crowd *crowd, struct text *text, const struct picked *failed,
                const struct picked *others)
{
    struct picked cited = join(failed, others);
    const char *kept;

    text_add(text, cited.count == 1 ? " (sign-in " : " (sign-ins ");
    add_list(text, &cited, false, false);
    text_add(text, cited.count == 1 ? "; packet " : "; packets ");
    add_list(text, &cited, true, crowd->facts->input_count > 1);
    text_add(text, ").");
    kept = arena_text(crowd->arena, slice_of(text_string(text), text_length(text)));
    text_release(text);
    if (kept && crowd->pattern_count < PATTERNS_MAX)
        crowd->patterns[crowd->pattern_count++] = kept;
}

/* ---- one SIP domain ---- */

struct domain {
    const char *name;
    struct picked failed, good;
};

static size_t count_domains(const struct crowd *crowd, struct domain domains[DOMAINS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < crowd->count; i++) {
        const struct signin *signin = crowd->signins[i];
        size_t at = 0;

        if (!signin->sip_domain)
            continue;
        while (at < count && strcmp(domains[at].name, signin->sip_domain) != 0)
            at++;
        if (at == DOMAINS_MAX)
            continue;
        if (at == count)
            domains[count++] = (struct domain){ .name = signin->sip_domain };
        picked_add(signin_failed(signin) ? &domains[at].failed : &domains[at].good, signin);
    }
    return count;
}

/* Those of the domains where anything succeeds at all. */
static struct domain sum_others(const struct domain *domains, size_t count, size_t without)
{
    struct domain sum = { 0 };

    for (size_t i = 0; i < count; i++) {
        if (i == without || domains[i].good.count == 0)
            continue;
        if (sum.good.count == 0)
            sum.good = domains[i].good;
        else
            sum.good.count += domains[i].good.count;
        sum.failed.count += domains[i].failed.count;
    }
    return sum;
}

static void find_domain(struct crowd *crowd, const struct domain *domains, size_t count, size_t at)
{
    const struct domain *domain = &domains[at];
    struct domain others = sum_others(domains, count, at);
    struct text text = { 0 };

    if (domain->failed.count < DOMAIN_FAILURES || domain->good.count > 0 ||
        others.good.count == 0 || others.failed.count * 4 > others.good.count)
        return;
    text_print(&text, "All %zu sign-ins of ", domain->failed.count);
    text_add_escaped(&text, slice_of_text(domain->name));
    text_add(&text, " failed");
    crowd_add_reason(&text, &domain->failed);
    text_print(&text,
               ", but %zu of %zu of other SIP domains succeeded: look at what is its own, its "
               "records in DNS, its names in the certificates, its accounts",
               others.good.count, others.good.count + others.failed.count);
    crowd_tell(crowd, &text, &domain->failed, &others.good);
}

/* ---- a moment ---- */

/* All on one side of it succeeded, all on the other failed. */
struct turn {
    struct picked before, after;
    int64_t time_ns;
    bool began;
};

static bool is_of(const struct signin *signin, const char *domain)
{
    return !domain || (signin->sip_domain && strcmp(signin->sip_domain, domain) == 0);
}

static bool find_turn(const struct crowd *crowd, const char *domain, struct turn *turn)
{
    const struct signin *first = NULL;

    *turn = (struct turn){ 0 };
    for (size_t i = 0; i < crowd->count; i++) {
        const struct signin *signin = crowd->signins[i];

        if (!is_of(signin, domain))
            continue;
        if (!first)
            first = signin;
        if (turn->after.count == 0 && signin->outcome == first->outcome) {
            picked_add(&turn->before, signin);
            continue;
        }
        if (signin->outcome == first->outcome)
            return false;
        if (turn->after.count == 0)
            turn->time_ns = signin->started_ns;
        picked_add(&turn->after, signin);
    }
    turn->began = first && !signin_failed(first);
    return turn->before.count >= BESIDE_A_TIME && turn->after.count >= BESIDE_A_TIME;
}

static void tell_turn(struct crowd *crowd, const char *domain, const struct turn *turn)
{
    const struct picked *failed = turn->began ? &turn->after : &turn->before;
    const struct picked *good = turn->began ? &turn->before : &turn->after;
    struct text text = { 0 };

    text_add(&text, turn->began ? "Failures began at " : "Failures ended at ");
    crowd_add_time(&text, turn->time_ns);
    if (domain) {
        text_add(&text, " for ");
        text_add_escaped(&text, slice_of_text(domain));
    }
    if (turn->began)
        text_print(&text, ": the %zu sign-ins before succeeded, all %zu since then failed",
                   good->count, failed->count);
    else
        text_print(&text, ": all %zu sign-ins before failed", failed->count);
    crowd_add_reason(&text, failed);
    if (!turn->began)
        text_print(&text, ", the %zu since then succeeded", good->count);
    text_add(&text, turn->began ? ". What was changed, restarted or ran out then?" : "");
    if (turn->began && patterns_is_refused_password(failed->some[0]) &&
        patterns_is_refused_password(failed->some[1]))
        text_add(&text, " So many passwords do not go wrong at once: look at the domain "
                        "controllers first");
    crowd_tell(crowd, &text, failed, good);
}

static void find_moments(struct crowd *crowd, const struct domain *domains, size_t count)
{
    struct turn turn;

    if (find_turn(crowd, NULL, &turn)) {
        tell_turn(crowd, NULL, &turn);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (find_turn(crowd, domains[i].name, &turn))
            tell_turn(crowd, domains[i].name, &turn);
}

/* ---- all ---- */

static int compare_starts(const void *a, const void *b)
{
    const struct signin *one = *(const struct signin *const *)a;
    const struct signin *other = *(const struct signin *const *)b;

    if (one->started_ns != other->started_ns)
        return one->started_ns < other->started_ns ? -1 : 1;
    return one->id < other->id ? -1 : one->id > other->id;
}

static bool collect(struct crowd *crowd, struct model *model)
{
    size_t count = model_signin_count(model);

    crowd->signins = count ? arena_take(crowd->arena, count * sizeof *crowd->signins) : NULL;
    for (size_t i = 0; crowd->signins && i < count; i++) {
        const struct signin *signin = model_signin(model, i);

        if (signin->outcome != OUTCOME_INCOMPLETE && signin->step_count > 0)
            crowd->signins[crowd->count++] = signin;
    }
    if (crowd->count > 1)
        qsort(crowd->signins, crowd->count, sizeof *crowd->signins, compare_starts);
    return crowd->count > 1;
}

void patterns_search(struct crowd *crowd)
{
    struct domain *domains = arena_take(crowd->arena, DOMAINS_MAX * sizeof *domains);
    size_t count = domains ? count_domains(crowd, domains) : 0;

    for (size_t i = 0; i < count; i++)
        find_domain(crowd, domains, count, i);
    patterns_find_server(crowd);
    find_moments(crowd, domains, count);
    patterns_find_auth(crowd);
}

size_t diagnose_patterns(struct model *model, const struct capture_facts *facts,
                         struct arena *arena, const char *patterns[PATTERNS_MAX])
{
    struct crowd crowd = { .facts = facts, .arena = arena, .patterns = patterns };

    if (collect(&crowd, model))
        patterns_search(&crowd);
    return crowd.pattern_count;
}
