/* xml.c: a safe reader of XML documents, element by element
 *
 * libxml2's SAX2 interface with everything dangerous shut: a DOCTYPE ends the
 * reading before an entity can be declared, nothing is ever loaded, depth,
 * size, text and attributes have caps.  The caller hands UTF-8 over and the
 * encoding written in the document is ignored, so that no caps can be evaded
 * in another character set.  libxml2's own memory is not charged to a budget;
 * the caps bound it.
 * Follows XML 1.0 (fifth edition) and Namespaces in XML 1.0.
 */
#include "xml.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

enum {
    DEPTH_MAX = 64,
    DOCUMENT_MAX = 1 << 20,
    TEXT_MAX = 64 << 10, /* of one element: what is longer is no fact but a token */
    EQUALS_MAX = 512,    /* in one tag: libxml2 compares attributes each with each */
    ATTRIBUTE_WORDS = 5, /* local name, prefix, URI, value, end of value */
};

struct xml_attributes {
    const xmlChar **words;
    size_t count;
};

struct reader {
    xmlParserCtxtPtr parser;
    const struct xml_handler *handler;
    struct xml_name names[DEPTH_MAX];
    size_t depth;
    struct buffer text;
    bool refused;
};

static struct slice slice_of_name(const xmlChar *name)
{
    return slice_of_text((const char *)name);
}

static void refuse(struct reader *reader)
{
    reader->refused = true;
    xmlStopParser(reader->parser); /* leaves wellFormed at 1, hence our own flag */
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    (void)name, (void)public_id, (void)system_id;
    refuse(context);
}

static void on_start(void *context, const xmlChar *local, const xmlChar *prefix,
                     const xmlChar *space, int namespace_count, const xmlChar **namespaces,
                     int count, int defaulted, const xmlChar **words)
{
    struct reader *reader = context;
    struct xml_attributes attributes = { words, (size_t)count };
    struct xml_path path = { reader->names, reader->depth + 1 };

    (void)prefix, (void)namespace_count, (void)namespaces, (void)defaulted;
    if (reader->refused)
        return;
    if (reader->depth == DEPTH_MAX) {
        refuse(reader);
        return;
    }
    reader->names[reader->depth++] =
        (struct xml_name){ slice_of_name(local), slice_of_name(space) };
    reader->text.length = 0;
    reader->handler->start(reader->handler->context, &path, &attributes);
}

static void on_end(void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *space)
{
    struct reader *reader = context;
    struct xml_path path = { reader->names, reader->depth };

    (void)local, (void)prefix, (void)space;
    if (reader->refused || reader->depth == 0)
        return;
    reader->handler->end(reader->handler->context, &path, slice_trim(buffer_slice(&reader->text)));
    reader->text.length = 0;
    reader->depth--;
}

static void on_text(void *context, const xmlChar *text, int length)
{
    struct reader *reader = context;

    if (!reader->refused && reader->text.length < TEXT_MAX)
        buffer_append(&reader->text, slice_part(slice_of(text, (size_t)length), 0,
                                                TEXT_MAX - reader->text.length));
}

/* Where libxml2 complains to; it would write to standard error. */
static void ignore_error(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

static void ignore_structured(void *context, xmlErrorPtr error)
{
    (void)context, (void)error;
}

/* '<' cannot stand in an attribute, so a tag lies between one and the next. */
static bool tags_are_bounded(struct slice document)
{
    size_t equals = 0;

    for (size_t i = 0; i < document.length; i++) {
        if (document.data[i] == '<')
            equals = 0;
        else if (document.data[i] == '=' && ++equals > EQUALS_MAX)
            return false;
    }
    return true;
}

bool xml_read(struct slice document, const struct xml_handler *handler)
{
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_doctype,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .cdataBlock = on_text,
        .serror = ignore_structured,
    };
    struct reader reader = { .handler = handler };
    bool whole;

    if (document.length == 0 || document.length > DOCUMENT_MAX || !tags_are_bounded(document))
        return false;
    xmlSetGenericErrorFunc(NULL, ignore_error);
    reader.parser = xmlCreatePushParserCtxt(&sax, &reader, NULL, 0, NULL);
    if (!reader.parser)
        return false;
    xmlCtxtUseOptions(reader.parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    xmlParseChunk(reader.parser, (const char *)document.data, (int)document.length, 1);
    whole = reader.parser->wellFormed && !reader.refused && reader.depth == 0;
    xmlFreeParserCtxt(reader.parser);
    buffer_release(&reader.text);
    return whole;
}

/* Without entity replacement libxml2 leaves one escape in a value: & stays "&#38;". */
static struct slice plain_value(struct slice value, struct arena *arena)
{
    struct slice escape = slice_of_text("&#38;");
    uint8_t *out = value.length ? arena_take(arena, value.length) : NULL;
    size_t length = 0;

    for (size_t i = 0; out && i < value.length; i++) {
        out[length++] = value.data[i];
        if (slice_equals(slice_part(value, i, escape.length), escape))
            i += escape.length - 1;
    }
    return slice_of(out, length);
}

struct slice xml_attribute(const struct xml_attributes *attributes, const char *name,
                           struct arena *arena)
{
    for (size_t i = 0; i < attributes->count; i++) {
        const xmlChar **words = attributes->words + i * ATTRIBUTE_WORDS;

        if (slice_is_text_nocase(slice_of_name(words[0]), name))
            return plain_value(slice_of(words[3], (size_t)(words[4] - words[3])), arena);
    }
    return SLICE_EMPTY;
}

static bool name_is(const struct xml_path *path, size_t above, const char *name)
{
    return above < path->depth && slice_is_text(path->names[path->depth - 1 - above].local, name);
}

bool xml_is(const struct xml_path *path, const char *name)
{
    return name_is(path, 0, name);
}

bool xml_parent_is(const struct xml_path *path, const char *name)
{
    return name_is(path, 1, name);
}

bool xml_is_inside(const struct xml_path *path, const char *name)
{
    for (size_t above = 1; above < path->depth; above++)
        if (name_is(path, above, name))
            return true;
    return false;
}
