/* link.c: from a frame of any link type to the IP packet in it
 *
 * A table of link types; each has a finder, or only a name to call it by.
 * Layouts and numbers: https://www.tcpdump.org/linktypes.html
 */
#include "link.h"

#include "lyncscope/capture.h"
#include "ordered.h"

enum { ETHERNET_ADDRESSES_BYTES = 12 };

static struct slice find_in_ethernet(struct cursor *in)
{
    uint16_t ethertype;

    cursor_skip(in, ETHERNET_ADDRESSES_BYTES);
    ethertype = cursor_u16(in);
    return link_find_by_ethertype(in, ethertype);
}

/* Address families as the BSDs, Darwin, Windows and Linux number IPv6. */
static struct slice find_by_family(struct cursor *in, uint32_t family)
{
    /* In the byte order of the machine that captured, which the file does not tell. */
    if (family > UINT16_MAX)
        family = __builtin_bswap32(family);
    switch (family) {
    case 2:
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
        return link_find_raw(in);
    default:
        return SLICE_EMPTY;
    }
}

static struct slice find_in_null(struct cursor *in)
{
    enum { CISCO_HDLC = 0x0f00 };
    uint32_t family = cursor_u32(in);

    /* Some systems say "null" of a line that speaks Cisco's HDLC. */
    if (family >> 16 == CISCO_HDLC)
        return link_find_by_ethertype(in, (uint16_t)family);
    return find_by_family(in, family);
}

/* OpenBSD's enc: family, key index, flags. */
static struct slice find_in_enc(struct cursor *in)
{
    uint32_t family = cursor_u32(in);

    cursor_skip(in, 8);
    return find_by_family(in, family);
}

static struct slice find_in_pflog(struct cursor *in)
{
    uint8_t length = cursor_u8(in);
    size_t padded = (length + 3u) & ~3u;

    cursor_skip(in, padded > 0 ? padded - 1 : 0);
    return link_find_raw(in);
}

/* In cooked captures small numbers are Linux's own, for frames without an EtherType. */
static struct slice find_by_cooked_protocol(struct cursor *in, uint16_t protocol)
{
    enum { COOKED_LLC = 4, SMALLEST_ETHERTYPE = 0x600 };

    if (protocol == COOKED_LLC)
        return link_find_in_llc(in);
    return protocol >= SMALLEST_ETHERTYPE ? link_find_by_ethertype(in, protocol) : SLICE_EMPTY;
}

static struct slice find_in_cooked(struct cursor *in)
{
    uint16_t protocol;

    cursor_skip(in, 14);
    protocol = cursor_u16(in);
    return find_by_cooked_protocol(in, protocol);
}

static struct slice find_in_cooked2(struct cursor *in)
{
    uint16_t protocol = cursor_u16(in);

    cursor_skip(in, 18);
    return find_by_cooked_protocol(in, protocol);
}

static struct slice find_in_cisco_hdlc(struct cursor *in)
{
    uint16_t ethertype;

    cursor_skip(in, 2);
    ethertype = cursor_u16(in);
    return ethertype > 1500 ? link_find_by_ethertype(in, ethertype) : SLICE_EMPTY;
}

/* RFC 1662 framing, or Cisco's, told apart by the address. */
static struct slice find_in_hdlc(struct cursor *in)
{
    enum { CISCO_UNICAST = 0x0f, CISCO_BROADCAST = 0x8f };
    uint8_t address = in->rest.length > 0 ? in->rest.data[0] : 0;

    return address == CISCO_UNICAST || address == CISCO_BROADCAST ? find_in_cisco_hdlc(in)
                                                                  : link_find_in_ppp(in);
}

/* A byte for the direction comes first. */
static struct slice find_in_directed_ppp(struct cursor *in)
{
    cursor_skip(in, 1);
    return link_find_in_ppp(in);
}

/* As above, but the direction stands in the place of PPP's address. */
static struct slice find_in_pppd(struct cursor *in)
{
    cursor_skip(in, 2);
    return link_find_in_ppp(in);
}

