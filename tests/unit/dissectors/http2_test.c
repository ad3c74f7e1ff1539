/* http2_test.c: HTTP/2 at its limits; tests/streams has what is usual */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lyncscope/memory.h"
#include "tests/support/stream_run.h"

#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
/* GET https://lyncdiscover.contoso.com/ */
#define REQUEST "\x82\x87\x84\1\x18lyncdiscover.contoso.com"

struct fixture {
    struct stream_script script;
    struct text events;
};

static int set_up(void **state)
{
    struct fixture *fixture = memory_take(NULL, sizeof *fixture);

    *state = fixture;
    if (!fixture)
        return -1;
    fixture->script.everything = true;
    fixture->script.step_count = 2;
    fixture->script.steps[1].direction = FROM_SERVER;
    (void)!buffer_append(&fixture->script.steps[0].bytes, slice_of(PREFACE, sizeof PREFACE - 1));
    (void)!buffer_append(&fixture->script.steps[1].bytes, slice_of("\0\0\0\4\0\0\0\0\0", 9));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    stream_script_release(&fixture->script);
    text_release(&fixture->events);
    memory_give(NULL, fixture, sizeof *fixture);
    return 0;
}

static void put(struct buffer *out, uint32_t number, unsigned bytes)
{
    while (bytes-- > 0) {
        uint8_t byte = (uint8_t)(number >> 8 * bytes);

        (void)!buffer_append(out, slice_of(&byte, 1));
    }
}

static void put_frame(struct buffer *out, uint8_t type, uint8_t flags, uint32_t stream,
                      struct slice payload)
{
    put(out, (uint32_t)payload.length, 3);
    put(out, type, 1);
    put(out, flags, 1);
    put(out, stream, 4);
    (void)!buffer_append(out, payload);
}

static unsigned count(const struct text *text, const char *what)
{
    struct slice rest = slice_of_text(text_string(text));
    size_t length = slice_of_text(what).length;
    unsigned found = 0;

    for (;;) {
        size_t at = slice_find_text_nocase(rest, what);

        if (at >= rest.length)
            return found;
        found++;
        rest = slice_after(rest, at + length);
    }
}

/* As in a capture of the client alone: no stream ever ends. */
static void limits_open_streams(void **state)
{
    struct fixture *fixture = *state;
    struct buffer *client = &fixture->script.steps[0].bytes;

    for (uint32_t i = 0; i < 400; i++)
        put_frame(client, 1, 5, 2 * i + 1, slice_of(REQUEST, sizeof REQUEST - 1));
    stream_play(&fixture->script, 0, &fixture->events);
    assert_int_equal(count(&fixture->events, ": request GET"), 400);
    assert_int_equal(count(&fixture->events, " unknown\n"), 400 - 256);
    assert_int_equal(count(&fixture->events, " no-answer capture-ended\n"), 256);
}

/* More headers than anybody sends, in many frames; the request stands all the same. */
static void survives_endless_headers(void **state)
{
    static const char field[] = "\0\4long\x7f\xe1\x0e";
    struct fixture *fixture = *state;
    struct buffer *client = &fixture->script.steps[0].bytes;
    struct buffer piece = { 0 };

    put_frame(client, 1, 1, 1, slice_of(REQUEST, sizeof REQUEST - 1));
    for (unsigned n = 0; n < 300; n++) {
        piece.length = 0;
        (void)!buffer_append(&piece, slice_of(field, sizeof field - 1));
        for (unsigned i = 0; i < 2000; i++)
            put(&piece, 'v', 1);
        put_frame(client, 9, n == 299 ? 4 : 0, 1, buffer_slice(&piece));
    }
    buffer_release(&piece);
    put_frame(client, 1, 5, 3, slice_of(REQUEST, sizeof REQUEST - 1));
    stream_play(&fixture->script, 0, &fixture->events);
    assert_int_equal(count(&fixture->events, ": request GET / 20 host=lyncdiscover.contoso.com"),
                     2);
}

/* Frames larger than anybody allowed pass by; a body in one is read as it comes. */
static void takes_oversized_frames(void **state)
{
    struct fixture *fixture = *state;
    struct buffer *client = &fixture->script.steps[0].bytes;
    struct buffer *server = &fixture->script.steps[1].bytes;
    struct buffer body = { 0 };

    for (unsigned i = 0; i < 1 << 18; i++)
        put(&body, 'x', 1);
    put_frame(client, 1, 5, 1, slice_of(REQUEST, sizeof REQUEST - 1));
    put_frame(client, 1, 5, 3, slice_of(REQUEST, sizeof REQUEST - 1));
    put_frame(server, 1, 4, 1, slice_of("\x88", 1));
    put_frame(server, 0, 1, 1, buffer_slice(&body));
    put_frame(server, 7, 0, 0, slice_part(buffer_slice(&body), 0, 0x10000));
    put_frame(server, 1, 5, 3, slice_of("\x8d", 1));
    buffer_release(&body);
    stream_play(&fixture->script, 7, &fixture->events);
    assert_int_equal(count(&fixture->events, "body=262144 sha="), 1);
    assert_int_equal(count(&fixture->events, "-> 404"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(limits_open_streams, set_up, tear_down),
        cmocka_unit_test_setup_teardown(survives_endless_headers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_oversized_frames, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
