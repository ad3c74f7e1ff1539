/* measure.c: columns of text, by the locale's own table (wcwidth) */
#include "ui/measure.h"

#include <wchar.h>

#include "lyncscope/text.h"

int measure_character(uint32_t character)
{
    int columns = character < 0x80 ? 1 : wcwidth((wchar_t)character);

    return columns < 0 ? 1 : columns;
}

/* Reads one character off the front; a byte that is none counts as one. */
static int next_columns(struct slice *text)
{
    uint32_t character = '?';
    size_t length = utf8_decode(*text, &character);

    *text = slice_after(*text, length ? length : 1);
    return measure_character(character);
}

int measure_text(struct slice text)
{
    int columns = 0;

    while (text.length > 0)
        columns += next_columns(&text);
    return columns;
}

size_t measure_fit(struct slice text, int columns)
{
    struct slice rest = text;

    while (rest.length > 0) {
        struct slice after = rest;

        columns -= next_columns(&after);
        if (columns < 0)
            break;
        rest = after;
    }
    return text.length - rest.length;
}
