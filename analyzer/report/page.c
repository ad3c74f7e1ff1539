/* page.c: text for people: escaped, wrapped and coloured */
#include "analyzer/report/page.h"

#include <langinfo.h>
#include <string.h>
#include <wchar.h>

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 40 };

static const char *const style_codes[] = {
    [STYLE_PLAIN] = "",        [STYLE_STRONG] = "\033[1m", [STYLE_DIM] = "\033[2m",
    [STYLE_GOOD] = "\033[32m", [STYLE_BAD] = "\033[1;31m", [STYLE_WARN] = "\033[33m",
};

struct page page_open(FILE *out, const struct report_options *options)
{
    unsigned width = options->width ? options->width : WIDTH_DEFAULT;

    return (struct page){ .out = out,
                          .width = width < WIDTH_LEAST ? WIDTH_LEAST : width,
                          .color = options->color,
                          .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 };
}

void page_close(struct page *page)
{
    text_release(&page->scratch);
}

/* ---- characters ---- */

/* The columns of a character; -1: not to be shown as it is. */
static int character_width(const struct page *page, uint32_t character)
{
    if (character < 0x80)
        return 1;
    return page->utf8 ? wcwidth((wchar_t)character) : -1;
}

/* Escapes into the page's scratch, and what this terminal cannot show as well. */
static struct slice make_printable(struct page *page, const char *raw)
{
    struct text escaped = { 0 };
    struct slice rest;

    text_add_escaped(&escaped, slice_of_text(raw));
    text_truncate(&page->scratch, 0);
    rest = buffer_slice(&escaped.bytes);
    while (rest.length) {
        uint32_t character = 0;
        size_t length = utf8_decode(rest, &character);

        if (length == 0)
            length = 1;
        if (character_width(page, character) >= 0)
            text_add_slice(&page->scratch, slice_part(rest, 0, length));
        else
            text_print(&page->scratch, "\\u{%04X}", (unsigned)character);
        rest = slice_after(rest, length);
    }
    text_release(&escaped);
    return buffer_slice(&page->scratch.bytes);
}

static unsigned printable_width(const struct page *page, struct slice text)
{
    unsigned width = 0;

    while (text.length) {
        uint32_t character = 0;
        size_t length = utf8_decode(text, &character);

        width += (unsigned)character_width(page, character);
        text = slice_after(text, length ? length : 1);
    }
    return width;
}

/* How many bytes fit into so many columns. */
static size_t length_that_fits(const struct page *page, struct slice text, unsigned columns)
{
    size_t used = 0;

    while (used < text.length) {
        uint32_t character = 0;
        size_t length = utf8_decode(slice_after(text, used), &character);
        unsigned width = (unsigned)character_width(page, character);

        if (width > columns)
            break;
        columns -= width;
        used += length ? length : 1;
    }
    return used;
}

unsigned page_text_width(struct page *page, const char *text)
{
    return printable_width(page, make_printable(page, text));
}

/* ---- printing ---- */

static void print_styled(struct page *page, enum style style, struct slice text)
{
    bool colored = page->color && style != STYLE_PLAIN;

    if (colored)
        fputs(style_codes[style], page->out);
    fwrite(text.data ? text.data : (const uint8_t *)"", 1, text.length, page->out);
    if (colored)
        fputs("\033[0m", page->out);
}

static void print_blanks(struct page *page, unsigned count)
{
    fprintf(page->out, "%*s", (int)count, "");
}

void page_end_line(struct page *page)
{
    putc('\n', page->out);
}

void page_print(struct page *page, enum style style, const char *text)
{
    print_styled(page, style, make_printable(page, text));
}

static unsigned print_cut(struct page *page, enum style style, struct slice text, unsigned width)
{
    const char *sign = page->utf8 ? "\u2026" : "~";
    struct slice shown = slice_part(text, 0, length_that_fits(page, text, width - 1));

    print_styled(page, style, shown);
    print_styled(page, STYLE_DIM, slice_of_text(sign));
    return printable_width(page, shown) + 1;
}

void page_cell(struct page *page, enum style style, const char *text, unsigned width)
{
    struct slice shown = make_printable(page, text);
    unsigned columns = printable_width(page, shown);

    if (width == 0)
        return;
    if (columns > width)
        columns = print_cut(page, style, shown, width);
    else
        print_styled(page, style, shown);
    print_blanks(page, width - columns);
}

void page_cell_right(struct page *page, enum style style, const char *text, unsigned width)
{
    unsigned columns = page_text_width(page, text);

    if (columns < width)
        print_blanks(page, width - columns);
    page_cell(page, style, text, columns < width ? columns : width);
}

void page_mark(struct page *page, enum mark mark)
{
    static const struct {
        const char *utf8, *ascii;
        enum style style;
    } marks[] = {
        [MARK_GOOD] = { "\u2714", "+", STYLE_GOOD },
        [MARK_BAD] = { "\u2718", "X", STYLE_BAD },
        [MARK_UNKNOWN] = { "?", "?", STYLE_WARN },
        [MARK_WARN] = { "!", "!", STYLE_WARN },
        [MARK_EXPECTED] = { "\u00b7", ".", STYLE_DIM },
        [MARK_BROKEN] = { "\u25b6", ">", STYLE_BAD },
    };

    print_styled(page, marks[mark].style,
                 slice_of_text(page->utf8 ? marks[mark].utf8 : marks[mark].ascii));
}

/* ---- wrapping ---- */

/* The bytes of the next line: up to the last blank that fits, or a part of a word that is longer
 * than a line. `fresh`: nothing stands on the line yet. */
static size_t line_length(const struct page *page, struct slice text, unsigned columns, bool fresh)
{
    size_t fits = length_that_fits(page, text, columns);
    size_t end = fits;

    if (fits == text.length || text.data[fits] == ' ')
        return fits;
    while (end > 0 && text.data[end - 1] != ' ')
        end--;
    if (end > 0)
        return end;
    return fresh ? fits : 0;
}

static struct slice skip_blanks(struct slice text)
{
    while (text.length && text.data[0] == ' ')
        text = slice_after(text, 1);
    return text;
}

void page_wrap(struct page *page, enum style style, const char *text, unsigned at, unsigned indent)
{
    struct slice rest = make_printable(page, text);
    /* A first line with no room to speak of would break a word that fits on the next. */
    bool fresh = at <= indent;

    while (rest.length) {
        unsigned columns = at < page->width ? page->width - at : 0;
        size_t length = line_length(page, rest, columns, fresh);

        print_styled(page, style, slice_trim(slice_part(rest, 0, length)));
        rest = skip_blanks(slice_after(rest, length));
        if (rest.length == 0)
            break;
        page_end_line(page);
        print_blanks(page, indent);
        at = indent;
        fresh = true;
    }
    page_end_line(page);
}

/* ---- numbers ---- */

void text_add_count(struct text *text, uint64_t count)
{
    uint64_t unit = 1;

    while (count / unit >= 1000)
        unit *= 1000;
    text_print(text, "%u", (unsigned)(count / unit));
    for (; unit > 1; unit /= 1000)
        text_print(text, ",%03u", (unsigned)(count % unit / (unit / 1000)));
}

void text_add_counted(struct text *text, uint64_t count, const char *one, const char *many)
{
    text_add_count(text, count);
    text_add(text, " ");
    text_add(text, count == 1 ? one : many);
}
