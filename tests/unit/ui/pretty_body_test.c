/* pretty_body_test.c: which way a body is indented */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/pretty.h"

static void expect(const char *type, const char *body, const char *expected)
{
    struct text out = { 0 };

    pretty_body(&out, slice_of_text(type), slice_of_text(body));
    assert_string_equal(text_string(&out), expected);
    text_release(&out);
}

static void test_kinds(void **state)
{
    (void)state;
    expect("text/plain", "\xef\xbb\xbf <a/>", "<a/>\n");
    expect("", "[1]", "[\n  1\n]\n");
    expect("application/x-www-form-urlencoded", "a=1&b=2", "a=1\nb=2\n");
    expect("text/plain", "a=1&b=2", "a=1&b=2");
    expect("", "", "");
}

static void expect_utf16(const char *bytes, size_t length, const char *expected)
{
    struct text out = { 0 };

    assert_int_equal(pretty_from_utf16(&out, slice_of(bytes, length)), expected != NULL);
    if (expected)
        assert_string_equal(text_string(&out), expected);
    text_release(&out);
}

static void test_utf16(void **state)
{
    (void)state;
    expect_utf16("\xff\xfe<\0a\0", 6, "<a");
    expect_utf16("\xfe\xff\0<\0a\0", 7, "<a");
    expect_utf16("<\0a\0", 4, "<a");
    expect_utf16("\0<\0a", 4, "<a");
    expect_utf16("\xff\xfe\x3d\xd8\x00\xde", 6, "\U0001f600");
    expect_utf16("<a", 2, NULL);
    expect_utf16("\xff\xd8x", 3, NULL);
    expect_utf16("", 0, NULL);
    expect_utf16("\0\0", 2, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_utf16),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
