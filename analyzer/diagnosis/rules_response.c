/* rules_response.c: what the answers of Autodiscover say (MS-OCDISCWS 2.2, 3.1.5; UCWA 2.0) */
#include "diagnose.h"

#include <string.h>

#define USER_SEES_CANNOT_CONNECT                                                                   \
    "\"Cannot connect to the server. It might be unavailable. Also please check the network "      \
    "connection, sign-in address and server addresses.\""

static const struct document *document_of(const struct step *step)
{
    return &step->http->lync.response_document;
}

static bool is_autodiscover(const struct document *document)
{
    return document->kind == DOCUMENT_AUTODISCOVER || document->kind == DOCUMENT_UCWA_RESOURCE;
}

static bool has_link(const struct document *document, const char *token)
{
    for (size_t i = 0; i < document->link_count; i++)
        if (slice_is_text_nocase(document->links[i].token, token))
            return true;
    return false;
}

/* Each step that matches. */
static void find_in_answers(struct diagnosis *d, const struct rule *rule,
                            bool (*matches)(struct diagnosis *d, const struct step *step))
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && step->http->response.present && matches(d, step)) {
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = step,
                                .detail = document_of(step)->problem,
                                .host =
                                    step->http->lync.diagnostics.reason.length
                                        ? diagnosis_escaped(d, step->http->lync.diagnostics.reason)
                                        : "no reason given" });
        }
    }
}

static bool is_wrong_location(struct diagnosis *d, const struct step *step)
{
    struct slice location = document_of(step)->access_location;
    bool internal_name = step->to.name && strncmp(step->to.name, "lyncdiscoverinternal.", 21) == 0;

    if (!is_autodiscover(document_of(step)))
        return false;
    if (slice_is_text_nocase(location, "Internal"))
        return d->client_outside;
    return slice_is_text_nocase(location, "External") && internal_name;
}

static void find_location(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_wrong_location);
}

static bool is_html_answer(struct diagnosis *d, const struct step *step)
{
    return http_status_is(step, 200) && http_is_discovery(step) &&
           document_of(step)->kind == DOCUMENT_HTML && !diagnosis_has_at(d, "rp-preauth", step) &&
           !diagnosis_has_at(d, "captive-portal", step);
}

static void find_html(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_html_answer);
}

static bool is_malformed(struct diagnosis *d, const struct step *step)
{
    (void)d;
    return document_of(step)->kind == DOCUMENT_MALFORMED &&
           step->http->lync.resource != RESOURCE_MEX && step->http->response.complete;
}

static void find_malformed(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_malformed);
}

/* The server ended the connection in the middle of its answer; bytes the capture lost do not count.
 */
static bool is_truncated(struct diagnosis *d, const struct step *step)
{
    const struct step *connection =
        step->http->response.complete || step->http->response.body.missing
            ? NULL
            : diagnosis_connection_of(d, step);

    return connection && connection->tcp->closed != CLOSED_OPEN &&
           connection->tcp->closed != CLOSED_UNKNOWN && connection->tcp->closed_by_server &&
           !connection->tcp->server_missing && !connection->tcp->cut_packets;
}

static void find_truncated(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_truncated);
}

static bool is_root_without_user(struct diagnosis *d, const struct step *step)
{
    const struct document *document = document_of(step);

    (void)d;
    return http_is_good(step) && is_autodiscover(document) &&
           step->http->lync.resource == RESOURCE_ROOT && !document->redirect.length &&
           !has_link(document, "User") && document->part != PART_USER;
}

static void find_root_without_user(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_root_without_user);
}

static bool is_root_without_oauth(struct diagnosis *d, const struct step *step)
{
    const struct document *document = document_of(step);

    return d->signin->device && strcmp(d->signin->device, "Exchange") == 0 &&
           document->kind == DOCUMENT_AUTODISCOVER && document->part == PART_ROOT &&
           !document->redirect.length && !has_link(document, "OAuth");
}

static void find_root_without_oauth(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_root_without_oauth);
}

/* Over HTTP the only right answer is a redirect link. */
static bool is_http_root_with_links(struct diagnosis *d, const struct step *step)
{
    const struct document *document = document_of(step);

    (void)d;
    return http_is_client_leg(step) && !step->http->encrypted &&
           step->http->lync.resource == RESOURCE_ROOT && http_is_good(step) &&
           is_autodiscover(document) && !document->redirect.length;
}

