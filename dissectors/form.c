/* form.c: name=value pairs of queries and form bodies
 *
 * Follows RFC 3986 2.1 (percent-encoding) and the URL standard's
 * application/x-www-form-urlencoded.
 */
#include "form.h"

int hex_value(uint8_t digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

bool form_next(struct slice *rest, struct form_pair *pair)
{
    struct slice text;
    size_t end;

    while (rest->length > 0 && rest->data[0] == '&')
        *rest = slice_after(*rest, 1);
    if (rest->length == 0)
        return false;
    text = slice_part(*rest, 0, slice_find_byte(*rest, '&'));
    *rest = slice_after(*rest, text.length);
    end = slice_find_byte(text, '=');
    pair->name = slice_part(text, 0, end);
    pair->value = slice_after(text, end + 1);
    return true;
}

static bool find(struct slice form, const char *name, struct form_pair *pair)
{
    while (form_next(&form, pair))
        if (slice_is_text_nocase(slice_trim(pair->name), name))
            return true;
    return false;
}

bool form_has(struct slice form, const char *name)
{
    struct form_pair pair;

    return find(form, name, &pair);
}

struct slice form_decode(struct slice text, bool plus_is_blank, struct arena *arena)
{
    uint8_t *out = text.length ? arena_take(arena, text.length) : NULL;
    size_t length = 0;

    for (size_t i = 0; out && i < text.length; i++) {
        uint8_t byte = text.data[i];

        if (byte == '%' && text.length - i > 2) {
            int high = hex_value(text.data[i + 1]), low = hex_value(text.data[i + 2]);

            if (high >= 0 && low >= 0) {
                byte = (uint8_t)(high << 4 | low);
                i += 2;
            }
        } else if (byte == '+' && plus_is_blank) {
            byte = ' ';
        }
        out[length++] = byte;
    }
    return slice_of(out, length);
}

struct slice form_value(struct slice form, const char *name, bool plus_is_blank,
                        struct arena *arena)
{
    struct form_pair pair;

    return find(form, name, &pair) ? form_decode(pair.value, plus_is_blank, arena) : SLICE_EMPTY;
}
