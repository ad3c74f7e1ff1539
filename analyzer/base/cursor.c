/* cursor.c: the one bounds check of the program */
#include "lyncscope/cursor.h"

static struct cursor cursor_over(struct slice bytes, struct reading *reading, bool more_may_come)
{
    *reading = (struct reading){ READ_OK, 0 };
    return (struct cursor){ bytes, reading, more_may_come };
}

struct cursor cursor_over_stream(struct slice bytes, struct reading *reading)
{
    return cursor_over(bytes, reading, true);
}

struct cursor cursor_over_message(struct slice bytes, struct reading *reading)
{
    return cursor_over(bytes, reading, false);
}

static void settle(struct cursor *in, size_t length)
{
    in->reading->state = in->more_may_come ? READ_SHORT : READ_MALFORMED;
    in->reading->missing = length - in->rest.length;
}

struct slice cursor_bytes(struct cursor *in, size_t length)
{
    struct slice taken;

    if (in->reading->state != READ_OK)
        return SLICE_EMPTY;
    if (length > in->rest.length) {
        settle(in, length);
        return SLICE_EMPTY;
    }
    taken = slice_part(in->rest, 0, length);
    in->rest = slice_after(in->rest, length);
    return taken;
}

struct cursor cursor_part(struct cursor *in, size_t length)
{
    return (struct cursor){ cursor_bytes(in, length), in->reading, false };
}

struct slice cursor_rest(struct cursor *in)
{
    return cursor_bytes(in, in->rest.length);
}

void cursor_skip(struct cursor *in, size_t length)
{
    cursor_bytes(in, length);
}

bool cursor_has_more(const struct cursor *in)
{
    return in->reading->state == READ_OK && in->rest.length > 0;
}

void cursor_fail(struct cursor *in)
{
    if (in->reading->state == READ_OK)
        in->reading->state = READ_MALFORMED;
}
