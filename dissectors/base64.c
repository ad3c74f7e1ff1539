/* base64.c: RFC 4648 text into bytes
 *
 * Tolerant, because it reads what clients send and not what they should.
 * Follows RFC 4648 4 and 5.
 */
#include "lyncscope/base64.h"

static int digit_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    if (c == '/' || c == '_')
        return 63;
    return -1;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t count_digits(struct slice text)
{
    size_t digits = 0;
    bool padding = false;

    for (size_t i = 0; i < text.length; i++) {
        if (is_blank(text.data[i]))
            continue;
        if (text.data[i] == '=')
            padding = true;
        else if (padding || digit_value(text.data[i]) < 0)
            return SIZE_MAX;
        else
            digits++;
    }
    return digits;
}

bool base64_decode(struct slice text, struct arena *arena, struct slice *bytes)
{
    size_t digits = count_digits(text), length = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    uint8_t *out;

    *bytes = SLICE_EMPTY;
    if (digits == SIZE_MAX || digits % 4 == 1)
        return false;
    out = arena_take(arena, digits / 4 * 3 + 3);
    for (size_t i = 0; out && i < text.length; i++) {
        int value = digit_value(text.data[i]);

        if (value < 0)
            continue;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[length++] = (uint8_t)(bits >> held);
        }
    }
    *bytes = slice_of(out, length);
    return true;
}
