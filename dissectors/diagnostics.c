/* diagnostics.c: the X-Ms-diagnostics header
 *
 * The specification has four values by position, servers write names before
 * all but the first: both are read, mixed too.
 * Follows MS-OCAUTHWS 2.2.1 and MS-OCER 2.2.
 */
#include "diagnostics.h"

size_t quoted_find_byte(struct slice text, uint8_t delimiter)
{
    bool quoted = false;

    for (size_t i = 0; i < text.length; i++) {
        if (quoted && text.data[i] == '\\')
            i++;
        else if (text.data[i] == '"')
            quoted = !quoted;
        else if (!quoted && text.data[i] == delimiter)
            return i;
    }
    return text.length;
}

struct slice unquoted(struct slice text, struct arena *arena)
{
    struct slice trimmed = slice_trim(text);
    size_t length = 0;
    uint8_t *out;

    if (!slice_starts_with(trimmed, "\""))
        return arena_copy(arena, trimmed);
    trimmed = slice_after(trimmed, 1);
    out = trimmed.length ? arena_take(arena, trimmed.length) : NULL;
    for (size_t i = 0; out && i < trimmed.length && trimmed.data[i] != '"'; i++) {
        if (trimmed.data[i] == '\\' && i + 1 < trimmed.length)
            i++;
        out[length++] = trimmed.data[i];
    }
    return slice_of(out, length);
}

/* The member a piece is for; `piece` loses its name. */
static struct slice *choose(struct diagnostics *facts, struct slice *piece, size_t position)
{
    const struct {
        const char *name;
        struct slice *value;
    } members[] = {
        { "", &facts->id },
        { "source", &facts->source },
        { "reason", &facts->reason },
        { "faultcode", &facts->fault_code },
    };
    size_t count = sizeof members / sizeof *members;
    size_t equals = quoted_find_byte(*piece, '=');
    struct slice name = slice_trim(slice_part(*piece, 0, equals));

    if (position == 0 || equals == piece->length)
        return position < count ? members[position].value : NULL;
    *piece = slice_after(*piece, equals + 1);
    for (size_t i = 1; i < count; i++)
        if (slice_is_text_nocase(name, members[i].name))
            return members[i].value;
    return slice_is_text_nocase(name, "fault") ? &facts->fault_code : NULL;
}

struct diagnostics diagnostics_read(struct slice value, struct arena *arena)
{
    struct diagnostics facts = { 0 };

    for (size_t position = 0; value.length > 0; position++) {
        struct slice piece = slice_part(value, 0, quoted_find_byte(value, ';'));
        struct slice *member;

        value = slice_after(value, piece.length + 1);
        member = choose(&facts, &piece, position);
        if (member && member->length == 0)
            *member = unquoted(piece, arena);
    }
    return facts;
}
