/* secret.c: credentials are masked unless asked for
 *
 * A header that carries credentials is masked as a whole; bodies and URLs are
 * searched (secret_find.c).  WWW-Authenticate stays: a server's challenge is
 * no secret, and it names the server.
 */
#include "lyncscope/secret.h"

#include "charset.h"
#include "secret_find.h"

static const char *const headers[] = {
    "Authorization",
    "Proxy-Authorization",
    "Cookie",
    "Set-Cookie",
    "Cookie2",
    "Set-Cookie2",
    "Authentication-Info",
    "X-MS-WebTicket",
    "X-Auth-Token",
    "X-API-Key",
    "Proxy-Authentication-Info",
    "X-WebTicket",
};

static const char *const url_headers[] = {
    "Location", "Content-Location", "Referer", "Refresh", "X-Original-URL", "X-Rewrite-URL", "Link",
};

bool secret_is_header(struct slice name)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (slice_is_text_nocase(slice_trim(name), headers[i]))
            return true;
    return false;
}

static void add_mask(struct text *out, size_t bytes)
{
    if (bytes)
        text_print(out, "<masked %zu bytes>", bytes);
}

static void add_masked(struct text *out, const struct secret_text *all)
{
    struct secret_span span;
    size_t at = 0, plain = 0; /* from `plain` to `at`: to be shown */

    while ((at = secret_next(all, at)) < all->text.length) {
        if (!secret_find(all, at, &span)) {
            at++;
            continue;
        }
        at += span.shown;
        text_add_slice(out, slice_part(all->text, plain, at - plain));
        add_mask(out, span.masked);
        at += span.masked;
        plain = at;
    }
    text_add_slice(out, slice_after(all->text, plain));
}

void secret_add_header_value(struct text *out, struct slice name, struct slice value, bool show)
{
    if (!show && secret_is_header(name)) {
        add_mask(out, value.length);
        return;
    }
    for (size_t i = 0; i < sizeof url_headers / sizeof *url_headers; i++)
        if (slice_is_text_nocase(name, url_headers[i])) {
            secret_add_url(out, value, show);
            return;
        }
    text_add_slice(out, value);
}

static bool is_form(struct slice content_type, struct slice body)
{
    struct slice text = slice_trim(body);

    return slice_starts_with_nocase(content_type, "application/x-www-form-urlencoded") ||
           (text.length > 0 && text.data[0] != '<' && text.data[0] != '{' && text.data[0] != '[');
}

void secret_add_body(struct text *out, struct slice content_type, struct slice body, bool show)
{
    struct arena *arena = NULL;
    struct slice plain = body;

    if (show) {
        text_add_slice(out, body);
        return;
    }
    if (charset_is_utf16(body)) {
        arena = arena_create(out->bytes.budget, 0);
        plain = arena ? charset_document(body, arena) : SLICE_EMPTY;
    }
    if (plain.length == 0) /* what cannot be searched cannot be shown */
        add_mask(out, body.length);
    else
        add_masked(out, &(struct secret_text){ plain, is_form(content_type, plain), false });
    arena_free(arena);
}

void secret_add_url(struct text *out, struct slice url, bool show)
{
    size_t scheme = slice_find_text_nocase(url, "://"), end;
    struct slice authority;

    if (show) {
        text_add_slice(out, url);
        return;
    }
    if (scheme < url.length) {
        authority = slice_after(url, scheme + 3);
        authority = slice_part(authority, 0, slice_find_byte(authority, '/'));
        authority = slice_part(authority, 0, slice_find_byte(authority, '?'));
        end = slice_find_byte(authority, '@');
        if (end < authority.length) {
            text_add_slice(out, slice_part(url, 0, scheme + 3));
            add_mask(out, end);
            url = slice_after(url, scheme + 3 + end);
        }
    }
    add_masked(out, &(struct secret_text){ url, false, true });
}
