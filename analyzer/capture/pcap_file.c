/* pcap_file.c: classic pcap files
 *
 * Records have no marks to find them by: after garbage the next record is
 * looked for by what its header may plausibly say, and by the one after it.
 * Follows draft-ietf-opsawg-pcap; old and odd versions as libpcap reads them.
 */
#include <string.h>

#include "input_bytes.h"
#include "ordered.h"
#include "source.h"

#define MAGIC_MICROSECONDS 0xa1b2c3d4u
#define MAGIC_NANOSECONDS 0xa1b23c4du
#define MAGIC_MODIFIED 0xa1b2cd34u /* Kuznetzov's: longer record headers */
#define LINK_TYPE_MASK 0x03ffffffu /* above it: the length of the frame check sequence */

enum {
    FILE_HEADER_BYTES = 24,
    RECORD_BYTES = 16,
    MODIFIED_RECORD_BYTES = 24,
    NS_PER_S = 1000000000,
    NEAR_SECONDS = 86400,
};

/* Which of the two lengths in a record header comes first has changed in 1993. */
enum length_order { CAPTURED_FIRST, WIRE_FIRST, SMALLER_IS_CAPTURED };

struct pcap_file {
    struct input *input;
    struct input_bytes *bytes;
    size_t record_bytes; /* of a record's header */
    uint32_t packet_limit;
    uint32_t fractions; /* in a second */
    uint32_t fraction_ns;
    int link_type;
    bool little;
    bool has_time; /* the two below are known */
    enum length_order length_order;
    uint32_t last_seconds, seconds_before; /* one of them may be odd */
    unsigned resyncs;
};

struct record {
    uint32_t seconds, fraction, captured, wire;
};

static bool find_byte_order(struct slice start, uint32_t *magic, bool *little)
{
    struct reading reading;
    struct cursor in;

    for (int i = 0; i < 2; i++) {
        *little = i == 0;
        in = cursor_over_message(start, &reading);
        *magic = ordered_u32(&in, *little);
        if (*magic == MAGIC_MICROSECONDS || *magic == MAGIC_NANOSECONDS || *magic == MAGIC_MODIFIED)
            return true;
    }
    return false;
}

bool pcap_file_is_magic(struct slice start)
{
    uint32_t magic;
    bool little;

    return find_byte_order(start, &magic, &little);
}

static struct record read_record(const struct pcap_file *file, struct slice header)
{
    struct reading reading;
    struct cursor in = cursor_over_message(header, &reading);
    struct record record;

    record.seconds = ordered_u32(&in, file->little);
    record.fraction = ordered_u32(&in, file->little);
    record.captured = ordered_u32(&in, file->little);
    record.wire = ordered_u32(&in, file->little);
    if (file->length_order == WIRE_FIRST ||
        (file->length_order == SMALLER_IS_CAPTURED && record.captured > record.wire)) {
        uint32_t wire = record.captured;

        record.captured = record.wire;
        record.wire = wire;
    }
    return record;
}

/* ---- garbage ---- */

static bool are_near(uint32_t a, uint32_t b)
{
    return a > b ? a - b < NEAR_SECONDS : b - a < NEAR_SECONDS;
}

static bool is_near(const struct pcap_file *file, uint32_t seconds)
{
    return !file->has_time || are_near(seconds, file->last_seconds) ||
           are_near(seconds, file->seconds_before);
}

static bool is_plausible(const struct pcap_file *file, struct slice at)
{
    struct record record = read_record(file, at);

    return at.length >= file->record_bytes && record.captured > 0 &&
           record.captured <= record.wire && record.captured <= file->packet_limit &&
           record.wire <= PACKET_BYTES_MAX && record.fraction < file->fractions &&
           is_near(file, record.seconds);
}

/* A record here, and behind it another one or the end. */
static bool is_followed(const struct pcap_file *file, struct slice at)
{
    size_t length = file->record_bytes + read_record(file, at).captured;

    return at.length == length || is_plausible(file, slice_after(at, length));
}

