/* fuzz_screen.c: random keys, sizes and growth on a screen in memory
 *
 * The first byte chooses the report; then each byte is a key, a size (two more
 * bytes), a slice of work or an eviction.  After each the frame is drawn; at
 * the end it must be what a repeated drawing gives.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* Fuzz targets are linked without the tests' support. */
#include "tests/support/ui_fixture_proof.c"

#include "tests/support/ui_fixture.c"
#include "ui/app.h"

enum { EVENTS_MAX = 300 };

struct session {
    struct ui_fixture *fixture;
    struct ui_feed feed;
    struct screen *screen;
    struct app *app;
};

static void change_size(struct session *session, struct slice *script)
{
    if (script->length >= 2)
        screen_memory_resize(session->screen, script->data[0] % 100, script->data[1]);
    *script = slice_after(*script, 2);
}

static void evict(struct session *session, struct slice *script)
{
    size_t from = script->length > 0 ? script->data[0] % (session->fixture->all + 1) : 0;

    ui_fixture_show(session->fixture, from, session->fixture->all - from);
    *script = slice_after(*script, 1);
    app_work(session->app, 1);
}

static void press(struct session *session, uint8_t byte)
{
    static const char *const keys[] = {
        "Up", "Down",    "PgUp",      "PgDn",     "Home",     "End",       "Enter", "Esc", "v",
        "s",  "f",       "r",         "?",        "n",        "p",         "e",     "i",   "^L",
        "#",  "WheelUp", "WheelDown", "Click0:0", "Click3:9", "Click2:30", "Tab",   "m",   "x",
        "/",  "c",       "t",         "N",        "]",        "[",         "o",     "C",   "l"
    };

    if (byte < 0x40)
        app_press(session->app,
                  input_from_name(slice_of_text(keys[byte % (sizeof keys / sizeof *keys)])));
    else
        app_press(session->app, byte);
}

static void check_redraw(struct session *session)
{
    struct text once = { 0 }, again = { 0 };

    app_draw(session->app);
    screen_memory_print(session->screen, &once);
    app_draw(session->app);
    screen_memory_print(session->screen, &again);
    if (strcmp(text_string(&once), text_string(&again)) != 0)
        abort();
    text_release(&once);
    text_release(&again);
}

static void play(struct session *session, struct slice script)
{
    for (int i = 0; i < EVENTS_MAX && script.length > 0 && !app_is_over(session->app); i++) {
        uint8_t byte = script.data[0];

        script = slice_after(script, 1);
        if (byte >= 0xf0)
            change_size(session, &script);
        else if (byte >= 0xe8)
            evict(session, &script);
        else if (byte >= 0xe0)
            app_work(session->app, 1);
        else
            press(session, byte);
        app_draw(session->app);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "site", "many", "hostile", "empty", "live", "proof" };
    static const struct ui_options options[] = { { .color = true, .no_save = true },
                                                 { .show_secrets = true, .no_save = true } };
    uint8_t choice = size > 0 ? data[0] : 0;
    struct session session = { 0 };

    setlocale(LC_CTYPE, "C.UTF-8");
    session.fixture = ui_fixture_create(names[(choice & 0x3f) % 6]);
    session.feed = ui_fixture_feed(session.fixture);
    session.screen = screen_memory_create(24, 80, choice & 0x80);
    session.app = app_create(session.screen, &session.feed, &options[choice >> 6 & 1]);
    play(&session, slice_after(slice_of(data, size), 1));
    check_redraw(&session);
    app_free(session.app);
    session.screen->ops->close(session.screen);
    ui_fixture_free(session.fixture);
    return 0;
}
