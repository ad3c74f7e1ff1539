/* sheet.c: text for people: escaped, wrapped and coloured */
#include "analyzer/report/sheet.h"

#include <langinfo.h>
#include <string.h>
#include <wchar.h>

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 40, BREAK_ROOM = 16 };

static const char *const style_codes[] = {
    [STYLE_PLAIN] = "",        [STYLE_STRONG] = "\033[1m", [STYLE_DIM] = "\033[2m",
    [STYLE_GOOD] = "\033[32m", [STYLE_BAD] = "\033[1;31m", [STYLE_WARN] = "\033[33m",
};

struct sheet sheet_open(FILE *out, const struct report_options *options)
{
    unsigned width = options->width ? options->width : WIDTH_DEFAULT;

    return (struct sheet){ .out = out,
                           .width = width < WIDTH_LEAST ? WIDTH_LEAST : width,
                           .color = options->color,
                           .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 };
}

void sheet_close(struct sheet *sheet)
{
    text_release(&sheet->scratch);
}

/* ---- characters ---- */

/* The columns of a character; -1: not to be shown as it is. */
static int character_width(const struct sheet *sheet, uint32_t character)
{
    if (character < 0x80)
        return 1;
    return sheet->utf8 ? wcwidth((wchar_t)character) : -1;
}

static bool is_ascii(struct slice text)
{
    uint8_t bits = 0;

    for (size_t i = 0; i < text.length; i++)
        bits |= text.data[i];
    return bits < 0x80;
}

/* Escapes into the sheet's scratch, and what this terminal cannot show as well. */
static struct slice make_printable(struct sheet *sheet, const char *raw)
{
    struct text escaped = { 0 };
    struct slice rest = slice_of_text(raw);

    text_truncate(&sheet->scratch, 0);
    if (is_ascii(rest)) { /* every terminal shows that */
        text_add_escaped(&sheet->scratch, rest);
        return buffer_slice(&sheet->scratch.bytes);
    }
    text_add_escaped(&escaped, rest);
    rest = buffer_slice(&escaped.bytes);
    while (rest.length) {
        uint32_t character = 0;
        size_t length = utf8_decode(rest, &character);

        if (length == 0)
            length = 1;
        if (character_width(sheet, character) >= 0)
            text_add_slice(&sheet->scratch, slice_part(rest, 0, length));
        else
            text_print(&sheet->scratch, "\\u{%04X}", (unsigned)character);
        rest = slice_after(rest, length);
    }
    text_release(&escaped);
    return buffer_slice(&sheet->scratch.bytes);
}

static unsigned printable_width(const struct sheet *sheet, struct slice text)
{
    unsigned width = 0;

    if (is_ascii(text))
        return (unsigned)text.length;
    while (text.length) {
        uint32_t character = 0;
        size_t length = utf8_decode(text, &character);

        width += (unsigned)character_width(sheet, character);
        text = slice_after(text, length ? length : 1);
    }
    return width;
}

/* How many bytes fit into so many columns. */
static size_t length_that_fits(const struct sheet *sheet, struct slice text, unsigned columns)
{
    size_t used = 0;

    /* One byte more: a character without width of its own belongs to the last one. */
    if (is_ascii(slice_part(text, 0, (size_t)columns + 1)))
        return text.length < columns ? text.length : columns;
    while (used < text.length) {
        uint32_t character = 0;
        size_t length = utf8_decode(slice_after(text, used), &character);
        unsigned width = (unsigned)character_width(sheet, character);

        if (width > columns)
            break;
        columns -= width;
        used += length ? length : 1;
    }
    return used;
}

unsigned sheet_text_width(struct sheet *sheet, const char *text)
{
    return printable_width(sheet, make_printable(sheet, text));
}

/* ---- printing ---- */

static void print_styled(struct sheet *sheet, enum style style, struct slice text)
{
    bool colored = sheet->color && style != STYLE_PLAIN;

    if (colored)
        fputs(style_codes[style], sheet->out);
    fwrite(text.data ? text.data : (const uint8_t *)"", 1, text.length, sheet->out);
    if (colored)
        fputs("\033[0m", sheet->out);
}

