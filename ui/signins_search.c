/* signins_search.c: searching on the first screen
 *
 * The cursor goes to the first match while the needle is typed, and back to
 * where it was when that is cancelled.  One key looks at so many bytes that it
 * is answered at once; the next one goes on from there.
 */
#include "ui/signins.h"
#include "ui/words.h"

#define LOOK_KEY ((uint64_t)8 << 20)   /* bytes for one key */
#define LOOK_FRAME ((uint64_t)2 << 20) /* for the count, in each frame */

void signins_search_open(struct signins *state)
{
    state->origin = state->wanted;
    prompt_open(&state->prompt, "search", NULL);
}

void signins_search_end(struct signins *state)
{
    seeker_start(&state->seeker, "");
}

/* The place in the order of the list; of a group its first sign-in. */
static size_t find_entry(const struct signins *state)
{
    const struct roster *roster = &state->roster;
    const struct roster_row *row = signins_row(state);
    size_t i = 0;

    while (row && i < roster->shown &&
           (row->signin ? roster->entries[i].signin != row->signin
                        : roster->entries[i].group != row->group))
        i++;
    return i;
}

static void go_to(struct signins *state, const struct scene *scene, size_t entry)
{
    const struct roster_row *found = &state->roster.entries[entry];
    unsigned id = found->signin->id;

    if (state->roster.group_count > 0)
        folds_set(&state->folds, state->roster.groups[found->group].key, false);
    signins_select(state, id);
    signins_build(state, scene);
    signins_select_row(state, true);
}

/* From an entry on, once round; false: not found, or not yet. */
static bool seek(struct signins *state, const struct scene *scene, size_t from, int direction)
{
    size_t count = state->roster.shown;
    uint64_t left = LOOK_KEY;

    for (size_t i = 0; i < count; i++) {
        size_t at = (from + (direction > 0 ? i : 2 * count - i)) % count;

        if (seeker_ask(&state->seeker, state->roster.entries[at].signin, &left) == SEEKER_YES) {
            go_to(state, scene, at);
            return true;
        }
    }
    return false;
}

static void seek_from_origin(struct signins *state, const struct scene *scene)
{
    signins_select(state, state->origin);
    signins_build(state, scene);
    if (seeker_is_on(&state->seeker) && state->roster.shown > 0)
        seek(state, scene, find_entry(state), 1);
}

bool signins_search_type(struct signins *state, uint32_t input, const struct scene *scene)
{
    enum prompt_event event;

    if (!state->prompt.is_open)
        return false;
    event = prompt_press(&state->prompt, input);
    if (event == PROMPT_NOTHING)
        return true;
    seeker_start(&state->seeker, event == PROMPT_CANCELLED ? "" : prompt_text(&state->prompt));
    seek_from_origin(state, scene);
    return true;
}

void signins_search_step(struct signins *state, const struct scene *scene, int direction)
{
    const struct roster_row *row;
    size_t from, count;

    signins_build(state, scene);
    row = signins_row(state);
    count = state->roster.shown;
    if (!seeker_is_on(&state->seeker) || !row)
        return;
    from = find_entry(state);
    if (direction < 0)
        from += count - 1;
    else if (row->signin)
        from++;
    seek(state, scene, from % count, direction);
}

bool signins_search_is_shown(const struct signins *state)
{
    return state->prompt.is_open || seeker_is_on(&state->seeker);
}

/* ---- what came of it ---- */

struct hits {
    size_t count, at; /* `at`: which of them is at the cursor, from 1; 0: none */
    size_t hidden;    /* by the filter */
    bool more;        /* not all were looked through */
};

static struct hits count_hits(struct signins *state, const struct scene *scene)
{
    const struct roster_row *row = signins_row(state);
    uint64_t left = LOOK_FRAME;
    struct hits hits = { 0 };

    for (size_t i = 0; i < state->roster.shown; i++) {
        const struct signin *signin = state->roster.entries[i].signin;
        enum seeker_answer answer = seeker_ask(&state->seeker, signin, &left);

        hits.more |= answer == SEEKER_NOT_YET;
        hits.count += answer == SEEKER_YES;
        if (answer == SEEKER_YES && row && row->signin == signin)
            hits.at = hits.count;
    }
    for (size_t i = 0; state->roster.hidden > 0 && i < scene->report->signin_count; i++)
        hits.hidden += !row_filter_matches(scene->filter, scene->report->signins[i]) &&
                       seeker_ask(&state->seeker, scene->report->signins[i], &left) == SEEKER_YES;
    return hits;
}

static void add_place(struct text *out, const struct signins *state)
{
    const struct roster_row *row = signins_row(state);
    unsigned step = 0;
    const char *where = row ? seeker_where(&state->seeker, row->signin, &step) : NULL;

    if (!where)
        return;
    text_print(out, ": %s", where);
    if (step > 0)
        text_print(out, ", step %u", step);
}

static void add_hits(struct text *out, struct signins *state, const struct scene *scene)
{
    struct hits hits = count_hits(state, scene);

    if (hits.at > 0)
        text_print(out, "%zu of ", hits.at);
    if (hits.count == 0)
        text_add(out, hits.more ? "not found yet, n looks further" : "not found");
    else
        text_print(out, "%zu%s", hits.count, hits.more ? "+" : "");
    if (hits.at > 0)
        add_place(out, state);
    if (hits.hidden > 0)
        text_print(out, " (%zu more %s hidden)", hits.hidden, hits.hidden == 1 ? "is" : "are");
}

void signins_search_draw(struct signins *state, struct pen pen, const struct scene *scene)
{
    struct text result = { 0 };
    int room, columns;
    struct pen line = pen;

    if (seeker_is_on(&state->seeker))
        add_hits(&result, state, scene);
    columns = (int)text_length(&result) + 1;
    room = pen_left(&pen) - columns;
    if (room < pen_left(&pen) / 3)
        room = pen_left(&pen) / 3;
    line.end = line.column + room;
    prompt_draw(&state->prompt, line);
    pen_move(&pen, room + 1);
    pen_put(&pen, STYLE_LABEL, text_string(&result));
    text_release(&result);
}
