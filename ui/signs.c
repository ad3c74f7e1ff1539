/* signs.c: signs and looks of outcomes; whatever a colour says, a sign says too */
#include "ui/signs.h"

static const struct {
    const char *utf8, *ascii;
} signs[SIGN_COUNT] = {
    [SIGN_OK] = { "\u2714", "+" },          [SIGN_EXPECTED] = { "\u25cb", "o" },
    [SIGN_WARNING] = { "!", "!" },          [SIGN_FAILED] = { "\u2718", "X" },
    [SIGN_UNANSWERED] = { "\u2026", "~" },  [SIGN_UNKNOWN] = { "?", "?" },
    [SIGN_NOT_REACHED] = { "\u00b7", "." }, [SIGN_CUT] = { "\u2026", "~" },
    [SIGN_SEPARATOR] = { "\u00b7", "|" },   [SIGN_LIVE] = { "\u25cf", "*" },
    [SIGN_VERTICAL] = { "\u2502", "|" },    [SIGN_HORIZONTAL] = { "\u2500", "-" },
    [SIGN_DOUBLE] = { "\u2550", "=" },      [SIGN_HEAD_LEFT] = { "\u25c4", "<" },
    [SIGN_HEAD_RIGHT] = { "\u25ba", ">" },  [SIGN_SELF] = { "\u25c6", "@" },
    [SIGN_ASCENDING] = { "\u2191", "^" },   [SIGN_DESCENDING] = { "\u2193", "v" },
    [SIGN_TIMES] = { "\u00d7", "x" },       [SIGN_ARROW] = { "\u2192", "->" },
    [SIGN_MARKED] = { "\u25c6", "*" },      [SIGN_DIFFERENT] = { "\u2260", "#" },
    [SIGN_LINK] = { "\u25b8", ">" },        [SIGN_SHADE] = { "\u2591", "%" },
    [SIGN_REPEAT] = { "\u254c", "-" },      [SIGN_SILENCE] = { "\u00b7", "." },
    [SIGN_FOLDED] = { "\u25b8", "+" },      [SIGN_UNFOLDED] = { "\u25be", "-" },
    [SIGN_TOP_LEFT] = { "\u250c", "+" },    [SIGN_TOP_RIGHT] = { "\u2510", "+" },
    [SIGN_BOTTOM_LEFT] = { "\u2514", "+" }, [SIGN_BOTTOM_RIGHT] = { "\u2518", "+" },
    [SIGN_BAR] = { "\u2588", "#" },         [SIGN_BAR_FAILED] = { "\u2593", "X" },
    [SIGN_BAR_UNKNOWN] = { "\u2591", "?" }, [SIGN_LEVEL_1] = { "\u2581", "." },
    [SIGN_LEVEL_2] = { "\u2582", ":" },     [SIGN_LEVEL_3] = { "\u2583", "-" },
    [SIGN_LEVEL_4] = { "\u2584", "=" },     [SIGN_LEVEL_5] = { "\u2585", "+" },
    [SIGN_LEVEL_6] = { "\u2586", "*" },     [SIGN_LEVEL_7] = { "\u2587", "#" },
    [SIGN_LEVEL_8] = { "\u2588", "@" },
};

const char *sign_text(enum sign sign, bool ascii)
{
    return ascii ? signs[sign].ascii : signs[sign].utf8;
}

static const struct {
    enum sign sign;
    enum style style;
} steps[] = {
    [STEP_OK] = { SIGN_OK, STYLE_OK },
    [STEP_EXPECTED] = { SIGN_EXPECTED, STYLE_EXPECTED },
    [STEP_WARNING] = { SIGN_WARNING, STYLE_WARNING },
    [STEP_FAILED] = { SIGN_FAILED, STYLE_FAILED },
    [STEP_UNANSWERED] = { SIGN_UNANSWERED, STYLE_FAILED },
}, outcomes[] = {
    [OUTCOME_SUCCEEDED] = { SIGN_OK, STYLE_OK },
    [OUTCOME_FAILED] = { SIGN_FAILED, STYLE_FAILED },
    [OUTCOME_INCOMPLETE] = { SIGN_UNKNOWN, STYLE_UNKNOWN },
};

enum sign sign_of_step(enum step_status status)
{
    return steps[status].sign;
}

enum style style_of_step(enum step_status status)
{
    return steps[status].style;
}

enum sign sign_of_outcome(enum outcome outcome)
{
    return outcomes[outcome].sign;
}

enum style style_of_outcome(enum outcome outcome)
{
    return outcomes[outcome].style;
}

enum style style_of_severity(enum severity severity)
{
    static const enum style styles[] = {
        [SEVERITY_CRITICAL] = STYLE_FAILED,
        [SEVERITY_ERROR] = STYLE_FAILED,
        [SEVERITY_WARNING] = STYLE_WARNING,
        [SEVERITY_INFO] = STYLE_DIM,
    };

    return styles[severity];
}
