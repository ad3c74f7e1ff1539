/* pcapng_secrets.c: the secrets of a whole file, before its first packet
 *
 * Secrets may stand behind the packets that need them (draft-ietf-opsawg-pcapng
 * 4.7 wants them in front, and editcap puts them there, but who appends to a
 * file cannot).  A file that can be read twice is therefore gone through when
 * it is opened, from the head of one block to the next.  It is read, not
 * mapped: that is as fast, and a file that shrinks meanwhile does no harm.
 * Where a head makes no sense, and in compressed files, the usual walk with all
 * its care is made a first time, for nothing but secrets.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ordered.h"
#include "pcapng.h"

enum { WINDOW_BYTES = 64 << 10, TRAILER_BYTES = 4 };

/* A window of a file that is looked at here and there. */
struct look {
    int descriptor;
    struct buffer window;
    uint64_t start; /* of the window, in the file */
    uint64_t size;  /* of the file */
};

static bool grow(struct buffer *window, size_t length)
{
    uint8_t *grown;

    if (length <= window->capacity)
        return true;
    memory_wipe(window->data, window->capacity);
    grown = memory_resize(NULL, window->data, window->capacity, length);
    if (!grown)
        return false;
    window->data = grown;
    window->capacity = length;
    return true;
}

static void refill(struct look *look, uint64_t offset, size_t length)
{
    struct buffer *window = &look->window;
    size_t wanted = length > WINDOW_BYTES ? length : WINDOW_BYTES;
    ssize_t got = 1;

    window->length = 0;
    look->start = offset;
    if (!grow(window, wanted))
        return;
    while (window->length < length && got > 0) {
        got = pread(look->descriptor, window->data + window->length, wanted - window->length,
                    (off_t)(offset + window->length));
        window->length += got > 0 ? (size_t)got : 0;
    }
}

/* Fewer bytes only where the file ends. */
static struct slice look_at(struct look *look, uint64_t offset, size_t length)
{
    if (offset < look->start || offset - look->start > look->window.length ||
        look->window.length - (offset - look->start) < length)
        refill(look, offset, length);
    return slice_part(buffer_slice(&look->window), (size_t)(offset - look->start), length);
}

static void tell_block(const struct pcapng *file, struct slice whole, bool little)
{
    const struct secrets_sink *sink = &file->input->secrets;
    struct secrets_block secrets;

    if (whole.length >= BLOCK_FRAME_BYTES &&
        pcapng_read_secrets(slice_part(whole, 8, whole.length - BLOCK_FRAME_BYTES), little,
                            &secrets) &&
        secrets.bytes.length > 0)
        sink->take(sink->context, secrets.type, secrets.bytes);
}

static bool is_sane(const struct block *block, struct slice head)
{
    return pcapng_has_sane_length(block) &&
           (block->type != BLOCK_SECTION || pcapng_is_section_magic(head));
}

static bool is_trailer(struct slice end, bool little, uint32_t length)
{
    struct reading reading;
    struct cursor in = cursor_over_message(end, &reading);

    return ordered_u32(&in, little) == length;
}

/* From head to head. False: a block is not as it should be, and it or one before may lie. */
static bool skim(struct pcapng *file, struct look *look)
{
    bool little = file->little;
    uint64_t offset = 0;
    struct slice head = look_at(look, 0, BLOCK_HEAD_BYTES);

    while (head.length == BLOCK_HEAD_BYTES) {
        struct block block = pcapng_read_head(head, &little);
        struct slice end;

        if (!is_sane(&block, head))
            return false;
        if (block.length > look->size - offset)
            return true; /* cut off */
        end =
            look_at(look, offset + block.length - TRAILER_BYTES, TRAILER_BYTES + BLOCK_HEAD_BYTES);
        if (!is_trailer(end, little, block.length))
            return false;
        if (block.type == BLOCK_SECRETS && block.length <= READ_BYTES_MAX)
            tell_block(file, look_at(look, offset, block.length), little);
        offset += block.length;
        file->told_until = offset;
        head = block.type == BLOCK_SECRETS ? look_at(look, offset, BLOCK_HEAD_BYTES)
                                           : slice_after(end, TRAILER_BYTES);
    }
    return true;
}

/* ---- the usual walk ---- */

static int open_again(int descriptor)
{
    char path[40];

    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static void walk_again(struct pcapng *file, struct input *quiet)
{
    int descriptor = open_again(file->bytes->descriptor);
    struct pcapng again = { .input = quiet, .secrets_only = true, .told_until = file->told_until };

    if (descriptor < 0)
        return;
    again.bytes = input_bytes_create(quiet, descriptor);
    if (!again.bytes)
        return;
    pcapng_walk_secrets(&again);
    file->told_until = again.bytes->offset;
    input_bytes_free(again.bytes);
    interfaces_release(&again.interfaces);
}

/* With an input of its own: what there is to warn of is found again when packets are read. */
static void walk_quietly(struct pcapng *file)
{
    struct input *quiet = memory_take(NULL, sizeof *quiet);

    if (!quiet)
        return;
    quiet->arena = arena_create(NULL, 0);
    quiet->name = file->input->name;
    quiet->stopped = file->input->stopped;
    quiet->secrets = file->input->secrets;
    if (quiet->arena)
        walk_again(file, quiet);
    arena_free(quiet->arena);
    memory_give(NULL, quiet, sizeof *quiet);
}

void pcapng_tell_secrets(struct pcapng *file)
{
    const struct input_bytes *bytes = file->bytes;
    struct look look = { .descriptor = bytes->descriptor };
    struct stat status;

    /* Standard input may be a file that somebody has read a part of. */
    if (fstat(bytes->descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
        lseek(bytes->descriptor, 0, SEEK_CUR) != (off_t)bytes->read_bytes)
        return;
    look.size = (uint64_t)status.st_size;
    if (bytes->decoder || !skim(file, &look))
        walk_quietly(file);
    buffer_wipe(&look.window);
}
