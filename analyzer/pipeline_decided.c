/* pipeline_decided.c: sign-ins told as soon as they are decided
 *
 * Each is told once.  The model may let old ones go and may close them in any
 * order, so what was told is kept as one bit an id.
 */
#include "pipeline_parts.h"

enum { BITS = 8 };

static bool is_told(const struct pipeline *pipeline, unsigned id)
{
    size_t byte = id / BITS;

    return byte < pipeline->decided.length &&
           ((unsigned)pipeline->decided.data[byte] >> (id % BITS) & 1U) != 0;
}

static void note_told(struct pipeline *pipeline, unsigned id)
{
    static const uint8_t none[64];

    while (id / BITS >= pipeline->decided.length)
        if (!buffer_append(&pipeline->decided, slice_of(none, sizeof none)))
            return;
    pipeline->decided.data[id / BITS] |= (uint8_t)(1U << (id % BITS));
    while (pipeline->decided_below == 0 || is_told(pipeline, pipeline->decided_below))
        pipeline->decided_below++;
}

/* Ids rise with the index: the first that may not have been told. */
static size_t find_first(const struct pipeline *pipeline)
{
    size_t first = 0, end = model_signin_count(pipeline->assembly.model);

    while (first < end) {
        size_t middle = first + (end - first) / 2;

        if (model_signin(pipeline->assembly.model, middle)->id < pipeline->decided_below)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

static void tell(struct pipeline *pipeline, size_t index)
{
    const struct signin *signin = assembly_judge(&pipeline->assembly, index);

    note_told(pipeline, signin->id);
    if (!assembly_is_wanted(&pipeline->assembly, signin))
        return;
    pipeline->failed_before |= signin->outcome == OUTCOME_FAILED;
    outputs_signin(&pipeline->outputs, signin);
}

void decided_print(struct pipeline *pipeline)
{
    struct model *model = pipeline->assembly.model;

    if (!outputs_want_signins(&pipeline->outputs) || (!pipeline->changed && !pipeline->finished))
        return;
    pipeline->changed = false;
    for (size_t i = find_first(pipeline); i < model_signin_count(model); i++) {
        const struct signin *signin = model_signin(model, i);

        if (signin->closed && !is_told(pipeline, signin->id))
            tell(pipeline, i);
    }
}

void decided_release(struct pipeline *pipeline)
{
    buffer_release(&pipeline->decided);
}
