/* charset.c: text of other character sets, as UTF-8
 *
 * NTLM speaks UTF-16LE or the sender's code page, documents come with or
 * without a byte order mark and sometimes in UTF-16 under a UTF-8 label.
 * Follows RFC 3629 3 and RFC 2781 2.
 */
#include "charset.h"

#include "lyncscope/text.h"

enum { REPLACEMENT = 0xfffd, UTF8_LONGEST = 4, UTF8_PER_UNIT = 3 };

struct output {
    uint8_t *bytes;
    size_t length;
};

static void put(struct output *out, uint32_t c)
{
    static const struct {
        uint32_t limit;
        uint8_t lead, length;
    } forms[] = {
        { 0x80, 0x00, 1 }, { 0x800, 0xc0, 2 }, { 0x10000, 0xe0, 3 }, { 0x110000, 0xf0, 4 }
    };
    size_t form = 0;

    while (c >= forms[form].limit)
        form++;
    for (size_t i = 0; i < forms[form].length; i++) {
        unsigned shift = 6 * (unsigned)(forms[form].length - 1 - i);
        uint8_t bits = (uint8_t)(c >> shift);

        out->bytes[out->length++] =
            i == 0 ? (uint8_t)(forms[form].lead | bits) : (uint8_t)(0x80 | (bits & 0x3f));
    }
}

static uint16_t unit_at(struct slice bytes, size_t at, bool big_endian)
{
    uint8_t first = bytes.data[at], second = bytes.data[at + 1];

    return (uint16_t)(big_endian ? first << 8 | second : second << 8 | first);
}

struct slice charset_from_utf16(struct slice bytes, bool big_endian, struct arena *arena)
{
    size_t end = bytes.length / 2 * 2;
    struct output out = { .bytes = end ? arena_take(arena, end / 2 * UTF8_PER_UNIT) : NULL };

    for (size_t at = 0; out.bytes && at < end; at += 2) {
        uint32_t c = unit_at(bytes, at, big_endian);

        if ((c & 0xfc00) == 0xd800 && at + 2 < end &&
            (unit_at(bytes, at + 2, big_endian) & 0xfc00) == 0xdc00) {
            at += 2;
            c = 0x10000 + ((c & 0x3ff) << 10) + (unit_at(bytes, at, big_endian) & 0x3ff);
        }
        put(&out, (c & 0xfffff800) == 0xd800 ? REPLACEMENT : c);
    }
    return slice_of(out.bytes, out.length);
}

bool charset_is_utf8(struct slice bytes)
{
    size_t at = 0;

    while (at < bytes.length) {
        uint32_t c;
        size_t length = bytes.data[at] < 0x80 ? 1 : utf8_decode(slice_after(bytes, at), &c);

        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

struct slice charset_from_latin1(struct slice bytes, struct arena *arena)
{
    struct output out = { .bytes = bytes.length ? arena_take(arena, bytes.length * 2) : NULL };

    for (size_t i = 0; out.bytes && i < bytes.length; i++)
        put(&out, bytes.data[i]);
    return slice_of(out.bytes, out.length);
}

struct slice charset_from_oem(struct slice bytes, struct arena *arena)
{
    return charset_is_utf8(bytes) ? arena_copy(arena, bytes) : charset_from_latin1(bytes, arena);
}

struct slice charset_repaired(struct slice bytes, struct arena *arena)
{
    struct output out = { 0 };

    if (charset_is_utf8(bytes))
        return bytes;
    out.bytes = arena_take(arena, bytes.length * UTF8_PER_UNIT);
    while (out.bytes && bytes.length > 0) {
        uint32_t c = REPLACEMENT;
        size_t length = utf8_decode(bytes, &c);

        put(&out, c);
        bytes = slice_after(bytes, length ? length : 1);
    }
    return slice_of(out.bytes, out.length);
}

/* A first ASCII character tells the byte order where the mark is missing. */
bool charset_is_utf16(struct slice body)
{
    if (body.length < 2)
        return false;
    return (body.data[0] == 0xff && body.data[1] == 0xfe) ||
           (body.data[0] == 0xfe && body.data[1] == 0xff) ||
           ((body.data[0] == 0) != (body.data[1] == 0));
}

struct slice charset_document(struct slice body, struct arena *arena)
{
    if (charset_is_utf16(body))
        body = charset_from_utf16(body, body.data[0] == 0xfe || body.data[0] == 0, arena);
    if (slice_starts_with(body, "\xef\xbb\xbf"))
        body = slice_after(body, 3);
    return slice_trim(body);
}
