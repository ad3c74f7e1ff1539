/* ladder_test.c: where lifelines stand */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/ladder.h"

/* At any width all lines are on the screen, apart from each other, and none is lost silently. */
static void test_any_width(void **state)
{
    (void)state;
    for (int columns = 40; columns <= 300; columns++) {
        for (size_t hosts = 1; hosts <= LIFELINES_MAX; hosts++) {
            struct ladder_plan plan = ladder_plan_for(columns, hosts);
            int last = plan.first + (int)(plan.shown - 1) * plan.gap;

            assert_in_range(plan.shown, 1, hosts);
            assert_int_equal(plan.merged, plan.shown < hosts);
            assert_true(plan.gap >= (columns < 80 ? 11 : 8));
            assert_true(last + 3 < columns);
        }
    }
}

static void test_usual_terminals(void **state)
{
    (void)state;
    assert_false(ladder_plan_for(80, 5).merged);
    assert_true(ladder_plan_for(80, 5).time >= 0);
    assert_false(ladder_plan_for(80, 8).merged);
    assert_true(ladder_plan_for(80, 9).merged);
    assert_false(ladder_plan_for(57, 4).merged);
    assert_true(ladder_plan_for(40, 4).merged);
    assert_int_equal(ladder_plan_for(40, 4).shown, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_width),
        cmocka_unit_test(test_usual_terminals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