static enum status resync(struct pcap_file *file)
{
    struct slice window = input_bytes_peek(file->bytes, RESYNC_WINDOW_BYTES);
    unsigned long long offset = file->bytes->offset;
    unsigned long long packet = file->input->info.packets + 1;

    if (file->resyncs++ >= RESYNCS_MAX)
        return input_break_off(file->input, "stopped at byte %llu: too much garbage", offset);
    for (size_t i = 1; i < window.length && i < RESYNC_BYTES; i++) {
        struct slice at = slice_after(window, i);

        if (!is_plausible(file, at) || !is_followed(file, at))
            continue;
        input_warn(file->input,
                   "garbage at byte %llu where packet %llu should begin; skipped %zu bytes to "
                   "what looks like a packet",
                   offset, packet, i);
        input_bytes_skip(file->bytes, i);
        return STATUS_OK;
    }
    return input_break_off(file->input,
                           "garbage at byte %llu where packet %llu should begin, and no packet "
                           "in the MiB after it; what is before has been read",
                           offset, packet);
}

/* Lengths no program writes; or odd values, and no record where this one would end. The header
 * of zeros is what a file system leaves of blocks it never wrote. */
static bool is_garbage(const struct pcap_file *file, const struct record *record)
{
    struct slice next;

    if (record->captured > file->packet_limit ||
        (record->seconds == 0 && record->fraction == 0 && record->wire == 0 && file->has_time))
        return true;
    if (record->fraction < file->fractions && record->captured <= record->wire)
        return false;
    next = input_bytes_peek(file->bytes, 2 * file->record_bytes + record->captured);
    next = slice_after(next, file->record_bytes + record->captured);
    return next.length == file->record_bytes &&
           read_record(file, next).captured > file->packet_limit;
}

/* ---- the file's header ---- */

static bool find_length_order(uint16_t major, uint16_t minor, enum length_order *order)
{
    enum { DG_UX_MINOR = 543 };

    if (major != 2 || (minor > 4 && minor != DG_UX_MINOR))
        return false;
    *order = minor < 3 || minor == DG_UX_MINOR ? WIRE_FIRST
             : minor == 3                      ? SMALLER_IS_CAPTURED
                                               : CAPTURED_FIRST;
    return true;
}

static uint32_t find_packet_limit(uint32_t snap_length)
{
    if (snap_length > PACKET_BYTES_MAX)
        return PACKET_BYTES_USUAL; /* nonsense, or "no limit" */
    return snap_length > PACKET_BYTES_USUAL ? snap_length : PACKET_BYTES_USUAL;
}

static enum status read_file_header(struct pcap_file *file, struct slice header,
                                    struct complaint *complaint)
{
    struct reading reading;
    struct cursor in = cursor_over_message(header, &reading);
    uint32_t magic;
    uint16_t major, minor;

    if (!find_byte_order(header, &magic, &file->little) || header.length < FILE_HEADER_BYTES)
        return complain(complaint,
                        "%s: a pcap file that ends inside its header (%zu of %d bytes): there is "
                        "nothing to read",
                        file->input->name, header.length, FILE_HEADER_BYTES);
    file->fraction_ns = magic == MAGIC_NANOSECONDS ? 1 : 1000;
    file->fractions = NS_PER_S / file->fraction_ns;
    file->record_bytes = magic == MAGIC_MODIFIED ? MODIFIED_RECORD_BYTES : RECORD_BYTES;
    cursor_skip(&in, sizeof magic);
    major = ordered_u16(&in, file->little);
    minor = ordered_u16(&in, file->little);
    if (!find_length_order(major, minor, &file->length_order))
        return complain(complaint,
                        "%s: pcap version %u.%u, and only 2.0 to 2.4 can be read; rewrite it with "
                        "the program that made it, or with editcap",
                        file->input->name, major, minor);
    cursor_skip(&in, 2 * sizeof(uint32_t)); /* time zone and accuracy: always 0 */
    file->packet_limit = find_packet_limit(ordered_u32(&in, file->little));
    file->link_type = (int)(ordered_u32(&in, file->little) & LINK_TYPE_MASK);
    return STATUS_OK;
}

