/* scroll_test.c: the selected row */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/scroll.h"

static void test_selection(void **state)
{
    struct scroll scroll = { 0 };

    (void)state;
    scroll_fit(&scroll, 30, 10);
    assert_false(scroll_act(&scroll, ACTION_UP));
    assert_true(scroll_act(&scroll, ACTION_PAGE_DOWN));
    assert_int_equal(scroll.at, 9);
    scroll_act(&scroll, ACTION_DOWN);
    scroll_fit(&scroll, 30, 10);
    assert_int_equal(scroll.top, 1);
    scroll_act(&scroll, ACTION_LAST);
    scroll_act(&scroll, ACTION_DOWN);
    scroll_fit(&scroll, 30, 10);
    assert_int_equal(scroll.at, 29);
    assert_int_equal(scroll.top, 20);
    scroll_fit(&scroll, 30, 25); /* a larger screen is filled */
    assert_int_equal(scroll.top, 5);
    scroll_fit(&scroll, 0, 25);
    assert_int_equal(scroll.at, 0);
    assert_int_equal(scroll.top, 0);
    assert_false(scroll_act(&scroll, ACTION_OPEN));
}

static void test_page(void **state)
{
    struct scroll scroll = { 0 };

    (void)state;
    scroll_fit_page(&scroll, 30, 10);
    scroll_act(&scroll, ACTION_LAST);
    scroll_fit_page(&scroll, 30, 10);
    assert_int_equal(scroll.at, 20);
    scroll_fit_page(&scroll, 5, 10);
    assert_int_equal(scroll.at, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_selection),
        cmocka_unit_test(test_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
