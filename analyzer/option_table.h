/* option_table.h: the one table of options
 *
 * Parsing, configuration, help and manual page come from it.  To add an option
 * add its member to struct options and its line to option_table.c.
 */
#ifndef LYNCSCOPE_OPTION_TABLE_H
#define LYNCSCOPE_OPTION_TABLE_H

#include "options.h"

enum option_group {
    GROUP_INPUT,
    GROUP_SECRETS,
    GROUP_SELECTION,
    GROUP_SITE,
    GROUP_OUTPUT,
    GROUP_OTHER,
    GROUP_COUNT,
    GROUP_HIDDEN = GROUP_COUNT,
};

/* How a value on the command line goes with values of the configuration. */
enum option_merge {
    MERGE_REPLACES, /* the command line's wins, and the last of several */
    MERGE_ADDS,     /* all count */
    MERGE_RESTARTS, /* all of the command line's count, and none of the configuration's then */
    MERGE_ONLY_COMMAND_LINE,
};

struct option_row;

/* One value on its way into the options. */
struct option_value {
    const struct option_row *row;
    const char *text; /* NULL: it has none */
    struct options *options;
    struct complaint *complaint;
};

struct option_row {
    char letter; /* 0: none */
    const char *name;
    const char *argument; /* as shown in help; NULL: takes none */
    enum option_group group;
    enum option_merge merge;
    enum status (*read)(const struct option_value *value);
    size_t member; /* offset in struct options */
    const char *help;
};

extern const struct option_row option_table[];
extern const size_t option_count;
extern const char *const option_group_titles[GROUP_COUNT];

/* option_values.c: readers for the table */
enum status option_read_flag(const struct option_value *value);
enum status option_read_text(const struct option_value *value);
enum status option_read_texts(const struct option_value *value);
enum status option_read_domains(const struct option_value *value);
enum status option_read_user(const struct option_value *value);
enum status option_read_networks(const struct option_value *value);
enum status option_read_proxies(const struct option_value *value);
enum status option_read_output(const struct option_value *value);
enum status option_read_write(const struct option_value *value);
enum status option_read_theme(const struct option_value *value);
enum status option_read_color(const struct option_value *value);
enum status option_read_jobs(const struct option_value *value);
/* Adds to a list of texts; the text is copied. */
enum status option_add_text(struct options *options, struct text_values *values, const char *text,
                            struct complaint *complaint);

/* The row of that name; NULL: there is none. An abbreviation finds the only row it fits. */
const struct option_row *option_find(const char *name);
/* Among `count` names the one most like `name`, NULL when none is. */
const char *option_suggest(const char *name, const char *(*name_at)(size_t index), size_t count);

/* config_file.c: hands each line's option and value (NULL: none) to `take`. */
struct config_sink {
    enum status (*take)(void *context, const char *name, const char *value,
                        struct complaint *complaint);
    void *context;
};
enum status config_read(const char *path, const struct config_sink *sink,
                        struct complaint *complaint) MUST_CHECK;
/* The first default file that exists, or NULL. */
const char *config_default_path(struct arena *arena);

#endif
