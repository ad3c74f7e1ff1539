/* soap.c: SOAP envelopes: ticket requests, tickets, faults; and WSDL
 *
 * The first element of the Body tells what an envelope is.  Elements are known
 * by local name and parent, because prefixes and even namespaces vary between
 * clients and versions.  Tickets themselves are passed over.
 * Follows SOAP 1.1 4, SOAP 1.2 5, WS-Trust 1.3 3 and 4, WSDL 1.1 2.
 */
#include "document.h"
#include "lyncscope/base64.h"
#include "lyncscope/text.h"

static void set_once(struct document_reading *reading, struct slice *member, struct slice text)
{
    if (member->length == 0)
        *member = arena_copy(reading->arena, text);
}

static struct slice local_name(struct slice qualified)
{
    return slice_after(qualified, slice_find_byte(qualified, ':') == qualified.length
                                      ? 0
                                      : slice_find_byte(qualified, ':') + 1);
}

/* ---- ticket requests and tickets ---- */

static bool is_readable(struct slice text)
{
    while (text.length > 0) {
        uint32_t c = 0;
        size_t length = utf8_decode(text, &c);

        if (length == 0 || c < ' ' || c == 0x7f)
            return false;
        text = slice_after(text, length);
    }
    return true;
}

/* The web form sends the name in base64, others plainly; a plain name is hardly ever base64
 * of readable text. */
static struct slice user_name(struct slice text, struct arena *arena)
{
    struct slice decoded;

    if (text.length % 4 == 0 && base64_decode(text, arena, &decoded) && decoded.length > 0 &&
        is_readable(decoded))
        return decoded;
    return arena_copy(arena, text);
}

static void read_user(struct document_reading *reading, const struct xml_path *path,
                      struct slice text)
{
    struct document *document = &reading->document;
    bool claim =
        xml_is(path, "Value") && xml_parent_is(path, "ClaimType") && reading->claim_is_address;

    if (xml_is(path, "Username") && xml_parent_is(path, "UsernameToken")) {
        if (document->user.length == 0)
            document->user = user_name(text, reading->arena);
    } else if (claim && !reading->user_is_claimed && text.length > 0) {
        document->user = arena_copy(reading->arena, text); /* names the user better */
        reading->user_is_claimed = true;
    } else if (xml_is(path, "NameIdentifier") || xml_is(path, "NameID")) {
        set_once(reading, &document->user, text);
    }
}

static void read_ticket(struct document_reading *reading, const struct xml_path *path,
                        struct slice text)
{
    struct document *document = &reading->document;

    read_user(reading, path, text);
    if (xml_is(path, "TokenType"))
        set_once(reading, &document->token_type, text);
    if (xml_is(path, "Address") && xml_is_inside(path, "AppliesTo"))
        set_once(reading, &document->applies_to, text);
    if (xml_is(path, "Created") && xml_parent_is(path, "Lifetime"))
        document->created_ns = document_time_ns(text);
    if (xml_is(path, "Expires") && xml_parent_is(path, "Lifetime"))
        document->expires_ns = document_time_ns(text);
}

/* ---- faults ---- */

static void read_code(struct document_reading *reading, const struct xml_path *path,
                      struct slice text)
{
    struct slice *code = &reading->document.fault_code;

    if (xml_is(path, "faultcode") || (xml_is(path, "Value") && xml_parent_is(path, "Code")))
        set_once(reading, code, local_name(text));
    if (xml_is(path, "Value") && xml_parent_is(path, "Subcode")) {
        *code = SLICE_EMPTY; /* the inner code is the telling one */
        set_once(reading, code, local_name(text));
    }
}

static void read_fault(struct document_reading *reading, const struct xml_path *path,
                       struct slice text)
{
    struct document *document = &reading->document;

    read_code(reading, path, text);
    if (xml_is(path, "faultstring") || (xml_is(path, "Text") && xml_parent_is(path, "Reason")))
        set_once(reading, &document->fault_string, text);
    if (xml_is(path, "ErrorId") || (xml_is(path, "value") && xml_parent_is(path, "error")))
        set_once(reading, &document->error_id, text);
    if ((xml_is(path, "Reason") && xml_parent_is(path, "Ms-Diagnostics-Fault")) ||
        (xml_is(path, "text") && xml_parent_is(path, "internalerror")))
        set_once(reading, &document->reason, text);
}

/* ---- WSDL ---- */

static void start_port(struct document_reading *reading, const struct xml_path *path,
                       const struct xml_attributes *attributes)
{
    struct slice name;

    if (!xml_is(path, "port") || !xml_parent_is(path, "service"))
        return;
    name = xml_attribute(attributes, "name", reading->arena);
    if (slice_is_text_nocase(name, "WebTicketServiceWinNegotiate"))
        reading->document.offers_win_negotiate = true;
    else if (name.length > 0)
        reading->document.offers_auth = true;
}

static void end_wsdl(struct document_reading *reading, const struct xml_path *path,
                     struct slice text)
{
    (void)reading, (void)path, (void)text;
}

const struct xml_reader wsdl_xml = {
    .root = "definitions",
    .space = "http://schemas.xmlsoap.org/wsdl/",
    .kind = DOCUMENT_WSDL,
    .start = start_port,
    .end = end_wsdl,
};

/* ---- envelopes ---- */

static enum document_kind kind_of(struct slice content)
{
    static const struct {
        const char *name;
        enum document_kind kind;
    } kinds[] = {
        { "RequestSecurityToken", DOCUMENT_RST },
        { "RequestSecurityTokenResponse", DOCUMENT_RSTR },
        { "RequestSecurityTokenResponseCollection", DOCUMENT_RSTR },
        { "Fault", DOCUMENT_FAULT },
        { "Metadata", DOCUMENT_WSDL },
        { "definitions", DOCUMENT_WSDL },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_is_text(content, kinds[i].name))
            return kinds[i].kind;
    return DOCUMENT_SOAP_OTHER;
}

static void start_element(struct document_reading *reading, const struct xml_path *path,
                          const struct xml_attributes *attributes)
{
    struct document *document = &reading->document;

    if (path->depth == 3 && xml_parent_is(path, "Body") && document->kind == DOCUMENT_SOAP_OTHER)
        document->kind = kind_of(path->names[2].local);
    if (xml_is(path, "UsernameToken"))
        document->has_username_token = true;
    if (xml_is(path, "ClaimType")) {
        struct slice uri = xml_attribute(attributes, "Uri", reading->arena);

        reading->claim_is_address = uri.length == 0 || slice_ends_with_nocase(uri, "/claims/uri");
    }
    start_port(reading, path, attributes);
}

/* In front of the Body, in the Header, the kind is not known yet: UsernameToken is there. */
static void end_element(struct document_reading *reading, const struct xml_path *path,
                        struct slice text)
{
    if (reading->document.kind == DOCUMENT_FAULT)
        read_fault(reading, path, text);
    else
        read_ticket(reading, path, text);
}

const struct xml_reader soap11_xml = {
    .root = "Envelope",
    .space = "http://schemas.xmlsoap.org/soap/envelope/",
    .kind = DOCUMENT_SOAP_OTHER,
    .start = start_element,
    .end = end_element,
};

const struct xml_reader soap12_xml = {
    .root = "Envelope",
    .space = "http://www.w3.org/2003/05/soap-envelope",
    .kind = DOCUMENT_SOAP_OTHER,
    .start = start_element,
    .end = end_element,
};
