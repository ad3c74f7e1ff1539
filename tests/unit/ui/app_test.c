/* app_test.c: resizes, growth and eviction under an open screen */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/ui_fixture.h"
#include "ui/app.h"

struct session {
    struct ui_fixture *fixture;
    struct ui_feed feed;
    struct screen *screen;
    struct app *app;
    struct text shown;
};

static void begin(struct session *session, const char *name, int rows, int columns)
{
    static const struct ui_options options = { .color = true, .no_save = true };

    *session = (struct session){ .fixture = ui_fixture_create(name) };
    assert_non_null(session->fixture);
    session->feed = ui_fixture_feed(session->fixture);
    session->screen = screen_memory_create(rows, columns, false);
    session->app = app_create(session->screen, &session->feed, &options);
    assert_non_null(session->app);
    app_draw(session->app);
}

static void end(struct session *session)
{
    app_free(session->app);
    session->screen->ops->close(session->screen);
    ui_fixture_free(session->fixture);
    text_release(&session->shown);
}

static void press(struct session *session, const char *keys)
{
    struct slice rest = slice_of_text(keys);

    while ((rest = slice_trim(rest)).length > 0) {
        size_t length = slice_find_byte(rest, ' ');

        app_press(session->app, input_from_name(slice_part(rest, 0, length)));
        app_draw(session->app);
        rest = slice_after(rest, length);
    }
}

static const char *shown(struct session *session)
{
    text_truncate(&session->shown, 0);
    screen_memory_print(session->screen, &session->shown);
    return text_string(&session->shown);
}

static void resize(struct session *session, int rows, int columns)
{
    screen_memory_resize(session->screen, rows, columns);
    app_draw(session->app);
}

/* Whatever sizes a screen went through: it ends as one that was opened at the last size. */
static void test_resize_equals_fresh(void **state)
{
    static const char *const paths[] = { "",
                                         "Down Enter",
                                         "Down Down Enter Enter",
                                         "?",
                                         "Enter v",
                                         "i",
                                         "Enter",
                                         "Enter Down Enter",
                                         "End Enter",
                                         "/ 1 0 Enter",
                                         "l Right Enter x",
                                         "c Space s",
                                         "o z",
                                         "f =" };
    static const char *const names[] = { "site", "hostile", "many", "empty" };

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
            struct session moved, fresh;

            begin(&moved, names[n], 24, 80);
            press(&moved, paths[p]);
            for (int i = 0; i < 40; i++) {
                int rows = 1 + i * 37 % 80, columns = 1 + i * 101 % 250;

                resize(&moved, rows, columns);
                begin(&fresh, names[n], 24, 80);
                press(&fresh, paths[p]);
                resize(&fresh, rows, columns);
                assert_string_equal(shown(&moved), shown(&fresh));
                end(&fresh);
            }
            end(&moved);
        }
    }
}

static void test_too_small_and_back(void **state)
{
    struct session session;
    char *before;

    (void)state;
    begin(&session, "site", 24, 80);
    press(&session, "Down Enter");
    before = strdup(shown(&session));
    resize(&session, 9, 80);
    assert_non_null(strstr(shown(&session), "needs 40x10, has 80x9"));
    resize(&session, 1, 1);
    resize(&session, 0, 0);
    resize(&session, 24, 80);
    assert_string_equal(shown(&session), before);
    free(before);
    end(&session);
}

static void expect_selected(struct session *session, const char *text)
{
    const struct canvas *canvas = screen_memory_shown(session->screen);
    const char *line = shown(session);

    for (int row = 0; row < canvas->rows; row++) {
        const char *next = strchr(line, '\n') + 1;

        if (canvas_cell(canvas, row, 0)->selected) {
            assert_non_null(strstr(line, text));
            assert_true(strstr(line, text) < next);
            return;
        }
        line = next;
    }
    fail_msg("nothing is selected");
}

/* The selection is a sign-in: rows that come and go around it do not move it. */
static void test_selection_follows_the_signin(void **state)
{
    struct session session;

    (void)state;
    begin(&session, "site", 24, 80);
    press(&session, "Down Down");
    expect_selected(&session, "10.0.0.7");
    ui_fixture_show(session.fixture, 1, 4); /* the oldest was dropped */
    app_work(session.app, 20);
    app_draw(session.app);
    expect_selected(&session, "10.0.0.7");
    press(&session, ">");
    expect_selected(&session, "10.0.0.7");
    ui_fixture_show(session.fixture, 3, 2); /* so was this one */
    app_work(session.app, 20);
    app_draw(session.app);
    expect_selected(&session, "10.0.0.9");
    ui_fixture_show(session.fixture, 0, 0);
    app_work(session.app, 20);
    app_draw(session.app);
    press(&session, "Down Enter Up");
    end(&session);
}

