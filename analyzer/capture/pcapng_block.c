/* pcapng_block.c: what the blocks of a pcapng file say: interfaces, packets, statistics, secrets
 *
 * Each reader returns whether it has set the packet.  Follows
 * draft-ietf-opsawg-pcapng 4.2 to 4.7 and, for obsolete packets, appendix A.
 */
#include "ordered.h"
#include "pcapng.h"

enum { OPTION_PACKET_DROPS = 4, OLD_DROPS_UNKNOWN = 0xffff };

bool pcapng_tell_once(struct pcapng *file, enum told what)
{
    bool first = !(file->told & what);

    file->told |= what;
    return first;
}

unsigned long long pcapng_next_number(const struct pcapng *file)
{
    return file->input->info.packets + 1;
}

/* ---- packets ---- */

static bool refuse_packet(struct pcapng *file)
{
    file->input->info.packets++; /* other tools give it a number too */
    return false;
}

static bool set_bytes(struct pcapng *file, struct packet *packet, struct cursor *in,
                      uint32_t captured)
{
    size_t there = in->rest.length;

    if (captured > there && pcapng_tell_once(file, TOLD_SHORT_PACKET))
        input_warn(file->input, "packet %llu claims %u bytes and its block holds %zu: taken as cut",
                   pcapng_next_number(file), captured, there);
    packet->bytes = cursor_bytes(in, captured < there ? captured : there);
    if (in->rest.length > 0)
        cursor_skip(in, (4u - captured % 4u) % 4u);
    return in->reading->state == READ_OK;
}

static struct interface *find_interface(struct pcapng *file, uint32_t id)
{
    struct interface *interface = interfaces_find(&file->interfaces, id);

    if (!interface && pcapng_tell_once(file, TOLD_UNDECLARED))
        input_warn(file->input,
                   "packet %llu is of interface %u, which its section does not declare: such "
                   "packets are counted, not read",
                   pcapng_next_number(file), id);
    return interface;
}

static void set_time(struct pcapng *file, struct packet *packet, const struct interface *interface,
                     uint64_t ticks)
{
    if (!interface_time(interface, ticks, &packet->time_ns) && pcapng_tell_once(file, TOLD_CLAMPED))
        input_warn(file->input, "packet %llu has a time beyond any calendar: clamped",
                   pcapng_next_number(file));
    file->last_time_ns = packet->time_ns;
}

static void add_option_drops(struct pcapng *file, struct interface *interface, struct cursor *in)
{
    struct slice value;
    uint16_t code;

    while (pcapng_next_option(in, file->little, &code, &value)) {
        struct reading reading;
        struct cursor drops = cursor_over_message(value, &reading);

        if (code == OPTION_PACKET_DROPS)
            file->input->info.drops +=
                interface_add_packet_drops(interface, ordered_u64(&drops, file->little));
    }
}

static bool read_packet(struct pcapng *file, struct cursor *in, struct packet *packet)
{
    struct interface *interface = find_interface(file, ordered_u32(in, file->little));
    uint64_t ticks = (uint64_t)ordered_u32(in, file->little) << 32;
    uint32_t captured;

    ticks |= ordered_u32(in, file->little);
    captured = ordered_u32(in, file->little);
    packet->wire_length = ordered_u32(in, file->little);
    if (!interface || !set_bytes(file, packet, in, captured))
        return refuse_packet(file);
    packet->link_type = interface->link_type;
    set_time(file, packet, interface, ticks);
    if (in->rest.length > 0)
        add_option_drops(file, interface, in);
    return true;
}

static bool read_old_packet(struct pcapng *file, struct cursor *in, struct packet *packet)
{
    struct interface *interface = find_interface(file, ordered_u16(in, file->little));
    uint16_t drops = ordered_u16(in, file->little);
    uint64_t ticks = (uint64_t)ordered_u32(in, file->little) << 32;
    uint32_t captured;

    ticks |= ordered_u32(in, file->little);
    captured = ordered_u32(in, file->little);
    packet->wire_length = ordered_u32(in, file->little);
    if (!interface || !set_bytes(file, packet, in, captured))
        return refuse_packet(file);
    packet->link_type = interface->link_type;
    set_time(file, packet, interface, ticks);
    if (drops != OLD_DROPS_UNKNOWN)
        file->input->info.drops += interface_add_packet_drops(interface, drops);
    return true;
}

