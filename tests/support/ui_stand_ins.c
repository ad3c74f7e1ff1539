/* ui_stand_ins.c: words of other layers, for as long as the screen is built without them
 *
 * Weak: where the real functions are linked in front, these are not used.
 */
#include <strings.h>

#include "lyncscope/secret.h"
#include "lyncscope/signin.h"

#define WEAK __attribute__((weak))

WEAK const char *stage_name(enum stage stage)
{
    static const char *const words[] = { "dns",      "tcp",      "tls",       "http",
                                         "redirect", "auth",     "webticket", "response",
                                         "mobility", "topology", "capture",   "none" };

    return words[stage];
}

WEAK const char *severity_name(enum severity severity)
{
    static const char *const words[] = { "critical", "error", "warning", "info" };

    return words[severity];
}

WEAK const char *outcome_name(enum outcome outcome)
{
    static const char *const words[] = { "succeeded", "failed", "incomplete" };

    return words[outcome];
}

WEAK const char *dns_rcode_name(unsigned rcode)
{
    return rcode == 23  ? "BADCOOKIE"
           : rcode == 3 ? "NXDOMAIN"
           : rcode == 2 ? "SERVFAIL"
           : rcode == 0 ? "NOERROR"
                        : "RCODE";
}

WEAK const char *resource_name(enum resource resource)
{
    static const char *const words[] = { "other",       "root",         "domain",      "user",
                                         "oauth-user",  "root-typo",    "ticket",      "mex",
                                         "oauth-token", "applications", "application", "events",
                                         "mcx" };

    return words[resource];
}

WEAK const char *service_name(enum service service)
{
    return service == SERVICE_AUTODISCOVER ? "autodiscover" : "service";
}

WEAK const char *credential_name(enum credential credential)
{
    static const char *const words[] = {
        "none",   "basic",      "ntlm-negotiate", "ntlm-authenticate", "kerberos", "spnego",
        "bearer", "web-ticket", "other"
    };

    return words[credential];
}

WEAK struct slice header_value(const struct header *headers, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is_text_nocase(headers[i].name, name))
            return headers[i].value;
    return SLICE_EMPTY;
}

WEAK bool secret_is_header(struct slice name)
{
    return slice_is_text_nocase(name, "Authorization") || slice_is_text_nocase(name, "Cookie");
}

WEAK void secret_add_header_value(struct text *out, struct slice name, struct slice value,
                                  bool show)
{
    if (show || !secret_is_header(name))
        text_add_slice(out, value);
    else
        text_print(out, "<masked %zu bytes>", value.length);
}

/* Masks what stands between <Password> and the next tag. */
WEAK void secret_add_body(struct text *out, struct slice content_type, struct slice body, bool show)
{
    size_t at = slice_find_text_nocase(body, "<Password>");
    struct slice after = slice_after(body, at + 10);
    size_t end = slice_find_byte(after, '<');

    (void)content_type;
    if (show || at == body.length) {
        text_add_slice(out, body);
        return;
    }
    text_add_slice(out, slice_part(body, 0, at + 10));
    text_print(out, "<masked %zu bytes>", end);
    text_add_slice(out, slice_after(after, end));
}

WEAK void secret_add_url(struct text *out, struct slice url, bool show)
{
    size_t at = slice_find_text_nocase(url, "password=");

    text_add_slice(out, show ? url : slice_part(url, 0, at));
    if (!show && at < url.length)
        text_print(out, "password=<masked %zu bytes>", url.length - at - 9);
}
