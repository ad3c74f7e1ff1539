/* measure_test.c: columns of text */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>

#include "ui/measure.h"

static void test_columns(void **state)
{
    (void)state;
    assert_int_equal(measure_text(slice_of_text("abc")), 3);
    assert_int_equal(measure_text(slice_of_text("\u4f1a\u8b70")), 4);
    assert_int_equal(measure_text(slice_of_text("e\u0301")), 1);
    assert_int_equal(measure_text(slice_of_text("\xff\xfe")), 2);
    assert_int_equal(measure_character(0x10ffff), 1);
}

static void test_fitting_never_splits(void **state)
{
    struct slice wide = slice_of_text("a\u4f1a\u8b70");

    (void)state;
    assert_int_equal(measure_fit(wide, 0), 0);
    assert_int_equal(measure_fit(wide, 1), 1);
    assert_int_equal(measure_fit(wide, 2), 1);
    assert_int_equal(measure_fit(wide, 3), 4);
    assert_int_equal(measure_fit(wide, 99), 7);
    assert_int_equal(measure_fit(slice_of_text("e\u0301x"), 1), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_fitting_never_splits),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
