/* rules_webticket.c: getting a web ticket and using it (MS-OCAUTHWS, WS-Trust 1.3) */
#include "diagnose.h"

#include <string.h>

#define SKEW_LIMIT (300 * SECOND_NS)

static bool is_user_401(const struct step *step)
{
    return step->http && http_status_is(step, 401) && http_is_expected_401(step) &&
           (step->http->lync.resource == RESOURCE_USER ||
            step->http->lync.resource == RESOURCE_OAUTH_USER);
}

static void find_no_url(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (is_user_401(step) && !step->http->lync.web_ticket_url.length &&
            !step->http->lync.challenge.oauth && !step->http->lync.challenge.bearer &&
            !diagnosis_has_at(d, "proxy-strips-headers", step)) {
            diagnosis_add_first(d, rule, (struct about){ .step = step });
        }
    }
}

static void find_other_host(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const char *ticket =
            is_user_401(step) ? diagnosis_url_host(d, step->http->lync.web_ticket_url) : NULL;
        const char *asked = ticket ? diagnosis_url_host(d, slice_of_text(step->url)) : NULL;

        if (asked && strcmp(asked, ticket) != 0 &&
            !(d->client_outside && text_is_internal_name(d, ticket))) {
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = step,
                                .host = diagnosis_escaped(d, slice_of_text(ticket)) });
        }
    }
}

static void find_internal_url(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        struct url url =
            is_user_401(step) ? url_parse(step->http->lync.web_ticket_url) : (struct url){ 0 };
        const char *host =
            url.valid ? diagnosis_url_host(d, step->http->lync.web_ticket_url) : NULL;

        if (host && d->client_outside && (text_is_internal_name(d, host) || !url.https)) {
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = step,
                                .host = diagnosis_escaped(d, step->http->lync.web_ticket_url) });
        }
    }
}

/* What the backend, the proxy or the name already explains is not told again here. */
static bool is_explained(const struct diagnosis *d, const struct step *step)
{
    static const char *const reasons[] = { "http-502",   "http-503",      "http-504",
                                           "http-500",   "http-403-path", "http-timeout",
                                           "rp-preauth", "captive-portal" };

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (diagnosis_has_at(d, reasons[i], step))
            return true;
    return false;
}

static void find_mex(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = step->http ? &step->http->lync.response_document : NULL;
        bool unreadable;

        if (!document || step->http->lync.resource != RESOURCE_MEX ||
            !step->http->response.present || is_explained(d, step))
            continue;
        unreadable = document->kind == DOCUMENT_HTML || document->kind == DOCUMENT_MALFORMED;
        if (http_is_good(step) && !unreadable)
            continue;
        diagnosis_add_first(
            d, rule,
            (struct about){
                .step = step,
                .detail = http_is_good(step)
                              ? "not an XML document"
                              : diagnosis_text(d, "status %u", step->http->response.status) });
    }
}

/* ---- faults ---- */

static bool holds(struct slice text, const char *words)
{
    return slice_find_text_nocase(text, words) < text.length;
}

static bool speaks_of(const struct step *step, const char *words)
{
    const struct document *document = &step->http->lync.response_document;

    return holds(document->reason, words) || holds(document->fault_string, words) ||
           holds(step->http->lync.diagnostics.reason, words) ||
           holds(step->http->response.body.kept, words);
}

enum fault { FAULT_NONE, FAULT_OTHER, FAULT_CREDENTIALS, FAULT_SIP_URI, FAULT_DISABLED };

static struct slice error_id_of(const struct step *step)
{
    struct slice id = step->http->lync.response_document.error_id;

    return id.length ? id : step->http->lync.diagnostics.id;
}

static enum fault fault_of(const struct step *step)
{
    const struct lync_exchange *lync = &step->http->lync;
    bool password = lync->request_document.has_username_token ||
                    slice_is_text(lync->request_document.grant_type, "password");
    bool fault = lync->response_document.kind == DOCUMENT_FAULT;

    if (!step->http->response.present || lync->service != SERVICE_WEBTICKET ||
        step->http->response.status < 400 || lync->response_document.passive_auth_uri.length)
        return FAULT_NONE;
    if (speaks_of(step, "account is disabled"))
        return FAULT_DISABLED;
    if (fault && speaks_of(step, "SIP URI in the claim"))
        return FAULT_SIP_URI;
    if (slice_is_text(error_id_of(step), "28020") && password)
        return lync->response_document.kind == DOCUMENT_OAUTH_ERROR ? FAULT_NONE
                                                                    : FAULT_CREDENTIALS;
    return fault ? FAULT_OTHER : FAULT_NONE;
}

