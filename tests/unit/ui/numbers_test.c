/* numbers_test.c: groups, slots of time and percentiles */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "tests/support/ui_fixture.h"
#include "ui/numbers.h"

static void test_groups_and_the_rest(void **state)
{
    static struct signin signins[GROUPS_MAX + 30];
    static char names[GROUPS_MAX + 30][24];
    static const struct signin *list[GROUPS_MAX + 30];
    struct report report = { .signins = list, .signin_count = GROUPS_MAX + 30 };
    static struct numbers numbers;
    size_t sum = 0;

    (void)state;
    for (size_t i = 0; i < report.signin_count; i++) {
        snprintf(names[i], sizeof names[i], "d%zu", i < 3 ? 0 : i);
        signins[i] = (struct signin){ .sip_domain = names[i], .outcome = OUTCOME_FAILED };
        list[i] = &signins[i];
    }
    numbers_count(&numbers, &report);
    assert_int_equal(numbers.tally.all, GROUPS_MAX + 30);
    assert_string_equal(numbers.domains.items[0].name, "d0");
    assert_int_equal(numbers.domains.items[0].tally.all, 3);
    for (size_t i = 0; i < numbers.domains.count; i++)
        sum += numbers.domains.items[i].tally.all;
    assert_int_equal(sum + numbers.domains.others.all, numbers.tally.all);
    assert_int_equal(numbers.domains.count, GROUPS_MAX);
    assert_int_equal(numbers.causes.count, 0); /* without a finding there is no cause */
    assert_null(numbers.kinds.items[0].name);
}

static void test_percentiles(void **state)
{
    static struct step steps[1000];
    struct signin signin = { .steps = steps };
    const struct signin *list[] = { &signin };
    struct report report = { .signins = list, .signin_count = 1 };
    struct durations durations;

    (void)state;
    for (size_t i = 0; i < 1000; i++) /* 1..1000 in a mixed order; some unknown */
        steps[i] =
            (struct step){ .stage = STAGE_TCP, .duration_ns = (int64_t)(i * 387 % 1000) + 1 };
    for (signin.step_count = 1; signin.step_count <= 1000; signin.step_count += 333) {
        assert_true(durations_of_stage(&durations, &report, STAGE_TCP));
        assert_int_equal(durations.count, signin.step_count);
    }
    signin.step_count = 1000;
    assert_int_equal(durations.median_ns, 500);
    assert_int_equal(durations.p90_ns, 900);
    assert_int_equal(durations.most_ns, 1000);
    for (size_t i = 0; i < 1000; i++)
        steps[i].duration_ns = i < 10 ? -1 : 7;
    assert_true(durations_of_stage(&durations, &report, STAGE_TCP));
    assert_int_equal(durations.count, 990);
    assert_int_equal(durations.median_ns, 7);
    assert_true(durations_of_stage(&durations, &report, STAGE_DNS));
    assert_int_equal(durations.count, 0);
}

static void test_slots(void **state)
{
    struct ui_fixture *fixture = ui_fixture_create("many");
    struct ui_feed feed = ui_fixture_feed(fixture);
    const struct report *report = feed.report(feed.context);
    static struct numbers numbers;
    struct slots slots = { .count = 7 };
    size_t sum = 0;

    (void)state;
    numbers_count(&numbers, report);
    for (enum slot_kind kind = SLOT_SUCCEEDED; kind < SLOT_CAUSE; kind++) {
        slots.kind = kind;
        slots_count(&slots, report, &numbers);
        for (int i = 0; i < slots.count; i++)
            sum += slots.counts[i];
    }
    assert_int_equal(sum, report->signin_count);
    slots.kind = SLOT_CAUSE;
    slots.cause = numbers.causes.items[0].rule;
    slots_count(&slots, report, &numbers);
    sum = 0;
    for (int i = 0; i < slots.count; i++)
        sum += slots.counts[i];
    assert_int_equal(sum, numbers.causes.items[0].tally.all);
    slots.count = 0;
    slots_count(&slots, report, &numbers);
    ui_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups_and_the_rest),
        cmocka_unit_test(test_percentiles),
        cmocka_unit_test(test_slots),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
