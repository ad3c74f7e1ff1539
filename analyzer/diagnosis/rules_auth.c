/* rules_auth.c: who the client says it is (RFC 4559, MS-NLMP, RFC 6749) */
#include "diagnose.h"

#include <string.h>

enum { LOCKOUT_REFUSALS = 3, SPRAY_USERS = 5 };
#define LOCKOUT_TIME (300 * SECOND_NS)

static bool is_type3(const struct step *step)
{
    return step->http && step->http->lync.credential == CREDENTIAL_NTLM_AUTHENTICATE;
}

static bool was_refused(const struct step *step)
{
    return is_type3(step) && http_status_is(step, 401) &&
           step->http->lync.challenge.token.type != 2;
}

static const char *account_of(struct diagnosis *d, const struct step *step)
{
    const struct ntlm_facts *ntlm = &step->http->lync.ntlm;

    if (ntlm->user.length == 0)
        return "an empty user name";
    if (ntlm->domain.length == 0)
        return diagnosis_escaped(d, ntlm->user);
    return diagnosis_text(d, "%s\\%s", diagnosis_escaped(d, ntlm->domain),
                          diagnosis_escaped(d, ntlm->user));
}

/* The same resource was entered after all: a second mechanism, or a corrected password. */
static bool succeeded_later(const struct diagnosis *d, const struct step *refused)
{
    for (size_t i = refused->number; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (http_is_good(step) && (step->http->lync.resource == refused->http->lync.resource ||
                                   http_carries_ticket(step)))
            return true;
    }
    return false;
}

/* Two legs of one handshake on two connections: the proxy does not keep them together. */
static bool handshake_is_torn(const struct diagnosis *d, const struct step *type3)
{
    const struct step *type1 = NULL;

    if (type3->http->lync.challenge.token.type == 2)
        return true;
    for (size_t i = 0; i + 1 < type3->number; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && step->http->lync.credential == CREDENTIAL_NTLM_NEGOTIATE)
            type1 = step;
    }
    if (!type1)
        return false;
    if (type1->flow != type3->flow && type1->leg == type3->leg)
        return true;
    return type1->relay && type3->relay && type1->relay->http && type3->relay->http &&
           !endpoint_equals(&type1->relay->http->client, &type3->relay->http->client);
}

static void find_torn(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (is_type3(step) && http_status_is(step, 401) && handshake_is_torn(d, step) &&
            !succeeded_later(d, step)) {
            diagnosis_add_first(d, rule, (struct about){ .step = step });
        }
    }
}

static void find_anonymous(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (is_type3(&d->signin->steps[i]) && d->signin->steps[i].http->lync.ntlm.anonymous &&
            !http_is_good(&d->signin->steps[i])) {
            diagnosis_add_first(d, rule, (struct about){ .step = &d->signin->steps[i] });
        }
}

static bool is_lasting_refusal(const struct diagnosis *d, const struct step *step)
{
    return was_refused(step) && !succeeded_later(d, step) && !step->http->lync.ntlm.anonymous;
}

static const struct step *first_refusal(const struct diagnosis *d)
{
    for (size_t i = 0; i < d->signin->step_count; i++)
        if (is_lasting_refusal(d, &d->signin->steps[i]))
            return &d->signin->steps[i];
    return NULL;
}

static void find_refused(struct diagnosis *d, const struct rule *rule)
{
    bool torn = diagnosis_has(d, "auth-ntlm-connection-broken");

    for (size_t i = 0; !torn && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (is_lasting_refusal(d, step))
            diagnosis_add_first(d, rule,
                                (struct about){ .step = step, .detail = account_of(d, step) });
    }
}

static bool same_account(const struct step *a, const struct step *b)
{
    return slice_equals_nocase(a->http->lync.ntlm.user, b->http->lync.ntlm.user);
}

static void find_lockout(struct diagnosis *d, const struct rule *rule)
{
    const struct step *last = NULL;
    struct neighbours near = diagnosis_neighbours(d);
    unsigned refusals = 0;

    for (size_t i = 0; first_refusal(d) && i < d->signin->step_count; i++)
        if (was_refused(&d->signin->steps[i]))
            last = &d->signin->steps[i];

    for (size_t k = near.first; last && k <= near.own; k++) {
        const struct signin *other = model_signin(d->model, k);

        for (size_t i = 0; i < other->step_count; i++)
            if (was_refused(&other->steps[i]) && same_account(&other->steps[i], last) &&
                other->steps[i].time_ns <= last->time_ns &&
                last->time_ns - other->steps[i].time_ns <= LOCKOUT_TIME)
                refusals++;
    }
    if (refusals >= LOCKOUT_REFUSALS)
        diagnosis_add(d, rule,
                      (struct about){ .step = last,
                                      .name = account_of(d, last),
                                      .detail = diagnosis_text(d, "%u", refusals) });
}

