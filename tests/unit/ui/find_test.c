/* find_test.c: a search inside a page */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/find.h"
#include "ui/input.h"

static void fill(struct page *page)
{
    static const char *const lines[] = { "Host: a", "NTLM one", "", "two ntlm NTLM", "end" };

    page_clear(page);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        page_add(page, STYLE_PLAIN, lines[i]);
}

static bool type(struct find *find, const struct page *page, const char *keys)
{
    bool moved = false;

    for (; *keys; keys++)
        assert_true(find_type(find, page, (uint32_t)*keys, &moved));
    return moved;
}

static void assert_state(const struct find *find, const struct page *page, const char *expected)
{
    struct text text = { 0 };

    find_add_state(&text, find, page);
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
}

static void test_steps(void **state)
{
    struct find find = { 0 };
    struct page page = { 0 };
    bool moved;

    (void)state;
    fill(&page);
    assert_false(find_type(&find, &page, 'x', &moved));
    assert_false(find_step(&find, &page, 0, true)); /* nothing is looked for */
    find_open(&find, 1);
    assert_true(type(&find, &page, "ntlm"));
    assert_int_equal(find.line, 1);
    assert_state(&find, &page, "\"ntlm\" 1 of 2");
    assert_true(find_type(&find, &page, INPUT_ENTER, &moved));
    assert_true(find_step(&find, &page, find.line, true));
    assert_int_equal(find.line, 3);
    assert_true(find_step(&find, &page, find.line, true)); /* round the end */
    assert_int_equal(find.line, 1);
    assert_true(find_step(&find, &page, find.line, false));
    assert_int_equal(find.line, 3);
    find_mark(&find, &page);
    assert_int_equal(page.lines[3].mark.from, 4);
    assert_int_equal(page.lines[3].mark.length, 4);
    assert_int_equal(page.lines[0].mark.length, 0);
    page_release(&page);
}

static void test_nothing(void **state)
{
    struct find find = { 0 };
    struct page page = { 0 };

    (void)state;
    find_open(&find, 7); /* an empty page */
    assert_false(type(&find, &page, "x"));
    assert_state(&find, &page, "\"x\" not found");
    fill(&page);
    assert_false(find_step(&find, &page, 0, true));
    find_mark(&find, &page);
    assert_false(find.found);
    page_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
