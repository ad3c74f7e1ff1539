/* pipeline.c: from inputs to outputs, through every layer
 *
 *     capture -> flow engine -> events -> model -> verdicts -> outputs
 *
 * One thread reads packet after packet; events come back through the sink
 * while a packet is read.  Sign-ins that are decided are printed as soon as
 * they are, everything else at the end.  With a screen, its loop asks for
 * slices of that work.
 */
#include "pipeline.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "assembly.h"
#include "interrupt.h"
#include "lyncscope/ui.h"
#include "outputs.h"
#include "pipeline_parts.h"
#include "progress.h"
#include "say.h"

enum {
    CHUNK_PACKETS = 1024,       /* between looks at what is not packets */
    SCREEN_CHUNK_PACKETS = 32,  /* the same, with somebody at the keys */
    FINISHED_A_LOOK = 16,       /* connections, between looks at the clock */
    MODEL_EVERY_NS = 100000000, /* of the capture's clock */
    LOOK_EVERY_NS = 250000000,  /* live: at sign-ins that only time decides */
    LIVE_WAIT_MS = 100,
    NS_PER_S = 1000000000,
    NS_PER_MS = 1000000,
};

static int64_t read_clock(clockid_t clock)
{
    struct timespec now = { 0 };

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* ---- packets ---- */

static void advance(struct pipeline *pipeline, int64_t now_ns)
{
    if (now_ns - pipeline->advanced_ns < MODEL_EVERY_NS)
        return;
    pipeline->advanced_ns = now_ns;
    model_advance(pipeline->assembly.model, now_ns);
}

/* Some packets; not OK when there is none now, or none any more. */
static enum status read_chunk(struct pipeline *pipeline, unsigned count)
{
    struct packet packet;

    secrets_follow(pipeline);
    for (; count > 0; count--) {
        enum status status = capture_next(pipeline->assembly.capture, &packet);

        if (status != STATUS_OK)
            return status;
        if (pipeline->follows && packet.time_ns >= pipeline->followed_ns)
            secrets_follow(pipeline);
        flow_engine_packet(pipeline->engine, &packet);
        pipeline->packets++;
        advance(pipeline, packet.time_ns);
    }
    return STATUS_OK;
}

/* Nothing came, but time passed. */
static void idle(struct pipeline *pipeline)
{
    int64_t now = read_clock(CLOCK_REALTIME);

    pipeline->assembly.now_ns = now;
    flow_engine_advance(pipeline->engine, now);
    advance(pipeline, now);
}

static void wait_for_packets(struct pipeline *pipeline)
{
    struct pollfd all[INTERFACES_MAX];
    const int *descriptor = capture_descriptors(pipeline->assembly.capture);
    nfds_t count = 0;

    for (; *descriptor >= 0 && count < INTERFACES_MAX; descriptor++)
        all[count++] = (struct pollfd){ .fd = *descriptor, .events = POLLIN };
    (void)poll(all, count, LIVE_WAIT_MS); /* a signal ends it as well */
}

static void finish_reading(struct pipeline *pipeline)
{
    if (pipeline->finished)
        return;
    flow_engine_finish(pipeline->engine);
    model_finish(pipeline->assembly.model);
    pipeline->finished = true;
}

/* ---- without a screen ---- */

static void show_progress(struct pipeline *pipeline)
{
    struct capture *capture = pipeline->assembly.capture;
    size_t count = capture_input_count(capture);
    struct progress_facts facts = { 0, pipeline->packets,
                                    model_signin_count(pipeline->assembly.model) };

    if (!pipeline->progress.enabled)
        return;
    for (size_t i = 0; i < count && facts.done >= 0; i++) {
        double done = capture_input(capture, i)->progress;

        facts.done = done < 0 ? -1 : facts.done + done / (double)count;
    }
    progress_show(&pipeline->progress, &facts);
}

/* Live: the passing of time alone decides sign-ins, and what is printed must not wait. */
static void look_at_clock(struct pipeline *pipeline)
{
    int64_t now = read_clock(CLOCK_MONOTONIC);

    if (now - pipeline->looked_ns < LOOK_EVERY_NS)
        return;
    pipeline->looked_ns = now;
    pipeline->changed = true;
    outputs_flush(&pipeline->outputs);
}

static void look_around(struct pipeline *pipeline)
{
    if (pipeline->live)
        look_at_clock(pipeline);
    decided_print(pipeline);
    show_progress(pipeline);
    pipeline->assembly.interrupted = interrupt_came();
}

static void read_all(struct pipeline *pipeline)
{
    enum status status = STATUS_OK;

    interrupt_catch(pipeline->assembly.capture);
    progress_begin(&pipeline->progress, pipeline->live || pipeline->assembly.options->quiet);
    while (status != STATUS_END && !outputs_are_gone(&pipeline->outputs)) {
        status = read_chunk(pipeline, CHUNK_PACKETS);
        if (status == STATUS_WAIT) {
            wait_for_packets(pipeline);
            idle(pipeline);
        }
        look_around(pipeline);
    }
    interrupt_release();
    finish_reading(pipeline);
    progress_erase(&pipeline->progress);
}

/* ---- with a screen ---- */

static const struct report *feed_report(void *context)
{
    struct pipeline *pipeline = context;

    return assembly_report(&pipeline->assembly, false);
}

static enum status read_until(struct pipeline *pipeline, int64_t end_ns)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && read_clock(CLOCK_MONOTONIC) < end_ns)
        status = read_chunk(pipeline, SCREEN_CHUNK_PACKETS);
    if (status == STATUS_WAIT)
        idle(pipeline);
    decided_print(pipeline);
    return status;
}

