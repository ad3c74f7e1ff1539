/* facts_mobility.c: questions about the mobility service (UCWA 2.0; Mcx of Lync 2010)
 *
 * An application is what UCWA calls a session: POST .../applications makes it
 * (201, Location), its id then stands in every path, DELETE ends it.  It lives
 * on the front end that made it.
 */
#include "facts_mobility.h"

#include <string.h>

#define LOST_SOON (300 * SECOND_NS)
/* What fails at once was refused, not cut off for its age. */
#define CUT_AGE_MIN (SECOND_NS + SECOND_NS / 2)

/* ---- clients ---- */

static bool has_token(struct slice agent, const char *token, uint8_t *next)
{
    size_t at = slice_find_text_nocase(agent, token);

    if (at == agent.length)
        return false;
    at += strlen(token);
    *next = at < agent.length ? agent.data[at] : 0;
    return true;
}

static enum mobile_client client_of_agent(struct slice agent)
{
    static const char *const versioned[] = { "iPhoneLync/", "iPadLync/", "AndroidLync/",
                                             "WPLync/" };
    uint8_t next;

    for (size_t i = 0; i < sizeof versioned / sizeof *versioned; i++)
        if (has_token(agent, versioned[i], &next) && next >= '4' && next <= '9')
            return next == '4' ? MOBILE_2010 : MOBILE_2013;
    if (has_token(agent, "ACOMO", &next))
        return MOBILE_2013;
    return has_token(agent, "NokiaLync", &next) ? MOBILE_2010 : MOBILE_UNKNOWN;
}

/* A client that does not say what it is shows it by what it uses. */
enum mobile_client mobility_client(const struct signin *signin)
{
    enum mobile_client client =
        signin->user_agent ? client_of_agent(slice_of_text(signin->user_agent)) : MOBILE_UNKNOWN;

    for (size_t i = 0; client == MOBILE_UNKNOWN && i < signin->step_count; i++) {
        const struct step *step = &signin->steps[i];

        if (step->http && step->http->lync.resource == RESOURCE_MCX && http_carries_ticket(step))
            client = MOBILE_2010;
    }
    return client;
}

/* ---- applications ---- */

bool mobility_is_creation(const struct step *step)
{
    return step->http && step->http->lync.resource == RESOURCE_APPLICATIONS &&
           slice_is_text(step->http->request.method, "POST") && http_carries_ticket(step);
}

struct slice mobility_application_id(struct slice path)
{
    static const char before[] = "/applications/";
    size_t at = slice_find_text_nocase(path, before);
    struct slice id = slice_after(path, at + strlen(before));

    if (at == path.length)
        return SLICE_EMPTY;
    id = slice_part(id, 0, slice_find_byte(id, '?'));
    return slice_part(id, 0, slice_find_byte(id, '/'));
}

static struct slice self_of(const struct step *step)
{
    const struct document *document = &step->http->lync.response_document;
    struct slice location = http_response_header(step, "Location");

    for (size_t i = 0; !location.length && i < document->link_count; i++)
        if (slice_is_text_nocase(document->links[i].token, "self"))
            location = document->links[i].href;
    return location;
}

const struct step *mobility_creation_of(const struct diagnosis *d, const struct step *step)
{
    struct slice id = mobility_application_id(step->http->request.target);
    const struct step *made = NULL;

    for (size_t i = 0; id.length && i + 1 < step->number; i++) {
        const struct step *other = &d->signin->steps[i];

        if (mobility_is_creation(other) && http_is_good(other) &&
            slice_equals_nocase(mobility_application_id(self_of(other)), id))
            made = other;
    }
    return made;
}

static bool is_sign_out(const struct step *step)
{
    return step->http && step->http->lync.service == SERVICE_UCWA &&
           slice_is_text(step->http->request.method, "DELETE");
}

/* The client itself ended the application before that answer came. */
static bool was_ended(const struct diagnosis *d, const struct step *step, int64_t before_ns)
{
    struct slice id = mobility_application_id(step->http->request.target);

    for (size_t i = 0; i < d->signin->step_count; i++) {
        const struct step *other = &d->signin->steps[i];

        if (is_sign_out(other) && other->time_ns < before_ns &&
            slice_equals_nocase(mobility_application_id(other->http->request.target), id))
            return true;
    }
    return false;
}

static bool says_unknown(const struct step *step)
{
    struct slice subcode = step->http->lync.response_document.subcode;

    if (http_status_is(step, 404))
        return slice_is_text_nocase(subcode, "ApplicationNotFound");
    return http_status_is(step, 410) &&
           (subcode.length == 0 || slice_is_text_nocase(subcode, "ApplicationNotFound") ||
            slice_is_text_nocase(subcode, "InactiveApplicationExpired"));
}

bool mobility_is_lost(const struct diagnosis *d, const struct step *step)
{
    const struct step *made;
    int64_t answered_ns;

    if (!step->http || step->http->lync.service != SERVICE_UCWA || is_sign_out(step) ||
        !says_unknown(step))
        return false;
    made = mobility_creation_of(d, step);
    answered_ns = step->http->response.evidence.time_ns;
    return made && answered_ns - made->http->response.evidence.time_ns < LOST_SOON &&
           !was_ended(d, step, answered_ns);
}

/* ---- long polls ---- */

int64_t mobility_cut_age_ns(const struct step *step)
{
    const struct http_exchange *http = step->http;
    bool proxy_gave_up;

    if (!http || http->lync.resource != RESOURCE_EVENTS)
        return -1;
    if (http->response.present)
        return http_status_is(step, 502) || http_status_is(step, 504) ? step->duration_ns : -1;
    /* Behind the proxy it is the proxy that ends a poll it no longer waits for. */
    proxy_gave_up = step->leg == LEG_INTERNAL && http->ending == HTTP_CLIENT_CLOSED;
    return step->silence_ns > 0 &&
                   (http->ending == HTTP_CLOSED || http->ending == HTTP_RESET || proxy_gave_up)
               ? step->silence_ns
               : -1;
}

bool mobility_is_cut_poll(const struct diagnosis *d, const struct step *step)
{
    int64_t age = mobility_cut_age_ns(step), tolerance = SECOND_NS / 2 + age / 50;

    for (size_t i = 0; age >= CUT_AGE_MIN && i < d->signin->step_count; i++) {
        const struct step *other = &d->signin->steps[i];
        int64_t others = other == step ? -1 : mobility_cut_age_ns(other);

        if (others >= 0 && others - age <= tolerance && age - others <= tolerance)
            return true;
    }
    return false;
}

/* ---- how it ended ---- */

const struct step *mobility_last_word(const struct diagnosis *d)
{
    for (size_t i = d->signin->step_count; i-- > 0;) {
        const struct step *step = &d->signin->steps[i];

        if (step->http && step->stage == STAGE_MOBILITY && step->http->response.present &&
            !is_sign_out(step) && !http_is_expected_401(step))
            return step;
    }
    return NULL;
}

bool mobility_has_refused_at(const struct diagnosis *d, const struct step *step)
{
    return step == mobility_last_word(d) && !http_is_good(step);
}
