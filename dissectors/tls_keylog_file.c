/* tls_keylog_file.c: a key log on disk, read whole or followed as it grows
 *
 * A followed file is looked at by name: another file under that name (rotated)
 * is read after the old one has been read to its end, a file that became
 * shorter (truncated) from its start.  The start of a line waits for its rest.
 */
#include "dissectors/tls_keylog_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lyncscope/memory.h"
#include "lyncscope/text.h"

enum {
    WINDOW_BYTES = 256 << 10,     /* more than any line */
    HOPELESS_BYTES = 16 << 20,    /* without one secret in them: no key log */
    HOPELESS_BAD_BYTES = 1 << 20, /* the same, with lines that are none of a key log */
    AT_ONCE_BYTES = 64 << 20,     /* of a followed file, between two packets */
    START_BYTES = 16,
    MARK_BYTES = 3, /* of an encoding */
};

struct keylog_file {
    struct text path;
    bool follow;
    bool accepted;      /* it is a key log, and read whatever comes */
    int descriptor;     /* -1: not there yet */
    struct stat opened; /* who it was when it was opened */
    uint64_t offset;
    struct buffer window; /* what has been read and not yet used up: the start of a line */
    enum keylog_encoding encoding;
    bool begun;    /* its encoding is known */
    bool skipping; /* inside a line that does not fit the window */
    /* Of what has been read, for the user who gave the wrong file. */
    uint64_t lines, secrets, others, bad;
    uint64_t bad_line; /* number of the first */
    const char *fault; /* of the first */
    uint8_t start[START_BYTES];
};

/* ---- what it is not ---- */

/* Files that are often taken for a key log. */
static const struct {
    const char *start;
    size_t length;
    const char *what;
} mistaken[] = {
    { "-----BEGIN ", 11, "is a PEM file, not a TLS key log; a server's private key goes with -K" },
    { "\x30\x82", 2,
      "looks like a key or certificate, not a TLS key log; a server's private key "
      "goes with -K" },
    { "\xd4\xc3\xb2\xa1", 4, "is a capture, not a TLS key log; name it without -k" },
    { "\xa1\xb2\xc3\xd4", 4, "is a capture, not a TLS key log; name it without -k" },
    { "\x4d\x3c\xb2\xa1", 4, "is a capture, not a TLS key log; name it without -k" },
    { "\x0a\x0d\x0d\x0a", 4,
      "is a capture, not a TLS key log; name it without -k (secrets inside it are used)" },
    { "\x1f\x8b", 2, "is compressed with gzip; decompress the key log first" },
    { "\x28\xb5\x2f\xfd", 4, "is compressed with zstd; decompress the key log first" },
};

static const char *find_mistaken(const struct keylog_file *file)
{
    for (size_t i = 0; i < sizeof mistaken / sizeof *mistaken; i++)
        if (slice_equals(slice_of(file->start, mistaken[i].length),
                         slice_of(mistaken[i].start, mistaken[i].length)))
            return mistaken[i].what;
    return NULL;
}

/* ---- lines ---- */

static void note_bad(struct keylog_file *file, const char *fault)
{
    if (file->bad++ > 0)
        return;
    file->bad_line = file->lines;
    file->fault = fault;
}

static void use_line(struct keylog_file *file, struct keylog_line *line,
                     const struct keylog_sink *sink)
{
    file->lines++;
    if (line->kind == KEYLOG_BAD)
        note_bad(file, line->fault);
    file->others += line->kind == KEYLOG_OTHER;
    file->secrets += line->kind == KEYLOG_LABELLED || line->kind == KEYLOG_PREMASTER ||
                     line->kind == KEYLOG_SESSION;
    if (line->kind != KEYLOG_BLANK)
        sink->take(sink->context, line);
}

static void use_text(struct keylog_file *file, struct slice text, const struct keylog_sink *sink)
{
    struct keylog_line line;

    keylog_read_line(text, &line);
    use_line(file, &line, sink);
    memory_wipe(&line, sizeof line);
}

