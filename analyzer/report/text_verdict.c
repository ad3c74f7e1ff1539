/* text_verdict.c: the sentence that says how it went
 *
 * One sign-in is spoken of by its owner, several by their number; failures are
 * told by their reasons, the one that hits most sign-ins first.
 */
#include "analyzer/report/text_parts.h"

enum { REASONS_TOLD = 3 };

struct tally {
    size_t of[OUTCOME_INCOMPLETE + 1];
};

static struct tally count_outcomes(const struct report *report)
{
    struct tally tally = { 0 };

    for (size_t i = 0; i < report->signin_count; i++)
        tally.of[report->signins[i]->outcome]++;
    return tally;
}

/* ---- reasons ---- */

static void add_count(struct text *text, size_t count, bool counted)
{
    if (counted)
        text_print(text, " (%zu)", count);
}

/* The most frequent first; what does not fit into a sentence is below. */
static void add_reasons(struct text *text, const struct causes *causes, enum outcome outcome,
                        size_t total)
{
    size_t told = 0, told_signins = 0;

    for (size_t i = 0; i < causes->count && told < REASONS_TOLD; i++) {
        const struct cause *cause = &causes->list[i];

        if (cause->outcome != outcome || !cause->finding)
            continue;
        text_add(text, told++ ? "; " : ": ");
        text_add_clause(text, cause->finding);
        add_count(text, cause->count, total > 1);
        told_signins += cause->count;
    }
    if (told && told_signins < total)
        text_print(text, "; other reasons (%zu)", total - told_signins);
}

/* ---- one, several, none ---- */

static void add_one(struct text *text, const struct report *report, const struct causes *causes)
{
    static const char *const endings[] = { [OUTCOME_SUCCEEDED] = " succeeded",
                                           [OUTCOME_FAILED] = " failed",
                                           [OUTCOME_INCOMPLETE] = " cannot be judged" };
    const struct signin *signin = report->signins[0];

    text_add(text, "The sign-in");
    if (signin->user) {
        text_add(text, " of ");
        text_add_owner(text, signin);
    }
    text_add(text, endings[signin->outcome]);
    if (signin->outcome != OUTCOME_SUCCEEDED)
        add_reasons(text, causes, signin->outcome, 1);
    text_add(text, ".");
}

static void add_several(struct text *text, const struct causes *causes, const struct tally *tally)
{
    size_t total = causes->signin_count;
    size_t failed = tally->of[OUTCOME_FAILED], incomplete = tally->of[OUTCOME_INCOMPLETE];

    if (failed) {
        text_print(text, failed == total ? "All %zu sign-ins failed" : "%zu of %zu sign-ins failed",
                   failed, total);
        add_reasons(text, causes, OUTCOME_FAILED, failed);
        if (incomplete)
            text_print(text, ". %zu cannot be judged", incomplete);
    } else if (incomplete == total) {
        text_print(text, "None of the %zu sign-ins can be judged", total);
        add_reasons(text, causes, OUTCOME_INCOMPLETE, incomplete);
    } else if (incomplete) {
        text_print(text, "%zu of %zu sign-ins succeeded, %zu cannot be judged",
                   tally->of[OUTCOME_SUCCEEDED], total, incomplete);
        add_reasons(text, causes, OUTCOME_INCOMPLETE, incomplete);
    } else {
        text_print(text, "All %zu sign-ins succeeded", total);
    }
    text_add(text, ".");
}

static void add_none(struct text *text, const struct report *report)
{
    uint64_t packets = 0;

    for (size_t i = 0; i < report->input_count; i++)
        packets += report->inputs[i]->packets;
    if (report->hidden_count) {
        text_add(text, "No sign-in matches what was asked for; ");
        text_add_counted(text, report->hidden_count, "other is not shown.",
                         "others are not shown.");
        return;
    }
    text_add(text, "No sign-in found in ");
    text_add_counted(text, packets, "packet.", "packets.");
}

void text_add_verdict(struct text *text, const struct report *report, const struct causes *causes)
{
    struct tally tally = count_outcomes(report);

    if (report->signin_count == 0)
        add_none(text, report);
    else if (report->signin_count == 1)
        add_one(text, report, causes);
    else
        add_several(text, causes, &tally);
}
