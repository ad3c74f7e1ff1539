/* xml.c: an XML document as a list of elements, read safely
 *
 * The only file that knows libxml2: its SAX2 push parser, without any option
 * that loads or expands.  A document type stops the parser at once, so that no
 * entity is ever defined.  Documents are small; elements, depth and size have
 * caps, and everything lands in the caller's arena.
 */
#include "xml.h"

#include "lyncscope/text.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>

enum {
    DEPTH_MAX = 64,
    ELEMENTS_FIRST = 32,
    ELEMENTS_MAX = 4096,
    ATTRIBUTES_MAX = 32,
    BODY_MAX = 1 << 20,
    TEXT_MAX = 1 << 18
};

struct builder {
    struct arena *arena;
    struct xml_document *document;
    xmlParserCtxtPtr parser;
    size_t open[DEPTH_MAX]; /* indexes of the open elements */
    struct text texts[DEPTH_MAX];
    size_t depth;
    size_t capacity; /* of the document's elements */
    bool failed;
};

static struct slice slice_of_xml(const xmlChar *text)
{
    return slice_of_text((const char *)text);
}

static void fail(struct builder *builder)
{
    builder->failed = true;
    xmlStopParser(builder->parser);
}

/* libxml2 leaves an ampersand of an attribute as "&#38;" when entities are not replaced. */
static struct slice attribute_value(struct arena *arena, const xmlChar *begin, const xmlChar *end)
{
    struct slice rest = slice_of(begin, (size_t)(end - begin));
    struct text text = { 0 };
    struct slice value;

    while (rest.length > 0) {
        size_t at = slice_find_text_nocase(rest, "&#38;");

        text_add_slice(&text, slice_part(rest, 0, at));
        if (at < rest.length)
            text_add(&text, "&");
        rest = slice_after(rest, at + 5);
    }
    value = arena_copy(arena, slice_of(text_string(&text), text_length(&text)));
    text_release(&text);
    return value;
}

static void read_attributes(struct builder *builder, struct xml_element *element, int count,
                            const xmlChar **raw)
{
    size_t wanted = count < 0 ? 0 : (size_t)count < ATTRIBUTES_MAX ? (size_t)count : ATTRIBUTES_MAX;
    struct xml_attribute *attributes =
        wanted ? arena_take(builder->arena, wanted * sizeof *attributes) : NULL;

    if (!attributes)
        return;
    for (size_t i = 0; i < wanted; i++) {
        const xmlChar **fields = raw + i * 5; /* local name, prefix, URI, value, end of value */

        attributes[i].name = arena_copy(builder->arena, slice_of_xml(fields[0]));
        attributes[i].value = attribute_value(builder->arena, fields[3], fields[4]);
    }
    element->attributes = attributes;
    element->attribute_count = wanted;
}

/* Room for one element more; the old places stay behind in the arena. */
static bool make_room(struct builder *builder)
{
    struct xml_document *document = builder->document;
    size_t capacity = builder->capacity ? builder->capacity * 2 : ELEMENTS_FIRST;
    struct xml_element *grown;

    if (document->count < builder->capacity)
        return true;
    if (document->count == ELEMENTS_MAX)
        return false;
    grown = arena_take(builder->arena, capacity * sizeof *grown);
    if (!grown)
        return false;
    for (size_t i = 0; i < document->count; i++)
        grown[i] = document->elements[i];
    document->elements = grown;
    builder->capacity = capacity;
    return true;
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *uri, int namespaces, const xmlChar **declared,
                          int attributes, int defaulted, const xmlChar **raw)
{
    struct builder *builder = context;
    struct xml_document *document = builder->document;
    struct xml_element *element;

    (void)prefix, (void)namespaces, (void)declared, (void)defaulted;
    if (builder->failed)
        return;
    if (builder->depth == DEPTH_MAX || !make_room(builder)) {
        fail(builder);
        return;
    }
    element = &document->elements[document->count];
    element->name = arena_copy(builder->arena, slice_of_xml(name));
    element->space = arena_copy(builder->arena, slice_of_xml(uri));
    element->parent = builder->depth ? builder->open[builder->depth - 1] : document->count;
    read_attributes(builder, element, attributes, raw);
    builder->open[builder->depth++] = document->count++;
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix,
                        const xmlChar *uri)
{
    struct builder *builder = context;
    struct text *text;

    (void)name, (void)prefix, (void)uri;
    if (builder->failed || builder->depth == 0)
        return;
    text = &builder->texts[--builder->depth];
    builder->document->elements[builder->open[builder->depth]].text =
        arena_copy(builder->arena, slice_trim(slice_of(text_string(text), text_length(text))));
    text_truncate(text, 0);
}

