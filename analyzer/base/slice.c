/* slice.c: borrowed bytes */
#include "lyncscope/slice.h"

#include <string.h>

struct slice slice_of(const void *data, size_t length)
{
    return (struct slice){ .data = data, .length = length };
}

struct slice slice_of_text(const char *text)
{
    return text ? slice_of(text, strlen(text)) : SLICE_EMPTY;
}

struct slice slice_part(struct slice s, size_t offset, size_t length)
{
    if (offset >= s.length)
        return SLICE_EMPTY;
    if (length > s.length - offset)
        length = s.length - offset;
    return slice_of(s.data + offset, length);
}

struct slice slice_after(struct slice s, size_t offset)
{
    return slice_part(s, offset, SIZE_MAX);
}

bool slice_equals(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static uint8_t fold(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

static bool same_nocase(const uint8_t *a, const uint8_t *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (fold(a[i]) != fold(b[i]))
            return false;
    return true;
}

bool slice_equals_nocase(struct slice a, struct slice b)
{
    return a.length == b.length && same_nocase(a.data, b.data, a.length);
}

bool slice_is_text(struct slice s, const char *text)
{
    return slice_equals(s, slice_of_text(text));
}

bool slice_is_text_nocase(struct slice s, const char *text)
{
    struct slice t;

    /* Headers are looked for by name all the time, and most differ in their first letter. */
    if (s.length > 0 && fold(s.data[0]) != fold((uint8_t)*text))
        return false;
    t = slice_of_text(text);
    return s.length == t.length && same_nocase(s.data, t.data, t.length);
}

bool slice_starts_with(struct slice s, const char *text)
{
    struct slice t = slice_of_text(text);

    return s.length >= t.length && slice_equals(slice_part(s, 0, t.length), t);
}

bool slice_starts_with_nocase(struct slice s, const char *text)
{
    struct slice t = slice_of_text(text);

    return s.length >= t.length && same_nocase(s.data, t.data, t.length);
}

bool slice_ends_with_nocase(struct slice s, const char *text)
{
    struct slice t = slice_of_text(text);

    return s.length >= t.length && same_nocase(s.data + (s.length - t.length), t.data, t.length);
}

size_t slice_find_byte(struct slice s, uint8_t byte)
{
    const uint8_t *found = s.length ? memchr(s.data, byte, s.length) : NULL;

    return found ? (size_t)(found - s.data) : s.length;
}

size_t slice_find_text_nocase(struct slice s, const char *text)
{
    struct slice t = slice_of_text(text);
    uint8_t first = t.length ? fold(t.data[0]) : 0;
    uint8_t case_bit = first >= 'a' && first <= 'z' ? 'a' - 'A' : 0;

    if (t.length == 0)
        return 0;
    for (size_t at = 0; t.length <= s.length && at <= s.length - t.length; at++)
        if ((s.data[at] | case_bit) == first && same_nocase(s.data + at, t.data, t.length))
            return at;
    return s.length;
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct slice slice_trim(struct slice s)
{
    while (s.length > 0 && is_blank(s.data[0]))
        s = slice_after(s, 1);
    while (s.length > 0 && is_blank(s.data[s.length - 1]))
        s.length--;
    return s;
}

bool slice_to_u64(struct slice s, uint64_t *value)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < s.length; i++) {
        unsigned digit = (unsigned)s.data[i] - '0';

        if (digit > 9 || sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return s.length > 0;
}
