/* secret_find.c: where in a text credentials stand
 *
 * A textual search, not a parse: what is cut, broken or of another type than
 * it says must be masked all the same.  So names are compared without prefix
 * and case, and what has no end is masked to the end of the text.  To mask
 * one byte too many is fine, one too few is not.
 */
#include "secret_find.h"

#include "form.h"
#include "lyncscope/secret.h"

enum { NAME_MAX = 48, TAG_NAME_MAX = 512, RUN_MIN = 16 };

/* ---- names ---- */

#define TEXT(literal)                                                                              \
    {                                                                                              \
        (const uint8_t *)(literal), sizeof(literal) - 1                                            \
    }

static const struct slice elements[] = {
    TEXT("Password"),    TEXT("BinarySecret"),
    TEXT("UserToken"),   TEXT("BinarySecurityToken"),
    TEXT("CipherValue"), { 0 },
};
static const struct slice whole_elements[] = {
    TEXT("Assertion"), TEXT("EncryptedAssertion"), TEXT("EncryptedData"), { 0 }
};
static const struct slice keys[] = {
    TEXT("password"),
    TEXT("passwd"),
    TEXT("pwd"),
    TEXT("access_token"),
    TEXT("refresh_token"),
    TEXT("id_token"),
    TEXT("assertion"),
    TEXT("code"),
    TEXT("ms_rtc_renew"),
    TEXT("client_assertion"),
    TEXT("client_secret"),
    TEXT("samlresponse"),
    TEXT("wresult"),
    TEXT("cwt"),
    TEXT("opaque"),
    TEXT("psat"),
    TEXT("ticket"),
    TEXT("webticket"),
    TEXT("cwt_ucwa"),
    TEXT("authorization"),
    TEXT("passcode"),
    TEXT("proxy-authorization"),
    TEXT("x-ms-webticket"),
    { 0 },
};
#undef TEXT
/* Base64 of an assertion, and of a JSON web token. */
static const char *const runs[] = { "PHNhbWw", "eyJ", NULL };

static bool is_listed(struct slice name, const struct slice *list)
{
    for (; list->length > 0; list++)
        if (slice_equals_nocase(name, *list))
            return true;
    return false;
}

/* A report looks at each byte of each address of the web: as few comparisons as may be. */
static bool is_letter(uint8_t c)
{
    return (unsigned)(c | ('a' - 'A')) - 'a' < 26;
}

static bool is_name_byte(uint8_t c)
{
    return is_letter(c) || (unsigned)c - '0' < 10 || c == '_' || c == '-' || c == '.';
}

static uint8_t first_byte(struct slice text)
{
    return text.length > 0 ? text.data[0] : 0;
}

static struct slice name_at(struct slice text)
{
    size_t length = 0;

    while (length < text.length && length < NAME_MAX && is_name_byte(text.data[length]))
        length++;
    return slice_part(text, 0, length);
}

/* "code" is a secret in OAuth and a word in UCWA's errors. */
static bool is_secret(struct slice key, struct slice value)
{
    size_t letters = 0;

    while (letters < value.length && is_letter(value.data[letters]))
        letters++;
    return is_listed(key, keys) && !(slice_is_text_nocase(key, "code") && letters == value.length);
}

static size_t find_any(struct slice text, const char *stops)
{
    for (size_t i = 0; i < text.length; i++)
        for (const char *stop = stops; *stop; stop++)
            if (text.data[i] == (uint8_t)*stop)
                return i;
    return text.length;
}

/* ---- elements ---- */

/* Length of the tag at the start of the text, 0 when it has no end or another begins in it. */
static size_t tag_length(struct slice text)
{
    uint8_t quote = 0;

    for (size_t i = 0; i < text.length; i++) {
        uint8_t c = text.data[i];

        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return i + 1;
        else if (c == '<' && i > 0)
            return 0;
    }
    return 0;
}

/* The local name behind '<' or "</". */
static struct slice tag_name(struct slice text, bool *closing)
{
    struct slice name;

    *closing = slice_starts_with(text, "</");
    text = slice_after(text, *closing ? 2 : 1);
    name = slice_part(text, 0, find_any(slice_part(text, 0, TAG_NAME_MAX), " \t\r\n/<>"));
    if (slice_find_byte(name, ':') < name.length)
        name = slice_after(name, slice_find_byte(name, ':') + 1);
    return name;
}

/* Comments and CDATA may hold what looks like an end tag. */
static size_t opaque_length(struct slice text)
{
    bool comment = slice_starts_with(text, "<!--");
    size_t end;

    if (!comment && !slice_starts_with(text, "<![CDATA["))
        return 0;
    end = slice_find_text_nocase(text, comment ? "-->" : "]]>");
    return end < text.length ? end + 3 : text.length;
}

static bool is_empty_tag(struct slice text)
{
    size_t length = tag_length(text);

    return length > 1 && text.data[length - 2] == '/';
}

