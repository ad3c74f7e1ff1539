/* app.c: the stack of views over one screen
 *
 * A frame is always drawn whole, from the report as it is now and the size the
 * terminal has now; nothing is kept of the frame before.  So a resize, a growing
 * report and a fresh start cannot differ.  The back end finds out what changed.
 */
#include "ui/app.h"

#include <stdio.h>

#include "ui/row_filter.h"
#include "ui/settings.h"
#include "ui/view.h"

enum { STACK_MAX = 32, LEAST_ROWS = 10, LEAST_COLUMNS = 40, WHEEL_ROWS = 3 };

struct view {
    const struct view_ops *ops;
    void *state;
};

struct app {
    struct screen *screen;
    const struct ui_feed *feed;
    struct scene scene;
    bool stale; /* the report may have changed since it was asked for */
    struct view stack[STACK_MAX];
    size_t depth;
    struct canvas canvas;
    bool busy; /* the view on top has more to do */
    struct row_filter filter;
    struct ui_settings settings;
    struct keymap keymap;
    bool mouse;  /* is ours */
    bool asking; /* whether to end a live capture */
    bool over;
};

/* Understood on every screen, behind what the view itself wants. */
static const enum action everywhere[] = { ACTION_LEAVE, ACTION_BACK,   ACTION_HELP, ACTION_SAVE,
                                          ACTION_MOUSE, ACTION_REDRAW, ACTION_NONE };

const enum action *app_everywhere(void)
{
    return everywhere;
}

static void refresh(struct app *app)
{
    if (app->stale)
        app->scene.report = app->feed->report(app->feed->context);
    app->stale = false;
}

/* ---- the stack ---- */

static struct view *top(struct app *app)
{
    return &app->stack[app->depth - 1];
}

static bool open_view(struct app *app, const struct view_ops *ops, const struct target *target)
{
    struct view view = { .ops = ops };

    if (app->depth == STACK_MAX)
        return false;
    view.state = memory_take(NULL, ops->state_size);
    if (!view.state)
        return false;
    if (!ops->open(view.state, target)) {
        memory_give(NULL, view.state, ops->state_size);
        return false;
    }
    app->stack[app->depth++] = view;
    return true;
}

static void close_view(struct app *app)
{
    struct view *view = top(app);

    view->ops->close(view->state);
    memory_give(NULL, view->state, view->ops->state_size);
    app->depth--;
}

/* What is wrong with them was said before there was a screen. */
static void choose_keys(struct app *app, const struct ui_options *options)
{
    struct text problem = { 0 };

    for (size_t i = 0; i < options->key_count; i++)
        (void)keymap_set(&app->keymap, options->keys[i], &problem);
    text_release(&problem);
}

struct app *app_create(struct screen *screen, const struct ui_feed *feed,
                       const struct ui_options *options)
{
    struct app *app = memory_take(NULL, sizeof *app);
    struct target none = { 0 };

    if (!app)
        return NULL;
    app->screen = screen;
    app->feed = feed;
    app->scene.show_secrets = options->show_secrets;
    app->scene.live = feed->live;
    app->scene.reading = feed->work != NULL;
    app->scene.filter = &app->filter;
    app->scene.settings = &app->settings;
    settings_reset(&app->settings);
    app->scene.no_save = options->no_save;
    app->scene.keymap = &app->keymap;
    app->mouse = !options->no_mouse;
    choose_keys(app, options);
    app->canvas.ascii = screen->ascii;
    app->stale = true;
    if (!open_view(app, &view_signins, &none)) {
        app_free(app);
        return NULL;
    }
    return app;
}

void app_free(struct app *app)
{
    while (app->depth > 0)
        close_view(app);
    canvas_release(&app->canvas);
    settings_release(&app->settings);
    memory_give(NULL, app, sizeof *app);
}

struct ui_settings *app_settings(struct app *app)
{
    return &app->settings;
}

bool app_is_over(const struct app *app)
{
    return app->over;
}

static void work_view(struct app *app, unsigned milliseconds)
{
    const struct view *view = top(app);

    app->busy = false;
    if (!view->ops->work)
        return;
    refresh(app);
    app->busy = view->ops->work(view->state, &app->scene, milliseconds);
}

bool app_work(struct app *app, unsigned milliseconds)
{
    if (app->scene.reading)
        app->scene.reading = app->feed->work(app->feed->context, milliseconds);
    app->stale = true;
    work_view(app, milliseconds);
    return app->scene.reading || app->busy;
}

bool app_is_working(const struct app *app)
{
    return app->scene.reading || app->busy;
}

/* ---- keys ---- */

static void leave(struct app *app)
{
    if (app->depth > 1)
        close_view(app);
    else if (app->scene.live && app->scene.reading)
        app->asking = true;
    else
        app->over = true;
}

