/* actions_test.c: every key of the table is one, and no screen binds one twice */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ui/app.h"
#include "ui/view.h"

static const struct view_ops *const views[] = { &view_signins, &view_ladder,  &view_message,
                                                &view_verdict, &view_capture, &view_help,
                                                &view_filter,  &view_columns };

/* Every action that a screen lists can be reached, and none hides leaving or help. */
static void test_every_action_has_a_key(void **state)
{
    (void)state;
    for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
        for (const enum action *a = views[v]->actions; *a != ACTION_NONE; a++) {
            struct text keys = { 0 };

            action_add_keys(&keys, NULL, views[v]->actions, *a);
            assert_true(text_length(&keys) > 0);
            text_release(&keys);
        }
        assert_int_equal(action_for(NULL, views[v]->actions, 'q'), ACTION_NONE);
        assert_int_equal(action_for(NULL, views[v]->actions, '?'), ACTION_NONE);
        if (views[v] == &view_signins) /* nothing is behind it: Esc ends a search, a filter */
            assert_int_equal(action_for(NULL, views[v]->actions, INPUT_ESCAPE), ACTION_BACK);
        else
            assert_int_equal(action_for(NULL, views[v]->actions, INPUT_ESCAPE), ACTION_NONE);
    }
    assert_int_equal(action_for(NULL, app_everywhere(), 'q'), ACTION_LEAVE);
}

static void test_all_keys_are_keys(void **state)
{
    (void)state;
    for (int a = 0; a < ACTION_NONE; a++) {
        enum action alone[] = { (enum action)a, ACTION_NONE };
        struct text keys = { 0 };

        action_add_keys(&keys, NULL, alone, (enum action)a);
        assert_true(text_length(&keys) > 0);
        assert_null(strstr(text_string(&keys), "  "));
        text_release(&keys);
        assert_true(strlen(action_help((enum action)a)) > 0);
        assert_true(strlen(action_name((enum action)a)) > 0);
    }
    assert_int_equal(action_for(NULL, app_everywhere(), INPUT_NONE), ACTION_NONE);
}

/* Two want "End": the first in the list has it, and the help of the other does not claim it. */
static void test_a_key_belongs_to_the_first(void **state)
{
    const enum action both[] = { ACTION_FAILING, ACTION_LAST, ACTION_NONE };
    struct text keys = { 0 };

    (void)state;
    assert_int_equal(action_for(NULL, both, INPUT_END), ACTION_FAILING);
    action_add_keys(&keys, NULL, both, ACTION_LAST);
    assert_string_equal(text_string(&keys), "G");
    text_truncate(&keys, 0);
    action_add_key(&keys, NULL, both, ACTION_FAILING);
    assert_string_equal(text_string(&keys), "e");
    text_release(&keys);
}

static void test_chosen_keys(void **state)
{
    static const enum action both[] = { ACTION_FAILING, ACTION_SORT, ACTION_SAVE, ACTION_NONE };
    struct keymap keymap = { { NULL } };
    struct text out = { 0 };

    (void)state;
    assert_true(keymap_set(&keymap, "sort=e Tab", &out));
    assert_int_equal(action_for(&keymap, both, 'e'), ACTION_SORT); /* before the table's own */
    assert_int_equal(action_for(&keymap, both, INPUT_TAB), ACTION_SORT);
    assert_int_equal(action_for(&keymap, both, '>'), ACTION_NONE);
    assert_int_equal(action_for(&keymap, both, 's'), ACTION_SAVE);
    action_add_keys(&out, &keymap, both, ACTION_SORT);
    action_add_keys(&out, &keymap, both, ACTION_FAILING);
    assert_string_equal(text_string(&out), "e TabEnd");
    assert_true(keymap_set(&keymap, "save=", &out)); /* none */
    assert_int_equal(action_for(&keymap, both, 's'), ACTION_NONE);
    text_truncate(&out, 0);
    assert_false(keymap_set(&keymap, "srot=o", &out));
    assert_non_null(strstr(text_string(&out), "'srot'"));
    assert_false(keymap_set(&keymap, "sort=Ctrl-X", &out));
    assert_non_null(strstr(text_string(&out), "'Ctrl-X'"));
    text_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_action_has_a_key),
        cmocka_unit_test(test_all_keys_are_keys),
        cmocka_unit_test(test_a_key_belongs_to_the_first),
        cmocka_unit_test(test_chosen_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
