/* soap.c: the web ticket service's envelopes
 *
 * RequestSecurityToken, its response, faults of both SOAP versions with the
 * diagnostics Lync puts into them, and the metadata document.  Prefixes vary
 * between clients: elements are found by local name.  Follows WS-Trust 1.3 3,
 * MS-OCAUTHWS 2.2, SOAP 1.1 4.4, SOAP 1.2 5.4.
 */
#include "soap.h"

#include "base64.h"

/* "2026-11-20T23:02:11[.123][Z|+hh:mm]" (RFC 3339); 0 when it is something else. */
static bool digits(struct slice text, size_t at, size_t count, int64_t *value)
{
    uint64_t number;

    if (!slice_to_u64(slice_part(text, at, count), &number) || at + count > text.length)
        return false;
    *value = (int64_t)number;
    return true;
}

/* Days from 1970-01-01, by the Gregorian calendar with years that begin in March. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t shifted = month <= 2 ? year - 1 : year;
    int64_t era = shifted / 400, of_era = shifted % 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t time_of(struct slice text)
{
    int64_t year, month, day, hour, minute, second, zone_hour, zone_minute, seconds;
    struct slice zone;

    text = slice_trim(text);
    if (!digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) || !digits(text, 8, 2, &day) ||
        !digits(text, 11, 2, &hour) || !digits(text, 14, 2, &minute) ||
        !digits(text, 17, 2, &second) || month < 1 || month > 12 || year < 1970 || year > 2200)
        return 0;
    seconds = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    zone = slice_after(text, 19);
    while (zone.length > 0 && (zone.data[0] == '.' || (zone.data[0] >= '0' && zone.data[0] <= '9')))
        zone = slice_after(zone, 1);
    if (zone.length >= 6 && digits(zone, 1, 2, &zone_hour) && digits(zone, 4, 2, &zone_minute))
        seconds += (zone.data[0] == '-' ? 1 : -1) * (zone_hour * 3600 + zone_minute * 60);
    return seconds * 1000000000;
}

static void read_lifetime(const struct xml_document *xml, size_t at, struct document *document)
{
    size_t lifetime = xml_find_below(xml, "Lifetime", at);

    if (lifetime == xml->count)
        return;
    document->created_ns = time_of(xml_text_below(xml, "Created", lifetime));
    document->expires_ns = time_of(xml_text_below(xml, "Expires", lifetime));
}

/* Some clients send the name of a UsernameToken base64-coded inside the XML. */
static struct slice username_of(struct arena *arena, struct slice text)
{
    struct slice decoded;

    if (slice_find_byte(text, '@') < text.length || slice_find_byte(text, '\\') < text.length)
        return text;
    if (!base64_decode(text, arena, &decoded))
        return text;
    for (size_t i = 0; i < decoded.length; i++)
        if (decoded.data[i] < 0x20 || decoded.data[i] == 0x7f)
            return text;
    return decoded.length ? decoded : text;
}

static struct slice address_below(const struct xml_document *xml, size_t at)
{
    size_t applies = xml_find_below(xml, "AppliesTo", at);

    return applies < xml->count ? xml_text_below(xml, "Address", applies) : SLICE_EMPTY;
}

static void read_request(const struct xml_document *xml, size_t at, struct arena *arena,
                         struct document *document)
{
    size_t claims = xml_find_below(xml, "ClaimType", at);
    size_t credentials = xml_find(xml, "UsernameToken", 0);

    document->kind = DOCUMENT_RST;
    document->token_type = xml_text_below(xml, "TokenType", at);
    document->applies_to = address_below(xml, at);
    if (claims < xml->count)
        document->user = xml_text_below(xml, "Value", claims);
    if (credentials < xml->count) {
        document->has_username_token = true;
        document->username = username_of(arena, xml_text_below(xml, "Username", credentials));
        if (document->user.length == 0)
            document->user = document->username;
    }
    read_lifetime(xml, at, document);
}

static void read_response(const struct xml_document *xml, size_t at, struct document *document)
{
    document->kind = DOCUMENT_RSTR;
    document->token_type = xml_text_below(xml, "TokenType", at);
    document->applies_to = address_below(xml, at);
    document->user = xml_text_below(xml, "NameIdentifier", at);
    read_lifetime(xml, at, document);
}

static struct slice local_part(struct slice qualified)
{
    size_t colon = slice_find_byte(qualified, ':');

    return colon < qualified.length ? slice_after(qualified, colon + 1) : qualified;
}

static void read_fault(const struct xml_document *xml, size_t at, struct document *document)
{
    size_t code =
        xml_find_below(xml, "Code", at); /* SOAP 1.2: Code/Value, the innermost Subcode says most */
    size_t subcode = xml_find_below(xml, "Subcode", at);
    size_t reason = xml_find_below(xml, "Reason", at);
    size_t online = xml_find_below(xml, "internalerror", at);

    document->kind = DOCUMENT_FAULT;
    document->fault_code = local_part(xml_text_below(xml, "faultcode", at));
    document->fault_string = xml_text_below(xml, "faultstring", at);
    document->error_id = xml_text_below(xml, "ErrorId", at);
    if (xml_find_below(xml, "Ms-Diagnostics-Fault", at) < xml->count || document->error_id.length)
        document->reason = xml_text_below(xml, "Reason", at);
    if (document->fault_code.length == 0 && code < xml->count)
        document->fault_code =
            local_part(xml_text_below(xml, "Value", subcode < xml->count ? subcode : code));
    if (document->fault_string.length == 0 && reason < xml->count)
        document->fault_string = xml_text_below(xml, "Text", reason);
    if (document->error_id.length == 0 && online < xml->count) {
        document->error_id = xml_text_below(xml, "code", online);
        document->reason = xml_text_below(xml, "text", online);
    }
}

static void read_metadata(const struct xml_document *xml, struct document *document)
{
    document->kind = DOCUMENT_WSDL;
    for (size_t i = xml_find(xml, "port", 0); i < xml->count; i = xml_find(xml, "port", i + 1)) {
        struct slice name = xml_attribute(&xml->elements[i], "name");

        if (slice_is_text_nocase(name, "WebTicketServiceWinNegotiate"))
            document->offers_win_negotiate = true;
        else
            document->offers_auth = true;
    }
}

bool soap_read(const struct xml_document *xml, struct arena *arena, struct document *document)
{
    bool envelope = xml->count > 0 && slice_is_text_nocase(xml->elements[0].name, "Envelope");
    size_t request = xml_find(xml, "RequestSecurityToken", 0);
    size_t response = xml_find(xml, "RequestSecurityTokenResponse", 0);
    size_t fault = xml_find(xml, "Fault", 0);

    if (fault < xml->count && envelope)
        read_fault(xml, fault, document);
    else if (response < xml->count)
        read_response(xml, response, document);
    else if (request < xml->count)
        read_request(xml, request, arena, document);
    else if (xml_find(xml, "definitions", 0) < xml->count)
        read_metadata(xml, document);
    else if (envelope)
        document->kind = DOCUMENT_SOAP_OTHER;
    else
        return false;
    return true;
}
