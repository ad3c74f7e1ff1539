/* document.c: which document a body is, and what is wrong with it when it is none
 *
 * The content decides, the Content-Type only where the content cannot: wrong
 * and missing types are common, and a page of HTML under a Lync type is just
 * what a proxy's error looks like.  A body is called malformed only when all
 * of it is here, the server meant it as an answer (2xx) and its type promises
 * XML or JSON.
 */
#include "document.h"

#include "charset.h"

static const struct xml_reader *const xml_readers[] = {
    &autodiscover_xml, &ucwa_resource_xml, &ucwa_reason_xml, &soap11_xml, &soap12_xml, &wsdl_xml,
};

/* What a resource answers with 2xx; a document of another kind is a wrong one. */
static const struct {
    enum resource resource;
    enum document_kind kinds[4];
} answers[] = {
    { RESOURCE_ROOT, { DOCUMENT_AUTODISCOVER, DOCUMENT_UCWA_RESOURCE } },
    { RESOURCE_DOMAIN, { DOCUMENT_AUTODISCOVER, DOCUMENT_UCWA_RESOURCE } },
    { RESOURCE_USER, { DOCUMENT_AUTODISCOVER, DOCUMENT_UCWA_RESOURCE } },
    { RESOURCE_OAUTH_USER, { DOCUMENT_AUTODISCOVER, DOCUMENT_UCWA_RESOURCE } },
    { RESOURCE_TICKET, { DOCUMENT_RSTR, DOCUMENT_FAULT, DOCUMENT_SOAP_OTHER, DOCUMENT_WSDL } },
    { RESOURCE_MEX, { DOCUMENT_WSDL, DOCUMENT_FAULT, DOCUMENT_SOAP_OTHER } },
    { RESOURCE_OAUTH_TOKEN, { DOCUMENT_OAUTH_TOKEN, DOCUMENT_OAUTH_ERROR } },
};

static bool type_names(const struct document_source *source, const char *word)
{
    return slice_find_text_nocase(source->content_type, word) < source->content_type.length;
}

static bool promises_structure(const struct document_source *source)
{
    return !type_names(source, "html") && (type_names(source, "xml") || type_names(source, "json"));
}

static bool may_be_malformed(const struct document_source *source)
{
    return source->status >= 200 && source->status < 300 && source->service != SERVICE_NONE &&
           promises_structure(source);
}

static struct document broken(const struct document_source *source, const char *problem)
{
    if (may_be_malformed(source))
        return (struct document){ .kind = DOCUMENT_MALFORMED, .problem = problem };
    return (struct document){ .kind = DOCUMENT_NONE };
}

/* ---- HTML ---- */

static struct slice skip_prolog(struct slice text)
{
    for (;;) {
        bool comment = slice_starts_with(text, "<!--");
        const char *end = comment ? "-->" : "?>";
        size_t at;

        if (!comment && !slice_starts_with(text, "<?"))
            return text;
        at = slice_find_text_nocase(text, end);
        if (at == text.length)
            return text;
        text = slice_trim(slice_after(text, at + slice_of_text(end).length));
    }
}

static bool is_html(struct slice text)
{
    static const char *const beginnings[] = { "<!doctype html", "<html", "<head", "<body" };
    struct slice rest = skip_prolog(text);

    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (slice_starts_with_nocase(rest, beginnings[i]))
            return true;
    return false;
}

/* ---- XML and JSON ---- */

enum outcome { OUTCOME_READ, OUTCOME_UNKNOWN /* it parses */, OUTCOME_UNPARSED };

struct xml_choice {
    struct document_reading *reading;
    const struct xml_reader *reader; /* NULL: the root element is nobody's */
};

static void start_element(void *context, const struct xml_path *path,
                          const struct xml_attributes *attributes)
{
    struct xml_choice *choice = context;

    if (path->depth == 1) {
        for (size_t i = 0; i < sizeof xml_readers / sizeof *xml_readers; i++)
            if (slice_is_text(path->names[0].local, xml_readers[i]->root) &&
                slice_is_text(path->names[0].space, xml_readers[i]->space))
                choice->reader = xml_readers[i];
        choice->reading->document.kind = choice->reader ? choice->reader->kind : DOCUMENT_NONE;
    }
    if (choice->reader)
        choice->reader->start(choice->reading, path, attributes);
}

static void end_element(void *context, const struct xml_path *path, struct slice text)
{
    struct xml_choice *choice = context;

    if (choice->reader)
        choice->reader->end(choice->reading, path, text);
}

