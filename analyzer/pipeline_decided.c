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
           (pipeline->decided.data[byte] >> (id % BITS) & 1U) != 0;
}

static void note_told(struct pipeline *pipeline, unsigned id)
{
    static const uint8_t none[64];

    while (id / BITS >= pipeline->decided.length)
        if (!buffer_append(&pipeline->decided, slice_of(none, sizeof none)))
            return;
    pipeline->decided.data[id / BITS] |= (uint8_t)(1U << (id % BITS));
    while (is_told(pipeline, pipeline->decided_below))
        pipeline->decided_below++;
}

static bool is_open_or_told(struct pipeline *pipeline, const struct signin *signin)
{
    return !signin->closed || signin->id < pipeline->decided_below || is_told(pipeline, signin->id);
}

void decided_print(struct pipeline *pipeline)
{
    struct assembly *assembly = &pipeline->assembly;
    size_t count = model_signin_count(assembly->model);

    if (!pipeline->changed && !pipeline->finished)
        return;
    pipeline->changed = false;
    if (pipeline->decided_below == 0)
        pipeline->decided_below = 1;
    for (size_t i = 0; i < count; i++) {
        struct signin *signin = model_signin(assembly->model, i);

        if (is_open_or_told(pipeline, signin))
            continue;
        signin = assembly_judge(assembly, i);
        note_told(pipeline, signin->id);
        if (!assembly_is_wanted(assembly, signin))
            continue;
        if (signin->outcome == OUTCOME_FAILED)
            pipeline->failed_before = true;
        outputs_signin(&pipeline->outputs, signin);
    }
}

void decided_release(struct pipeline *pipeline)
{
    buffer_release(&pipeline->decided);
}
