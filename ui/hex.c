/* hex.c: bytes as people read them
 *
 * RFC 791 3.1, RFC 8200 3, RFC 9293 3.1, RFC 768, as far as where headers end.
 */
#include "ui/hex.h"

#include "lyncscope/capture.h"
#include "lyncscope/cursor.h"

enum { WIDE = 16, NARROW = 8, WIDE_COLUMNS = 4 + 2 + 3 * WIDE + 2 + WIDE };
enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, UDP_HEADER = 8, IP6_HEADER = 40 };

/* ---- bytes ---- */

static void add_hex(struct text *line, struct slice bytes, size_t at, size_t count, size_t masked)
{
    for (size_t i = at; i < at + count; i++) {
        if (i - at == NARROW)
            text_add(line, " ");
        if (i >= bytes.length)
            text_add(line, "   ");
        else if (i >= masked)
            text_add(line, " **");
        else
            text_print(line, " %02x", bytes.data[i]);
    }
}

static void add_characters(struct text *line, struct slice bytes, size_t at, size_t count,
                           size_t masked)
{
    for (size_t i = at; i < at + count && i < bytes.length; i++) {
        uint8_t byte = bytes.data[i];

        text_print(line, "%c", i >= masked ? '*' : byte >= 0x20 && byte < 0x7f ? byte : '.');
    }
}

void hex_add(struct page *page, struct slice bytes, size_t masked_from, int columns)
{
    size_t count = columns >= WIDE_COLUMNS ? WIDE : NARROW;
    struct text line = { 0 };

    for (size_t at = 0; at < bytes.length; at += count) {
        text_truncate(&line, 0);
        if (at >= masked_from) {
            page_print(page, STYLE_WARNING, "%04zx  %zu bytes are masked", at, bytes.length - at);
            break;
        }
        text_print(&line, "%04zx ", at);
        add_hex(&line, bytes, at, count, masked_from);
        text_add(&line, "  ");
        add_characters(&line, bytes, at, count, masked_from);
        page_add(page, STYLE_PLAIN, text_string(&line));
    }
    text_release(&line);
}

/* ---- headers ---- */

/* Behind the IP header; `*protocol` 0: a later fragment, or nothing we follow. */
static struct slice skip_ip(struct slice packet, unsigned *protocol)
{
    struct reading reading;
    struct cursor in = cursor_over_message(packet, &reading);
    unsigned first = cursor_u8(&in);

    *protocol = 0;
    if (first >> 4 == 6) {
        cursor_skip(&in, 5);
        *protocol = cursor_u8(&in);
        return slice_after(packet, IP6_HEADER);
    }
    cursor_skip(&in, 5);
    if ((cursor_u16(&in) & 0x1fff) == 0) {
        cursor_skip(&in, 1);
        *protocol = cursor_u8(&in);
    }
    return slice_after(packet, 4 * (size_t)(first & 15));
}

static size_t transport_header(struct slice segment, unsigned protocol)
{
    struct reading reading;
    struct cursor in = cursor_over_message(segment, &reading);

    if (protocol == PROTOCOL_UDP)
        return UDP_HEADER;
    if (protocol != PROTOCOL_TCP)
        return 0;
    cursor_skip(&in, 12);
    return 4 * (size_t)(cursor_u8(&in) >> 4);
}

size_t hex_payload(int link_type, struct slice frame)
{
    struct slice ip = link_find_ip(link_type, frame), segment;
    unsigned protocol;

    if (ip.length == 0)
        return 0;
    segment = skip_ip(ip, &protocol);
    segment = slice_after(segment, transport_header(segment, protocol));
    /* Ethernet pads short packets: what lies behind the IP packet counts as payload. */
    return segment.length > 0 ? (size_t)(segment.data - frame.data) : frame.length;
}
