/* settings.h: what a person changed on the screen and finds again the next time
 *
 * A file of lines `key = value`.  What this version does not understand stays
 * in the file as it is, so that an older and a newer one can share it.
 */
#ifndef UI_SETTINGS_H
#define UI_SETTINGS_H

#include "ui/columns.h"
#include "ui/traits.h"

struct ui_settings {
    struct column_choice columns;
    enum column sorted;
    bool reversed;
    enum trait group;   /* TRAIT_COUNT: none */
    struct text kept;   /* lines of the file that mean nothing here */
    struct text loaded; /* what was set when it was loaded, printed */
};

void settings_reset(struct ui_settings *settings); /* of a new one */
void settings_release(struct ui_settings *settings);
/* Takes what it understands out of such a text. */
void settings_parse(struct ui_settings *settings, struct slice text);
void settings_print(const struct ui_settings *settings, struct text *out);
/* By that column; when it is so already, the other way round. */
void settings_sort_by(struct ui_settings *settings, enum column column);

/* settings_file.c: ~/.config/lyncscope/dashboard, or below XDG_CONFIG_HOME. A file that cannot be
 * read or written is no reason to say anything. */
void settings_load(struct ui_settings *settings);
void settings_save(const struct ui_settings *settings); /* only when something was changed */

#endif
