/* actions.h: everything a key can do
 *
 * One table: dispatch, the footer and the help of every screen come from it,
 * so that they cannot disagree.  A view lists the actions it understands; where
 * two of them want the same key the first in the view's list has it.
 */
#ifndef UI_ACTIONS_H
#define UI_ACTIONS_H

#include "lyncscope/text.h"

/* enumerator, name for a configuration, keys, word in the footer (NULL: none), help */
#define ACTIONS(X)                                                                                 \
    X(ACTION_UP, "up", "Up k", NULL, "one row up")                                                 \
    X(ACTION_DOWN, "down", "Down j", NULL, "one row down")                                         \
    X(ACTION_PAGE_UP, "page-up", "PgUp b", NULL, "one screen up")                                  \
    X(ACTION_PAGE_DOWN, "page-down", "PgDn Space", NULL, "one screen down")                        \
    X(ACTION_FIRST, "first", "Home g", NULL, "to the first row")                                   \
    X(ACTION_LAST, "last", "End G", NULL, "to the last row")                                       \
    X(ACTION_OPEN, "open", "Enter", "open", "look into the selected row")                          \
    X(ACTION_FAILING, "failing-step", "e End", "failing step", "to the step where it broke")       \
    X(ACTION_VERDICT, "verdict", "v", "verdict", "cause, fix and evidence in full")                \
    X(ACTION_NEXT, "next", "] Right", "next step", "the next step of this sign-in")                \
    X(ACTION_PREVIOUS, "previous", "[ Left p", "previous", "the step before")                      \
    X(ACTION_MODE, "mode", "Tab", "decoded, raw, hex", "decoded, then its text, then its packets") \
    X(ACTION_PANE, "pane", "Tab", "pane", "the message beside the ladder, or not")                 \
    X(ACTION_LINK, "link", "Tab", "next link", "to the next row that opens something")             \
    X(ACTION_SECRETS, "secrets", "x", "secrets", "show passwords and tickets here, or mask them")  \
    X(ACTION_FIND, "find", "/", "find", "find text, also in what is not shown")                    \
    X(ACTION_FIND_NEXT, "find-next", "n", NULL, "the next place where it is found")                \
    X(ACTION_FIND_PREVIOUS, "find-previous", "N", NULL, "the place before")                        \
    X(ACTION_MARK, "mark", "t", "mark", "mark this sign-in, to compare another one with it")       \
    X(ACTION_COMPARE, "compare", "c", "compare",                                                   \
      "beside the marked one, or beside one that works")                                           \
    X(ACTION_DIFFERENCE, "difference", "n", "next difference", "to the next difference")           \
    X(ACTION_DIFFERENCE_BACK, "difference-back", "N", NULL, "to the difference before")            \
    X(ACTION_SORT, "sort", ">", "sort", "sort by the next column")                                 \
    X(ACTION_SORT_BACK, "sort-back", "<", NULL, "sort by the column before")                       \
    X(ACTION_REVERSE, "reverse", "r", NULL, "turn the order round")                                \
    X(ACTION_COLUMNS, "columns", "C", NULL, "choose and order the columns")                        \
    X(ACTION_GROUP, "group", "o", "group",                                                         \
      "group by cause, SIP domain, client, Front End, or not")                                     \
    X(ACTION_FOLD, "fold", "Left -", NULL, "fold this group")                                      \
    X(ACTION_UNFOLD, "unfold", "Right +", NULL, "unfold this group")                               \
    X(ACTION_FOLD_ALL, "fold-all", "z", NULL, "fold all groups, or unfold them")                   \
    X(ACTION_ONLY_FAILED, "only-failed", "f", "only failed", "show failed sign-ins only, or all")  \
    X(ACTION_SAME_CAUSE, "same-cause", "=", NULL, "only those with the same cause as this one")    \
    X(ACTION_FILTER, "filter", "l \\", "filter", "show only some, by what they have in common")    \
    X(ACTION_NO_FILTER, "no-filter", "F", NULL, "show all again")                                  \
    X(ACTION_VALUE_NEXT, "value-next", "Right Space", "next value", "the next value that occurs")  \
    X(ACTION_VALUE_BEFORE, "value-before", "Left", NULL, "the value before")                       \
    X(ACTION_EMPTY, "empty", "Del x", "any", "any value")                                          \
    X(ACTION_EDIT, "edit", "Enter e", "type", "type a value")                                      \
    X(ACTION_SHOW_COLUMN, "show-column", "Space Enter", "show", "show this column, or not")        \
    X(ACTION_COLUMN_EARLIER, "column-earlier", "Left - K", "earlier",                              \
      "this column further to the left")                                                           \
    X(ACTION_COLUMN_LATER, "column-later", "Right + J", "later",                                   \
      "this column further to the right")                                                          \
    X(ACTION_SORT_HERE, "sort-here", "s", "sort",                                                  \
      "sort by this column; again: the other way round")                                           \
    X(ACTION_AS_BEFORE, "defaults", "d", "defaults", "the columns as the program comes with them") \
    X(ACTION_CAPTURE, "capture", "i", "capture", "what was read, and what is wrong with it")       \
    X(ACTION_NUMBERS, "numbers", "#", "numbers", "outcomes, causes and times, counted")            \
    X(ACTION_SAVE, "save", "s w", "save", "write what is shown to a file")                         \
    X(ACTION_MOUSE, "mouse", "m", NULL, "leave the mouse to the terminal, or take it back")        \
    X(ACTION_HELP, "help", "? F1 h", "help", "the keys of this screen")                            \
    X(ACTION_REDRAW, "redraw", "^L", NULL, "draw the whole screen anew")                           \
    X(ACTION_BACK, "back", "Esc Backspace", NULL, "back; never leaves the program")                \
    X(ACTION_LEAVE, "leave", "q", "back", "back; on the first screen, leave the program")

#define ACTION_ENUMERATOR(action, name, keys, word, help) action,
enum action { ACTIONS(ACTION_ENUMERATOR) ACTION_NONE };
#undef ACTION_ENUMERATOR

const char *action_name(enum action action);
const char *action_help(enum action action);
const char *action_word(enum action action); /* NULL: not in the footer */

/* Keys that a person chose, as in the table: names with blanks between; NULL: the table's. */
struct keymap {
    const char *keys[ACTION_NONE];
};

/* `line` is "sort=o Tab". False: no such action, or a key without a name; `problem` says which. */
bool keymap_set(struct keymap *keymap, const char *line, struct text *problem);

/* `actions` ends with ACTION_NONE; a key that a person chose goes before those of the table.
 * `keymap` may be NULL. */
enum action action_for(const struct keymap *keymap, const enum action *actions, uint32_t input);
/* Appends the keys that reach this action in that list, separated by blanks. */
void action_add_keys(struct text *out, const struct keymap *keymap, const enum action *actions,
                     enum action action);
/* The first of them, for the footer. */
void action_add_key(struct text *out, const struct keymap *keymap, const enum action *actions,
                    enum action action);

#endif