static const char *fault_text(struct diagnosis *d, const struct step *step)
{
    const struct document *document = &step->http->lync.response_document;
    struct slice reason = document->reason.length ? document->reason
                          : step->http->lync.diagnostics.reason.length
                              ? step->http->lync.diagnostics.reason
                              : document->fault_string;
    struct slice id = error_id_of(step);

    return diagnosis_text(d, "%s%s%s%s%s", diagnosis_escaped(d, document->fault_code),
                          document->fault_code.length ? ", " : "",
                          id.length ? diagnosis_escaped(d, id) : "", id.length ? ": " : "",
                          reason.length ? diagnosis_escaped(d, reason) : "no reason given");
}

static bool ticket_came_later(const struct diagnosis *d, const struct step *fault)
{
    for (size_t i = fault->number; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && (step->http->lync.response_document.kind == DOCUMENT_RSTR ||
                           step->http->lync.response_document.kind == DOCUMENT_OAUTH_TOKEN))
            return true;
    }
    return false;
}

/* argument: which fault */
static void find_fault(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && fault_of(step) == (enum fault)rule->argument &&
            !ticket_came_later(d, step)) {
            diagnosis_add_first(d, rule,
                                (struct about){ .step = step, .detail = fault_text(d, step) });
        }
    }
}

/* ---- using the ticket ---- */

static bool accepted_later(const struct diagnosis *d, const struct step *refused)
{
    for (size_t i = refused->number; i < d->signin->step_count; i++)
        if (http_carries_ticket(&d->signin->steps[i]) && http_is_good(&d->signin->steps[i]) &&
            d->signin->steps[i].http->lync.resource == refused->http->lync.resource)
            return true;
    return false;
}

static void find_rejected(struct diagnosis *d, const struct rule *rule)
{
    bool other = diagnosis_has(d, "oauth-resource-mismatch");

    for (size_t i = 0; !other && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (http_carries_ticket(step) && http_status_is(step, 401) && !accepted_later(d, step))
            diagnosis_add_first(d, rule, (struct about){ .step = step });
    }
}

/* When the last ticket before this step ends; 0 when that is not known. */
static int64_t ticket_end(const struct diagnosis *d, const struct step *step,
                          const struct step **issued)
{
    int64_t end = 0;

    for (size_t i = 0; i + 1 < step->number; i++) {
        const struct step *other = &d->signin->steps[i];
        const struct document *document = other->http ? &other->http->lync.response_document : NULL;

        if (document && document->kind == DOCUMENT_RSTR && document->expires_ns) {
            end = document->expires_ns;
            *issued = other;
        } else if (document && document->kind == DOCUMENT_OAUTH_TOKEN &&
                   document->expires_in_s > 0 && document->expires_in_s < 1000000) {
            end = other->time_ns + document->expires_in_s * SECOND_NS;
            *issued = other;
        }
    }
    return end;
}

static bool is_skewed(const struct step *step)
{
    const struct document *document = &step->http->lync.response_document;
    int64_t off = document->created_ns - step->time_ns;

    if (document->kind != DOCUMENT_RSTR || !document->created_ns)
        return false;
    return off > SKEW_LIMIT || off < -SKEW_LIMIT ||
           (document->expires_ns && document->created_ns > document->expires_ns);
}

static void find_expired(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct step *issued = NULL;
        int64_t end = http_carries_ticket(step) ? ticket_end(d, step, &issued) : 0;

        if (end && step->time_ns > end && !is_skewed(issued)) {
            diagnosis_add_first(
                d, rule,
                (struct about){ .step = step,
                                .also = issued,
                                .detail = diagnosis_text(
                                    d, "%lld s", (long long)((step->time_ns - end) / SECOND_NS)) });
        }
    }
}

static void find_skew(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        int64_t off;

        if (!step->http || !is_skewed(step))
            continue;
        off = (step->http->lync.response_document.created_ns - step->time_ns) / SECOND_NS;
        diagnosis_add_first(d, rule,
                            (struct about){ .step = step,
                                            .detail = diagnosis_text(
                                                d, "%lld s %s", (long long)(off < 0 ? -off : off),
                                                off < 0 ? "behind" : "ahead of") });
    }
}

