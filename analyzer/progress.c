/* progress.c: a line on standard error while long work goes on */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SECOND ((int64_t)1000000000)

static int64_t monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

void progress_begin(struct progress *progress, bool wanted)
{
    *progress = (struct progress){ .shown_at_all = wanted && isatty(STDERR_FILENO),
                                   .started_ns = monotonic_ns() };
}

bool progress_is_due(struct progress *progress)
{
    int64_t now;

    if (!progress->shown_at_all)
        return false;
    now = monotonic_ns();
    return now - progress->started_ns > SECOND / 2 && now - progress->shown_ns > SECOND / 5;
}

void progress_show(struct progress *progress, const struct progress_facts *facts)
{
    double seconds;

    progress->shown_ns = monotonic_ns();
    progress->on_screen = true;
    seconds = (double)(progress->shown_ns - progress->started_ns) / (double)SECOND;
    fprintf(stderr, "\r\033[K");
    if (facts->part >= 0)
        fprintf(stderr, "%3.0f %%  ", facts->part * 100);
    fprintf(stderr, "%" PRIu64 " packets, %.0f/s, %zu sign-in%s", facts->packets,
            (double)facts->packets / seconds, facts->signins, facts->signins == 1 ? "" : "s");
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->on_screen)
        fprintf(stderr, "\r\033[K");
    progress->on_screen = false;
}
