/* pretty_json.c: JSON indented for reading
 *
 * Only strings, brackets, commas and colons are looked at; everything between
 * them is passed on.  An open string or bracket at the end is left open.
 */
#include "ui/pretty.h"

enum { INDENT = 2, DEPTH_MOST = 30 };

static void break_line(struct text *out, int depth)
{
    text_add(out, "\n");
    for (int i = 0; i < depth && i < DEPTH_MOST; i++)
        text_print(out, "%*s", INDENT, "");
}

static size_t string_length(struct slice text)
{
    size_t i = 1;

    while (i < text.length && text.data[i] != '"')
        i += text.data[i] == '\\' ? 2 : 1;
    return i < text.length ? i + 1 : text.length;
}

static size_t blank_length(struct slice text)
{
    size_t i = 0;

    while (i < text.length && (text.data[i] == ' ' || text.data[i] == '\t' ||
                               text.data[i] == '\r' || text.data[i] == '\n'))
        i++;
    return i;
}

/* Writes an opening bracket and, where nothing is inside, the closing one too. */
static size_t write_opening(struct text *out, struct slice text, int *depth)
{
    size_t inside = 1 + blank_length(slice_after(text, 1));
    uint8_t closing = text.data[0] == '{' ? '}' : ']';

    text_add_slice(out, slice_part(text, 0, 1));
    if (inside < text.length && text.data[inside] == closing) {
        text_add_slice(out, slice_part(text, inside, 1));
        return inside + 1;
    }
    break_line(out, ++*depth);
    return inside;
}

/* Writes what is in front and returns how much that was. */
static size_t write_piece(struct text *out, struct slice text, int *depth)
{
    uint8_t c = text.data[0];
    size_t blanks = blank_length(text);

    if (blanks > 0)
        return blanks;
    if (c == '"') {
        text_add_slice(out, slice_part(text, 0, string_length(text)));
        return string_length(text);
    }
    if (c == '{' || c == '[')
        return write_opening(out, text, depth);
    if (c == '}' || c == ']') {
        *depth -= *depth > 0;
        break_line(out, *depth);
    }
    text_add_slice(out, slice_part(text, 0, 1));
    if (c == ':')
        text_add(out, " ");
    if (c == ',')
        break_line(out, *depth);
    return 1;
}

void pretty_json(struct text *out, struct slice document)
{
    int depth = 0;

    while (document.length > 0)
        document = slice_after(document, write_piece(out, document, &depth));
    text_add(out, "\n");
}
