/* actions.c: the table of actions, and which key means which on a screen */
#include "ui/actions.h"

#include "ui/input.h"

static const struct {
    const char *name, *keys, *word, *help;
} table[] = {
#define ACTION_ROW(action, name, keys, word, help) { name, keys, word, help },
    ACTIONS(ACTION_ROW)
#undef ACTION_ROW
};

const char *action_name(enum action action)
{
    return table[action].name;
}

const char *action_help(enum action action)
{
    return table[action].help;
}

const char *action_word(enum action action)
{
    return table[action].word;
}

/* Cuts the next key's name off a list; empty at its end. */
static struct slice next_key(struct slice *keys)
{
    size_t end = slice_find_byte(*keys, ' ');
    struct slice key = slice_part(*keys, 0, end);

    *keys = slice_after(*keys, end + 1);
    return key;
}

static bool has_key(enum action action, uint32_t input)
{
    struct slice keys = slice_of_text(table[action].keys);

    while (keys.length > 0)
        if (input_from_name(next_key(&keys)) == input)
            return true;
    return false;
}

enum action action_for(const enum action *actions, uint32_t input)
{
    for (; *actions != ACTION_NONE; actions++)
        if (has_key(*actions, input))
            return *actions;
    return ACTION_NONE;
}

void action_add_keys(struct text *out, const enum action *actions, enum action action)
{
    struct slice keys = slice_of_text(table[action].keys);
    const char *separator = "";

    while (keys.length > 0) {
        struct slice key = next_key(&keys);

        if (action_for(actions, input_from_name(key)) != action)
            continue; /* taken by another one on this screen */
        text_add(out, separator);
        text_add_slice(out, key);
        separator = " ";
    }
}

void action_add_key(struct text *out, const enum action *actions, enum action action)
{
    struct slice keys = slice_of_text(table[action].keys);

    while (keys.length > 0) {
        struct slice key = next_key(&keys);

        if (action_for(actions, input_from_name(key)) == action) {
            text_add_slice(out, key);
            return;
        }
    }
}
