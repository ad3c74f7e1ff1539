/* diagnose.c: puts every rule to a sign-in
 *
 * Texts of rules hold placeholders; they are filled with the site's own names.
 */
#include "diagnose.h"

#include "lyncscope/secret.h"
#include "lyncscope/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- texts ---- */

const char *diagnosis_text(struct diagnosis *d, const char *format, ...)
{
    char line[1024];
    const char *kept;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    kept = arena_text(d->arena, slice_of_text(line));
    return kept ? kept : "";
}

const char *diagnosis_escaped(struct diagnosis *d, struct slice text)
{
    struct text out = { 0 };
    const char *kept;

    text_add_escaped(&out, slice_part(text, 0, 300));
    kept = arena_text(d->arena, slice_of(text_string(&out), text_length(&out)));
    text_release(&out);
    return kept ? kept : "";
}

const char *diagnosis_duration(struct diagnosis *d, int64_t duration_ns)
{
    if (duration_ns < SECOND_NS)
        return diagnosis_text(d, "%lld ms", (long long)(duration_ns / (SECOND_NS / 1000)));
    return diagnosis_text(d, "%.1f s", (double)duration_ns / (double)SECOND_NS);
}

const char *diagnosis_lower(struct diagnosis *d, struct slice name)
{
    char *copy = name.length ? arena_text(d->arena, name) : NULL;

    for (char *c = copy; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    return copy;
}

static void add_endpoint(struct text *out, const struct endpoint *endpoint, bool with_port)
{
    char address[ADDRESS_TEXT_SIZE];

    address_format(&endpoint->address, address);
    text_print(out, with_port && endpoint->address.family == 6 ? "[%s]" : "%s", address);
    if (with_port)
        text_print(out, ":%u", endpoint->port);
}

static const char *name_of(const struct about *about)
{
    if (about->name)
        return about->name;
    if (about->step && about->step->dns)
        return about->step->dns->name;
    return about->step ? about->step->to.name : NULL;
}

static void add_name_or_server(struct text *out, const struct about *about)
{
    if (name_of(about))
        text_add_escaped(out, slice_of_text(name_of(about)));
    else if (about->step)
        add_endpoint(out, &about->step->to.endpoint, true);
    else
        text_add(out, "the server");
}

/* False: no such placeholder. */
static bool add_value(const struct diagnosis *d, const struct about *about, struct slice key,
                      struct text *out)
{
    const struct signin *signin = d->signin;
    const struct step *step = about->step;

    if (slice_is_text(key, "name"))
        add_name_or_server(out, about);
    else if (slice_is_text(key, "domain"))
        text_add_escaped(out,
                         slice_of_text(signin->sip_domain ? signin->sip_domain : "the SIP domain"));
    else if (slice_is_text(key, "client"))
        add_endpoint(out, &signin->client.endpoint, false);
    else if (slice_is_text(key, "server") && step)
        add_endpoint(out, &step->to.endpoint, true);
    else if (slice_is_text(key, "user"))
        text_add_escaped(out,
                         slice_of_text(signin->user ? signin->user + strlen("sip:") : "the user"));
    else if (slice_is_text(key, "status") && step && step->http)
        text_print(out, "%u", step->http->response.status);
    else if (slice_is_text(key, "url") && step && step->url) {
        struct text url = { 0 };

        secret_add_url(&url, slice_of_text(step->url), false);
        text_add_escaped(out, slice_of(text_string(&url), text_length(&url)));
        text_release(&url);
    } else if (slice_is_text(key, "host"))
        text_add_escaped(out, slice_of_text(about->host ? about->host : "another host"));
    else if (slice_is_text(key, "detail"))
        text_add(out, about->detail ? about->detail : "");
    else
        return false;
    return true;
}

static const char *fill(struct diagnosis *d, const char *pattern, const struct about *about)
{
    struct slice rest = slice_of_text(pattern);
    struct text *out = &d->scratch;
    const char *kept;

    if (slice_find_byte(rest, '{') == rest.length)
        return pattern; /* the rule's own text, which outlives all sign-ins */
    text_truncate(out, 0);
    while (rest.length > 0) {
        size_t open = slice_find_byte(rest, '{');
        size_t close = slice_find_byte(rest, '}');

        text_add_slice(out, slice_part(rest, 0, open));
        if (open == rest.length)
            break;
        if (close < open || !add_value(d, about, slice_part(rest, open + 1, close - open - 1), out))
            text_add_slice(out, slice_part(rest, open, 1));
        else
            open = close;
        rest = slice_after(rest, open + 1);
    }
    kept = arena_text(d->arena, slice_of(text_string(out), text_length(out)));
    return kept ? kept : pattern;
}

/* ---- findings ---- */

static void add_evidence(struct finding *finding, const struct evidence *evidence)
{
    for (size_t i = 0; i < finding->evidence_count; i++)
        if (finding->evidence[i].input == evidence->input &&
            finding->evidence[i].packet == evidence->packet)
            return;
    if (evidence->packet && finding->evidence_count < FINDING_EVIDENCE_MAX)
        finding->evidence[finding->evidence_count++] = *evidence;
}

static void add_steps_evidence(struct finding *finding, const struct step *step)
{
    /* The answer comes last and proves most. */
    for (size_t i = step->evidence_count; i-- > 0;)
        add_evidence(finding, &step->evidence[i]);
    for (size_t i = 0; step->relay && i < step->relay->evidence_count; i++)
        add_evidence(finding, &step->relay->evidence[i]);
}

void diagnosis_add(struct diagnosis *d, const struct rule *rule, struct about about)
{
    struct finding *finding;

    if (d->count == FINDINGS_MAX || !d->findings)
        return;
    finding = &d->findings[d->count];
    *finding = (struct finding){ .rule = rule,
                                 .severity = about.severity ? *about.severity : rule->severity };
    if (about.evidence)
        add_evidence(finding, about.evidence);
    else if (about.step)
        add_steps_evidence(finding, about.step);
    if (about.second)
        add_evidence(finding, about.second);
    if (about.also)
        add_steps_evidence(finding, about.also);
    if (finding->evidence_count == 0 && d->signin->step_count > 0)
        add_steps_evidence(finding, &d->signin->steps[d->signin->step_count - 1]);
    if (finding->evidence_count == 0)
        return; /* no claim without a packet */
    finding->title = fill(d, about.title ? about.title : rule->title, &about);
    finding->cause = fill(d, about.cause ? about.cause : rule->cause, &about);
    finding->fix = fill(d, about.fix ? about.fix : rule->fix, &about);
    finding->result = about.result ? about.result : rule->result;
    finding->step = about.step ? about.step->number : 0;
    d->count++;
}

bool diagnosis_has(const struct diagnosis *d, const char *rule_id)
{
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->findings[i].rule->id, rule_id) == 0)
            return true;
    return false;
}