/* From behind a start tag: length up to its end tag, or all there is. */
static size_t content_length(struct slice text, struct slice name)
{
    size_t depth = 1, at = 0;

    while ((at += slice_find_byte(slice_after(text, at), '<')) < text.length) {
        struct slice rest = slice_after(text, at), found;
        size_t opaque = opaque_length(rest);
        bool closing;

        found = tag_name(rest, &closing);
        if (opaque == 0 && slice_equals(found, name)) {
            depth = closing ? depth - 1 : depth + !is_empty_tag(rest);
            if (depth == 0)
                return at;
        }
        at += opaque ? opaque : 1;
    }
    return text.length;
}

static bool find_element(const struct secret_text *all, size_t at, struct secret_span *span)
{
    struct slice text = slice_after(all->text, at);
    bool closing, whole;
    size_t tag, content, end;
    struct slice name;

    if (all->is_url || first_byte(text) != '<')
        return false;
    name = tag_name(text, &closing);
    whole = is_listed(name, whole_elements);
    if (closing || !(whole || is_listed(name, elements)))
        return false;
    tag = tag_length(text);
    if (tag == 0) {
        *span = (struct secret_span){ 0, text.length };
        return true;
    }
    content = is_empty_tag(text) ? 0 : content_length(slice_after(text, tag), name);
    end = is_empty_tag(text) ? 0 : tag_length(slice_after(text, tag + content));
    if (whole)
        *span = (struct secret_span){ 0, tag + content + end };
    else
        *span = (struct secret_span){ tag, content };
    return true;
}

/* An element written as text of another: masked as far as that text goes. */
static bool find_escaped(const struct secret_text *all, size_t at, struct secret_span *span)
{
    struct slice text = slice_after(all->text, at);
    struct slice name;
    bool closing;

    if (first_byte(text) != '&' || !slice_starts_with_nocase(text, "&lt;"))
        return false;
    name = tag_name(slice_after(text, 3), &closing);
    name = slice_part(name, 0, find_any(name, "&"));
    if (!is_listed(name, elements) && !is_listed(name, whole_elements))
        return false;
    *span = (struct secret_span){ 0, find_any(text, "\"<") };
    return true;
}

/* A form on a page that carries a token on: all of the input field. */
static bool find_input(const struct secret_text *all, size_t at, struct secret_span *span)
{
    struct slice text = slice_after(all->text, at), tag;
    size_t shown = sizeof "<input" - 1, length;
    bool masked;

    if (all->is_url || first_byte(text) != '<' || !slice_starts_with_nocase(text, "<input"))
        return false;
    length = tag_length(text);
    masked = length == 0; /* broken: nobody knows where it ends */
    tag = slice_part(text, 0, length ? length : text.length);
    for (size_t i = shown; !masked && i < tag.length; i++) {
        struct slice name = name_at(slice_after(tag, i));

        masked = is_listed(name, keys);
        i += name.length;
    }
    *span = (struct secret_span){ shown, tag.length - shown };
    return masked;
}

/* ---- quoted keys: JSON, also inside a JSON string, and multipart names ---- */

static size_t skip_bytes(struct slice text, size_t at, const char *bytes)
{
    while (at < text.length && find_any(slice_part(text, at, 1), bytes) == 0)
        at++;
    return at;
}

/* Length of a string's content; `nested`: its quotes are escaped ones. */
static size_t string_length(struct slice text, uint8_t quote, bool nested)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '\\' && i + 1 < text.length) {
            if (nested && text.data[i + 1] == quote)
                return i;
            i++;
        } else if (text.data[i] == quote) {
            return i;
        }
    }
    return text.length;
}

/* A multipart part: all until the next boundary. */
static bool find_part(struct slice text, size_t behind, struct secret_span *span)
{
    struct slice rest = slice_after(text, behind);
    size_t end = slice_find_text_nocase(rest, "\n--");

    if (!slice_starts_with(rest, "\r\n") && !slice_starts_with(rest, "\n"))
        return false;
    *span = (struct secret_span){ behind, end };
    return true;
}

static bool find_quoted_key(const struct secret_text *all, size_t at, struct secret_span *span)
{
    struct slice text = slice_after(all->text, at), key, rest, value;
    uint8_t quote = first_byte(text);
    bool nested;
    size_t behind;

    if (all->is_url || (quote != '"' && quote != '\''))
        return false;
    key = name_at(slice_after(text, 1));
    behind = skip_bytes(text, 1 + key.length, "\\");
    if (!is_listed(key, keys) || behind >= text.length || text.data[behind] != quote)
        return false;
    behind++;
    rest = slice_after(text, skip_bytes(text, behind, " \t\r\n"));
    if (!slice_starts_with(rest, ":"))
        return find_part(text, behind, span);
    behind = text.length - rest.length + skip_bytes(rest, 1, ": \t\r\n");
    nested = behind < text.length && text.data[behind] == '\\';
    behind = skip_bytes(text, behind, "\\");
    if (behind < text.length && text.data[behind] == quote) {
        behind++;
        rest = slice_after(text, behind);
        value = slice_part(rest, 0, string_length(rest, quote, nested));
    } else {
        rest = slice_after(text, behind);
        /* an object or a list has no simple end */
        value = find_any(slice_part(rest, 0, 1), "{[") == 0 && rest.length
                    ? rest
                    : slice_part(rest, 0, find_any(rest, ",}] \t\r\n"));
    }
    *span = (struct secret_span){ behind, value.length };
    return is_secret(key, value);
}

