/* traits.h: what sign-ins have in common: filtered, grouped and counted by
 *
 * One place, so that the filter, the groups of the list and the numbers never
 * disagree about whose cause or whose Front End something is.
 */
#ifndef UI_TRAITS_H
#define UI_TRAITS_H

#include "lyncscope/signin.h"
#include "lyncscope/text.h"

enum trait {
    TRAIT_RESULT, /* "failed", "incomplete", "succeeded" */
    TRAIT_STAGE,  /* where it failed */
    TRAIT_CAUSE,  /* the rule's id */
    TRAIT_CLIENT, /* its name, else its address */
    TRAIT_USER,   /* without "sip:" */
    TRAIT_DEVICE,
    TRAIT_DOMAIN, /* SIP domain */
    TRAIT_FRONT_END,
    TRAIT_COUNT,
};

const char *trait_name(enum trait trait);
/* The finding that a sign-in failed by, or cannot be judged by; NULL: none. */
const struct finding *signin_cause(const struct signin *signin);
/* The name of the Front End it got to, as written; empty: none, or one without a name. */
struct slice signin_front_end(const struct signin *signin);
/* In lower case where case does not matter; nothing when it has none. Not escaped. */
void trait_add(struct text *out, const struct signin *signin, enum trait trait);
/* The same as a person would say it: a title instead of a rule's id. */
void trait_add_words(struct text *out, const struct signin *signin, enum trait trait);
/* By what a person would type: also the title of the cause, the client's address. */
bool trait_contains(const struct signin *signin, enum trait trait, const char *word);
bool trait_equals(const struct signin *signin, enum trait trait, const char *word);

#endif
