/* canvas_test.c: cells, clipping and cutting */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "ui/screen.h"

struct fixture {
    struct canvas canvas;
    struct text text;
};

static void start(struct fixture *fixture, int columns)
{
    *fixture = (struct fixture){ 0 };
    canvas_resize(&fixture->canvas, 3, columns);
}

static void stop(struct fixture *fixture)
{
    canvas_release(&fixture->canvas);
    text_release(&fixture->text);
}

/* The middle row, a right half as '_'. */
static const char *row_text(struct fixture *fixture)
{
    text_truncate(&fixture->text, 0);
    for (int column = 0; column < fixture->canvas.columns; column++) {
        uint32_t c = canvas_cell(&fixture->canvas, 1, column)->character;

        text_print(&fixture->text, "%c", c == 0 ? '_' : c < 0x80 ? (char)c : 'W');
    }
    return text_string(&fixture->text);
}

static struct pen middle(struct fixture *fixture)
{
    return pen_at(&fixture->canvas, canvas_area(&fixture->canvas), 1);
}

static void test_cutting(void **state)
{
    struct fixture fixture;
    struct pen pen;

    (void)state;
    start(&fixture, 6);
    fixture.canvas.ascii = true;
    pen = middle(&fixture);
    pen_put(&pen, STYLE_OK, "abcdef");
    assert_string_equal(row_text(&fixture), "abcdef");
    pen = middle(&fixture);
    pen_put(&pen, STYLE_OK, "abcdefg");
    assert_string_equal(row_text(&fixture), "abcde~");
    pen_put(&pen, STYLE_OK, "more");
    assert_string_equal(row_text(&fixture), "abcde~");
    stop(&fixture);
}

static void test_wide_characters_are_never_split(void **state)
{
    struct fixture fixture;
    struct pen pen;

    (void)state;
    start(&fixture, 5);
    pen = middle(&fixture);
    pen_put(&pen, STYLE_PLAIN, "\u4f1a\u8b70\u4f1a");
    assert_string_equal(row_text(&fixture), "W_W_W"); /* the last one is the sign that it is cut */
    assert_int_equal(canvas_cell(&fixture.canvas, 1, 4)->character, 0x2026);
    pen = middle(&fixture);
    pen_move(&pen, 1);
    pen_put(&pen, STYLE_PLAIN, "x"); /* over a right half */
    assert_string_equal(row_text(&fixture), " xW_W");
    pen_put(&pen, STYLE_PLAIN, "y"); /* over a left half */
    assert_string_equal(row_text(&fixture), " xy W");
    stop(&fixture);
}

static void test_marks_stay_with_their_character(void **state)
{
    struct fixture fixture;
    struct pen pen;

    (void)state;
    start(&fixture, 4);
    pen = middle(&fixture);
    pen_put(&pen, STYLE_PLAIN, "\u0301e\u0301x");
    assert_string_equal(row_text(&fixture), "ex  ");
    assert_int_equal(canvas_cell(&fixture.canvas, 1, 0)->mark, 0x301);
    assert_int_equal(canvas_cell(&fixture.canvas, 1, 1)->mark, 0);
    stop(&fixture);
}

static void test_strangers_bytes(void **state)
{
    struct fixture fixture;
    struct pen pen;

    (void)state;
    start(&fixture, 20);
    pen = middle(&fixture);
    pen_put_slice(&pen, STYLE_PLAIN, slice_of("\x1b[2J\0\xff", 6));
    assert_string_equal(row_text(&fixture), "\\x1B[2J\\x00\\xFF     ");
    stop(&fixture);
}

static void test_outside(void **state)
{
    struct fixture fixture;
    struct pen pen;

    (void)state;
    start(&fixture, 4);
    pen = pen_at(&fixture.canvas, canvas_area(&fixture.canvas), 3);
    pen_put(&pen, STYLE_PLAIN, "x");
    pen = pen_at(&fixture.canvas, (struct area){ 1, 2, 1, 100 }, 0);
    pen_put_field(&pen, STYLE_PLAIN, "abcdef", 90);
    assert_int_equal(pen_left(&pen), 0);
    pen = pen_at(&fixture.canvas, (struct area){ -1, -1, 9, 9 }, 0);
    pen_put(&pen, STYLE_PLAIN, "x");
    canvas_select(&fixture.canvas, (struct area){ 2, 3, 99, 99 });
    assert_true(canvas_cell(&fixture.canvas, 2, 3)->selected);
    assert_int_equal(canvas_cell(&fixture.canvas, 99, -1)->character, ' ');
    stop(&fixture);
}

static void test_fields(void **state)
{
    struct fixture fixture;
    struct pen pen;

    (void)state;
    start(&fixture, 10);
    fixture.canvas.ascii = true;
    pen = middle(&fixture);
    pen_put_field(&pen, STYLE_PLAIN, "ab", 4);
    pen_put_field(&pen, STYLE_PLAIN, "abcdef", 4);
    pen_fill(&pen, STYLE_PLAIN, SIGN_HORIZONTAL, 99);
    assert_string_equal(row_text(&fixture), "ab  abc~--");
    stop(&fixture);
}

static void test_areas(void **state)
{
    struct area area = area_part((struct area){ 2, 0, 10, 5 }, 3, 4);

    (void)state;
    assert_int_equal(area.row, 5);
    assert_int_equal(area.rows, 4);
    assert_int_equal(area_part(area, 2, 99).rows, 2);
    assert_int_equal(area_part(area, 99, 99).rows, 0);
}

static void test_printing(void **state)
{
    struct screen *screen = screen_memory_create(2, 8, false);
    struct fixture fixture;
    struct pen pen;

    (void)state;
    start(&fixture, 8);
    pen = middle(&fixture);
    pen_put(&pen, STYLE_PLAIN, "\u4f1ae\u0301 \U0001f600");
    screen->ops->show(screen, &fixture.canvas);
    screen_memory_print(screen, &fixture.text);
    assert_string_equal(text_string(&fixture.text), "\n\u4f1ae\u0301 \U0001f600\n\n");
    screen->ops->close(screen);
    stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cutting),
        cmocka_unit_test(test_wide_characters_are_never_split),
        cmocka_unit_test(test_marks_stay_with_their_character),
        cmocka_unit_test(test_strangers_bytes),
        cmocka_unit_test(test_outside),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_areas),
        cmocka_unit_test(test_printing),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
