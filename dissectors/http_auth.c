/* http_auth.c: authentication schemes in requests and answers
 *
 * A line is a list in which commas separate schemes from each other and
 * parameters from each other alike, so what a word is shows behind it: '='
 * and a value make it a parameter, anything else a scheme.
 * Follows RFC 9110 11.2 to 11.6 and RFC 4559 4; MsRtcOAuth is MS-OCAUTHWS's.
 */
#include "http_auth.h"

#include "diagnostics.h"
#include "lyncscope/base64.h"
#include "ntlm.h"
#include "spnego.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct slice skip_blanks(struct slice s, bool commas)
{
    while (s.length > 0 && (is_blank(s.data[0]) || (commas && s.data[0] == ',')))
        s = slice_after(s, 1);
    return s;
}

static bool is_token68_byte(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~' || c == '+' || c == '/';
}

static struct slice word_at(struct slice s)
{
    size_t length = 0;

    while (length < s.length && !is_blank(s.data[length]) && s.data[length] != ',' &&
           s.data[length] != '=' && s.data[length] != '"')
        length++;
    return slice_part(s, 0, length);
}

/* token68 ends the scheme's piece: a comma or the line's end must follow. */
static struct slice token68_at(struct slice s)
{
    size_t length = 0;
    struct slice behind;

    while (length < s.length && is_token68_byte(s.data[length]))
        length++;
    while (length > 0 && length < s.length && s.data[length] == '=')
        length++;
    behind = skip_blanks(slice_after(s, length), false);
    return behind.length == 0 || behind.data[0] == ',' ? slice_part(s, 0, length) : SLICE_EMPTY;
}

static size_t value_length(struct slice s)
{
    size_t length = 0;

    if (slice_starts_with(s, "\"")) {
        for (length = 1; length < s.length && s.data[length] != '"'; length++)
            if (s.data[length] == '\\')
                length++;
        return length < s.length ? length + 1 : s.length;
    }
    while (length < s.length && !is_blank(s.data[length]) && s.data[length] != ',')
        length++;
    return length;
}

bool auth_next(struct auth_reader *reader, struct auth_piece *piece)
{
    struct slice rest = skip_blanks(reader->rest, true);
    struct slice word = word_at(rest), behind;

    *piece = (struct auth_piece){ 0 };
    if (rest.length == 0)
        return false;
    if (word.length == 0) { /* a stray quote or '=' */
        reader->rest = slice_after(rest, value_length(rest) ? value_length(rest) : 1);
        return true;
    }
    behind = skip_blanks(slice_after(rest, word.length), false);
    if (slice_starts_with(behind, "=")) {
        behind = skip_blanks(slice_after(behind, 1), false);
        piece->name = word;
        piece->value = slice_part(behind, 0, value_length(behind));
        reader->rest = slice_after(behind, piece->value.length);
    } else {
        reader->scheme = word;
        piece->token = token68_at(behind);
        reader->rest = slice_after(behind, piece->token.length);
    }
    piece->scheme = reader->scheme;
    return true;
}

static void read_scheme(const struct auth_piece *piece, struct arena *arena,
                        struct challenge *challenge)
{
    const struct {
        const char *name;
        bool *offered;
    } schemes[] = {
        { "Negotiate", &challenge->negotiate }, { "NTLM", &challenge->ntlm },
        { "Basic", &challenge->basic },         { "Digest", &challenge->digest },
        { "Bearer", &challenge->bearer },       { "MsRtcOAuth", &challenge->oauth },
    };
    struct slice bytes, message;

    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (slice_is_text_nocase(piece->scheme, schemes[i].name))
            *schemes[i].offered = true;
    if (piece->token.length == 0 || !(slice_is_text_nocase(piece->scheme, "Negotiate") ||
                                      slice_is_text_nocase(piece->scheme, "NTLM")))
        return;
    challenge->has_token = true;
    message = base64_decode(piece->token, arena, &bytes) ? spnego_read(bytes).ntlm : SLICE_EMPTY;
    if (message.length && challenge->token.type == 0)
        challenge->token = ntlm_read(message, arena);
}

static void read_parameter(const struct auth_piece *piece, struct arena *arena,
                           struct challenge *challenge)
{
    const struct {
        const char *scheme, *name;
        struct slice *value;
    } parameters[] = {
        { "MsRtcOAuth", "href", &challenge->oauth_href },
        { "MsRtcOAuth", "grant_type", &challenge->grant_types },
        { "Bearer", "authorization_uri", &challenge->authorization_uri },
        { "Bearer", "trusted_issuers", &challenge->trusted_issuers },
    };

    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if (slice_is_text_nocase(piece->scheme, parameters[i].scheme) &&
            slice_is_text_nocase(piece->name, parameters[i].name) &&
            parameters[i].value->length == 0)
            *parameters[i].value = unquoted(piece->value, arena);
}

struct challenge challenge_read(const struct http_response *response, struct arena *arena)
{
    struct challenge challenge = { 0 };

    for (size_t i = 0; i < response->header_count; i++) {
        struct auth_reader reader = { .rest = response->headers[i].value };
        struct auth_piece piece;

        if (!slice_is_text_nocase(response->headers[i].name, "WWW-Authenticate"))
            continue;
        while (auth_next(&reader, &piece)) {
            if (piece.name.length)
                read_parameter(&piece, arena, &challenge);
            else
                read_scheme(&piece, arena, &challenge);
        }
    }
    return challenge;
}

static enum credential token_credential(struct slice token, struct arena *arena,
                                        struct ntlm_facts *ntlm)
{
    struct negotiate_token parts = { 0 };
    struct slice bytes;

    if (!base64_decode(token, arena, &bytes))
        return CREDENTIAL_OTHER;
    parts = spnego_read(bytes);
    if (parts.ntlm.length)
        *ntlm = ntlm_read(parts.ntlm, arena);
    if (parts.kerberos)
        return CREDENTIAL_KERBEROS;
    if (ntlm->type == 1)
        return CREDENTIAL_NTLM_NEGOTIATE;
    return ntlm->type == 3 ? CREDENTIAL_NTLM_AUTHENTICATE : CREDENTIAL_SPNEGO;
}

void credential_read(const struct http_request *request, struct arena *arena,
                     struct lync_exchange *lync)
{
    struct slice value =
        slice_trim(header_value(request->headers, request->header_count, "Authorization"));
    struct slice scheme = word_at(value);
    struct slice token = slice_trim(slice_after(value, scheme.length));

    if (value.length == 0)
        lync->credential = CREDENTIAL_NONE;
    else if (slice_is_text_nocase(scheme, "Basic"))
        lync->credential = CREDENTIAL_BASIC;
    else if (slice_is_text_nocase(scheme, "Bearer"))
        lync->credential = CREDENTIAL_BEARER;
    else if (slice_is_text_nocase(scheme, "NTLM") || slice_is_text_nocase(scheme, "Negotiate"))
        lync->credential = token_credential(token, arena, &lync->ntlm);
    else
        lync->credential = CREDENTIAL_OTHER;
    /* The ticket is what the service judges; NTLM beside it is a leg of the connection. */
    if (header_value(request->headers, request->header_count, "X-MS-WebTicket").length)
        lync->credential = CREDENTIAL_WEB_TICKET;
}
