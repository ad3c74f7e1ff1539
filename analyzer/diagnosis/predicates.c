/* predicates.c: questions that rules share */
#include "diagnose.h"

#include "lyncscope/names.h"

#include <string.h>

bool http_is_client_leg(const struct step *step)
{
    return step->http && step->leg == LEG_CLIENT;
}

bool http_status_is(const struct step *step, unsigned status)
{
    return step->http && step->http->response.present && step->http->response.status == status;
}

bool http_is_good(const struct step *step)
{
    return step->http && step->http->response.present && step->http->response.status / 100 == 2;
}

struct slice http_response_header(const struct step *step, const char *name)
{
    return header_value(step->http->response.headers, step->http->response.header_count, name);
}

struct slice http_request_header(const struct step *step, const char *name)
{
    return header_value(step->http->request.headers, step->http->request.header_count, name);
}

bool http_says_lync(const struct step *step)
{
    struct slice type;

    if (step->http->lync.server_fqdn.length || step->http->lync.diagnostics.id.length ||
        (step->http->lync.service == SERVICE_UCWA &&
         step->http->lync.response_document.kind == DOCUMENT_UCWA_ERROR))
        return true;
    type = http_response_header(step, "Content-Type");
    return slice_starts_with_nocase(type, "application/vnd.microsoft.rtc.") ||
           slice_starts_with_nocase(type, "application/vnd.microsoft.com.ucwa") ||
           http_response_header(step, "X-MS-UcwaVersion").length > 0;
}

bool http_carries_ticket(const struct step *step)
{
    return step->http && (step->http->lync.credential == CREDENTIAL_WEB_TICKET ||
                          step->http->lync.credential == CREDENTIAL_BEARER);
}

bool http_is_office_web_apps(const struct step *step)
{
    return step->http && step->http->lync.service == SERVICE_OFFICE_WEB_APPS;
}

bool http_is_discovery(const struct step *step)
{
    enum resource resource = step->http ? step->http->lync.resource : RESOURCE_OTHER;

    return resource == RESOURCE_ROOT || resource == RESOURCE_DOMAIN || resource == RESOURCE_USER ||
           resource == RESOURCE_OAUTH_USER;
}

/* A 401 is a refusal only when the request carried an NTLM type 3, a final Kerberos or
 * SPNEGO token, a ticket or a password; every other one is a challenge. */
bool http_is_expected_401(const struct step *step)
{
    if (!http_status_is(step, 401))
        return false;
    switch (step->http->lync.credential) {
    case CREDENTIAL_NONE:
    case CREDENTIAL_NTLM_NEGOTIATE:
        return true;
    case CREDENTIAL_SPNEGO:
        return step->http->lync.challenge.has_token;
    case CREDENTIAL_BASIC:
    case CREDENTIAL_NTLM_AUTHENTICATE:
    case CREDENTIAL_KERBEROS:
    case CREDENTIAL_BEARER:
    case CREDENTIAL_WEB_TICKET:
    case CREDENTIAL_OTHER:
        break;
    }
    return false;
}

const char *diagnosis_url_host(struct diagnosis *d, struct slice text)
{
    struct url url = url_parse(text);

    return url.valid ? diagnosis_lower(d, url.host) : NULL;
}

static bool names(struct slice text, const char *host)
{
    struct url url = url_parse(text);

    return url.valid && slice_is_text_nocase(url.host, host);
}

static bool step_names(const struct step *step, const char *host)
{
    const struct lync_exchange *lync = &step->http->lync;

    if (names(lync->web_ticket_url, host) || names(lync->challenge.oauth_href, host) ||
        names(lync->response_document.redirect, host) ||
        names(http_response_header(step, "Location"), host))
        return true;
    for (size_t i = 0; i < lync->response_document.link_count; i++)
        if (names(lync->response_document.links[i].href, host))
            return true;
    return false;
}

const struct step *diagnosis_who_named(struct diagnosis *d, const char *host,
                                       const struct step *before)
{
    const struct signin *signin = d->signin;
    const struct step *last = NULL;

    for (size_t i = 0; i < signin->step_count && signin->steps[i].number < before->number; i++)
        if (signin->steps[i].http && signin->steps[i].http->response.present &&
            step_names(&signin->steps[i], host))
            last = &signin->steps[i];
    return last;
}

/* Servers tell their own names; what lies in the same domain, other than the SIP domain, is inside.
 */
static bool is_beside(struct diagnosis *d, struct slice server, const char *host)
{
    const char *own = diagnosis_lower(d, slice_after(server, slice_find_byte(server, '.') + 1));

    return own && *own && d->signin->sip_domain && name_is_within(host, own) &&
           !name_is_within(d->signin->sip_domain, own);
}

/* Where one name serves both sides it is no sign of the inside. */
static bool is_named_outside(const struct diagnosis *d, const char *host)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = step->http ? &step->http->lync.response_document : NULL;

        for (size_t k = 0; document && k < document->link_count; k++)
            if ((slice_is_text_nocase(document->links[k].token, "External/Autodiscover") ||
                 slice_is_text_nocase(document->links[k].token, "External/AuthBroker")) &&
                names(document->links[k].href, host))
                return true;
    }
    return false;
}

/* The names a site uses inside: servers' own names, pools, Internal/ links. */
bool text_is_internal_name(struct diagnosis *d, const char *host)
{
    static const char *const private_suffixes[] = { ".local", ".internal", ".lan",
                                                    ".corp",  ".intra",    ".ad" };

    for (size_t i = 0; i < sizeof private_suffixes / sizeof *private_suffixes; i++)
        if (slice_ends_with_nocase(slice_of_text(host), private_suffixes[i]))
            return true;
    if (is_named_outside(d, host))
        return false;
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = step->http ? &step->http->lync.response_document : NULL;

        if (!document)
            continue;
        if (is_beside(d, step->http->lync.server_fqdn, host) ||
            slice_is_text_nocase(step->http->lync.server_fqdn, host) ||
            slice_is_text_nocase(document->sip_server_internal.fqdn, host) ||
            slice_is_text_nocase(document->sip_client_internal.fqdn, host))
            return true;
        for (size_t k = 0; k < document->link_count; k++)
            if (slice_starts_with_nocase(document->links[k].token, "Internal/") &&
                !slice_ends_with_nocase(document->links[k].token, "/Mcx") &&
                !slice_ends_with_nocase(document->links[k].token, "/Ucwa") &&
                names(document->links[k].href, host))
                return true;
    }
    return false;
}

const struct step *diagnosis_connection_of(const struct diagnosis *d, const struct step *step)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (d->signin->steps[i].tcp && d->signin->steps[i].flow == step->flow)
            return &d->signin->steps[i];
    return NULL;
}

bool name_shares_domain(const char *a, const char *b)
{
    return name_same_registrable(a, b);
}

bool name_is_online_service(const char *host)
{
    return name_is_online(host);
}
