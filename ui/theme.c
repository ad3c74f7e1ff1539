/* theme.c: colours by meaning
 *
 * Red is for failures and for nothing else.  The background stays the
 * terminal's own and the 256-colour values are of middle brightness, so that
 * they can be read on light and on dark ones.  Of the eight colours yellow and
 * cyan cannot be read on white.
 */
#include "ui/theme.h"

static const struct look looks[STYLE_COUNT] = {
    [STYLE_PLAIN] = { "plain", COLOR_OF_TERMINAL, COLOR_OF_TERMINAL, COLOR_OF_TERMINAL, 0, 0 },
    [STYLE_DIM] = { "dim", COLOR_OF_TERMINAL, COLOR_OF_TERMINAL, 244, 0, 0 },
    [STYLE_TITLE] = { "title", COLOR_OF_TERMINAL, COLOR_OF_TERMINAL, COLOR_OF_TERMINAL, LOOK_BOLD,
                      LOOK_BOLD },
    [STYLE_HEADING] = { "heading", 6, 4, 31, LOOK_BOLD, LOOK_UNDERLINE },
    [STYLE_LABEL] = { "label", 6, 4, 31, 0, 0 },
    [STYLE_KEY] = { "key", COLOR_OF_TERMINAL, COLOR_OF_TERMINAL, COLOR_OF_TERMINAL, LOOK_BOLD,
                    LOOK_BOLD },
    [STYLE_LIVE] = { "live", 2, 2, 34, LOOK_BOLD, LOOK_BOLD },
    [STYLE_OK] = { "ok", 2, 2, 34, 0, 0 },
    [STYLE_EXPECTED] = { "expected", COLOR_OF_TERMINAL, COLOR_OF_TERMINAL, 244, 0, 0 },
    [STYLE_WARNING] = { "warning", 3, 5, 172, 0, LOOK_UNDERLINE },
    [STYLE_FAILED] = { "failed", 1, 1, 160, LOOK_BOLD, LOOK_BOLD },
    [STYLE_UNKNOWN] = { "unknown", 5, 5, 133, 0, 0 },
    [STYLE_SECURE] = { "secure", 4, 4, 68, 0, 0 },
};

const struct look *theme_look(enum style style)
{
    return &looks[style];
}
