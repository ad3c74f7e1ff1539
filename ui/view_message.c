/* view_message.c: the message of one step, decoded */
#include "ui/message.h"
#include "ui/text_view.h"

static void message_draw(void *data, struct canvas *canvas, struct area area,
                         const struct scene *scene)
{
    struct text_view *view = data;
    const struct signin *signin = scene_signin(scene, view->target.signin);
    const struct step *step = signin_step(signin, view->target.step);
    struct message_writer writer = { &view->page, scene->report, scene->show_secrets,
                                     canvas->ascii };
    struct text title = { 0 };

    page_clear(&view->page);
    if (step) {
        text_print(&title, "Sign-in %u, step %u of %zu", signin->id, step->number,
                   signin->step_count);
        message_add(&writer, step);
    } else {
        text_add(&title, "This step is no longer kept.");
    }
    if (view->page.full || view->page.text.cut)
        page_add(&view->page, STYLE_WARNING, "There is more than can be shown.");
    text_view_draw(view, canvas, area, text_string(&title));
    text_release(&title);
}

static void move_step(struct text_view *view, const struct scene *scene, bool forward)
{
    const struct signin *signin = scene_signin(scene, view->target.signin);
    unsigned number = forward ? view->target.step + 1 : view->target.step - 1;

    if (signin_step(signin, number)) {
        view->target.step = number;
        view->scroll = (struct scroll){ .shown = view->scroll.shown };
    }
}

static struct wish message_act(void *data, enum action action, const struct scene *scene)
{
    if (action == ACTION_NEXT || action == ACTION_PREVIOUS)
        move_step(data, scene, action == ACTION_NEXT);
    return text_view_act(data, action, scene);
}

static const enum action message_actions[] = { ACTION_NEXT, ACTION_PREVIOUS, TEXT_VIEW_ACTIONS,
                                               ACTION_NONE };

const struct view_ops view_message = {
    .name = "Message of one step",
    .legend = "What the exchange says in words, then its text. Passwords, tickets and cookies are "
              "masked unless the program was started with --show-secrets.",
    .actions = message_actions,
    .state_size = sizeof(struct text_view),
    .open = text_view_open,
    .draw = message_draw,
    .act = message_act,
    .select = text_view_select,
    .close = text_view_close,
};
