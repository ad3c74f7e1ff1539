/* sheet_test.c: cells, wrapping and numbers for people */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/report/sheet.h"

struct made {
    struct sheet sheet;
    char *text;
    size_t length;
};

static void begin(struct made *made, struct report_options options)
{
    *made = (struct made){ 0 };
    made->sheet = sheet_open(open_memstream(&made->text, &made->length), &options);
}

static void assert_made(struct made *made, const char *wanted)
{
    sheet_close(&made->sheet);
    fclose(made->sheet.out);
    assert_string_equal(made->text, wanted);
    free(made->text);
}

static void cells_have_their_width(void **state)
{
    struct made made;

    (void)state;
    begin(&made, (struct report_options){ 0 });
    sheet_cell(&made.sheet, STYLE_PLAIN, "ab", 4);
    sheet_cell_right(&made.sheet, STYLE_PLAIN, "cd", 4);
    sheet_cell(&made.sheet, STYLE_PLAIN, "\u65e5\u672c", 5); /* two columns each */
    sheet_cell(&made.sheet, STYLE_PLAIN, "abcdef", 4);
    sheet_cell(&made.sheet, STYLE_PLAIN, "\u65e5\u672c\u65e5", 4);
    sheet_cell_right(&made.sheet, STYLE_PLAIN, "abcdef", 3);
    sheet_cell(&made.sheet, STYLE_PLAIN, "gone", 0);
    sheet_print(&made.sheet, STYLE_PLAIN, "|");
    assert_made(&made, "ab    cd\u65e5\u672c abc\u2026\u65e5\u2026 ab\u2026|");
}

static void words_wrap_under_their_indent(void **state)
{
    struct made made;

    (void)state;
    begin(&made, (struct report_options){ .width = 40 });
    sheet_wrap(&made.sheet, STYLE_PLAIN, "one two three four five six seven eight nine ten", 0, 4);
    assert_made(&made, "one two three four five six seven eight\n    nine ten\n");

    begin(&made, (struct report_options){ .width = 40 });
    sheet_print(&made.sheet, STYLE_PLAIN, "label     ");
    sheet_wrap(&made.sheet, STYLE_PLAIN, "  spaced   out  ", 10, 10);
    sheet_wrap(&made.sheet, STYLE_PLAIN, "", 0, 10);
    assert_made(&made, "label     spaced   out\n\n");
}

static void long_words_are_broken_where_a_reader_expects_it(void **state)
{
    struct made made;

    (void)state;
    begin(&made, (struct report_options){ .width = 40 });
    sheet_wrap(&made.sheet, STYLE_PLAIN,
               "GET https://lyncdiscover.contoso.com/Autodiscover/AutodiscoverService.svc/root", 0,
               2);
    assert_made(&made, "GET https://lyncdiscover.contoso.com/\n"
                       "  Autodiscover/AutodiscoverService.svc/\n"
                       "  root\n");

    begin(&made, (struct report_options){ .width = 40 });
    sheet_wrap(&made.sheet, STYLE_PLAIN,
               "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0, 0);
    assert_made(&made, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\naaaaaaaaaaaaaaaaa\n");
}

static void every_line_carries_its_color(void **state)
{
    struct made made;

    (void)state;
    begin(&made, (struct report_options){ .width = 40, .color = true });
    sheet_wrap(&made.sheet, STYLE_GOOD, "one two three four five six seven eight nine ten", 0, 0);
    assert_made(&made, "\033[32mone two three four five six seven eight\033[0m\n"
                       "\033[32mnine ten\033[0m\n");
}

static void what_harms_a_terminal_is_escaped(void **state)
{
    struct made made;

    (void)state;
    begin(&made, (struct report_options){ 0 });
    sheet_print(&made.sheet, STYLE_PLAIN, "a\033[2Jb\xc3(c\r\n\u202e");
    assert_made(&made, "a\\x1B[2Jb\\xC3(c\\x0D\\x0A\\u{202E}");
}

static void a_width_is_never_too_small(void **state)
{
    struct made made;

    (void)state;
    begin(&made, (struct report_options){ .width = 1 });
    assert_int_equal(made.sheet.width, 40);
    sheet_wrap(&made.sheet, STYLE_PLAIN, "text", 39, 30);
    assert_made(&made, "\n                              text\n");
}

static void thousands_are_told_apart(void **state)
{
    static const struct {
        uint64_t count;
        const char *text;
    } cases[] = {
        { 0, "0 packets" },
        { 1, "1 packet" },
        { 999, "999 packets" },
        { 1000, "1,000 packets" },
        { 1204, "1,204 packets" },
        { 1000000, "1,000,000 packets" },
        { 12034005, "12,034,005 packets" },
        { UINT64_MAX, "18,446,744,073,709,551,615 packets" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text text = { 0 };

        text_add_counted(&text, cases[i].count, "packet", "packets");
        assert_string_equal(text_string(&text), cases[i].text);
        text_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_have_their_width),
        cmocka_unit_test(words_wrap_under_their_indent),
        cmocka_unit_test(long_words_are_broken_where_a_reader_expects_it),
        cmocka_unit_test(every_line_carries_its_color),
        cmocka_unit_test(what_harms_a_terminal_is_escaped),
        cmocka_unit_test(a_width_is_never_too_small),
        cmocka_unit_test(thousands_are_told_apart),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