static bool read_simple_packet(struct pcapng *file, struct cursor *in, struct packet *packet)
{
    const struct interface *interface = find_interface(file, 0);
    uint32_t captured = ordered_u32(in, file->little);

    packet->wire_length = captured;
    if (interface && interface->snap_length > 0 && captured > interface->snap_length)
        captured = interface->snap_length;
    /* Some writers give no snap length and cut all the same: the block knows best. */
    if (captured > in->rest.length)
        captured = (uint32_t)in->rest.length;
    if (!interface || !set_bytes(file, packet, in, captured))
        return refuse_packet(file);
    packet->link_type = interface->link_type;
    packet->time_ns = file->last_time_ns;
    if (pcapng_tell_once(file, TOLD_TIMELESS))
        input_warn(file->input,
                   "packet %llu has no time (simple packet block): such packets are given the "
                   "time of the one before",
                   pcapng_next_number(file));
    return true;
}

/* ---- other blocks ---- */

static bool read_interface(struct pcapng *file, struct cursor *in, struct packet *packet)
{
    (void)packet;
    if (!interfaces_add(&file->interfaces, cursor_rest(in), file->little) &&
        pcapng_tell_once(file, TOLD_INTERFACES))
        input_warn(file->input, "more interfaces than can be kept (%zu): the rest is ignored",
                   file->interfaces.count);
    return false;
}

static bool read_statistics(struct pcapng *file, struct cursor *in, struct packet *packet)
{
    struct interface *interface = interfaces_find(&file->interfaces, ordered_u32(in, file->little));

    (void)packet;
    cursor_skip(in, sizeof(uint64_t)); /* when they were taken */
    if (interface)
        file->input->info.drops +=
            interface_read_statistics(interface, cursor_rest(in), file->little);
    return false;
}

bool pcapng_read_secrets(struct slice body, bool little, struct secrets_block *secrets)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);

    secrets->type = ordered_u32(&in, little);
    secrets->claimed = ordered_u32(&in, little);
    secrets->bytes = slice_part(in.rest, 0, secrets->claimed);
    return reading.state == READ_OK;
}

static void warn_of_secrets(struct pcapng *file, const struct secrets_block *secrets)
{
    if (pcapng_tell_once(file, TOLD_SECRETS))
        input_warn(file->input,
                   "a decryption secrets block before packet %llu claims %u bytes and holds %zu: "
                   "taken as cut",
                   pcapng_next_number(file), secrets->claimed, secrets->bytes.length);
}

static bool read_secrets(struct pcapng *file, struct cursor *in, struct packet *packet)
{
    const struct secrets_sink *sink = &file->input->secrets;
    struct secrets_block secrets = { 0 };

    (void)packet;
    if (!pcapng_read_secrets(cursor_rest(in), file->little, &secrets) ||
        (secrets.type == SECRETS_TLS_KEY_LOG && secrets.bytes.length < secrets.claimed))
        warn_of_secrets(file, &secrets);
    if (sink->take && file->bytes->offset > file->told_until && secrets.bytes.length > 0)
        sink->take(sink->context, secrets.type, secrets.bytes);
    return false;
}

static const struct reader {
    uint32_t type;
    bool is_packet;
    bool (*read)(struct pcapng *file, struct cursor *in, struct packet *packet);
} readers[] = {
    { BLOCK_PACKET, true, read_packet },          { BLOCK_SIMPLE_PACKET, true, read_simple_packet },
    { BLOCK_OLD_PACKET, true, read_old_packet },  { BLOCK_INTERFACE, false, read_interface },
    { BLOCK_STATISTICS, false, read_statistics }, { BLOCK_SECRETS, false, read_secrets },
};

static const struct reader *find_reader(uint32_t block_type)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        if (readers[i].type == block_type)
            return &readers[i];
    return NULL;
}

bool pcapng_is_packet(uint32_t block_type)
{
    const struct reader *reader = find_reader(block_type);

    return reader && reader->is_packet;
}

bool pcapng_is_wanted(const struct pcapng *file, uint32_t block_type)
{
    return find_reader(block_type) && (!file->secrets_only || block_type == BLOCK_SECRETS);
}

bool pcapng_read_block(struct pcapng *file, uint32_t block_type, struct slice body,
                       struct packet *packet)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);
    const struct reader *reader = find_reader(block_type);

    return pcapng_is_wanted(file, block_type) && reader->read(file, &in, packet);
}
