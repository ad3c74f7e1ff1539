/* input_bytes.c: a file, pipe or compressed file as one run of bytes
 *
 * Plain files are read straight into the window.  Compressed bytes pass a
 * small second buffer; a bomb costs time but never memory, and not for ever.
 */
#include "input_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decompress.h"

enum { WINDOW_BYTES = 256 << 10, PACKED_BYTES = 64 << 10, POLL_MS = 200, BOMB_FACTOR = 1000 };
#define BOMB_BYTES (4ull << 30)

static void note_progress(struct input_bytes *in)
{
    double share;

    if (in->file_bytes == 0)
        return;
    share = (double)in->read_bytes / (double)in->file_bytes;
    in->input->info.progress = share < 1 ? share : 1;
}

/* A pipe whose other end is silent must not keep a stopped program alive. */
static bool wait_readable(const struct input_bytes *in)
{
    struct pollfd wanted = { .fd = in->descriptor, .events = POLLIN };

    while (!*in->input->stopped)
        if (!in->pollable || poll(&wanted, 1, POLL_MS) > 0)
            return true;
    return false;
}

/* Returns false at the end. */
static bool read_descriptor(struct input_bytes *in, struct buffer *to)
{
    ssize_t got;

    do {
        if (!wait_readable(in))
            return false;
        got = read(in->descriptor, to->data + to->length, to->capacity - to->length);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        (void)input_break_off(in->input,
                              "reading failed at byte %llu (%s); what is before it has been read",
                              (unsigned long long)in->read_bytes, strerror(errno));
    if (got <= 0)
        return false;
    to->length += (size_t)got;
    in->read_bytes += (uint64_t)got;
    note_progress(in);
    return true;
}

static bool is_bomb(const struct input_bytes *in)
{
    return in->unpacked_bytes > in->bomb_bytes && in->unpacked_bytes / BOMB_FACTOR > in->read_bytes;
}

/* Says why no more comes out; returns false. */
static bool end_unpacking(struct input_bytes *in)
{
    const char *fault = decoder_fault(in->decoder);
    const char *name = decoder_name(in->decoder);

    if (fault)
        (void)input_break_off(
            in->input, "the %s data are damaged near byte %llu (%s); what is before has been read",
            name, (unsigned long long)in->read_bytes, fault);
    else if (is_bomb(in))
        (void)input_break_off(in->input,
                              "stopped: %llu bytes came out of %llu bytes of %s data, which no "
                              "capture does; decompress it by hand if it is one",
                              (unsigned long long)in->unpacked_bytes,
                              (unsigned long long)in->read_bytes, name);
    else if (!decoder_is_complete(in->decoder))
        (void)input_break_off(in->input, "the %s data end early; what is before has been read",
                              name);
    return false;
}

static bool unpack(struct input_bytes *in)
{
    size_t before = in->window.length;
    bool more = true;

    while (in->window.length == before) {
        struct slice rest;
        size_t given;

        if (in->packed.length == 0)
            more = read_descriptor(in, &in->packed);
        given = in->packed.length;
        rest = buffer_slice(&in->packed);
        decoder_run(in->decoder, &rest, &in->window);
        buffer_drop_front(&in->packed, given - rest.length);
        in->unpacked_bytes += in->window.length - before;
        if (decoder_fault(in->decoder) || is_bomb(in) || (!more && in->window.length == before))
            return end_unpacking(in);
    }
    return true;
}

static bool make_room(struct input_bytes *in, size_t length)
{
    struct buffer *window = &in->window;
    size_t capacity = window->capacity ? window->capacity : WINDOW_BYTES;
    uint8_t *grown;

    if (length <= window->capacity - in->position && window->length < window->capacity)
        return true;
    buffer_drop_front(window, in->position);
    in->position = 0;
    /* Twice what is asked, so that bytes are moved to the front but now and then. */
    while (capacity < 2 * length)
        capacity *= 2;
    if (capacity == window->capacity)
        return true;
    grown = memory_resize(window->budget, window->data, window->capacity, capacity);
    if (!grown)
        return false;
    window->data = grown;
    window->capacity = capacity;
    return true;
}

void input_bytes_refill(struct input_bytes *in, size_t length)
{
    if (in->ended)
        return;
    if (!make_room(in, length)) {
        (void)input_break_off(in->input, "stopped at byte %llu: no memory for %zu bytes",
                              (unsigned long long)in->offset, length);
        in->ended = true;
    }
    while (!in->ended && in->window.length - in->position < length)
        in->ended = !(in->decoder ? unpack(in) : read_descriptor(in, &in->window));
}

uint64_t input_bytes_skip_far(struct input_bytes *in, uint64_t length)
{
    uint64_t left = length;

    while (left > 0) {
        size_t part = left < WINDOW_BYTES ? (size_t)left : WINDOW_BYTES;

        part = input_bytes_peek(in, part).length;
        if (part == 0)
            break;
        input_bytes_skip(in, part);
        left -= part;
    }
    return length - left;
}

static bool take_packed_buffer(struct buffer *packed)
{
    packed->data = memory_take(packed->budget, PACKED_BYTES);
    packed->capacity = packed->data ? PACKED_BYTES : 0;
    return packed->data;
}

/* What the window holds turns out to be compressed: it is to pass the decoder first. */
static bool start_unpacking(struct input_bytes *in)
{
    in->decoder = decoder_create(buffer_slice(&in->window));
    if (!in->decoder || !take_packed_buffer(&in->packed) ||
        !buffer_append(&in->packed, buffer_slice(&in->window)))
        return false;
    in->window.length = 0;
    in->ended = false;
    return true;
}

struct input_bytes *input_bytes_create(struct input *input, int descriptor)
{
    struct input_bytes *in = memory_take(NULL, sizeof *in);
    struct stat status;

    if (!in) {
        close(descriptor);
        return NULL;
    }
    in->input = input;
    in->descriptor = descriptor;
    in->bomb_bytes = BOMB_BYTES;
    in->pollable = true;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        in->pollable = false;
        in->file_bytes = (uint64_t)status.st_size;
        (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    input->info.progress = in->file_bytes ? 0 : -1;
    if (decoder_knows(input_bytes_peek(in, sizeof(uint32_t))) && !start_unpacking(in)) {
        input_bytes_free(in);
        return NULL;
    }
    return in;
}

void input_bytes_free(struct input_bytes *in)
{
    if (!in)
        return;
    close(in->descriptor);
    decoder_free(in->decoder);
    buffer_wipe(&in->window); /* a capture may hold TLS secrets */
    buffer_release(&in->packed);
    memory_give(NULL, in, sizeof *in);
}
