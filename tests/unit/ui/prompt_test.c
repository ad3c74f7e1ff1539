/* prompt_test.c: a line being typed: UTF-8, marks, history, what is refused */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>

#include "ui/input.h"
#include "ui/prompt.h"

/* Types characters; returns the last event. */
static enum prompt_event type(struct prompt *prompt, const char *text)
{
    struct slice rest = slice_of_text(text);
    enum prompt_event event = PROMPT_NOTHING;
    uint32_t character;

    while (rest.length > 0) {
        rest = slice_after(rest, utf8_decode(rest, &character));
        event = prompt_press(prompt, character);
    }
    return event;
}

static void test_editing(void **state)
{
    struct prompt prompt = { 0 };

    (void)state;
    assert_string_equal(prompt_text(&prompt), "");
    prompt_open(&prompt, "find", "ab");
    assert_int_equal(type(&prompt, "ä会"), PROMPT_CHANGED);
    assert_string_equal(prompt_text(&prompt), "abä会");
    prompt_press(&prompt, INPUT_LEFT);
    prompt_press(&prompt, INPUT_BACKSPACE);
    assert_string_equal(prompt_text(&prompt), "ab会");
    assert_int_equal(prompt_press(&prompt, INPUT_DELETE), PROMPT_CHANGED);
    assert_int_equal(prompt_press(&prompt, INPUT_DELETE), PROMPT_NOTHING);
    prompt_press(&prompt, INPUT_HOME);
    type(&prompt, "x");
    prompt_press(&prompt, INPUT_END);
    type(&prompt, " one two");
    prompt_press(&prompt, INPUT_CONTROL('W'));
    assert_string_equal(prompt_text(&prompt), "xab one ");
    prompt_press(&prompt, INPUT_CONTROL('A'));
    prompt_press(&prompt, INPUT_RIGHT);
    prompt_press(&prompt, INPUT_CONTROL('K'));
    assert_string_equal(prompt_text(&prompt), "x");
    prompt_press(&prompt, INPUT_CONTROL('U'));
    assert_string_equal(prompt_text(&prompt), "");
    assert_true(prompt.is_open);
    assert_int_equal(prompt_press(&prompt, INPUT_BACKSPACE), PROMPT_CANCELLED);
    assert_false(prompt.is_open);
}

/* A combining mark goes with its letter. */
static void test_marks(void **state)
{
    struct prompt prompt = { 0 };

    (void)state;
    prompt_open(&prompt, "find", "ae\xcc\x81");
    prompt_press(&prompt, INPUT_LEFT);
    assert_int_equal(prompt.at, 1);
    prompt_press(&prompt, INPUT_RIGHT);
    assert_int_equal(prompt.at, 4);
    prompt_press(&prompt, INPUT_BACKSPACE);
    assert_string_equal(prompt_text(&prompt), "a");
}

/* Controls, direction marks and what is no character never enter; nor more than there is room. */
static void test_refused(void **state)
{
    static const uint32_t refused[] = {
        0, 7, 0x1f, 0x7f, 0x9b, 0x202e, 0xd800, 0x110000, INPUT_TAB, INPUT_F1, 0xfeff, INPUT_OTHER
    };
    struct prompt prompt = { 0 };

    (void)state;
    prompt_open(&prompt, "find", "ab\xff");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_equal(prompt_press(&prompt, refused[i]), PROMPT_NOTHING);
    assert_string_equal(prompt_text(&prompt), "ab");
    while (type(&prompt, "会") == PROMPT_CHANGED)
        ;
    assert_int_equal(prompt.line.length, 200); /* 2 + 66 * 3 */
    assert_int_equal(type(&prompt, "x"), PROMPT_NOTHING);
}

static void enter(struct prompt *prompt, const char *text)
{
    prompt_open(prompt, "find", NULL);
    type(prompt, text);
    assert_int_equal(prompt_press(prompt, INPUT_ENTER), PROMPT_DONE);
    assert_string_equal(prompt_text(prompt), text);
}

static void test_history(void **state)
{
    struct prompt prompt = { 0 };
    char line[2] = "a";

    (void)state;
    for (; line[0] <= 'z'; line[0]++)
        enter(&prompt, line);
    enter(&prompt, "y"); /* once only, in front */
    enter(&prompt, "");
    prompt_open(&prompt, "find", NULL);
    type(&prompt, "draft");
    prompt_press(&prompt, INPUT_UP);
    assert_string_equal(prompt_text(&prompt), "y");
    prompt_press(&prompt, INPUT_UP);
    assert_string_equal(prompt_text(&prompt), "z");
    for (int i = 0; i < 20; i++)
        prompt_press(&prompt, INPUT_UP);
    assert_string_equal(prompt_text(&prompt), "o"); /* twelve are kept */
    for (int i = 0; i < 20; i++)
        prompt_press(&prompt, INPUT_DOWN);
    assert_string_equal(prompt_text(&prompt), "draft");
    assert_int_equal(prompt_press(&prompt, INPUT_ESCAPE), PROMPT_CANCELLED);
}

static void test_drawing(void **state)
{
    struct canvas canvas = { 0 };
    struct prompt prompt = { 0 };

    (void)state;
    canvas_resize(&canvas, 1, 20);
    prompt_open(&prompt, "find", "abc");
    prompt_press(&prompt, INPUT_LEFT);
    prompt_draw(&prompt, pen_at(&canvas, canvas_area(&canvas), 0));
    assert_int_equal(canvas_cell(&canvas, 0, 5)->character, 'a');
    assert_true(canvas_cell(&canvas, 0, 7)->selected);
    assert_int_equal(canvas_cell(&canvas, 0, 7)->character, 'c');

    /* Longer than the line: the end is in sight, with the cursor. */
    canvas_resize(&canvas, 1, 20);
    prompt_open(&prompt, "find", "0123456789abcdefghijk");
    prompt_draw(&prompt, pen_at(&canvas, canvas_area(&canvas), 0));
    assert_int_equal(canvas_cell(&canvas, 0, 17)->character, 'k');
    assert_true(canvas_cell(&canvas, 0, 18)->selected);
    canvas_release(&canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_editing), cmocka_unit_test(test_marks),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_history),
        cmocka_unit_test(test_drawing),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
