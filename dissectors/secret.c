/* secret.c: credentials are masked unless asked for
 *
 * A textual scan, not a parse: a document that is broken or cut in the middle
 * must not show its secrets because a parser gave up on it.  XML elements are
 * found by local name whatever their prefix, keys of JSON, forms and queries
 * by name, and tickets in free text by how they begin.
 */
#include "lyncscope/secret.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const headers[] = { "Authorization",   "Proxy-Authorization", "Cookie",
                                       "Set-Cookie",      "Set-Cookie2",         "X-MS-WebTicket",
                                       "X-MS-OAuth-Token" };
static const char *const elements[] = { "Password",      "BinarySecret",        "Assertion",
                                        "UserToken",     "BinarySecurityToken", "CipherValue",
                                        "SignatureValue" };
static const char *const keys[] = { "password",     "access_token",  "refresh_token",    "id_token",
                                    "assertion",    "client_secret", "client_assertion", "code",
                                    "ms_rtc_renew", "ticket",        "webticket" };
static const char *const beginnings[] = { "cwt=", "opaque=" };

static bool is_listed(struct slice name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is_text_nocase(name, list[i]))
            return true;
    return false;
}

static void mask(struct text *out, size_t bytes)
{
    text_print(out, "<masked %zu bytes>", bytes);
}

bool secret_is_header(struct slice name)
{
    return is_listed(name, headers, COUNT(headers));
}

void secret_add_header_value(struct text *out, struct slice name, struct slice value, bool show)
{
    if (secret_is_header(name) && !show)
        mask(out, value.length);
    else if (slice_is_text_nocase(name, "Location") || slice_is_text_nocase(name, "Referer"))
        secret_add_url(out, value, show);
    else
        text_add_slice(out, value);
}

/* ---- names ---- */

static bool is_name_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

static size_t name_length(struct slice text)
{
    size_t length = 0;

    while (length < text.length && is_name_byte(text.data[length]))
        length++;
    return length;
}

/* ---- what to mask at a place: from where, how much ---- */

struct place {
    size_t start, length; /* relative to where the scan stands; length 0: nothing here */
};

/* The local name of a tag whose '<' and, for an end tag, '/' are cut off. */
static struct slice local_name(struct slice tag)
{
    size_t length = name_length(tag);

    if (length < tag.length && tag.data[length] == ':') {
        tag = slice_after(tag, length + 1);
        length = name_length(tag);
    }
    return slice_part(tag, 0, length);
}

/* Where the end tag of that name begins, or the end of the text. */
static size_t find_end_tag(struct slice text, size_t from, struct slice name)
{
    for (size_t at = from; at + 1 < text.length; at++)
        if (text.data[at] == '<' && text.data[at + 1] == '/' &&
            slice_equals_nocase(local_name(slice_after(text, at + 2)), name))
            return at;
    return text.length;
}

/* "<p:Name ...>secret</p:Name>": what is between the tags, to the end where the end tag is missing.
 */
static struct place element_at(struct slice text)
{
    struct slice name = local_name(slice_after(text, 1));
    size_t content;

    if (!is_listed(name, elements, COUNT(elements)))
        return (struct place){ 0 };
    content = slice_find_byte(text, '>') + 1;
    if (content >= text.length || text.data[content - 2] == '/')
        return (struct place){ 0 };
    return (struct place){ content, find_end_tag(text, content, name) - content };
}

/* "key": "value" with its quotes left alone */
static struct place json_value_at(struct slice text)
{
    struct slice rest = slice_after(text, 1);
    size_t length = name_length(rest), at, end;

    if (length >= rest.length || rest.data[length] != '"' ||
        !is_listed(slice_part(rest, 0, length), keys, COUNT(keys)))
        return (struct place){ 0 };
    at = 1 + length + 1;
    while (at < text.length &&
           (text.data[at] == ' ' || text.data[at] == ':' || text.data[at] == '\t' ||
            text.data[at] == '\r' || text.data[at] == '\n'))
        at++;
    if (at >= text.length || text.data[at] != '"')
        return (struct place){ 0 };
    for (end = ++at; end < text.length && text.data[end] != '"'; end++)
        if (text.data[end] == '\\')
            end++;
    end = end < text.length ? end : text.length;
    return (struct place){ at, end > at ? end - at : 0 };
}

static bool ends_value(uint8_t byte)
{
    return byte <= ' ' || byte == '&' || byte == '"' || byte == '\'' || byte == '<' ||
           byte == '>' || byte == '#';
}

static size_t value_length(struct slice text)
{
    size_t length = 0;

    while (length < text.length && !ends_value(text.data[length]))
        length++;
    return length;
}

/* key=value of a form or a query */
static struct place pair_at(struct slice text)
{
    size_t length = name_length(text);

    if (length >= text.length || text.data[length] != '=' ||
        !is_listed(slice_part(text, 0, length), keys, COUNT(keys)))
        return (struct place){ 0 };
    return (struct place){ length + 1, value_length(slice_after(text, length + 1)) };
}

static struct place ticket_at(struct slice text)
{
    for (size_t i = 0; i < COUNT(beginnings); i++)
        if (slice_starts_with_nocase(text, beginnings[i]))
            return (struct place){ slice_of_text(beginnings[i]).length,
                                   value_length(
                                       slice_after(text, slice_of_text(beginnings[i]).length)) };
    return (struct place){ 0 };
}

static struct place secret_at(struct slice text, bool at_word)
{
    struct place place = { 0 };

    if (text.data[0] == '<')
        return element_at(text);
    if (text.data[0] == '"')
        place = json_value_at(text);
    if (place.length == 0 && at_word)
        place = pair_at(text);
    if (place.length == 0 && at_word)
        place = ticket_at(text);
    return place;
}

static void add_masked(struct text *out, struct slice text)
{
    size_t plain = 0;
    bool at_word = true;

    while (plain < text.length) {
        struct place place = secret_at(slice_after(text, plain), at_word);

        if (place.length == 0) {
            at_word = !is_name_byte(text.data[plain]);
            plain++;
            continue;
        }
        text_add_slice(out, slice_part(text, 0, plain + place.start));
        mask(out, place.length);
        text = slice_after(text, plain + place.start + place.length);
        plain = 0;
        at_word = true;
    }
    text_add_slice(out, text);
}

void secret_add_body(struct text *out, struct slice content_type, struct slice body, bool show)
{
    (void)content_type; /* senders get it wrong; what to mask is told by the bytes alone */
    if (show)
        text_add_slice(out, body);
    else
        add_masked(out, body);
}

void secret_add_url(struct text *out, struct slice url, bool show)
{
    if (show)
        text_add_slice(out, url);
    else
        add_masked(out, url);
}
