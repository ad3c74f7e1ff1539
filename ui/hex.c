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

struct row {
    struct slice bytes; /* all of them */
    size_t at, count;   /* this row's */
    size_t masked;      /* the first that is not told */
};

static void add_hex(struct text *line, const struct row *row)
{
    for (size_t i = row->at; i < row->at + row->count; i++) {
        if (i - row->at == NARROW)
            text_add(line, " ");
        if (i >= row->bytes.length)
            text_add(line, "   ");
        else if (i >= row->masked)
            text_add(line, " **");
        else
            text_print(line, " %02x", row->bytes.data[i]);
    }
}

static void add_characters(struct text *line, const struct row *row)
{
    for (size_t i = row->at; i < row->at + row->count && i < row->bytes.length; i++) {
        uint8_t byte = row->bytes.data[i];

        text_print(line, "%c", i >= row->masked ? '*' : byte >= 0x20 && byte < 0x7f ? byte : '.');
    }
}

void hex_add(struct page *page, struct slice bytes, size_t masked_from, int columns)
{
    struct row row = { bytes, 0, columns >= WIDE_COLUMNS ? WIDE : NARROW, masked_from };
    struct text line = { 0 };

    for (; row.at < bytes.length && row.at < masked_from; row.at += row.count) {
        text_truncate(&line, 0);
        text_print(&line, "%04zx ", row.at);
        add_hex(&line, &row);
        text_add(&line, "  ");
        add_characters(&line, &row);
        page_add(page, STYLE_PLAIN, text_string(&line));
    }
    if (row.at < bytes.length)
        page_print(page, STYLE_WARNING, "%04zx  %zu bytes are masked", row.at,
                   bytes.length - row.at);
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
