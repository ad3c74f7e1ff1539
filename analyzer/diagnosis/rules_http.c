/* rules_http.c: answers that are not those of the Lync web services (RFC 9110 15)
 *
 * An answer with X-MS-Server-Fqdn or a Lync content type comes from the service;
 * any other error was made by the proxy, by IIS or by somebody in between.
 */
#include "facts_mobility.h"
#include "lyncscope/names.h"

#include <string.h>

#define ANSWER_LIMIT (10 * SECOND_NS)

#define USER_SEES_CANNOT_CONNECT                                                                   \
    "\"Cannot connect to the server. It might be unavailable. Also please check the network "      \
    "connection, sign-in address and server addresses.\""

static bool body_holds(const struct step *step, const char *const *words, size_t count)
{
    struct slice body = step->http->response.body.kept;

    for (size_t i = 0; i < count; i++)
        if (slice_find_text_nocase(body, words[i]) < body.length)
            return true;
    return false;
}

#define BODY_HOLDS(step, ...)                                                                      \
    body_holds(step, (const char *const[]){ __VA_ARGS__ },                                         \
               sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static bool is_redirect_status(const struct step *step)
{
    return step->http && step->http->response.present && step->http->response.status / 100 == 3 &&
           step->http->response.status != 304;
}

static bool is_root(const struct step *step)
{
    return step->http && step->http->lync.resource == RESOURCE_ROOT;
}

static const char *location_host(struct diagnosis *d, const struct step *step)
{
    return diagnosis_url_host(d, http_response_header(step, "Location"));
}

static const char *request_host(struct diagnosis *d, const struct step *step)
{
    return diagnosis_url_host(d, slice_of_text(step->url));
}

/* ---- somebody else answers ---- */

static bool is_login_path(struct slice location)
{
    static const char *const words[] = { "login",      "logon",    "signin", "/adfs/",
                                         "cookieauth", "auth.owa", "preauth" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_find_text_nocase(location, words[i]) < location.length)
            return true;
    return false;
}

/* A portal sits in the network: a literal address, a word of its own, status 511 (RFC 6585). A host
 * of the domain that was asked for is the site's own, whatever its name. */
static bool is_portal(struct diagnosis *d, const struct step *step)
{
    const char *host, *asked;
    struct slice location;
    struct address literal;

    if (http_status_is(step, 511))
        return true;
    if (!is_redirect_status(step) || step->http->encrypted)
        return false;
    location = http_response_header(step, "Location");
    host = location_host(d, step);
    asked = request_host(d, step);
    if (!host || (asked && name_same_registrable(host, asked)))
        return false;
    return address_parse(slice_of_text(host), &literal) || strstr(host, "portal") ||
           strstr(host, "hotspot") || strstr(host, "captive") ||
           slice_find_text_nocase(location, "portal") < location.length;
}

static bool is_login_page(const struct step *step)
{
    return http_status_is(step, 200) && step->http->lync.response_document.kind == DOCUMENT_HTML &&
           BODY_HOLDS(step, "<form") &&
           BODY_HOLDS(step, "type=\"password\"", "type='password'", "type=password");
}

static bool asks_before_autodiscover(const struct step *step)
{
    const struct challenge *challenge = &step->http->lync.challenge;

    return http_status_is(step, 401) && is_root(step) && !http_says_lync(step) &&
           (challenge->basic || challenge->digest || challenge->ntlm || challenge->negotiate);
}

static void find_preauth(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        bool to_login;

        if (!step->http || !http_is_discovery(step))
            continue;
        to_login =
            is_redirect_status(step) && is_login_path(http_response_header(step, "Location"));
        if ((asks_before_autodiscover(step) || to_login || is_login_page(step)) &&
            !http_says_lync(step) && !is_portal(d, step)) {
            diagnosis_add_first(d, rule,
                                (struct about){ .step = step,
                                                .detail = to_login ? "a redirect to a login page"
                                                          : http_status_is(step, 401)
                                                              ? "a demand for a password (401)"
                                                              : "a login page" });
        }
    }
}

static void find_portal(struct diagnosis *d, const struct rule *rule)
{
    static const enum severity stopping = SEVERITY_ERROR;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && http_is_discovery(step) && is_portal(d, step) && !http_says_lync(step)) {
            bool stuck = diagnosis_is_last_word(d, step);

            diagnosis_add_first(
                d, rule,
                (struct about){
                    .step = step,
                    .severity = stuck ? &stopping : NULL,
                    .host = location_host(d, step)
                                ? diagnosis_escaped(d, slice_of_text(location_host(d, step)))
                                : "a login page" });
        }
    }
}

