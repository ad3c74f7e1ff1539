/* secret_scan.c: finding the next secret in a document, however much of it there is
 *
 * Works on the text, not on a parsed document: what a capture cut off, or what
 * is not well-formed, must be masked as well.  In doubt too much is masked.
 */
#include "dissectors/secret_scan.h"

static bool is_one_of(uint8_t byte, const char *set)
{
    struct slice bytes = slice_of_text(set);

    return slice_find_byte(bytes, byte) < bytes.length;
}

static bool is_word_byte(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '-' || byte == '.' ||
           byte >= 0x80;
}

static bool is_listed(struct slice name, const char *const *list)
{
    for (; *list; list++)
        if (slice_is_text_nocase(name, *list))
            return true;
    return false;
}

bool secret_is_key(struct slice name)
{
    static const char *const keys[] = {
        "password", "passwd",       "access_token",  "refresh_token",
        "id_token", "assertion",    "client_secret", "client_assertion",
        "code",     "ms_rtc_renew", "samlresponse",  "wresult",
        NULL
    };

    return is_listed(name, keys);
}

static size_t find_from(struct slice body, size_t at, const char *text)
{
    return at + slice_find_text_nocase(slice_after(body, at), text);
}

static size_t name_end(struct slice body, size_t at)
{
    while (at < body.length && (is_word_byte(body.data[at]) || body.data[at] == ':'))
        at++;
    return at;
}

static bool starts_at(struct slice body, size_t at, const char *text)
{
    return slice_starts_with(slice_after(body, at), text);
}

static struct secret secret_of(size_t start, size_t end)
{
    return (struct secret){ start, end - start };
}

/* ---- XML ---- */

/* A start or end tag, from "<" to behind its ">". */
struct tag {
    size_t start, end;
    struct slice name; /* local */
    bool closing, empty, cut;
};

static struct slice local_name(struct slice name)
{
    size_t colon = slice_find_byte(name, ':');

    return colon < name.length ? slice_after(name, colon + 1) : name;
}

static size_t tag_end(struct slice body, size_t at)
{
    uint8_t quote = 0;

    for (; at < body.length; at++) {
        uint8_t byte = body.data[at];

        if (!quote && byte == '>')
            return at;
        if (quote == byte)
            quote = 0;
        else if (!quote && (byte == '"' || byte == '\''))
            quote = byte;
    }
    return at;
}

static struct tag read_tag_name(struct slice body, size_t at)
{
    struct tag tag = { .start = at };
    size_t name = at + 1;

    tag.closing = starts_at(body, name, "/");
    name += tag.closing ? 1 : 0;
    tag.end = name_end(body, name);
    tag.name = local_name(slice_part(body, name, tag.end - name));
    return tag;
}

static struct tag read_tag(struct slice body, size_t at)
{
    struct tag tag = read_tag_name(body, at);
    size_t end = tag_end(body, tag.end);

    tag.cut = end == body.length;
    tag.empty = !tag.cut && body.data[end - 1] == '/';
    tag.end = tag.cut ? end : end + 1;
    return tag;
}

/* Over comments and CDATA, whose content only looks like tags. */
static size_t next_tag_start(struct slice body, size_t at)
{
    for (;;) {
        at += slice_find_byte(slice_after(body, at), '<');
        if (starts_at(body, at, "<!--"))
            at = find_from(body, at, "-->");
        else if (starts_at(body, at, "<![CDATA["))
            at = find_from(body, at, "]]>");
        else
            return at;
    }
}

/* The end tag that belongs to `open`; an empty one at the body's end when there is none. */
static struct tag find_end_tag(struct slice body, const struct tag *open)
{
    size_t depth = 1;
    size_t at = next_tag_start(body, open->end);

    while (at < body.length) {
        struct tag tag = read_tag(body, at);

        if (slice_equals_nocase(tag.name, open->name)) {
            if (tag.closing && --depth == 0)
                return tag;
            depth += !tag.closing && !tag.empty ? 1 : 0;
        }
        at = next_tag_start(body, tag.end);
    }
    return (struct tag){ .start = body.length, .end = body.length };
}