/* ---- records ---- */

static enum status end_inside(const struct pcap_file *file, size_t there, size_t wanted)
{
    return input_break_off(
        file->input,
        "the file ends inside packet %llu (%zu of %zu bytes); what is before it has been read",
        (unsigned long long)file->input->info.packets + 1, there, wanted);
}

/* A length that runs past the end is garbage when a packet can be found in what is left. */
static enum status read_short(struct pcap_file *file, const struct record *record, size_t there)
{
    if (record->captured > RESYNC_BYTES && there > file->record_bytes)
        return resync(file);
    return end_inside(file, there - file->record_bytes, record->captured);
}

/* Captures joined with cat have a file's header in their midst. */
static enum status read_header_amid(struct pcap_file *file)
{
    struct slice header = input_bytes_peek(file->bytes, FILE_HEADER_BYTES);
    struct complaint complaint;

    if (read_file_header(file, header, &complaint) != STATUS_OK)
        return input_break_off(file->input, "stopped at byte %llu, where another file begins: %s",
                               (unsigned long long)file->bytes->offset, complaint.line);
    input_warn(file->input, "at byte %llu another pcap file begins: read on as one",
               (unsigned long long)file->bytes->offset);
    file->has_time = false;
    input_bytes_skip(file->bytes, FILE_HEADER_BYTES);
    return STATUS_OK;
}

static void note_time(struct pcap_file *file, uint32_t seconds)
{
    file->seconds_before = file->has_time ? file->last_seconds : seconds;
    file->last_seconds = seconds;
    file->has_time = true;
}

static enum status pcap_file_next(void *source, struct packet *packet)
{
    struct pcap_file *file = source;
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        struct slice header = input_bytes_peek(file->bytes, file->record_bytes);
        struct record record;
        struct slice whole;

        if (header.length == 0)
            return STATUS_END;
        if (header.length < file->record_bytes)
            return end_inside(file, header.length, file->record_bytes);
        record = read_record(file, header);
        if (!is_near(file, record.seconds) && pcap_file_is_magic(header)) {
            status = read_header_amid(file);
            continue;
        }
        if (is_garbage(file, &record)) {
            status = resync(file);
            continue;
        }
        whole = input_bytes_peek(file->bytes, file->record_bytes + record.captured);
        if (whole.length < file->record_bytes + record.captured) {
            status = read_short(file, &record, whole.length);
            continue;
        }
        input_bytes_skip(file->bytes, whole.length);
        note_time(file, record.seconds);
        packet->time_ns =
            (int64_t)record.seconds * NS_PER_S + (int64_t)record.fraction * file->fraction_ns;
        packet->link_type = file->link_type;
        packet->bytes = slice_after(whole, file->record_bytes);
        packet->wire_length = record.wire;
        return STATUS_OK;
    }
    return status;
}

static void pcap_file_close(void *source)
{
    struct pcap_file *file = source;

    input_bytes_free(file->bytes);
    memory_give(NULL, file, sizeof *file);
}

static const struct source_functions pcap_file_functions = {
    .next = pcap_file_next,
    .close = pcap_file_close,
};

enum status pcap_file_open(struct input *input, struct input_bytes *bytes,
                           struct complaint *complaint)
{
    struct pcap_file *file = memory_take(NULL, sizeof *file);
    enum status status;

    if (!file)
        return complain(complaint, "%s: no memory to read it", input->name);
    file->input = input;
    file->bytes = bytes;
    status = read_file_header(file, input_bytes_peek(bytes, FILE_HEADER_BYTES), complaint);
    if (status != STATUS_OK) {
        memory_give(NULL, file, sizeof *file);
        return status;
    }
    input_bytes_skip(bytes, FILE_HEADER_BYTES);
    input->functions = &pcap_file_functions;
    input->source = file;
    input->info.kind = INPUT_PCAP;
    input->link_type = file->link_type;
    return STATUS_OK;
}
