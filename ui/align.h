/* align.h: which of two lists' entries belong together, with gaps where one has more */
#ifndef UI_ALIGN_H
#define UI_ALIGN_H

#include "lyncscope/memory.h"

/* How well two entries fit together. */
enum { ALIGN_NEVER = 0, ALIGN_LOOSE = 2, ALIGN_LIKE = 4, ALIGN_SAME = 5 };
enum { ALIGN_NONE = -1 };

struct align_sides {
    size_t left_count, right_count;
    int (*score)(const void *context, size_t left, size_t right);
    const void *context;
};

struct align_pair {
    int left, right; /* indices; ALIGN_NONE: a gap */
};

struct alignment {
    struct align_pair *pairs;
    size_t count, capacity;
};

/* The order of both lists is kept. False: no memory; then it is empty. */
bool alignment_make(struct alignment *alignment, const struct align_sides *sides);
void alignment_release(struct alignment *alignment);

#endif
