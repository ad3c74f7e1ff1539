/* view_ladder.c: one sign-in, step by step between its hosts, and its verdict below
 *
 * The steps have the first claim on the rows; the verdict takes what they leave,
 * and says where the rest of it is.
 */
#include "ui/compare_wish.h"
#include "ui/ladder.h"
#include "ui/message.h"
#include "ui/scroll.h"
#include "ui/verdict.h"
#include "ui/words.h"

struct ladder {
    unsigned signin, step; /* id; number of the selected step, 0: not chosen yet */
    struct scroll scroll;
    struct page verdict, message;
    bool without_pane;
    int first_row; /* of the steps, on the screen; for the mouse */
};

static unsigned failing_step(const struct signin *signin)
{
    for (size_t i = 0; i < signin->finding_count && signin->outcome == OUTCOME_FAILED; i++)
        if (signin_step(signin, signin->findings[i].step))
            return signin->findings[i].step;
    for (size_t i = 0; i < signin->step_count; i++)
        if (signin->steps[i].status == STEP_FAILED || signin->steps[i].status == STEP_UNANSWERED)
            return signin->steps[i].number;
    return 0;
}

/* Index of the selected step; chooses one where none is. */
static size_t selected_index(struct ladder *state, const struct signin *signin)
{
    size_t i = 0;

    if (state->step == 0 && signin->outcome == OUTCOME_FAILED)
        state->step = failing_step(signin);
    while (i < signin->step_count && signin->steps[i].number < state->step)
        i++;
    if (i == signin->step_count && i > 0)
        i--;
    if (i < signin->step_count)
        state->step = signin->steps[i].number;
    return i;
}

static bool ladder_open(void *data, const struct target *target)
{
    struct ladder *state = data;

    state->signin = target->signin;
    state->step = target->step;
    return true;
}

static void ladder_close(void *data)
{
    struct ladder *state = data;

    page_release(&state->verdict);
    page_release(&state->message);
}

/* ---- the parts of the screen ---- */

/* The result first: it is what never leaves. */
static void draw_title(struct pen pen, const struct signin *signin)
{
    enum style style = style_of_outcome(signin->outcome);
    struct text word = { 0 };

    text_print(&word, "Sign-in %u ", signin->id);
    pen_put(&pen, STYLE_TITLE, text_string(&word));
    pen_put_sign(&pen, style, sign_of_outcome(signin->outcome));
    pen_put(&pen, style, " ");
    pen_put(&pen, style, signin->result ? signin->result : outcome_name(signin->outcome));
    text_truncate(&word, 0);
    text_print(&word, "  %s  ", user_of(signin));
    party_add(&word, &signin->client);
    if (signin->device)
        text_print(&word, "  %s", signin->device);
    pen_put(&pen, STYLE_TITLE, text_string(&word));
    text_release(&word);
}

/* The row of the ladder that a step begins at: a step may take several. */
static int row_of(const struct signin *signin, size_t index)
{
    enum ladder_extra extras[EXTRA_COUNT];
    int row = (int)index;

    for (size_t i = 0; i < index && i < signin->step_count; i++)
        row += (int)ladder_extras(&signin->steps[i], extras);
    return row;
}

/* Returns the row behind it. */
static int draw_step(struct canvas *canvas, struct area rows, int row,
                     const struct ladder_step *drawn)
{
    enum ladder_extra extras[EXTRA_COUNT];
    size_t count = ladder_extras(drawn->step, extras);

    ladder_draw_step(pen_at(canvas, rows, row++), drawn->plan, drawn->lifelines, drawn->step);
    for (size_t i = 0; i < count; i++)
        ladder_draw_extra(pen_at(canvas, rows, row++), drawn, extras[i]);
    return row;
}

