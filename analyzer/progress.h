/* progress.h: how far the reading is, for who waits at a terminal */
#ifndef LYNCSCOPE_PROGRESS_H
#define LYNCSCOPE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool enabled;
    bool shown; /* a line stands on the terminal */
    int64_t started_ms, printed_ms;
};

struct progress_facts {
    double done; /* 0..1; negative when unknown */
    uint64_t packets;
    size_t signins;
};

void progress_begin(struct progress *progress, bool quiet);
/* Prints when it is time to. */
void progress_show(struct progress *progress, const struct progress_facts *facts);
void progress_erase(struct progress *progress);

#endif
