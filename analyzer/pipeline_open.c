/* pipeline_open.c: makes the layers and connects them
 *
 * Keys and inputs are opened first, then outputs: a name that cannot be read must not
 * cost a file that was written before.
 */
#include <string.h>

#include "pipeline_parts.h"
#include "say.h"

enum {
    MIB = 1 << 20,
    BUDGET = 256 * MIB, /* of everything that traffic can cause */
    FLOW_BUDGET = 160 * MIB,
    MODEL_BUDGET = 128 * MIB,
};

static bool is_foreign(const struct event *event)
{
    return (event->kind == EVENT_HTTP_REQUEST || event->kind == EVENT_HTTP) && event->http.foreign;
}

static void receive(void *context, const struct event *event)
{
    struct pipeline *pipeline = context;

    pipeline->changed = true;
    pipeline->assembly.events += event->kind == EVENT_DNS || event->kind == EVENT_TLS_HELLO ||
                                 (event->kind == EVENT_HTTP && !is_foreign(event));
    assembly_count(&pipeline->assembly, event);
    if (!is_foreign(event)) /* what is printed must not change what is found */
        model_receive(pipeline->assembly.model, event);
    if (pipeline->outputs.has_events)
        outputs_event(&pipeline->outputs, event);
}

/* All that cannot be opened are told, not only the first. */
static enum status add_inputs(struct pipeline *pipeline, const struct text_values *names,
                              struct complaint *complaint)
{
    enum status status = STATUS_OK;
    struct complaint another;

    for (size_t i = 0; i < names->count; i++) {
        struct capture *capture = pipeline->assembly.capture;
        enum status added = pipeline->live
                                ? capture_add_interface(capture, names->items[i], &another)
                                : capture_add_file(capture, names->items[i], &another);

        if (added == STATUS_OK)
            continue;
        if (status != STATUS_OK)
            say(complaint->line);
        *complaint = another;
        status = added;
    }
    return status;
}

static enum status open_inputs(struct pipeline *pipeline, const struct options *options,
                               struct complaint *complaint)
{
    struct capture_options capture_options = { .filter = options->filter,
                                               .secrets = secrets_sink(pipeline) };

    pipeline->live = options->interfaces.count > 0;
    if (options->interfaces.count > INTERFACES_MAX)
        return complain(complaint, "more than %d interfaces; use -i any", INTERFACES_MAX);
    pipeline->assembly.capture = capture_create(&capture_options);
    if (!pipeline->assembly.capture)
        return complain(complaint, "no memory to read captures");
    return add_inputs(pipeline, pipeline->live ? &options->interfaces : &options->inputs,
                      complaint);
}

static struct model *make_model(struct pipeline *pipeline, const struct options *options)
{
    struct model_config config = { .proxies = pipeline->proxies,
                                   .proxy_count = options->proxies.count,
                                   .internal = options->internal.items,
                                   .internal_count = options->internal.count,
                                   .sip_domains = options->sip_domains.items,
                                   .sip_domain_count = options->sip_domains.count,
                                   .budget = &pipeline->model_budget };

    for (size_t i = 0; i < options->proxies.count; i++)
        pipeline->proxies[i] = options->proxies.items[i].address;
    return model_create(&config);
}

/* Certificates are judged with or without keys. */
static enum status open_tls(struct pipeline *pipeline, const struct options *options,
                            struct complaint *complaint)
{
    struct tls_secrets *secrets = secrets_in_use(pipeline);

    pipeline->tls = secrets ? tls_context_create(secrets) : NULL;
    if (secrets && !pipeline->tls)
        return complain(complaint, "no memory to decrypt with");
    pipeline->certificates =
        certificate_store_create(&pipeline->flow_budget, options->trust, complaint);
    return pipeline->certificates ? STATUS_OK : STATUS_REFUSED;
}

static struct flow_engine *make_engine(struct pipeline *pipeline)
{
    struct flow_config config = { .dissectors = dissectors,
                                  .dissection = { .everything = pipeline->outputs.has_events,
                                                  .tls = pipeline->tls,
                                                  .certificates = pipeline->certificates,
                                                  .documents = pipeline->documents },
                                  .sink = { receive, pipeline },
                                  .budget = &pipeline->flow_budget };

    return flow_engine_create(&config);
}

enum status pipeline_open(struct pipeline *pipeline, const struct options *options,
                          struct complaint *complaint)
{
    budget_init(&pipeline->budget, BUDGET, NULL);
    budget_init(&pipeline->flow_budget, FLOW_BUDGET, &pipeline->budget);
    budget_init(&pipeline->model_budget, MODEL_BUDGET, &pipeline->budget);
    pipeline->assembly.options = options;
    if (secrets_open(pipeline, complaint) != STATUS_OK)
        return STATUS_REFUSED;
    pipeline->assembly.secrets = pipeline->secrets;
    pipeline->assembly.budget = &pipeline->budget;
    if (open_inputs(pipeline, options, complaint) != STATUS_OK ||
        open_tls(pipeline, options, complaint) != STATUS_OK ||
        outputs_open(&pipeline->outputs, options, &pipeline->budget, complaint) != STATUS_OK)
        return STATUS_REFUSED;
    pipeline->assembly.model = make_model(pipeline, options);
    pipeline->documents = document_memo_create(&pipeline->flow_budget);
    pipeline->engine = make_engine(pipeline);
    pipeline->assembly.engine = pipeline->engine;
    if (!pipeline->assembly.model || !pipeline->engine || !assembly_begin(&pipeline->assembly))
        return complain(complaint, "no memory to start with");
    return STATUS_OK;
}

/* Sign-ins are hundreds of thousands of pieces without secrets of ours; the system takes them back
 * at once when the program ends, which it does now: 6 % of a run over 6 000 short connections. Leak
 * checkers want each piece returned. */
static void free_model(struct model *model)
{
#ifdef __SANITIZE_ADDRESS__
    model_free(model);
#else
    (void)model;
#endif
}

void pipeline_close(struct pipeline *pipeline)
{
    assembly_release(&pipeline->assembly);
    decided_release(pipeline);
    if (pipeline->engine)
        flow_engine_free(pipeline->engine);
    certificate_store_free(pipeline->certificates);
    document_memo_free(pipeline->documents);
    tls_context_free(pipeline->tls);
    tls_secrets_free(pipeline->secrets);
    free_model(pipeline->assembly.model);
    if (pipeline->assembly.capture)
        capture_free(pipeline->assembly.capture);
}
