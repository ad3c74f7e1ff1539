/* screens_test.c: scripts of keys, and the whole screens that must come of them
 *
 * tests/screens/NAME.screen:
 *   # a comment
 *   fixture NAME          which report; also `ascii`, `secrets`
 *   >>> 80x24 Down Enter  a size and keys; what follows is the screen after them
 *                         ('abc stands for the keys a b c, `work` for new facts)
 *   |text                 its lines, without trailing blanks
 *   ! failed 5:10-24      where a mark of that meaning stands (row:columns, from 0)
 * Run with SCREENS_UPDATE=1 they are written anew, for a person to review.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/ui_fixture.h"
#include "ui/app.h"

struct script {
    struct text expected; /* the file as it is */
    struct text actual;   /* as it should be written */
    struct ui_fixture *fixture;
    struct ui_feed feed;
    struct ui_options options;
    bool ascii;
    struct screen *screen;
    struct app *app;
};

/* ---- the state of a screen as text ---- */

static bool is_marked(const struct cell *cell, enum style style)
{
    return cell->style == style && cell->character != ' ';
}

static void add_marks(struct text *out, const struct canvas *shown, int row, enum style style)
{
    for (int column = 0; column < shown->columns; column++) {
        int from = column, last = column;

        if (!is_marked(canvas_cell(shown, row, column), style))
            continue;
        while (column < shown->columns && canvas_cell(shown, row, column)->style == style) {
            if (is_marked(canvas_cell(shown, row, column), style))
                last = column;
            column++;
        }
        text_print(out, "! %s %d:%d-%d\n", theme_look(style)->name, row, from, last);
    }
}

static void add_selected(struct text *out, const struct canvas *shown, int row)
{
    int selected = 0;

    for (int column = 0; column < shown->columns; column++)
        selected += canvas_cell(shown, row, column)->selected;
    if (selected > 0)
        text_print(out, "! selected %d%s\n", row, selected == shown->columns ? "" : " in part");
}

static void add_screen(struct text *out, const struct screen *screen)
{
    const struct canvas *shown = screen_memory_shown(screen);
    struct text lines = { 0 };
    struct slice rest;

    screen_memory_print(screen, &lines);
    rest = buffer_slice(&lines.bytes);
    while (rest.length > 0) {
        size_t end = slice_find_byte(rest, '\n');

        text_add(out, "|");
        text_add_slice(out, slice_part(rest, 0, end));
        text_add(out, "\n");
        rest = slice_after(rest, end + 1);
    }
    for (int row = 0; row < shown->rows; row++) {
        add_selected(out, shown, row);
        add_marks(out, shown, row, STYLE_FAILED);
        add_marks(out, shown, row, STYLE_WARNING);
    }
    text_release(&lines);
}

/* ---- one script ---- */

static void close_app(struct script *script)
{
    if (script->app)
        app_free(script->app);
    if (script->screen)
        script->screen->ops->close(script->screen);
    script->app = NULL;
    script->screen = NULL;
}

static void press_letters(struct script *script, struct slice letters)
{
    uint32_t letter;
    size_t length;

    while ((length = utf8_decode(letters, &letter)) > 0) {
        app_press(script->app, letter);
        letters = slice_after(letters, length);
    }
}

static void press_all(struct script *script, struct slice keys)
{
    while ((keys = slice_trim(keys)).length > 0) {
        size_t end = slice_find_byte(keys, ' ');
        struct slice key = slice_part(keys, 0, end);

        if (slice_is_text(key, "work")) {
            app_work(script->app, 20);
        } else if (slice_starts_with(key, "'")) {
            press_letters(script, slice_after(key, 1));
        } else {
            assert_int_not_equal(input_from_name(key), INPUT_NONE);
            app_press(script->app, input_from_name(key));
        }
        app_draw(script->app);
        keys = slice_after(keys, end);
    }
}

static void play(struct script *script, struct slice line)
{
    size_t end = slice_find_byte(line, ' ');
    char size[16] = { 0 };
    char *x;
    int rows, columns;

    assert_in_range(end, 1, sizeof size - 1);
    memcpy(size, line.data, end);
    columns = (int)strtol(size, &x, 10);
    rows = (int)strtol(x + 1, NULL, 10);
    if (!script->app) {
        script->screen = screen_memory_create(rows, columns, script->ascii);
        script->app = app_create(script->screen, &script->feed, &script->options);
        app_work(script->app, 20);
    }
    screen_memory_resize(script->screen, rows, columns);
    app_draw(script->app);
    press_all(script, slice_after(line, end));
    add_screen(&script->actual, script->screen);
}

static void start_fixture(struct script *script, struct slice name)
{
    char word[16] = { 0 };

    assert_in_range(name.length, 1, sizeof word - 1);
    memcpy(word, name.data, name.length);
    script->fixture = ui_fixture_create(word);
    assert_non_null(script->fixture);
    script->feed = ui_fixture_feed(script->fixture);
}

static void do_line(struct script *script, struct slice line)
{
    if (slice_starts_with(line, "|") || slice_starts_with(line, "!"))
        return; /* made anew */
    text_add_slice(&script->actual, line);
    text_add(&script->actual, "\n");
    if (slice_starts_with(line, "fixture "))
        start_fixture(script, slice_after(line, 8));
    else if (slice_is_text(line, "ascii"))
        script->ascii = true;
    else if (slice_is_text(line, "secrets"))
        script->options.show_secrets = true;
    else if (slice_starts_with(line, ">>> "))
        play(script, slice_after(line, 4));
}

static void read_file(struct text *out, const char *path)
{
    char block[4096];
    FILE *file = fopen(path, "r");
    size_t length;

    assert_non_null(file);
    while ((length = fread(block, 1, sizeof block, file)) > 0)
        text_add_slice(out, slice_of(block, length));
    fclose(file);
}

static bool run_script(const char *path)
{
    struct script script = { .options = { .color = true } };
    struct slice rest;
    bool same;

    read_file(&script.expected, path);
    rest = buffer_slice(&script.expected.bytes);
    while (rest.length > 0) {
        size_t end = slice_find_byte(rest, '\n');

        do_line(&script, slice_part(rest, 0, end));
        rest = slice_after(rest, end + 1);
    }
    close_app(&script);
    ui_fixture_free(script.fixture);
    same = strcmp(text_string(&script.expected), text_string(&script.actual)) == 0;
    if (!same && getenv("SCREENS_UPDATE")) {
        FILE *file = fopen(path, "w");

        assert_non_null(file);
        fputs(text_string(&script.actual), file);
        fclose(file);
        same = true;
    } else if (!same) {
        print_message("%s differs; it is now:\n%s", path, text_string(&script.actual));
    }
    text_release(&script.expected);
    text_release(&script.actual);
    return same;
}

static void test_screens(void **state)
{
    glob_t found = { 0 };
    int failed = 0;

    (void)state;
    assert_int_equal(glob("tests/screens/*.screen", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 8);
    for (size_t i = 0; i < found.gl_pathc; i++)
        failed += !run_script(found.gl_pathv[i]);
    globfree(&found);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_screens) };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
