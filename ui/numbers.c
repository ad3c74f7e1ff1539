/* numbers.c: sign-ins counted: how they ended, why, whose they were, how long each stage took
 *
 * Groups are few: when there are more than can be told apart the rest is counted together.
 * Percentiles are exact (nearest rank): the n-th smallest is found by selection, without sorting
 * all.
 */
#include "ui/numbers.h"

#include <stdlib.h>
#include <string.h>

#include "ui/words.h"

/* ---- groups ---- */

static void count_one(struct tally *tally, const struct signin *signin)
{
    tally->all++;
    tally->failed += signin->outcome == OUTCOME_FAILED;
    tally->unclear += signin->outcome == OUTCOME_INCOMPLETE;
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void count_in_group(struct number_groups *groups, const struct number_group *wanted,
                           const struct signin *signin)
{
    size_t i = 0;

    while (i < groups->count && !(groups->items[i].rule == wanted->rule &&
                                  (wanted->rule || is_same(groups->items[i].name, wanted->name))))
        i++;
    if (i == GROUPS_MAX) {
        count_one(&groups->others, signin);
        return;
    }
    if (i == groups->count)
        groups->items[groups->count++] = *wanted;
    count_one(&groups->items[i].tally, signin);
}

static int compare_groups(const void *a, const void *b)
{
    const struct number_group *one = a, *other = b;

    if (one->tally.all != other->tally.all)
        return one->tally.all > other->tally.all ? -1 : 1;
    if (one->tally.failed != other->tally.failed)
        return one->tally.failed > other->tally.failed ? -1 : 1;
    return strcmp(one->name ? one->name : "", other->name ? other->name : "");
}

static void sort_groups(struct number_groups *groups)
{
    if (groups->count > 1)
        qsort(groups->items, groups->count, sizeof *groups->items, compare_groups);
}

static const char *server_of(const struct party *party)
{
    return party->role == ROLE_FRONT_END || party->role == ROLE_DIRECTOR ? party->name : NULL;
}

/* The last one that was talked to: a redirect leads to where the user belongs. */
const char *front_end_of(const struct signin *signin)
{
    for (size_t i = signin->step_count; i-- > 0;) {
        const struct step *step = &signin->steps[i];
        const char *name = step->relay ? server_of(&step->relay->to) : NULL;

        if (!name)
            name = server_of(&step->to);
        if (name)
            return name;
    }
    return signin->home_pool;
}

static void count_signin(struct numbers *numbers, const struct signin *signin)
{
    struct number_group domain = { .name = signin->sip_domain };
    struct number_group kind = { .name = signin->device };
    struct number_group front_end = { .name = front_end_of(signin) };

    count_one(&numbers->tally, signin);
    count_in_group(&numbers->domains, &domain, signin);
    count_in_group(&numbers->kinds, &kind, signin);
    count_in_group(&numbers->front_ends, &front_end, signin);
    if (signin->outcome == OUTCOME_FAILED && signin->finding_count > 0) {
        const struct rule *rule = signin->findings[0].rule;
        struct number_group cause = { .name = rule->result ? rule->result : signin->result,
                                      .rule = rule };

        count_in_group(&numbers->causes, &cause, signin);
    }
    if (numbers->tally.all == 1 || signin->started_ns < numbers->first_ns)
        numbers->first_ns = signin->started_ns;
    if (numbers->tally.all == 1 || signin->started_ns > numbers->last_ns)
        numbers->last_ns = signin->started_ns;
}

void numbers_count(struct numbers *numbers, const struct report *report)
{
    *numbers = (struct numbers){ 0 };
    for (size_t i = 0; i < report->signin_count; i++)
        count_signin(numbers, report->signins[i]);
    sort_groups(&numbers->causes);
    sort_groups(&numbers->domains);
    sort_groups(&numbers->kinds);
    sort_groups(&numbers->front_ends);
}

/* ---- over time ---- */

static bool is_counted(const struct signin *signin, enum slot_kind kind, const struct rule *cause)
{
    static const enum slot_kind kinds[] = {
        [OUTCOME_SUCCEEDED] = SLOT_SUCCEEDED,
        [OUTCOME_FAILED] = SLOT_FAILED,
        [OUTCOME_INCOMPLETE] = SLOT_UNCLEAR,
    };

    if (kind != SLOT_CAUSE)
        return kinds[signin->outcome] == kind;
    return signin->outcome == OUTCOME_FAILED && signin->finding_count > 0 &&
           signin->findings[0].rule == cause;
}

void slots_count(struct slots *slots, const struct report *report, const struct numbers *numbers)
{
    int64_t slot_ns;

    slots->most = 0;
    if (slots->count > SLOTS_MAX)
        slots->count = SLOTS_MAX;
    if (slots->count < 1)
        return;
    for (int i = 0; i < slots->count; i++)
        slots->counts[i] = 0;
    slot_ns = time_between(numbers->first_ns, numbers->last_ns) / slots->count + 1;
    for (size_t i = 0; i < report->signin_count; i++) {
        const struct signin *signin = report->signins[i];
        int64_t at = time_between(numbers->first_ns, signin->started_ns) / slot_ns;
        unsigned *count;

        if (!is_counted(signin, slots->kind, slots->cause) || at < 0)
            continue;
        count = &slots->counts[at < slots->count ? at : slots->count - 1];
        if (++*count > slots->most)
            slots->most = *count;
    }
}

/* ---- how long ---- */

struct samples {
    int64_t *items;
    size_t count, capacity;
};

static bool add_sample(struct samples *samples, int64_t value)
{
    size_t capacity = samples->capacity ? 2 * samples->capacity : 256;
    int64_t *items;

    if (samples->count == samples->capacity) {
        items = memory_resize(NULL, samples->items, samples->capacity * sizeof *items,
                              capacity * sizeof *items);
        if (!items)
            return false;
        samples->items = items;
        samples->capacity = capacity;
    }
    samples->items[samples->count++] = value;
    return true;
}

/* Moves what is smaller than the middle one to the left of it; gives where that one ends up. */
static size_t part(int64_t *items, size_t first, size_t last)
{
    size_t middle = first + (last - first) / 2, store = first;
    int64_t pivot = items[middle];

    items[middle] = items[last];
    items[last] = pivot;
    for (size_t i = first; i < last; i++) {
        /* Equal ones go to both sides in turn: they are many where nothing took any time. */
        if (items[i] < pivot || (items[i] == pivot && (i & 1))) {
            int64_t smaller = items[i];

            items[i] = items[store];
            items[store++] = smaller;
        }
    }
    items[last] = items[store];
    items[store] = pivot;
    return store;
}

static int64_t find_nth(struct samples *samples, size_t nth)
{
    size_t first = 0, last = samples->count - 1;

    while (first < last) {
        size_t at = part(samples->items, first, last);

        if (at == nth)
            break;
        if (at < nth)
            first = at + 1;
        else
            last = at - 1;
    }
    return samples->items[nth];
}

/* Nearest rank: the smallest that so many per cent do not exceed. */
static size_t rank_of(size_t count, size_t percent)
{
    size_t rank = (count * percent + 99) / 100;

    return rank > 0 ? rank - 1 : 0;
}

static bool take_durations(struct durations *out, struct samples *samples, bool whole)
{
    *out = (struct durations){ .count = samples->count };
    if (samples->count > 0) {
        out->median_ns = find_nth(samples, rank_of(samples->count, 50));
        out->p90_ns = find_nth(samples, rank_of(samples->count, 90));
        out->most_ns = find_nth(samples, samples->count - 1);
    }
    memory_give(NULL, samples->items, samples->capacity * sizeof *samples->items);
    return whole;
}

static bool add_steps(struct samples *samples, const struct signin *signin, enum stage stage)
{
    for (size_t i = 0; i < signin->step_count; i++) {
        const struct step *step = &signin->steps[i];

        if (step->stage == stage && step->duration_ns >= 0 &&
            !add_sample(samples, step->duration_ns))
            return false;
    }
    return true;
}

bool durations_of_stage(struct durations *out, const struct report *report, enum stage stage)
{
    struct samples samples = { 0 };
    bool whole = true;

    for (size_t i = 0; i < report->signin_count && whole; i++)
        whole = add_steps(&samples, report->signins[i], stage);
    return take_durations(out, &samples, whole);
}

bool durations_of_signins(struct durations *out, const struct report *report)
{
    struct samples samples = { 0 };
    bool whole = true;

    for (size_t i = 0; i < report->signin_count && whole; i++) {
        const struct signin *signin = report->signins[i];
        int64_t took = time_between(signin->started_ns, signin->ended_ns);

        if (signin->outcome == OUTCOME_SUCCEEDED && took >= 0)
            whole = add_sample(&samples, took);
    }
    return take_durations(out, &samples, whole);
}
