/* url.c: absolute URLs and request targets, in parts
 *
 * Follows RFC 3986 3 and RFC 9112 3.2.  Only http and https: nothing else
 * leads a client on.
 */
#include "url.h"

enum { HTTP_PORT = 80, HTTPS_PORT = 443, PORT_MAX = 65535 };

static size_t find_any(struct slice s, const char *bytes)
{
    size_t at = s.length;

    for (; *bytes; bytes++) {
        size_t found = slice_find_byte(s, (uint8_t)*bytes);

        at = found < at ? found : at;
    }
    return at;
}

static bool is_host_byte(uint8_t c)
{
#define BIT(character) ((uint64_t)1 << (character) % 64)
    static const uint64_t foreign[4] = {
        (BIT(' ') - 1) | BIT(' ') | BIT('"') | BIT('<') | BIT('>'),
        BIT('[') | BIT('\\') | BIT(']') | BIT('^') | BIT('`') | BIT('{') | BIT('|') | BIT('}') |
            BIT(0x7f),
    };
#undef BIT

    return !(foreign[c / 64] >> c % 64 & 1);
}

static bool is_host(struct slice host)
{
    for (size_t i = 0; i < host.length; i++)
        if (!is_host_byte(host.data[i]))
            return false;
    return host.length > 0;
}

/* Splits "host:port", "[v6]:port"; the colon is left out of both. */
static bool split_port(struct slice authority, struct slice *host, struct slice *port)
{
    size_t end = slice_find_byte(authority, ':');

    *port = SLICE_EMPTY;
    if (slice_starts_with(authority, "[")) {
        struct slice rest;

        end = slice_find_byte(authority, ']');
        rest = slice_after(authority, end + 1);
        *host = slice_part(authority, 1, end - 1);
        *port = slice_after(rest, 1);
        return end < authority.length && (rest.length == 0 || rest.data[0] == ':');
    }
    *host = slice_part(authority, 0, end);
    *port = slice_after(authority, end + 1);
    return true;
}

struct url url_parse(struct slice text)
{
    struct url url = { 0 };
    struct slice rest = slice_trim(text), authority, port;
    uint64_t number;
    size_t at;

    url.https = slice_starts_with_nocase(rest, "https://");
    if (!url.https && !slice_starts_with_nocase(rest, "http://"))
        return (struct url){ 0 };
    rest = slice_after(rest, url.https ? 8 : 7);
    authority = slice_part(rest, 0, find_any(rest, "/?#\\"));
    rest = slice_after(rest, authority.length);
    url.path = slice_part(rest, 0, slice_find_byte(rest, '#'));
    while ((at = slice_find_byte(authority, '@')) < authority.length)
        authority = slice_after(authority, at + 1); /* the last one ends the user information */
    if (!split_port(authority, &url.host, &port) || !is_host(url.host))
        return (struct url){ 0 };
    number = url.https ? HTTPS_PORT : HTTP_PORT;
    url.has_port = port.length > 0; /* "host:" is the scheme's port, RFC 3986 3.2.3 */
    if (url.has_port && (!slice_to_u64(port, &number) || number == 0 || number > PORT_MAX))
        return (struct url){ 0 };
    url.port = (uint16_t)number;
    url.valid = true;
    return url;
}

static struct slice origin_form(struct slice target)
{
    struct url url;

    target = slice_part(target, 0, slice_find_byte(target, '#'));
    if (slice_starts_with(target, "/"))
        return target;
    url = url_parse(target);
    return url.valid ? url.path : target;
}

struct slice target_path(struct slice target)
{
    struct slice origin = origin_form(target);
    struct slice path = slice_part(origin, 0, slice_find_byte(origin, '?'));

    return path.length ? path : slice_of_text("/");
}

struct slice target_query(struct slice target)
{
    struct slice origin = origin_form(target);

    return slice_after(origin, slice_find_byte(origin, '?') + 1);
}

struct slice host_name(struct slice host)
{
    struct slice name, port;

    return split_port(slice_trim(host), &name, &port) ? name : slice_trim(host);
}
