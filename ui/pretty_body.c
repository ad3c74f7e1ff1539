/* pretty_body.c: which way a body is indented */
#include "ui/pretty.h"

#include "ui/words.h"

static void add_form(struct text *out, struct slice form)
{
    while (form.length > 0) {
        size_t end = slice_find_byte(form, '&');

        text_add_slice(out, slice_part(form, 0, end));
        text_add(out, "\n");
        form = slice_after(form, end + 1);
    }
}

void pretty_body(struct text *out, struct slice content_type, struct slice body)
{
    struct slice start = slice_trim(body);

    if (slice_starts_with(start, "\xef\xbb\xbf"))
        start = slice_trim(slice_after(start, 3));
    if (slice_starts_with(start, "<"))
        pretty_xml(out, start);
    else if (slice_starts_with(start, "{") || slice_starts_with(start, "["))
        pretty_json(out, start);
    else if (slice_find_text_nocase(content_type, "x-www-form-urlencoded") < content_type.length)
        add_form(out, start);
    else
        text_add_slice(out, body);
}

/* ---- UTF-16 ---- */

static uint32_t read_unit(struct slice body, size_t at, bool big)
{
    return (uint32_t)(big ? body.data[at] << 8 | body.data[at + 1]
                          : body.data[at + 1] << 8 | body.data[at]);
}

bool pretty_from_utf16(struct text *out, struct slice body)
{
    size_t at = 0;
    bool big;

    if (body.length < 2 || body.data[0] == body.data[1])
        return false;
    big = body.data[0] == 0xfe || body.data[0] == 0;
    if (body.data[0] == 0xfe || body.data[0] == 0xff) {
        if (body.data[0] + body.data[1] != 0xfe + 0xff)
            return false;
        at = 2;
    } else if (body.data[big ? 0 : 1] != 0) {
        return false;
    }
    for (; at + 1 < body.length; at += 2) {
        uint32_t unit = read_unit(body, at, big);

        if (unit >= 0xd800 && unit < 0xdc00 && at + 3 < body.length) {
            uint32_t low = read_unit(body, at + 2, big);

            if (low >= 0xdc00 && low < 0xe000) {
                unit = 0x10000 + ((unit & 0x3ff) << 10 | (low & 0x3ff));
                at += 2;
            }
        }
        character_add(out, unit);
    }
    return true;
}
