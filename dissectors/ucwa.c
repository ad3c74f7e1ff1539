/* ucwa.c: documents of the Unified Communications Web API 2.0
 *
 * A resource is a set of links by relation, as JSON ("_links") or as XML
 * (resource, link).  A root leads to a user, a user to applications, either
 * may redirect.  Errors carry a code and a subcode.
 */
#include "ucwa.h"

static void conclude(struct document *document)
{
    document->kind = DOCUMENT_UCWA_RESOURCE;
    for (size_t i = 0; i < document->link_count; i++) {
        struct slice rel = document->links[i].token;

        if (slice_is_text_nocase(rel, "applications"))
            document->part = PART_USER;
        else if (slice_is_text_nocase(rel, "user") && document->part == PART_NONE)
            document->part = PART_ROOT;
    }
    if (document->part != PART_NONE)
        document->part_count = 1;
}

bool ucwa_read_xml(const struct xml_document *xml, struct arena *arena, struct document *document)
{
    const struct xml_element *root = &xml->elements[0];
    struct link *links;

    if (xml->count > 0 && slice_is_text_nocase(root->name, "reason")) {
        document->kind = DOCUMENT_UCWA_ERROR;
        document->code = xml_text_below(xml, "code", 0);
        document->subcode = xml_text_below(xml, "subcode", 0);
        return true;
    }
    if (xml->count == 0 || !slice_is_text_nocase(root->name, "resource") ||
        slice_find_text_nocase(root->space, "/ucwa") == root->space.length)
        return false;
    links = arena_take(arena, LINKS_MAX * sizeof *links);
    if (!links)
        return false;
    document->links = links;
    for (size_t i = 1; i < xml->count; i++)
        if (xml->elements[i].parent == 0 && slice_is_text_nocase(xml->elements[i].name, "link"))
            document_add_link(document, links, xml_attribute(&xml->elements[i], "rel"),
                              xml_attribute(&xml->elements[i], "href"));
    conclude(document);
    return true;
}

bool ucwa_read_json(const struct json_document *json, struct arena *arena,
                    struct document *document)
{
    const struct json_value *root = &json->values[0];
    const struct json_value *rels = json->count ? json_member(json, root, "_links") : NULL;
    struct link *links;

    if (!rels || rels->kind != VALUE_OBJECT) {
        document->code = json->count ? json_member_text(json, root, "code") : SLICE_EMPTY;
        document->subcode = json->count ? json_member_text(json, root, "subcode") : SLICE_EMPTY;
        if (document->code.length == 0 && document->subcode.length == 0)
            return false;
        document->kind = DOCUMENT_UCWA_ERROR;
        return true;
    }
    links = arena_take(arena, LINKS_MAX * sizeof *links);
    if (!links)
        return false;
    document->links = links;
    for (size_t i = 0; i < rels->count; i++) {
        const struct json_value *rel = &json->values[rels->first + i];

        document_add_link(document, links, rel->key, json_member_text(json, rel, "href"));
    }
    conclude(document);
    return true;
}
