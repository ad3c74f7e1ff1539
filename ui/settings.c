/* settings.c: what a person changed on the screen, as text
 *
 *     columns = time client user steps result
 *     sort = took
 *     reverse = yes
 *     group = cause
 */
#include "ui/settings.h"

enum { KEPT_MOST = 65536 };

static const struct {
    const char *name;
    enum trait group;
} groups[] = {
    { "none", TRAIT_COUNT },    { "cause", TRAIT_CAUSE },         { "domain", TRAIT_DOMAIN },
    { "client", TRAIT_CLIENT }, { "front-end", TRAIT_FRONT_END }, { "user", TRAIT_USER },
    { "device", TRAIT_DEVICE }, { "stage", TRAIT_STAGE },         { "result", TRAIT_RESULT },
};

void settings_release(struct ui_settings *settings)
{
    text_release(&settings->kept);
    text_release(&settings->loaded);
}

void settings_reset(struct ui_settings *settings)
{
    *settings = (struct ui_settings){ .columns = columns_usual(),
                                      .sorted = COLUMN_TIME,
                                      .group = TRAIT_COUNT };
}

void settings_sort_by(struct ui_settings *settings, enum column column)
{
    settings->reversed = settings->sorted == column && !settings->reversed;
    settings->sorted = column;
}

/* ---- reading ---- */

static struct slice take_word(struct slice *rest)
{
    size_t end;
    struct slice word;

    *rest = slice_trim(*rest);
    end = slice_find_byte(*rest, ' ');
    word = slice_part(*rest, 0, end);
    *rest = slice_after(*rest, end);
    return word;
}

static bool take_columns(struct ui_settings *settings, struct slice value)
{
    struct column_choice choice = { 0 };

    while (slice_trim(value).length > 0)
        column_choice_add(&choice, column_find(take_word(&value)));
    if (choice.count == 0)
        return false;
    column_choice_add(&choice, COLUMN_RESULT); /* it is always there */
    settings->columns = choice;
    return true;
}

static bool take_sort(struct ui_settings *settings, struct slice value)
{
    enum column column = column_find(value);

    if (column == COLUMN_COUNT)
        return false;
    settings->sorted = column;
    return true;
}

static bool take_reverse(struct ui_settings *settings, struct slice value)
{
    settings->reversed = slice_is_text(value, "yes");
    return settings->reversed || slice_is_text(value, "no");
}

static bool take_group(struct ui_settings *settings, struct slice value)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (!slice_is_text(value, groups[i].name))
            continue;
        settings->group = groups[i].group;
        return true;
    }
    return false;
}

/* ---- writing ---- */

static void print_columns(const struct ui_settings *settings, struct text *out)
{
    for (size_t i = 0; i < settings->columns.count; i++)
        text_print(out, "%s%s", i > 0 ? " " : "", column_name(settings->columns.shown[i]));
}

static void print_sort(const struct ui_settings *settings, struct text *out)
{
    text_add(out, column_name(settings->sorted));
}

static void print_reverse(const struct ui_settings *settings, struct text *out)
{
    text_add(out, settings->reversed ? "yes" : "no");
}

static void print_group(const struct ui_settings *settings, struct text *out)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (groups[i].group == settings->group)
            text_add(out, groups[i].name);
}

/* To keep one more setting, write its reader and its printer and add its line. */
static const struct {
    const char *key;
    bool (*take)(struct ui_settings *settings, struct slice value); /* false: not understood */
    void (*print)(const struct ui_settings *settings, struct text *out);
} known[] = {
    { "columns", take_columns, print_columns },
    { "sort", take_sort, print_sort },
    { "reverse", take_reverse, print_reverse },
    { "group", take_group, print_group },
};

static bool is_known(struct slice key)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_is_text(key, known[i].key))
            return true;
    return false;
}

static void take_line(struct ui_settings *settings, struct slice line)
{
    size_t equals = slice_find_byte(line, '=');
    struct slice key = slice_trim(slice_part(line, 0, equals));
    struct slice value = slice_trim(slice_after(line, equals + 1));

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_is_text(key, known[i].key))
            (void)known[i].take(settings, value); /* otherwise it stays as it was */
    if (is_known(key) || text_length(&settings->kept) + line.length > KEPT_MOST)
        return;
    text_add_slice(&settings->kept, line);
    text_add(&settings->kept, "\n");
}

void settings_parse(struct ui_settings *settings, struct slice text)
{
    while (text.length > 0) {
        size_t end = slice_find_byte(text, '\n');

        take_line(settings, slice_part(text, 0, end));
        text = slice_after(text, end + 1);
    }
}

void settings_print(const struct ui_settings *settings, struct text *out)
{
    text_add_slice(out, buffer_slice(&settings->kept.bytes));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        text_print(out, "%s = ", known[i].key);
        known[i].print(settings, out);
        text_add(out, "\n");
    }
}
