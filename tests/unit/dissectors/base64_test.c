/* base64_test.c: strict where it matters, forgiving where clients are not */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "lyncscope/base64.h"

static void test_lengths(void **state)
{
    static const struct {
        const char *text, *bytes;
    } rows[] = { { "", "" },
                 { "Zg==", "f" },
                 { "Zg", "f" },
                 { "Zm8=", "fo" },
                 { "Zm9v", "foo" },
                 { "Zm9vYg", "foob" },
                 { "Zm 9v\r\n", "foo" },
                 { "-_-_", "\xfb\xff\xbf" },
                 { "+/+/", "\xfb\xff\xbf" } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice bytes;

        assert_true(base64_decode(slice_of_text(rows[i].text), *state, &bytes));
        assert_slice(bytes, rows[i].bytes);
    }
}

static void test_refused(void **state)
{
    static const char *const rows[] = { "Z", "Zm9vY", "Zm9*", "Z=m9", "Zm9v\x80", "sip:a@b" };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice bytes = slice_of_text("old");

        assert_false(base64_decode(slice_of_text(rows[i]), *state, &bytes));
        assert_int_equal(bytes.length, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lengths, set_up_arena, tear_down_arena),
        cmocka_unit_test_setup_teardown(test_refused, set_up_arena, tear_down_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
