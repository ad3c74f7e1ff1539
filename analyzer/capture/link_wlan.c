/* link_wlan.c: IP in 802.11 data frames, where they are not encrypted
 *
 * Follows IEEE 802.11-2016 9.2 and 9.3.2.1, and radiotap.org.
 */
#include "link.h"

enum {
    FRAME_TYPE = 0x0c,
    FRAME_DATA = 0x08,
    FRAME_NO_DATA = 0x40, /* subtypes that carry only the header */
    FRAME_QOS = 0x80,
    TO_AND_FROM_DS = 0x03,
    PROTECTED = 0x40,
    ORDER = 0x80,
    ADDRESS_BYTES = 6,
};

/* Several frames in one, each with a header like Ethernet's: the first is read. */
static struct slice find_in_aggregate(struct cursor *in)
{
    cursor_skip(in, 2 * ADDRESS_BYTES + sizeof(uint16_t));
    return link_find_in_llc(in);
}

struct slice link_find_in_wlan(struct cursor *in)
{
    enum { AGGREGATE = 0x80, HT_CONTROL_BYTES = 4, SNAP = 0xaa };
    uint8_t kind = cursor_u8(in);
    uint8_t flags = cursor_u8(in);
    uint16_t qos = 0;

    if ((kind & FRAME_TYPE) != FRAME_DATA || (kind & FRAME_NO_DATA) || (flags & PROTECTED))
        return SLICE_EMPTY;
    cursor_skip(in, 2 + 3 * ADDRESS_BYTES + 2); /* duration, addresses, sequence */
    if ((flags & TO_AND_FROM_DS) == TO_AND_FROM_DS)
        cursor_skip(in, ADDRESS_BYTES);
    if (kind & FRAME_QOS)
        qos = cursor_u16_le(in);
    if ((kind & FRAME_QOS) && (flags & ORDER))
        cursor_skip(in, HT_CONTROL_BYTES);
    if (qos & AGGREGATE)
        return find_in_aggregate(in);
    /* Some drivers pad the header to four bytes. */
    if ((kind & FRAME_QOS) && slice_part(in->rest, 0, 1).length && in->rest.data[0] != SNAP)
        cursor_skip(in, 2);
    return link_find_in_llc(in);
}

struct slice link_find_in_radiotap(struct cursor *in)
{
    uint16_t length;

    cursor_skip(in, 2); /* version */
    length = cursor_u16_le(in);
    if (length < 8)
        return SLICE_EMPTY;
    cursor_skip(in, length - 4u);
    return link_find_in_wlan(in);
}
