/* status.h: what the machine did to us, in one line for the user
 *
 * For failures of the machine only (no such file, no permission).  What the
 * network did is data, never a status.  The function that knows the file's
 * name writes the complaint; only main exits.
 */
#ifndef LYNCSCOPE_STATUS_H
#define LYNCSCOPE_STATUS_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum status {
    STATUS_OK,
    STATUS_END,     /* nothing more will come */
    STATUS_WAIT,    /* live only: nothing now, ask again */
    STATUS_REFUSED, /* the machine said no; the complaint says what, where, what to do */
};

struct complaint {
    char line[600]; /* what, where and what to do about it; no line feed */
};

/* Writes the line and returns STATUS_REFUSED. */
enum status complain(struct complaint *complaint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
