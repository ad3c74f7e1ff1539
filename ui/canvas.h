/* canvas.h: the cells of one frame, and the pen that writes into them
 *
 * Views draw here and know no terminal; a back end (screen.h) shows the
 * result.  Nothing can be written outside a canvas, no character is split, and
 * whatever a pen writes has been made harmless first.
 */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include "lyncscope/text.h"
#include "ui/signs.h"
#include "ui/theme.h"

struct cell {
    uint32_t character; /* 0: right half of the character before it */
    uint32_t mark;      /* a combining mark on it, 0: none */
    uint8_t style;      /* enum style */
    bool selected;
};

struct area {
    int row, column, rows, columns;
};

struct canvas {
    int rows, columns;
    struct cell *cells;
    size_t capacity; /* cells there is memory for */
    bool ascii;      /* the terminal has nothing else */
    struct text scratch;
};

/* Makes it that large and blank. Without memory it has no cells. */
void canvas_resize(struct canvas *canvas, int rows, int columns);
void canvas_release(struct canvas *canvas);
struct area canvas_area(const struct canvas *canvas);
const struct cell *canvas_cell(const struct canvas *canvas, int row, int column);
/* Its first rows as lines without trailing blanks. */
void canvas_print(const struct canvas *canvas, int rows, struct text *out);
/* Marks what was drawn there as the selected row. */
void canvas_select(struct canvas *canvas, struct area area);
void canvas_deselect(struct canvas *canvas, struct area area);

/* Rows `from`.. of an area, at most `rows` of them. */
struct area area_part(struct area area, int from, int rows);

/* Writes one line, from left to right, and stops at the area's right edge. */
struct pen {
    struct canvas *canvas;
    int row, column; /* on the canvas */
    int start, end;  /* columns on the canvas */
};

struct pen pen_at(struct canvas *canvas, struct area area, int row);
int pen_left(const struct pen *pen); /* columns */
/* To a column of the area; both ways. */
void pen_move(struct pen *pen, int column);
/* Text of any origin. What does not fit is cut with a sign. */
void pen_put(struct pen *pen, enum style style, const char *text);
void pen_put_slice(struct pen *pen, enum style style, struct slice text);
void pen_put_sign(struct pen *pen, enum style style, enum sign sign);
/* Exactly so many columns: cut with a sign, or filled up with blanks. */
void pen_put_field(struct pen *pen, enum style style, const char *text, int columns);
void pen_fill(struct pen *pen, enum style style, enum sign sign, int columns);

#endif
