/* text.c: building text, and making strangers' bytes harmless */
#include "lyncscope/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Each addition keeps a NUL behind the text, not counted in its length. */
void text_add_slice(struct text *text, struct slice piece)
{
    if (!buffer_append_text(&text->bytes, piece))
        text->cut = true;
}

void text_add(struct text *text, const char *piece)
{
    text_add_slice(text, slice_of_text(piece));
}

void text_print(struct text *text, const char *format, ...)
{
    char small[512];
    va_list arguments, again;
    int length;

    va_start(arguments, format);
    va_copy(again, arguments);
    length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof small) {
        text_add_slice(text, slice_of(small, (size_t)length));
    } else if (length > 0) {
        char *large = memory_take(text->bytes.budget, (size_t)length + 1);

        if (large) {
            vsnprintf(large, (size_t)length + 1, format, again);
            text_add_slice(text, slice_of(large, (size_t)length));
        } else {
            text->cut = true;
        }
        memory_give(text->bytes.budget, large, (size_t)length + 1);
    }
    va_end(again);
}

void text_add_number(struct text *text, uint64_t number)
{
    char digits[20]; /* of 2^64 - 1 */
    size_t first = sizeof digits;

    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_add_slice(text, slice_of(digits + first, sizeof digits - first));
}

/* ---- strangers' bytes ---- */

/* A multi-byte form, or none. */
static size_t decode_long(struct slice s, uint32_t *character)
{
    static const struct {
        uint8_t mask, lead, length;
        uint32_t least; /* shorter forms exist below it: overlong */
    } forms[] = { { 0xe0, 0xc0, 2, 0x80 }, { 0xf0, 0xe0, 3, 0x800 }, { 0xf8, 0xf0, 4, 0x10000 } };

    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        uint32_t value;

        if ((s.data[0] & forms[f].mask) != forms[f].lead)
            continue;
        if (s.length < forms[f].length)
            return 0;
        value = s.data[0] & (uint8_t)~forms[f].mask;
        for (size_t i = 1; i < forms[f].length; i++) {
            if ((s.data[i] & 0xc0) != 0x80)
                return 0;
            value = value << 6 | (s.data[i] & 0x3f);
        }
        if (value < forms[f].least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
            return 0;
        *character = value;
        return forms[f].length;
    }
    return 0;
}

size_t utf8_decode(struct slice s, uint32_t *character)
{
    if (s.length == 0)
        return 0;
    if (s.data[0] >= 0x80)
        return decode_long(s, character);
    *character = s.data[0];
    return 1;
}

/* Nearly all text is printable ASCII: taken as runs, it costs a third of decoding each
 * character. */
static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

