/* loop.c: waits for keys, signals and packets, and lets the feed work in between
 *
 * The feed works in slices of about 10 ms, so that a key is hardly older than
 * that when it is seen.  A key is answered by a frame at once, new facts by
 * some twelve frames a second.
 */
#include <poll.h>
#include <time.h>

#include "ui/app.h"
#include "ui/settings.h"
#include "ui/signals.h"

enum {
    WORK_MS = 10,
    FRAME_MS = 80, /* between frames that no key asked for */
    LIVE_MS = 50,  /* time passes for a live capture even when nothing comes */
    KEYS_MAX = 64, /* taken before a frame is drawn */
    DESCRIPTORS_MAX = 16,
};

struct loop {
    struct app *app;
    struct screen *screen;
    struct signals signals;
    const struct ui_feed *feed;
    bool stale;  /* the glass may not show the facts */
    bool urgent; /* a person waits for it */
    int64_t drawn_ms;
    int ended_by; /* a signal, 0: none */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void draw_when_due(struct loop *loop)
{
    int64_t now = now_ms();

    if (!loop->urgent && !(loop->stale && now - loop->drawn_ms >= FRAME_MS))
        return;
    app_draw(loop->app);
    loop->urgent = loop->stale = false;
    loop->drawn_ms = now_ms();
}

/* ---- waiting ---- */

static nfds_t add_feed(struct loop *loop, struct pollfd *all, nfds_t count)
{
    const int *descriptors = NULL;

    if (app_is_working(loop->app) && loop->feed->descriptors)
        descriptors = loop->feed->descriptors(loop->feed->context);
    for (; descriptors && *descriptors >= 0 && count < DESCRIPTORS_MAX; descriptors++)
        all[count++] = (struct pollfd){ .fd = *descriptors, .events = POLLIN };
    return count;
}

static int choose_timeout(const struct loop *loop, bool can_wait)
{
    int64_t left = loop->drawn_ms + FRAME_MS - now_ms();

    if (app_is_working(loop->app))
        return can_wait || loop->feed->live ? LIVE_MS : 0;
    if (!loop->stale)
        return -1;
    return left > 0 ? (int)left : 0;
}

static void wait_for_something(struct loop *loop)
{
    struct pollfd all[DESCRIPTORS_MAX] = {
        { .fd = loop->screen->keyboard, .events = POLLIN },
        { .fd = loop->signals.descriptor, .events = POLLIN },
    };
    nfds_t count = add_feed(loop, all, 2);

    (void)poll(all, count, choose_timeout(loop, count > 2)); /* all are asked anyway */
}

/* ---- what came ---- */

static void suspend(struct loop *loop)
{
    loop->screen->ops->suspend(loop->screen);
    signals_stop_here();
    loop->screen->ops->resume(loop->screen);
}

static void take_signal(struct loop *loop, int signal)
{
    loop->urgent = true; /* a new size, or back in the foreground */
    if (signal == SIGTSTP)
        suspend(loop);
    else if (signal == SIGCONT)
        loop->screen->ops->redraw(loop->screen);
    else if (signal != SIGWINCH)
        loop->ended_by = signal;
}

static void take_signals(struct loop *loop)
{
    int signal;

    while (!loop->ended_by && (signal = signals_next(&loop->signals)) != 0)
        take_signal(loop, signal);
}

static void take_keys(struct loop *loop)
{
    for (int i = 0; i < KEYS_MAX && !app_is_over(loop->app); i++) {
        uint32_t input = loop->screen->ops->read(loop->screen);

        if (input == INPUT_NONE)
            return;
        app_press(loop->app, input);
        loop->urgent = true;
    }
}

static void run(struct loop *loop)
{
    (void)app_work(loop->app, WORK_MS);
    loop->urgent = true;
    while (!app_is_over(loop->app) && !loop->ended_by) {
        draw_when_due(loop);
        wait_for_something(loop);
        take_signals(loop);
        take_keys(loop);
        if (app_is_working(loop->app) && !loop->ended_by && !app_is_over(loop->app)) {
            (void)app_work(loop->app, WORK_MS);
            loop->stale = true;
        }
    }
}

static enum status run_on_screen(struct loop *loop, const struct ui_options *options,
                                 struct complaint *complaint)
{
    enum status status = screen_open(options, &loop->screen, complaint);

    if (status != STATUS_OK)
        return status;
    loop->app = app_create(loop->screen, loop->feed, options);
    if (loop->app) {
        settings_load(app_settings(loop->app));
        run(loop);
        settings_save(app_settings(loop->app));
        app_free(loop->app);
    } else {
        status = complain(complaint, "out of memory");
    }
    loop->screen->ops->close(loop->screen);
    return status;
}

static enum status check_keys(const struct ui_options *options, struct complaint *complaint)
{
    enum status status = STATUS_OK;
    struct keymap keymap = { { NULL } };
    struct text problem = { 0 };

    for (size_t i = 0; i < options->key_count && status == STATUS_OK; i++)
        if (!keymap_set(&keymap, options->keys[i], &problem))
            status = complain(complaint, "the configuration's key.%.100s: %s", options->keys[i],
                              text_string(&problem));
    text_release(&problem);
    return status;
}

enum status ui_run(const struct ui_feed *feed, const struct ui_options *options,
                   struct complaint *complaint)
{
    struct loop loop = { .feed = feed };
    enum status status;

    if (check_keys(options, complaint) != STATUS_OK)
        return STATUS_REFUSED;
    if (!signals_open(&loop.signals))
        return complain(complaint, "the system gives no descriptor for signals");
    status = run_on_screen(&loop, options, complaint);
    signals_close(&loop.signals);
    /* Ctrl-C just ends the screen. The others mean the whole program: now that the terminal is as
     * it was, they do what they would have done. */
    if (loop.ended_by && loop.ended_by != SIGINT)
        raise(loop.ended_by);
    return status;
}
