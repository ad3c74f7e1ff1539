/* rules_capture.c: what the evidence itself lacks
 *
 * These make a sign-in incomplete, never failed; a sign-in whose outcome is
 * known does not carry them, because they explain what cannot be told.
 */
#include "diagnose.h"

#define ANSWER_LIMIT (10 * SECOND_NS)

static bool outcome_is_known(const struct diagnosis *d)
{
    return d->signin->final_document || verdict_cause(d) != NULL;
}

/* Up to TLS 1.2 it can be seen from outside that the client finished its handshake and never asked
 * for anything: what the server then says is of no interest. */
static bool has_nothing_inside(const struct tls_session *tls)
{
    return tls->client_finished && tls->client_records == 0 && tls->obstacle != TLS_GAP &&
           tls->obstacle != TLS_TRUNCATED_PACKETS;
}

bool tls_is_unread(const struct tls_session *tls)
{
    return tls && tls->client_records + tls->server_records > 0 &&
           tls->decrypted != TLS_DECRYPTED_ALL && tls->obstacle != TLS_HANDSHAKE_FAILED &&
           !has_nothing_inside(tls);
}

static const struct step *unread_tls(const struct diagnosis *d)
{
    const struct step *found = NULL;

    for (size_t i = 0; i < d->signin->step_count; i++)
        if (tls_is_unread(d->signin->steps[i].tls))
            found = &d->signin->steps[i];
    return found;
}

/* Of one connection, and of several. */
static const struct {
    const char *one, *many;
} obstacles[] = {
    [TLS_NO_KEY] = { "the keys that were given do not belong to it (is the key log from the same "
                     "run?)",
                     "the keys that were given do not belong to them (is the key log from the same "
                     "run?)" },
    [TLS_HANDSHAKE_NOT_CAPTURED] = { "the capture lacks its handshake, without which no key helps",
                                     "the capture lacks their handshakes, without which no key "
                                     "helps" },
    [TLS_KEY_DOES_NOT_MATCH] = { "the key given for it does not open it",
                                 "the keys given for them do not open them" },
    [TLS_FORWARD_SECRECY] = { "its key was agreed on with forward secrecy, so that the server's "
                              "private key does not open it; a key log does",
                              "their keys were agreed on with forward secrecy, so that the "
                              "server's "
                              "private key does not open them; a key log does" },
    [TLS_GAP] = { "packets of it are missing from the capture",
                  "packets of them are missing from the capture" },
    [TLS_TRUNCATED_PACKETS] = { "the snap length cut its packets",
                                "the snap length cut their packets" },
    [TLS_UNSUPPORTED_CIPHER] = { "its cipher suite cannot be decrypted here",
                                 "their cipher suites cannot be decrypted here" },
    [TLS_HANDSHAKE_FAILED] = { "its handshake did not come to an end",
                               "their handshakes did not come to an end" },
};

static bool is_for_want_of_keys(enum tls_obstacle obstacle)
{
    return obstacle == TLS_OBSTACLE_NONE || obstacle == TLS_NO_KEY;
}

const char *tls_obstacle_text(enum tls_obstacle obstacle, bool has_keys)
{
    if (is_for_want_of_keys(obstacle))
        return has_keys ? obstacles[TLS_NO_KEY].one : "no key was given for it";
    return obstacles[obstacle].one;
}

const char *tls_obstacles_text(enum tls_obstacle obstacle, bool has_keys)
{
    if (is_for_want_of_keys(obstacle))
        return has_keys ? obstacles[TLS_NO_KEY].many
                        : "no key was given (-k takes the key log of a client or of the proxy)";
    return obstacles[obstacle].many;
}

