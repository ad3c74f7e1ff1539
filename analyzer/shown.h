/* shown.h: the sign-ins that are shown, as a report */
#ifndef LYNCSCOPE_SHOWN_H
#define LYNCSCOPE_SHOWN_H

#include "lyncscope/report.h"

#include "options.h"

enum { INPUTS_MAX = OPTION_REPEATS_MAX, GLOBAL_FINDINGS_MAX = 16 };

struct shown {
    const struct options *options;
    struct budget *budget;
    struct report report;
    const struct input_info *inputs[INPUTS_MAX];
    const struct signin **signins;
    size_t capacity;
    uint64_t drops[INPUTS_MAX], cut[INPUTS_MAX];
    bool broke_off[INPUTS_MAX];
    struct capture_facts facts;
    struct finding findings[GLOBAL_FINDINGS_MAX];
    struct arena *arena; /* of those findings' texts */
};

bool shown_create(struct shown *shown, const struct options *options, struct budget *budget);
/* Diagnoses what changed and gathers what passes the filters. */
const struct report *shown_refresh(struct shown *shown, struct model *model,
                                   struct capture *capture);
bool shown_passes(const struct options *options, const struct signin *signin);
void shown_free(struct shown *shown);

#endif
