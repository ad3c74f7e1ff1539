/* form_test.c: pairs, escapes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/form.h"

static void test_values(void **state)
{
    struct slice form = slice_of_text("&a=1&&B=x+y%2Bz&empty&c=%4&d=%zz&a=2");

    assert_slice(form_value(form, "a", true, *state), "1");
    assert_slice(form_value(form, "b", true, *state), "x y+z");
    assert_slice(form_value(form, "b", false, *state), "x+y+z");
    assert_slice(form_value(form, "c", true, *state), "%4");
    assert_slice(form_value(form, "d", true, *state), "%zz");
    assert_true(form_has(form, "EMPTY"));
    assert_int_equal(form_value(form, "empty", true, *state).length, 0);
    assert_false(form_has(form, "1"));
    assert_false(form_has(SLICE_EMPTY, "a"));
    assert_false(form_has(slice_of_text("&&&"), "a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_values, set_up_arena, tear_down_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