static void find_unread(struct diagnosis *d, const struct rule *rule)
{
    const struct step *step = unread_tls(d);

    if (step && !outcome_is_known(d))
        diagnosis_add(d, rule,
                      (struct about){
                          .step = step,
                          .detail = diagnosis_text(
                              d, "%s%s", tls_obstacle_text(step->tls->obstacle, d->facts->has_keys),
                              step->tls->client_silent && step->tls->client_ended
                                  ? "; the client closes it without a request, as "
                                    "clients do that dislike the certificate"
                                  : "") });
}

/* Bytes are missing, and packets of that capture were cut. */
static bool was_cut(const struct diagnosis *d, const struct step *step)
{
    uint32_t input = step->evidence_count ? step->evidence[0].input : UINT32_MAX;

    if (step->tcp && step->tcp->cut_packets)
        return true;
    return step->http && (step->http->request.body.missing || step->http->response.body.missing) &&
           input < d->facts->input_count && d->facts->cut_packets[input];
}

static void find_cut(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; !outcome_is_known(d) && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (was_cut(d, step)) {
            diagnosis_add(d, rule, (struct about){ .step = step });
            return;
        }
    }
}

static void find_broke_off(struct diagnosis *d, const struct rule *rule)
{
    const struct signin *signin = d->signin;
    const struct step *last = signin->step_count ? &signin->steps[signin->step_count - 1] : NULL;

    for (size_t i = 0;
         last && !outcome_is_known(d) && last->evidence_count && i < d->facts->input_count; i++)
        if (d->facts->broke_off[i] && last->evidence[0].input == i) {
            diagnosis_add(d, rule, (struct about){ .step = last });
            return;
        }
}

static void find_late_start(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; !outcome_is_known(d) && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if ((step->tcp && step->tcp->opened == OPENED_MID_STREAM) ||
            (step->http && !step->http->request.present)) {
            diagnosis_add(d, rule, (struct about){ .step = step });
            return;
        }
    }
}

static bool was_waiting(const struct diagnosis *d, const struct step *step)
{
    int64_t left = d->facts->last_time_ns - step->time_ns;

    if (left >= ANSWER_LIMIT)
        return false;
    if (step->dns)
        return !step->dns->answered;
    if (step->tcp)
        return step->tcp->opened == OPENED_UNANSWERED;
    return step->http && !step->http->response.present && step->http->capture_ended;
}

static void find_early_end(struct diagnosis *d, const struct rule *rule)
{
    const struct signin *signin = d->signin;
    const struct step *last = signin->step_count ? &signin->steps[signin->step_count - 1] : NULL;

    if (outcome_is_known(d))
        return;
    for (size_t i = 0; i < signin->step_count; i++)
        if (was_waiting(d, &signin->steps[i])) {
            diagnosis_add(d, rule, (struct about){ .step = &signin->steps[i] });
            return;
        }
    if (last && !unread_tls(d) && d->facts->last_time_ns - signin->ended_ns < SECOND_NS)
        diagnosis_add(d, rule, (struct about){ .step = last });
}

static bool misses_bytes(const struct step *step)
{
    return step->tcp && (step->tcp->client_missing || step->tcp->server_missing) &&
           !step->tcp->cut_packets;
}

static void find_drops(struct diagnosis *d, const struct rule *rule)
{
    for (size_t i = 0; !outcome_is_known(d) && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];
        uint32_t input = step->evidence_count ? step->evidence[0].input : UINT32_MAX;

        if (misses_bytes(step) || (input < d->facts->input_count && d->facts->drops[input])) {
            diagnosis_add(d, rule, (struct about){ .step = step });
            return;
        }
    }
}

/* Questions without any answer, or answers without any question. */
static const struct step *only_half(const struct diagnosis *d)
{
    const struct step *first = NULL;
    size_t asked = 0, answered = 0;

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct http_exchange *http = d->signin->steps[i].http;

        if (!http || (!http->response.present && http->ending != HTTP_UNKNOWN))
            continue;
        first = first ? first : &d->signin->steps[i];
        asked += http->request.present;
        answered += http->response.present;
    }
    return asked + answered > 1 && (!asked || !answered) ? first : NULL;
}

