/* text_verdict.c: the sentence that says how it went
 *
 * One sign-in is spoken of by its owner, several by their number; failures are
 * told by their reason, and where there are several reasons by the one that
 * hits most sign-ins.
 */
#include <string.h>

#include "analyzer/report/text_parts.h"

struct tally {
    size_t of[OUTCOME_INCOMPLETE + 1];
    const struct signin *first[OUTCOME_INCOMPLETE + 1];
};

static struct tally count_outcomes(const struct report *report)
{
    struct tally tally = { 0 };

    for (size_t i = 0; i < report->signin_count; i++) {
        enum outcome outcome = report->signins[i]->outcome;

        if (tally.of[outcome]++ == 0)
            tally.first[outcome] = report->signins[i];
    }
    return tally;
}

/* ---- reasons ---- */

/* What decided a sign-in: diagnosis puts it first. */
static const struct finding *reason_of(const struct signin *signin)
{
    return signin->outcome != OUTCOME_SUCCEEDED && signin->finding_count ? &signin->findings[0]
                                                                         : NULL;
}

static bool is_same_reason(const struct finding *a, const struct finding *b)
{
    return a->rule == b->rule && strcmp(a->title ? a->title : "", b->title ? b->title : "") == 0;
}

struct reason {
    const struct finding *finding;
    size_t count;
};

/* The most frequent of the reasons by a majority vote, then its exact count: two passes, no memory.
 * Where none has a majority it is one of the frequent ones, which serves as well. */
static struct reason find_main_reason(const struct report *report, enum outcome outcome)
{
    struct reason reason = { NULL, 0 };

    for (size_t i = 0; i < report->signin_count; i++) {
        const struct finding *finding = reason_of(report->signins[i]);

        if (!finding || report->signins[i]->outcome != outcome)
            continue;
        if (reason.count == 0)
            reason.finding = finding;
        reason.count += is_same_reason(finding, reason.finding) ? 1 : (size_t)-1;
    }
    reason.count = 0;
    for (size_t i = 0; reason.finding && i < report->signin_count; i++) {
        const struct finding *finding = reason_of(report->signins[i]);

        if (finding && report->signins[i]->outcome == outcome &&
            is_same_reason(finding, reason.finding))
            reason.count++;
    }
    return reason;
}

static void add_reason(struct text *text, const struct report *report, enum outcome outcome,
                       size_t total)
{
    struct reason reason = find_main_reason(report, outcome);

    if (!reason.finding)
        return;
    text_add(text, ": ");
    text_add_clause(text, reason.finding);
    if (reason.count < total)
        text_print(text, " (%zu of the %zu; others below)", reason.count, total);
}

/* ---- one, several, none ---- */

static void add_one(struct text *text, const struct report *report)
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
        add_reason(text, report, signin->outcome, 1);
    text_add(text, ".");
}

static void add_several(struct text *text, const struct report *report, const struct tally *tally)
{
    size_t total = report->signin_count;
    size_t failed = tally->of[OUTCOME_FAILED], incomplete = tally->of[OUTCOME_INCOMPLETE];

    if (failed) {
        text_print(text, failed == total ? "All %zu sign-ins failed" : "%zu of %zu sign-ins failed",
                   failed, total);
        add_reason(text, report, OUTCOME_FAILED, failed);
    } else if (incomplete == total) {
        text_print(text, "None of the %zu sign-ins can be judged", total);
        add_reason(text, report, OUTCOME_INCOMPLETE, incomplete);
    } else if (incomplete) {
        text_print(text, "%zu of %zu sign-ins succeeded, %zu cannot be judged",
                   tally->of[OUTCOME_SUCCEEDED], total, incomplete);
        add_reason(text, report, OUTCOME_INCOMPLETE, incomplete);
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

void text_add_verdict(struct text *text, const struct report *report)
{
    struct tally tally = count_outcomes(report);

    if (report->signin_count == 0)
        add_none(text, report);
    else if (report->signin_count == 1)
        add_one(text, report);
    else
        add_several(text, report, &tally);
}
