/* clocks.h: how far the clocks of several files are apart */
#ifndef CAPTURE_CLOCKS_H
#define CAPTURE_CLOCKS_H

#include "source.h"

/* Looks into files that can be read twice and sets what each one's clock is ahead of another's. */
void clocks_compare(struct input *const *inputs, size_t count);

#endif
