/* source.c: opens a file, finds out what it is, and says so when it is nothing of ours */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input_bytes.h"
#include "lyncscope/text.h"

enum { WARNING_BYTES = 400, LEFT_OUT_BYTES = 60, MAGIC_SHOWN = 8 };

static void count_left_out(struct input *input)
{
    if (!input->left_out) {
        input->left_out = arena_take(input->arena, LEFT_OUT_BYTES);
        input->left_out_count = 1; /* the one that gives its place up */
        if (!input->left_out)
            return;
        input->info.warnings[INPUT_WARNINGS_MAX - 1] = input->left_out;
    }
    input->left_out_count++;
    snprintf(input->left_out, LEFT_OUT_BYTES, "%llu more warnings were left out",
             (unsigned long long)input->left_out_count);
}

static void add_warning(struct input *input, const char *text)
{
    const char *kept;

    if (input->info.warning_count == INPUT_WARNINGS_MAX) {
        count_left_out(input);
        return;
    }
    kept = arena_print(input->arena, "%s", text);
    if (kept)
        input->info.warnings[input->info.warning_count++] = kept;
}

void input_warn(struct input *input, const char *format, ...)
{
    char text[WARNING_BYTES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_warning(input, text);
}

enum status input_break_off(struct input *input, const char *format, ...)
{
    char text[WARNING_BYTES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_warning(input, text);
    input->info.broke_off = true;
    return STATUS_END;
}

static enum status open_standard_input(int *descriptor, struct complaint *complaint)
{
    if (isatty(STDIN_FILENO))
        return complain(complaint, "-: standard input is a terminal; pipe a capture into it, as in "
                                   "tcpdump -w - | lyncscope -");
    *descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (*descriptor < 0)
        return complain(complaint, "-: standard input is closed (%s)", strerror(errno));
    return STATUS_OK;
}

static enum status refuse_open(const struct input *input, struct complaint *complaint)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return complain(complaint, "%s: no such file; check the path", input->name);
    case EACCES:
    case EPERM:
        return complain(complaint,
                        "%s: no permission to read it; use sudo, or have it made readable",
                        input->name);
    case EMFILE:
    case ENFILE:
        return complain(complaint,
                        "%s: too many files are open; raise ulimit -n, or join captures with "
                        "mergecap first",
                        input->name);
    default:
        return complain(complaint, "%s: cannot open it (%s)", input->name, strerror(errno));
    }
}

static enum status open_path(const struct input *input, int *descriptor,
                             struct complaint *complaint)
{
    struct stat status;

    if (strcmp(input->info.path, "-") == 0)
        return open_standard_input(descriptor, complaint);
    *descriptor = open(input->info.path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (*descriptor < 0)
        return refuse_open(input, complaint);
    if (fstat(*descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        close(*descriptor);
        return complain(complaint, "%s: is a directory; name the capture files in it", input->name);
    }
    return STATUS_OK;
}

static enum status refuse_content(const struct input *input, const struct input_bytes *bytes,
                                  struct slice start, struct complaint *complaint)
{
    const char *packed = bytes->decoder ? "once decompressed it " : "";
    struct text shown = { 0 };

    if (start.length == 0 && input->info.warning_count > 0)
        return complain(complaint, "%s: nothing can be read from it: %s", input->name,
                        input->info.warnings[0]);
    if (start.length == 0)
        return complain(complaint, "%s: is empty%s; was the capture stopped before it began?",
                        input->name, bytes->decoder ? " once decompressed" : " (0 bytes)");
    for (size_t i = 0; i < start.length; i++)
        text_print(&shown, "%s%02x", i > 0 ? " " : "", start.data[i]);
    text_add(&shown, " \"");
    text_add_escaped(&shown, start);
    text_add(&shown, "\"");
    (void)complain(complaint, "%s: not a capture: %sstarts with %s, neither pcap nor pcapng",
                   input->name, packed, text_string(&shown));
    text_release(&shown);
    return STATUS_REFUSED;
}

enum status source_open_file(struct input *input, struct complaint *complaint)
{
    struct input_bytes *bytes;
    struct slice start;
    enum status status;
    int descriptor = -1;

    status = open_path(input, &descriptor, complaint);
    if (status != STATUS_OK)
        return status;
    bytes = input_bytes_create(input, descriptor);
    if (!bytes)
        return complain(complaint, "%s: no memory to read it", input->name);
    start = input_bytes_peek(bytes, MAGIC_SHOWN);
    if (pcap_file_is_magic(start))
        status = pcap_file_open(input, bytes, complaint);
    else if (pcapng_is_magic(start))
        status = pcapng_open(input, bytes, complaint);
    else
        status = refuse_content(input, bytes, start, complaint);
    if (status != STATUS_OK)
        input_bytes_free(bytes);
    return status;
}