static bool fails_to_authenticate(const struct step *step)
{
    return was_refused(step) ||
           (step->http && step->http->lync.response_document.kind == DOCUMENT_OAUTH_ERROR &&
            slice_is_text(step->http->lync.response_document.oauth_error, "invalid_grant")) ||
           (step->http && step->http->lync.response_document.kind == DOCUMENT_FAULT &&
            step->http->lync.request_document.has_username_token);
}

/* Many people failing from one address within the capture. */
static void find_spray(struct diagnosis *d, const struct rule *rule)
{
    const char *seen[SPRAY_USERS];
    const struct step *mine = NULL;
    struct neighbours near = diagnosis_neighbours(d);
    size_t users = 0;

    for (size_t i = 0; i < d->signin->step_count; i++)
        if (fails_to_authenticate(&d->signin->steps[i]))
            mine = &d->signin->steps[i];
    for (size_t k = near.first; mine && k <= near.own && users < SPRAY_USERS; k++) {
        const struct signin *other = model_signin(d->model, k);
        bool failed = false, known = !other->user;

        if (!address_equals(&other->client.endpoint.address, &d->signin->client.endpoint.address))
            continue;
        for (size_t i = 0; i < other->step_count; i++)
            failed |= fails_to_authenticate(&other->steps[i]);
        for (size_t i = 0; i < users && !known; i++)
            known = strcmp(seen[i], other->user) == 0;
        if (failed && !known)
            seen[users++] = other->user;
    }
    if (users == SPRAY_USERS)
        diagnosis_add(d, rule, (struct about){ .step = mine });
}

static void find_no_windows(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct challenge *challenge = step->http ? &step->http->lync.challenge : NULL;

        if (challenge && step->http->lync.resource == RESOURCE_TICKET &&
            http_status_is(step, 401) && step->http->lync.credential == CREDENTIAL_NONE &&
            !challenge->negotiate && !challenge->ntlm && !challenge->has_token &&
            !diagnosis_has_at(d, "proxy-strips-headers", step)) {
            diagnosis_add_first(d, rule, (struct about){ .step = step });
        }
    }
}

static void find_kerberos(struct diagnosis *d, const struct rule *rule)
{
    static const enum severity fatal = SEVERITY_ERROR;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!step->http || step->http->lync.credential != CREDENTIAL_KERBEROS ||
            !http_status_is(step, 401) || step->http->lync.challenge.has_token)
            continue;
        diagnosis_add_first(d, rule,
                            (struct about){ .step = step,
                                            .severity = succeeded_later(d, step) ? NULL : &fatal,
                                            .detail = succeeded_later(d, step)
                                                          ? "NTLM then worked"
                                                          : "nothing else worked" });
    }
}

static void find_domain(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct ntlm_facts *ntlm = step->http ? &step->http->lync.ntlm : NULL;

        if (ntlm && was_refused(step) && ntlm->domain.length &&
            slice_equals_nocase(ntlm->domain, ntlm->workstation)) {
            diagnosis_add_first(d, rule,
                                (struct about){ .step = step, .detail = account_of(d, step) });
        }
    }
}

/* ---- OAuth ---- */

static bool oauth_error_is(const struct step *step, const char *error)
{
    return step->http && step->http->lync.response_document.kind == DOCUMENT_OAUTH_ERROR &&
           slice_is_text(step->http->lync.response_document.oauth_error, error);
}

static bool asks_with_password(const struct step *step)
{
    return slice_is_text(step->http->lync.request_document.grant_type, "password");
}

static void find_invalid_grant(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (oauth_error_is(step, "invalid_grant") && !succeeded_later(d, step) &&
            !step->http->lync.response_document.passive_auth_uri.length &&
            (asks_with_password(step) ||
             step->http->lync.request_document.grant_type.length == 0)) {
            diagnosis_add_first(
                d, rule,
                (struct about){
                    .step = step,
                    .detail = step->http->lync.request_document.username.length
                                  ? diagnosis_escaped(d, step->http->lync.request_document.username)
                                  : "the user" });
        }
    }
}

/* argument 0: unsupported_grant_type; 1: server_error */
static void find_oauth_error(struct diagnosis *d, const struct rule *rule)
{
    const char *error = rule->argument ? "server_error" : "unsupported_grant_type";

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (oauth_error_is(step, error) && !succeeded_later(d, step)) {
            diagnosis_add_first(
                d, rule,
                (struct about){
                    .step = step,
                    .detail = diagnosis_escaped(d, step->http->lync.request_document.grant_type) });
        }
    }
}

