/* pcapng.c: pcapng files, block by block
 *
 * libpcap's reader stops at a second link type or snap length and hides
 * several blocks; this one reads what can be read.  Blocks that carry nothing
 * for us are skipped by their length without being held in memory.  After
 * damage the next block is looked for: its length stands at both its ends.
 * Follows draft-ietf-opsawg-pcapng 3 and 4.1.
 */
#include "pcapng.h"

#include <stdio.h>

#include "ordered.h"

#define BYTE_ORDER_MAGIC 0x1a2b3c4du

enum { SECTION_HEAD_BYTES = 16 };

enum walk { WALK_ON, WALK_PACKET, WALK_END };

/* ---- the frame of a block ---- */

bool pcapng_is_magic(struct slice start)
{
    struct reading reading;
    struct cursor in = cursor_over_message(start, &reading);

    return cursor_u32(&in) == BLOCK_SECTION;
}

struct block pcapng_read_head(struct slice at, bool *little)
{
    struct reading reading;
    struct cursor in = cursor_over_message(at, &reading);
    struct block block = { .type = ordered_u32(&in, *little) };
    struct slice length = cursor_bytes(&in, sizeof block.length);

    if (block.type == BLOCK_SECTION) {
        struct cursor magic = in;

        *little = cursor_u32_le(&magic) == BYTE_ORDER_MAGIC;
    }
    in = cursor_over_message(length, &reading);
    block.length = ordered_u32(&in, *little);
    return block;
}

bool pcapng_is_section_magic(struct slice at)
{
    struct reading reading;
    struct cursor in = cursor_over_message(slice_part(at, 8, sizeof(uint32_t)), &reading);
    struct cursor again = in;

    return cursor_u32(&in) == BYTE_ORDER_MAGIC || cursor_u32_le(&again) == BYTE_ORDER_MAGIC;
}

bool pcapng_has_sane_length(const struct block *block)
{
    return block->length >= BLOCK_FRAME_BYTES && block->length % 4 == 0 &&
           block->length <= BLOCK_BYTES_MAX;
}

static bool has_matching_trailer(struct slice whole, bool little)
{
    struct reading reading;
    struct slice last = slice_after(whole, whole.length - sizeof(uint32_t));
    struct cursor in = cursor_over_message(last, &reading);

    return ordered_u32(&in, little) == whole.length;
}

/* ---- garbage ---- */

static bool is_usual_type(uint32_t type)
{
    return (type >= BLOCK_INTERFACE && type <= BLOCK_PACKET) || type == BLOCK_SECRETS ||
           type == BLOCK_SECTION || type == BLOCK_CUSTOM;
}

static bool is_plausible(const struct pcapng *file, struct slice at)
{
    bool little = file->little;
    struct block block = pcapng_read_head(at, &little);

    return is_usual_type(block.type) && pcapng_has_sane_length(&block) &&
           block.length <= at.length &&
           (block.type != BLOCK_SECTION || pcapng_is_section_magic(at)) &&
           has_matching_trailer(slice_part(at, 0, block.length), little);
}

static enum walk resync(struct pcapng *file, const char *wrong)
{
    struct slice window = input_bytes_peek(file->bytes, RESYNC_WINDOW_BYTES);
    unsigned long long offset = file->bytes->offset;

    if (file->resyncs++ >= RESYNCS_MAX) {
        (void)input_break_off(file->input, "stopped at byte %llu: too much garbage", offset);
        return WALK_END;
    }
    for (size_t i = 1; i < window.length && i < RESYNC_BYTES; i++) {
        if (!is_plausible(file, slice_after(window, i)))
            continue;
        input_warn(file->input, "%s in the block at byte %llu; skipped %zu bytes to the next block",
                   wrong, offset, i);
        input_bytes_skip(file->bytes, i);
        return WALK_ON;
    }
    (void)input_break_off(
        file->input, "%s in the block at byte %llu; stopped there, what is before has been read",
        wrong, offset);
    return WALK_END;
}

/* ---- the walk ---- */

static enum walk end_inside(struct pcapng *file, bool is_packet, uint64_t there, uint64_t wanted)
{
    char what[40] = "a block";

    if (is_packet)
        snprintf(what, sizeof what, "packet %llu", pcapng_next_number(file));
    (void)input_break_off(file->input,
                          "the file ends inside %s (%llu of %llu bytes of its block); what is "
                          "before it has been read",
                          what, (unsigned long long)there, (unsigned long long)wanted);
    return WALK_END;
}

static bool read_version(struct slice head, bool little, uint16_t *major, uint16_t *minor)
{
    struct reading reading;
    struct cursor in = cursor_over_message(slice_after(head, 12), &reading);

    *major = ordered_u16(&in, little);
    *minor = ordered_u16(&in, little);
    return reading.state == READ_OK && *major == 1;
}

/* Interfaces are declared anew in each section. */
static enum walk begin_section(struct pcapng *file)
{
    struct slice head = input_bytes_peek(file->bytes, SECTION_HEAD_BYTES);
    uint16_t major, minor;

    interfaces_forget(&file->interfaces);
    if (read_version(head, file->little, &major, &minor))
        return WALK_ON;
    (void)input_break_off(file->input,
                          "the section at byte %llu is of pcapng version %u.%u, and only 1.x can "
                          "be read; stopped there",
                          (unsigned long long)file->bytes->offset, major, minor);
    return WALK_END;
}

