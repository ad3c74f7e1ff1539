/* text_table.c: a line a sign-in
 *
 * Client, owner and result share what the fixed columns leave: each gets what
 * it needs, and when that is too much the widest gives way.
 */
#include <string.h>

#include "analyzer/report/text_parts.h"

enum {
    COLUMN_CLIENT,
    COLUMN_OWNER,
    COLUMN_RESULT,
    COLUMNS,
    MARK_WIDTH = 2,
    TOOK_WIDTH = 8,
    CLOCK_START = 11, /* of an RFC 3339 time: "2026-11-20T23:02:11" */
    CLOCK_LENGTH = 8,
    DATE_LENGTH = 10,
};

struct row {
    struct text cells[COLUMNS];
    struct text when, took, id;
};

struct layout {
    unsigned widths[COLUMNS];
    unsigned id_width, when_width;
    bool dated; /* the sign-ins are of more than one day */
};

static void make_row(struct row *row, const struct signin *signin, bool dated)
{
    char time[TIME_TEXT_SIZE], client[ADDRESS_TEXT_SIZE];
    struct slice started;

    for (int c = 0; c < COLUMNS; c++)
        text_truncate(&row->cells[c], 0);
    text_truncate(&row->when, 0);
    text_truncate(&row->took, 0);
    text_truncate(&row->id, 0);

    time_format_utc(signin->started_ns, time);
    started = slice_of_text(time);
    if (dated) {
        text_add_slice(&row->when, slice_part(started, 0, DATE_LENGTH));
        text_add(&row->when, " ");
    }
    text_add_slice(&row->when, slice_part(started, CLOCK_START, CLOCK_LENGTH));
    address_format(&signin->client.endpoint.address, client);
    text_add(&row->cells[COLUMN_CLIENT], client);
    text_add_owner(&row->cells[COLUMN_OWNER], signin);
    text_add(&row->cells[COLUMN_RESULT],
             signin->result ? signin->result : outcome_name(signin->outcome));
    text_add_duration(&row->took, signin->ended_ns - signin->started_ns);
    text_print(&row->id, "%u", signin->id);
}

static void release_row(struct row *row)
{
    for (int c = 0; c < COLUMNS; c++)
        text_release(&row->cells[c]);
    text_release(&row->when);
    text_release(&row->took);
    text_release(&row->id);
}

/* ---- widths ---- */

static const char *const titles[COLUMNS] = { "Client", "User", "Result" };

static void fit_widths(struct layout *layout, unsigned sheet_width)
{
    unsigned room = sheet_width - MARK_WIDTH - layout->id_width - layout->when_width - TOOK_WIDTH -
                    2 * (COLUMNS + 1);

    for (;;) {
        unsigned sum = 0, widest = 0;

        for (unsigned c = 0; c < COLUMNS; c++) {
            sum += layout->widths[c];
            if (layout->widths[c] > layout->widths[widest])
                widest = c;
        }
        if (sum <= room || layout->widths[widest] == 0)
            return;
        layout->widths[widest]--;
    }
}

static bool is_of_one_day(const struct causes *causes)
{
    char date[TIME_TEXT_SIZE], time[TIME_TEXT_SIZE];

    time_format_utc(causes->signins[0]->started_ns, date);
    for (size_t i = 1; i < causes->signin_count; i++) {
        time_format_utc(causes->signins[i]->started_ns, time);
        if (strncmp(time, date, DATE_LENGTH) != 0)
            return false;
    }
    return true;
}

static struct layout make_layout(struct sheet *sheet, const struct causes *causes)
{
    struct layout layout = { .id_width = 1, .when_width = CLOCK_LENGTH };
    struct row row = { 0 };

    layout.dated = !is_of_one_day(causes);
    if (layout.dated)
        layout.when_width += DATE_LENGTH + 1;
    for (unsigned c = 0; c < COLUMNS; c++)
        layout.widths[c] = (unsigned)strlen(titles[c]);
    for (size_t i = 0; i < causes->signin_count; i++) {
        make_row(&row, causes->signins[i], layout.dated);
        for (unsigned c = 0; c < COLUMNS; c++) {
            unsigned width = sheet_text_width(sheet, text_string(&row.cells[c]));

            if (width > layout.widths[c])
                layout.widths[c] = width;
        }
        if (text_length(&row.id) > layout.id_width)
            layout.id_width = (unsigned)text_length(&row.id);
    }
    release_row(&row);
    fit_widths(&layout, sheet->width);
    return layout;
}

/* ---- printing ---- */

static void print_cells(struct sheet *sheet, const struct layout *layout, const struct row *row,
                        enum style result)
{
    sheet_cell_right(sheet, STYLE_PLAIN, text_string(&row->id), layout->id_width);
    sheet_print(sheet, STYLE_PLAIN, "  ");
    sheet_cell(sheet, STYLE_PLAIN, text_string(&row->when), layout->when_width);
    for (unsigned c = 0; c < COLUMNS; c++) {
        sheet_print(sheet, STYLE_PLAIN, "  ");
        sheet_cell(sheet, c == COLUMN_RESULT ? result : STYLE_PLAIN, text_string(&row->cells[c]),
                   layout->widths[c]);
    }
    sheet_cell_right(sheet, STYLE_PLAIN, text_string(&row->took), TOOK_WIDTH);
    sheet_end_line(sheet);
}

static void print_titles(struct sheet *sheet, const struct layout *layout)
{
    sheet_cell(sheet, STYLE_PLAIN, "", MARK_WIDTH);
    sheet_cell_right(sheet, STYLE_DIM, "#", layout->id_width);
    sheet_print(sheet, STYLE_PLAIN, "  ");
    sheet_cell(sheet, STYLE_DIM, "UTC", layout->when_width);
    for (unsigned c = 0; c < COLUMNS; c++) {
        sheet_print(sheet, STYLE_PLAIN, "  ");
        sheet_cell(sheet, STYLE_DIM, titles[c], layout->widths[c]);
    }
    sheet_cell_right(sheet, STYLE_DIM, "Took", TOOK_WIDTH);
    sheet_end_line(sheet);
}

void text_table(struct sheet *sheet, const struct causes *causes)
{
    struct layout layout;
    struct row row = { 0 };

    if (causes->signin_count == 0)
        return;
    layout = make_layout(sheet, causes);
    print_titles(sheet, &layout);
    for (size_t i = 0; i < causes->signin_count; i++) {
        enum outcome outcome = causes->signins[i]->outcome;

        make_row(&row, causes->signins[i], layout.dated);
        sheet_mark(sheet, outcome_mark(outcome));
        sheet_print(sheet, STYLE_PLAIN, " ");
        print_cells(sheet, &layout, &row, outcome_style(outcome));
    }
    release_row(&row);
}

/* Live: nothing is known of the rows to come, so the widths are fixed. */
void report_text_row(FILE *out, const struct signin *signin, const struct report_options *options)
{
    struct layout layout = { .widths = { 15, 26, 60 }, .id_width = 3, .when_width = CLOCK_LENGTH };
    struct sheet sheet = sheet_open(out, options);
    struct row row = { 0 };

    fit_widths(&layout, sheet.width);
    make_row(&row, signin, false);
    sheet_mark(&sheet, outcome_mark(signin->outcome));
    sheet_print(&sheet, STYLE_PLAIN, " ");
    print_cells(&sheet, &layout, &row, outcome_style(signin->outcome));
    release_row(&row);
    sheet_close(&sheet);
}
