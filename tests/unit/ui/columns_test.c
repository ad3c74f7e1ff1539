/* columns_test.c: which columns have room */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/ui_fixture.h"
#include "ui/columns.h"

static const struct column_choice usual = {
    .shown = { COLUMN_TIME, COLUMN_CLIENT, COLUMN_USER, COLUMN_DEVICE, COLUMN_STEPS,
               COLUMN_DURATION, COLUMN_RESULT },
    .count = 7,
};

/* The result is always there, nothing is wider than the screen, and what is hidden is counted. */
static void test_any_width(void **state)
{
    static const char *const names[] = { "site", "many", "hostile", "empty" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct ui_fixture *fixture = ui_fixture_create(names[i]);
        struct ui_feed feed = ui_fixture_feed(fixture);

        for (int columns = 40; columns <= 300; columns++) {
            struct column_layout layout =
                columns_layout(feed.report(feed.context), &usual, columns);
            int used = -1, hidden = 0;

            for (int column = 0; column < COLUMN_COUNT; column++) {
                used += layout.columns[column] > 0 ? layout.columns[column] + 1 : 0;
                hidden +=
                    layout.columns[column] == 0 && column_choice_has(&usual, (enum column)column);
            }
            assert_int_equal(used, columns);
            assert_int_equal(hidden, layout.hidden);
            assert_true(layout.columns[COLUMN_RESULT] >= 18);
            assert_true(layout.columns[COLUMN_STEPS] >= 8);
        }
        ui_fixture_free(fixture);
    }
}

static void test_more_room_shows_more(void **state)
{
    struct ui_fixture *fixture = ui_fixture_create("site");
    struct ui_feed feed = ui_fixture_feed(fixture);
    const struct report *report = feed.report(feed.context);

    (void)state;
    assert_int_equal(columns_layout(report, &usual, 40).hidden, 4);
    assert_int_equal(columns_layout(report, &usual, 80).hidden, 1);
    assert_int_equal(columns_layout(report, &usual, 160).hidden, 0);
    ui_fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_width),
        cmocka_unit_test(test_more_room_shows_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
