/* column_layout.c: which columns the list shows, and who yields when there is little room */
#include <string.h>

#include "ui/columns.h"
#include "ui/stage_bar.h"

enum { RESULT_LEAST = 18, ANY = 1000 };

/* ---- what a person wants ---- */

struct column_choice columns_usual(void)
{
    return (struct column_choice){
        .shown = { COLUMN_TIME, COLUMN_CLIENT, COLUMN_USER, COLUMN_DEVICE, COLUMN_STEPS,
                   COLUMN_DURATION, COLUMN_RESULT },
        .count = 7,
    };
}

static size_t find_place(const struct column_choice *choice, enum column column)
{
    size_t i = 0;

    while (i < choice->count && choice->shown[i] != column)
        i++;
    return i;
}

bool column_choice_has(const struct column_choice *choice, enum column column)
{
    return find_place(choice, column) < choice->count;
}

void column_choice_add(struct column_choice *choice, enum column column)
{
    if (column < COLUMN_COUNT && !column_choice_has(choice, column))
        choice->shown[choice->count++] = column;
}

void column_choice_remove(struct column_choice *choice, enum column column)
{
    size_t i = find_place(choice, column);

    if (column == COLUMN_RESULT || i == choice->count)
        return;
    choice->count--;
    for (; i < choice->count; i++)
        choice->shown[i] = choice->shown[i + 1];
}

void column_choice_move(struct column_choice *choice, enum column column, int places)
{
    int at = (int)find_place(choice, column), step = places < 0 ? -1 : 1;

    if (at == (int)choice->count)
        return;
    for (; places != 0 && at + step >= 0 && at + step < (int)choice->count; places -= step) {
        choice->shown[at] = choice->shown[at + step];
        choice->shown[at + step] = column;
        at += step;
    }
}

/* ---- room ---- */

/* Room is granted in this order.  The first grant of a column is the least it
 * is shown with; a whole one is given in full or not at all. */
static const struct grant {
    enum column column;
    int columns;
    bool whole;
} grants[] = {
    { COLUMN_RESULT, RESULT_LEAST, true },
    { COLUMN_STEPS, BAR_NARROW, true },
    { COLUMN_USER, 12, true },
    { COLUMN_CLIENT, 11, true },
    { COLUMN_TIME, 8, true },
    { COLUMN_DURATION, 7, true },
    { COLUMN_CLIENT, 15, false },
    { COLUMN_USER, 17, false },
    { COLUMN_RESULT, 26, false },
    { COLUMN_STEPS, BAR_WIDE, true },
    { COLUMN_USER, 24, false },
    { COLUMN_DEVICE, 13, true },
    { COLUMN_RESULT, 44, false },
    { COLUMN_USER, 40, false },
    { COLUMN_CLIENT, 39, false },
    { COLUMN_TIME, 12, true },
    { COLUMN_CAUSE, 16, true },
    { COLUMN_FRONT_END, 16, true },
    { COLUMN_DOMAIN, 14, true },
    { COLUMN_POOL, 16, true },
    { COLUMN_CAUSE, 40, false },
    { COLUMN_FRONT_END, 40, false },
    { COLUMN_DOMAIN, 40, false },
    { COLUMN_POOL, 40, false },
};

/* Only those of the choice. */
static void measure_columns(const struct report *report, const struct column_choice *choice,
                            int widest[COLUMN_COUNT])
{
    for (size_t k = 0; k < choice->count; k++) {
        enum column column = choice->shown[k];

        widest[column] = column_takes_grant(column) ? ANY : (int)strlen(column_title(column));
        for (size_t i = 0; !column_takes_grant(column) && i < report->signin_count; i++) {
            int wanted = column_widest(column, report->signins[i]);

            if (wanted > widest[column])
                widest[column] = wanted;
        }
    }
}

/* The columns that a grant adds to what its column has, its blank included; 0: nothing. */
static int columns_to_grant(const struct grant *grant, int has, int widest, int left)
{
    int wanted = grant->columns;

    if (has == 0 && !grant->whole)
        return 0; /* not shown, so it cannot grow */
    if (has > 0 && wanted > widest)
        wanted = widest;
    wanted -= has == 0 ? -1 : has;
    if (wanted > left)
        wanted = grant->whole ? 0 : left;
    return wanted > 0 ? wanted : 0;
}

struct column_layout columns_layout(const struct report *report, const struct column_choice *choice,
                                    int columns)
{
    struct column_layout layout = { .choice = *choice, .hidden = (int)choice->count };
    int widest[COLUMN_COUNT] = { 0 };
    int left = columns + 1; /* no blank in front of the first one */

    measure_columns(report, choice, widest);
    for (size_t i = 0; i < sizeof grants / sizeof *grants; i++) {
        int *has = &layout.columns[grants[i].column];
        int more = 0;

        if (column_choice_has(choice, grants[i].column))
            more = columns_to_grant(&grants[i], *has, widest[grants[i].column], left);
        if (more == 0)
            continue;
        layout.hidden -= *has == 0;
        *has += *has == 0 ? more - 1 : more;
        left -= more;
    }
    layout.columns[COLUMN_RESULT] += left; /* it has the rest */
    return layout;
}

enum column columns_at(const struct column_layout *layout, int at)
{
    int end = 0;

    for (size_t i = 0; i < layout->choice.count; i++) {
        enum column column = layout->choice.shown[i];

        if (layout->columns[column] == 0)
            continue;
        end += layout->columns[column] + 1;
        if (at < end)
            return column;
    }
    return COLUMN_COUNT;
}
