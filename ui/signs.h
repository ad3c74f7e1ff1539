/* signs.h: the few drawn characters, in UTF-8 and where there is only ASCII */
#ifndef UI_SIGNS_H
#define UI_SIGNS_H

#include "lyncscope/signin.h"
#include "ui/theme.h"

enum sign {
    SIGN_OK,
    SIGN_EXPECTED,
    SIGN_WARNING,
    SIGN_FAILED,
    SIGN_UNANSWERED,
    SIGN_UNKNOWN,
    SIGN_NOT_REACHED,
    SIGN_CUT, /* text goes on beyond the edge */
    SIGN_SEPARATOR,
    SIGN_LIVE,
    SIGN_VERTICAL,
    SIGN_HORIZONTAL,
    SIGN_DOUBLE, /* horizontal, encrypted */
    SIGN_HEAD_LEFT,
    SIGN_HEAD_RIGHT,
    SIGN_SELF, /* from a host to itself */
    SIGN_ASCENDING,
    SIGN_DESCENDING,
    SIGN_TIMES,
    SIGN_ARROW,
    SIGN_MARKED,
    SIGN_DIFFERENT,
    SIGN_LINK,    /* Enter opens something here */
    SIGN_SHADE,   /* encrypted, not read */
    SIGN_REPEAT,  /* horizontal, sent again */
    SIGN_SILENCE, /* horizontal, nothing came back */
    SIGN_FOLDED,
    SIGN_UNFOLDED,
    SIGN_TOP_LEFT, /* corners of a box */
    SIGN_TOP_RIGHT,
    SIGN_BOTTOM_LEFT,
    SIGN_BOTTOM_RIGHT,
    SIGN_BAR,        /* of a bar: what went well, */
    SIGN_BAR_FAILED, /* what failed, */
    SIGN_BAR_UNKNOWN,
    SIGN_LEVEL_1, /* an eighth of a row ... */
    SIGN_LEVEL_2,
    SIGN_LEVEL_3,
    SIGN_LEVEL_4,
    SIGN_LEVEL_5,
    SIGN_LEVEL_6,
    SIGN_LEVEL_7,
    SIGN_LEVEL_8, /* ... to all of it */
    SIGN_COUNT,
};

const char *sign_text(enum sign sign, bool ascii);
enum sign sign_of_step(enum step_status status);
enum style style_of_step(enum step_status status);
enum sign sign_of_outcome(enum outcome outcome);
enum style style_of_outcome(enum outcome outcome);
enum style style_of_severity(enum severity severity);

#endif