static void find_301_to_https(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        struct url url = is_redirect_status(step)
                             ? url_parse(http_response_header(step, "Location"))
                             : (struct url){ 0 };
        const char *host = url.valid ? location_host(d, step) : NULL;

        if (host && url.https && !step->http->encrypted && request_host(d, step) &&
            strcmp(host, request_host(d, step)) == 0) {
            diagnosis_add(d, rule, (struct about){ .step = step });
            return;
        }
    }
}

/* ---- refusals by status ---- */

static void find_typo(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && step->http->lync.resource == RESOURCE_ROOT_TYPO &&
            step->http->response.present && step->http->response.status >= 400) {
            diagnosis_add_first(d, rule, (struct about){ .step = step });
        }
    }
}

/* Of a resource behind the root: Lync's own 404 there has another meaning. */
static bool is_strange_404(const struct step *step)
{
    return http_is_discovery(step) && !http_says_lync(step);
}

static void find_root_404(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        bool listing = http_status_is(step, 403) && BODY_HOLDS(step, "403.14");

        if ((is_root(step) || is_strange_404(step)) && (http_status_is(step, 404) || listing) &&
            !diagnosis_has_at(d, "host-header-rewritten", step)) {
            diagnosis_add_first(d, rule, (struct about){ .step = step });
        }
    }
}

static bool is_ssl_required(const struct step *step)
{
    return http_status_is(step, 403) && !step->http->encrypted &&
           BODY_HOLDS(step, "403.4", "SSL is required", "SSL required", "secure channel");
}

static bool is_cors(const struct step *step)
{
    for (size_t i = 0; http_status_is(step, 403) && i < step->http->response.header_count; i++) {
        struct slice value = step->http->response.headers[i].value;

        if (slice_find_text_nocase(value, "cross domain") < value.length)
            return true;
    }
    return false;
}

static bool is_beside_sign_in(const struct step *step)
{
    switch (step->http->lync.service) {
    case SERVICE_ABS:
    case SERVICE_GROUPEXPANSION:
    case SERVICE_MEET:
    case SERVICE_DIALIN:
    case SERVICE_CERTPROV:
    case SERVICE_REACH:
    case SERVICE_OFFICE_WEB_APPS:
        return true;
    case SERVICE_NONE:
    case SERVICE_AUTODISCOVER:
    case SERVICE_XFRAME:
    case SERVICE_WEBTICKET:
    case SERVICE_UCWA:
    case SERVICE_MCX:
    case SERVICE_SCHEDULER:
    case SERVICE_COLLABCONTENT:
    case SERVICE_LOCATION:
    case SERVICE_DEVICEUPDATE:
    case SERVICE_RGS:
    case SERVICE_PASSIVEAUTH:
    case SERVICE_PERSISTENTCHAT:
    case SERVICE_EXCHANGE_AUTODISCOVER:
    case SERVICE_CMS_REPLICATION:
        break;
    }
    return false;
}

static void find_403(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (http_status_is(step, 403) && !http_says_lync(step) && !is_ssl_required(step) &&
            !is_cors(step) && !is_beside_sign_in(step) &&
            !diagnosis_has_at(d, "http-root-404", step) &&
            !diagnosis_has_at(d, "manual-url-typo", step) &&
            !diagnosis_has_at(d, "host-header-rewritten", step)) {
            diagnosis_add_first(d, rule, (struct about){ .step = step });
        }
    }
}

static void find_403_ssl(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (is_root(&d->signin->steps[i]) && is_ssl_required(&d->signin->steps[i])) {
            diagnosis_add_first(d, rule, (struct about){ .step = &d->signin->steps[i] });
        }
}

static void find_cors(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (is_cors(step)) {
            struct slice origin = http_request_header(step, "X-Ms-Origin");

            if (origin.length == 0)
                origin = http_request_header(step, "Origin");
            diagnosis_add_first(
                d, rule, (struct about){ .step = step, .host = diagnosis_escaped(d, origin) });
        }
    }
}

static void find_vdir(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && is_beside_sign_in(step) && !http_is_office_web_apps(step) &&
            (http_status_is(step, 403) || http_status_is(step, 404)) && !http_says_lync(step)) {
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = step, .detail = service_name(step->http->lync.service) });
        }
    }
}

/* ---- the backend ---- */

static bool backend_is_blamed(const struct diagnosis *d)
{
    return diagnosis_has(d, "rp-backend-4443-unreachable") ||
           diagnosis_has(d, "rp-backend-8080-unreachable") ||
           diagnosis_has(d, "rp-backend-tls-fail");
}

