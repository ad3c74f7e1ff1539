/* option_values.c: readers of option values, for the table of options */
#include "option_table.h"

#include <ctype.h>
#include <string.h>

#include "lyncscope/slice.h"

enum { JOBS_MAX = 1024 };

static void *member_of(const struct option_value *value)
{
    return (char *)value->options + value->row->member;
}

static enum status refuse(const struct option_value *value, const char *wanted)
{
    return complain(value->complaint, "'%s' is no value for --%s: %s", value->text,
                    value->row->name, wanted);
}

static enum status refuse_memory(struct complaint *complaint)
{
    return complain(complaint, "no memory for the options");
}

static char *copy_lower(struct arena *arena, struct slice text)
{
    char *copy = arena_text(arena, text);

    for (size_t i = 0; copy && copy[i]; i++)
        copy[i] = (char)tolower((unsigned char)copy[i]);
    return copy;
}

enum status option_read_flag(const struct option_value *value)
{
    bool *flag = member_of(value);

    *flag = true;
    return STATUS_OK;
}

enum status option_read_text(const struct option_value *value)
{
    const char **text = member_of(value);

    if (!*value->text)
        return complain(value->complaint, "--%s needs a %s", value->row->name,
                        value->row->argument);
    *text = arena_text(value->options->arena, slice_of_text(value->text));
    return *text ? STATUS_OK : refuse_memory(value->complaint);
}

enum status option_add_text(struct options *options, struct text_values *values, const char *text,
                            struct complaint *complaint)
{
    char *copy = arena_text(options->arena, slice_of_text(text));

    /* Full, or new: the count doubles at each power of two. */
    if ((values->count & (values->count - 1)) == 0) {
        const char **grown =
            arena_take(options->arena, (values->count ? 2 * values->count : 1) * sizeof *grown);

        if (!grown)
            return refuse_memory(complaint);
        for (size_t i = 0; i < values->count; i++)
            grown[i] = values->items[i];
        values->items = grown;
    }
    if (!copy)
        return refuse_memory(complaint);
    values->items[values->count++] = copy;
    return STATUS_OK;
}

enum status option_read_texts(const struct option_value *value)
{
    struct text_values *values = member_of(value);

    if (!*value->text)
        return complain(value->complaint, "--%s needs a %s", value->row->name,
                        value->row->argument);
    if (values->count == OPTION_REPEATS_MAX)
        return complain(value->complaint, "--%s is given more than %d times", value->row->name,
                        OPTION_REPEATS_MAX);
    return option_add_text(value->options, values, value->text, value->complaint);
}

enum status option_read_domains(const struct option_value *value)
{
    struct text_values *values = member_of(value);
    struct slice name = slice_trim(slice_of_text(value->text));
    char *lower;

    if (name.length && name.data[name.length - 1] == '.')
        name.length--;
    if (name.length == 0 || strcspn(value->text, " @:/") != strlen(value->text))
        return refuse(value, "a domain is wanted, such as contoso.com");
    if (values->count == OPTION_REPEATS_MAX)
        return complain(value->complaint, "--%s is given more than %d times", value->row->name,
                        OPTION_REPEATS_MAX);
    lower = copy_lower(value->options->arena, name);
    return lower ? option_add_text(value->options, values, lower, value->complaint)
                 : refuse_memory(value->complaint);
}

enum status option_read_user(const struct option_value *value)
{
    struct slice user = slice_trim(slice_of_text(value->text));
    const char **text = member_of(value);

    if (slice_starts_with_nocase(user, "sip:"))
        user = slice_after(user, strlen("sip:"));
    if (user.length == 0)
        return refuse(value, "a user is wanted, such as sip:alice@contoso.com");
    *text = copy_lower(value->options->arena, user);
    return *text ? STATUS_OK : refuse_memory(value->complaint);
}

/* ---- addresses ---- */

static enum status add_network(const struct option_value *value, const struct network *network)
{
    struct network_values *values = member_of(value);

    if (values->count == OPTION_REPEATS_MAX)
        return complain(value->complaint, "--%s is given more than %d times", value->row->name,
                        OPTION_REPEATS_MAX);
    if (!values->items)
        values->items =
            arena_take(value->options->arena, OPTION_REPEATS_MAX * sizeof *values->items);
    if (!values->items)
        return refuse_memory(value->complaint);
    values->items[values->count++] = *network;
    return STATUS_OK;
}

