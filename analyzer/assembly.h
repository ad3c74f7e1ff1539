/* assembly.h: what a report shows, put together from the layers */
#ifndef LYNCSCOPE_ASSEMBLY_H
#define LYNCSCOPE_ASSEMBLY_H

#include "lyncscope/report.h"
#include "lyncscope/tls_secrets.h"
#include "options.h"

enum { NOTES_MAX = 24 };

/* Connections with TLS data, and why some could not be read. */
struct tls_tally {
    size_t total, unread[TLS_HANDSHAKE_FAILED + 1]; /* by obstacle */
};

struct assembly {
    const struct options *options;
    struct capture *capture;
    struct model *model;
    const struct flow_engine *engine;
    const struct tls_secrets *secrets;
    const struct budget *budget; /* of all that traffic can cause */
    uint64_t events;
    struct tls_tally tls; /* of the whole capture */
    uint64_t cut_bodies;  /* that decode to more than is read */
    bool late_keys;       /* a capture brought keys behind packets that were read already */
    bool interrupted;
    bool patient;   /* a verdict there is stays until assembly_judge is asked for a new one */
    int64_t now_ns; /* live: the clock; silence since the last packet counts */

    struct report report;
    struct arena *inputs_arena; /* what is kept of each input; its number is fixed */
    struct arena *site_arena;   /* of the last site_findings */
    struct finding site_findings[CAPTURE_FINDINGS_MAX];
    const char *patterns[PATTERNS_MAX]; /* of the same arena */
    const char *notes[NOTES_MAX];       /* of the same arena */
    struct input_info *inputs;
    const struct input_info **input_list;
    struct capture_facts facts;
    uint64_t *drops, *cut_packets;
    bool *broke_off;
    const struct signin **signins;
    size_t signin_capacity;
};

/* Set the members above `report` first. False: no memory. */
bool assembly_begin(struct assembly *assembly);
void assembly_release(struct assembly *assembly);

/* The sign-in with its verdict; `anew`: time may have changed it. */
struct signin *assembly_judge(struct assembly *assembly, size_t index, bool anew);
bool assembly_is_wanted(const struct assembly *assembly, const struct signin *signin);
/* All as it is now; valid until the model goes on. `all_anew`: judge every sign-in once more. */
const struct report *assembly_report(struct assembly *assembly, bool all_anew);

/* assembly_keys.c: fills in report.notes. */
void assembly_take_notes(struct assembly *assembly);
/* Each event, as it comes. */
void assembly_count(struct assembly *assembly, const struct event *event);

#endif
