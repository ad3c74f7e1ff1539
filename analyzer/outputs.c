/* outputs.c: where the report goes, in which form */
#include "outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WIDTH_MIN = 60, WIDTH_MAX = 120, COPY_SLICE_MS = 1000 };

/* ---- the terminal ---- */

static bool is_terminal(int descriptor)
{
    const char *terminal = getenv("TERM");

    return isatty(descriptor) && terminal && *terminal && strcmp(terminal, "dumb") != 0;
}

static bool wants_color(const struct options *options, int descriptor)
{
    const char *no_color = getenv("NO_COLOR");

    if (options->color != COLOR_AUTO)
        return options->color == COLOR_ALWAYS;
    return is_terminal(descriptor) && !(no_color && *no_color);
}

static unsigned terminal_width(int descriptor)
{
    struct winsize size;

    if (!isatty(descriptor) || ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 0;
    if (size.ws_col < WIDTH_MIN)
        return WIDTH_MIN;
    return size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col;
}

static struct report_options make_report_options(const struct options *options, FILE *file)
{
    return (struct report_options){ .color = wants_color(options, fileno(file)),
                                    .show_secrets = options->show_secrets,
                                    .verbose = options->verbose,
                                    .width = terminal_width(fileno(file)) };
}

struct report_options outputs_stdout_options(const struct options *options)
{
    return make_report_options(options, stdout);
}

/* Some terminals say "foreground;background" as numbers of ANSI colours: 7 and 9 to 15 are light.
 */
bool outputs_background_is_light(const struct options *options)
{
    const char *colors = getenv("COLORFGBG");
    const char *last = colors ? strrchr(colors, ';') : NULL;
    uint64_t background;

    if (options->theme != THEME_AUTO)
        return options->theme == THEME_LIGHT;
    return last && slice_to_u64(slice_of_text(last + 1), &background) &&
           (background == 7 || background > 8);
}

/* ---- opening ---- */

static bool is_same_file(const char *a, const char *b)
{
    struct stat one, other;

    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

static bool is_one_of(const struct text_values *names, const char *path)
{
    for (size_t i = 0; i < names->count; i++)
        if (is_same_file(path, names->items[i]))
            return true;
    return false;
}

static bool is_read(const struct options *options, const char *path)
{
    return is_one_of(&options->inputs, path) || is_one_of(&options->keylogs, path) ||
           is_one_of(&options->private_keys, path) ||
           (options->password_file && is_same_file(path, options->password_file));
}

static enum status open_file(struct destination *destination, const struct options *options,
                             struct complaint *complaint)
{
    const char *path = destination->path;

    if (is_read(options, path))
        return complain(
            complaint, "%.300s: is an input too and would be overwritten; name another file", path);
    destination->file = fopen(path, "we");
    if (!destination->file)
        return complain(complaint, "%.300s: cannot be written: %s", path, strerror(errno));
    return STATUS_OK;
}

static enum status add_destination(struct outputs *outputs, const struct output *output,
                                   const struct options *options, struct complaint *complaint)
{
    struct destination *destination = &outputs->items[outputs->count];

    *destination = (struct destination){ .format = output->format, .path = output->path };
    if (output->format == OUTPUT_TUI && !isatty(STDOUT_FILENO))
        return complain(complaint, "the dashboard (-o tui) needs a terminal as standard output; "
                                   "use -o text");
    if (output->format == OUTPUT_TUI && !is_terminal(STDOUT_FILENO))
        return complain(complaint, "the dashboard (-o tui) needs a terminal of a known kind: set "
                                   "TERM, or use -o text");
    if (output->format == OUTPUT_PCAPNG && !output->path && isatty(STDOUT_FILENO))
        return complain(complaint, "packets are no text for a terminal; use -o pcapng:FILE");
    destination->file = stdout;
    if (output->path && open_file(destination, options, complaint) != STATUS_OK)
        return STATUS_REFUSED;
    destination->report = make_report_options(options, destination->file);
    outputs->has_tui |= output->format == OUTPUT_TUI;
    outputs->has_events |= output->format == OUTPUT_EVENTS;
    outputs->count++;
    return STATUS_OK;
}

static enum status start_events(struct outputs *outputs, struct budget *budget,
                                struct complaint *complaint)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct destination *destination = &outputs->items[i];

        if (destination->format != OUTPUT_EVENTS)
            continue;
        destination->events = events_writer_create(destination->file, &destination->report, budget);
        if (!destination->events)
            return complain(complaint, "no memory to print events");
    }
    return STATUS_OK;
}

