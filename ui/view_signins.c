/* view_signins.c: the first screen, one row a sign-in; what its keys do */
#include "ui/columns.h"
#include "ui/compare_wish.h"
#include "ui/settings.h"
#include "ui/signins.h"

static bool signins_open(void *data, const struct target *target)
{
    (void)data;
    (void)target;
    return true;
}

static void signins_close(void *data)
{
    struct signins *state = data;

    roster_release(&state->roster);
    seeker_release(&state->seeker);
}

/* ---- order ---- */

static void sort_by_neighbour(struct signins *state, struct ui_settings *settings, size_t step)
{
    const struct column_choice *choice = &settings->columns;
    size_t at = 0;

    while (at < choice->count && choice->shown[at] != settings->sorted)
        at++;
    at = at < choice->count ? (at + step) % choice->count : 0;
    settings->sorted = choice->shown[at];
    settings->reversed = false;
    state->following = false;
}

/* ---- what is shown ---- */

static void only_same_cause(struct signins *state, const struct scene *scene)
{
    const struct signin *signin;
    struct text value = { 0 };
    enum trait trait = TRAIT_CAUSE;

    signins_build(state, scene);
    signin = signins_sample(state);
    if (!signin)
        return;
    trait_add(&value, signin, trait);
    if (text_length(&value) == 0) { /* nothing is wrong with it */
        trait = TRAIT_RESULT;
        trait_add(&value, signin, trait);
    }
    (void)row_filter_toggle(scene->filter, trait, text_string(&value));
    text_release(&value);
}

/* Esc takes back one thing at a time; there is nothing behind the first screen. */
static void go_back(struct signins *state, const struct scene *scene)
{
    if (signins_search_is_shown(state))
        signins_search_end(state);
    else
        row_filter_clear(scene->filter);
}

/* ---- moving, opening ---- */

static void move(struct signins *state, enum action action, const struct scene *scene)
{
    signins_build(state, scene);
    if (scroll_act(&state->scroll, action))
        state->following = false;
    if (action == ACTION_LAST)
        state->following = scene->reading;
    signins_select_row(state, true);
}

static struct wish open_row(struct signins *state, const struct scene *scene)
{
    const struct roster_row *row;

    signins_build(state, scene);
    signins_select_row(state, true);
    row = signins_row(state);
    if (row && row->signin)
        return (struct wish){ WISH_OPEN, &view_ladder, { .signin = state->selected }, NULL };
    if (row)
        signins_fold(state, scene, !signins_group(state, row)->folded);
    return (struct wish){ .kind = WISH_NOTHING };
}

static struct wish mark_or_compare(struct signins *state, enum action action,
                                   const struct scene *scene)
{
    signins_build(state, scene);
    signins_select_row(state, true);
    return action == ACTION_MARK ? mark_wish(scene, state->selected)
                                 : compare_wish(scene, state->selected);
}

static void act_on_rows(struct signins *state, enum action action, const struct scene *scene)
{
    struct ui_settings *settings = scene->settings;

    if (action == ACTION_SORT)
        sort_by_neighbour(state, settings, 1);
    else if (action == ACTION_SORT_BACK)
        sort_by_neighbour(state, settings, settings->columns.count - 1);
    else if (action == ACTION_REVERSE)
        settings->reversed = !settings->reversed;
    else if (action == ACTION_GROUP)
        signins_group_next(state, scene);
    else if (action == ACTION_FOLD || action == ACTION_UNFOLD)
        signins_fold(state, scene, action == ACTION_FOLD);
    else if (action == ACTION_FOLD_ALL)
        signins_fold_all(state, scene);
    else
        move(state, action, scene);
}

/* On the heading: sorts; on a row: selects it; on the selected one: opens it. */
static struct wish signins_click(void *data, int row, int column, const struct scene *scene)
{
    struct signins *state = data;
    int at = row - state->heading - 1 + state->scroll.top;
    enum column title = columns_at(&state->layout, column);

