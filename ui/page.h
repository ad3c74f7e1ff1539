/* page.h: lines of text that wrap at any width, for everything that is read rather than chosen from
 *
 * A page is built anew for each frame.  Its text is harmless: it is escaped
 * when it is added.
 */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include "ui/canvas.h"

/* Bytes of a line in a style of their own. */
struct page_mark {
    size_t from, length;
    enum style style;
};

struct page_line {
    size_t offset, length; /* in the page's text */
    size_t label_length;   /* its first bytes are a label */
    enum style style;      /* of the rest */
    int hang;              /* columns that lines after a wrap are indented by */
    struct page_mark mark;
};

struct page {
    struct text text;
    struct page_line *lines;
    size_t count, capacity;
    bool full; /* more was added than a page may hold */
};

void page_clear(struct page *page);
void page_release(struct page *page);
void page_add(struct page *page, enum style style, const char *text);
void page_print(struct page *page, enum style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "label   value", the value hanging under itself where it wraps. */
void page_add_labelled(struct page *page, enum style style, const char *label, struct slice value);
/* One line for each line feed. */
void page_add_lines(struct page *page, enum style style, struct slice text, const char *indent);

int page_height(const struct page *page, int columns); /* rows when drawn that wide */
int page_line_height(const struct page *page, size_t line, int columns);
int page_row_of(const struct page *page, size_t line, int columns); /* the line's first row */
size_t page_line_at(const struct page *page, int row, int columns); /* count: behind the last */
/* One such part a line. */
void page_mark(struct page *page, size_t line, struct page_mark mark);
struct slice page_line_text(const struct page *page, size_t line); /* its label included */
/* Draws from row `top` of the wrapped page on. */
void page_draw(const struct page *page, struct canvas *canvas, struct area area, int top);
/* Where a line is drawn: from row `row` of the area on, which may lie above it. */
struct page_place {
    struct canvas *canvas;
    struct area area;
    int row;
};
/* Afterwards the row is the one behind the line. */
void page_draw_line(const struct page *page, size_t line, struct page_place *place);

#endif