/* A line of that length is nobody's, and the rest of it is skipped. */
static void drop_start_of_line(struct keylog_file *file, const struct keylog_sink *sink)
{
    struct keylog_line line = { .kind = KEYLOG_BAD, .fault = "it is longer than any secret" };

    if (!file->skipping)
        use_line(file, &line, sink);
    file->skipping = true;
    file->window.length = 0;
}

static void begin_text(struct keylog_file *file, struct keylog_text *text)
{
    if (file->begun)
        return;
    for (size_t i = 0; i < START_BYTES; i++)
        file->start[i] = i < text->rest.length ? text->rest.data[i] : 0;
    keylog_begin(text);
    file->encoding = text->encoding;
    file->begun = true;
}

/* Uses up all whole lines of the window. */
static void use_window(struct keylog_file *file, const struct keylog_sink *sink)
{
    struct keylog_text text = { .rest = buffer_slice(&file->window), .encoding = file->encoding };
    struct slice line;

    begin_text(file, &text);
    if (!file->accepted && find_mistaken(file))
        text.rest = SLICE_EMPTY; /* a capture may hold a key log, whose lines look right */
    while (keylog_next_line(&text, &line)) {
        if (!file->skipping)
            use_text(file, line, sink);
        file->skipping = false;
    }
    buffer_drop_front(&file->window, file->window.length - text.rest.length);
    if (file->window.length == file->window.capacity)
        drop_start_of_line(file, sink);
    memory_wipe(&text, sizeof text);
}

/* Where the file ends, a line may have been written whole but for its line feed. */
static void use_last_line(struct keylog_file *file, const struct keylog_sink *sink)
{
    struct keylog_text text = { .rest = buffer_slice(&file->window), .encoding = file->encoding };
    struct keylog_line line;

    if (file->window.length == 0 || file->skipping)
        return;
    keylog_read_line(keylog_last_line(&text), &line);
    if (!file->follow || keylog_is_whole(&line)) {
        use_line(file, &line, sink);
        file->window.length = 0;
    }
    memory_wipe(&line, sizeof line);
    memory_wipe(&text, sizeof text);
}

/* ---- bytes ---- */

static bool is_hopeless(const struct keylog_file *file)
{
    return file->secrets == 0 && file->others == 0 &&
           file->offset > (file->bad > 0 ? HOPELESS_BAD_BYTES : HOPELESS_BYTES);
}

/* To where the file ends now. False: reading failed, errno tells. */
static bool read_on(struct keylog_file *file, const struct keylog_sink *sink)
{
    struct buffer *window = &file->window;
    uint64_t end = file->accepted ? file->offset + AT_ONCE_BYTES : UINT64_MAX;
    ssize_t got = 0;

    while (file->offset < end && (file->accepted || !is_hopeless(file))) {
        got = read(file->descriptor, window->data + window->length,
                   window->capacity - window->length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        window->length += (size_t)got;
        file->offset += (uint64_t)got;
        if (file->begun || window->length >= MARK_BYTES)
            use_window(file, sink);
    }
    use_last_line(file, sink);
    return got >= 0 || errno == EAGAIN;
}

static void begin_anew(struct keylog_file *file)
{
    file->window.length = 0;
    file->offset = 0;
    file->begun = false;
    file->skipping = false;
    file->encoding = KEYLOG_BYTES;
}

static bool open_path(struct keylog_file *file)
{
    /* A followed pipe must not make us wait for its writer. */
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (file->follow ? O_NONBLOCK : 0);

    file->descriptor = open(text_string(&file->path), flags);
    if (file->descriptor < 0 || fstat(file->descriptor, &file->opened) != 0)
        return false;
    begin_anew(file);
    return true;
}

static void close_descriptor(struct keylog_file *file)
{
    if (file->descriptor >= 0)
        close(file->descriptor);
    file->descriptor = -1;
}

/* ---- following ---- */

void keylog_file_follow(struct keylog_file *file, const struct keylog_sink *sink)
{
    struct stat now;
    bool same;

    if (stat(text_string(&file->path), &now) != 0)
        return; /* not there yet, or between two files */
    same = file->descriptor >= 0 && now.st_dev == file->opened.st_dev &&
           now.st_ino == file->opened.st_ino;
    if (same && S_ISREG(now.st_mode) && (uint64_t)now.st_size == file->offset)
        return;
    if (same && S_ISREG(now.st_mode) && (uint64_t)now.st_size < file->offset) {
        (void)lseek(file->descriptor, 0, SEEK_SET);
        begin_anew(file);
    }
    if (file->descriptor >= 0)
        (void)read_on(file, sink);
    if (same)
        return;
    close_descriptor(file);
    if (!S_ISDIR(now.st_mode) && open_path(file))
        (void)read_on(file, sink);
}

/* ---- opening ---- */

static enum status refuse_open(const char *path, struct complaint *complaint)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return complain(complaint,
                        "%.400s: no such key log; check the path, and that the program that was to "
                        "write it ran with SSLKEYLOGFILE set",
                        path);
    case EACCES:
    case EPERM:
        return complain(complaint,
                        "%.400s: no permission to read this key log; use sudo, or have "
                        "it made readable",
                        path);
    default:
        return complain(complaint, "%.400s: the key log cannot be read (%s)", path,
                        strerror(errno));
    }
}

