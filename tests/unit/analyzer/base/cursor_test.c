/* cursor_test.c: the one bounds check of the program */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lyncscope/cursor.h"

static void numbers_in_both_orders(void **state)
{
    static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 };
    struct reading reading;
    struct cursor in = cursor_over_message(slice_of(bytes, sizeof bytes), &reading);

    (void)state;
    assert_int_equal(cursor_u8(&in), 1);
    assert_int_equal(cursor_u16(&in), 0x0203);
    assert_int_equal(cursor_u24(&in), 0x040506);
    assert_int_equal(cursor_u16_le(&in), 0x0807);
    assert_int_equal(cursor_u32_le(&in), 0x0c0b0a09);
    assert_true(cursor_has_more(&in));
    assert_int_equal(cursor_rest(&in).length, 1);
    assert_int_equal(reading.state, READ_OK);
}

static void a_read_too_far_settles_all(void **state)
{
    static const uint8_t bytes[] = { 9, 9, 9 };
    struct reading reading;
    struct cursor in = cursor_over_stream(slice_of(bytes, sizeof bytes), &reading);

    (void)state;
    assert_int_equal(cursor_u32(&in), 0);
    assert_int_equal(reading.state, READ_SHORT);
    assert_int_equal(reading.missing, 1);
    assert_int_equal(cursor_u8(&in), 0); /* settled, though a byte is there */
    assert_false(cursor_has_more(&in));
}

static void a_part_that_runs_out_is_malformed(void **state)
{
    static const uint8_t bytes[] = { 1, 2, 3, 4 };
    struct reading reading;
    struct cursor in = cursor_over_stream(slice_of(bytes, sizeof bytes), &reading);
    struct cursor part = cursor_part(&in, 2);

    (void)state;
    assert_int_equal(cursor_u32(&part), 0);
    assert_int_equal(reading.state, READ_MALFORMED);
    assert_int_equal(cursor_u8(&in), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(numbers_in_both_orders),
                                        cmocka_unit_test(a_read_too_far_settles_all),
                                        cmocka_unit_test(a_part_that_runs_out_is_malformed) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
