/* autodiscover.c: AutodiscoverResponse, as XML and as version 1 JSON
 *
 * Unknown elements, attributes and tokens are passed over, as clients do; what
 * contradicts itself (two User elements, Redirect beside other links) is kept
 * and counted: judging it is not our business.
 * Follows MS-OCDISCWS 2.2 and 3.1.5; the JSON is what Exchange reads.
 */
#include "document.h"

static enum autodiscover_part part_of(struct slice name)
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

static void add_part(struct document *document, enum autodiscover_part part)
{
    if (part == PART_NONE)
        return;
    document->part_count++;
    if (document->part == PART_NONE)
        document->part = part;
}

static struct sip_access *access_of(struct document *document, struct slice name)
{
    const struct {
        const char *name;
        struct sip_access *access;
    } accesses[] = {
        { "SipClientInternalAccess", &document->sip_client_internal },
        { "SipClientExternalAccess", &document->sip_client_external },
        { "SipServerInternalAccess", &document->sip_server_internal },
        { "SipServerExternalAccess", &document->sip_server_external },
    };

    for (size_t i = 0; i < sizeof accesses / sizeof *accesses; i++)
        if (slice_is_text_nocase(name, accesses[i].name))
            return accesses[i].access;
    return NULL;
}

static void set_access(struct sip_access *access, struct slice fqdn, struct slice port)
{
    if (access->fqdn.length == 0)
        *access = (struct sip_access){ .fqdn = slice_trim(fqdn), .port = port };
}

static void add_link(struct document_reading *reading, struct slice token, struct slice href)
{
    document_add_link(reading, token, href);
    if (slice_is_text_nocase(token, "Redirect") && reading->document.redirect.length == 0)
        reading->document.redirect = href;
}

/* ---- XML ---- */

static void start(struct document_reading *reading, const struct xml_path *path,
                  const struct xml_attributes *attributes)
{
    struct document *document = &reading->document;
    struct slice name = path->names[path->depth - 1].local;
    struct sip_access *access = path->depth == 3 ? access_of(document, name) : NULL;

    if (path->depth == 1)
        document->access_location = xml_attribute(attributes, "AccessLocation", reading->arena);
    if (path->depth == 2)
        add_part(document, part_of(name));
    if (path->depth != 3 || part_of(path->names[1].local) == PART_NONE)
        return;
    if (xml_is(path, "Link"))
        add_link(reading, xml_attribute(attributes, "token", reading->arena),
                 xml_attribute(attributes, "href", reading->arena));
    if (access)
        set_access(access, xml_attribute(attributes, "fqdn", reading->arena),
                   xml_attribute(attributes, "port", reading->arena));
}

static void end(struct document_reading *reading, const struct xml_path *path, struct slice text)
{
    (void)reading, (void)path, (void)text; /* everything is in attributes */
}

const struct xml_reader autodiscover_xml = {
    .root = "AutodiscoverResponse",
    .space = "", /* one in Exchange's namespace is none of ours */
    .kind = DOCUMENT_AUTODISCOVER,
    .start = start,
    .end = end,
};

/* ---- JSON ---- */

static void read_link(void *context, struct slice key, struct json_value item)
{
    struct document_reading *reading = context;

    (void)key;
    add_link(reading, json_value_member_text(item, "token", reading->arena),
             json_value_member_text(item, "href", reading->arena));
}

static void read_part_member(void *context, struct slice key, struct json_value member)
{
    struct document_reading *reading = context;
    struct sip_access *access = access_of(&reading->document, key);

    if (slice_is_text_nocase(key, "Links"))
        json_value_each_item(member, reading, read_link);
    if (access)
        set_access(access, json_value_member_text(member, "fqdn", reading->arena),
                   json_value_member_text(member, "port", reading->arena));
}

static void read_member(void *context, struct slice key, struct json_value member)
{
    struct document_reading *reading = context;
    struct document *document = &reading->document;

    if (slice_is_text_nocase(key, "AccessLocation") && document->access_location.length == 0)
        document->access_location = json_value_text(member, reading->arena);
    /* a serializer may write the parts that are not there as null */
    if (part_of(key) == PART_NONE || !json_value_is_object(member))
        return;
    add_part(document, part_of(key));
    json_value_each(member, reading, read_part_member);
}

bool autodiscover_read_json(struct document_reading *reading, struct json_value root)
{
    if (!json_value_is_object(root))
        return false;
    reading->document.kind = DOCUMENT_AUTODISCOVER;
    json_value_each(root, reading, read_member);
    return reading->document.part_count > 0 || reading->document.access_location.length > 0;
}