/* Where another block, or the end, is behind the block, its first length was right. */
static bool next_block_fits(struct pcapng *file, uint32_t length)
{
    struct slice window = input_bytes_peek(file->bytes, (size_t)length + RESYNC_BYTES);

    return window.length == length || is_plausible(file, slice_after(window, length));
}

static enum walk read_whole(struct pcapng *file, const struct block *block, struct packet *packet)
{
    struct slice whole = input_bytes_peek(file->bytes, block->length);

    if (whole.length < block->length && block->length > RESYNC_BYTES)
        return resync(file, "a length beyond the end of the file");
    if (whole.length < block->length)
        return end_inside(file, pcapng_is_packet(block->type), whole.length, block->length);
    if (!has_matching_trailer(whole, file->little)) {
        if (!next_block_fits(file, block->length))
            return resync(file, "lengths that disagree");
        if (pcapng_tell_once(file, TOLD_TRAILER))
            input_warn(file->input,
                       "lengths that disagree in the block at byte %llu; read by the first, "
                       "which fits the next block",
                       (unsigned long long)file->bytes->offset);
        whole = input_bytes_peek(file->bytes, block->length);
    }
    input_bytes_skip(file->bytes, block->length);
    return pcapng_read_block(file, block->type,
                             slice_part(whole, 8, block->length - BLOCK_FRAME_BYTES), packet)
               ? WALK_PACKET
               : WALK_ON;
}

static enum walk skip_large(struct pcapng *file, const struct block *block)
{
    bool is_packet = pcapng_is_packet(block->type);
    uint64_t skipped;

    if (is_packet && pcapng_tell_once(file, TOLD_LARGE))
        input_warn(file->input, "packet %llu has %u bytes: packets that large are not read",
                   pcapng_next_number(file), block->length);
    if (block->type == BLOCK_SECRETS && pcapng_tell_once(file, TOLD_SECRETS))
        input_warn(file->input, "a decryption secrets block of %u bytes: more than is read",
                   block->length);
    skipped = input_bytes_skip_far(file->bytes, block->length);
    if (skipped < block->length)
        return end_inside(file, is_packet, skipped, block->length);
    file->input->info.packets += is_packet;
    return WALK_ON;
}

static enum walk walk_block(struct pcapng *file, struct packet *packet)
{
    struct slice head = input_bytes_peek(file->bytes, BLOCK_HEAD_BYTES);
    struct block block;

    if (head.length == 0)
        return WALK_END;
    if (head.length < BLOCK_HEAD_BYTES)
        return end_inside(file, false, head.length, BLOCK_HEAD_BYTES);
    block = pcapng_read_head(head, &file->little);
    if (!pcapng_has_sane_length(&block))
        return resync(file, "an impossible length");
    if (block.type == BLOCK_SECTION) {
        if (!pcapng_is_section_magic(head))
            return resync(file, "no byte order");
        if (begin_section(file) == WALK_END)
            return WALK_END;
    }
    if (block.length > (pcapng_is_wanted(file, block.type) ? READ_BYTES_MAX : RESYNC_BYTES))
        return skip_large(file, &block);
    return read_whole(file, &block, packet);
}

static enum status pcapng_next(void *source, struct packet *packet)
{
    enum walk walk = WALK_ON;

    while (walk == WALK_ON)
        walk = walk_block(source, packet);
    return walk == WALK_PACKET ? STATUS_OK : STATUS_END;
}

void pcapng_walk_secrets(struct pcapng *file)
{
    struct packet packet;

    while (walk_block(file, &packet) != WALK_END)
        ;
}

static void pcapng_close(void *source)
{
    struct pcapng *file = source;

    input_bytes_free(file->bytes);
    interfaces_release(&file->interfaces);
    memory_give(NULL, file, sizeof *file);
}

static const struct source_functions pcapng_functions = {
    .next = pcapng_next,
    .close = pcapng_close,
};

/* ---- opening ---- */

static enum status check_start(struct pcapng *file, struct complaint *complaint)
{
    enum { SECTION_BYTES = 28 }; /* the smallest */
    struct slice head = input_bytes_peek(file->bytes, SECTION_BYTES);
    const char *name = file->input->name;
    uint16_t major, minor;

    if (head.length < SECTION_BYTES)
        return complain(complaint,
                        "%s: a pcapng file that ends inside its header (%zu of %d bytes): there "
                        "is nothing to read",
                        name, head.length, SECTION_BYTES);
    (void)pcapng_read_head(head, &file->little);
    if (!pcapng_is_section_magic(head))
        return complain(complaint,
                        "%s: begins as a pcapng file does, but without its byte order: damaged, "
                        "or not a capture",
                        name);
    if (!read_version(head, file->little, &major, &minor))
        return complain(complaint,
                        "%s: pcapng version %u.%u, and only 1.x can be read; rewrite it with the "
                        "program that made it, or with editcap",
                        name, major, minor);
    return STATUS_OK;
}

enum status pcapng_open(struct input *input, struct input_bytes *bytes, struct complaint *complaint)
{
    struct pcapng *file = memory_take(NULL, sizeof *file);
    enum status status;

    if (!file)
        return complain(complaint, "%s: no memory to read it", input->name);
    file->input = input;
    file->bytes = bytes;
    status = check_start(file, complaint);
    if (status != STATUS_OK) {
        memory_give(NULL, file, sizeof *file);
        return status;
    }
    input->functions = &pcapng_functions;
    input->source = file;
    input->info.kind = INPUT_PCAPNG;
    input->link_type = -1;
    if (input->secrets.take)
        pcapng_tell_secrets(file);
    return STATUS_OK;
}
