/* outputs.h: where the report goes, in which form */
#ifndef LYNCSCOPE_OUTPUTS_H
#define LYNCSCOPE_OUTPUTS_H

#include "lyncscope/report.h"
#include "options.h"

struct destination {
    enum output_format format;
    const char *path; /* NULL: standard output */
    FILE *file;
    struct report_options report;
    struct events_writer *events;
    int error; /* errno of the first write that failed */
};

struct outputs {
    struct destination items[OPTION_REPEATS_MAX];
    size_t count;
    bool live;
    bool has_tui, has_events;
    bool refused; /* something could not be made; the complaint says what */
    struct complaint complaint;
};

/* Opens all files now, so that what cannot be written is known before anything is read. */
enum status outputs_open(struct outputs *outputs, const struct options *options,
                         struct budget *budget, struct complaint *complaint) MUST_CHECK;
bool outputs_want_signins(const struct outputs *outputs); /* one by one */
void outputs_event(struct outputs *outputs, const struct event *event);
void outputs_signin(struct outputs *outputs, const struct signin *signin); /* it is closed */
void outputs_row(struct outputs *outputs,
                 const struct signin *signin);        /* live: how it went is clear */
void outputs_flush(struct outputs *outputs);          /* live: a while has passed */
bool outputs_are_gone(const struct outputs *outputs); /* nobody reads any of them any more */
void outputs_report(struct outputs *outputs, const struct report *report); /* at the end */
/* Refused: something could not be written. A reader that left is no failure. */
enum status outputs_close(struct outputs *outputs, struct complaint *complaint) MUST_CHECK;

bool outputs_background_is_light(const struct options *options);
struct report_options outputs_stdout_options(const struct options *options);

#endif
