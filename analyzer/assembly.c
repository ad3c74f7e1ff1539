/* assembly.c: what a report shows, put together from the layers
 *
 * Sign-ins that changed are judged, those that were not asked for are left
 * out, and what is known of the inputs is added.
 */
#include "assembly.h"

#include <stdlib.h>
#include <string.h>

bool assembly_begin(struct assembly *assembly)
{
    size_t count = capture_input_count(assembly->capture);
    struct arena *arena = arena_create(NULL, 0);

    assembly->inputs_arena = arena;
    assembly->site_arena = arena_create(NULL, 0);
    if (!arena || !assembly->site_arena)
        return false;
    assembly->inputs = arena_take(arena, count * sizeof *assembly->inputs);
    assembly->input_list = arena_take(arena, count * sizeof *assembly->input_list);
    assembly->drops = arena_take(arena, count * sizeof *assembly->drops);
    assembly->cut_packets = arena_take(arena, count * sizeof *assembly->cut_packets);
    assembly->broke_off = arena_take(arena, count * sizeof *assembly->broke_off);
    return assembly->inputs && assembly->input_list && assembly->drops && assembly->cut_packets &&
           assembly->broke_off;
}

void assembly_release(struct assembly *assembly)
{
    arena_free(assembly->inputs_arena);
    arena_free(assembly->site_arena);
    memory_give(NULL, assembly->signins, assembly->signin_capacity * sizeof *assembly->signins);
    assembly->inputs_arena = assembly->site_arena = NULL;
    assembly->signins = NULL;
    assembly->signin_capacity = 0;
}

/* ---- inputs ---- */

static void note_interruption(struct assembly *assembly, struct input_info *input)
{
    const char *line;

    if (!assembly->interrupted || input->kind == INPUT_LIVE || input->progress >= 1 ||
        input->warning_count == INPUT_WARNINGS_MAX)
        return;
    line = arena_print(assembly->site_arena,
                       "reading was interrupted after %llu packets; the rest is not in this report",
                       (unsigned long long)input->packets);
    if (line)
        input->warnings[input->warning_count++] = line;
}

static void take_input(struct assembly *assembly, size_t index)
{
    struct input_info *input = &assembly->inputs[index];
    struct capture_facts *facts = &assembly->facts;

    *input = *capture_input(assembly->capture, index);
    note_interruption(assembly, input);
    assembly->input_list[index] = input;
    assembly->drops[index] = input->drops;
    assembly->cut_packets[index] = input->cut_packets;
    assembly->broke_off[index] = input->broke_off;
    if (input->packets == 0)
        return;
    if (facts->first_time_ns == 0 || input->first_time_ns < facts->first_time_ns)
        facts->first_time_ns = input->first_time_ns;
    if (input->last_time_ns > facts->last_time_ns)
        facts->last_time_ns = input->last_time_ns;
}

static void take_inputs(struct assembly *assembly)
{
    size_t count = capture_input_count(assembly->capture);

    assembly->facts =
        (struct capture_facts){ .drops = assembly->drops,
                                .broke_off = assembly->broke_off,
                                .cut_packets = assembly->cut_packets,
                                .inputs = assembly->inputs,
                                .input_count = count,
                                .has_keys = tls_secrets_source_count(assembly->secrets) > 0 };
    for (size_t i = 0; i < count; i++)
        take_input(assembly, i);
    if (assembly->facts.first_time_ns && assembly->now_ns > assembly->facts.last_time_ns)
        assembly->facts.last_time_ns = assembly->now_ns;
}

/* ---- sign-ins ---- */

static struct signin *judge(struct assembly *assembly, size_t index, bool anew)
{
    struct signin *signin = model_signin(assembly->model, index);

    if (signin->changed || anew)
        diagnose_signin(assembly->model, signin, &assembly->facts);
    signin->changed = false;
    return signin;
}

struct signin *assembly_judge(struct assembly *assembly, size_t index, bool anew)
{
    take_inputs(assembly);
    return judge(assembly, index, anew);
}

/* "alice" is every alice, "alice@contoso.com" is one. */
static bool is_user(const struct signin *signin, const char *wanted)
{
    struct slice user = slice_of_text(signin->user);

    if (slice_starts_with(user, "sip:"))
        user = slice_after(user, strlen("sip:"));
    if (!strchr(wanted, '@'))
        user = slice_part(user, 0, slice_find_byte(user, '@'));
    return slice_is_text(user, wanted);
}

