/* options.c: what the user asked for: the command line, then the configuration
 *
 * Both are read through the table of options.  The command line is read first,
 * so that a configuration can be named on it; what it gives, the configuration
 * does not replace.
 */
#include "option_table.h"

#include <getopt.h>
#include <string.h>

enum { OPTIONS_MAX = 64, LONG_BASE = 256, NEAR_ENOUGH = 3, NAME_MAX_BYTES = 64 };

struct parser {
    struct options *options;
    bool given[OPTIONS_MAX]; /* on the command line */
};

/* ---- names ---- */

const struct option_row *option_find(const char *name)
{
    const struct option_row *found = NULL;
    size_t length = strlen(name), matches = 0;

    for (size_t i = 0; i < option_count; i++) {
        if (strcmp(option_table[i].name, name) == 0)
            return &option_table[i];
        if (length && strncmp(option_table[i].name, name, length) == 0) {
            found = &option_table[i];
            matches++;
        }
    }
    return matches == 1 ? found : NULL;
}

/* Edits (insert, drop, replace) that lead from one word to the other. */
static size_t word_distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_BYTES + 1];
    size_t length = strlen(b);

    if (length > NAME_MAX_BYTES || strlen(a) > NAME_MAX_BYTES)
        return SIZE_MAX;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t best = corner + (a[i - 1] != b[j - 1]);

            corner = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[length];
}

const char *option_suggest(const char *name, const char *(*name_at)(size_t index), size_t count)
{
    const char *nearest = NULL;
    size_t least = strlen(name) / 2 < NEAR_ENOUGH ? strlen(name) / 2 : NEAR_ENOUGH;

    for (size_t i = 0; i < count; i++) {
        size_t distance = word_distance(name, name_at(i));

        if (distance <= least && (!nearest || distance < least)) {
            nearest = name_at(i);
            least = distance;
        } else if (!nearest && strlen(name) > 3 && strstr(name_at(i), name)) {
            nearest = name_at(i);
        }
    }
    return nearest;
}

static const char *option_name_at(size_t index)
{
    return option_table[index].name;
}

static enum status refuse_name(const char *name, const char *dashes, struct complaint *complaint)
{
    const char *meant = option_suggest(name, option_name_at, option_count);
    size_t length = strlen(name), matches = 0;

    for (size_t i = 0; i < option_count; i++)
        matches += length && strncmp(option_table[i].name, name, length) == 0;
    if (matches > 1)
        return complain(complaint, "option '%s%.100s' fits several options; write it out", dashes,
                        name);
    if (meant)
        return complain(complaint, "unknown option '%s%.100s'; did you mean '%s%s'?", dashes, name,
                        dashes, meant);
    return complain(complaint, "unknown option '%s%.100s'; see lyncscope --help", dashes, name);
}

/* ---- command line ---- */

static void make_getopt_tables(struct option *longs, char *letters)
{
    *letters++ = ':'; /* tell a missing value from an unknown option */
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_table[i];

        longs[i] = (struct option){ row->name, row->argument ? required_argument : no_argument,
                                    NULL, LONG_BASE + (int)i };
        if (row->letter)
            *letters++ = row->letter;
        if (row->letter && row->argument)
            *letters++ = ':';
    }
    longs[option_count] = (struct option){ 0 };
    *letters = 0;
}

static const struct option_row *row_of(int code)
{
    if (code >= LONG_BASE && (size_t)(code - LONG_BASE) < option_count)
        return &option_table[code - LONG_BASE];
    for (size_t i = 0; i < option_count; i++)
        if (code && option_table[i].letter == code)
            return &option_table[i];
    return NULL;
}

static enum status refuse_argument(int code, const char *argument, struct complaint *complaint)
{
    const struct option_row *row = row_of(optopt);
    char name[NAME_MAX_BYTES];

    if (code == ':' && row)
        return complain(complaint, "--%s needs a value: --%s %s", row->name, row->name,
                        row->argument);
    if (row) /* getopt knows it, so what it refused is the value behind "=" */
        return complain(complaint, "--%s takes no value", row->name);
    if (optopt)
        return complain(complaint, "unknown option '-%c'; see lyncscope --help",
                        optopt >= ' ' && optopt < 0x7f ? optopt : '?');
    if (strncmp(argument, "--", 2) == 0)
        argument += 2;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(argument, "="), argument);
    return refuse_name(name, "--", complaint);
}