static void add_text(void *context, const xmlChar *bytes, int length)
{
    struct builder *builder = context;

    if (builder->failed || builder->depth == 0 || length <= 0)
        return;
    if (text_length(&builder->texts[builder->depth - 1]) + (size_t)length <= TEXT_MAX)
        text_add_slice(&builder->texts[builder->depth - 1], slice_of(bytes, (size_t)length));
}

static void refuse_document_type(void *context, const xmlChar *name, const xmlChar *external,
                                 const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    fail(context);
}

static void be_silent(void *context, const char *message, ...)
{
    (void)context, (void)message;
}

static struct slice without_leading_blanks(struct slice body)
{
    while (body.length > 0 && (body.data[0] == ' ' || body.data[0] == '\t' ||
                               body.data[0] == '\r' || body.data[0] == '\n'))
        body = slice_after(body, 1);
    return body;
}

static bool parse(struct builder *builder, struct slice body)
{
    xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC,
                          .startElementNs = start_element,
                          .endElementNs = end_element,
                          .characters = add_text,
                          .cdataBlock = add_text,
                          .internalSubset = refuse_document_type,
                          .warning = be_silent,
                          .error = be_silent };
    int result;

    builder->parser = xmlCreatePushParserCtxt(&sax, builder, NULL, 0, NULL);
    if (!builder->parser)
        return false;
    xmlCtxtUseOptions(builder->parser, XML_PARSE_NONET);
    /* The context's user data is the builder; options must not have replaced the handlers. */
    result = xmlParseChunk(builder->parser, (const char *)body.data, (int)body.length, 0);
    if (result == 0 && !builder->failed)
        result = xmlParseChunk(builder->parser, NULL, 0, 1);
    if (builder->parser->myDoc)
        xmlFreeDoc(builder->parser->myDoc);
    xmlFreeParserCtxt(builder->parser);
    return result == 0 && !builder->failed && builder->document->count > 0;
}

bool xml_read(struct arena *arena, struct slice body, struct xml_document *document)
{
    struct builder builder = { .arena = arena, .document = document };
    bool well_formed;

    *document = (struct xml_document){ 0 };
    body = without_leading_blanks(body);
    if (body.length == 0 || body.length > BODY_MAX)
        return false;
    well_formed = parse(&builder, body);
    for (size_t i = 0; i < DEPTH_MAX; i++)
        text_release(&builder.texts[i]);
    return well_formed;
}

/* ---- finding ---- */

size_t xml_find(const struct xml_document *document, const char *name, size_t from)
{
    while (from < document->count && !slice_is_text_nocase(document->elements[from].name, name))
        from++;
    return from < document->count ? from : document->count;
}

bool xml_is_below(const struct xml_document *document, size_t element, size_t ancestor)
{
    while (document->elements[element].parent != element) {
        element = document->elements[element].parent;
        if (element == ancestor)
            return true;
    }
    return false;
}

size_t xml_find_below(const struct xml_document *document, const char *name, size_t ancestor)
{
    size_t found =
        ancestor < document->count ? xml_find(document, name, ancestor + 1) : document->count;

    while (found < document->count && !xml_is_below(document, found, ancestor))
        found = xml_find(document, name, found + 1);
    return found;
}

struct slice xml_text_below(const struct xml_document *document, const char *name, size_t ancestor)
{
    size_t found = xml_find_below(document, name, ancestor);

    return found < document->count ? document->elements[found].text : SLICE_EMPTY;
}

struct slice xml_attribute(const struct xml_element *element, const char *name)
{
    for (size_t i = 0; i < element->attribute_count; i++)
        if (slice_is_text_nocase(element->attributes[i].name, name))
            return element->attributes[i].value;
    return SLICE_EMPTY;
}
