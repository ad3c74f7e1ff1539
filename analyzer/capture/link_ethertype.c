/* link_ethertype.c: from an EtherType to IP, through VLAN tags, PPPoE, MPLS and LLC
 *
 * Follows IEEE 802.3 3.2.6 (length or type), 802.1Q 9.3 (tags), RFC 1042
 * (SNAP), RFC 2516 4 (PPPoE), RFC 1661 2 (PPP), RFC 3032 2.1 (MPLS).
 */
#include "link.h"

enum {
    TYPE_LENGTH_MAX = 1500, /* below: a length, and LLC follows */
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_SERVICE_VLAN = 0x88a8,
    TYPE_OLD_QINQ = 0x9100,
    TYPE_MPLS = 0x8847,
    TYPE_MPLS_UPSTREAM = 0x8848,
    TYPE_PPPOE_SESSION = 0x8864,
    TAGS_MAX = 8,
    LABELS_MAX = 16,
};

static bool is_tag(uint16_t ethertype)
{
    return ethertype == TYPE_VLAN || ethertype == TYPE_SERVICE_VLAN || ethertype == TYPE_OLD_QINQ;
}

struct slice link_find_raw(struct cursor *in)
{
    struct slice packet = cursor_rest(in);
    uint8_t version = packet.length > 0 ? packet.data[0] >> 4 : 0;

    return version == 4 || version == 6 ? packet : SLICE_EMPTY;
}

/* MPLS does not say what it carries. */
static struct slice find_in_mpls(struct cursor *in)
{
    enum { BOTTOM_OF_STACK = 0x100 };

    for (int i = 0; i < LABELS_MAX && cursor_has_more(in); i++)
        if (cursor_u32(in) & BOTTOM_OF_STACK)
            return link_find_raw(in);
    return SLICE_EMPTY;
}

struct slice link_find_in_pppoe(struct cursor *in)
{
    cursor_skip(in, 6); /* version, type, code, session, length */
    return link_find_in_ppp(in);
}

/* Behind all tags; *ethertype becomes the one that counts. */
static void skip_tags(struct cursor *in, uint16_t *ethertype)
{
    for (int i = 0; i < TAGS_MAX && is_tag(*ethertype); i++) {
        cursor_skip(in, sizeof(uint16_t));
        *ethertype = cursor_u16(in);
    }
}

static struct slice find_typed(struct cursor *in, uint16_t ethertype)
{
    switch (ethertype) {
    case TYPE_IPV4:
    case TYPE_IPV6:
        return cursor_rest(in);
    case TYPE_PPPOE_SESSION:
        return link_find_in_pppoe(in);
    case TYPE_MPLS:
    case TYPE_MPLS_UPSTREAM:
        return find_in_mpls(in);
    default:
        return SLICE_EMPTY;
    }
}

struct slice link_find_in_llc(struct cursor *in)
{
    enum { SNAP = 0xaaaa03, IP_SAP = 0x060603, ETHERNET_BRIDGED = 0x0000f8 };
    uint32_t access = cursor_u24(in);
    uint32_t organization;
    uint16_t ethertype;

    if (access == IP_SAP)
        return link_find_raw(in);
    if (access != SNAP)
        return SLICE_EMPTY;
    organization = cursor_u24(in);
    ethertype = cursor_u16(in);
    if (organization != 0 && organization != ETHERNET_BRIDGED)
        return SLICE_EMPTY;
    skip_tags(in, &ethertype);
    return find_typed(in, ethertype);
}

struct slice link_find_by_ethertype(struct cursor *in, uint16_t ethertype)
{
    skip_tags(in, &ethertype);
    return ethertype <= TYPE_LENGTH_MAX ? link_find_in_llc(in) : find_typed(in, ethertype);
}

/* The framing bytes may be there, and the protocol may be compressed to one byte. */
struct slice link_find_in_ppp(struct cursor *in)
{
    enum { FRAMING = 0xff, IPV4 = 0x21, IPV6 = 0x57 };
    uint16_t protocol = cursor_u8(in);

    if (protocol == FRAMING) {
        cursor_skip(in, 1);
        protocol = cursor_u8(in);
    }
    if (!(protocol & 1))
        protocol = (uint16_t)(protocol << 8 | cursor_u8(in));
    return protocol == IPV4 || protocol == IPV6 ? cursor_rest(in) : SLICE_EMPTY;
}