bool secret_at_element(struct slice body, size_t at, struct secret *secret)
{
    static const char *const contents[] = { "Password",    "BinarySecret",
                                            "UserToken",   "BinarySecurityToken",
                                            "CipherValue", NULL };
    static const char *const wholes[] = { "Assertion", "EncryptedAssertion", NULL };
    struct tag open;
    size_t name_behind;
    bool whole;

    if (body.data[at] != '<')
        return false;
    open = read_tag_name(body, at);
    name_behind = open.end;
    whole = is_listed(open.name, wholes);
    if (open.closing || !(whole || is_listed(open.name, contents)))
        return false;
    open = read_tag(body, at);
    if (open.cut)
        *secret = secret_of(name_behind, body.length);
    else if (whole)
        *secret = secret_of(open.start, open.empty ? open.end : find_end_tag(body, &open).end);
    else
        *secret = secret_of(open.end, open.empty ? open.end : find_end_tag(body, &open).start);
    return true;
}

/* ---- JSON ---- */

static size_t skip_blanks(struct slice body, size_t at)
{
    while (at < body.length && is_one_of(body.data[at], " \t\r\n"))
        at++;
    return at;
}

/* The closing quote of the string that begins at `at`, or the end. */
static size_t string_end(struct slice body, size_t at)
{
    uint8_t quote = body.data[at++];

    while (at < body.length && body.data[at] != quote)
        at += body.data[at] == '\\' ? 2 : 1;
    return at < body.length ? at : body.length;
}

/* Behind the object or array that begins at `at`. */
static size_t nested_end(struct slice body, size_t at)
{
    size_t depth = 0;

    for (; at < body.length; at++) {
        if (body.data[at] == '"')
            at = string_end(body, at);
        else if (is_one_of(body.data[at], "{["))
            depth++;
        else if (is_one_of(body.data[at], "}]") && --depth == 0)
            return at + 1;
    }
    return body.length;
}

static size_t bare_end(struct slice body, size_t at)
{
    while (at < body.length && !is_one_of(body.data[at], ",}] \t\r\n"))
        at++;
    return at;
}

/* UCWA names its errors in a "code" of letters; an OAuth code is random. */
static bool is_error_code(struct slice name, struct slice value)
{
    for (size_t i = 0; i < value.length; i++)
        if ((value.data[i] | 0x20) < 'a' || (value.data[i] | 0x20) > 'z')
            return false;
    return slice_is_text_nocase(name, "code");
}

bool secret_at_json_key(struct slice body, size_t at, struct secret *secret)
{
    struct slice name;
    size_t end, value;

    if (!is_one_of(body.data[at], "\"'"))
        return false;
    end = name_end(body, at + 1);
    name = slice_part(body, at + 1, end - at - 1);
    if (end >= body.length || body.data[end] != body.data[at] || !secret_is_key(name))
        return false;
    value = skip_blanks(body, end + 1);
    if (!starts_at(body, value, ":"))
        return false;
    value = skip_blanks(body, value + 1);
    if (value == body.length)
        return false;
    if (is_one_of(body.data[value], "\"'"))
        *secret = secret_of(value + 1, string_end(body, value));
    else if (is_one_of(body.data[value], "{["))
        *secret = secret_of(value, nested_end(body, value));
    else
        *secret = secret_of(value, bare_end(body, value));
    return !is_error_code(name, slice_part(body, secret->start, secret->length));
}

/* ---- forms and free text ---- */

bool secret_at_form_key(struct slice body, size_t at, bool form, struct secret *secret)
{
    size_t equals, end;
    bool field = form && (at == 0 || body.data[at - 1] == '&');
    const char *delimiters = field ? "&" : "& \t\r\n\"'<>";

    if (at > 0 && !is_one_of(body.data[at - 1], "?&;# \t\r\n"))
        return false;
    equals = name_end(body, at);
    if (!starts_at(body, equals, "=") || !secret_is_key(slice_part(body, at, equals - at)))
        return false;
    end = equals + 1;
    while (end < body.length && !is_one_of(body.data[end], delimiters))
        end++;
    *secret = secret_of(equals + 1, end);
    return true;
}

bool secret_at_ticket(struct slice body, size_t at, struct secret *secret)
{
    struct slice rest = slice_after(body, at);
    bool cwt = slice_starts_with_nocase(rest, "cwt=");
    size_t start = at + (cwt ? sizeof "cwt=" : sizeof "opaque=") - 1;
    size_t end = start;

    if (!cwt && !slice_starts_with_nocase(rest, "opaque="))
        return false;
    if (at > 0 && is_word_byte(body.data[at - 1]))
        return false;
    while (end < body.length && !is_one_of(body.data[end], " \t\r\n\"'<>&,;{}[]()\\"))
        end++;
    *secret = secret_of(start, end);
    return true;
}
