/* row_filter.c: which sign-ins a person wants to see, on every screen */
#include "ui/row_filter.h"

#include "lyncscope/memory.h"
#include "ui/signs.h"

#include <string.h>

const char *row_filter_field_name(unsigned field)
{
    return field == FILTER_TIME ? "time" : trait_name((enum trait)field);
}

bool row_filter_is_empty(const struct row_filter *filter)
{
    for (unsigned field = 0; field < FILTER_COUNT; field++)
        if (filter->values[field][0])
            return false;
    return true;
}

void row_filter_clear(struct row_filter *filter)
{
    *filter = (struct row_filter){ 0 };
}

void row_filter_set(struct row_filter *filter, unsigned field, const char *value)
{
    struct slice text = slice_trim(slice_of_text(value));
    char *own = filter->values[field];
    size_t length = text.length < FILTER_BYTES ? text.length : FILTER_BYTES - 1;

    while (length > 0 && length < text.length && (text.data[length] & 0xc0) == 0x80)
        length--; /* not in the middle of a character */
    memory_put((uint8_t *)own, text.data, length);
    own[length] = 0;
    if (field == FILTER_TIME)
        filter->span_is_wrong =
            length > 0 && !time_span_parse(slice_of(own, length), &filter->span);
}

bool row_filter_toggle(struct row_filter *filter, enum trait trait, const char *value)
{
    struct text exact = { 0 };
    bool fits;

    text_add(&exact, "=");
    text_add(&exact, value);
    fits = text_length(&exact) < FILTER_BYTES;
    if (strcmp(text_string(&exact), filter->values[trait]) == 0)
        row_filter_set(filter, trait, NULL);
    else if (fits)
        row_filter_set(filter, trait, text_string(&exact));
    text_release(&exact);
    return fits;
}

/* ---- does one fit? ---- */

static bool fits_word(const struct signin *signin, enum trait trait, struct slice word)
{
    char own[FILTER_BYTES];
    size_t length = 0;
    bool exact = slice_starts_with(word, "=");

    word = slice_trim(slice_after(word, exact ? 1 : 0));
    for (; length < word.length && length + 1 < sizeof own; length++)
        own[length] = (char)word.data[length];
    own[length] = 0;
    return exact ? trait_equals(signin, trait, own) : trait_contains(signin, trait, own);
}

/* One of the wanted words, where there are any, and none of the unwanted ones. */
static bool fits_value(const struct signin *signin, enum trait trait, const char *value)
{
    struct slice rest = slice_of_text(value);
    bool wanted = false, found = false;

    while (rest.length > 0) {
        size_t end = slice_find_byte(rest, ',');
        struct slice word = slice_trim(slice_part(rest, 0, end));

        rest = slice_after(rest, end + 1);
        if (slice_starts_with(word, "!")) {
            word = slice_trim(slice_after(word, 1));
            if (word.length > 0 && fits_word(signin, trait, word))
                return false;
        } else if (word.length > 0) {
            wanted = true;
            found = found || fits_word(signin, trait, word);
        }
    }
    return found || !wanted;
}

bool row_filter_matches(const struct row_filter *filter, const struct signin *signin)
{
    for (unsigned trait = 0; trait < TRAIT_COUNT; trait++)
        if (filter->values[trait][0] &&
            !fits_value(signin, (enum trait)trait, filter->values[trait]))
            return false;
    return !filter->values[FILTER_TIME][0] || filter->span_is_wrong ||
           time_span_has(&filter->span, signin->started_ns);
}

void row_filter_add_words(struct text *out, const struct row_filter *filter, bool ascii)
{
    const char *separator = "";

    for (unsigned field = 0; field < FILTER_COUNT; field++) {
        if (!filter->values[field][0])
            continue;
        text_print(out, "%s%s ", separator, row_filter_field_name(field));
        text_add(out, filter->values[field]);
        if (field == FILTER_TIME && filter->span_is_wrong)
            text_add(out, " (not understood)");
        separator = ascii ? " | " : " · ";
    }
}
