/* pipeline_parts.h: what the pipeline holds while it runs */
#ifndef LYNCSCOPE_PIPELINE_PARTS_H
#define LYNCSCOPE_PIPELINE_PARTS_H

#include "assembly.h"
#include "outputs.h"
#include "progress.h"

enum { INTERFACES_MAX = 64 };

struct pipeline {
    struct budget budget, flow_budget, model_budget;
    struct address proxies[OPTION_REPEATS_MAX];
    struct tls_secrets *secrets;
    struct tls_context *tls; /* NULL: there is nothing to decrypt with */
    struct certificate_store *certificates;
    struct document_memo *documents;
    struct flow_engine *engine;
    struct assembly assembly; /* with capture and model */
    struct outputs outputs;
    struct progress progress;
    struct buffer decided;  /* a byte for each sign-in, by id: what was told of it */
    unsigned decided_below; /* all with a lower id were told whole */
    uint64_t packets;
    int64_t advanced_ns, looked_ns;
    int64_t followed_ns; /* wall clock: when key logs were last looked at */
    bool follows;        /* a key log that may grow */
    bool live, changed, finished;
    bool ended;         /* there are no more packets */
    size_t judged;      /* sign-ins looked at once more since everything was finished */
    bool failed_before; /* one that the model has let go since */
};

/* pipeline_open.c: everything made and opened; close in any case, after the outputs. */
enum status pipeline_open(struct pipeline *pipeline, const struct options *options,
                          struct complaint *complaint) MUST_CHECK;
void pipeline_close(struct pipeline *pipeline);

/* pipeline_secrets.c: what the user gave; then what captures bring; then what files grow by. */
enum status secrets_open(struct pipeline *pipeline, struct complaint *complaint) MUST_CHECK;
struct secrets_sink secrets_sink(struct pipeline *pipeline);
struct tls_secrets *secrets_in_use(const struct pipeline *pipeline); /* NULL: none can come */
void secrets_follow(struct pipeline *pipeline);

/* pipeline_decided.c: hands over the sign-ins that were decided since the last call. */
void decided_print(struct pipeline *pipeline);
void decided_release(struct pipeline *pipeline);

#endif
