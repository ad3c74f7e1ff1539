/* pipeline_decided.c: sign-ins told as soon as they are decided
 *
 * A program gets a sign-in when it is closed, once.  A person at a live
 * capture need not wait for that: a row comes when it is clear how it went and
 * nothing has followed for a while, and another one if that turns out wrong.
 * The model may let old sign-ins go, so what was told is kept by id.
 */
#include "pipeline_parts.h"

#define SETTLED_NS ((int64_t)5000000000)

enum { TOLD = 0x80, ROW = 0x7f }; /* what is kept of an id: told whole; 1 + outcome of its row */

static uint8_t *notes_of(struct pipeline *pipeline, unsigned id)
{
    static const uint8_t none[256];

    while (id >= pipeline->decided.length)
        if (!buffer_append(&pipeline->decided, slice_of(none, sizeof none)))
            return NULL;
    return &pipeline->decided.data[id];
}

static bool is_told(const struct pipeline *pipeline, unsigned id)
{
    return id < pipeline->decided.length && (pipeline->decided.data[id] & TOLD) != 0;
}

static void note_told(struct pipeline *pipeline, unsigned id)
{
    uint8_t *notes = notes_of(pipeline, id);

    if (!notes)
        return;
    *notes |= TOLD;
    while (pipeline->decided_below == 0 || is_told(pipeline, pipeline->decided_below))
        pipeline->decided_below++;
}

/* True: no row says so yet; from now on one does. */
static bool take_row(struct pipeline *pipeline, const struct signin *signin)
{
    uint8_t *notes = notes_of(pipeline, signin->id);
    uint8_t row = (uint8_t)(signin->outcome + 1);

    if (!notes || (*notes & ROW) == row)
        return false;
    *notes = (uint8_t)((*notes & TOLD) | row);
    return true;
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

static void tell_closed(struct pipeline *pipeline, size_t index)
{
    const struct signin *signin = assembly_judge(&pipeline->assembly, index, false);

    note_told(pipeline, signin->id);
    if (!assembly_is_wanted(&pipeline->assembly, signin))
        return;
    pipeline->failed_before |= signin->outcome == OUTCOME_FAILED;
    if (take_row(pipeline, signin))
        outputs_row(&pipeline->outputs, signin);
    outputs_signin(&pipeline->outputs, signin);
}

static void tell_settled(struct pipeline *pipeline, size_t index)
{
    const struct signin *signin = model_signin(pipeline->assembly.model, index);

    if (pipeline->advanced_ns - signin->ended_ns < SETTLED_NS)
        return;
    signin = assembly_judge(&pipeline->assembly, index, true);
    if (signin->outcome == OUTCOME_INCOMPLETE || !assembly_is_wanted(&pipeline->assembly, signin))
        return;
    if (take_row(pipeline, signin))
        outputs_row(&pipeline->outputs, signin);
}

void decided_print(struct pipeline *pipeline)
{
    struct model *model = pipeline->assembly.model;

    if (!outputs_want_signins(&pipeline->outputs) || (!pipeline->changed && !pipeline->finished))
        return;
    pipeline->changed = false;
    for (size_t i = find_first(pipeline); i < model_signin_count(model); i++) {
        const struct signin *signin = model_signin(model, i);

        if (is_told(pipeline, signin->id))
            continue;
        if (signin->closed)
            tell_closed(pipeline, i);
        else if (pipeline->live)
            tell_settled(pipeline, i);
    }
}

void decided_release(struct pipeline *pipeline)
{
    buffer_release(&pipeline->decided);
}
