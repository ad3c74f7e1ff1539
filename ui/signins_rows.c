/* signins_rows.c: which rows the first screen has, and which of them is selected */
#include "ui/columns.h"
#include "ui/settings.h"
#include "ui/signins.h"

/* What was chosen comes back when it is shown again; until then it is what took its place. */
static size_t find_selected(const struct signins *state)
{
    size_t found = state->roster.count;

    if (state->following && state->roster.count > 0)
        return state->roster.count - 1;
    if (state->on_head)
        found = roster_find_group(&state->roster, state->head);
    if (found == state->roster.count)
        found = roster_find(&state->roster, state->wanted);
    if (found == state->roster.count)
        found = roster_find(&state->roster, state->selected);
    return found;
}

void signins_build(struct signins *state, const struct scene *scene)
{
    const struct ui_settings *settings = scene->settings;
    struct roster_wish wish = { .compare = column_compare(settings->sorted),
                                .reversed = settings->reversed,
                                .filter = scene->filter,
                                .grouped = settings->group != TRAIT_COUNT,
                                .group = settings->group,
                                .folds = &state->folds };
    size_t found;

    roster_build(&state->roster, scene->report, &wish);
    found = find_selected(state);
    if (found < state->roster.count)
        state->scroll.at = (int)found;
}

void signins_select_row(struct signins *state, bool chosen)
{
    int count = (int)state->roster.count;
    const struct roster_row *row;

    if (state->scroll.at >= count)
        state->scroll.at = count - 1;
    if (state->scroll.at < 0)
        state->scroll.at = 0;
    row = signins_row(state);
    state->on_head = row && !row->signin;
    if (state->on_head)
        state->head = signins_group(state, row)->key;
    else
        state->selected = row ? row->signin->id : 0;
    if (chosen || state->wanted == 0)
        state->wanted = state->selected;
}

void signins_select(struct signins *state, unsigned id)
{
    state->wanted = state->selected = id;
    state->on_head = state->following = false;
}

const struct roster_row *signins_row(const struct signins *state)
{
    if (state->scroll.at < 0 || (size_t)state->scroll.at >= state->roster.count)
        return NULL;
    return &state->roster.rows[state->scroll.at];
}

const struct roster_group *signins_group(const struct signins *state, const struct roster_row *row)
{
    if (!row || row->group >= state->roster.group_count)
        return NULL;
    return &state->roster.groups[row->group];
}

const struct signin *signins_sample(const struct signins *state)
{
    const struct roster_row *row = signins_row(state);
    const struct roster_group *group = signins_group(state, row);

    if (row && row->signin)
        return row->signin;
    return group ? group->sample : NULL;
}

/* ---- groups ---- */

void signins_fold(struct signins *state, const struct scene *scene, bool folded)
{
    const struct roster_group *group;

    signins_build(state, scene);
    group = signins_group(state, signins_row(state));
    if (!group)
        return;
    folds_set(&state->folds, group->key, folded);
    state->on_head = true;
    state->head = group->key;
    signins_build(state, scene);
}

void signins_fold_all(struct signins *state, const struct scene *scene)
{
    const struct roster_group *group;

    signins_build(state, scene);
    group = signins_group(state, signins_row(state));
    if (!group)
        return;
    state->on_head = true;
    state->head = group->key;
    folds_set_all(&state->folds, !state->folds.all);
    signins_build(state, scene);
}

void signins_group_next(struct signins *state, const struct scene *scene)
{
    static const enum trait order[] = { TRAIT_CAUSE,     TRAIT_DOMAIN, TRAIT_CLIENT,
                                        TRAIT_FRONT_END, TRAIT_COUNT,  TRAIT_CAUSE };
    const struct signin *sample;
    size_t at = 0;

    signins_build(state, scene);
    sample = signins_sample(state);
    while (order[at] != scene->settings->group && order[at] != TRAIT_COUNT)
        at++;
    scene->settings->group = order[at + 1];
    folds_set_all(&state->folds, false);
    if (sample)
        signins_select(state, sample->id);
    signins_build(state, scene);
}
