/* theme.h: looks by meaning; only a back end turns them into colours */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>

enum style {
    STYLE_PLAIN,
    STYLE_DIM,     /* helps to read the rest: lines, units, what was expected */
    STYLE_TITLE,   /* the top line */
    STYLE_HEADING, /* names of columns and parts */
    STYLE_LABEL,   /* the name in front of a value */
    STYLE_KEY,     /* a key in the footer */
    STYLE_LIVE,    /* the capture is running */
    STYLE_OK,
    STYLE_EXPECTED, /* went wrong as it should */
    STYLE_WARNING,
    STYLE_FAILED,
    STYLE_UNKNOWN, /* the capture cannot tell */
    STYLE_SECURE,  /* encrypted */
    STYLE_COUNT,
};

enum { LOOK_BOLD = 1, LOOK_REVERSE = 2, LOOK_UNDERLINE = 4, LOOK_DIM = 8 };
enum { COLOR_OF_TERMINAL = -1 };

struct look {
    const char *name;
    int color_8;       /* ANSI 0..7, or the terminal's own; for a dark background */
    int color_8_light; /* for a light one */
    int color_256;
    unsigned color_looks; /* besides the colour */
    unsigned mono_looks;  /* without colours */
};

const struct look *theme_look(enum style style);

#endif
