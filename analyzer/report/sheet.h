/* sheet.h: text for people: escaped, wrapped and coloured
 *
 * Every text may come from the wire and is made harmless here.  Widths are
 * columns on the screen.  In a locale that is not UTF-8 only ASCII is printed.
 */
#ifndef LYNCSCOPE_REPORT_SHEET_H
#define LYNCSCOPE_REPORT_SHEET_H

#include "lyncscope/report.h"
#include "lyncscope/text.h"

enum style { STYLE_PLAIN, STYLE_STRONG, STYLE_DIM, STYLE_GOOD, STYLE_BAD, STYLE_WARN };
enum mark { MARK_GOOD, MARK_BAD, MARK_UNKNOWN, MARK_WARN, MARK_EXPECTED, MARK_BROKEN };

struct sheet {
    FILE *out;
    unsigned width;
    bool color;
    bool utf8;
    struct text scratch;
};

struct sheet sheet_open(FILE *out, const struct report_options *options);
void sheet_close(struct sheet *sheet);

unsigned sheet_text_width(struct sheet *sheet, const char *text);
void sheet_print(struct sheet *sheet, enum style style,
                 const char *text); /* no line feed, as it is */
/* Exactly `width` columns: filled with blanks, or cut and marked as cut. */
void sheet_cell(struct sheet *sheet, enum style style, const char *text, unsigned width);
/* The same with the blanks in front. */
void sheet_cell_right(struct sheet *sheet, enum style style, const char *text, unsigned width);
void sheet_mark(struct sheet *sheet, enum mark mark); /* one column */
/* Words from column `at` on to the end of the line and over further lines that begin in column
 * `indent`; ends with a line feed. */
void sheet_wrap(struct sheet *sheet, enum style style, const char *text, unsigned at,
                unsigned indent);

void sheet_end_line(struct sheet *sheet);

/* Appends a number with a comma between thousands. */
void text_add_count(struct text *text, uint64_t count);
/* "1 packet", "1,204 packets" */
void text_add_counted(struct text *text, uint64_t count, const char *one, const char *many);

#endif
