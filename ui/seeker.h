/* seeker.h: a search over all sign-ins, which remembers where it looked
 *
 * Looking through everything of ten thousand sign-ins takes a while, so each
 * answer is kept until that sign-in changes, and who asks says how many bytes
 * may be looked at; what was not reached is not known yet.
 */
#ifndef UI_SEEKER_H
#define UI_SEEKER_H

#include "ui/prompt.h"
#include "ui/search.h"

/* What a sign-in was like when it was looked through. */
struct seen {
    unsigned id; /* 0: free */
    bool has_it;
    size_t steps, findings;
    int64_t ended_ns;
    enum outcome outcome;
};

struct seeker {
    char needle[PROMPT_BYTES + 1]; /* "": no search is going on */
    struct seen *seen;             /* by id */
    size_t capacity;
};

enum seeker_answer { SEEKER_NO, SEEKER_YES, SEEKER_NOT_YET };

void seeker_start(struct seeker *seeker, const char *needle); /* "" ends it */
void seeker_release(struct seeker *seeker);
bool seeker_is_on(const struct seeker *seeker);
/* `left` counts down; at 0 only what is known already is told. */
enum seeker_answer seeker_ask(struct seeker *seeker, const struct signin *signin, uint64_t *left);
/* Where it is in that one; NULL: nowhere. */
const char *seeker_where(const struct seeker *seeker, const struct signin *signin, unsigned *step);

#endif