static void draw_steps(struct ladder *state, struct canvas *canvas, struct area area,
                       const struct scene *scene)
{
    const struct signin *signin = scene_signin(scene, state->signin);
    struct lifelines lifelines;
    struct ladder_plan plan;
    struct ladder_step drawn = { &plan, &lifelines, NULL };
    struct area hosts = area_part(area, 0, area.rows > 6 ? 2 : 1);
    struct area rows = area_part(area, hosts.rows, area.rows);
    int row = -state->scroll.top, selected = -1;

    lifelines_collect(&lifelines, signin);
    plan = ladder_plan_for(area.columns, lifelines.count);
    plan.failing = signin->outcome == OUTCOME_FAILED ? failing_step(signin) : 0;
    plan.has_keys = scene->report->has_keys;
    plan.before_ns = signin->step_count > 0 ? signin->steps[0].time_ns : 0;
    ladder_draw_hosts(canvas, hosts, &plan, &lifelines);
    for (size_t i = 0; i < signin->step_count && row < rows.rows; i++) {
        drawn.step = &signin->steps[i];
        if (drawn.step->number == state->step)
            selected = row;
        row = draw_step(canvas, rows, row, &drawn);
        plan.before_ns = drawn.step->time_ns;
    }
    if (selected >= 0)
        canvas_select(canvas, area_part(rows, selected, 1));
}

/* ---- the message beside it ---- */

enum { PANE_LEAST = 40, PANE_MOST = 90, LADDER_LEAST = 76, LADDER_BESIDE = 29, LADDER_A_HOST = 15 };

/* What the lifelines leave; the area of the ladder becomes smaller by it. */
static struct area split_off_pane(const struct ladder *state, struct area *ladder,
                                  const struct signin *signin)
{
    struct lifelines lifelines;
    struct area pane = *ladder;
    int least;

    lifelines_collect(&lifelines, signin);
    least = LADDER_BESIDE + LADDER_A_HOST * ((int)lifelines.count - 1);
    if (least < LADDER_LEAST)
        least = LADDER_LEAST;
    pane.columns = ladder->columns - least;
    if (pane.columns < PANE_LEAST || state->without_pane)
        pane.columns = 0;
    else if (pane.columns > PANE_MOST)
        pane.columns = PANE_MOST;
    ladder->columns -= pane.columns;
    pane.column += ladder->columns;
    return pane;
}

static void draw_pane(struct ladder *state, struct canvas *canvas, struct area pane,
                      const struct scene *scene)
{
    const struct signin *signin = scene_signin(scene, state->signin);
    struct message_writer writer = { .page = &state->message,
                                     .report = scene->report,
                                     .signin = signin,
                                     .show_secrets = scene->show_secrets,
                                     .ascii = canvas->ascii };

    page_clear(&state->message);
    message_add(&writer, signin_step(signin, state->step));
    for (int row = 0; row < pane.rows; row++) {
        struct pen pen = pen_at(canvas, pane, row);

        pen_put_sign(&pen, STYLE_DIM, SIGN_VERTICAL);
    }
    pane.column += 2;
    pane.columns -= 2;
    page_draw(&state->message, canvas, pane, 0);
}

static void draw_summary(struct pen pen, const struct step *step)
{
    struct text word = { 0 };
    enum style style = style_of_step(step->status);

    text_print(&word, " step %u: ", step->number);
    pen_put(&pen, STYLE_LABEL, text_string(&word));
    pen_put(&pen, style == STYLE_OK ? STYLE_PLAIN : style, step->summary ? step->summary : "");
    if (step->note) {
        pen_put(&pen, STYLE_DIM, "  ");
        pen_put(&pen, style == STYLE_OK ? STYLE_PLAIN : style, step->note);
    }
    text_release(&word);
}

static void draw_ends(struct pen pen, const struct step *step, const struct report *report)
{
    struct text word = { 0 }, packets = { 0 };
    char duration[WORD_SIZE];

    evidence_add(&packets, report, step->evidence, step->evidence_count);
    if (text_length(&packets) > 0)
        text_print(&word, " packets %s;", text_string(&packets));
    duration_format(step->duration_ns, duration);
    if (step->duration_ns >= 0)
        text_print(&word, " took %s;", duration);
    text_add(&word, " ");
    party_add_full(&word, &step->from);
    text_print(&word, " %s ", sign_text(SIGN_ARROW, pen.canvas->ascii));
    party_add_full(&word, &step->to);
    pen_put(&pen, STYLE_DIM, text_string(&word));
    text_release(&word);
    text_release(&packets);
}