static enum status read_command_line(struct parser *parser, int argc, char **argv,
                                     struct complaint *complaint)
{
    struct option longs[OPTIONS_MAX + 1];
    char letters[2 * OPTIONS_MAX + 2];
    int code;

    make_getopt_tables(longs, letters);
    opterr = 0;
    optind = 0; /* glibc: start anew */
    while ((code = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const struct option_row *row = row_of(code);
        struct option_value value = { row, optarg, parser->options, complaint };

        if (code == ':' || code == '?')
            return refuse_argument(code, argv[optind - 1], complaint);
        parser->given[row - option_table] = true;
        if (row->read(&value) != STATUS_OK)
            return STATUS_REFUSED;
    }
    for (; optind < argc; optind++)
        if (option_add_text(parser->options, &parser->options->inputs, argv[optind], complaint) !=
            STATUS_OK)
            return STATUS_REFUSED;
    return STATUS_OK;
}

/* ---- configuration ---- */

/* "key.sort = o Tab": checked by the dashboard, which knows its actions. */
static enum status take_key(struct options *options, const char *action, const char *keys,
                            struct complaint *complaint)
{
    const char *line = arena_print(options->arena, "%s=%s", action, keys ? keys : "");

    if (options->keys.count == OPTION_REPEATS_MAX)
        return complain(complaint, "more than %d keys are given", OPTION_REPEATS_MAX);
    if (!line)
        return complain(complaint, "no memory for the options");
    return option_add_text(options, &options->keys, line, complaint);
}

static enum status take_config_value(void *context, const char *name, const char *text,
                                     struct complaint *complaint)
{
    struct parser *parser = context;
    const struct option_row *row = option_find(name);
    struct option_value value = { row, text, parser->options, complaint };

    if (strncmp(name, "key.", strlen("key.")) == 0)
        return take_key(parser->options, name + strlen("key."), text, complaint);
    if (!row || strcmp(row->name, name) != 0)
        return refuse_name(name, "", complaint);
    if (row->merge == MERGE_ONLY_COMMAND_LINE)
        return complain(complaint, "'%s' works on the command line only", name);
    if (row->argument && !text)
        return complain(complaint, "'%s' needs a value: %s %s", name, name, row->argument);
    if (!row->argument && text)
        return complain(complaint, "'%s' takes no value", name);
    if (row->merge != MERGE_ADDS && parser->given[row - option_table])
        return STATUS_OK;
    return row->read(&value);
}

static enum status read_config(struct parser *parser, struct complaint *complaint)
{
    struct options *options = parser->options;
    const char *path = options->config ? options->config : config_default_path(options->arena);
    struct config_sink sink = { take_config_value, parser };

    return path ? config_read(path, &sink, complaint) : STATUS_OK;
}

/* ---- the whole ---- */

static enum status check_outputs(const struct options *options, struct complaint *complaint)
{
    size_t on_stdout = 0;

    for (size_t i = 0; i < options->output_count; i++) {
        on_stdout += options->outputs[i].path == NULL;
        for (size_t j = 0; options->outputs[i].path && j < i; j++)
            if (options->outputs[j].path &&
                strcmp(options->outputs[i].path, options->outputs[j].path) == 0)
                return complain(complaint,
                                "two outputs would be written to %.300s; give each its "
                                "own file",
                                options->outputs[i].path);
    }
    if (on_stdout > 1)
        return complain(complaint,
                        "%zu outputs would mix on standard output; give all but one a "
                        "file, as in -o json:FILE",
                        on_stdout);
    return STATUS_OK;
}

static enum status check(const struct options *options, struct complaint *complaint)
{
    if (options->interfaces.count && options->inputs.count)
        return complain(complaint,
                        "files and interfaces cannot be read together; leave out -i or %.300s",
                        options->inputs.items[0]);
    return check_outputs(options, complaint);
}

enum status options_parse(struct options *options, int argc, char **argv,
                          struct complaint *complaint)
{
    struct parser parser = { .options = options };

    *options = (struct options){ .arena = arena_create(NULL, 0) };
    if (!options->arena)
        return complain(complaint, "no memory for the options");
    if (read_command_line(&parser, argc, argv, complaint) != STATUS_OK)
        return STATUS_REFUSED;
    if (options->help || options->version || options->manual)
        return STATUS_OK;
    if (read_config(&parser, complaint) != STATUS_OK)
        return STATUS_REFUSED;
    return check(options, complaint);
}

void options_release(struct options *options)
{
    arena_free(options->arena);
    options->arena = NULL;
}
