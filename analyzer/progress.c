/* progress.c: how far the reading is, for who waits at a terminal */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "lyncscope/text.h"

enum { FIRST_AFTER_MS = 500, EVERY_MS = 200, MS_PER_S = 1000, NS_PER_MS = 1000000 };

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

void progress_begin(struct progress *progress, bool quiet)
{
    *progress =
        (struct progress){ .enabled = !quiet && isatty(STDERR_FILENO), .started_ms = now_ms() };
}

static void add_count(struct text *text, uint64_t count)
{
    if (count >= 10000000)
        text_print(text, "%.1f M", (double)count / 1e6);
    else if (count >= 10000)
        text_print(text, "%.0f k", (double)count / 1e3);
    else
        text_print(text, "%llu", (unsigned long long)count);
}

void progress_show(struct progress *progress, const struct progress_facts *facts)
{
    struct text line = { 0 };
    int64_t now;

    if (!progress->enabled)
        return;
    now = now_ms();
    if (now - progress->started_ms < FIRST_AFTER_MS || now - progress->printed_ms < EVERY_MS)
        return;
    progress->printed_ms = now;
    if (facts->done >= 0)
        text_print(&line, "%3.0f %%  ", facts->done * 100);
    add_count(&line, facts->packets);
    text_add(&line, " packets  ");
    add_count(&line, facts->packets * MS_PER_S / (uint64_t)(now - progress->started_ms));
    text_print(&line, "/s  %zu sign-in%s", facts->signins, facts->signins == 1 ? "" : "s");
    fprintf(stderr, "\r%s\033[K", text_string(&line));
    text_release(&line);
    progress->shown = true;
}

void progress_erase(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