/* When there is no room the last one of that rule gives way: it is the last that counts. */
static void note_repeat(struct diagnosis *d, const struct rule *rule, const struct step *step)
{
    size_t at = d->repeat_count;

    while (at == REPEATS_MAX ||
           (at > 0 && d->repeat_count == REPEATS_MAX && d->repeats[at].rule != rule))
        at--;
    d->repeats[at] = (struct repeat){ rule, step };
    d->repeat_count += at == d->repeat_count;
}

void diagnosis_add_first(struct diagnosis *d, const struct rule *rule, struct about about)
{
    if (!diagnosis_has(d, rule->id))
        diagnosis_add(d, rule, about);
    else if (about.step)
        note_repeat(d, rule, about.step);
}

const struct step *diagnosis_last_step(const struct diagnosis *d, const struct finding *finding)
{
    const struct step *last = finding->step ? &d->signin->steps[finding->step - 1] : NULL;

    for (size_t i = 0; last && i < d->repeat_count; i++)
        if (d->repeats[i].rule == finding->rule)
            last = d->repeats[i].step;
    return last;
}

bool diagnosis_has_at(const struct diagnosis *d, const char *rule_id, const struct step *step)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->findings[i].step == step->number && strcmp(d->findings[i].rule->id, rule_id) == 0)
            return true;
    for (size_t i = 0; i < d->repeat_count; i++)
        if (d->repeats[i].step == step && strcmp(d->repeats[i].rule->id, rule_id) == 0)
            return true;
    return false;
}

/* Ids rise by at least one from place to place, so that one's own place is at most so far on. */
struct neighbours diagnosis_neighbours(const struct diagnosis *d)
{
    enum { LOOK_BACK = 256 };
    size_t count = model_signin_count(d->model);
    unsigned first_id = count ? model_signin(d->model, 0)->id : 0;
    size_t own = d->signin->id > first_id ? d->signin->id - first_id : 0;

    if (own >= count)
        own = count ? count - 1 : 0;
    while (own > 0 && model_signin(d->model, own)->id > d->signin->id)
        own--;
    return (struct neighbours){ own > LOOK_BACK ? own - LOOK_BACK : 0, own };
}

/* ---- how far the client came ---- */

/* Brought further: a good answer, a challenge that is answered, an encrypted exchange. */
static bool is_progress(const struct step *step)
{
    if (step->http)
        return http_is_good(step) || http_is_expected_401(step);
    if (step->tls) /* what can be read tells for itself */
        return tls_is_unread(step->tls) && !step->tls->client_silent &&
               step->tls->server_records > 0;
    /* What was said on it was cut off, but something was. */
    return step->tcp && step->tcp->cut_packets > 0 &&
           step->tcp->server_bytes + step->tcp->server_missing > 0;
}

bool diagnosis_is_last_word(const struct diagnosis *d, const struct step *step)
{
    return !d->progress || d->progress->time_ns <= step->time_ns || d->progress == step;
}

/* A public address that asks a public resolver, or one that --internal does not cover. */
static bool is_outside(const struct diagnosis *d)
{
    const struct signin *signin = d->signin;

    if (model_configuration(d->model)->internal_count)
        return signin->location == LOCATION_EXTERNAL;
    if (address_is_private(&signin->client.endpoint.address))
        return false;
    for (size_t i = 0; i < signin->step_count; i++)
        if (signin->steps[i].dns && address_is_private(&signin->steps[i].to.endpoint.address))
            return false;
    return true;
}

void diagnose_signin(struct model *model, struct signin *signin, const struct capture_facts *facts)
{
    struct finding found[FINDINGS_MAX]; /* the sign-in keeps as many as there are */
    struct diagnosis d = {
        .model = model, .signin = signin, .facts = facts, .arena = signin->verdict_arena
    };

    arena_reset(d.arena);
    d.findings = found;

    for (size_t i = 0; i < signin->step_count; i++)
        if (is_progress(&signin->steps[i]))
            d.progress = &signin->steps[i];
    d.client_outside = is_outside(&d);
    diagnosis_learn_names(&d);
    diagnosis_find_all(&d);
    diagnosis_end(&d);
    diagnosis_judge_steps(&d);
    text_release(&d.scratch);
    signin->changed = false;
}

/* ---- what belongs to no sign-in ---- */

size_t diagnose_capture(struct model *model, const struct capture_facts *facts, struct arena *arena,
                        struct finding *findings)
{
    struct signin nobody = { 0 };
    struct diagnosis d = {
        .model = model, .signin = &nobody, .facts = facts, .arena = arena, .findings = findings
    };

    diagnosis_look_at_site(&d);
    text_release(&d.scratch);
    return d.count;
}