/* What reading to the end leaves to do, in slices too: thousands of connections and sign-ins would
 * keep a person waiting. True: there is more of it. */
static bool finish_until(struct pipeline *pipeline, int64_t end_ns)
{
    while (!pipeline->finished && flow_engine_finish_some(pipeline->engine, FINISHED_A_LOOK))
        if (read_clock(CLOCK_MONOTONIC) >= end_ns)
            return true;
    pipeline->assembly.patient = true; /* all have changed at once */
    finish_reading(pipeline);
    while (pipeline->judged < model_signin_count(pipeline->assembly.model)) {
        (void)assembly_judge(&pipeline->assembly, pipeline->judged++, true);
        if (read_clock(CLOCK_MONOTONIC) >= end_ns)
            return true;
    }
    pipeline->assembly.patient = false;
    decided_print(pipeline);
    return false;
}

static bool feed_work(void *context, unsigned milliseconds)
{
    struct pipeline *pipeline = context;
    int64_t end_ns = read_clock(CLOCK_MONOTONIC) + (int64_t)milliseconds * NS_PER_MS;

    if (pipeline->ended)
        return finish_until(pipeline, end_ns);
    pipeline->ended = read_until(pipeline, end_ns) == STATUS_END;
    return true;
}

static const int *feed_descriptors(void *context)
{
    struct pipeline *pipeline = context;

    return capture_descriptors(pipeline->assembly.capture);
}

static enum status run_screen(struct pipeline *pipeline, struct complaint *complaint)
{
    struct report_options report = outputs_stdout_options(pipeline->assembly.options);
    const struct options *given = pipeline->assembly.options;
    struct ui_options options = { .color = report.color,
                                  .show_secrets = report.show_secrets,
                                  .no_mouse = given->no_mouse,
                                  .no_save = given->no_save,
                                  .light = outputs_background_is_light(given),
                                  .keys = given->keys.items,
                                  .key_count = given->keys.count };
    struct ui_feed feed = { .context = pipeline,
                            .report = feed_report,
                            .work = feed_work,
                            .descriptors = pipeline->live ? feed_descriptors : NULL,
                            .live = pipeline->live };
    enum status status = ui_run(&feed, &options, complaint);

    pipeline->assembly.interrupted = !pipeline->ended;
    finish_reading(pipeline);
    return status;
}

/* ---- the whole ---- */

static bool has_failed(const struct report *report)
{
    for (size_t i = 0; i < report->signin_count; i++)
        if (report->signins[i]->outcome == OUTCOME_FAILED)
            return true;
    return false;
}

static enum status run(struct pipeline *pipeline, bool *any_failed, struct complaint *complaint)
{
    const struct report *report;
    enum status status = STATUS_OK;

    if (pipeline->outputs.has_tui)
        status = run_screen(pipeline, complaint);
    else
        read_all(pipeline);
    report = assembly_report(&pipeline->assembly, true);
    decided_print(pipeline);
    outputs_report(&pipeline->outputs, report);
    *any_failed = has_failed(report) || pipeline->failed_before;
    return status;
}

enum status pipeline_run(const struct options *options, bool *any_failed,
                         struct complaint *complaint)
{
    struct pipeline *pipeline = memory_take(NULL, sizeof *pipeline);
    enum status status, closed;

    if (!pipeline)
        return complain(complaint, "no memory");
    status = pipeline_open(pipeline, options, complaint);
    if (status == STATUS_OK)
        status = run(pipeline, any_failed, complaint);
    closed = outputs_close(&pipeline->outputs, complaint);
    pipeline_close(pipeline);
    memory_give(NULL, pipeline, sizeof *pipeline);
    return status == STATUS_OK ? closed : status;
}
