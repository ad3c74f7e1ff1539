/* choices.h: the values of a trait that occur in a report, to go through one by one */
#ifndef UI_CHOICES_H
#define UI_CHOICES_H

#include "lyncscope/report.h"
#include "ui/row_filter.h"

/* The filter's value after, or before, the one it has now: any, each that occurs, any again. */
void choices_step(struct row_filter *filter, enum trait trait, const struct report *report,
                  int direction);

#endif
