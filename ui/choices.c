/* choices.c: the values of a trait that occur in a report, to go through one by one
 *
 * In the order in which they first occur; of very many only the first ones,
 * the others can be typed.
 */
#include "ui/choices.h"

enum { CHOICES_MAX = 100 };

struct choices {
    char values[CHOICES_MAX][FILTER_BYTES]; /* as a filter has them: "=contoso.com" */
    size_t count;
};

static bool is_there(const struct choices *choices, const char *value)
{
    for (size_t i = 0; i < choices->count; i++)
        if (slice_is_text(slice_of_text(choices->values[i]), value))
            return true;
    return false;
}

/* One with a comma in it would be two alternatives. */
static bool can_be_one(struct slice value)
{
    return value.length < FILTER_BYTES && slice_find_byte(value, ',') == value.length;
}

static void take_value(struct choices *choices, const struct text *value)
{
    char *own;

    if (choices->count == CHOICES_MAX || !can_be_one(buffer_slice(&value->bytes)) ||
        is_there(choices, text_string(value)))
        return;
    own = choices->values[choices->count++];
    for (size_t i = 0; i < text_length(value); i++)
        own[i] = text_string(value)[i];
}

static void collect(struct choices *choices, enum trait trait, const struct report *report)
{
    struct text value = { 0 };

    for (size_t i = 0; i < report->signin_count && choices->count < CHOICES_MAX; i++) {
        text_truncate(&value, 0);
        text_add(&value, "=");
        trait_add(&value, report->signins[i], trait);
        take_value(choices, &value);
    }
    text_release(&value);
}

void choices_step(struct row_filter *filter, enum trait trait, const struct report *report,
                  int direction)
{
    struct choices *choices = memory_take(NULL, sizeof *choices);
    size_t at = 0, places;

    if (!choices)
        return;
    collect(choices, trait, report);
    places = choices->count + 1; /* the first is any */
    while (at < choices->count &&
           !slice_is_text(slice_of_text(choices->values[at]), filter->values[trait]))
        at++;
    at = at == choices->count ? 0 : at + 1;
    at = (at + (direction > 0 ? 1 : places - 1)) % places;
    row_filter_set(filter, trait, at == 0 ? NULL : choices->values[at - 1]);
    memory_give(NULL, choices, sizeof *choices);
}
