/* ip.c: IPv4 and IPv6 headers
 *
 * An IPv4 total length (or IPv6 payload length) of zero is what a host with
 * segmentation offload shows of its own large packets: the captured length
 * counts then.  Checksums are not looked at, for the same reason.  Follows
 * RFC 791 3.1, RFC 8200 4, RFC 4302 (AH).
 */
#include "ip.h"

#include "lyncscope/cursor.h"

enum {
    EXTENSIONS_MAX = 16,
    NEXT_HOP_BY_HOP = 0,
    NEXT_ROUTING = 43,
    NEXT_FRAGMENT = 44,
    NEXT_AUTHENTICATION = 51,
    NEXT_DESTINATION = 60,
    NEXT_MOBILITY = 135,
};

static void cut_payload(struct cursor *in, size_t wire_length, struct ip_packet *ip)
{
    struct slice rest = cursor_rest(in);

    ip->wire_length = wire_length;
    ip->payload = slice_part(rest, 0, wire_length);
}

static bool read_v4(struct slice bytes, struct ip_packet *ip)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);
    size_t header = (cursor_u8(&in) & 0x0fu) * 4u;
    size_t total;
    uint16_t flags;

    cursor_skip(&in, 1);
    total = cursor_u16(&in);
    ip->id = cursor_u16(&in);
    flags = cursor_u16(&in);
    cursor_skip(&in, 1);
    ip->protocol = cursor_u8(&in);
    cursor_skip(&in, 2);
    ip->source = address_v4(slice_part(bytes, 12, 4).length == 4 ? bytes.data + 12
                                                                 : (const uint8_t[4]){ 0 });
    cursor_skip(&in, 4);
    ip->destination = address_v4(slice_part(bytes, 16, 4).length == 4 ? bytes.data + 16
                                                                      : (const uint8_t[4]){ 0 });
    cursor_skip(&in, 4);
    if (header < 20 || (total != 0 && total < header))
        return false;
    cursor_skip(&in, header - 20);
    if (reading.state != READ_OK)
        return false;
    ip->more_fragments = flags & 0x2000;
    ip->offset = (flags & 0x1fffu) * 8u;
    ip->fragment = ip->more_fragments || ip->offset;
    cut_payload(&in, total ? total - header : in.rest.length, ip);
    return true;
}

/* One extension header; false: `next` is the payload's protocol. */
static bool skip_extension(struct cursor *in, uint8_t *next, struct ip_packet *ip)
{
    uint8_t kind = *next;
    uint16_t field;
    size_t length;

    switch (kind) {
    case NEXT_HOP_BY_HOP:
    case NEXT_ROUTING:
    case NEXT_DESTINATION:
    case NEXT_MOBILITY:
        *next = cursor_u8(in);
        length = cursor_u8(in);
        cursor_skip(in, length * 8 + 6);
        return true;
    case NEXT_AUTHENTICATION:
        *next = cursor_u8(in);
        length = cursor_u8(in);
        cursor_skip(in, (length + 2) * 4 - 2);
        return true;
    case NEXT_FRAGMENT:
        *next = cursor_u8(in);
        cursor_skip(in, 1);
        field = cursor_u16(in);
        ip->offset = field & 0xfff8u;
        ip->more_fragments = field & 1;
        ip->fragment = ip->more_fragments || ip->offset;
        ip->id = cursor_u32(in);
        return ip->offset == 0; /* what follows in a later fragment is no header */
    default:
        return false;
    }
}

static bool read_v6(struct slice bytes, struct ip_packet *ip)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);
    size_t total, skipped;
    uint8_t next;

    cursor_skip(&in, 4);
    total = cursor_u16(&in);
    next = cursor_u8(&in);
    cursor_skip(&in, 1);
    cursor_skip(&in, 32);
    if (reading.state != READ_OK)
        return false;
    ip->source = address_v6(bytes.data + 8);
    ip->destination = address_v6(bytes.data + 24);
    skipped = in.rest.length;
    for (unsigned i = 0; i < EXTENSIONS_MAX && skip_extension(&in, &next, ip); i++)
        ;
    if (reading.state != READ_OK)
        return false;
    skipped -= in.rest.length;
    ip->protocol = next;
    if (total && total < skipped)
        return false;
    cut_payload(&in, total ? total - skipped : in.rest.length, ip);
    return true;
}

bool ip_read(struct slice bytes, struct ip_packet *ip)
{
    unsigned version = bytes.length ? bytes.data[0] >> 4 : 0;

    *ip = (struct ip_packet){ 0 };
    if (version == 4)
        return read_v4(bytes, ip);
    return version == 6 && read_v6(bytes, ip);
}
