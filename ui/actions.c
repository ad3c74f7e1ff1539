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

static bool is_among(struct slice keys, uint32_t input)
{
    while (keys.length > 0)
        if (input_from_name(next_key(&keys)) == input)
            return true;
    return false;
}

static const char *chosen_keys(const struct keymap *keymap, enum action action)
{
    return keymap ? keymap->keys[action] : NULL;
}

static struct slice keys_of(const struct keymap *keymap, enum action action)
{
    const char *chosen = chosen_keys(keymap, action);

    return slice_of_text(chosen ? chosen : table[action].keys);
}

enum action action_for(const struct keymap *keymap, const enum action *actions, uint32_t input)
{
    for (const enum action *action = actions; *action != ACTION_NONE; action++)
        if (chosen_keys(keymap, *action) && is_among(keys_of(keymap, *action), input))
            return *action;
    for (; *actions != ACTION_NONE; actions++)
        if (!chosen_keys(keymap, *actions) && is_among(keys_of(keymap, *actions), input))
            return *actions;
    return ACTION_NONE;
}

void action_add_keys(struct text *out, const struct keymap *keymap, const enum action *actions,
                     enum action action)
{
    struct slice keys = keys_of(keymap, action);
    const char *separator = "";

    while (keys.length > 0) {
        struct slice key = next_key(&keys);

        if (action_for(keymap, actions, input_from_name(key)) != action)
            continue; /* taken by another one on this screen */
        text_add(out, separator);
        text_add_slice(out, key);
        separator = " ";
    }
}

void action_add_key(struct text *out, const struct keymap *keymap, const enum action *actions,
                    enum action action)
{
    size_t from = text_length(out);

    action_add_keys(out, keymap, actions, action);
    text_truncate(out, from + slice_find_byte(slice_after(buffer_slice(&out->bytes), from), ' '));
}

/* ---- what a person chose ---- */

static enum action find_action(struct slice name)
{
    for (int action = 0; action < ACTION_NONE; action++)
        if (slice_is_text(name, table[action].name))
            return (enum action)action;
    return ACTION_NONE;
}

bool keymap_set(struct keymap *keymap, const char *line, struct text *problem)
{
    struct slice whole = slice_of_text(line);
    size_t end = slice_find_byte(whole, '=');
    struct slice name = slice_part(whole, 0, end), keys = slice_after(whole, end + 1);
    enum action action = find_action(name);

    if (action == ACTION_NONE) {
        text_add(problem, "no action has the name '");
        text_add_escaped(problem, name);
        text_add(problem, "'; ? shows the names");
        return false;
    }
    keymap->keys[action] = keys.length > 0 ? (const char *)keys.data : "";
    while (keys.length > 0) {
        struct slice key = next_key(&keys);

        if (key.length > 0 && input_from_name(key) == INPUT_NONE) {
            text_add(problem, "no key has the name '");
            text_add_escaped(problem, key);
            text_add(problem, "'; Tab, F1, ^L, Space, x are such names");
            return false;
        }
    }
    return true;
}
