/* text_test.c: strangers' bytes made harmless, JSON strings, times */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lyncscope/text.h"

static void expect_escaped(const char *bytes, size_t length, const char *wanted)
{
    struct text text = { 0 };

    text_add_escaped(&text, slice_of(bytes, length));
    assert_string_equal(text_string(&text), wanted);
    text_release(&text);
}

static void controls_and_deceptions_are_shown(void **state)
{
    (void)state;
    expect_escaped("plain", 5, "plain");
    expect_escaped("\x1b[2J", 4, "\\x1B[2J");
    expect_escaped("a\0b", 3, "a\\x00b");
    expect_escaped("\xc2\x9b"
                   "31m",
                   5, "\\x9B31m"); /* C1 control sequence introducer */
    expect_escaped("x\xe2\x80\xae"
                   "y",
                   5, "x\\u{202E}y"); /* right-to-left override */
    expect_escaped("\xff\xfe", 2, "\\xFF\\xFE");
    expect_escaped("\xc0\xaf", 2, "\\xC0\\xAF"); /* overlong */
    expect_escaped("gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f");
}

static void json_strings_are_valid(void **state)
{
    struct text text = { 0 };

    (void)state;
    text_add_json(&text, slice_of("a\"\\\n\x01\xff", 6));
    assert_string_equal(text_string(&text), "\"a\\\"\\\\\\n\\u0001\xef\xbf\xbd\"");
    text_release(&text);
}

static void times_are_rfc_3339(void **state)
{
    char out[TIME_TEXT_SIZE];

    (void)state;
    time_format_utc(1795215731000000001, out);
    assert_string_equal(out, "2026-11-20T23:02:11.000000001Z");
    time_format_utc(-1, out);
    assert_string_equal(out, "1969-12-31T23:59:59.999999999Z");
    time_format_clock(1795215731002345678, out);
    assert_string_equal(out, "23:02:11.002");
}

/* Characters that need care, at every place of strings long and short. */
static void json_strings_are_escaped_wherever_it_is(void **state)
{
    static const struct {
        const char *raw, *quoted;
    } cases[] = {
        { "\"", "\\\"" },       { "\\", "\\\\" },      { "\n", "\\n" },      { "\x01", "\\u0001" },
        { "\x1f", "\\u001f" },  { "\x7f", "\\u007f" }, { " ", " " },         { "~", "~" },
        { "#", "#" },           { "!", "!" },          { "[", "[" },         { "]", "]" },
        { "\u00e4", "\u00e4" }, { "\xff", "\ufffd" },  { "\x80", "\ufffd" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t before = 0; before < 20; before++)
            for (size_t after = 0; after < 20; after++) {
                char raw[64], expected[64];
                struct text text = { 0 };

                snprintf(raw, sizeof raw, "%.*s%s%.*s", (int)before, "abcdefghijklmnopqrstuv",
                         cases[i].raw, (int)after, "abcdefghijklmnopqrstuv");
                snprintf(expected, sizeof expected, "\"%.*s%s%.*s\"", (int)before,
                         "abcdefghijklmnopqrstuv", cases[i].quoted, (int)after,
                         "abcdefghijklmnopqrstuv");
                text_add_json(&text, slice_of_text(raw));
                assert_string_equal(text_string(&text), expected);
                text_release(&text);
            }
}

static void numbers_are_decimal(void **state)
{
    struct text text = { 0 };

    (void)state;
    text_add_number(&text, 0);
    text_add(&text, " ");
    text_add_number(&text, 1000000);
    text_add(&text, " ");
    text_add_number(&text, UINT64_MAX);
    assert_string_equal(text_string(&text), "0 1000000 18446744073709551615");
    text_release(&text);
}

static void long_prints_are_whole(void **state)
{
    struct text text = { 0 };

    (void)state;
    text_print(&text, "%02000d", 7);
    assert_int_equal(text_length(&text), 2000);
    text_truncate(&text, 3);
    assert_string_equal(text_string(&text), "000");
    text_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controls_and_deceptions_are_shown),
        cmocka_unit_test(json_strings_are_valid),
        cmocka_unit_test(times_are_rfc_3339),
        cmocka_unit_test(json_strings_are_escaped_wherever_it_is),
        cmocka_unit_test(numbers_are_decimal),
        cmocka_unit_test(long_prints_are_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
