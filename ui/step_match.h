/* step_match.h: which steps of two sign-ins are the same one, and what differs between them */
#ifndef UI_STEP_MATCH_H
#define UI_STEP_MATCH_H

#include "lyncscope/signin.h"
#include "lyncscope/text.h"
#include "ui/align.h"

/* Two sign-ins, aligned. */
struct step_match {
    const struct signin *left, *right;
    struct alignment rows;
};

bool step_match_make(struct step_match *match, const struct signin *left,
                     const struct signin *right); /* false: no memory, no rows */
void step_match_release(struct step_match *match);
/* NULL: a gap. */
const struct step *step_match_left(const struct step_match *match, size_t row);
const struct step *step_match_right(const struct step_match *match, size_t row);
/* Their results differ, or one has no such step. */
bool step_match_differs(const struct step_match *match, size_t row);
/* "result, host, time", as words; nothing where nothing differs. */
void step_match_add_differences(struct text *out, const struct step *left, const struct step *right,
                                bool ascii);

#endif