/* The ticket service and OAuth tell a refusal by 500 with a document; that is not a crash. */
static bool carries_a_no(const struct step *step)
{
    enum document_kind kind = step->http->lync.response_document.kind;

    return kind == DOCUMENT_FAULT || kind == DOCUMENT_OAUTH_ERROR || kind == DOCUMENT_UCWA_ERROR ||
           step->http->lync.diagnostics.id.length;
}

static bool same_wait(const struct diagnosis *d, const struct step *step)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *other = &d->signin->steps[i];
        int64_t apart = other->duration_ns - step->duration_ns;

        if (other != step && http_status_is(other, 502) && apart < SECOND_NS &&
            apart > -SECOND_NS && step->duration_ns > 5 * SECOND_NS)
            return true;
    }
    return false;
}

/* argument: the status */
static void find_status(struct diagnosis *d, const struct rule *rule)
{
    unsigned status = (unsigned)rule->argument;

    for (size_t i = 0; !backend_is_blamed(d) && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        bool slow = status == 504 && http_status_is(step, 502) && same_wait(d, step);

        if ((!http_status_is(step, status) && !slow) ||
            (status == 500 && (carries_a_no(step) || step->http->response.body.missing)) ||
            http_is_office_web_apps(step) || mobility_is_cut_poll(d, step) ||
            (status == 502 && same_wait(d, step)))
            continue;
        diagnosis_add_first(
            d, rule,
            (struct about){
                .step = step,
                .detail = http_says_lync(step) || (step->relay && step->relay->status == status)
                              ? "the answer comes from the pool's own web server"
                              : "the answer was made by the proxy or by IIS, not by Lync" });
    }
}

/* ---- no answer ---- */

/* The answer may well have come, past a capture that sees one direction only. */
static bool is_one_sided(const struct diagnosis *d, const struct step *step)
{
    const struct step *connection = diagnosis_connection_of(d, step);

    return connection && (connection->tcp->client_only || connection->tcp->server_only);
}

static int64_t waited_ns(const struct diagnosis *d, const struct step *step)
{
    const struct step *connection = diagnosis_connection_of(d, step);
    int64_t end = d->facts->last_time_ns;

    if (connection && connection->tcp->end.packet)
        end = connection->tcp->end.time_ns;
    return end - step->time_ns;
}

static void find_no_answer(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; !backend_is_blamed(d) && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct http_exchange *http = step->http;
        const char *how;
        int64_t waited;

        if (!http || http->response.present || http->lync.resource == RESOURCE_EVENTS ||
            http_is_office_web_apps(step) || !diagnosis_is_last_word(d, step) ||
            is_one_sided(d, step))
            continue;
        waited = waited_ns(d, step);
        if (http->ending == HTTP_CLOSED || http->ending == HTTP_RESET)
            how = http->ending == HTTP_RESET ? "the connection was reset"
                                             : "the connection was closed";
        else if (waited >= ANSWER_LIMIT && http->ending != HTTP_UNKNOWN)
            how = "nothing came";
        else
            continue;
        diagnosis_add_first(
            d, rule,
            (struct about){
                .step = step,
                .detail = diagnosis_text(d, "%s after %s", how, diagnosis_duration(d, waited)) });
    }
}

/* ---- what the proxy changed ---- */

static void find_host_rewritten(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct http_exchange *inner = step->relay ? step->relay->http : NULL;

        if (!inner || slice_equals_nocase(inner->request.host, step->http->request.host) ||
            !step->http->response.present || step->http->response.status < 400 ||
            http_status_is(step, 401))
            continue;
        diagnosis_add_first(
            d, rule,
            (struct about){ .step = step, .host = diagnosis_escaped(d, inner->request.host) });
    }
}

static bool was_dropped(const struct step *step, const char *name)
{
    const struct http_response *inner = &step->relay->http->response;

    return header_value(inner->headers, inner->header_count, name).length &&
           !http_response_header(step, name).length;
}

static void find_stripped(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!step->relay || !step->relay->http || step->relay->status != 401 ||
            !http_status_is(step, 401))
            continue;
        if (was_dropped(step, "X-MS-WebTicketURL") || was_dropped(step, "WWW-Authenticate")) {
            diagnosis_add_first(d, rule,
                                (struct about){ .step = step,
                                                .detail = was_dropped(step, "X-MS-WebTicketURL")
                                                              ? "X-MS-WebTicketURL"
                                                              : "WWW-Authenticate" });
        }
    }
}

static void find_sipuri(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (http_is_client_leg(step) && !step->http->encrypted && step->http->lync.sipuri.length) {
            diagnosis_add(d, rule, (struct about){ .step = step, .evidence = &step->evidence[0] });
            return;
        }
    }
}

