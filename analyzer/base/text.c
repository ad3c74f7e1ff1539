/* text.c: building text, and making strangers' bytes harmless */
#include "lyncscope/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

/* Each addition keeps a NUL behind the text, not counted in its length. */
void text_add_slice(struct text *text, struct slice piece)
{
    if (!buffer_append(&text->bytes, piece) || !buffer_append(&text->bytes, slice_of("", 1))) {
        text->cut = true;
        return;
    }
    text->bytes.length--;
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

size_t utf8_decode(struct slice s, uint32_t *character)
{
    static const struct {
        uint8_t mask, lead, length;
        uint32_t least; /* shorter forms exist below it: overlong */
    } forms[] = { { 0x80, 0x00, 1, 0 },
                  { 0xe0, 0xc0, 2, 0x80 },
                  { 0xf0, 0xe0, 3, 0x800 },
                  { 0xf8, 0xf0, 4, 0x10000 } };

    for (size_t f = 0; s.length > 0 && f < sizeof forms / sizeof *forms; f++) {
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
        size_t length = utf8_decode(slice_after(piece, plain), &c);

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

void text_add_json(struct text *text, struct slice piece)
{
    text_add(text, "\"");
    while (piece.length > 0) {
        uint32_t c = 0;
        size_t length = utf8_decode(piece, &c);

        if (length)
            add_json_character(text, c, slice_part(piece, 0, length));
        else
            text_add(text, "\xef\xbf\xbd");
        piece = slice_after(piece, length ? length : 1);
    }
    text_add(text, "\"");
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

void time_format_utc(int64_t time_ns, char out[TIME_TEXT_SIZE])
{
    long nanoseconds;
    struct tm parts = split_time(time_ns, &nanoseconds);

    snprintf(out, TIME_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%09ldZ",
             (parts.tm_year + 1900) % 10000, (parts.tm_mon + 1) % 100, parts.tm_mday % 100,
             parts.tm_hour % 100, parts.tm_min % 100, parts.tm_sec % 100, nanoseconds);
}

void time_format_clock(int64_t time_ns, char out[TIME_TEXT_SIZE])
{
    long nanoseconds;
    struct tm parts = split_time(time_ns, &nanoseconds);

    snprintf(out, TIME_TEXT_SIZE, "%02d:%02d:%02d.%03ld", parts.tm_hour % 100, parts.tm_min % 100,
             parts.tm_sec % 100, nanoseconds / 1000000);
}