/* Netfilter's log: attributes, one of which is the packet, in the byte order of the machine that
 * captured: attribute numbers are small, so the byte that is not 0 tells. */
static struct slice find_in_nflog(struct cursor *in)
{
    enum { HEAD_BYTES = 4, PAYLOAD = 9, TYPE_MASK = 0x3fff };

    cursor_skip(in, HEAD_BYTES); /* family, version, resource */
    while (cursor_has_more(in)) {
        struct cursor ahead = *in;
        struct cursor value;
        uint16_t length, type;
        bool little;

        cursor_skip(&ahead, sizeof length);
        little = cursor_u8(&ahead) != 0;
        length = ordered_u16(in, little);
        type = ordered_u16(in, little);
        if (length < HEAD_BYTES)
            return SLICE_EMPTY;
        value = cursor_part(in, length - (size_t)HEAD_BYTES);
        if ((type & TYPE_MASK) == PAYLOAD)
            return link_find_raw(&value);
        cursor_skip(in, (4u - length % 4u) % 4u);
    }
    return SLICE_EMPTY;
}

/* To read one more link type, write its finder and add its line; without one it has a name only. */
static const struct link {
    int type;
    const char *name;
    struct slice (*find)(struct cursor *in);
} links[] = {
    { 1, "Ethernet", find_in_ethernet },
    { 113, "Linux cooked", find_in_cooked },
    { 276, "Linux cooked v2", find_in_cooked2 },
    { 0, "BSD loopback", find_in_null },
    { 108, "OpenBSD loopback", find_in_null },
    { 101, "raw IP", link_find_raw },
    { 12, "raw IP", link_find_raw },
    { 14, "raw IP", link_find_raw },
    { 228, "IPv4", link_find_raw },
    { 229, "IPv6", link_find_raw },
    { 9, "PPP", link_find_in_ppp },
    { 50, "PPP in HDLC framing", find_in_hdlc },
    { 51, "PPPoE", link_find_in_pppoe },
    { 104, "Cisco HDLC", find_in_cisco_hdlc },
    { 166, "PPP with direction", find_in_pppd },
    { 204, "PPP with direction", find_in_directed_ppp },
    { 105, "802.11", link_find_in_wlan },
    { 127, "802.11 with radiotap", link_find_in_radiotap },
    { 109, "OpenBSD enc", find_in_enc },
    { 117, "OpenBSD pflog", find_in_pflog },
    { 239, "Netfilter log", find_in_nflog },
    { 6, "Token Ring", NULL },
    { 10, "FDDI", NULL },
    { 107, "Frame Relay", NULL },
    { 119, "802.11 with Prism header", NULL },
    { 163, "802.11 with AVS header", NULL },
    { 187, "Bluetooth HCI", NULL },
    { 189, "USB", NULL },
    { 192, "PPI", NULL },
    { 195, "802.15.4", NULL },
    { 201, "Bluetooth HCI", NULL },
    { 220, "USB", NULL },
    { 227, "CAN", NULL },
    { 249, "USBPcap", NULL },
    { 252, "Wireshark upper PDU", NULL },
    { 253, "netlink", NULL },
    { 258, "Apple PKTAP", NULL },
};

static const struct link *find_link(int link_type)
{
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].type == link_type)
            return &links[i];
    return NULL;
}

struct slice link_find_ip(int link_type, struct slice frame)
{
    const struct link *link = find_link(link_type);
    struct reading reading;
    struct cursor in = cursor_over_message(frame, &reading);
    struct slice packet;

    if (!link || !link->find)
        return SLICE_EMPTY;
    packet = link->find(&in);
    return reading.state == READ_OK ? packet : SLICE_EMPTY;
}

const char *link_type_name(int link_type)
{
    const struct link *link = find_link(link_type);

    return link ? link->name : NULL;
}

bool link_is_read(int link_type)
{
    const struct link *link = find_link(link_type);

    return link && link->find;
}