static void find_http_root(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_http_root_with_links);
}

static bool is_desktop(const struct diagnosis *d)
{
    const char *device = d->signin->device;

    return device && (strcmp(device, "desktop") == 0 || strcmp(device, "pidgin-sipe") == 0);
}

static bool lacks_sip_access(struct diagnosis *d, const struct step *step)
{
    const struct document *document = document_of(step);
    bool internal = document->sip_client_internal.fqdn.length,
         external = document->sip_client_external.fqdn.length;

    if (!is_desktop(d) || document->kind != DOCUMENT_AUTODISCOVER || document->part != PART_USER ||
        document->redirect.length || !http_is_good(step))
        return false;
    if (slice_is_text_nocase(document->access_location, "Internal"))
        return !internal;
    return slice_is_text_nocase(document->access_location, "External") ? !external
                                                                       : !internal && !external;
}

static void find_no_sip_access(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, lacks_sip_access);
}

static bool asks_for_user(const struct step *step)
{
    return step->http->lync.resource == RESOURCE_USER ||
           step->http->lync.resource == RESOURCE_OAUTH_USER;
}

static bool is_homeless(struct diagnosis *d, const struct step *step)
{
    (void)d;
    return asks_for_user(step) && http_status_is(step, 404) && http_carries_ticket(step);
}

static void find_homeless(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_homeless);
}

static bool is_forbidden(struct diagnosis *d, const struct step *step)
{
    (void)d;
    return asks_for_user(step) && http_status_is(step, 403) && http_carries_ticket(step) &&
           http_says_lync(step);
}

static void find_forbidden(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_forbidden);
}

static bool is_error_of_others(struct diagnosis *d, const struct step *step)
{
    (void)d;
    return http_is_client_leg(step) && !http_is_office_web_apps(step) &&
           step->http->response.status >= 400 && !http_status_is(step, 401) &&
           !http_says_lync(step) && step->http->lync.response_document.kind != DOCUMENT_FAULT &&
           step->http->lync.response_document.kind != DOCUMENT_OAUTH_ERROR;
}

static void find_no_fqdn(struct diagnosis *d, const struct rule *rule)
{
    find_in_answers(d, rule, is_error_of_others);
}