static const struct rule rules[] = {
    { .id = "no-webticket-url",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_WEBTICKET,
      .find = find_no_url,
      .title = "The 401 does not say where to get a ticket",
      .cause = "The 401 of {url} has neither X-MS-WebTicketURL nor an MsRtcOAuth challenge: a "
               "proxy removed it, or the "
               "401 does not come from Lync.",
      .fix = "Let the proxy pass the header; switch its own authentication off.",
      .user_sees = "It stops after discovery.",
      .wire = "root/user 401 without X-MS-WebTicketURL and without MsRtcOAuth.",
      .reference = "SEED3; OCDISC; SIPE",
      .result = "no ticket address" },
    { .id = "webticket-url-internal",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_WEBTICKET,
      .find = find_internal_url,
      .title = "An outside client gets an internal ticket address",
      .cause = "{client} is outside, but is told to get its ticket at {host}: the internal web "
               "site answered.",
      .fix = "Let the proxy use the external web site (443 to 4443).",
      .user_sees = "It stops after discovery.",
      .wire = "X-MS-WebTicketURL with an internal name or with http, given to an external client.",
      .reference = "SEED0; SEED4",
      .result = "internal ticket address" },
    { .id = "webticket-host-differs",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_WEBTICKET,
      .find = find_other_host,
      .title = "The ticket address is on another host",
      .cause = "{name} sends the client to {host} for its ticket: the external name of that pool "
               "may be wrong.",
      .fix = "Check the external web services name of the pool in the topology.",
      .user_sees = "It may fail in DNS or TLS.",
      .wire = "The host of X-MS-WebTicketURL differs from that of the 401.",
      .reference = "OCDISC; general",
      .result = "ticket on another host" },
    { .id = "mex-fail",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_WEBTICKET,
      .find = find_mex,
      .title = "The ticket service's description is not to be had",
      .cause = "The answer to {url} is {detail}: the directory is blocked, or the WCF handlers of "
               "IIS are missing.",
      .fix = "Publish /WebTicket/*; repair the IIS and WCF activation features.",
      .user_sees = "It stops before the password is checked.",
      .wire = "GET .../mex is not 200, or not XML.",
      .reference = "SEED3; SIPE; CONNTRACE",
      .result = "ticket service unreachable" },
    { .id = "rst-account-disabled",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_WEBTICKET,
      .find = find_fault,
      .argument = FAULT_DISABLED,
      .title = "The account is disabled",
      .cause = "The ticket service says so ({detail}).",
      .fix = "Enable the account in Active Directory.",
      .user_sees = "Account disabled.",
      .wire = "The answer holds \"account is disabled\".",
      .reference = "SWF",
      .result = "account disabled" },
    { .id = "rst-sipuri-mismatch",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_WEBTICKET,
      .find = find_fault,
      .argument = FAULT_SIP_URI,
      .title = "The sign-in address does not belong to the account",
      .cause = "The ticket service says that the SIP address {user} is not that of the account "
               "that logged on.",
      .fix = "Use the account's own SIP address, or repair msRTCSIP-PrimaryUserAddress.",
      .user_sees = "The sign-in fails though the password is right.",
      .wire = "A fault that speaks of the SIP URI in the claim.",
      .reference = "ODDLOG",
      .result = "SIP address of another account" },
    { .id = "rst-fault-28020",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_WEBTICKET,
      .find = find_fault,
      .argument = FAULT_CREDENTIALS,
      .title = "Wrong user name or password",
      .cause = "The ticket service refused the credentials ({detail}).",
      .fix = "Check the account and the password.",
      .user_sees = "Wrong password.",
      .wire = "Error 28020 for a user name token or a password grant.",
      .reference = "SWF; UCWADOC",
      .result = "wrong password" },
    { .id = "rst-fault",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_WEBTICKET,
      .find = find_fault,
      .argument = FAULT_OTHER,
      .title = "The ticket service refuses a ticket",
      .cause = "It answers the request with a fault: {detail}",
      .fix = "Act on the reason given; the server's event log has more.",
      .user_sees = "A credential error, or a generic one.",
      .wire = "POST to the ticket service is answered by 500 with a Fault.",
      .reference = "OCAUTH; SWF",
      .result = "ticket refused" },
    { .id = "ticket-clock-skew",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_WEBTICKET,
      .find = find_skew,
      .title = "The ticket service's clock is wrong",
      .cause = "The ticket's creation time is {detail} the capture's clock, or after its own end.",
      .fix = "Synchronise the time of the servers (and check the clock of the capturing machine).",
      .user_sees = "Random failures.",
      .wire = "Created differs by more than 5 minutes, or Created is after Expires.",
      .reference = "general",
      .result = "server clock wrong" },
    { .id = "ticket-rejected",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_WEBTICKET,
      .find = find_rejected,
      .title = "{name} refuses the ticket",
      .cause = "The request {url} carried a ticket and got 401: the ticket has expired, is for "
               "another pool, or the "
               "servers' clocks differ.",
      .fix = "Synchronise the servers' time; check that the ticket was issued for this host.",
      .user_sees = "It asks for a ticket again and again.",
      .wire = "A request with X-MS-WebTicket or Bearer is answered by 401.",
      .reference = "OCDISC; UCWADOC",
      .result = "ticket refused" },
    { .id = "ticket-expired-use",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_WEBTICKET,
      .find = find_expired,
      .title = "The client uses an expired ticket",
      .cause = "The ticket was used {detail} after its end: the client did not renew it.",
      .fix = "None on the server; check the device's clock.",
      .user_sees = "It logs in again.",
      .wire = "A ticket used after Expires, or after expires_in.",
      .reference = "UCWADOC; SIPE",
      .result = "expired ticket" },
};

const struct rule_table rules_webticket = { rules, sizeof rules / sizeof *rules };