/* A token is for one host: used at another one right after a redirect, it is refused. */
static void find_other_resource(struct diagnosis *d, const struct rule *rule)
{
    const struct step *good = NULL;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        bool bearer = step->http && step->http->lync.credential == CREDENTIAL_BEARER;
        unsigned status =
            step->http && step->http->response.present ? step->http->response.status : 0;

        if (step->http && step->http->lync.response_document.kind == DOCUMENT_OAUTH_TOKEN)
            good = NULL; /* a new token was asked for */
        if (bearer && http_is_good(step) && step->http->lync.response_document.redirect.length)
            good = step;
        if (!bearer || !good || (status != 401 && status != 403 && status != 404) ||
            slice_equals_nocase(step->http->request.host, good->http->request.host))
            continue;
        diagnosis_add_first(
            d, rule,
            (struct about){ .step = step,
                            .also = good,
                            .name = diagnosis_escaped(d, step->http->request.host),
                            .host = diagnosis_escaped(d, good->http->request.host) });
    }
}

static void find_live_id(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        const struct document *document = step->http ? &step->http->lync.response_document : NULL;

        if (document && document->kind == DOCUMENT_FAULT &&
            (slice_is_text_nocase(document->error_id, "0x80048821") ||
             slice_is_text_nocase(document->error_id, "0x80047860"))) {
            diagnosis_add_first(d, rule, (struct about){ .step = step });
        }
    }
}

/* Only on the client's own leg: behind a proxy that ends TLS the inner leg is meant to be plain. */
static void find_plaintext(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!http_is_client_leg(step) || step->http->encrypted)
            continue;
        if (step->http->lync.credential != CREDENTIAL_NONE ||
            step->http->lync.request_document.has_username_token || asks_with_password(step)) {
            diagnosis_add(d, rule, (struct about){ .step = step, .evidence = &step->evidence[0] });
            return;
        }
    }
}

