/* pretty_xml.c: XML and HTML indented for reading
 *
 * A tag begins a line, an element that holds only text stays on one line.  The
 * depth follows the tags as they come and never goes below zero, so documents
 * that close what they did not open, or end in the middle, still read well.
 */
#include "ui/pretty.h"

enum { INDENT = 2, DEPTH_MOST = 30 };

enum piece { PIECE_TEXT, PIECE_OPEN, PIECE_CLOSE, PIECE_ALONE };

struct xml_writer {
    struct text *out;
    struct slice rest;
    int depth;
    enum piece before; /* what was written last */
    bool text_inside;  /* since the last opening tag came text */
    bool quotes;       /* a '>' in quotes ends no tag: until a quote is left open */
};

static size_t find_end_of(struct slice text, const char *mark)
{
    size_t at = slice_find_text_nocase(text, mark);

    return at < text.length ? at + slice_of_text(mark).length : text.length;
}

static size_t find_tag_end(struct slice tag, bool quotes)
{
    uint8_t quote = 0;

    for (size_t i = 1; i < tag.length; i++) {
        uint8_t c = tag.data[i];

        if (quote)
            quote = c == quote ? 0 : quote;
        else if (quotes && (c == '"' || c == '\''))
            quote = c;
        else if (c == '>')
            return i + 1;
    }
    return 0;
}

/* Length of the markup at the front of `rest`. */
static size_t markup_length(struct xml_writer *writer)
{
    size_t length;

    if (slice_starts_with(writer->rest, "<!--"))
        return find_end_of(writer->rest, "-->");
    if (slice_starts_with(writer->rest, "<![CDATA["))
        return find_end_of(writer->rest, "]]>");
    length = find_tag_end(writer->rest, writer->quotes);
    if (length == 0 && writer->quotes) {
        writer->quotes = false;
        length = find_tag_end(writer->rest, false);
    }
    return length ? length : writer->rest.length;
}

static enum piece piece_of(struct slice tag)
{
    /* "<masked 7 bytes>" stands where a secret was: in the text. */
    if (slice_starts_with(tag, "<![CDATA[") || slice_starts_with(tag, "<masked "))
        return PIECE_TEXT;
    if (slice_starts_with(tag, "</"))
        return PIECE_CLOSE;
    if (slice_starts_with(tag, "<!") || slice_starts_with(tag, "<?"))
        return PIECE_ALONE;
    if (tag.length >= 2 && tag.data[tag.length - 2] == '/')
        return PIECE_ALONE;
    return PIECE_OPEN;
}

static void break_line(struct xml_writer *writer)
{
    if (text_length(writer->out) > 0)
        text_add(writer->out, "\n");
    for (int i = 0; i < writer->depth && i < DEPTH_MOST; i++)
        text_print(writer->out, "%*s", INDENT, "");
}

static void write_tag(struct xml_writer *writer, struct slice tag, enum piece piece)
{
    bool inside =
        writer->before == PIECE_OPEN || (writer->before == PIECE_TEXT && writer->text_inside);

    if (piece == PIECE_CLOSE && writer->depth > 0)
        writer->depth--;
    if (!(piece == PIECE_CLOSE && inside))
        break_line(writer);
    text_add_slice(writer->out, tag);
    if (piece == PIECE_OPEN)
        writer->depth++;
    writer->text_inside = false;
    writer->before = piece;
}

static void write_text(struct xml_writer *writer, struct slice text)
{
    text = slice_trim(text);
    if (text.length == 0)
        return;
    if (writer->before == PIECE_OPEN)
        writer->text_inside = true;
    else if (writer->before != PIECE_TEXT)
        break_line(writer);
    text_add_slice(writer->out, text);
    writer->before = PIECE_TEXT;
}

void pretty_xml(struct text *out, struct slice document)
{
    struct xml_writer writer = {
        .out = out, .rest = document, .before = PIECE_TEXT, .quotes = true
    };

    while (writer.rest.length > 0) {
        size_t length = slice_find_byte(writer.rest, '<');
        struct slice tag;

        write_text(&writer, slice_part(writer.rest, 0, length));
        writer.rest = slice_after(writer.rest, length);
        if (writer.rest.length == 0)
            break;
        length = markup_length(&writer);
        tag = slice_part(writer.rest, 0, length);
        if (piece_of(tag) == PIECE_TEXT)
            write_text(&writer, tag);
        else
            write_tag(&writer, tag, piece_of(tag));
        writer.rest = slice_after(writer.rest, length);
    }
    text_add(out, "\n");
}
