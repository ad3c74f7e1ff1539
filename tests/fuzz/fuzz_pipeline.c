/* fuzz_pipeline.c: a capture file through every layer to the JSON report */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lyncscope/flow.h"
#include "lyncscope/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct capture *capture, struct model *model, struct budget *budget)
{
    struct document_memo *documents = document_memo_create(budget);
    struct flow_config config = { .dissectors = dissectors,
                                  .dissection = { .documents = documents },
                                  .sink = { model_receive, model },
                                  .budget = budget,
                                  .flows_max = 1000 };
    struct flow_engine *engine = flow_engine_create(&config);
    struct packet packet;

    while (engine && capture_next(capture, &packet) == STATUS_OK)
        flow_engine_packet(engine, &packet);
    if (engine)
        flow_engine_finish(engine);
    flow_engine_free(engine);
    document_memo_free(documents);
    model_finish(model);
}

static void judge(struct capture *capture, struct model *model)
{
    const struct input_info *input = capture_input(capture, 0);
    const struct signin *shown[64];
    uint64_t drops = input->drops, cut = input->cut_packets;
    struct capture_facts facts = { .last_time_ns = input->last_time_ns,
                                   .drops = &drops,
                                   .broke_off = &input->broke_off,
                                   .cut_packets = &cut,
                                   .input_count = 1 };
    struct report report = { .inputs = &input, .input_count = 1, .signins = shown };
    struct report_options how = { 0 };
    FILE *nowhere = fopen("/dev/null", "w");

    for (size_t i = 0; i < model_signin_count(model) && i < 64; i++) {
        diagnose_signin(model, model_signin(model, i), &facts);
        shown[report.signin_count++] = model_signin(model, i);
    }
    if (!nowhere)
        return;
    report_json(nowhere, &report, &how);
    fclose(nowhere);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct capture_options options = { 0 };
    struct capture *capture = capture_create(&options);
    struct complaint complaint;
    struct budget budget;
    struct model_config config = { .budget = &budget, .signins_max = 50 };
    struct model *model;
    char path[32];
    int file = memfd_create("capture", 0);

    budget_init(&budget, 64 << 20, NULL);
    model = model_create(&config);
    snprintf(path, sizeof path, "/dev/fd/%d", file);
    if (file >= 0 && write(file, data, size) == (ssize_t)size &&
        capture_add_file(capture, path, &complaint) == STATUS_OK) {
        read_all(capture, model, &budget);
        judge(capture, model);
    }
    model_free(model);
    capture_free(capture);
    if (file >= 0)
        close(file);
    return 0;
}
