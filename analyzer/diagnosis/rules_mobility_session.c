/* rules_mobility_session.c: what befalls a client inside the mobility service
 *
 * It keeps a long poll on events open; that it hangs for minutes and ends with
 * 200 is normal, and so is silence after DELETE of the application.  Lync 2010
 * on iOS is woken by Apple's push service instead, on port 5223.
 */
#include "facts_mobility.h"

/* ---- the application ---- */

static bool is_mobility_good(const struct step *step)
{
    return step->stage == STAGE_MOBILITY && http_is_good(step);
}

static bool recovered(const struct diagnosis *d, const struct step *lost)
{
    for (size_t i = lost->number; i < d->signin->step_count; i++)
        if (is_mobility_good(&d->signin->steps[i]))
            return true;
    return false;
}

static void find_lost(struct diagnosis *d, const struct rule *rule)
{
    static const enum severity fatal = SEVERITY_ERROR;
    const struct step *found = NULL, *made;

    for (size_t i = 0; i < d->signin->step_count; i++)
        if (mobility_is_lost(d, &d->signin->steps[i]))
            found = &d->signin->steps[i];
    if (!found || diagnosis_has_at(d, "affinity-broken", found))
        return;
    made = mobility_creation_of(d, found);
    diagnosis_add(
        d, rule,
        (struct about){ .step = found,
                        .also = made,
                        .severity = recovered(d, found) ? NULL : &fatal,
                        .detail = diagnosis_duration(d, found->time_ns - made->time_ns) });
}

/* ---- long polls ---- */

static void find_cut(struct diagnosis *d, const struct rule *rule)
{
    const struct step *first = NULL, *last = NULL;
    unsigned count = 0;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (!mobility_is_cut_poll(d, step))
            continue;
        first = first ? first : step;
        last = step;
        count++;
    }
    if (count > 1)
        diagnosis_add(
            d, rule,
            (struct about){ .step = last,
                            .also = first,
                            .detail = diagnosis_text(d, "%u times after %.0f s", count,
                                                     (double)mobility_cut_age_ns(last) / 1e9) });
}

/* ---- push ---- */

/* Of an encrypted sign-in it is not known which app it is. */
static bool may_need_push(const struct signin *signin)
{
    if (!signin->user_agent)
        return true;
    return mobility_client(signin) == MOBILE_2010 && signin->device &&
           slice_is_text(slice_of_text(signin->device), "iOS");
}

static void find_push(struct diagnosis *d, const struct rule *rule)
{
    const struct signin *signin = d->signin;
    char address[ADDRESS_TEXT_SIZE];

    if (!signin->push_blocked.packet || !may_need_push(signin))
        return;
    address_format(&signin->push_server.address, address);
    diagnosis_add(d, rule,
                  (struct about){ .evidence = &signin->push_blocked,
                                  .host = diagnosis_text(d, "%s", address) });
}

static const struct rule rules[] = {
    { .id = "ucwa-app-lost",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_MOBILITY,
      .find = find_lost,
      .title = "The mobility service forgets the client's application",
      .cause = "The application was created, and {detail} later {url} is answered by {status}: "
               "another front end answers, or the front end was restarted.",
      .fix = "Set source address or TCP affinity on the virtual address of the web services.",
      .user_sees = "It signs out by itself.",
      .wire = "404 ApplicationNotFound or 410 InactiveApplicationExpired less than five minutes "
              "after 201.",
      .reference = "UCWADOC; SEED4",
      .result = "application lost" },
    { .id = "long-poll-cut",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_MOBILITY,
      .find = find_cut,
      .title = "Long polls are cut off at the same age",
      .cause = "The client's requests for events were cut off {detail}: the proxy, or something "
               "else on the way, ends connections that are idle for so long.",
      .fix = "Raise the idle timeout of the proxy and of the load balancer above that of the long "
             "poll.",
      .user_sees = "Contacts are stale, and the app reconnects.",
      .wire = "GET events is closed, or answered by 502 or 504, repeatedly at the same age.",
      .reference = "general; RPARR",
      .result = "long polls cut off" },
    { .id = "push-5223-blocked",
      .severity = SEVERITY_INFO,
      .stage = STAGE_MOBILITY,
      .find = find_push,
      .title = "The push service cannot be reached on port 5223",
      .cause = "{client} got no connection to {host} on port 5223, by which Lync 2010 on iOS is "
               "told of messages while it is in the background; later apps do not need it.",
      .fix = "Open TCP port 5223 from the Wi-Fi to the Internet if Lync 2010 is used on iOS.",
      .user_sees = "No notifications while the app is in the background.",
      .wire = "SYN to port 5223 is refused or stays without answer.",
      .reference = "SEED4",
      .result = "push port blocked" },
    /* Federation is SIP between servers: no packet of a sign-in shows it, the servers' log does. */
    { .id = "push-federation-504",
      .severity = SEVERITY_INFO,
      .stage = STAGE_MOBILITY,
      .title = "Push notifications do not leave the site",
      .cause = "The server's request to the push federation was answered by 504 Server time-out: "
               "{detail}.",
      .fix = "Check the federation with the push service, and the Edge server.",
      .user_sees = "No push notifications.",
      .wire = "SIP 504 Server time-out toward the push federation, in the server's log.",
      .reference = "UCMADE",
      .result = "push federation fails" },
};

const struct rule_table rules_mobility_session = { rules, sizeof rules / sizeof *rules };
