/* document.c: which document a body is, and what it says
 *
 * The first byte that is not blank decides more than the Content-Type, which
 * proxies and old servers get wrong.  Only a complete body whose type promises
 * a Lync document can be malformed; one that was cut is not judged.
 */
#include "document.h"

#include "autodiscover.h"
#include "oauth.h"
#include "soap.h"
#include "ucwa.h"

static bool is_lync_type(struct slice type)
{
    return slice_starts_with_nocase(type, "application/vnd.microsoft.rtc.autodiscover") ||
           slice_starts_with_nocase(type, "application/vnd.microsoft.com.ucwa");
}

static bool has_any(struct slice text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_find_text_nocase(text, words[i]) < text.length)
            return true;
    return false;
}

static bool is_known_type(struct slice type)
{
    static const char *const words[] = { "xml", "json", "html", "x-www-form-urlencoded" };

    return has_any(type, words, sizeof words / sizeof *words);
}

static struct slice from_first_character(struct slice body)
{
    body = slice_trim(body);
    if (slice_starts_with(body, "\xef\xbb\xbf"))
        body = slice_trim(slice_after(body, 3));
    return body;
}

static bool looks_like_html(struct slice type, struct slice body)
{
    struct slice head = slice_part(body, 0, 512);

    if (slice_starts_with_nocase(head, "<!doctype html") || slice_starts_with_nocase(head, "<html"))
        return true;
    return slice_starts_with_nocase(type, "text/html") && !slice_starts_with_nocase(head, "<?xml");
}

/* UTF-16 with or without a byte order mark begins with a '<' and a zero in one order or the other.
 */
static bool looks_like_xml(struct slice body)
{
    if (body.length < 2)
        return false;
    return body.data[0] == '<' || (body.data[0] == 0 && body.data[1] == '<') ||
           (body.data[0] == 0xff && body.data[1] == 0xfe) ||
           (body.data[0] == 0xfe && body.data[1] == 0xff);
}

static void read_xml(struct document *document, const struct document_source *source,
                     struct slice body, struct arena *arena)
{
    bool promised = is_lync_type(source->content_type);
    struct xml_document xml;

    if (!xml_read(arena, body, &xml)) {
        if (source->good_response &&
            (promised ||
             slice_find_text_nocase(source->content_type, "xml") < source->content_type.length)) {
            document->kind = DOCUMENT_MALFORMED;
            document->problem = "the XML does not parse";
        }
        return;
    }
    if (autodiscover_read_xml(&xml, arena, document) || soap_read(&xml, arena, document) ||
        ucwa_read_xml(&xml, arena, document))
        return;
    if (source->good_response && promised) {
        document->kind = DOCUMENT_MALFORMED;
        document->problem = "its root element is not that of an Autodiscover answer";
    }
}

static void read_json(struct document *document, const struct document_source *source,
                      struct slice body, struct arena *arena)
{
    bool promised = is_lync_type(source->content_type);
    struct json_document json;

    if (!json_read(arena, body, &json)) {
        if (source->good_response &&
            (promised ||
             slice_find_text_nocase(source->content_type, "json") < source->content_type.length)) {
            document->kind = DOCUMENT_MALFORMED;
            document->problem = "the JSON does not parse";
        }
        return;
    }
    if (autodiscover_read_json(&json, arena, document) || oauth_read_json(&json, document) ||
        ucwa_read_json(&json, arena, document))
        return;
    if (source->good_response && promised) {
        document->kind = DOCUMENT_MALFORMED;
        document->problem = "it holds neither Root nor User nor links";
    }
}

void document_read(struct document *document, const struct document_source *source,
                   struct arena *arena)
{
    struct slice body = from_first_character(source->body->kept);
    bool whole = source->body->complete && !source->body->missing && !source->body->bad_coding &&
                 source->body->kept.length == source->body->bytes;

    *document = (struct document){ 0 };
    if (body.length == 0)
        return;
    if (looks_like_html(source->content_type, body))
        document->kind = DOCUMENT_HTML;
    else if (!whole)
        document->kind = is_known_type(source->content_type) ? DOCUMENT_CUT : DOCUMENT_NONE;
    else if (looks_like_xml(body))
        read_xml(document, source, body, arena);
    else if (body.data[0] == '{' || body.data[0] == '[')
        read_json(document, source, body, arena);
    else if (!oauth_read_form(body, arena, document) && source->good_response &&
             is_lync_type(source->content_type)) {
        document->kind = DOCUMENT_MALFORMED;
        document->problem = "it is neither XML nor JSON";
    }
}
