/* input.c: the names of keys, for the action table, the help and test scripts */
#include "ui/input.h"

#include "lyncscope/text.h"

static const struct {
    const char *name;
    uint32_t input;
} named[] = {
    { "Up", INPUT_UP },
    { "Down", INPUT_DOWN },
    { "Left", INPUT_LEFT },
    { "Right", INPUT_RIGHT },
    { "PgUp", INPUT_PAGE_UP },
    { "PgDn", INPUT_PAGE_DOWN },
    { "Home", INPUT_HOME },
    { "End", INPUT_END },
    { "Enter", INPUT_ENTER },
    { "Esc", INPUT_ESCAPE },
    { "Tab", INPUT_TAB },
    { "Backspace", INPUT_BACKSPACE },
    { "Space", INPUT_SPACE },
    { "F1", INPUT_F1 },
    { "Lost", INPUT_LOST },
    { "WheelUp", INPUT_WHEEL_UP },
    { "WheelDown", INPUT_WHEEL_DOWN },
    { "Del", INPUT_DELETE },
};

enum { CLICK_BITS = 12, CLICK_MOST = 1 << CLICK_BITS };

uint32_t input_click(int row, int column)
{
    if (row < 0 || row >= CLICK_MOST || column < 0 || column >= CLICK_MOST)
        return INPUT_OTHER;
    return INPUT_CLICK | (uint32_t)row << CLICK_BITS | (uint32_t)column;
}

int input_click_row(uint32_t input)
{
    return (int)(input >> CLICK_BITS & (CLICK_MOST - 1));
}

int input_click_column(uint32_t input)
{
    return (int)(input & (CLICK_MOST - 1));
}

static uint32_t click_from_name(struct slice place)
{
    size_t colon = slice_find_byte(place, ':');
    uint64_t row, column;

    if (!slice_to_u64(slice_part(place, 0, colon), &row) ||
        !slice_to_u64(slice_after(place, colon + 1), &column) || row >= CLICK_MOST ||
        column >= CLICK_MOST)
        return INPUT_NONE;
    return input_click((int)row, (int)column);
}

uint32_t input_from_name(struct slice name)
{
    uint32_t character = INPUT_NONE;

    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (slice_is_text(name, named[i].name))
            return named[i].input;
    if (slice_starts_with(name, "Click"))
        return click_from_name(slice_after(name, 5));
    if (name.length == 2 && name.data[0] == '^')
        return INPUT_CONTROL(name.data[1]);
    if (utf8_decode(name, &character) != name.length)
        return INPUT_NONE;
    return character;
}
