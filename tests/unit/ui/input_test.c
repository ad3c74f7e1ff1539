/* input_test.c: names of keys */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/input.h"

static void test_names(void **state)
{
    (void)state;
    assert_int_equal(input_from_name(slice_of_text("Up")), INPUT_UP);
    assert_int_equal(input_from_name(slice_of_text("Space")), ' ');
    assert_int_equal(input_from_name(slice_of_text("^L")), 12);
    assert_int_equal(input_from_name(slice_of_text("^")), '^');
    assert_int_equal(input_from_name(slice_of_text("x")), 'x');
    assert_int_equal(input_from_name(slice_of_text("\u00e4")), 0xe4);
}

static void test_clicks(void **state)
{
    uint32_t input = input_from_name(slice_of_text("Click249:79"));

    (void)state;
    assert_int_equal(input_click_row(input), 249);
    assert_int_equal(input_click_column(input), 79);
    assert_int_equal(input_from_name(slice_of_text("Click5")), INPUT_NONE);
    assert_int_equal(input_from_name(slice_of_text("Click5:4096")), INPUT_NONE);
    assert_int_equal(input_click(-1, 0), INPUT_OTHER);
    assert_int_equal(input_click(0, 100000), INPUT_OTHER);
}

static void test_no_names(void **state)
{
    (void)state;
    assert_int_equal(input_from_name(slice_of_text("")), INPUT_NONE);
    assert_int_equal(input_from_name(slice_of_text("up")), INPUT_NONE);
    assert_int_equal(input_from_name(slice_of_text("xy")), INPUT_NONE);
    assert_int_equal(input_from_name(slice_of_text("\xff")), INPUT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_clicks),
        cmocka_unit_test(test_no_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