static void draw_status(struct canvas *canvas, struct area area, const struct step *step,
                        const struct report *report)
{
    struct pen line = pen_at(canvas, area, 0);

    if (area.rows > 2) {
        pen_fill(&line, STYLE_DIM, SIGN_HORIZONTAL, area.columns);
        area = area_part(area, 1, area.rows);
    }
    if (!step)
        return;
    draw_summary(pen_at(canvas, area, 0), step);
    draw_ends(pen_at(canvas, area, 1), step, report);
}

static void draw_verdict(struct page *page, struct canvas *canvas, struct area area)
{
    bool cut = page_height(page, area.columns) > area.rows;

    page_draw(page, canvas, area, 0);
    if (cut && area.rows > 1) {
        struct pen pen = pen_at(canvas, area, area.rows - 1);

        pen_put_field(&pen, STYLE_DIM, "", area.columns);
        pen_move(&pen, 0);
        pen_put_sign(&pen, STYLE_DIM, SIGN_CUT);
        pen_put(&pen, STYLE_DIM, " v: the whole verdict");
    }
}

/* How the rows below the title are shared. */
struct shares {
    int ladder, status, verdict;
};

static struct shares share_rows(int rows, int steps, int verdict)
{
    struct shares shares = { .status = rows >= 20 ? 3 : rows >= 12 ? 2 : 1 };
    int left = rows - shares.status;
    int hosts = rows >= 12 ? 2 : 1;
    int least = steps + hosts < left / 2 ? steps + hosts : left / 2 + (rows < 16 ? 1 : 0);

    shares.verdict = verdict < left - least ? verdict : left - least;
    shares.ladder = left - shares.verdict;
    return shares;
}

static void draw_signin(struct ladder *state, struct canvas *canvas, struct area area,
                        const struct scene *scene)
{
    const struct signin *signin = scene_signin(scene, state->signin);
    struct shares shares;
    struct area ladder, pane;
    size_t index;
    int rows, shown;

    index = selected_index(state, signin);
    page_clear(&state->verdict);
    verdict_add(&state->verdict, signin, scene, canvas->ascii);
    rows = row_of(signin, signin->step_count);
    shares = share_rows(area.rows, rows, page_height(&state->verdict, area.columns));
    shown = shares.ladder - (shares.ladder > 6 ? 2 : 1);
    state->scroll.at = row_of(signin, index);
    state->first_row = area.row + shares.ladder - shown;
    scroll_fit(&state->scroll, rows, shown);
    ladder = area_part(area, 0, shares.ladder);
    pane = split_off_pane(state, &ladder, signin);
    draw_steps(state, canvas, ladder, scene);
    if (pane.columns > 0 && index < signin->step_count)
        draw_pane(state, canvas, pane, scene);
    draw_status(canvas, area_part(area, shares.ladder, shares.status),
                index < signin->step_count ? &signin->steps[index] : NULL, scene->report);
    draw_verdict(&state->verdict, canvas,
                 area_part(area, shares.ladder + shares.status, shares.verdict));
}

static void ladder_draw(void *data, struct canvas *canvas, struct area area,
                        const struct scene *scene)
{
    struct ladder *state = data;
    const struct signin *signin = scene_signin(scene, state->signin);
    struct pen pen = pen_at(canvas, area, 0);

    if (!signin) {
        pen_put(&pen, STYLE_WARNING, "This sign-in is no longer kept: too many came after it.");
        return;
    }
    draw_title(pen, signin);
    draw_signin(state, canvas, area_part(area, 1, area.rows), scene);
}

/* ---- keys ---- */