enum status outputs_open(struct outputs *outputs, const struct options *options,
                         struct budget *budget, struct complaint *complaint)
{
    const struct output usual = { is_terminal(STDOUT_FILENO) && isatty(STDIN_FILENO) ? OUTPUT_TUI
                                                                                     : OUTPUT_TEXT,
                                  NULL };

    *outputs = (struct outputs){ .live = options->interfaces.count > 0 };
    if (options->output_count == 0 &&
        add_destination(outputs, &usual, options, complaint) != STATUS_OK)
        return STATUS_REFUSED;
    for (size_t i = 0; i < options->output_count; i++)
        if (add_destination(outputs, &options->outputs[i], options, complaint) != STATUS_OK)
            return STATUS_REFUSED;
    return start_events(outputs, budget, complaint);
}

/* ---- writing ---- */

/* errno is that of the last write; a later success must not hide a failure. */
static void check_writes(struct destination *destination)
{
    if (ferror(destination->file) && !destination->error)
        destination->error = errno ? errno : EIO;
}

void outputs_event(struct outputs *outputs, const struct event *event)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct destination *destination = &outputs->items[i];

        if (!destination->events || destination->error)
            continue;
        errno = 0;
        events_writer_receive(destination->events, event);
        check_writes(destination);
    }
}

static bool shows_rows(const struct outputs *outputs, const struct destination *destination)
{
    return destination->format == OUTPUT_TEXT && outputs->live && !destination->path;
}

bool outputs_want_signins(const struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->items[i].format == OUTPUT_NDJSON || shows_rows(outputs, &outputs->items[i]))
            return true;
    return false;
}

void outputs_signin(struct outputs *outputs, const struct signin *signin)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct destination *destination = &outputs->items[i];

        if (destination->error || destination->format != OUTPUT_NDJSON)
            continue;
        errno = 0;
        report_ndjson(destination->file, signin, &destination->report);
        fflush(destination->file);
        check_writes(destination);
    }
}

void outputs_row(struct outputs *outputs, const struct signin *signin)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct destination *destination = &outputs->items[i];

        if (destination->error || !shows_rows(outputs, destination))
            continue;
        errno = 0;
        report_text_row(destination->file, signin, &destination->report);
        fflush(destination->file);
        check_writes(destination);
    }
}

void outputs_flush(struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct destination *destination = &outputs->items[i];

        if (!destination->events || destination->error)
            continue;
        errno = 0;
        fflush(destination->file);
        check_writes(destination);
    }
}

bool outputs_are_gone(const struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->items[i].error == 0)
            return false;
    return outputs->count > 0;
}

static void copy_packets(struct outputs *outputs, const struct destination *destination,
                         const struct report *report)
{
    struct packet_copy *copy = packet_copy_begin(destination->file, report, &outputs->complaint);

    if (!copy) {
        outputs->refused = true;
        return;
    }
    while (packet_copy_work(copy, COPY_SLICE_MS))
        ;
    (void)packet_copy_end(copy);
}

void outputs_report(struct outputs *outputs, const struct report *report)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct destination *destination = &outputs->items[i];

        errno = 0;
        if (destination->error)
            continue;
        if (shows_rows(outputs, destination))
            putc('\n', destination->file);
        if (destination->format == OUTPUT_TEXT)
            report_text(destination->file, report, &destination->report);
        else if (destination->format == OUTPUT_JSON)
            report_json(destination->file, report, &destination->report);
        else if (destination->format == OUTPUT_HTML)
            report_html(destination->file, report, &destination->report);
        else if (destination->format == OUTPUT_PCAPNG)
            copy_packets(outputs, destination, report);
        check_writes(destination);
    }
}

/* ---- closing ---- */

static void close_destination(struct destination *destination)
{
    errno = 0;
    events_writer_finish(destination->events);
    destination->events = NULL;
    check_writes(destination);
    errno = 0;
    if ((destination->path ? fclose(destination->file) : fflush(destination->file)) != 0 &&
        !destination->error)
        destination->error = errno ? errno : EIO;
    destination->file = NULL;
}

enum status outputs_close(struct outputs *outputs, struct complaint *complaint)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < outputs->count; i++) {
        struct destination *destination = &outputs->items[i];

        if (destination->file)
            close_destination(destination);
        if (destination->error && destination->error != EPIPE)
            status = complain(complaint,
                              "%.300s: cannot be written: %s; make room or name "
                              "another file",
                              destination->path ? destination->path : "standard output",
                              strerror(destination->error));
    }
    outputs->count = 0;
    if (outputs->refused && status == STATUS_OK)
        return complain(complaint, "%s", outputs->complaint.line);
    return status;
}
