/* rules_auth_binding.c: Windows credentials bound to the TLS connection (RFC 5929, MS-NLMP 2.2.2.1)
 *
 * With Extended Protection the client's answer holds a hash of the certificate
 * it saw.  Behind a proxy that ends TLS that is another certificate than the
 * server's.  The refusal looks like that of a wrong password, but for the code
 * in IIS' detailed error page, in its log or in a trace that quotes it.
 */
#include "diagnose.h"

/* SEC_E_BAD_BINDINGS in the ways it is written. */
static bool holds_bad_bindings(struct slice text)
{
    static const char *const words[] = { "80090346", "2148074310", "SEC_E_BAD_BINDINGS" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_find_text_nocase(text, words[i]) < text.length)
            return true;
    return false;
}

static bool says_bad_bindings(const struct http_exchange *http)
{
    return holds_bad_bindings(http->response.body.kept) ||
           holds_bad_bindings(http->response.reason) ||
           holds_bad_bindings(http->lync.diagnostics.reason);
}

static void find_epa(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!http_status_is(step, 401) || http_is_expected_401(step) || http_carries_ticket(step))
            continue;
        /* The proxy may put a page of its own in the place of IIS' one. */
        if (says_bad_bindings(step->http) ||
            (step->relay && step->relay->http && says_bad_bindings(step->relay->http))) {
            diagnosis_add_first(d, rule, (struct about){ .step = step });
        }
    }
}

static const struct rule rules[] = {
    { .id = "auth-epa",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_AUTH,
      .find = find_epa,
      .title = "Extended protection refuses credentials that came through the proxy",
      .cause = "{name} refuses the Windows credentials of {user} with SEC_E_BAD_BINDINGS: they are "
               "bound to the certificate of the proxy, which ends TLS, and not to the server's "
               "own.",
      .fix = "Turn Extended Protection for Authentication off on the external web site.",
      .user_sees = "A password prompt that comes back though the password is right.",
      .wire = "401 to an NTLM type 3 or Kerberos token with code 0x80090346 (2148074310, "
              "SEC_E_BAD_BINDINGS) in IIS' error page or log.",
      .reference = "general",
      .result = "extended protection behind a proxy" },
};

const struct rule_table rules_auth_binding = { rules, sizeof rules / sizeof *rules };
