/* report.h: outputs for people and for programs
 *
 * All of them print the same facts.  A report borrows everything it shows.
 */
#ifndef LYNCSCOPE_REPORT_H
#define LYNCSCOPE_REPORT_H

#include <stdio.h>

#include "lyncscope/capture.h"
#include "lyncscope/flow.h"
#include "lyncscope/rule.h"
#include "lyncscope/signin.h"
#include "lyncscope/site.h"

#define LYNCSCOPE_VERSION "0.1.0"

struct report {
    const struct input_info *const *inputs;
    size_t input_count;
    const struct signin *const *signins; /* in order of their start, filtered as asked */
    size_t signin_count;
    size_t hidden_count; /* sign-ins that a filter left out */
    uint64_t let_go;     /* older sign-ins that went to keep within the memory there is */
    const struct finding *findings; /* what belongs to no single sign-in */
    size_t finding_count;
    const struct site *site;     /* NULL: not put together yet */
    const char *const *patterns; /* what shows only across sign-ins; sentences */
    size_t pattern_count;
    const char *const *notes; /* what became of the keys that were given; sentences */
    size_t note_count;
    bool has_keys;                    /* something was given to decrypt with */
    size_t key_count;                 /* secrets and private keys that were given */
    size_t keys_used;                 /* connections that they opened */
    size_t memory_used, memory_limit; /* bytes charged for traffic; limit 0: none */
    const struct flow_counters *flows;
    uint64_t events; /* messages decoded */
};

struct report_options {
    bool color;
    bool show_secrets;
    bool verbose;   /* text: the steps of every sign-in, and what was counted */
    unsigned width; /* columns for text, 0: 80 */
};

void report_text(FILE *out, const struct report *report, const struct report_options *options);
/* One line, for a sign-in that was just decided. */
void report_text_row(FILE *out, const struct signin *signin, const struct report_options *options);
void report_json(FILE *out, const struct report *report, const struct report_options *options);
void report_ndjson(FILE *out, const struct signin *signin, const struct report_options *options);
/* One page that needs nothing else: no script, no font, no picture. */
void report_html(FILE *out, const struct report *report, const struct report_options *options);

/* The packets of the sign-ins of a report, as pcapng: those that prove something, and those of the
 * sign-ins' connections and questions. Nothing keeps packets, so the input files are read once
 * more, in slices of time. */
struct packet_copy;
/* NULL: the complaint says why. Borrows `out` only. */
struct packet_copy *packet_copy_begin(FILE *out, const struct report *report,
                                      struct complaint *complaint);
bool packet_copy_work(struct packet_copy *copy, unsigned milliseconds); /* false: it is done */
double packet_copy_progress(const struct packet_copy *copy);            /* 0..1 */
uint64_t packet_copy_end(struct packet_copy *copy); /* frees; how many packets were written */

/* -o events: prints each event as one JSON line, in packet order. Lines wait until nothing that
 * began earlier can still come (an open connection, an unanswered request), up to 64 MiB of them.
 */
struct events_writer;
/* Waiting lines are charged to a share of `budget`. NULL: no memory. */
struct events_writer *events_writer_create(FILE *out, const struct report_options *options,
                                           struct budget *budget);
void events_writer_receive(void *writer, const struct event *event); /* fits event_sink.receive */
void events_writer_finish(struct events_writer *writer);             /* prints what waits, frees */

/* --rules, --explain */
void report_rules(FILE *out, const struct report_options *options);
bool report_explain(FILE *out, const char *rule_id,
                    const struct report_options *options); /* false: no such rule */

#endif
