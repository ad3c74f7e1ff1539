/* secret_find_test.c: spans of what is shown and what is masked */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/secret_find.h"

static void test_spans(void **state)
{
    static const struct {
        const char *text;
        size_t at, shown, masked;
        bool is_form, is_url;
    } rows[] = {
        { "<Password>x</Password>", 0, 10, 1, false, false },
        { "<Password>x</Password>", 0, 0, 0, false, true },
        { "<Password>x</Password>", 11, 0, 0, false, false },
        { "a=1&pwd=a b&c=2", 4, 4, 3, true, false },
        { "a=1&pwd=a b&c=2", 4, 4, 1, false, false },
        { "a=1&pwd=a b&c=2", 5, 0, 0, true, false },
        { "\"pwd\":\"x\"", 0, 7, 1, false, false },
        { "Cookie: a\r\nx", 0, 7, 2, false, false },
        { " Cookie: a", 1, 0, 0, false, false },
        { "Bearer short", 0, 0, 0, false, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t length = strlen(rows[i].text);
        uint8_t *block = exact_block(rows[i].text, length);
        struct secret_text text = { slice_of(block, length), rows[i].is_form, rows[i].is_url };
        struct secret_span span = { 0 };

        if (!secret_find(&text, rows[i].at, &span))
            span = (struct secret_span){ 0 };
        assert_int_equal(span.shown, rows[i].shown);
        assert_int_equal(span.masked, rows[i].masked);
        free(block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_spans) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
