/* rules_pool.c: how a client meets the servers of its pool
 *
 * Tickets and UCWA applications live on the front end that made them, so that
 * the load balancer must keep a client there.  X-MS-Server-Fqdn tells front
 * ends apart; where it is missing, the address behind the proxy does.
 */
#include "facts_mobility.h"

#include <string.h>

/* ---- affinity ---- */

struct front_end {
    struct slice fqdn;              /* empty: known by its address only */
    const struct endpoint *address; /* NULL: unknown */
};

static struct front_end front_end_of(const struct step *step)
{
    struct front_end server = { .fqdn = step->http->lync.server_fqdn };

    if (step->relay)
        server.address = &step->relay->to.endpoint;
    else if (step->leg == LEG_INTERNAL)
        server.address = &step->to.endpoint;
    return server;
}

static bool are_two(struct front_end a, struct front_end b)
{
    if (a.fqdn.length && b.fqdn.length)
        return !slice_equals_nocase(a.fqdn, b.fqdn);
    return !a.fqdn.length && !b.fqdn.length && a.address && b.address &&
           !address_equals(&a.address->address, &b.address->address);
}

static const char *front_end_name(struct diagnosis *d, struct front_end server)
{
    char text[ADDRESS_TEXT_SIZE];

    if (server.fqdn.length)
        return diagnosis_escaped(d, server.fqdn);
    address_format(&server.address->address, text);
    return diagnosis_text(d, "%s", text);
}

/* From the ticket on the client has something that a front end must remember. */
static bool is_of_session(const struct step *step)
{
    enum document_kind kind = step->http->lync.response_document.kind;

    return http_carries_ticket(step) || kind == DOCUMENT_RSTR || kind == DOCUMENT_OAUTH_TOKEN;
}

static bool is_of_site(const struct step *step)
{
    return step->http && step->http->request.host.length &&
           !(step->to.name && name_is_online_service(step->to.name));
}

/* The step before it in the session that another front end answered; a front end that failed in
 * between was rightly left. */
static const struct step *other_front_end(const struct diagnosis *d, const struct step *step)
{
    for (size_t i = step->number - 1; i-- > 0;) {
        const struct step *before = &d->signin->steps[i];

        if (!is_of_site(before) ||
            !slice_equals_nocase(before->http->request.host, step->http->request.host))
            continue;
        if (!before->http->response.present || before->http->response.status >= 500)
            return NULL;
        if (is_of_session(before))
            return are_two(front_end_of(before), front_end_of(step)) ? before : NULL;
    }
    return NULL;
}

static void add_affinity(struct diagnosis *d, const struct rule *rule, const struct step *step)
{
    static const enum severity fatal = SEVERITY_ERROR;
    const struct step *made = mobility_creation_of(d, step);
    const struct step *before =
        made && are_two(front_end_of(made), front_end_of(step)) ? made : other_front_end(d, step);
    bool stuck = step == mobility_last_word(d) && mobility_is_lost(d, step);

    if (!before)
        return;
    diagnosis_add(d, rule,
                  (struct about){ .step = step,
                                  .also = before,
                                  .severity = stuck ? &fatal : NULL,
                                  .host = front_end_name(d, front_end_of(step)),
                                  .detail = front_end_name(d, front_end_of(before)) });
}

/* Of several changes the one that did harm is told. */
static void find_affinity(struct diagnosis *d, const struct rule *rule)
{
    const struct step *found = NULL;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!is_of_site(step) || !is_of_session(step) || !step->http->response.present ||
            step->http->response.status >= 500 || !other_front_end(d, step))
            continue;
        if (!found || mobility_is_lost(d, step))
            found = step;
    }
    if (found)
        add_affinity(d, rule, found);
}

/* ---- one name for mobility ---- */

static bool is_mobility_request(const struct step *step)
{
    return is_of_site(step) && step->stage == STAGE_MOBILITY && http_carries_ticket(step);
}

static bool is_external(struct diagnosis *d, const struct step *step)
{
    const char *host = diagnosis_lower(d, step->http->request.host);

    return host && !text_is_internal_name(d, host);
}

/* After a failure the client may try the other address it has been given. */
static void find_two_names(struct diagnosis *d, const struct rule *rule)
{
    const struct step *before = NULL;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!is_mobility_request(step) || !is_external(d, step))
            continue;
        if (before && http_is_good(before) &&
            !slice_equals_nocase(before->http->request.host, step->http->request.host)) {
            diagnosis_add(
                d, rule,
                (struct about){ .step = step,
                                .also = before,
                                .name = diagnosis_escaped(d, step->http->request.host),
                                .host = diagnosis_escaped(d, before->http->request.host) });
            return;
        }
        before = step;
    }
}

/* ---- no pool at all ---- */

static void find_no_backup(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (http_status_is(step, 410) &&
            slice_is_text_nocase(step->http->lync.response_document.subcode, "CannotRedirect"))
            diagnosis_add_first(d, rule, (struct about){ .step = step });
    }
}

static const struct rule rules[] = {
    { .id = "user-410-no-backup",
      .severity = SEVERITY_CRITICAL,
      .stage = STAGE_TOPOLOGY,
      .find = find_no_backup,
      .title = "The home pool is down and has no backup pool",
      .cause = "The answer to {url} is 410 CannotRedirect: the home pool of {user} is out of "
               "service, and no other pool is paired with it to take over.",
      .fix = "Bring the home pool back; pair pools so that another one can take over.",
      .user_sees = "Cannot sign in during the outage.",
      .wire = "410 with subcode CannotRedirect.",
      .reference = "UCWADOC",
      .result = "no backup pool" },
    { .id = "affinity-broken",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_TOPOLOGY,
      .find = find_affinity,
      .title = "Requests of one client go to different front ends",
      .cause = "{url} was answered by {host}, an earlier request of the same session by {detail}: "
               "the load balancer does not keep {client} at one front end, and tickets and "
               "applications are known only where they were made.",
      .fix = "Set source address affinity at the load balancer for the web services.",
      .user_sees = "Random failures; it is signed out by itself.",
      .wire = "X-MS-Server-Fqdn changes between requests of one client to one name during a ticket "
              "or UCWA session.",
      .reference = "SEED4",
      .result = "no affinity" },
    { .id = "mobility-fqdn-inconsistent",
      .severity = SEVERITY_ERROR,
      .stage = STAGE_TOPOLOGY,
      .find = find_two_names,
      .title = "Mobility requests go to two names",
      .cause = "In one session the client asks {host} and then {name} for the mobility service: "
               "all mobility requests must go to the same external web name.",
      .fix = "Check the external web services name of the pool and what the proxy rewrites in "
             "links.",
      .user_sees = "It breaks when the phone changes between networks.",
      .wire = "One client uses different external names for mobility requests in one session.",
      .reference = "SEED4",
      .result = "two mobility names" },
};

const struct rule_table rules_pool = { rules, sizeof rules / sizeof *rules };
