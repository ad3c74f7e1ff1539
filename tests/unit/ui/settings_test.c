/* settings_test.c: what is kept from one time to the next, and what a bad file does */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/settings.h"

static void parse(struct ui_settings *settings, const char *text)
{
    settings_reset(settings);
    settings_parse(settings, slice_of_text(text));
}

static void expect_print(const struct ui_settings *settings, const char *expected)
{
    struct text out = { 0 };

    settings_print(settings, &out);
    assert_string_equal(text_string(&out), expected);
    text_release(&out);
}

static void test_there_and_back(void **state)
{
    struct ui_settings settings;

    (void)state;
    parse(&settings, "columns = result user cause\n sort=front-end\nreverse = yes\r\ngroup=cause");
    assert_int_equal(settings.columns.count, 3);
    assert_int_equal(settings.columns.shown[0], COLUMN_RESULT);
    assert_int_equal(settings.sorted, COLUMN_FRONT_END);
    assert_true(settings.reversed);
    assert_int_equal(settings.group, TRAIT_CAUSE);
    expect_print(&settings, "columns = result user cause\nsort = front-end\nreverse = yes\n"
                            "group = cause\n");
    settings_release(&settings);
}

/* What is not understood stays as it was; lines of another version stay in the file. */
static void test_bad_lines(void **state)
{
    struct ui_settings settings;

    (void)state;
    parse(&settings, "# mine\ncolumns = \x1b[31m nothing\nsort = no\ngroup = \n=\n\nkey.x = y\n"
                     "columns\nreverse = maybe");
    expect_print(&settings, "# mine\n=\n\nkey.x = y\ncolumns = time client user device steps took "
                            "result\nsort = time\nreverse = no\ngroup = none\n");
    settings_release(&settings);
    parse(&settings, "columns = time time bogus time"); /* the result cannot be left out */
    assert_int_equal(settings.columns.count, 2);
    assert_true(column_choice_has(&settings.columns, COLUMN_RESULT));
    settings_release(&settings);
}

static void test_sort_by(void **state)
{
    struct ui_settings settings;

    (void)state;
    settings_reset(&settings);
    settings_sort_by(&settings, COLUMN_USER);
    assert_false(settings.reversed);
    settings_sort_by(&settings, COLUMN_USER);
    assert_true(settings.reversed);
    settings_sort_by(&settings, COLUMN_TIME);
    assert_false(settings.reversed);
}

static bool exists(const char *folder)
{
    char path[200];

    snprintf(path, sizeof path, "%s/lyncscope/dashboard", folder);
    return access(path, F_OK) == 0;
}

static void test_file(void **state)
{
    char folder[] = "/tmp/settings_test.XXXXXX", path[200];
    struct ui_settings settings;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("XDG_CONFIG_HOME", folder, 1), 0);
    settings_reset(&settings);
    settings_load(&settings);
    settings_save(&settings);
    assert_false(exists(folder)); /* nothing was changed */
    settings.group = TRAIT_CLIENT;
    settings_save(&settings);
    assert_true(exists(folder));
    settings_release(&settings);

    settings_reset(&settings);
    settings_load(&settings);
    assert_int_equal(settings.group, TRAIT_CLIENT);
    settings_release(&settings);

    assert_int_equal(setenv("XDG_CONFIG_HOME", "/dev/null", 1), 0); /* cannot be written */
    settings_reset(&settings);
    settings_load(&settings);
    settings.reversed = true;
    settings_save(&settings);
    settings_release(&settings);
    snprintf(path, sizeof path, "%s/lyncscope/dashboard", folder);
    assert_int_equal(unlink(path), 0);
    *strrchr(path, '/') = 0;
    assert_int_equal(rmdir(path), 0); /* no other file was left there */
    assert_int_equal(rmdir(folder), 0);
}

static void test_choice(void **state)
{
    struct column_choice choice = columns_usual();

    (void)state;
    column_choice_remove(&choice, COLUMN_RESULT);
    assert_int_equal(choice.count, 7);
    column_choice_remove(&choice, COLUMN_TIME);
    assert_int_equal(choice.shown[0], COLUMN_CLIENT);
    column_choice_move(&choice, COLUMN_RESULT, -100);
    assert_int_equal(choice.shown[0], COLUMN_RESULT);
    column_choice_move(&choice, COLUMN_RESULT, 1);
    assert_int_equal(choice.shown[1], COLUMN_RESULT);
    column_choice_move(&choice, COLUMN_TIME, 1); /* not shown */
    column_choice_add(&choice, COLUMN_COUNT);
    for (int column = 0; column < COLUMN_COUNT; column++)
        column_choice_add(&choice, (enum column)column);
    assert_int_equal(choice.count, COLUMN_COUNT);
    column_choice_move(&choice, COLUMN_CLIENT, 100);
    assert_int_equal(choice.shown[COLUMN_COUNT - 1], COLUMN_CLIENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_sort_by),        cmocka_unit_test(test_file),
        cmocka_unit_test(test_choice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