/* ---- name=value, anywhere ---- */

static bool is_boundary(struct slice text, size_t at)
{
    if (at == 0 || !is_name_byte(text.data[at - 1]))
        return true;
    return at >= 3 && text.data[at - 3] == '%' && hex_value(text.data[at - 2]) >= 0 &&
           hex_value(text.data[at - 1]) >= 0;
}

static size_t value_length(const struct secret_text *all, struct slice rest)
{
    const char *stops = all->is_form ? "&\r\n" : "&;#<>\"' \t\r\n,";
    size_t end = find_any(rest, all->is_url ? "&#; \t\r\n" : stops);
    size_t escaped = slice_find_text_nocase(slice_part(rest, 0, end), "%26");

    if (!all->is_form && (first_byte(rest) == '"' || first_byte(rest) == '\''))
        return 1 + slice_find_byte(slice_after(rest, 1), first_byte(rest));
    /* an ampersand within a form's value is that value's own */
    return all->is_form || escaped > end ? end : escaped;
}

static bool find_pair(const struct secret_text *all, size_t at, struct secret_span *span)
{
    struct slice text = slice_after(all->text, at), key, value;
    size_t behind;

    if (!is_letter(first_byte(text)) || !is_boundary(all->text, at))
        return false;
    key = name_at(text);
    behind = key.length;
    if (slice_starts_with(slice_after(text, behind), "="))
        behind += 1;
    else if (slice_starts_with_nocase(slice_after(text, behind), "%3d"))
        behind += 3;
    else
        return false;
    if (!is_listed(key, keys))
        return false;
    value = slice_after(text, behind);
    value = slice_part(value, 0, value_length(all, value));
    *span = (struct secret_span){ behind, value.length };
    return is_secret(key, value);
}

/* ---- tokens by their look, headers inside bodies ---- */

static bool find_token(const struct secret_text *all, size_t at, struct secret_span *span)
{
    struct slice text = slice_after(all->text, at);
    size_t bearer = sizeof "Bearer " - 1, length = 0;

    if (!is_letter(first_byte(text)) || !is_boundary(all->text, at))
        return false;
    if (slice_starts_with_nocase(text, "Bearer ")) {
        *span =
            (struct secret_span){ bearer, find_any(slice_after(text, bearer), "\"'<>, \t\r\n") };
        return span->masked >= RUN_MIN;
    }
    for (const char *const *run = runs; *run; run++)
        if (slice_starts_with(text, *run))
            length = find_any(text, "\"'<>,;& \t\r\n");
    *span = (struct secret_span){ 0, length };
    return length >= RUN_MIN;
}

/* Requests inside a body (UCWA's batch) have headers of their own. */
static bool find_header(const struct secret_text *all, size_t at, struct secret_span *span)
{
    struct slice text = slice_after(all->text, at), name;

    if (all->is_url || (at > 0 && all->text.data[at - 1] != '\n'))
        return false;
    name = name_at(text);
    if (!slice_starts_with(slice_after(text, name.length), ":") || !secret_is_header(name))
        return false;
    *span = (struct secret_span){ name.length + 1,
                                  find_any(slice_after(text, name.length + 1), "\r\n") };
    return true;
}

/* What is found begins with a mark or a word, or a line. */
static bool may_begin(const struct secret_text *all, size_t at)
{
    uint8_t c = all->text.data[at];

    if (is_letter(c) ? is_boundary(all->text, at) : c == '<' || c == '&' || c == '"' || c == '\'')
        return true;
    return !all->is_url && (at == 0 || all->text.data[at - 1] == '\n');
}

size_t secret_next(const struct secret_text *text, size_t at)
{
    while (at < text->text.length && !may_begin(text, at))
        at++;
    return at;
}

bool secret_find(const struct secret_text *text, size_t at, struct secret_span *span)
{
    static bool (*const finders[])(const struct secret_text *text, size_t at,
                                   struct secret_span *span) = {
        find_element, find_escaped, find_input, find_quoted_key, find_header, find_pair, find_token,
    };

    for (size_t i = 0; i < sizeof finders / sizeof *finders; i++)
        if (finders[i](text, at, span) && span->shown + span->masked > 0)
            return true;
    return false;
}
