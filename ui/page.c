/* page.c: lines of text that wrap at any width */
#include "ui/page.h"

#include <stdarg.h>
#include <stdio.h>

#include "ui/measure.h"

enum { LINES_MAX = 200000, LABEL_COLUMNS = 12, HANG_MOST = 24 };

void page_clear(struct page *page)
{
    text_truncate(&page->text, 0);
    page->count = 0;
    page->full = false;
}

void page_release(struct page *page)
{
    text_release(&page->text);
    memory_give(NULL, page->lines, page->capacity * sizeof *page->lines);
    *page = (struct page){ 0 };
}

static struct page_line *add_line(struct page *page)
{
    size_t capacity = page->capacity ? page->capacity * 2 : 64;

    if (page->count == page->capacity) {
        struct page_line *lines = NULL;

        if (capacity <= LINES_MAX)
            lines = memory_resize(NULL, page->lines, page->capacity * sizeof *lines,
                                  capacity * sizeof *lines);
        if (!lines) {
            page->full = true;
            return NULL;
        }
        page->lines = lines;
        page->capacity = capacity;
    }
    page->lines[page->count] = (struct page_line){ .offset = text_length(&page->text) };
    return &page->lines[page->count++];
}

static void add_escaped_line(struct page *page, enum style style, struct slice text)
{
    struct page_line *line = add_line(page);

    if (!line)
        return;
    line->style = style;
    text_add_escaped(&page->text, text);
    line->length = text_length(&page->text) - line->offset;
}

void page_add(struct page *page, enum style style, const char *text)
{
    add_escaped_line(page, style, slice_of_text(text));
}