static const struct rule rules[] = {
    { .id = "accesslocation-mismatch",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_RESPONSE,
      .find = find_location,
      .title = "The answer takes the client for one on the other side",
      .cause = "The answer to {url} gives an AccessLocation that does not fit where {client} is: "
               "the request entered the "
               "wrong web site.",
      .fix = "Translate the proxy's ports (443 to 4443, 80 to 8080); point lyncdiscoverinternal to "
             "the internal site.",
      .user_sees = "The wrong set of addresses is tried first: delays, or a failure.",
      .wire = "An external client gets AccessLocation Internal, or a client of the internal name "
              "gets External.",
      .reference = "SEED0; SEED3; UNDERST",
      .result = "wrong access location" },
    { .id = "http-html-body",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_RESPONSE,
      .find = find_html,
      .title = "{name} answers with a web page",
      .cause = "The answer to {url} is an HTML page, not an Autodiscover document: a wildcard web "
               "site, a portal or a "
               "maintenance page answers.",
      .fix = "Point {name} to the reverse proxy, and publish the Autodiscover path there.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "200 with text/html, or any type other than Lync's.",
      .reference = "SIPE",
      .result = "a web page instead of Autodiscover" },
    { .id = "response-malformed",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_RESPONSE,
      .find = find_malformed,
      .title = "The answer of {name} cannot be read",
      .cause = "The answer to {url} promises a Lync document, but {detail}: a proxy rewrites it, "
               "or it was cut.",
      .fix = "Switch content rewriting off on the proxy.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire =
          "A Lync Content-Type with XML or JSON that does not parse, or with a wrong root element.",
      .reference = "general; EXCH",
      .result = "unreadable answer" },
    { .id = "response-truncated",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_RESPONSE,
      .find = find_truncated,
      .title = "{name} breaks off in the middle of its answer",
      .cause = "The answer to {url} ends before its announced length: a proxy or an MTU problem on "
               "the way.",
      .fix = "Check the path and the proxy for cut connections.",
      .user_sees = "Intermittent failures.",
      .wire = "Fewer bytes than Content-Length before the end, or the last chunk is missing.",
      .reference = "general",
      .result = "answer cut off" },
    { .id = "root-without-user",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_RESPONSE,
      .find = find_root_without_user,
      .title = "The discovery answer leads nowhere",
      .cause = "The answer to {url} has neither a Redirect nor a User link.",
      .fix = "Check the web services addresses of the pool in the topology.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "Root with neither Redirect nor User (UCWA: neither user nor redirect).",
      .reference = "OCDISC",
      .result = "no user link" },
    { .id = "root-oauth-missing",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_RESPONSE,
      .find = find_root_without_oauth,
      .title = "The discovery answer has no OAuth link",
      .cause = "Exchange asked {name}, and the answer lacks the OAuth link it needs: an old pool "
               "answers discovery.",
      .fix = "Point lyncdiscover to the newest pool.",
      .user_sees = "Online meetings in Outlook on the web fail.",
      .wire = "An Exchange client gets a Root without the OAuth token.",
      .reference = "OCDISC; EXCH; UCWADOC",
      .result = "no OAuth link" },
    { .id = "http-root-not-redirect",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_RESPONSE,
      .find = find_http_root,
      .title = "HTTP discovery is not answered by a redirect",
      .cause = "Over HTTP the answer to {url} should hold a Redirect link only; this one holds the "
               "links themselves.",
      .fix = "Let port 80 reach the pool's own HTTP site (8080), which redirects.",
      .user_sees = "The client may go on without encryption, or stop.",
      .wire = "An HTTP Root answer with User links or without Redirect.",
      .reference = "OCDISC",
      .result = "HTTP answer without redirect" },
    { .id = "sip-access-missing",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_RESPONSE,
      .find = find_no_sip_access,
      .title = "The answer names no SIP server for this client",
      .cause = "The user's document has no SipClient access for its AccessLocation: no Edge or "
               "registrar data.",
      .fix = "Check the Edge pool and the registrar in the topology.",
      .user_sees = "It falls back to SRV records, or fails.",
      .wire = "A desktop client's User document without a matching SipClient*Access.",
      .reference = "UNDERST; SIPE",
      .result = "no SIP server named" },
    { .id = "user-404-homeless",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_RESPONSE,
      .find = find_homeless,
      .title = "{user} has no home server here",
      .cause = "With a valid ticket the request for the user is answered by 404: the user is not "
               "enabled, was moved, or "
               "replication lags behind.",
      .fix = "Enable the user or repair the home pool; check the replication of the configuration.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "root/user with a ticket is answered by 404 with an empty body.",
      .reference = "OCDISC",
      .result = "user has no home server" },
    { .id = "user-403-forbidden",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_RESPONSE,
      .find = find_forbidden,
      .title = "{user} is not allowed in from here",
      .cause = "Lync itself answers 403 to the request with a valid ticket ({host}): external "
               "access or mobility is off "
               "for this user.",
      .fix = "Check the user's external access and mobility policies.",
      .user_sees = "Cannot sign in though the password is right.",
      .wire = "403 with X-MS-Server-Fqdn to root/user or root/oauth/user with a valid ticket.",
      .reference = "general; UCWADOC",
      .result = "user not allowed" },
    { .id = "x-ms-server-fqdn-missing",
      .severity = SEVERITY_INFO,
      .stage = STAGE_RESPONSE,
      .find = find_no_fqdn,
      .title = "The error {status} does not come from Lync",
      .cause = "The answer to {url} has no X-MS-Server-Fqdn: the proxy or IIS made it.",
      .fix = "Look at the proxy first.",
      .wire = "4xx or 5xx without X-MS-Server-Fqdn.",
      .reference = "UCWADOC",
      .result = "error not from Lync" },
    { .id = "incomplete-flow",
      .severity = SEVERITY_INFO,
      .stage = STAGE_RESPONSE,
      .title = "The sign-in stops without a failing message",
      .cause = "The last step is: {detail}. Nothing more of this client follows: it was closed, or "
               "what failed is not in "
               "this capture.",
      .fix = "Capture longer, or on the client.",
      .wire = "The flow stops with no failing message.",
      .reference = "general",
      .result = "stops without an error" },
};

const struct rule_table rules_response = { rules, sizeof rules / sizeof *rules };