static enum status refuse_content(const struct keylog_file *file, struct complaint *complaint)
{
    const char *path = text_string(&file->path);

    if (find_mistaken(file))
        return complain(complaint, "%.400s: %s", path, find_mistaken(file));
    if (file->offset == 0)
        return complain(complaint,
                        "%.400s: is empty: no TLS secret was written to it; SSLKEYLOGFILE must be "
                        "set before the program starts that makes the connections",
                        path);
    if (file->others > 0)
        return complain(complaint,
                        "%.400s: a key log without a secret that opens TLS connections, only of "
                        "other kinds",
                        path);
    if (file->bad == 0)
        return complain(complaint, "%.400s: a key log without any secret in it", path);
    return complain(complaint,
                    "%.400s: not a TLS key log: no line of it is a secret (line %llu: %s)", path,
                    (unsigned long long)file->bad_line, file->fault);
}

static bool may_be_used(const struct keylog_file *file)
{
    if (find_mistaken(file))
        return false;
    return file->secrets > 0 || (file->follow && file->bad == 0 && !is_hopeless(file));
}

enum status keylog_file_read(struct keylog_file *file, const struct keylog_sink *sink,
                             struct complaint *complaint)
{
    const char *path = text_string(&file->path);

    file->accepted = file->follow && access(path, F_OK) != 0 && errno == ENOENT;
    if (file->accepted)
        return STATUS_OK;
    if (!open_path(file))
        return refuse_open(path, complaint);
    if (S_ISDIR(file->opened.st_mode))
        return complain(complaint, "%.400s: is a directory; name the key log in it", path);
    if (!read_on(file, sink))
        return refuse_open(path, complaint);
    file->accepted = may_be_used(file);
    return file->accepted ? STATUS_OK : refuse_content(file, complaint);
}

struct keylog_file *keylog_file_create(const char *path, bool follow)
{
    struct keylog_file *file = memory_take(NULL, sizeof *file);

    if (!file)
        return NULL;
    text_add(&file->path, path);
    file->follow = follow;
    file->descriptor = -1;
    file->window.data = memory_take(NULL, WINDOW_BYTES);
    file->window.capacity = file->window.data ? WINDOW_BYTES : 0;
    if (!file->path.cut && file->window.data)
        return file;
    keylog_file_close(file);
    return NULL;
}

void keylog_file_close(struct keylog_file *file)
{
    if (!file)
        return;
    close_descriptor(file);
    buffer_wipe(&file->window);
    text_release(&file->path);
    memory_give(NULL, file, sizeof *file);
}
