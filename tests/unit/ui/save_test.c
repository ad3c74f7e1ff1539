/* save_test.c: files are written whole, under free names, and never over others unasked */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/ui_fixture.h"
#include "ui/app.h"

struct session {
    char folder[32];
    struct ui_fixture *fixture;
    struct ui_feed feed;
    struct ui_options options;
    struct screen *screen;
    struct app *app;
};

static int open_session(void **state)
{
    static struct session session;

    strcpy(session.folder, "/tmp/lyncscope-save-XXXXXX");
    assert_non_null(mkdtemp(session.folder));
    assert_int_equal(chdir(session.folder), 0);
    session.fixture = ui_fixture_create("site");
    session.feed = ui_fixture_feed(session.fixture);
    session.screen = screen_memory_create(24, 80, false);
    session.app = app_create(session.screen, &session.feed, &session.options);
    app_work(session.app, 20);
    app_draw(session.app);
    *state = &session;
    return 0;
}

static int close_session(void **state)
{
    struct session *session = *state;
    char command[64];

    app_free(session->app);
    session->screen->ops->close(session->screen);
    ui_fixture_free(session->fixture);
    snprintf(command, sizeof command, "rm -r %s", session->folder);
    assert_int_equal(chdir("/") + system(command), 0);
    return 0;
}

/* Names of keys, and 'words' that are typed. */
static void press(struct session *session, const char *keys)
{
    struct slice rest = slice_of_text(keys);

    while ((rest = slice_trim(rest)).length > 0) {
        size_t end = slice_find_byte(rest, ' ');
        struct slice key = slice_part(rest, 0, end);

        rest = slice_after(rest, end);
        if (key.data[0] != '\'') {
            app_press(session->app, input_from_name(key));
        } else {
            for (size_t i = 1; i < key.length; i++)
                app_press(session->app, key.data[i]);
        }
        while (app_is_working(session->app))
            app_work(session->app, 20);
        app_draw(session->app);
    }
}

static void assert_shown(struct session *session, const char *words)
{
    struct text shown = { 0 };

    screen_memory_print(session->screen, &shown);
    if (!strstr(text_string(&shown), words))
        fail_msg("not there: %s\n%s", words, text_string(&shown));
    text_release(&shown);
}

static char content[65536];

static const char *read_file(const char *name)
{
    FILE *file = fopen(name, "r");

    assert_non_null(file);
    content[fread(content, 1, sizeof content - 1, file)] = 0;
    fclose(file);
    return content;
}

static void test_a_ladder_for_a_ticket(void **state)
{
    struct session *session = *state;

    press(session, "Down Down s Down Enter Enter");
    assert_shown(session, "signin-3-ladder.txt: written, ");
    assert_non_null(strstr(read_file("signin-3-ladder.txt"), "Sign-in 3 \u2718 wrong password"));
    assert_non_null(strstr(content, "The password of carol was refused"));
    assert_non_null(strstr(content, "POST ticket"));
    assert_null(strstr(content, "\n\n\n"));
    assert_null(strstr(content, "hunter2"));
}

static void test_each_form_of_a_sign_in_and_of_the_list(void **state)
{
    struct session *session = *state;

    press(session, "Down Down s Down Down Enter Enter");
    assert_non_null(strstr(read_file("signin-3.txt"), "wrong password"));
    assert_null(strstr(content, "alice")); /* only that one */
    press(session, "Down Enter Enter");
    assert_non_null(strstr(read_file("signin-3.json"), "\"auth-wrong-password\""));
    press(session, "Down Enter Enter");
    assert_non_null(strstr(read_file("signin-3.html"), "</html>"));
    press(session, "q f s End Up Up Enter Enter");
    assert_non_null(strstr(read_file("signins.json"), "erin"));
    assert_null(strstr(content, "alice")); /* the filter counts */
    press(session, "Home Enter Enter");
    assert_non_null(strstr(read_file("lyncscope-screen.txt"), "3 failed"));
}

static void test_all_of_a_message(void **state)
{
    struct session *session = *state;

    press(session, "Down Down Enter Enter s Down Down Enter Enter");
    assert_non_null(strstr(read_file("signin-3-step-4.txt"), "CONTOSO"));
    assert_null(strstr(content, "hunter2"));
}

static void test_nothing_is_overwritten_unasked(void **state)
{
    struct session *session = *state;
    FILE *file = fopen("signin-1-ladder.txt", "w");

    fputs("mine", file);
    fclose(file);
    press(session, "s Down Enter");
    assert_shown(session, "signin-1-ladder-2.txt"); /* proposed: a free name */
    press(session, "^U 'signin-1-ladder.txt Enter");
    assert_shown(session, "is there already. Overwrite it?");
    press(session, "n");
    assert_shown(session, "left as it is");
    assert_string_equal(read_file("signin-1-ladder.txt"), "mine");
    press(session, "Enter ^U 'signin-1-ladder.txt Enter y");
    assert_shown(session, "written");
    assert_non_null(strstr(read_file("signin-1-ladder.txt"), "alice"));
}

static void test_what_cannot_be_written_is_said(void **state)
{
    struct session *session = *state;

    press(session, "s Enter ^U '/nosuch/file Enter");
    assert_shown(session, "/nosuch/file: No such file");
    press(session, "Enter ^U '/dev/full Enter y");
    assert_shown(session, "/dev/full: No space left");
    press(session, "Enter ^U Enter"); /* no name, no file */
    press(session, "Home Down Down Down Down Down Enter Enter");
    assert_shown(session, "No packets: ");
    assert_int_equal(access("signin-1.pcapng", F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_ladder_for_a_ticket, open_session, close_session),
        cmocka_unit_test_setup_teardown(test_each_form_of_a_sign_in_and_of_the_list, open_session,
                                        close_session),
        cmocka_unit_test_setup_teardown(test_all_of_a_message, open_session, close_session),
        cmocka_unit_test_setup_teardown(test_nothing_is_overwritten_unasked, open_session,
                                        close_session),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_written_is_said, open_session,
                                        close_session),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