static bool is_client(const struct signin *signin, const struct network_values *clients)
{
    for (size_t i = 0; i < clients->count; i++)
        if (network_contains(&clients->items[i], &signin->client.endpoint.address))
            return true;
    return false;
}

bool assembly_is_wanted(const struct assembly *assembly, const struct signin *signin)
{
    const struct options *options = assembly->options;

    if (options->failed && signin->outcome != OUTCOME_FAILED)
        return false;
    if (options->user && !is_user(signin, options->user))
        return false;
    return options->clients.count == 0 || is_client(signin, &options->clients);
}

static bool has_room(struct assembly *assembly, size_t count)
{
    size_t size = sizeof *assembly->signins;
    const struct signin **grown;

    if (count <= assembly->signin_capacity)
        return true;
    grown =
        memory_resize(NULL, assembly->signins, assembly->signin_capacity * size, 2 * count * size);
    if (!grown)
        return false;
    assembly->signins = grown;
    assembly->signin_capacity = 2 * count;
    return true;
}

static int compare_starts(const void *a, const void *b)
{
    const struct signin *one = *(const struct signin *const *)a;
    const struct signin *other = *(const struct signin *const *)b;

    if (one->started_ns != other->started_ns)
        return one->started_ns < other->started_ns ? -1 : 1;
    return one->id < other->id ? -1 : one->id > other->id;
}

static void take_signins(struct assembly *assembly, bool all_anew)
{
    size_t count = model_signin_count(assembly->model), taken = 0;

    assembly->report.hidden_count = 0;
    assembly->report.let_go = model_let_go(assembly->model);
    if (!has_room(assembly, count))
        count = assembly->signin_capacity;
    for (size_t i = 0; i < count; i++) {
        const struct signin *signin = model_signin(assembly->model, i);

        if (all_anew || !assembly->patient || !signin->result)
            signin = judge(assembly, i, all_anew);

        if (assembly_is_wanted(assembly, signin))
            assembly->signins[taken++] = signin;
        else
            assembly->report.hidden_count++;
    }
    if (taken)
        qsort(assembly->signins, taken, sizeof *assembly->signins, compare_starts);
    assembly->report.signins = assembly->signins;
    assembly->report.signin_count = taken;
}

static void add_pattern(struct report *report, const char **patterns, const char *text)
{
    if (report->pattern_count < PATTERNS_MAX)
        patterns[report->pattern_count++] = text;
}

/* Only for a whole report: it takes all sign-ins together, and a screen shows none of it. */
static void look_across(struct assembly *assembly, bool wanted)
{
    struct report *report = &assembly->report;

    report->site = NULL;
    report->pattern_count = 0;
    report->patterns = assembly->patterns;
    if (!wanted)
        return;
    report->pattern_count = diagnose_patterns(assembly->model, &assembly->facts,
                                              assembly->site_arena, assembly->patterns);
    report->site = site_learn(assembly->model, assembly->site_arena);
    if (report->site)
        site_tell_roles(report->site, assembly->model);
    for (size_t i = 0; report->site && i < report->site->fault_count; i++)
        if (report->site->faults[i].kind == SITE_RESOLVERS_DIFFER)
            add_pattern(report, assembly->patterns, report->site->faults[i].text);
}

const struct report *assembly_report(struct assembly *assembly, bool all_anew)
{
    struct report *report = &assembly->report;

    arena_reset(assembly->site_arena);
    take_inputs(assembly);
    take_signins(assembly, all_anew);
    report->inputs = assembly->input_list;
    report->input_count = assembly->facts.input_count;
    report->finding_count = diagnose_capture(assembly->model, &assembly->facts,
                                             assembly->site_arena, assembly->site_findings);
    report->findings = assembly->site_findings;
    look_across(assembly, all_anew);
    report->flows = flow_engine_counters(assembly->engine);
    report->events = assembly->events;
    report->memory_used = assembly->budget->used;
    report->memory_limit = assembly->budget->limit;
    assembly_take_notes(assembly);
    return report;
}