static void test_open_screens_survive_eviction(void **state)
{
    static const char *const paths[] = { "Enter", "Enter v", "Enter Enter" };

    (void)state;
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        struct session session;

        begin(&session, "site", 24, 80);
        press(&session, paths[p]);
        ui_fixture_show(session.fixture, 1, 4);
        app_work(session.app, 20);
        app_draw(session.app);
        assert_non_null(strstr(shown(&session), "no longer kept"));
        press(&session, "Down End e v n p Enter Home");
        press(&session, "q q q");
        end(&session);
    }
}

static void test_leaving(void **state)
{
    struct session session;

    (void)state;
    begin(&session, "site", 24, 80);
    press(&session, "Esc Backspace");
    assert_false(app_is_over(session.app));
    press(&session, "Enter q");
    assert_false(app_is_over(session.app));
    app_work(session.app, 20);
    press(&session, "q");
    assert_true(app_is_over(session.app));
    end(&session);
}

static void test_leaving_live(void **state)
{
    struct session session;

    (void)state;
    begin(&session, "live", 24, 80);
    press(&session, "q x");
    assert_false(app_is_over(session.app));
    press(&session, "q y");
    assert_true(app_is_over(session.app));
    end(&session);
    begin(&session, "live", 24, 80);
    press(&session, "Lost");
    assert_true(app_is_over(session.app));
    end(&session);
}

static void test_notice_until_a_key(void **state)
{
    struct session session;

    (void)state;
    begin(&session, "site", 24, 80);
    strcpy(session.screen->notice, " TERM=x is not known here");
    app_draw(session.app);
    assert_non_null(strstr(shown(&session), "TERM=x"));
    press(&session, "Down");
    assert_null(strstr(shown(&session), "TERM=x"));
    end(&session);
}

/* Nothing that a terminal would act on, in any view of the hostile report. */
static void test_only_harmless_cells(void **state)
{
    static const char *const paths[] = { "", "Enter", "Enter Enter", "Enter v", "Down Enter" };

    (void)state;
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++) {
        struct session session;
        const struct canvas *canvas;

        begin(&session, "hostile", 60, 100);
        press(&session, paths[p]);
        canvas = screen_memory_shown(session.screen);
        for (int i = 0; i < 60 * 100; i++) {
            uint32_t c = canvas->cells[i].character;

            assert_false((c > 0 && c < 0x20) || (c >= 0x7f && c < 0xa0));
            assert_false(c >= 0x202a && c <= 0x202e);
        }
        end(&session);
    }
}

/* Whatever is pressed, at whatever size, while rows come and go: every frame can be drawn. */
static void test_any_keys(void **state)
{
    static const char keys[] = "/nNfF=l\\cozsS<>rjkgG xde?iv-+K'abc10";
    static const uint32_t others[] = { INPUT_UP,     INPUT_DOWN,  INPUT_LEFT,      INPUT_RIGHT,
                                       INPUT_ENTER,  INPUT_END,   INPUT_HOME,      INPUT_PAGE_DOWN,
                                       INPUT_ESCAPE, INPUT_ENTER, INPUT_BACKSPACE, INPUT_DELETE };
    static const char *const names[] = { "mixed", "hostile", "live", "empty" };
    unsigned random = 12345;

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        struct session session;

        begin(&session, names[n], 24, 80);
        for (int i = 0; i < 4000; i++) {
            random = random * 1103515245U + 12345;
            if (random >> 16 & 1)
                app_press(session.app, others[(random >> 17) % (sizeof others / sizeof *others)]);
            else
                app_press(session.app, (uint32_t)keys[(random >> 17) % (sizeof keys - 1)]);
            if (i % 50 == 0)
                ui_fixture_show(session.fixture, n == 0 ? (random >> 20) % 15 : 0, n == 3 ? 0 : 2);
            if (i % 7 == 0)
                resize(&session, 1 + (int)((random >> 18) % 60), 1 + (int)((random >> 20) % 200));
            else
                app_draw(session.app);
        }
        end(&session);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resize_equals_fresh),
        cmocka_unit_test(test_too_small_and_back),
        cmocka_unit_test(test_selection_follows_the_signin),
        cmocka_unit_test(test_open_screens_survive_eviction),
        cmocka_unit_test(test_leaving),
        cmocka_unit_test(test_leaving_live),
        cmocka_unit_test(test_notice_until_a_key),
        cmocka_unit_test(test_only_harmless_cells),
        cmocka_unit_test(test_any_keys),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