    signins_build(state, scene);
    if (row == state->heading && title < COLUMN_COUNT) {
        settings_sort_by(scene->settings, title);
        state->following = false;
    }
    if (row <= state->heading || at >= (int)state->roster.count)
        return (struct wish){ .kind = WISH_NOTHING };
    if (at == state->scroll.at)
        return open_row(state, scene);
    state->following = false;
    state->scroll.at = at;
    signins_select_row(state, true);
    return (struct wish){ .kind = WISH_NOTHING };
}

static void signins_target(void *data, const struct scene *scene, struct target *target)
{
    struct signins *state = data;

    signins_build(state, scene);
    signins_select_row(state, false);
    target->signin = state->selected;
    for (size_t i = 0; i < state->roster.count; i++)
        if (state->roster.rows[i].signin)
            target_list(target, state->roster.rows[i].signin->id);
}

static struct wish signins_act(void *data, enum action action, const struct scene *scene)
{
    struct signins *state = data;

    if (action == ACTION_OPEN)
        return open_row(state, scene);
    if (action == ACTION_MARK || action == ACTION_COMPARE)
        return mark_or_compare(state, action, scene);
    if (action == ACTION_CAPTURE)
        return (struct wish){ .kind = WISH_OPEN, .view = &view_capture };
    if (action == ACTION_NUMBERS)
        return (struct wish){ .kind = WISH_OPEN, .view = &view_numbers };
    if (action == ACTION_FILTER)
        return (struct wish){ .kind = WISH_OPEN, .view = &view_filter };
    if (action == ACTION_COLUMNS)
        return (struct wish){ .kind = WISH_OPEN, .view = &view_columns };
    if (action == ACTION_FIND)
        signins_search_open(state);
    else if (action == ACTION_FIND_NEXT || action == ACTION_FIND_PREVIOUS)
        signins_search_step(state, scene, action == ACTION_FIND_NEXT ? 1 : -1);
    else if (action == ACTION_ONLY_FAILED)
        (void)row_filter_toggle(scene->filter, TRAIT_RESULT, outcome_name(OUTCOME_FAILED));
    else if (action == ACTION_SAME_CAUSE)
        only_same_cause(state, scene);
    else if (action == ACTION_NO_FILTER)
        row_filter_clear(scene->filter);
    else if (action == ACTION_BACK)
        go_back(state, scene);
    else
        act_on_rows(state, action, scene);
    return (struct wish){ .kind = WISH_NOTHING };
}

static bool signins_type(void *data, uint32_t input, const struct scene *scene, struct wish *wish)
{
    (void)wish;
    return signins_search_type(data, input, scene);
}

static const char *signins_hint(const void *data)
{
    const struct signins *state = data;

    return state->prompt.is_open ? prompt_hint : NULL;
}

static const enum action signins_actions[] = {
    ACTION_OPEN,      ACTION_ONLY_FAILED, ACTION_FIND,      ACTION_FILTER,    ACTION_SORT,
    ACTION_GROUP,     ACTION_NUMBERS,     ACTION_CAPTURE,   ACTION_COLUMNS,   ACTION_REVERSE,
    ACTION_SORT_BACK, ACTION_SAME_CAUSE,  ACTION_NO_FILTER, ACTION_FIND_NEXT, ACTION_FIND_PREVIOUS,
    ACTION_FOLD,      ACTION_UNFOLD,      ACTION_FOLD_ALL,  ACTION_BACK,      ACTION_UP,
    ACTION_DOWN,      ACTION_PAGE_UP,     ACTION_PAGE_DOWN, ACTION_FIRST,     ACTION_LAST,
    ACTION_MARK,      ACTION_COMPARE,     ACTION_NONE,
};

const struct view_ops view_signins = {
    .name = "List of sign-ins",
    .legend = "One row a sign-in. The steps are: DNS, TCP, TLS, root document, redirect, web "
              "ticket, user document, mobility service. A number with + in the heading: so many "
              "columns have no room. A search looks into every message, header and finding; "
              "numbers are found as a whole. Esc ends the search, and once more the filter. In "
              "live use End stays at the last row.",
    .actions = signins_actions,
    .state_size = sizeof(struct signins),
    .open = signins_open,
    .draw = signins_draw,
    .act = signins_act,
    .select = signins_target,
    .click = signins_click,
    .close = signins_close,
    .type = signins_type,
    .hint = signins_hint,
};
