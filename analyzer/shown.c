/* shown.c: the sign-ins that are shown, as a report
 *
 * Diagnoses the sign-ins that changed since the last time, and keeps those
 * that --client, --user and --failed let through.
 */
#include "shown.h"

#include <string.h>

bool shown_create(struct shown *shown, const struct options *options, struct budget *budget)
{
    *shown = (struct shown){ .options = options, .budget = budget };
    shown->arena = arena_create(budget, 1 << 20);
    return shown->arena != NULL;
}

void shown_free(struct shown *shown)
{
    memory_give(shown->budget, shown->signins, shown->capacity * sizeof *shown->signins);
    arena_free(shown->arena);
}

static bool is_client(const struct options *options, const struct signin *signin)
{
    for (size_t i = 0; i < options->clients.count; i++)
        if (network_contains(&options->clients.items[i], &signin->client.endpoint.address))
            return true;
    return options->clients.count == 0;
}

/* The option is in lower case and without "sip:"; a bare name is the part in front of the "@". */
static bool is_user(const struct options *options, const struct signin *signin)
{
    struct slice wanted = slice_of_text(options->user);
    struct slice user = slice_after(slice_of_text(signin->user), 4);

    if (!options->user)
        return true;
    if (slice_find_byte(wanted, '@') == wanted.length)
        user = slice_part(user, 0, slice_find_byte(user, '@'));
    return slice_equals_nocase(wanted, user);
}

bool shown_passes(const struct options *options, const struct signin *signin)
{
    return is_client(options, signin) && is_user(options, signin) &&
           (!options->failed || signin->outcome == OUTCOME_FAILED);
}

static void gather_inputs(struct shown *shown, struct capture *capture)
{
    struct capture_facts *facts = &shown->facts;

    *facts = (struct capture_facts){ .drops = shown->drops,
                                     .broke_off = shown->broke_off,
                                     .cut_packets = shown->cut };
    facts->input_count =
        capture_input_count(capture) < INPUTS_MAX ? capture_input_count(capture) : INPUTS_MAX;
    for (size_t i = 0; i < facts->input_count; i++) {
        const struct input_info *input = capture_input(capture, i);

        shown->inputs[i] = input;
        shown->drops[i] = input->drops;
        shown->cut[i] = input->cut_packets;
        shown->broke_off[i] = input->broke_off;
        if (input->packets == 0)
            continue;
        if (facts->first_time_ns == 0 || input->first_time_ns < facts->first_time_ns)
            facts->first_time_ns = input->first_time_ns;
        if (input->last_time_ns > facts->last_time_ns)
            facts->last_time_ns = input->last_time_ns;
    }
    shown->report.inputs = shown->inputs;
    shown->report.input_count = facts->input_count;
}

static bool make_room(struct shown *shown, size_t count)
{
    const struct signin **grown;

    if (count <= shown->capacity)
        return true;
    grown = memory_resize(shown->budget, shown->signins, shown->capacity * sizeof *grown,
                          2 * count * sizeof *grown);
    if (!grown)
        return false;
    shown->signins = grown;
    shown->capacity = 2 * count;
    return true;
}

const struct report *shown_refresh(struct shown *shown, struct model *model,
                                   struct capture *capture)
{
    size_t count = model_signin_count(model), kept = 0;

    gather_inputs(shown, capture);
    if (!make_room(shown, count))
        count = shown->capacity;
    for (size_t i = 0; i < count; i++) {
        struct signin *signin = model_signin(model, i);

        if (signin->changed || !signin->closed)
            diagnose_signin(model, signin, &shown->facts);
        if (shown_passes(shown->options, signin))
            shown->signins[kept++] = signin;
    }
    arena_reset(shown->arena);
    shown->report.finding_count =
        diagnose_capture(model, shown->arena, shown->findings, GLOBAL_FINDINGS_MAX);
    shown->report.findings = shown->findings;
    shown->report.signins = shown->signins;
    shown->report.signin_count = kept;
    shown->report.hidden_count = count - kept;
    return &shown->report;
}