static bool can_save(struct app *app)
{
    return top(app)->ops != &view_save && top(app)->ops != &view_help;
}

/* What the screen shows is what the last frame holds. */
static void open_save(struct app *app)
{
    struct buffer listed = { 0 };
    struct target target = { .about = top(app)->ops, .listed = &listed };
    struct text glass = { 0 };

    refresh(app);
    if (top(app)->ops->select)
        top(app)->ops->select(top(app)->state, &app->scene, &target);
    canvas_print(&app->canvas, app->canvas.rows - 1, &glass);
    target.glass = text_string(&glass);
    (void)open_view(app, &view_save, &target);
    buffer_release(&listed);
    text_release(&glass);
}

static void toggle_mouse(struct app *app)
{
    app->mouse = !app->mouse;
    app->screen->ops->mouse(app->screen, app->mouse);
    snprintf(app->screen->notice, sizeof app->screen->notice, "%s",
             app->mouse ? " The mouse chooses rows here."
                        : " The mouse is the terminal's: it selects text.");
}

static void act_everywhere(struct app *app, enum action action)
{
    struct target target = { .about = top(app)->ops };

    if (action == ACTION_LEAVE)
        leave(app);
    else if (action == ACTION_BACK && app->depth > 1)
        close_view(app);
    else if (action == ACTION_HELP && top(app)->ops != &view_help)
        (void)open_view(app, &view_help, &target); /* without memory there is no help */
    else if (action == ACTION_SAVE && can_save(app))
        open_save(app);
    else if (action == ACTION_MOUSE)
        toggle_mouse(app);
    else if (action == ACTION_REDRAW)
        app->screen->ops->redraw(app->screen);
}

static void fulfil(struct app *app, const struct wish *wish)
{
    if (wish->notice)
        snprintf(app->screen->notice, sizeof app->screen->notice, "%s", wish->notice);
    if (wish->kind == WISH_MARK)
        app->scene.marked = app->scene.marked == wish->target.signin ? 0 : wish->target.signin;
    if (wish->kind == WISH_OPEN)
        (void)open_view(app, wish->view, &wish->target);
    else if (wish->kind == WISH_CLOSE && app->depth > 1)
        close_view(app);
}

/* True: the view took the key itself. */
static bool type_into_view(struct app *app, uint32_t input)
{
    struct wish wish = { .kind = WISH_NOTHING };

    if (!top(app)->ops->type)
        return false;
    refresh(app);
    if (!top(app)->ops->type(top(app)->state, input, &app->scene, &wish))
        return false;
    fulfil(app, &wish);
    return true;
}

/* ---- the mouse ---- */

static bool understands(const struct view *view, enum action action)
{
    const enum action *actions = view->ops->actions;

    while (*actions != ACTION_NONE && *actions != action)
        actions++;
    return *actions == action;
}

static void turn_wheel(struct app *app, bool up)
{
    enum action action = up ? ACTION_UP : ACTION_DOWN;
    struct view *view = top(app);

    for (int i = 0; i < WHEEL_ROWS && understands(view, action); i++)
        (void)view->ops->act(view->state, action, &app->scene);
}

static void click(struct app *app, uint32_t input)
{
    struct view *view = top(app);
    struct wish wish;

    if (!view->ops->click || input_click_row(input) >= app->canvas.rows - 1)
        return;
    wish = view->ops->click(view->state, input_click_row(input), input_click_column(input),
                            &app->scene);
    fulfil(app, &wish);
}

/* True: it was the mouse. While a line is typed or a question is open it does nothing. */
static bool take_mouse(struct app *app, uint32_t input)
{
    const struct view *view = top(app);
    bool is_wheel = input == INPUT_WHEEL_UP || input == INPUT_WHEEL_DOWN;

    if (!is_wheel && !(input & INPUT_CLICK))
        return false;
    if (app->asking || (view->ops->hint && view->ops->hint(view->state)))
        return true;
    refresh(app);
    if (is_wheel)
        turn_wheel(app, input == INPUT_WHEEL_UP);
    else
        click(app, input);
    return true;
}

/* Whatever is open: it is no answer to a question and no letter of a line. */
static bool asks_for_redraw(const struct app *app, uint32_t input)
{
    return input < INPUT_SPACE && action_for(&app->keymap, everywhere, input) == ACTION_REDRAW;
}

/* True: the mouse, a question or a line that is typed took it. */
static bool take_first(struct app *app, uint32_t input)
{
    if (take_mouse(app, input))
        return true;
    if (asks_for_redraw(app, input))
        return false;
    if (!app->asking)
        return type_into_view(app, input);
    app->asking = false;
    app->over = input == 'y' || input == 'Y';
    return true;
}