static const struct rule rules[] = {
    { .id = "auth-ntlm-connection-broken",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_AUTH,
      .find = find_torn,
      .title = "The NTLM handshake is torn apart",
      .cause = "NTLM authenticates a connection, but its messages travel on different ones (or the "
               "answer to the last is "
               "a new challenge): the proxy shares or changes its connections to the pool.",
      .fix = "Let the proxy keep one backend connection for each client connection, and use source "
             "affinity at the load "
             "balancer.",
      .user_sees = "An endless password prompt though the password is right.",
      .wire = "Type 1 and type 3 on different connections, or type 3 answered by a new type 2.",
      .reference = "SEED4; general",
      .result = "NTLM torn apart by the proxy" },
    { .id = "auth-anonymous-type3",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_AUTH,
      .find = find_anonymous,
      .title = "The client signs in without a name",
      .cause = "The NTLM message holds an empty user name: the client has no credentials.",
      .fix = "Enter user name and password in the client.",
      .user_sees = "The sign-in fails.",
      .wire = "A type 3 message with an empty user.",
      .reference = "NLMP",
      .result = "no credentials" },
    { .id = "auth-repeat-lockout",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_AUTH,
      .find = find_lockout,
      .title = "{name} fails again and again",
      .cause = "The same account was refused {detail} times within five minutes: a device repeats "
               "an old password, which "
               "locks the account.",
      .fix = "Update the password saved on the device, then unlock the account.",
      .user_sees = "The account is locked.",
      .wire = "Three or more refusals of one account in 5 minutes.",
      .reference = "general",
      .result = "repeated wrong password" },
    { .id = "auth-401-after-type3",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_AUTH,
      .find = find_refused,
      .title = "Wrong user name or password",
      .cause = "{name} refused the credentials of {detail}: 401 again after the complete NTLM "
               "handshake. The password is "
               "wrong or expired, the account is locked or disabled, or the domain is not right.",
      .fix = "Check the account; the reason is in the sc-win32-status of the IIS log and in "
             "security event 4625 of the "
             "server.",
      .user_sees = "Wrong user name or password.",
      .wire = "401 to a request with NTLM type 3, without a server token, and no 200 later.",
      .reference = "SEED3; NLMP; MCXTEST",
      .result = "wrong password" },
    { .id = "auth-spray",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_AUTH,
      .find = find_spray,
      .title = "Many accounts fail from {client}",
      .cause = "Five or more different users failed to authenticate from this one address: "
               "password spraying, or a site "
               "whose passwords all changed.",
      .fix = "Check the address; block it, and use lockout and multi-factor rules.",
      .wire = "Five or more user names failing from one address.",
      .reference = "ISSUES; SWF",
      .result = "password spraying" },
    { .id = "auth-negotiate-missing",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_AUTH,
      .find = find_no_windows,
      .title = "The ticket service offers no Windows authentication",
      .cause = "The 401 of {url} offers neither Negotiate nor NTLM: Windows authentication is "
               "switched off, or a proxy "
               "removed the offer.",
      .fix = "Enable UseWindowsAuth in the web service configuration; let WWW-Authenticate pass "
             "the proxy.",
      .user_sees = "Cannot sign in.",
      .wire = "A 401 of the ticket service without Negotiate and NTLM.",
      .reference = "MCXTEST; SIPE",
      .result = "no Windows authentication" },
    { .id = "auth-kerberos-fail",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_AUTH,
      .find = find_kerberos,
      .title = "Kerberos is refused",
      .cause = "{name} refused the Kerberos ticket; {detail}. The service principal name, the time "
               "or the realm is wrong.",
      .fix = "Set the Kerberos account and the HTTP service principal name of the pool.",
      .user_sees = "A slow sign-in.",
      .wire = "Negotiate with a Kerberos token is answered by 401, then NTLM follows.",
      .reference = "general",
      .result = "Kerberos refused" },
    { .id = "auth-domain-unexpected",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_AUTH,
      .find = find_domain,
      .title = "The client names itself as the domain",
      .cause = "The account was sent as {detail}, where the domain is the device's own name: the "
               "user typed a plain name.",
      .fix = "Enter the user as DOMAIN\\user or user@domain.",
      .user_sees = "Wrong password.",
      .wire = "The type 3 domain equals the workstation name.",
      .reference = "SWF",
      .result = "wrong logon domain" },
    { .id = "oauth-invalid-grant",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_AUTH,
      .find = find_invalid_grant,
      .title = "Wrong user name or password",
      .cause = "The token service refused {detail} with invalid_grant.",
      .fix = "Check the account and the password.",
      .user_sees = "Wrong password.",
      .wire = "oauthtoken 400 invalid_grant for a password grant.",
      .reference = "UCWADOC",
      .result = "wrong password" },
    { .id = "oauth-unsupported-grant",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_AUTH,
      .find = find_oauth_error,
      .argument = 0,
      .title = "The way of signing in is switched off",
      .cause = "The token service does not allow the grant type {detail}.",
      .fix = "Enable that authentication type on the pool, or use another one.",
      .user_sees = "Cannot sign in.",
      .wire = "400 unsupported_grant_type (X-Ms-diagnostics 28029).",
      .reference = "UCWADOC",
      .result = "grant type not allowed" },
    { .id = "oauth-server-error",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_AUTH,
      .find = find_oauth_error,
      .argument = 1,
      .title = "The token service fails",
      .cause = "The token request was answered by server_error.",
      .fix = "Read the server's logs.",
      .user_sees = "A generic error.",
      .wire = "400 or 500 server_error.",
      .reference = "UCWADOC",
      .result = "token service error" },
    { .id = "oauth-resource-mismatch",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_AUTH,
      .find = find_other_resource,
      .title = "The token is for another host",
      .cause = "A token got for {host} was used at {name} after the redirect, without asking for a "
               "new one: {status}.",
      .fix = "The client must ask for a token for each host it is redirected to.",
      .user_sees = "Cannot sign in (Online).",
      .wire = "A Bearer request gets 401, 403 or 404 right after a redirect to another host.",
      .reference = "UCWADOC; ISSUES",
      .result = "token for another host" },
    { .id = "liveid-federated",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_AUTH,
      .find = find_live_id,
      .title = "The domain is federated",
      .cause = "The online login refuses the password because the domain signs in at its own token "
               "service.",
      .fix = "Configure the federation (ADFS) path for {domain}.",
      .user_sees = "The password is refused.",
      .wire = "SOAP 1.2 fault 0x80048821 or 0x80047860.",
      .reference = "ISSUES; SIPE",
      .result = "federated domain" },
    { .id = "plaintext-credentials-80",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_AUTH,
      .find = find_plaintext,
      .title = "Credentials travel unencrypted",
      .cause = "{client} sent credentials or a ticket to {server} without TLS: the redirect to "
               "HTTPS is missing.",
      .fix = "Answer HTTP requests with the redirect only; everything behind it must be HTTPS.",
      .wire =
          "Authorization, X-MS-WebTicket or a password on an unencrypted connection of the client.",
      .reference = "SEED2; SEED4",
      .result = "credentials in the clear" },
};

const struct rule_table rules_auth = { rules, sizeof rules / sizeof *rules };
