/* secret.c: credentials are masked unless asked for; the one place that knows which they are
 *
 * A secret gives way to its length, so that a report still tells a long ticket
 * from an empty one.  In doubt too much is masked.
 */
#include "lyncscope/secret.h"

#include "dissectors/secret_scan.h"

static bool is_listed(struct slice name, const char *const *list)
{
    for (; *list; list++)
        if (slice_is_text_nocase(name, *list))
            return true;
    return false;
}

bool secret_is_header(struct slice name)
{
    static const char *const names[] = { "Authorization", "Proxy-Authorization", "Cookie",
                                         "Set-Cookie",    "X-MS-WebTicket",      NULL };

    return is_listed(name, names);
}

static void add_masked(struct text *out, size_t bytes)
{
    text_print(out, "<masked %zu bytes>", bytes);
}

/* ---- URLs ---- */

static bool is_query_key(struct slice name)
{
    static const char *const names[] = { "ticket", "cwt", NULL };

    return secret_is_key(name) || is_listed(name, names);
}

static size_t length_up_to(struct slice text, const char *marks)
{
    struct slice set = slice_of_text(marks);
    size_t length = 0;

    while (length < text.length && slice_find_byte(set, text.data[length]) == set.length)
        length++;
    return length;
}

/* scheme://user:password@host, up to the "@"; returns what is left to add. */
static struct slice add_userinfo(struct text *out, struct slice url)
{
    size_t scheme = slice_find_byte(url, ':');
    size_t start = scheme + sizeof "://" - 1;
    struct slice authority = slice_after(url, start);
    size_t at, colon;

    if (!slice_starts_with(slice_after(url, scheme), "://") ||
        length_up_to(slice_part(url, 0, scheme), "?#&;/") < scheme)
        return url;
    authority = slice_part(authority, 0, length_up_to(authority, "/?#"));
    at = slice_find_byte(authority, '@');
    colon = slice_find_byte(authority, ':');
    if (at == authority.length || colon > at)
        return url;
    text_add_slice(out, slice_part(url, 0, start + colon + 1));
    add_masked(out, at - colon - 1);
    return slice_after(url, start + at);
}

void secret_add_url(struct text *out, struct slice url, bool show)
{
    bool in_query = false;

    if (!show)
        url = add_userinfo(out, url);
    while (!show && url.length > 0) {
        size_t length = length_up_to(url, "?#&;");
        size_t equals = slice_find_byte(slice_part(url, 0, length), '=');

        if (in_query && is_query_key(slice_part(url, 0, equals)) && equals + 1 < length) {
            length = length_up_to(url, "#&");
            text_add_slice(out, slice_part(url, 0, equals + 1));
            add_masked(out, length - equals - 1);
        } else {
            text_add_slice(out, slice_part(url, 0, length));
        }
        text_add_slice(out, slice_part(url, length, 1));
        in_query = true;
        url = slice_after(url, length + 1);
    }
    text_add_slice(out, url);
}

/* ---- headers ---- */

/* Values that are URLs, with a code or a token in their query now and then. */
static bool is_url_header(struct slice name)
{
    static const char *const names[] = { "Location", "Content-Location",  "Referer",
                                         "Refresh",  "X-MS-WebTicketURL", NULL };

    return is_listed(name, names);
}

void secret_add_header_value(struct text *out, struct slice name, struct slice value, bool show)
{
    if (!show && secret_is_header(name))
        add_masked(out, value.length);
    else
        secret_add_url(out, value, show || !is_url_header(name));
}

/* ---- bodies ---- */

static bool is_form(struct slice content_type, struct slice body)
{
    struct slice start = slice_part(slice_trim(body), 0, 1);

    if (slice_starts_with_nocase(slice_trim(content_type), "application/x-www-form-urlencoded"))
        return true;
    return !(slice_starts_with(start, "<") || slice_starts_with(start, "{") ||
             slice_starts_with(start, "["));
}

/* UTF-16: the scan reads ASCII, so nothing in there could be found. */
static bool is_wide(struct slice body)
{
    struct slice start = slice_part(body, 0, 4);

    return slice_find_byte(start, 0) < start.length || slice_starts_with(start, "\xff\xfe") ||
           slice_starts_with(start, "\xfe\xff");
}

static bool find_secret(struct slice body, size_t at, bool form, struct secret *secret)
{
    return secret_at_element(body, at, secret) || secret_at_json_key(body, at, secret) ||
           secret_at_form_key(body, at, form, secret) || secret_at_ticket(body, at, secret);
}

void secret_add_body(struct text *out, struct slice content_type, struct slice body, bool show)
{
    struct secret secret;
    size_t shown = 0;
    bool form = is_form(content_type, body);

    if (!show && is_wide(body)) {
        add_masked(out, body.length);
        return;
    }
    for (size_t at = 0; !show && at < body.length; at++) {
        if (!find_secret(body, at, form, &secret))
            continue;
        text_add_slice(out, slice_part(body, shown, secret.start - shown));
        if (secret.length > 0)
            add_masked(out, secret.length);
        shown = secret.start + secret.length;
        at = shown - 1;
    }
    text_add_slice(out, slice_after(body, shown));
}
