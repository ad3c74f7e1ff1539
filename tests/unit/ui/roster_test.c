/* roster_test.c: which sign-ins, in which order */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/columns.h"
#include "ui/roster.h"

static const struct signin one = { .id = 1, .user = "sip:b@x", .outcome = OUTCOME_SUCCEEDED };
static const struct signin two = { .id = 2, .user = "sip:a@x", .outcome = OUTCOME_FAILED };
static const struct signin three = { .id = 3, .user = "sip:a@x", .outcome = OUTCOME_INCOMPLETE };
static const struct signin *const all[] = { &one, &two, &three };
static const struct report report = { .signins = all, .signin_count = 3 };

static void expect(struct roster_wish wish, unsigned a, unsigned b, unsigned c)
{
    struct roster roster = { 0 };

    roster_build(&roster, &report, &wish);
    assert_int_equal(roster.count, 3);
    assert_int_equal(roster.rows[0]->id, a);
    assert_int_equal(roster.rows[1]->id, b);
    assert_int_equal(roster.rows[2]->id, c);
    roster_release(&roster);
}

static void test_order(void **state)
{
    (void)state;
    expect((struct roster_wish){ 0 }, 1, 2, 3);
    expect((struct roster_wish){ .reversed = true }, 3, 2, 1);
    expect((struct roster_wish){ .compare = column_compare(COLUMN_USER) }, 2, 3, 1);
    expect((struct roster_wish){ .compare = column_compare(COLUMN_RESULT) }, 2, 3, 1);
    expect((struct roster_wish){ column_compare(COLUMN_USER), true, false }, 1, 3, 2);
}

static void test_filter(void **state)
{
    struct roster_wish wish = { .filter = &failed };
    struct roster roster = { 0 };

    (void)state;
    roster_build(&roster, &report, &wish);
    assert_int_equal(roster.count, 1);
    assert_int_equal(roster.hidden, 2);
    assert_int_equal(roster_find(&roster, 2), 0);
    assert_int_equal(roster_find(&roster, 3), 1);
    roster_release(&roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_filter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