enum status option_read_networks(const struct option_value *value)
{
    struct network network;

    if (!network_parse(slice_of_text(value->text), &network))
        return refuse(value, "an address or a network is wanted, such as 10.0.0.0/8");
    return add_network(value, &network);
}

enum status option_read_proxies(const struct option_value *value)
{
    struct network network = { .prefix = 128 };

    if (!address_parse(slice_of_text(value->text), &network.address))
        return refuse(value, "an address is wanted, such as 192.0.2.10");
    return add_network(value, &network);
}

/* ---- words ---- */

static const struct {
    const char *name;
    enum output_format format;
} formats[] = {
    { "tui", OUTPUT_TUI },       { "text", OUTPUT_TEXT },     { "json", OUTPUT_JSON },
    { "ndjson", OUTPUT_NDJSON }, { "events", OUTPUT_EVENTS }, { "html", OUTPUT_HTML },
    { "pcapng", OUTPUT_PCAPNG },
};

static enum status add_output(const struct option_value *value, const struct output *output)
{
    struct options *options = value->options;

    if (output->format == OUTPUT_TUI && output->path)
        return complain(value->complaint, "the dashboard (-o tui) needs a terminal and cannot be "
                                          "written to a file; use -o text:FILE");
    if (options->output_count == OPTION_REPEATS_MAX)
        return complain(value->complaint, "--output is given more than %d times",
                        OPTION_REPEATS_MAX);
    options->outputs[options->output_count++] = *output;
    return STATUS_OK;
}

enum status option_read_output(const struct option_value *value)
{
    struct slice text = slice_of_text(value->text);
    size_t colon = slice_find_byte(text, ':');
    struct slice name = slice_part(text, 0, colon);
    struct slice path = slice_after(text, colon + 1);
    struct output output = { OUTPUT_TEXT, NULL };

    if (colon < text.length && path.length == 0)
        return refuse(value, "a file name is missing after the colon");
    if (path.length && !slice_is_text(path, "-"))
        output.path = arena_text(value->options->arena, path);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (slice_is_text(name, formats[i].name)) {
            output.format = formats[i].format;
            return add_output(value, &output);
        }
    }
    return refuse(value, "tui, text, json, ndjson, events, html or pcapng is wanted, and :FILE "
                         "may follow");
}

enum status option_read_write(const struct option_value *value)
{
    return complain(value->complaint,
                    "this version cannot keep packets yet (--write %s); capture with tcpdump -w "
                    "and read that file",
                    value->text);
}

/* The number of a word; `count` when it is none of them. */
static unsigned find_word(const char *const *words, unsigned count, const char *text)
{
    unsigned i = 0;

    while (i < count && strcmp(text, words[i]) != 0)
        i++;
    return i;
}

enum status option_read_color(const struct option_value *value)
{
    static const char *const words[] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"
    };
    enum color_when *color = member_of(value);
    unsigned found = find_word(words, COLOR_NEVER + 1, value->text);

    if (found > COLOR_NEVER)
        return refuse(value, "auto, always or never is wanted");
    *color = (enum color_when)found;
    return STATUS_OK;
}

enum status option_read_theme(const struct option_value *value)
{
    static const char *const words[] = {
        [THEME_AUTO] = "auto", [THEME_DARK] = "dark", [THEME_LIGHT] = "light"
    };
    enum theme *theme = member_of(value);
    unsigned found = find_word(words, THEME_LIGHT + 1, value->text);

    if (found > THEME_LIGHT)
        return refuse(value, "auto, dark or light is wanted");
    *theme = (enum theme)found;
    return STATUS_OK;
}

enum status option_read_jobs(const struct option_value *value)
{
    unsigned *jobs = member_of(value);
    uint64_t number;

    if (!slice_to_u64(slice_of_text(value->text), &number) || number > JOBS_MAX)
        return refuse(value, "a number from 0 to 1024 is wanted");
    *jobs = (unsigned)number;
    return STATUS_OK;
}
