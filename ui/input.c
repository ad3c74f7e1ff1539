/* input.c: the names of keys, for the action table, the help and test scripts */
#include "ui/input.h"

#include "lyncscope/text.h"

static const struct {
    const char *name;
    uint32_t input;
} named[] = {
    { "Up", INPUT_UP },       { "Down", INPUT_DOWN },    { "Left", INPUT_LEFT },
    { "Right", INPUT_RIGHT }, { "PgUp", INPUT_PAGE_UP }, { "PgDn", INPUT_PAGE_DOWN },
    { "Home", INPUT_HOME },   { "End", INPUT_END },      { "Enter", INPUT_ENTER },
    { "Esc", INPUT_ESCAPE },  { "Tab", INPUT_TAB },      { "Backspace", INPUT_BACKSPACE },
    { "Space", INPUT_SPACE }, { "F1", INPUT_F1 },        { "Lost", INPUT_LOST },
    { "Del", INPUT_DELETE },
};

uint32_t input_from_name(struct slice name)
{
    uint32_t character = INPUT_NONE;

    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (slice_is_text(name, named[i].name))
            return named[i].input;
    if (name.length == 2 && name.data[0] == '^')
        return INPUT_CONTROL(name.data[1]);
    if (utf8_decode(name, &character) != name.length)
        return INPUT_NONE;
    return character;
}
