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
    COLUMN_DOMAIN,
    COLUMN_FRONT_END,
    COLUMN_CAUSE,
    COLUMN_POOL,
    COLUMN_COUNT,
};

/* Which ones a person wants, in that order; the result is always among them. */
struct column_choice {
    enum column shown[COLUMN_COUNT];
    size_t count;
};

struct column_choice columns_usual(void);
bool column_choice_has(const struct column_choice *choice, enum column column);
void column_choice_add(struct column_choice *choice, enum column column); /* once only, as last */
void column_choice_remove(struct column_choice *choice, enum column column); /* not the result */
/* By so many places, or as far as it goes. */
void column_choice_move(struct column_choice *choice, enum column column, int places);

struct column_layout {
    struct column_choice choice;
    int columns[COLUMN_COUNT]; /* of the screen; 0: not shown */
    int hidden;                /* how many of the choice are not */
};

struct column_layout columns_layout(const struct report *report, const struct column_choice *choice,
                                    int columns);
/* The one drawn in that column of the screen; COLUMN_COUNT: none. */
enum column columns_at(const struct column_layout *layout, int at);
const char *column_name(enum column column); /* in the settings: "front-end" */
enum column column_find(struct slice name);  /* COLUMN_COUNT: none */
const char *column_title(enum column column);
bool column_takes_grant(enum column column); /* as wide as it may be, whoever it is */
int column_widest(enum column column, const struct signin *signin); /* columns it would fill */
/* NULL: as they began. */
int (*column_compare(enum column column))(const struct signin *a, const struct signin *b);
void columns_draw_heading(struct pen pen, const struct column_layout *layout, enum column sorted,
                          bool reversed);
void columns_draw_row(struct pen pen, const struct column_layout *layout,
                      const struct signin *signin);

#endif
