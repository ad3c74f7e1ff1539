/* slice.c: borrowed bytes */
#include "lyncscope/slice.h"

static uint8_t fold(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

static bool same_nocase(const uint8_t *a, const uint8_t *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i] && fold(a[i]) != fold(b[i]))
            return false;
    return true;
}

bool slice_equals_nocase(struct slice a, struct slice b)
{
    return a.length == b.length && same_nocase(a.data, b.data, a.length);
}

bool slice_begins(struct slice s, struct slice start)
{
    return s.length >= start.length && slice_equals(slice_part(s, 0, start.length), start);
}

bool slice_begins_nocase(struct slice s, struct slice start)
{
    return s.length >= start.length && same_nocase(s.data, start.data, start.length);
}

bool slice_ends_nocase(struct slice s, struct slice end)
{
    return s.length >= end.length &&
           same_nocase(s.data + (s.length - end.length), end.data, end.length);
}

size_t slice_find_byte(struct slice s, uint8_t byte)
{
    const uint8_t *found = s.length ? memchr(s.data, byte, s.length) : NULL;

    return found ? (size_t)(found - s.data) : s.length;
}

size_t slice_find_nocase(struct slice s, struct slice wanted)
{
    uint8_t first = wanted.length ? fold(wanted.data[0]) : 0;
    uint8_t case_bit = first >= 'a' && first <= 'z' ? 'a' - 'A' : 0;

    if (wanted.length == 0)
        return 0;
    for (size_t at = 0; wanted.length <= s.length && at <= s.length - wanted.length; at++)
        if ((s.data[at] | case_bit) == first &&
            same_nocase(s.data + at, wanted.data, wanted.length))
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