static const struct rule rules[] = {
    { .id = "host-header-rewritten",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_HTTP,
      .find = find_host_rewritten,
      .title = "The reverse proxy changes the Host header",
      .cause = "The client asked for {name}, the proxy asked the pool for {host} and got {status}: "
               "the web services "
               "know their sites by the original name.",
      .fix = "Configure the proxy to pass the original Host header on.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "The Host of the inner request differs from the outer one; 400 or 404 comes back.",
      .reference = "SEED2; RPMOB",
      .result = "proxy changes the Host" },
    { .id = "captive-portal",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_HTTP,
      .find = find_portal,
      .title = "A network portal answers instead of {name}",
      .cause = "The request for {url} was answered by a portal ({host}): the device is on a "
               "network that wants a login "
               "first.",
      .fix = "Log in to the network's portal, then sign in again.",
      .user_sees = "It fails until the portal login is done.",
      .wire = "The first HTTP request is answered by 302 or 511 of another host.",
      .reference = "general",
      .result = "captive portal" },
    { .id = "rp-preauth",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_HTTP,
      .find = find_preauth,
      .title = "{name} asks for a login before Autodiscover is reached",
      .cause = "The answer to {url} is {detail} and does not come from Lync: pre-authentication is "
               "on in the publishing "
               "rule.",
      .fix = "Publish without pre-authentication: no delegation, client authenticates directly, "
             "all users.",
      .user_sees = "Asks for the password for ever, or a generic error.",
      .wire = "The root request is answered by 401 Basic, by a redirect to a login page, or by a "
              "login form, without "
              "X-MS-Server-Fqdn.",
      .reference = "RPMOB",
      .result = "proxy wants a login" },
    { .id = "manual-url-typo",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_HTTP,
      .find = find_typo,
      .title = "The discovery address is mistyped",
      .cause = "The client asked for {url}, which nearly is the Autodiscover address but not "
               "quite; the answer is "
               "{status}.",
      .fix = "Enter https://<web services name>/Autodiscover/AutodiscoverService.svc/Root in the "
             "client's manual "
             "settings.",
      .user_sees = "Cannot connect with manual settings.",
      .wire = "404 on a near-miss of /Autodiscover/AutodiscoverService.svc.",
      .reference = "SEED3",
      .result = "discovery address mistyped" },
    { .id = "http-root-404",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_HTTP,
      .find = find_root_404,
      .title = "Autodiscover is not there on {name}",
      .cause = "The answer to {url} is {status}: the Autodiscover directory or its rewrite rules "
               "are missing, or the "
               "request reached another web site.",
      .fix = "Install the web components and the cumulative update on the pool; check the URL "
             "Rewrite rules and the "
             "site that answers.",
      .user_sees = USER_SEES_CANNOT_CONNECT,
      .wire = "404 (or 403.14) for the root on a lyncdiscover name.",
      .reference = "SEED3; SEED4; UCWADOC",
      .result = "no Autodiscover on the server" },
    { .id = "http-403-ssl-required",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_HTTP,
      .find = find_403_ssl,
      .title = "Port 80 of {name} insists on SSL",
      .cause = "The HTTP request for {url} was refused because the site requires SSL.",
      .fix = "Allow plain HTTP for discovery on that site, or do not publish port 80.",
      .user_sees = "HTTP discovery is lost.",
      .wire = "403.4 on HTTP discovery.",
      .reference = "general",
      .result = "port 80 requires SSL" },
    { .id = "cors-origin-denied",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_HTTP,
      .find = find_cors,
      .title = "The web app's origin is not allowed",
      .cause = "The service refuses cross-domain requests from {host}.",
      .fix =
          "Add the origin to the cross-domain authorization list of the web service configuration.",
      .user_sees = "The web app fails.",
      .wire = "403 with a header that speaks of a cross domain request from this origin.",
      .reference = "UCWADOC",
      .result = "origin not allowed" },
    { .id = "http-403-path",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_HTTP,
      .find = find_403,
      .title = "The reverse proxy does not let {url} pass",
      .cause = "The answer is 403 and does not come from Lync: the path is not published.",
      .fix = "Publish /* for the web services name.",
      .user_sees = "It fails at that step.",
      .wire = "403 without X-MS-Server-Fqdn for a path of the sign-in.",
      .reference = "RPMOB; ISSUES; SEED2",
      .result = "path not published" },
    { .id = "vdir-not-published",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_HTTP,
      .find = find_vdir,
      .title = "The service at {url} is not published",
      .cause = "The proxy answers {status} for the {detail} service: its path rule is too narrow.",
      .fix = "Publish /* for the web services name.",
      .user_sees = "The address book or meetings fail.",
      .wire = "403 or 404 from the proxy for /abs, /groupexpansion, /Meet, /Dialin, /CertProv or "
              "/Reach.",
      .reference = "SEED2; RPMOB",
      .result = "service not published" },
    { .id = "http-301-to-https",
      .severity = SEVERITY_INFO,
      .stage = STAGE_HTTP,
      .find = find_301_to_https,
      .title = "The proxy sends HTTP to HTTPS on {name}",
      .cause = "The HTTP request was answered by {status} to the same name with https; harmless "
               "while the certificate "
               "carries {name}.",
      .fix = "Exempt lyncdiscover from the redirect if the certificate lacks the name.",
      .user_sees = "Nothing, if the certificate is right.",
      .wire = "301, 302 or 307 on port 80 to the same host with https.",
      .reference = "KLOUD; SEED0",
      .result = "HTTP redirected to HTTPS" },
    { .id = "http-timeout",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_HTTP,
      .find = find_no_answer,
      .title = "{name} does not answer a request",
      .cause = "The request {url} got no answer; {detail}: the server or what is behind it is slow "
               "or stuck.",
      .fix = "Check the health of the pool and of the proxy at that time.",
      .user_sees = "A spinner, then an error.",
      .wire = "A request without a response in 10 s, or a connection closed in its place.",
      .reference = "UCWADOC; EXCH",
      .result = "no answer to a request" },
    { .id = "http-502",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_HTTP,
      .find = find_status,
      .argument = 502,
      .title = "Bad gateway at {name}",
      .cause =
          "The answer to {url} is 502: the proxy got no usable answer from the pool ({detail}).",
      .fix = "Check the members of the proxy's server farm and their 4443 or 8080 sites.",
      .user_sees = "A generic error; the client drops its cached addresses.",
      .wire = "502 on a discovery, ticket or mobility request.",
      .reference = "UCWADOC",
      .result = "502 bad gateway" },
    { .id = "http-503",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_HTTP,
      .find = find_status,
      .argument = 503,
      .title = "Service unavailable at {name}",
      .cause = "The answer to {url} is 503 ({detail}): the application pool is stopped, out of "
               "memory or throttled, "
               "perhaps on one Front End only.",
      .fix =
          "Recycle the application pool on the Front End that answered; check the pool's members.",
      .user_sees = "E_UcwaUnavailable (E2-3-48) when it is the mobility service.",
      .wire = "503.",
      .reference = "TECHMIKAL",
      .result = "503 unavailable" },
    { .id = "http-504",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_HTTP,
      .find = find_status,
      .argument = 504,
      .title = "Gateway time-out at {name}",
      .cause = "The answer to {url} is {status} after a wait: the proxy's time-out is shorter than "
               "the pool's answer.",
      .fix = "Raise the proxy's time-out; find out why the pool is slow.",
      .user_sees = "Intermittent failures.",
      .wire = "504, or 502 after the same number of seconds on several requests.",
      .reference = "general",
      .result = "504 gateway time-out" },
    { .id = "http-500",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_HTTP,
      .find = find_status,
      .argument = 500,
      .title = "Internal error at {name}",
      .cause = "The answer to {url} is 500 without a fault document ({detail}): an application "
               "exception, or missing "
               ".NET or IIS features.",
      .fix = "Read the event log of the server that answered.",
      .user_sees = "A generic error.",
      .wire = "500 with HTML or an empty body.",
      .reference = "SEED4; general",
      .result = "500 internal error" },
    { .id = "proxy-strips-headers",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_HTTP,
      .find = find_stripped,
      .title = "The reverse proxy removes {detail}",
      .cause = "The pool's 401 carries {detail}, what the client gets does not: a header filter on "
               "the proxy.",
      .fix = "Let the header {detail} pass.",
      .user_sees = "It stops after discovery.",
      .wire = "The inner 401 has X-MS-WebTicketURL or WWW-Authenticate, the outer one has not.",
      .reference = "SEED3; OCDISC",
      .result = "proxy removes headers" },
    { .id = "sipuri-in-clear",
      .severity = SEVERITY_INFO,
      .stage = STAGE_HTTP,
      .find = find_sipuri,
      .title = "The sign-in address travels in the clear",
      .cause = "HTTP discovery shows {user} to everybody on the way.",
      .fix = "Prefer HTTPS for discovery.",
      .wire = "GET /?sipuri= on port 80.",
      .reference = "SEED2; SEED4",
      .result = "address in the clear" },
};

const struct rule_table rules_http = { rules, sizeof rules / sizeof *rules };
