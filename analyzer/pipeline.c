/* pipeline.c: connects the layers: capture, flows, model, diagnosis, outputs
 *
 * One thread: a packet is read, goes through the flow engine, and the events it
 * causes reach the model and the events output before the next one is read.
 * The dashboard, when it is on, calls for work in small portions in between.
 */
#include "pipeline.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lyncscope/ui.h"

#include "progress.h"
#include "rows.h"
#include "shown.h"
#include "signals.h"

enum { MEMORY_LIMIT = 256 << 20, PORTION = 256, POLL_MS = 100 };
#define MILLISECOND ((int64_t)1000000)

struct pipeline {
    const struct options *options;
    struct output outputs[OPTION_REPEATS_MAX];
    FILE *files[OPTION_REPEATS_MAX];
    size_t output_count;
    struct budget budget, flow_budget, model_budget;
    struct capture *capture;
    struct flow_engine *flows;
    struct model *model;
    struct events_writer *events;
    struct shown shown;
    struct rows rows;
    struct progress progress;
    struct report_options how[OPTION_REPEATS_MAX];
    uint64_t event_count;
    struct address proxies[OPTION_REPEATS_MAX];
    bool live, ended, stopped;
};

/* ---- outputs ---- */

static bool terminal_can_show(void)
{
    const char *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && isatty(STDIN_FILENO) && term && *term &&
           strcmp(term, "dumb") != 0;
}

static bool wants_color(const struct options *options, FILE *file)
{
    const char *no_color = getenv("NO_COLOR");

    if (options->color != COLOR_AUTO)
        return options->color == COLOR_ALWAYS;
    return !(no_color && *no_color) && isatty(fileno(file));
}

static enum status open_outputs(struct pipeline *p, struct complaint *complaint)
{
    const struct options *options = p->options;

    p->output_count = options->output_count ? options->output_count : 1;
    p->outputs[0] = (struct output){ terminal_can_show() ? OUTPUT_TUI : OUTPUT_TEXT, NULL };
    for (size_t i = 0; i < p->output_count; i++) {
        if (options->output_count)
            p->outputs[i] = options->outputs[i];
        if (p->outputs[i].format == OUTPUT_TUI && !terminal_can_show())
            return complain(complaint,
                            "-o tui: this is no terminal, or its TERM is not known; try -o text");
        p->files[i] = p->outputs[i].path ? fopen(p->outputs[i].path, "w") : stdout;
        if (!p->files[i])
            return complain(complaint, "%s: cannot be written: %s", p->outputs[i].path,
                            strerror(errno));
        p->how[i] = (struct report_options){ .color = wants_color(options, p->files[i]),
                                             .show_secrets = options->show_secrets,
                                             .verbose = options->verbose };
    }
    return STATUS_OK;
}

static const struct report_options *output_of(const struct pipeline *p, enum output_format format,
                                              FILE **file)
{
    for (size_t i = 0; i < p->output_count; i++)
        if (p->outputs[i].format == format) {
            *file = p->files[i];
            return &p->how[i];
        }
    return NULL;
}

static void write_reports(struct pipeline *p)
{
    const struct report *report = shown_refresh(&p->shown, p->model, p->capture);

    p->shown.report.flows = flow_engine_counters(p->flows);
    p->shown.report.events = p->event_count;
    for (size_t i = 0; i < p->output_count; i++) {
        if (p->outputs[i].format == OUTPUT_TEXT)
            report_text(p->files[i], report, &p->how[i]);
        if (p->outputs[i].format == OUTPUT_JSON)
            report_json(p->files[i], report, &p->how[i]);
    }
}

static enum status close_outputs(struct pipeline *p, struct complaint *complaint)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < p->output_count; i++) {
        bool bad;

        if (!p->files[i] || p->files[i] == stdout)
            continue;
        bad = ferror(p->files[i]) != 0;
        bad |= fclose(p->files[i]) != 0;
        if (bad)
            status = complain(complaint, "%s: could not be written whole; is the disk full?",
                              p->outputs[i].path);
    }
    return status;
}

/* ---- the work ---- */

static void receive_event(void *context, const struct event *event)
{
    struct pipeline *p = context;

    p->event_count++;
    model_receive(p->model, event);
    if (p->events)
        events_writer_receive(p->events, event);
}

static enum status open_inputs(struct pipeline *p, struct complaint *complaint)
{
    const struct options *options = p->options;
    struct capture_options how = { .filter = options->filter };
    enum status status = STATUS_OK;

