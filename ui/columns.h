/* columns.h: the columns of the list, a table
 *
 * The result never leaves the screen; the others yield by rank, and the
 * heading says how many did.
 */
#ifndef UI_COLUMNS_H
#define UI_COLUMNS_H

#include "lyncscope/report.h"
#include "ui/canvas.h"

enum column {
    COLUMN_TIME,
    COLUMN_CLIENT,
    COLUMN_USER,
    COLUMN_DEVICE,
    COLUMN_STEPS,
    COLUMN_DURATION,
    COLUMN_RESULT,
    COLUMN_COUNT,
};

struct column_layout {
    int columns[COLUMN_COUNT]; /* of the screen; 0: not shown */
    int hidden;                /* how many are not */
};

struct column_layout columns_layout(const struct report *report, int columns);
const char *column_title(enum column column);
/* NULL: as they began. */
int (*column_compare(enum column column))(const struct signin *a, const struct signin *b);
/* The column that is drawn there; COLUMN_COUNT: none. */
enum column column_at(const struct column_layout *layout, int at);
void columns_draw_heading(struct pen pen, const struct column_layout *layout, enum column sorted,
                          bool reversed);
void columns_draw_row(struct pen pen, const struct column_layout *layout,
                      const struct signin *signin);

#endif
