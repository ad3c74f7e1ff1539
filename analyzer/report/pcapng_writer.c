/* pcapng_writer.c: a capture file, packet by packet
 *
 * One section in the byte order of this machine, as the format wants it; an
 * interface for each link type of each input; times in nanoseconds.
 * draft-ietf-opsawg-pcapng 3, 4.1 to 4.3.
 */
#include "analyzer/report/pcapng_writer.h"

#include "lyncscope/report.h"
#include "lyncscope/slice.h"

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    OPTION_END = 0,
    OPTION_NAME = 2,
    OPTION_RESOLUTION = 9,
    OPTION_APPLICATION = 4,
    NANOSECONDS = 9,
    BLOCK_FRAME_BYTES = 12, /* type and both lengths */
    NAME_MAX_BYTES = 1024,
};

static void put(FILE *out, const void *bytes, size_t length)
{
    if (length > 0)
        (void)fwrite(bytes, 1, length, out); /* the owner of the file looks for errors */
}

static void put_u32(FILE *out, uint32_t value)
{
    put(out, &value, sizeof value);
}

static void put_u16(FILE *out, uint16_t value)
{
    put(out, &value, sizeof value);
}

static size_t padded(size_t length)
{
    return (length + 3) & ~(size_t)3;
}

static void put_padded(FILE *out, struct slice bytes)
{
    static const uint8_t zeros[3];

    put(out, bytes.data, bytes.length);
    put(out, zeros, padded(bytes.length) - bytes.length);
}

static size_t option_bytes(struct slice value)
{
    return 4 + padded(value.length);
}

static void put_option(FILE *out, uint16_t code, struct slice value)
{
    put_u16(out, code);
    put_u16(out, (uint16_t)value.length);
    put_padded(out, value);
}

void pcapng_begin(struct pcapng_writer *writer, FILE *out)
{
    struct slice program = slice_of_text("lyncscope " LYNCSCOPE_VERSION);
    uint32_t length = (uint32_t)(BLOCK_FRAME_BYTES + 16 + option_bytes(program) + 4);

    *writer = (struct pcapng_writer){ .out = out };
    put_u32(out, BLOCK_SECTION);
    put_u32(out, length);
    put_u32(out, BYTE_ORDER_MAGIC);
    put_u16(out, 1); /* version 1.0 */
    put_u16(out, 0);
    put_u32(out, UINT32_MAX); /* the section's length is not given */
    put_u32(out, UINT32_MAX);
    put_option(out, OPTION_APPLICATION, program);
    put_option(out, OPTION_END, SLICE_EMPTY);
    put_u32(out, length);
}

static void put_interface(FILE *out, int link_type, const char *name)
{
    static const uint8_t resolution = NANOSECONDS;
    struct slice label = slice_part(slice_of_text(name), 0, NAME_MAX_BYTES);
    struct slice unit = slice_of(&resolution, sizeof resolution);
    uint32_t length =
        (uint32_t)(BLOCK_FRAME_BYTES + 8 + option_bytes(label) + option_bytes(unit) + 4);

    put_u32(out, BLOCK_INTERFACE);
    put_u32(out, length);
    put_u16(out, (uint16_t)link_type);
    put_u16(out, 0);
    put_u32(out, 0); /* no snap length */
    put_option(out, OPTION_NAME, label);
    put_option(out, OPTION_RESOLUTION, unit);
    put_option(out, OPTION_END, SLICE_EMPTY);
    put_u32(out, length);
}

/* Its number in the file. When there are too many the last one stands for the rest. */
static uint32_t find_interface(struct pcapng_writer *writer, const struct packet *packet,
                               const char *name)
{
    uint32_t i = 0;

    while (i < writer->interface_count && !(writer->interfaces[i].input == packet->input &&
                                            writer->interfaces[i].link_type == packet->link_type))
        i++;
    if (i < writer->interface_count)
        return i;
    if (i == PCAPNG_INTERFACES_MAX)
        return i - 1;
    writer->interfaces[i].input = packet->input;
    writer->interfaces[i].link_type = packet->link_type;
    writer->interface_count++;
    put_interface(writer->out, packet->link_type, name);
    return i;
}

void pcapng_add(struct pcapng_writer *writer, const struct packet *packet, const char *name)
{
    uint32_t interface = find_interface(writer, packet, name);
    uint32_t length = (uint32_t)(BLOCK_FRAME_BYTES + 20 + padded(packet->bytes.length));
    uint64_t time = (uint64_t)packet->time_ns;
    FILE *out = writer->out;

    put_u32(out, BLOCK_PACKET);
    put_u32(out, length);
    put_u32(out, interface);
    put_u32(out, (uint32_t)(time >> 32));
    put_u32(out, (uint32_t)time);
    put_u32(out, (uint32_t)packet->bytes.length);
    put_u32(out, packet->wire_length);
    put_padded(out, packet->bytes);
    put_u32(out, length);
    writer->packets++;
}
