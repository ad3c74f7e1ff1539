/* page_test.c: lines that wrap */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>

#include "ui/page.h"
#include "ui/screen.h"

static void expect(struct page *page, int columns, const char *expected)
{
    struct screen *screen = screen_memory_create(1, 1, false);
    struct canvas canvas = { 0 };
    struct text text = { 0 };

    canvas_resize(&canvas, page_height(page, columns), columns);
    page_draw(page, &canvas, canvas_area(&canvas), 0);
    screen->ops->show(screen, &canvas);
    screen_memory_print(screen, &text);
    assert_string_equal(text_string(&text), expected);
    screen->ops->close(screen);
    canvas_release(&canvas);
    text_release(&text);
    page_release(page);
}

static void test_wraps_at_blanks(void **state)
{
    struct page page = { 0 };

    (void)state;
    page_add(&page, STYLE_PLAIN, "one two three four");
    expect(&page, 10, "one two\nthree four\n");
}

static void test_breaks_long_words(void **state)
{
    struct page page = { 0 };

    (void)state;
    page_add(&page, STYLE_PLAIN, "abcdefghijklmnopqrstuvwxyz");
    expect(&page, 10, "abcdefghij\nklmnopqrst\nuvwxyz\n");
}

static void test_values_hang_under_themselves(void **state)
{
    struct page page = { 0 };

    (void)state;
    page_add_labelled(&page, STYLE_PLAIN, "fix", slice_of_text("open the port now"));
    page_add(&page, STYLE_PLAIN, "");
    page_add(&page, STYLE_PLAIN, "end");
    expect(&page, 22, "fix         open the\n            port now\n\nend\n");
}

static void test_lines_are_escaped(void **state)
{
    struct page page = { 0 };

    (void)state;
    page_add_lines(&page, STYLE_PLAIN, slice_of_text("a\r\n\x1b[m\n\nb"), "  ");
    expect(&page, 40, "  a\n  \\x1B[m\n\n  b\n");
}

static void test_wide_characters_wrap_whole(void **state)
{
    struct page page = { 0 };

    (void)state;
    page_add(&page, STYLE_PLAIN, "\u4f1a\u8b70\u4f1a\u8b70\u4f1a\u8b70");
    expect(&page, 9, "\u4f1a\u8b70\u4f1a\u8b70\n\u4f1a\u8b70\n");
}

static void test_any_width_ends(void **state)
{
    struct page page = { 0 };

    (void)state;
    page_add_labelled(&page, STYLE_PLAIN, "label", slice_of_text("\u4f1a\u8b70 a b \u4f1a"));
    for (int columns = -3; columns < 40; columns++)
        assert_in_range(page_height(&page, columns), 1, 40);
    page_release(&page);
}

static void test_too_many_lines(void **state)
{
    struct page page = { 0 };

    (void)state;
    for (int i = 0; i < 300000; i++)
        page_add(&page, STYLE_PLAIN, "");
    assert_true(page.full);
    assert_true(page.count < 300000);
    page_clear(&page);
    assert_false(page.full);
    page_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wraps_at_blanks),
        cmocka_unit_test(test_breaks_long_words),
        cmocka_unit_test(test_values_hang_under_themselves),
        cmocka_unit_test(test_lines_are_escaped),
        cmocka_unit_test(test_wide_characters_wrap_whole),
        cmocka_unit_test(test_any_width_ends),
        cmocka_unit_test(test_too_many_lines),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