static void find_one_sided(struct diagnosis *d, const struct rule *rule)
{
    const struct step *half = only_half(d);

    if (half && !outcome_is_known(d)) {
        diagnosis_add(d, rule, (struct about){ .step = half });
        return;
    }
    for (size_t i = 0; !outcome_is_known(d) && i < d->signin->step_count; i++) {
        const struct step *step = &d->signin->steps[i];

        if (step->tcp && step->tcp->opened != OPENED_UNANSWERED &&
            step->tcp->opened != OPENED_REFUSED &&
            (step->tcp->client_only || step->tcp->server_only)) {
            diagnosis_add(d, rule, (struct about){ .step = step });
            return;
        }
    }
}

static const struct rule rules[] = {
    { .id = "capture-not-decrypted",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_CAPTURE,
      .find = find_unread,
      .title = "The connection to {name} is encrypted",
      .cause = "What happened next is inside TLS: {detail}.",
      .fix = "Collect a key log on the proxy during the capture, or capture the unencrypted leg "
             "(8080) as well.",
      .wire = "A connection of the sign-in whose TLS could not be read.",
      .reference = "general",
      .result = "encrypted" },
    { .id = "capture-truncated-packets",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_CAPTURE,
      .find = find_cut,
      .title = "Packets were cut by the snap length",
      .cause = "The capture was taken with a small snap length: the contents of the connection to "
               "{name} are not whole.",
      .fix = "Capture again with full packets (snap length 262144).",
      .wire = "A captured length smaller than the packet's.",
      .reference = "general",
      .result = "packets cut" },
    { .id = "capture-cut-short",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_CAPTURE,
      .find = find_broke_off,
      .title = "The file ends in the middle of a packet",
      .cause = "The capture program was killed, or the disk was full.",
      .fix = "What is before the cut has been read; capture again if the end matters.",
      .wire = "The file ends inside a packet or block.",
      .reference = "general",
      .result = "file breaks off" },
    { .id = "capture-starts-late",
      .severity = SEVERITY_INFO,
      .stage = STAGE_CAPTURE,
      .find = find_late_start,
      .title = "The capture begins in the middle of the sign-in",
      .cause = "A connection to {name} was already running when the capture began.",
      .fix = "Start the capture before the client signs in.",
      .wire = "A connection of the sign-in was running when the capture began.",
      .reference = "general",
      .result = "capture starts late" },
    { .id = "capture-drops",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_CAPTURE,
      .find = find_drops,
      .title = "Packets are missing from the capture",
      .cause = "Bytes that the other side acknowledged were never captured, or the capture program "
               "counted drops.",
      .fix = "Use a larger ring buffer or a narrower filter, or capture on the proxy itself.",
      .wire = "Drops were counted, or acknowledged bytes were never seen.",
      .reference = "general",
      .result = "packets missing" },
    { .id = "capture-one-sided",
      .severity = SEVERITY_WARNING,
      .stage = STAGE_CAPTURE,
      .find = find_one_sided,
      .title = "Only one direction was captured",
      .cause = "Of the connection to {name} only one side's packets are here: an asymmetric path, "
               "or a filter that names "
               "one address as the source only.",
      .fix = "Capture at a point that both directions pass.",
      .wire = "Only one direction of the sign-in's connections is in the capture.",
      .reference = "general",
      .result = "one direction only" },
    { .id = "capture-ends-early",
      .severity = SEVERITY_INFO,
      .stage = STAGE_CAPTURE,
      .find = find_early_end,
      .title = "The capture ends before the sign-in does",
      .cause = "It was stopped while the client was still waiting or going on.",
      .fix = "Let the capture run until the device shows its error.",
      .wire = "The capture ends while a request of the sign-in is unanswered for less than its "
              "time limit.",
      .reference = "general",
      .result = "capture ends early" },
};

const struct rule_table rules_capture = { rules, sizeof rules / sizeof *rules };
