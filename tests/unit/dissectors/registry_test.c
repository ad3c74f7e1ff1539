/* registry_test.c: conversations through a channel with all dissectors: fed whole, byte by byte and
 * cut at random, they give the same events.  With STREAMS_UPDATE set the expectations are written
 * anew, to be read before they are believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/stream_run.h"

enum { RANDOM_CUTS = 12 };

static void rewrite(const char *path, const char *events)
{
    char *whole = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    char *expected;

    assert_non_null(file);
    (void)!getdelim(&whole, &size, '\0', file);
    fclose(file);
    expected = strstr(whole, "\n===\n");
    if (expected)
        expected[1] = '\0';
    file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s===\n%s", whole, events);
    fclose(file);
    free(whole);
}

static void check_file(const char *path)
{
    struct stream_script script;

    assert_true(stream_script_read(path, &script));
    for (unsigned cut = 0; cut < (script.whole_only ? 1 : 2 + RANDOM_CUTS); cut++) {
        struct text events = { 0 };

        stream_play(&script, cut, &events);
        if (cut == 0 && getenv("STREAMS_UPDATE")) {
            rewrite(path, text_string(&events));
            text_truncate(&script.expected, 0);
            text_add(&script.expected, text_string(&events));
        }
        if (strcmp(text_string(&events), text_string(&script.expected)) != 0)
            fail_msg("%s, cut %u:\n%s--- expected\n%s", path, cut, text_string(&events),
                     text_string(&script.expected));
        text_release(&events);
    }
    stream_script_release(&script);
}

static void streams_give_their_events(void **state)
{
    glob_t files;

    (void)state;
    assert_int_equal(glob("tests/streams/*.stream", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        check_file(files.gl_pathv[i]);
    globfree(&files);
}

/* Of every stream: each prefix, a gap at any place, any byte changed.  Nothing is expected but that
 * it ends well. */
static void spoil(const struct stream_script *script, size_t step, size_t at, unsigned how)
{
    struct stream_script copy = *script;
    struct stream_step *spoiled = &copy.steps[step];
    struct text events = { 0 };
    struct buffer bytes = { 0 };

    assert_true(buffer_append(&bytes, buffer_slice(&script->steps[step].bytes)));
    spoiled->bytes = bytes;
    if (how == 0)
        spoiled->bytes.length = at;
    else if (how == 1)
        spoiled->bytes.data[at] ^= 0x20;
    else if (how == 2)
        spoiled->bytes.data[at] = 0xff;
    if (how == 3 && copy.step_count + 2 < STREAM_STEPS_MAX) {
        for (size_t i = copy.step_count; i > step; i--)
            copy.steps[i + 1] = copy.steps[i - 1];
        copy.step_count += 2;
        copy.steps[step + 1] = (struct stream_step){ .action = ACTION_GAP,
                                                     .count = 1 + at % 50,
                                                     .direction = spoiled->direction };
        copy.steps[step + 2] = *spoiled;
        spoiled->bytes.length = at;
        if (spoiled->action == ACTION_BYTES) {
            size_t resume = at + 1 + at % 50;
            struct buffer *rest = &copy.steps[step + 2].bytes;

            rest->data += resume < rest->length ? resume : rest->length;
            rest->length -= resume < rest->length ? resume : rest->length;
        }
    }
    stream_play(&copy, 0, &events);
    text_release(&events);
    buffer_release(&bytes);
}

static void spoiled_streams_end_well(void **state)
{
    glob_t files;

    (void)state;
    assert_int_equal(glob("tests/streams/*.stream", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct stream_script script;

        assert_true(stream_script_read(files.gl_pathv[i], &script));
        for (size_t step = 0; step < script.step_count; step++) {
            size_t length = script.steps[step].bytes.length;

            for (size_t at = 0; at < length; at += 1 + length / 400)
                for (unsigned how = 0; how < 4; how++)
                    spoil(&script, step, at, how);
        }
        stream_script_release(&script);
    }
    globfree(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_give_their_events),
        cmocka_unit_test(spoiled_streams_end_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
