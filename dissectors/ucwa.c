/* ucwa.c: UCWA 2.0 resources and errors, as JSON and as XML
 *
 * A resource is known by its links, an error by its code; links of embedded
 * resources are theirs and left out.
 * Follows the UCWA 2.0 hypermedia and error documents.
 */
#include "document.h"

static void add_link(struct document_reading *reading, struct slice rel, struct slice href)
{
    struct document *document = &reading->document;

    document_add_link(reading, rel, href);
    if (slice_is_text_nocase(rel, "redirect") && document->redirect.length == 0)
        document->redirect = href;
    if (slice_is_text_nocase(rel, "applications"))
        document->part = PART_USER;
    if (slice_is_text_nocase(rel, "user") && document->part == PART_NONE)
        document->part = PART_ROOT;
}

/* ---- XML ---- */

static void start_resource(struct document_reading *reading, const struct xml_path *path,
                           const struct xml_attributes *attributes)
{
    if (path->depth == 1)
        add_link(reading, slice_of_text("self"), xml_attribute(attributes, "href", reading->arena));
    if (path->depth == 2 && xml_is(path, "link"))
        add_link(reading, xml_attribute(attributes, "rel", reading->arena),
                 xml_attribute(attributes, "href", reading->arena));
}

static void end_resource(struct document_reading *reading, const struct xml_path *path,
                         struct slice text)
{
    (void)reading, (void)path, (void)text;
}

const struct xml_reader ucwa_resource_xml = {
    .root = "resource",
    .space = UCWA_SPACE,
    .kind = DOCUMENT_UCWA_RESOURCE,
    .start = start_resource,
    .end = end_resource,
};

static void start_reason(struct document_reading *reading, const struct xml_path *path,
                         const struct xml_attributes *attributes)
{
    (void)reading, (void)path, (void)attributes;
}

static void end_reason(struct document_reading *reading, const struct xml_path *path,
                       struct slice text)
{
    if (path->depth == 2 && xml_is(path, "code"))
        reading->document.code = arena_copy(reading->arena, text);
    if (path->depth == 2 && xml_is(path, "subcode"))
        reading->document.subcode = arena_copy(reading->arena, text);
}

const struct xml_reader ucwa_reason_xml = {
    .root = "reason",
    .space = UCWA_SPACE,
    .kind = DOCUMENT_UCWA_ERROR,
    .start = start_reason,
    .end = end_reason,
};

/* ---- JSON ---- */

struct relation {
    struct document_reading *reading;
    struct slice rel;
};

static void read_target(void *context, struct slice key, struct json_value target)
{
    struct relation *relation = context;
    struct arena *arena = relation->reading->arena;

    (void)key;
    add_link(relation->reading, relation->rel, json_value_member_text(target, "href", arena));
}

static void read_relation(void *context, struct slice rel, struct json_value target)
{
    struct document_reading *reading = context;
    struct relation relation = { reading, arena_copy(reading->arena, rel) };

    json_value_each_item(target, &relation, read_target);
}

static bool read_error(struct document_reading *reading, struct json_value root)
{
    struct document *document = &reading->document;

    if (!json_value_is_text(json_value_member(root, "code")) ||
        json_value_member(root, "error").node)
        return false;
    document->kind = DOCUMENT_UCWA_ERROR;
    document->code = json_value_member_text(root, "code", reading->arena);
    document->subcode = json_value_member_text(root, "subcode", reading->arena);
    return true;
}

bool ucwa_read_json(struct document_reading *reading, struct json_value root)
{
    struct json_value links = json_value_member(root, "_links");

    if (!json_value_is_object(links))
        return read_error(reading, root);
    reading->document.kind = DOCUMENT_UCWA_RESOURCE;
    json_value_each(links, reading, read_relation);
    return true;
}
