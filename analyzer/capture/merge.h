/* merge.h: inputs ordered by the packet each is about to give */
#ifndef CAPTURE_MERGE_H
#define CAPTURE_MERGE_H

#include "source.h"

/* A heap: the first item has the earliest packet; of equal times, that of the input added first. */
struct merge {
    struct input **items;
    size_t count, capacity;
};

bool merge_reserve(struct merge *merge, size_t count); /* false: no memory */
void merge_add(struct merge *merge, struct input *input);
struct input *merge_first(const struct merge *merge); /* NULL when there is none */
void merge_settle_first(struct merge *merge);         /* its packet has changed */
void merge_remove_first(struct merge *merge);
void merge_release(struct merge *merge);

#endif