void page_print(struct page *page, enum style style, const char *format, ...)
{
    char line[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    page_add(page, style, line);
}

void page_add_labelled(struct page *page, enum style style, const char *label, struct slice value)
{
    struct page_line *line = add_line(page);
    int columns = measure_text(slice_of_text(label));

    if (!line)
        return;
    text_add_escaped(&page->text, slice_of_text(label));
    do
        text_add(&page->text, " ");
    while (++columns < LABEL_COLUMNS);
    line->label_length = text_length(&page->text) - line->offset;
    text_add_escaped(&page->text, value);
    line->length = text_length(&page->text) - line->offset;
    line->hang = columns <= HANG_MOST ? columns : LABEL_COLUMNS;
    line->style = style;
}

void page_add_lines(struct page *page, enum style style, struct slice text, const char *indent)
{
    while (text.length > 0) {
        size_t end = slice_find_byte(text, '\n');
        struct slice whole = slice_part(text, 0, end);
        struct page_line *line = add_line(page);

        if (!line)
            return;
        if (whole.length > 0 && whole.data[whole.length - 1] == '\r')
            whole.length--;
        text_add(&page->text, indent);
        text_add_escaped(&page->text, whole);
        line->length = text_length(&page->text) - line->offset;
        line->style = style;
        line->hang = measure_text(slice_of_text(indent)) + 2;
        text = slice_after(text, end + 1);
    }
}

/* ---- wrapping ---- */

/* What is left of a line, and how it is drawn. */
struct wrap {
    struct slice rest;
    int indent;  /* columns in front of it */
    bool begins; /* the line's first row */
};

static struct wrap wrap_line(const struct page *page, const struct page_line *line)
{
    struct slice all = buffer_slice(&page->text.bytes);

    return (struct wrap){ slice_part(all, line->offset, line->length), 0, true };
}

/* Where to break: behind the last blank that fits, else where the columns end. */
static size_t find_break(struct slice text, int columns)
{
    size_t fits = measure_fit(text, columns);
    size_t at = fits;

    if (fits >= text.length)
        return text.length;
    while (at > 0 && text.data[at - 1] != ' ' && text.data[at] != ' ')
        at--;
    if (at <= fits / 3) /* breaking there would waste most of the row */
        at = fits;
    if (at == 0) { /* not even one character fits: it is taken all the same, to get on */
        uint32_t character;

        at = utf8_decode(text, &character);
    }
    return at ? at : 1;
}

/* Cuts the next row's text off; false when the line is done. */
static bool next_row(struct wrap *wrap, struct slice *row, int columns)
{
    size_t length;

    if (wrap->rest.length == 0 && !wrap->begins)
        return false;
    if (columns - wrap->indent < 8)
        wrap->indent = 0;
    length = find_break(wrap->rest, columns - wrap->indent);
    *row = slice_part(wrap->rest, 0, length);
    wrap->rest = slice_after(wrap->rest, length);
    while (wrap->rest.length > 0 && wrap->rest.data[0] == ' ')
        wrap->rest = slice_after(wrap->rest, 1);
    return true;
}

int page_line_height(const struct page *page, size_t line, int columns)
{
    struct wrap wrap = wrap_line(page, &page->lines[line]);
    struct slice row;
    int height = 0;

    while (next_row(&wrap, &row, columns)) {
        wrap.begins = false;
        wrap.indent = page->lines[line].hang;
        height++;
    }
    return height;
}

int page_row_of(const struct page *page, size_t line, int columns)
{
    int row = 0;

    for (size_t i = 0; i < line && i < page->count; i++)
        row += page_line_height(page, i, columns);
    return row;
}

int page_height(const struct page *page, int columns)
{
    return page_row_of(page, page->count, columns);
}

size_t page_line_at(const struct page *page, int row, int columns)
{
    size_t line = 0;

    while (line < page->count) {
        row -= page_line_height(page, line, columns);
        if (row < 0)
            break;
        line++;
    }
    return line;
}

/* Part of a line, from byte `at` of it on. */
static void draw_part(struct pen *pen, const struct page_line *line, struct slice part, size_t at)
{
    size_t from = line->mark.from > at ? line->mark.from - at : 0;
    size_t end = line->mark.from + line->mark.length;
    enum style style = at < line->label_length ? STYLE_LABEL : line->style;

    end = end > at ? end - at : 0;
    if (line->mark.length == 0 || from > part.length)
        from = end = part.length;
    pen_put_slice(pen, style, slice_part(part, 0, from));
    pen_put_slice(pen, line->mark.style, slice_part(slice_part(part, 0, end), from, end));
    pen_put_slice(pen, style, slice_after(part, end));
}

static void draw_row(struct pen pen, const struct page_line *line, struct slice row, size_t at)
{
    size_t label = at < line->label_length ? line->label_length - at : 0;

    draw_part(&pen, line, slice_part(row, 0, label), at);
    draw_part(&pen, line, slice_after(row, label), at + label);
}

void page_draw_line(const struct page *page, size_t index, struct page_place *place)
{
    const struct page_line *line = &page->lines[index];
    struct wrap wrap = wrap_line(page, line);
    struct slice row;
    size_t done = 0; /* bytes of the line */

    while (place->row < place->area.rows && next_row(&wrap, &row, place->area.columns)) {
        struct pen pen = pen_at(place->canvas, place->area, place->row++);

        pen_move(&pen, wrap.indent);
        draw_row(pen, line, row, done);
        done = line->length - wrap.rest.length;
        wrap.begins = false;
        wrap.indent = line->hang;
    }
}

void page_draw(const struct page *page, struct canvas *canvas, struct area area, int top)
{
    struct page_place place = { canvas, area, -top };

    for (size_t i = 0; i < page->count && place.row < area.rows; i++)
        page_draw_line(page, i, &place);
}

struct slice page_line_text(const struct page *page, size_t line)
{
    const struct page_line *at = &page->lines[line];

    return slice_part(buffer_slice(&page->text.bytes), at->offset, at->length);
}

void page_mark(struct page *page, size_t line, struct page_mark mark)
{
    page->lines[line].mark = mark;
}