static void print_blanks(struct sheet *sheet, unsigned count)
{
    enum { AT_ONCE = 32 };
    static const char blanks[AT_ONCE + 1] = "                                ";

    for (; count > AT_ONCE; count -= AT_ONCE)
        fwrite(blanks, 1, AT_ONCE, sheet->out);
    fwrite(blanks, 1, count, sheet->out);
}

void sheet_end_line(struct sheet *sheet)
{
    putc('\n', sheet->out);
}

void sheet_print(struct sheet *sheet, enum style style, const char *text)
{
    print_styled(sheet, style, make_printable(sheet, text));
}

static unsigned print_cut(struct sheet *sheet, enum style style, struct slice text, unsigned width)
{
    const char *sign = sheet->utf8 ? "\u2026" : "~";
    struct slice shown = slice_part(text, 0, length_that_fits(sheet, text, width - 1));

    print_styled(sheet, style, shown);
    print_styled(sheet, STYLE_DIM, slice_of_text(sign));
    return printable_width(sheet, shown) + 1;
}

void sheet_cell(struct sheet *sheet, enum style style, const char *text, unsigned width)
{
    struct slice shown = make_printable(sheet, text);
    unsigned columns = printable_width(sheet, shown);

    if (width == 0)
        return;
    if (columns > width)
        columns = print_cut(sheet, style, shown, width);
    else
        print_styled(sheet, style, shown);
    print_blanks(sheet, width - columns);
}

void sheet_cell_right(struct sheet *sheet, enum style style, const char *text, unsigned width)
{
    unsigned columns = sheet_text_width(sheet, text);

    if (columns < width)
        print_blanks(sheet, width - columns);
    sheet_cell(sheet, style, text, columns < width ? columns : width);
}

void sheet_mark(struct sheet *sheet, enum mark mark)
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

    print_styled(sheet, marks[mark].style,
                 slice_of_text(sheet->utf8 ? marks[mark].utf8 : marks[mark].ascii));
}

/* ---- wrapping ---- */

/* A place inside a long word (an address of the web) where a reader expects a break. */
static size_t break_word(struct slice text, size_t fits)
{
    size_t end = fits;

    while (end > fits / 2 && !strchr("/?&,;-", text.data[end - 1]))
        end--;
    return end > fits / 2 ? end : fits;
}

/* The bytes of the next line: up to the last blank that fits. A word that is longer than a whole
 * line is broken, and begins on this one if that has room to speak of. */
static size_t line_length(const struct sheet *sheet, struct slice text, unsigned columns,
                          unsigned whole)
{
    size_t fits = length_that_fits(sheet, text, columns);
    size_t word = fits;
    struct slice rest;

    if (fits == text.length || text.data[fits] == ' ')
        return fits;
    while (word > 0 && text.data[word - 1] != ' ')
        word--;
    rest = slice_after(text, word);
    rest = slice_part(rest, 0, slice_find_byte(rest, ' '));
    if (printable_width(sheet, rest) <= whole)
        return word;
    if (fits - word < BREAK_ROOM && columns < whole)
        return word;
    return word + break_word(rest, fits - word);
}

static struct slice skip_blanks(struct slice text)
{
    while (text.length && text.data[0] == ' ')
        text = slice_after(text, 1);
    return text;
}

void sheet_wrap(struct sheet *sheet, enum style style, const char *text, unsigned at,
                unsigned indent)
{
    struct slice rest = make_printable(sheet, text);

    while (rest.length) {
        unsigned columns = at < sheet->width ? sheet->width - at : 0;
        size_t length = line_length(sheet, rest, columns, sheet->width - indent);

        print_styled(sheet, style, slice_trim(slice_part(rest, 0, length)));
        rest = skip_blanks(slice_after(rest, length));
        if (rest.length == 0)
            break;
        sheet_end_line(sheet);
        print_blanks(sheet, indent);
        at = indent;
    }
    sheet_end_line(sheet);
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
