/* config_file.c: the options, one a line, without their dashes
 *
 *     # a comment
 *     sip-domain contoso.com
 *     internal = 10.0.0.0/8
 *     show-secrets
 *
 * Read by hand: the packaged inih cuts lines at 200 bytes.
 */
#include "option_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096, LINES_MAX = 10000 };

static struct slice take_name(struct slice *line)
{
    size_t end = 0;
    struct slice name;

    while (end < line->length && !strchr(" \t=", line->data[end]))
        end++;
    name = slice_part(*line, 0, end);
    *line = slice_trim(slice_after(*line, end));
    return name;
}

static enum status take_line(struct slice line, const struct config_sink *sink,
                             struct complaint *complaint)
{
    char name[LINE_MAX_BYTES], value[LINE_MAX_BYTES];
    struct slice word, rest = slice_trim(line);

    if (rest.length == 0 || rest.data[0] == '#')
        return STATUS_OK;
    if (slice_starts_with(rest, "--"))
        rest = slice_after(rest, strlen("--"));
    word = take_name(&rest);
    if (rest.length && rest.data[0] == '=')
        rest = slice_trim(slice_after(rest, 1));
    snprintf(name, sizeof name, "%.*s", (int)word.length, (const char *)word.data);
    snprintf(value, sizeof value, "%.*s", (int)rest.length,
             rest.length ? (const char *)rest.data : "");
    return sink->take(sink->context, name, rest.length ? value : NULL, complaint);
}

static enum status read_lines(FILE *file, const struct config_sink *sink,
                              struct complaint *complaint, unsigned *number)
{
    char line[LINE_MAX_BYTES];

    for (*number = 1; fgets(line, sizeof line, file); (*number)++) {
        size_t length = strlen(line);

        if (*number > LINES_MAX)
            return complain(complaint, "more than %d lines", LINES_MAX);
        if (length + 1 == sizeof line && line[length - 1] != '\n')
            return complain(complaint, "the line is longer than %d bytes", LINE_MAX_BYTES - 2);
        if (take_line(slice_of(line, length), sink, complaint) != STATUS_OK)
            return STATUS_REFUSED;
    }
    return STATUS_OK;
}

enum status config_read(const char *path, const struct config_sink *sink,
                        struct complaint *complaint)
{
    FILE *file = fopen(path, "re");
    struct complaint reason = { "" };
    enum status status;
    unsigned number = 0;

    if (!file)
        return complain(complaint, "cannot read the configuration %s: %s", path, strerror(errno));
    status = read_lines(file, sink, &reason, &number);
    if (status == STATUS_OK && ferror(file))
        status = complain(complaint, "cannot read the configuration %s: %s", path, strerror(errno));
    else if (status != STATUS_OK)
        complain(complaint, "%.200s:%u: %.350s", path, number, reason.line);
    fclose(file);
    return status;
}

const char *config_default_path(struct arena *arena)
{
    static const char system_path[] = "/etc/lyncscope.conf";
    const char *home = getenv("HOME");
    const char *path =
        home && *home ? arena_print(arena, "%s/.config/lyncscope/config", home) : NULL;

    /* One that may not be read is somebody else's: lyncscope may run under another account. */
    if (path && access(path, R_OK) == 0)
        return path;
    return access(system_path, R_OK) == 0 ? system_path : NULL;
}
