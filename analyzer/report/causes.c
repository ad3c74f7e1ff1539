/* causes.c: the sign-ins of a report by what decided them, the most frequent cause first
 *
 * Two sign-ins have the same cause when the same rule stands first in both and
 * says the same of the same names.  They are sorted by it to be counted, then
 * the causes by their counts; equals stay in the order of their first sign-in.
 */
#include "analyzer/report/causes.h"

#include <stdlib.h>
#include <string.h>

struct placed {
    const struct signin *signin;
    const struct finding *finding; /* what decided it: diagnosis puts it first */
    size_t place;
};

static int compare_outcomes(enum outcome a, enum outcome b)
{
    static const int ranks[] = {
        [OUTCOME_FAILED] = 0, [OUTCOME_INCOMPLETE] = 1, [OUTCOME_SUCCEEDED] = 2
    };

    return ranks[a] - ranks[b];
}

static const char *title_of(const struct finding *finding)
{
    return finding->title ? finding->title : "";
}

static int compare_findings(const struct finding *a, const struct finding *b)
{
    int order;

    if (!a || !b)
        return (a != NULL) - (b != NULL);
    order = a->rule == b->rule ? 0 : strcmp(a->rule->id, b->rule->id);
    return order ? order : strcmp(title_of(a), title_of(b));
}

bool causes_are_same(const struct finding *a, const struct finding *b)
{
    return compare_findings(a, b) == 0;
}

static int compare_reasons(const struct placed *a, const struct placed *b)
{
    int order = compare_outcomes(a->signin->outcome, b->signin->outcome);

    return order ? order : compare_findings(a->finding, b->finding);
}

static int compare_placed(const void *a, const void *b)
{
    const struct placed *one = a, *other = b;
    int order = compare_reasons(one, other);

    if (order)
        return order;
    return one->place < other->place ? -1 : one->place > other->place;
}

struct counted {
    struct cause cause;
    size_t place; /* of its first sign-in */
};

static int compare_counted(const void *a, const void *b)
{
    const struct counted *one = a, *other = b;
    int order = compare_outcomes(one->cause.outcome, other->cause.outcome);

    if (order)
        return order;
    if (one->cause.count != other->cause.count)
        return one->cause.count > other->cause.count ? -1 : 1;
    return one->place < other->place ? -1 : one->place > other->place;
}

static struct placed *place_signins(struct arena *arena, const struct report *report)
{
    struct placed *placed = arena_take(arena, report->signin_count * sizeof *placed);

    for (size_t i = 0; placed && i < report->signin_count; i++) {
        const struct signin *signin = report->signins[i];
        bool decided = signin->outcome != OUTCOME_SUCCEEDED && signin->finding_count > 0;

        placed[i] = (struct placed){ signin, decided ? &signin->findings[0] : NULL, i };
    }
    if (placed)
        qsort(placed, report->signin_count, sizeof *placed, compare_placed);
    return placed;
}

static size_t count_causes(const struct placed *placed, size_t signins, struct counted *counted)
{
    size_t count = 0;

    for (size_t i = 0; i < signins; i++) {
        if (i == 0 || compare_reasons(&placed[i - 1], &placed[i]) != 0)
            counted[count++] =
                (struct counted){ { placed[i].finding, placed[i].signin->outcome, i, 0 },
                                  placed[i].place };
        counted[count - 1].cause.count++;
    }
    qsort(counted, count, sizeof *counted, compare_counted);
    return count;
}

static void lay_out(struct causes *causes, const struct placed *placed,
                    const struct counted *counted)
{
    for (size_t i = 0; i < causes->count; i++) {
        size_t from = counted[i].cause.first;

        causes->list[i] = counted[i].cause;
        causes->list[i].first = causes->signin_count;
        for (size_t k = 0; k < counted[i].cause.count; k++)
            causes->signins[causes->signin_count++] = placed[from + k].signin;
    }
}

struct causes causes_collect(const struct report *report)
{
    struct causes causes = { .arena = arena_create(NULL, 0) };
    size_t signins = report->signin_count;
    struct placed *placed = causes.arena && signins ? place_signins(causes.arena, report) : NULL;
    struct counted *counted = placed ? arena_take(causes.arena, signins * sizeof *counted) : NULL;

    if (!counted)
        return causes;
    causes.signins = arena_take(causes.arena, signins * sizeof *causes.signins);
    causes.list = arena_take(causes.arena, signins * sizeof *causes.list);
    if (!causes.signins || !causes.list)
        return causes;
    causes.count = count_causes(placed, signins, counted);
    lay_out(&causes, placed, counted);
    return causes;
}

void causes_release(struct causes *causes)
{
    arena_free(causes->arena);
    *causes = (struct causes){ 0 };
}
