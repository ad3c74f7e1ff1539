/* autodiscover.c: the AutodiscoverResponse, version 1, as XML and as JSON
 *
 * Root, Domain or User with its links.  The XML has no namespace: Exchange has
 * an element of the same name in a namespace of its own.  Order, letter case of
 * tokens and unknown elements do not matter.  Follows MS-OCDISCWS 2.2.
 */
#include "autodiscover.h"

void document_add_link(struct document *document, struct link *links, struct slice token,
                       struct slice href)
{
    if (slice_is_text_nocase(token, "Redirect") && document->redirect.length == 0)
        document->redirect = slice_trim(href);
    if (document->link_count == LINKS_MAX) {
        document->links_left_out++;
        return;
    }
    links[document->link_count++] = (struct link){ slice_trim(token), slice_trim(href) };
}

static enum autodiscover_part part_named(struct slice name)
{
    static const struct {
        const char *name;
        enum autodiscover_part part;
    } parts[] = { { "Root", PART_ROOT }, { "Domain", PART_DOMAIN }, { "User", PART_USER } };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (slice_is_text_nocase(name, parts[i].name))
            return parts[i].part;
    return PART_NONE;
}

static struct sip_access *access_named(struct document *document, struct slice name)
{
    if (slice_is_text_nocase(name, "SipServerInternalAccess"))
        return &document->sip_server_internal;
    if (slice_is_text_nocase(name, "SipClientInternalAccess"))
        return &document->sip_client_internal;
    if (slice_is_text_nocase(name, "SipServerExternalAccess"))
        return &document->sip_server_external;
    return slice_is_text_nocase(name, "SipClientExternalAccess") ? &document->sip_client_external
                                                                 : NULL;
}

static struct link *take_links(struct arena *arena, struct document *document)
{
    struct link *links = arena_take(arena, LINKS_MAX * sizeof *links);

    document->links = links;
    return links;
}

/* Of several parts the one that says most counts: User before Domain before Root. */
static void note_part(struct document *document, enum autodiscover_part part)
{
    document->part_count++;
    if (part > document->part)
        document->part = part;
}

bool autodiscover_read_xml(const struct xml_document *xml, struct arena *arena,
                           struct document *document)
{
    const struct xml_element *root = &xml->elements[0];
    struct link *links;

    if (xml->count == 0 || !slice_is_text_nocase(root->name, "AutodiscoverResponse") ||
        root->space.length)
        return false;
    links = take_links(arena, document);
    if (!links)
        return false;
    document->kind = DOCUMENT_AUTODISCOVER;
    document->access_location = slice_trim(xml_attribute(root, "AccessLocation"));
    for (size_t i = 1; i < xml->count; i++) {
        const struct xml_element *element = &xml->elements[i];
        struct sip_access *access = access_named(document, element->name);

        if (element->parent == 0 && part_named(element->name) != PART_NONE)
            note_part(document, part_named(element->name));
        if (slice_is_text_nocase(element->name, "Link"))
            document_add_link(document, links, xml_attribute(element, "token"),
                              xml_attribute(element, "href"));
        if (access && access->fqdn.length == 0)
            *access = (struct sip_access){ slice_trim(xml_attribute(element, "fqdn")),
                                           slice_trim(xml_attribute(element, "port")) };
    }
    return true;
}

static void read_json_links(const struct json_document *json, const struct json_value *part,
                            struct document *document, struct link *links)
{
    const struct json_value *list = json_member(json, part, "Links");

    /* An array of links, or one link in its place. */
    if (list && list->kind == VALUE_OBJECT)
        document_add_link(document, links, json_member_text(json, list, "token"),
                          json_member_text(json, list, "href"));
    for (size_t i = 0; list && list->kind == VALUE_ARRAY && i < list->count; i++) {
        const struct json_value *link = &json->values[list->first + i];

        document_add_link(document, links, json_member_text(json, link, "token"),
                          json_member_text(json, link, "href"));
    }
}

bool autodiscover_read_json(const struct json_document *json, struct arena *arena,
                            struct document *document)
{
    const struct json_value *root = &json->values[0];
    struct link *links = NULL;

    for (size_t i = 0; json->count > 0 && root->kind == VALUE_OBJECT && i < root->count; i++) {
        const struct json_value *part = &json->values[root->first + i];

        if (part_named(part->key) == PART_NONE || part->kind != VALUE_OBJECT)
            continue;
        links = links ? links : take_links(arena, document);
        if (!links)
            return false;
        note_part(document, part_named(part->key));
        read_json_links(json, part, document, links);
        for (size_t k = 0; k < part->count; k++) {
            const struct json_value *member = &json->values[part->first + k];
            struct sip_access *access = access_named(document, member->key);

            if (access && access->fqdn.length == 0)
                *access = (struct sip_access){ slice_trim(json_member_text(json, member, "fqdn")),
                                               slice_trim(json_member_text(json, member, "port")) };
        }
    }
    if (!links)
        return false;
    document->kind = DOCUMENT_AUTODISCOVER;
    document->access_location = slice_trim(json_member_text(json, root, "AccessLocation"));
    return true;
}