/* Characters that change how the text around them is shown, or that cannot be seen. */
static bool is_deceptive(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        { 0x00ad, 0x00ad }, { 0x061c, 0x061c }, { 0x115f, 0x1160 }, { 0x180e, 0x180e },
        { 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
        { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

void text_add_escaped(struct text *text, struct slice piece)
{
    size_t plain = 0; /* bytes in front of piece that need no escape */

    while (plain < piece.length) {
        uint32_t c = 0;
        size_t length;

        if (is_plain(piece.data[plain])) {
            plain++;
            continue;
        }
        length = utf8_decode(slice_after(piece, plain), &c);
        if (length && !is_control(c) && !is_deceptive(c)) {
            plain += length;
            continue;
        }
        text_add_slice(text, slice_part(piece, 0, plain));
        if (length && !is_control(c))
            text_print(text, "\\u{%04X}", (unsigned)c);
        else if (length)
            text_print(text, "\\x%02X", (unsigned)c);
        else
            text_print(text, "\\x%02X", piece.data[plain]);
        piece = slice_after(piece, plain + (length ? length : 1));
        plain = 0;
    }
    text_add_slice(text, piece);
}

static void add_json_character(struct text *text, uint32_t c, struct slice raw)
{
    if (c == '"' || c == '\\')
        text_print(text, "\\%c", (char)c);
    else if (c == '\n')
        text_add(text, "\\n");
    else if (c == '\t')
        text_add(text, "\\t");
    else if (c == '\r')
        text_add(text, "\\r");
    else if (is_control(c))
        text_print(text, "\\u%04x", (unsigned)c);
    else
        text_add_slice(text, raw);
}

/* The high bit of each byte that is `byte`; of bytes above such a one it may be set wrongly. */
static uint64_t find_in_word(uint64_t word, uint8_t byte)
{
    uint64_t ones = UINT64_MAX / 0xff, differs = word ^ (ones * byte);

    return (differs - ones) & ~differs;
}

/* Eight bytes at once: a report of some size is tens of megabytes, and this loop was the first in
 * its profile. */
static bool is_plain_word(const uint8_t *bytes)
{
    uint64_t high = UINT64_MAX / 0xff * 0x80, word;

    memcpy(&word, bytes, sizeof word);
    return ((word | (word - UINT64_MAX / 0xff * 0x20) | find_in_word(word, 0x7f) |
             find_in_word(word, '"') | find_in_word(word, '\\')) &
            high) == 0;
}

/* Bytes at the front that stand in a JSON string as they are. */
static size_t plain_in_json(struct slice piece)
{
    size_t length = 0;

    while (piece.length - length >= sizeof(uint64_t) && is_plain_word(piece.data + length))
        length += sizeof(uint64_t);
    while (length < piece.length && is_plain(piece.data[length]) && piece.data[length] != '"' &&
           piece.data[length] != '\\')
        length++;
    return length;
}

bool text_is_plain_json(struct slice piece)
{
    return plain_in_json(piece) == piece.length;
}

/* A string without escapes, as all keys and nearly all values are, in one go: quotes and NUL added
 * piece by piece took twice as long. */
static bool add_plain_string(struct text *text, struct slice piece)
{
    uint8_t *out = piece.length < SIZE_MAX / 4 && text_is_plain_json(piece)
                       ? buffer_reserve(&text->bytes, piece.length + 3)
                       : NULL;

    if (!out)
        return false;
    out[0] = '"';
    if (piece.length > 0)
        memcpy(out + 1, piece.data, piece.length);
    out[piece.length + 1] = '"';
    out[piece.length + 2] = 0;
    text->bytes.length += piece.length + 2;
    return true;
}

void text_add_json(struct text *text, struct slice piece)
{
    if (add_plain_string(text, piece))
        return;
    text_add_slice(text, slice_of("\"", 1));
    while (piece.length > 0) {
        uint32_t c = 0;
        size_t length = plain_in_json(piece);

        text_add_slice(text, slice_part(piece, 0, length));
        piece = slice_after(piece, length);
        if (piece.length == 0)
            break;
        length = utf8_decode(piece, &c);
        if (length)
            add_json_character(text, c, slice_part(piece, 0, length));
        else
            text_add(text, "\xef\xbf\xbd");
        piece = slice_after(piece, length ? length : 1);
    }
    text_add_slice(text, slice_of("\"", 1));
}

const char *text_string(const struct text *text)
{
    return text->bytes.data ? (const char *)text->bytes.data : "";
}

size_t text_length(const struct text *text)
{
    return text->bytes.length;
}

void text_truncate(struct text *text, size_t length)
{
    if (length < text->bytes.length) {
        text->bytes.length = length;
        text->bytes.data[length] = 0;
    }
}

void text_release(struct text *text)
{
    buffer_release(&text->bytes);
    text->cut = false;
}

enum { NS_PER_S = 1000000000 };

static struct tm split_time(int64_t time_ns, long *nanoseconds)
{
    int64_t seconds = time_ns / NS_PER_S;
    int64_t rest = time_ns % NS_PER_S;
    struct tm parts = { 0 };
    time_t when;

    if (rest < 0) {
        rest += NS_PER_S;
        seconds--;
    }
    when = (time_t)seconds;
    gmtime_r(&when, &parts);
    *nanoseconds = (long)rest;
    return parts;
}

/* Digits by hand: the C library's formatted printing was a tenth of a JSON report. */
static void write_digits(char *out, unsigned digits, unsigned number)
{
    while (digits-- > 0) {
        out[digits] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* "23:02:11.": where a fraction may follow. */
static void write_clock(char *out, const struct tm *parts)
{
    write_digits(out, 2, (unsigned)parts->tm_hour);
    out[2] = ':';
    write_digits(out + 3, 2, (unsigned)parts->tm_min);
    out[5] = ':';
    write_digits(out + 6, 2, (unsigned)parts->tm_sec);
    out[8] = '.';
}

void time_format_utc(int64_t time_ns, char out[TIME_TEXT_SIZE])
{
    static const char pattern[] = "YYYY-MM-DDThh:mm:ss.nnnnnnnnnZ";
    long nanoseconds;
    struct tm parts = split_time(time_ns, &nanoseconds);

    memcpy(out, pattern, sizeof pattern);
    write_digits(out, 4, (unsigned)parts.tm_year + 1900);
    write_digits(out + 5, 2, (unsigned)parts.tm_mon + 1);
    write_digits(out + 8, 2, (unsigned)parts.tm_mday);
    write_clock(out + 11, &parts);
    write_digits(out + 20, 9, (unsigned)nanoseconds);
}

void time_format_clock(int64_t time_ns, char out[TIME_TEXT_SIZE])
{
    long nanoseconds;
    struct tm parts = split_time(time_ns, &nanoseconds);

    write_clock(out, &parts);
    write_digits(out + 9, 3, (unsigned)(nanoseconds / 1000000));
    out[12] = 0;
}
