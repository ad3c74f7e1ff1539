/* message_ticket.c: what a ticket in a request tells of itself
 *
 * A JSON web token (RFC 7519) says whom it is for and until when; its claims
 * are shown, its signature never, so that what is shown opens no door.  Lync's
 * own compact web tickets can be read by the servers alone.
 */
#include "ui/message.h"

#include "lyncscope/base64.h"
#include "ui/pretty.h"

enum { CLAIMS_MOST = 4096 };

static void add_claims(const struct message_writer *writer, struct slice claims)
{
    struct arena *arena = arena_create(NULL, 0);
    struct text pretty = { 0 };
    struct slice json;

    if (arena && base64_decode(slice_part(claims, 0, CLAIMS_MOST), arena, &json) &&
        slice_starts_with(json, "{")) {
        pretty_json(&pretty, json);
        page_add_lines(writer->page, STYLE_PLAIN, buffer_slice(&pretty.bytes), "            ");
    }
    text_release(&pretty);
    arena_free(arena);
}

/* header.claims.signature */
static void add_web_token(const struct message_writer *writer, struct slice token)
{
    struct slice claims = slice_after(token, slice_find_byte(token, '.') + 1);

    message_print_field(writer, "ticket", "JSON web token, %zu bytes; it says", token.length);
    add_claims(writer, slice_part(claims, 0, slice_find_byte(claims, '.')));
}

static void add_ticket(const struct message_writer *writer, struct slice value)
{
    size_t compact = slice_find_text_nocase(value, "cwt=");

    if (compact < value.length)
        message_print_field(writer, "ticket",
                            "compact web ticket, %zu bytes; only its server can read it",
                            value.length - compact - 4);
    else if (slice_starts_with(value, "eyJ"))
        add_web_token(writer, value);
    else
        message_print_field(writer, "ticket", "%zu bytes of a form not known here", value.length);
}

void message_add_ticket(const struct message_writer *writer, const struct http_request *request)
{
    static const char bearer[] = "Bearer ";
    struct slice ticket = header_value(request->headers, request->header_count, "X-MS-WebTicket");
    struct slice given = header_value(request->headers, request->header_count, "Authorization");

    if (slice_starts_with_nocase(given, bearer))
        ticket = slice_trim(slice_after(given, sizeof bearer - 1));
    if (ticket.length > 0)
        add_ticket(writer, ticket);
}