    p->capture = capture_create(&how);
    if (!p->capture)
        return complain(complaint, "out of memory");
    for (size_t i = 0; status == STATUS_OK && i < options->inputs.count; i++)
        status = capture_add_file(p->capture, options->inputs.items[i], complaint);
    for (size_t i = 0; status == STATUS_OK && i < options->interfaces.count; i++)
        status = capture_add_interface(p->capture, options->interfaces.items[i], complaint);
    p->live = options->interfaces.count > 0;
    return status;
}

static enum status create_engines(struct pipeline *p, struct complaint *complaint)
{
    const struct options *options = p->options;
    FILE *file;
    const struct report_options *how = output_of(p, OUTPUT_EVENTS, &file);
    struct model_config model = { .internal = options->internal.items,
                                  .internal_count = options->internal.count,
                                  .sip_domains = options->sip_domains.items,
                                  .sip_domain_count = options->sip_domains.count,
                                  .budget = &p->model_budget };
    struct flow_config flows = { .dissectors = dissectors,
                                 .dissection = { .everything = how != NULL },
                                 .sink = { receive_event, p },
                                 .budget = &p->flow_budget };

    budget_init(&p->budget, MEMORY_LIMIT, NULL);
    budget_init(&p->flow_budget, MEMORY_LIMIT / 8 * 5, &p->budget);
    budget_init(&p->model_budget, MEMORY_LIMIT / 8 * 3, &p->budget);
    for (size_t i = 0; i < options->proxies.count; i++)
        p->proxies[i] = options->proxies.items[i].address;
    model.proxies = p->proxies;
    model.proxy_count = options->proxies.count;
    p->model = model_create(&model);
    p->flows = flow_engine_create(&flows);
    if (how)
        p->events = events_writer_create(file, how, &p->budget);
    if (!p->model || !p->flows || (how && !p->events) ||
        !shown_create(&p->shown, options, &p->budget))
        return complain(complaint, "out of memory");
    return STATUS_OK;
}

static int64_t clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void advance(struct pipeline *p, int64_t now_ns)
{
    flow_engine_advance(p->flows, now_ns);
    model_advance(p->model, now_ns);
}

static void finish(struct pipeline *p)
{
    if (p->ended)
        return;
    p->ended = true;
    flow_engine_finish(p->flows);
    model_finish(p->model);
    if (p->events)
        events_writer_finish(p->events);
    p->events = NULL;
}

/* A portion of packets. STATUS_WAIT: live, nothing there; STATUS_END: all read. */
static enum status read_portion(struct pipeline *p)
{
    struct packet packet;

    for (unsigned i = 0; i < PORTION; i++) {
        enum status status = capture_next(p->capture, &packet);

        if (status != STATUS_OK)
            return status;
        flow_engine_packet(p->flows, &packet);
        if (i == 0)
            model_advance(p->model, packet.time_ns);
    }
    return STATUS_OK;
}

static void show_progress(struct pipeline *p)
{
    struct progress_facts facts = { .part = -1 };

    if (!progress_is_due(&p->progress))
        return;
    for (size_t i = 0; i < capture_input_count(p->capture); i++) {
        const struct input_info *input = capture_input(p->capture, i);

        facts.packets += input->packets;
        if (input->progress >= 0)
            facts.part = (facts.part < 0 ? 0 : facts.part) +
                         input->progress / (double)capture_input_count(p->capture);
    }
    facts.signins = model_signin_count(p->model);
    progress_show(&p->progress, &facts);
}

/* Rows and ndjson lines of sign-ins that are decided. */
static void show_decided(struct pipeline *p, bool all)
{
    FILE *file;
    const struct report_options *how;

    if (!rows_are_wanted(&p->rows))
        return;
    shown_refresh(&p->shown, p->model, p->capture);
    how = output_of(p, OUTPUT_NDJSON, &file);
    if (how)
        rows_print(&p->rows, &p->shown.report, all, how, file, true);
    how = p->live ? output_of(p, OUTPUT_TEXT, &file) : NULL;
    if (how)
        rows_print(&p->rows, &p->shown.report, all, how, file, false);
    rows_remember(&p->rows, &p->shown.report, all);
}

static void wait_for_packets(struct pipeline *p)
{
    const int *descriptors = capture_descriptors(p->capture);
    struct pollfd polled[INPUTS_MAX];
    nfds_t count = 0;

    for (; descriptors[count] >= 0 && count < INPUTS_MAX; count++)
        polled[count] = (struct pollfd){ .fd = descriptors[count], .events = POLLIN };
    poll(polled, count, POLL_MS);
    advance(p, clock_ns());
}

