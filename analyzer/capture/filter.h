/* filter.h: a pcap filter expression over packets of any link type */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include "source.h"

struct filter;
struct filter *filter_create(const char *expression); /* borrows the text; NULL: no memory */
void filter_free(struct filter *filter);              /* NULL is fine */

/* Refuses an expression that cannot be compiled for the link type; link_type -1: for none there
 * is, as files of several kinds may follow. */
enum status filter_check(struct filter *filter, int link_type,
                         struct complaint *complaint) MUST_CHECK;
bool filter_matches(struct filter *filter, struct input *input, const struct packet *packet);

#endif
