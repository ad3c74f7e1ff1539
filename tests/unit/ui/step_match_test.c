/* step_match_test.c: the same steps of two sign-ins, whatever came of them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/ui_fixture.h"
#include "ui/step_match.h"

/* "1=1 2- -3": numbers of the steps in each row; "1#1" where they differ. */
static void assert_rows(unsigned left, unsigned right, const char *expected)
{
    struct ui_fixture *fixture = ui_fixture_create("site");
    struct ui_feed feed = ui_fixture_feed(fixture);
    const struct report *report = feed.report(feed.context);
    struct step_match match = { 0 };
    struct text text = { 0 };

    assert_true(step_match_make(&match, report->signins[left - 1], report->signins[right - 1]));
    for (size_t i = 0; i < match.rows.count; i++) {
        const struct step *a = step_match_left(&match, i), *b = step_match_right(&match, i);

        text_add(&text, i ? " " : "");
        if (a)
            text_print(&text, "%u", a->number);
        text_add(&text, !a || !b ? "-" : step_match_differs(&match, i) ? "#" : "=");
        if (b)
            text_print(&text, "%u", b->number);
        assert_true(step_match_differs(&match, i) || (a && b));
    }
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
    step_match_release(&match);
    ui_fixture_free(fixture);
}

static void test_rows(void **state)
{
    (void)state;
    assert_rows(1, 1, "1=1 2=2 3=3 4=4 5=5 6=6 7=7");
    /* The refused ticket has no partner in the sign-in that needed none. */
    assert_rows(1, 3, "1- 2=1 3- 4=2 5=3 6- 7- -4");
    /* The same question, without an answer. */
    assert_rows(1, 2, "1=1 2#2 3- 4- 5- 6- 7-");
    /* Connections are the same step: one was never answered. */
    assert_rows(1, 5, "1- 2=1 3#2 4- 5- 6- 7-");
    assert_rows(4, 5, "1=1 2- -2");
}

static void test_differences(void **state)
{
    struct step left = {
        .number = 1, .duration_ns = 30000000, .to = { .name = "a.contoso.com" }, .summary = "x"
    };
    struct step right = left;
    struct text text = { 0 };

    (void)state;
    step_match_add_differences(&text, &left, &right, true);
    assert_string_equal(text_string(&text), "");
    right.to.name = "b\x1b.contoso.com";
    right.duration_ns = 4000000000;
    right.status = STEP_FAILED;
    step_match_add_differences(&text, &left, &right, true);
    assert_string_equal(text_string(&text), "judged ok / failed; host a.contoso.com / "
                                            "b\\x1B.contoso.com; took 30 ms / 4.0 s");
    text_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_differences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
