/* publish.c: a sign-in's steps as one array for readers
 *
 * The first that were added lie side by side.  A short sign-in, as most are, is
 * published where it lies; the steps of others, and of those where something
 * came between, are copied.
 */
#include "model.h"

static bool lie_in_order(const struct record *record)
{
    for (size_t i = 0; i < record->signin.step_count; i++)
        if (i == EARLY_STEPS || record->items[i] != &record->early[i])
            return false;
    return true;
}

static struct step *copy_steps(struct record *record)
{
    struct signin *signin = &record->signin;

    if (signin->step_count > record->copy_capacity) {
        struct step *grown = memory_resize(record->model->config.budget, record->copies,
                                           record->copy_capacity * sizeof *grown,
                                           signin->step_count * sizeof *grown);

        if (!grown) { /* out of budget: the first steps are better than none */
            signin->steps_left_out += signin->step_count - record->copy_capacity;
            signin->step_count = record->copy_capacity;
        } else {
            record->copies = grown;
            record->copy_capacity = signin->step_count;
        }
    }
    for (size_t i = 0; i < signin->step_count; i++)
        record->copies[i] = *record->items[i];
    return record->copies;
}

void store_publish(struct record *record)
{
    struct signin *signin = &record->signin;

    if (record->published)
        return;
    for (size_t i = 0; i < signin->step_count; i++) /* what nobody looks at is never worded */
        describe_step(record, record->items[i]);
    signin->steps = lie_in_order(record) ? record->early : copy_steps(record);
    for (size_t i = 0; i < signin->step_count; i++) {
        signin->steps[i].number = (unsigned)i + 1;
        signin->steps[i].status = STEP_OK; /* until it is judged */
    }
    record->published = true;
}