void app_press(struct app *app, uint32_t input)
{
    enum action action = action_for(&app->keymap, top(app)->ops->actions, input);
    struct wish wish;

    app->screen->notice[0] = 0;
    app->busy = true; /* a key may begin something long */
    if (input == INPUT_LOST) {
        app->over = true;
    } else if (take_first(app, input)) {
        return;
    } else if (action != ACTION_NONE) {
        refresh(app);
        wish = top(app)->ops->act(top(app)->state, action, &app->scene);
        fulfil(app, &wish);
    } else {
        act_everywhere(app, action_for(&app->keymap, everywhere, input));
    }
}

/* ---- one frame ---- */

static const char *footer_word(const struct app *app, enum action action)
{
    return action == ACTION_LEAVE && app->depth == 1 ? "quit" : action_word(action);
}

/* Whole hints only; `room` columns are kept free behind them. */
static void put_hints(struct app *app, struct pen *pen, const enum action *actions, int room)
{
    struct text key = { 0 };

    for (; *actions != ACTION_NONE; actions++) {
        const char *word = footer_word(app, *actions);

        text_truncate(&key, 0);
        action_add_key(&key, &app->keymap, actions, *actions);
        if (!word || text_length(&key) == 0)
            continue;
        if ((int)(text_length(&key) + slice_of_text(word).length) + 3 > pen_left(pen) - room)
            break;
        pen_put(pen, STYLE_PLAIN, " ");
        pen_put(pen, STYLE_KEY, text_string(&key));
        pen_put(pen, STYLE_PLAIN, " ");
        pen_put(pen, STYLE_DIM, word);
        pen_put(pen, STYLE_PLAIN, " ");
    }
    text_release(&key);
}

static void draw_footer(struct app *app, struct area area)
{
    static const enum action manners[] = { ACTION_LEAVE, ACTION_HELP, ACTION_NONE };
    static const enum action saving[] = { ACTION_SAVE, ACTION_NONE };
    const struct view *view = top(app);
    const char *hint = view->ops->hint ? view->ops->hint(view->state) : NULL;
    struct pen pen = pen_at(&app->canvas, area, 0);

    if (app->asking) {
        pen_put(&pen, STYLE_WARNING, " End the live capture and leave?  y: yes, any other key: no");
        return;
    }
    if (app->screen->notice[0]) {
        pen_put(&pen, STYLE_WARNING, app->screen->notice);
        return;
    }
    if (hint) {
        pen_put(&pen, STYLE_DIM, hint);
        return;
    }
    put_hints(app, &pen, manners, 0);
    put_hints(app, &pen, top(app)->ops->actions, 0);
    if (can_save(app))
        put_hints(app, &pen, saving, 0);
}

static void draw_too_small(struct app *app, struct area area)
{
    struct text line = { 0 };
    struct pen pen;

    text_print(&line, "needs %dx%d, has %dx%d", LEAST_COLUMNS, LEAST_ROWS, area.columns, area.rows);
    pen = pen_at(&app->canvas, area, area.rows / 2);
    pen_move(&pen, (area.columns - (int)text_length(&line)) / 2);
    pen_put(&pen, STYLE_WARNING, text_string(&line));
    text_release(&line);
}

static void draw_views(struct app *app, struct area area)
{
    size_t from = app->depth - 1;

    while (from > 0 && app->stack[from].ops->over_others)
        from--;
    for (; from < app->depth; from++)
        app->stack[from].ops->draw(app->stack[from].state, &app->canvas, area, &app->scene);
}

void app_draw(struct app *app)
{
    struct area area;
    int rows, columns;

    refresh(app);
    app->screen->ops->size(app->screen, &rows, &columns);
    canvas_resize(&app->canvas, rows, columns);
    area = canvas_area(&app->canvas);
    if (area.rows < LEAST_ROWS || area.columns < LEAST_COLUMNS) {
        draw_too_small(app, area);
    } else {
        draw_views(app, area_part(area, 0, area.rows - 1));
        draw_footer(app, area_part(area, area.rows - 1, 1));
        work_view(app, 0);
    }
    app->screen->ops->show(app->screen, &app->canvas);
}

/* ---- what views look up ---- */

void target_list(struct target *target, unsigned id)
{
    if (target->listed)
        (void)buffer_append(target->listed, slice_of(&id, sizeof id)); /* no memory: not saved */
}

const struct signin *scene_signin(const struct scene *scene, unsigned id)
{
    for (size_t i = 0; i < scene->report->signin_count; i++)
        if (scene->report->signins[i]->id == id)
            return scene->report->signins[i];
    return NULL;
}

const struct step *signin_step(const struct signin *signin, unsigned number)
{
    for (size_t i = 0; signin && i < signin->step_count; i++)
        if (signin->steps[i].number == number)
            return &signin->steps[i];
    return NULL;
}