/* Clients of one old kind declare a single-byte character set. */
static struct slice in_utf8(struct slice text, struct arena *arena)
{
    struct slice head = slice_part(text, 0, 128);

    if (!charset_is_utf8(text) && (slice_find_text_nocase(head, "iso-8859-") < head.length ||
                                   slice_find_text_nocase(head, "windows-125") < head.length))
        return charset_from_latin1(text, arena);
    return text;
}

static enum outcome read_xml(struct document_reading *reading, struct slice text)
{
    struct xml_choice choice = { .reading = reading };
    struct xml_handler handler = { &choice, start_element, end_element };

    if (!xml_read(in_utf8(text, reading->arena), &handler))
        return OUTCOME_UNPARSED;
    return choice.reader ? OUTCOME_READ : OUTCOME_UNKNOWN;
}

static enum outcome read_json(struct document_reading *reading, struct slice text)
{
    struct json_value root = json_value_parse(text, reading->arena);
    bool known;

    if (!root.node)
        return OUTCOME_UNPARSED;
    known = ucwa_read_json(reading, root) || oauth_read_json(reading, root) ||
            autodiscover_read_json(reading, root);
    json_value_release(root);
    return known ? OUTCOME_READ : OUTCOME_UNKNOWN;
}

/* ---- which one it is ---- */

enum { KINDS = sizeof answers->kinds / sizeof *answers->kinds };

/* NULL: the resource answers in many shapes and no root element is a wrong one. */
static const enum document_kind *known_answers(const struct document_source *source)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (answers[i].resource == source->resource)
            return answers[i].kinds;
    return type_names(source, "rtc.autodiscover") ? answers[0].kinds : NULL;
}

static bool is_expected(const struct document_source *source, enum document_kind kind)
{
    const enum document_kind *kinds = known_answers(source);

    for (size_t i = 0; kinds && i < KINDS; i++)
        if (kinds[i] == kind)
            return true;
    return !kinds;
}

static struct document read_structure(const struct document_source *source, struct slice text,
                                      struct arena *arena)
{
    struct document_reading reading = { .arena = arena };
    bool xml = text.data[0] == '<';
    enum outcome outcome = xml ? read_xml(&reading, text) : read_json(&reading, text);

    if (outcome == OUTCOME_READ && is_expected(source, reading.document.kind))
        return reading.document;
    if (outcome == OUTCOME_READ)
        return may_be_malformed(source) ? broken(source, "a document of another kind")
                                        : reading.document;
    if (type_names(source, "html"))
        return (struct document){ .kind = DOCUMENT_HTML };
    if (outcome == OUTCOME_UNPARSED)
        return broken(source, xml ? "XML that does not parse" : "JSON that does not parse");
    if (!known_answers(source))
        return (struct document){ .kind = DOCUMENT_NONE };
    return broken(source, xml ? "XML with an unexpected root element"
                              : "JSON without the members of an answer");
}

static struct document read_other(const struct document_source *source, struct slice text,
                                  struct arena *arena)
{
    struct document_reading reading = { .arena = arena };

    if (type_names(source, "html"))
        return (struct document){ .kind = DOCUMENT_HTML };
    if (source->status == 0 && oauth_read_form(&reading, text))
        return reading.document;
    return broken(source, "neither XML nor JSON");
}

/* Of a request the head may be all that is known yet: its body is still to come. */
static bool is_absent(const struct document_source *source)
{
    const struct http_body *body = source->body;

    return body->kept.length == 0 && body->bytes == 0 && !body->missing && !body->bad_coding &&
           (body->complete || source->status == 0);
}

struct document document_read(const struct document_source *source, struct arena *arena)
{
    const struct http_body *body = source->body;
    struct slice text;

    if (is_absent(source))
        return (struct document){ .kind = DOCUMENT_NONE };
    if (!body->complete || body->missing || body->bad_coding || body->kept.length < body->bytes)
        return (struct document){ .kind = DOCUMENT_CUT };
    text = charset_document(body->kept, arena);
    if (text.length == 0)
        return broken(source, "nothing but blanks");
    if (is_html(text))
        return may_be_malformed(source) ? broken(source, "an HTML page")
                                        : (struct document){ .kind = DOCUMENT_HTML };
    if (text.data[0] == '<' || text.data[0] == '{' || text.data[0] == '[')
        return read_structure(source, text, arena);
    return read_other(source, text, arena);
}
