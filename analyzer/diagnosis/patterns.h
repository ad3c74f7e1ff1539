/* patterns.h: what the searches for patterns across sign-ins share
 *
 * The sign-ins are those that were judged, in order of their start; the ones
 * that cannot be judged say nothing either way and are left out.
 */
#ifndef LYNCSCOPE_DIAGNOSIS_PATTERNS_H
#define LYNCSCOPE_DIAGNOSIS_PATTERNS_H

#include "lyncscope/rule.h"
#include "lyncscope/text.h"

enum { CITED_MAX = 6 };

struct crowd {
    const struct capture_facts *facts;
    struct arena *arena;
    const struct signin **signins;
    size_t count;
    const char **patterns;
    size_t pattern_count;
};

/* Some of the sign-ins that show a pattern, and how many there are. */
struct picked {
    const struct signin *some[CITED_MAX];
    size_t count;
};

bool signin_failed(const struct signin *signin);
void picked_add(struct picked *picked, const struct signin *signin);

/* " (wrong user name or password)": what hits most of those that failed. */
void crowd_add_reason(struct text *text, const struct picked *failed);
void crowd_add_time(struct text *text, int64_t time_ns); /* "10:23:45 UTC" */
/* Ends the sentence with its proof, files it, releases the text. */
void crowd_tell(struct crowd *crowd, struct text *text, const struct picked *failed,
                const struct picked *others);

/* Every search, over the sign-ins that the crowd holds. */
void patterns_search(struct crowd *crowd);

/* patterns_server.c, patterns_auth.c */
void patterns_find_server(struct crowd *crowd);
void patterns_find_auth(struct crowd *crowd);
bool patterns_is_refused_password(const struct signin *signin);

#endif