static void read_all(struct pipeline *p)
{
    enum status status = STATUS_OK;

    while (status != STATUS_END) {
        if (signals_stop_wanted() && !p->stopped) {
            p->stopped = true;
            capture_stop(p->capture);
        }
        status = read_portion(p);
        if (p->stopped && !p->live)
            break;
        if (status == STATUS_WAIT)
            wait_for_packets(p);
        if (rows_are_due(&p->rows))
            show_decided(p, false);
        show_progress(p);
    }
    progress_end(&p->progress);
    finish(p);
    show_decided(p, true);
}

/* ---- the dashboard ---- */

static const struct report *feed_report(void *context)
{
    struct pipeline *p = context;
    const struct report *report = shown_refresh(&p->shown, p->model, p->capture);

    p->shown.report.flows = flow_engine_counters(p->flows);
    p->shown.report.events = p->event_count;
    return report;
}

static bool feed_work(void *context, unsigned milliseconds)
{
    struct pipeline *p = context;
    int64_t end_ns = clock_ns() + milliseconds * MILLISECOND;
    enum status status = STATUS_OK;

    if (p->ended)
        return false;
    while (status == STATUS_OK && clock_ns() < end_ns)
        status = read_portion(p);
    if (status == STATUS_WAIT)
        advance(p, clock_ns());
    if (status == STATUS_END)
        finish(p);
    return !p->ended;
}

static const int *feed_descriptors(void *context)
{
    struct pipeline *p = context;

    return capture_descriptors(p->capture);
}

static enum status run_dashboard(struct pipeline *p, const struct report_options *how,
                                 struct complaint *complaint)
{
    struct ui_feed feed = { .context = p,
                            .report = feed_report,
                            .work = feed_work,
                            .descriptors = p->live ? feed_descriptors : NULL,
                            .live = p->live };
    struct ui_options options = { .color = how->color, .show_secrets = how->show_secrets };
    enum status status = ui_run(&feed, &options, complaint);

    capture_stop(p->capture);
    finish(p);
    return status;
}

/* ---- */

static enum status run(struct pipeline *p, bool *failed, struct complaint *complaint)
{
    FILE *file;
    const struct report_options *dashboard = output_of(p, OUTPUT_TUI, &file);
    bool rows = output_of(p, OUTPUT_NDJSON, &file) || (p->live && output_of(p, OUTPUT_TEXT, &file));
    enum status status = STATUS_OK;

    rows_begin(&p->rows, rows, &p->budget);
    progress_begin(&p->progress, !dashboard && !p->options->quiet && !p->live);
    if (dashboard) {
        status = run_dashboard(p, dashboard, complaint);
        show_decided(p, true);
    } else {
        signals_catch();
        read_all(p);
    }
    if (p->stopped && !p->live && !p->options->quiet)
        fprintf(stderr,
                "lyncscope: stopped by a signal; the report covers what was read until then\n");
    write_reports(p);
    for (size_t i = 0; i < p->shown.report.signin_count; i++)
        *failed |= p->shown.report.signins[i]->outcome == OUTCOME_FAILED;
    return status;
}

static void tell_unused(const struct options *options)
{
    const char *key = options->keylogs.count        ? options->keylogs.items[0]
                      : options->private_keys.count ? options->private_keys.items[0]
                                                    : NULL;

    if (key && !options->quiet)
        fprintf(stderr, "lyncscope: this version does not decrypt TLS yet; %s is not used\n", key);
}

enum status pipeline_run(const struct options *options, bool *failed, struct complaint *complaint)
{
    struct pipeline *p = memory_take(NULL, sizeof *p);
    struct complaint at_close;
    enum status status;

    if (!p)
        return complain(complaint, "out of memory");
    p->options = options;
    status = open_inputs(p, complaint);
    if (status == STATUS_OK)
        status = open_outputs(p, complaint);
    if (status == STATUS_OK)
        status = create_engines(p, complaint);
    if (status == STATUS_OK) {
        tell_unused(options);
        status = run(p, failed, complaint);
        if (close_outputs(p, &at_close) != STATUS_OK && status == STATUS_OK) {
            *complaint = at_close;
            status = STATUS_REFUSED;
        }
    }
    rows_free(&p->rows);
    if (p->shown.arena)
        shown_free(&p->shown);
    flow_engine_free(p->flows);
    model_free(p->model);
    capture_free(p->capture);
    memory_give(NULL, p, sizeof *p);
    return status;
}