static void move(struct ladder *state, const struct signin *signin, enum action action)
{
    struct scroll scroll = { .at = (int)selected_index(state, signin),
                             .shown = state->scroll.shown };

    (void)scroll_act(&scroll, action);
    scroll_fit(&scroll, (int)signin->step_count, state->scroll.shown);
    if (signin->step_count > 0)
        state->step = signin->steps[scroll.at].number;
}

static void jump(struct ladder *state, const struct signin *signin)
{
    unsigned failing = failing_step(signin);

    if (failing)
        state->step = failing;
    else
        move(state, signin, ACTION_LAST);
}

static struct wish ladder_act(void *data, enum action action, const struct scene *scene)
{
    struct ladder *state = data;
    const struct signin *signin = scene_signin(scene, state->signin);
    struct wish wish = { WISH_OPEN, NULL, { .signin = state->signin }, NULL };

    if (!signin)
        return (struct wish){ .kind = WISH_NOTHING };
    (void)selected_index(state, signin);
    wish.target.step = state->step;
    if (action == ACTION_MARK)
        return mark_wish(scene, state->signin);
    if (action == ACTION_COMPARE)
        return compare_wish(scene, state->signin);
    if (action == ACTION_PANE)
        state->without_pane = !state->without_pane;
    else if (action == ACTION_VERDICT)
        wish.view = &view_verdict;
    else if (action == ACTION_OPEN && signin->step_count > 0)
        wish.view = &view_message;
    else if (action == ACTION_FAILING)
        jump(state, signin);
    else
        move(state, signin, action);
    return wish.view ? wish : (struct wish){ .kind = WISH_NOTHING };
}

/* The step that a row of the screen shows; NULL: none. */
static const struct step *step_at(const struct ladder *state, const struct signin *signin, int row)
{
    int at = row - state->first_row + state->scroll.top;

    if (row < state->first_row || row >= state->first_row + state->scroll.shown)
        return NULL;
    for (size_t i = 0; i < signin->step_count; i++) {
        int from = row_of(signin, i);

        if (at == from || (at == from + 1 && signin->steps[i].relay))
            return &signin->steps[i];
    }
    return NULL;
}

/* On a step: selects it; on the selected one: opens it. */
static struct wish ladder_click(void *data, int row, int column, const struct scene *scene)
{
    struct ladder *state = data;
    const struct signin *signin = scene_signin(scene, state->signin);
    const struct step *step = signin ? step_at(state, signin, row) : NULL;

    (void)column;
    if (step && step->number == state->step)
        return ladder_act(data, ACTION_OPEN, scene);
    if (step)
        state->step = step->number;
    return (struct wish){ .kind = WISH_NOTHING };
}

static void ladder_select(void *data, const struct scene *scene, struct target *target)
{
    const struct ladder *state = data;

    if (scene_signin(scene, state->signin)) {
        target->signin = state->signin;
        target->step = state->step;
    }
}

static const enum action ladder_actions[] = {
    ACTION_OPEN,  ACTION_FAILING, ACTION_VERDICT, ACTION_COMPARE, ACTION_MARK,
    ACTION_PANE,  ACTION_UP,      ACTION_DOWN,    ACTION_PAGE_UP, ACTION_PAGE_DOWN,
    ACTION_FIRST, ACTION_LAST,    ACTION_NONE,
};

const struct view_ops view_ladder = {
    .name = "Ladder of one sign-in",
    .legend = "One arrow a step, from who asked to who was asked; under it the same exchange "
              "behind the proxy, where it was seen. A double line was encrypted and has been "
              "read; shade stands for what nobody could read, with the reason. Under an arrow "
              "that was sent again, or that had no answer, it says so. Times are the capture's, in "
              "UTC; + is the time since "
              "the step above.",
    .actions = ladder_actions,
    .state_size = sizeof(struct ladder),
    .open = ladder_open,
    .draw = ladder_draw,
    .act = ladder_act,
    .select = ladder_select,
    .click = ladder_click,
    .close = ladder_close,
};
