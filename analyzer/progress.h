/* progress.h: a line on standard error while long work goes on */
#ifndef LYNCSCOPE_PROGRESS_H
#define LYNCSCOPE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool shown_at_all; /* false: no terminal, or not wanted */
    bool on_screen;
    int64_t started_ns, shown_ns; /* monotonic clock */
};

struct progress_facts {
    double part; /* 0..1, negative: unknown */
    uint64_t packets;
    size_t signins;
};

void progress_begin(struct progress *progress, bool wanted);
bool progress_is_due(
    struct progress *progress); /* at most five times a second, and not in the first half second */
void progress_show(struct progress *progress, const struct progress_facts *facts);
void progress_end(struct progress *progress); /* leaves no trace on the terminal */

#endif
