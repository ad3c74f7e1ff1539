/* form.c: application/x-www-form-urlencoded bodies (WHATWG URL 5.1) */
#include "form.h"

#include "percent.h"

struct slice form_value(struct arena *arena, struct slice body, const char *name)
{
    while (body.length > 0) {
        size_t end = slice_find_byte(body, '&');
        struct slice pair = slice_part(body, 0, end);
        size_t equals = slice_find_byte(pair, '=');

        if (slice_is_text_nocase(slice_part(pair, 0, equals), name))
            return percent_decode(arena, slice_after(pair, equals + 1), true);
        body = slice_after(body, end + 1);
    }
    return SLICE_EMPTY;
}
