/* view_message.c: the message of one step: decoded, its text, its packets */
#include "ui/message.h"
#include "ui/text_view.h"

enum mode { MODE_DECODED, MODE_RAW, MODE_PACKETS, MODE_COUNT };

enum { READ_MS = 20 };

struct message_view {
    struct text_view text; /* first: its functions take the whole */
    enum mode mode;
    bool toggled; /* secrets are shown where they are masked elsewhere, or the reverse */
    bool wanted;  /* the packets of this step have been asked for */
    bool reading;
    struct evidence evidence; /* the packet to begin at; packet 0: none */
    struct packets packets;
};

static bool message_open(void *data, const struct target *target)
{
    struct message_view *view = data;

    view->evidence = target->evidence;
    if (target->evidence.packet && target->step == 0)
        view->mode = MODE_PACKETS;
    return text_view_open(&view->text, target);
}

static void message_close(void *data)
{
    struct message_view *view = data;

    packets_release(&view->packets);
    text_view_close(&view->text);
}

static const struct signin *signin_of(const struct message_view *view, const struct scene *scene)
{
    return scene_signin(scene, view->text.target.signin);
}

static const struct step *step_of(const struct message_view *view, const struct scene *scene)
{
    return signin_step(signin_of(view, scene), view->text.target.step);
}

/* ---- packets ---- */

/* A step that has gone on has more packets than before: they are asked for each time. */
static void want_packets(struct message_view *view, const struct scene *scene)
{
    const struct step *step = step_of(view, scene);

    if (view->mode != MODE_PACKETS || view->wanted)
        return;
    view->wanted = true;
    packets_add(&view->packets, &view->evidence, 1);
    if (step)
        message_want_packets(&view->packets, step);
    view->reading = packets_read(&view->packets, scene->report, READ_MS);
}

static void forget_packets(struct message_view *view)
{
    packets_release(&view->packets);
    view->evidence.packet = 0;
    view->wanted = view->reading = false;
}

static bool message_work(void *data, const struct scene *scene, unsigned milliseconds)
{
    struct message_view *view = data;

    if (view->reading && milliseconds > 0)
        view->reading = packets_read(&view->packets, scene->report, milliseconds);
    return view->reading;
}

/* ---- drawing ---- */

static void add_modes(struct text *title, enum mode mode)
{
    static const char *const words[] = { "decoded", "raw", "packets" };

    for (enum mode i = MODE_DECODED; i < MODE_COUNT; i++)
        text_print(title, i == mode ? "  [%s]" : "  %s", words[i]);
}

static void add_message(struct message_view *view, const struct message_writer *writer,
                        const struct step *step, int columns)
{
    if (view->mode == MODE_PACKETS)
        message_add_packets(writer, step, &view->packets, columns);
    else if (!step)
        page_add(writer->page, STYLE_WARNING, "This step is no longer kept.");
    else if (view->mode == MODE_RAW)
        message_add_raw(writer, step);
    else
        message_add(writer, step);
}

static void message_draw(void *data, struct canvas *canvas, struct area area,
                         const struct scene *scene)
{
    struct message_view *view = data;
    const struct signin *signin = signin_of(view, scene);
    const struct step *step = step_of(view, scene);
    struct message_writer writer = { .page = &view->text.page,
                                     .report = scene->report,
                                     .signin = signin,
                                     .show_secrets = scene->show_secrets != view->toggled,
                                     .ascii = canvas->ascii };
    struct text title = { 0 };

    page_clear(&view->text.page);
    want_packets(view, scene);
    if (step)
        text_print(&title, "Sign-in %u, step %u of %zu", signin->id, step->number,
                   signin->step_count);
    add_modes(&title, view->mode);
    text_add(&title, writer.show_secrets ? "  secrets shown" : "");
    add_message(view, &writer, step, area.columns);
    if (view->text.page.full || view->text.page.text.cut)
        page_add(&view->text.page, STYLE_WARNING, "There is more than can be shown.");
    text_view_draw(&view->text, canvas, area, text_string(&title));
    text_release(&title);
}

/* ---- keys ---- */

static void to_top(struct message_view *view)
{
    view->text.scroll = (struct scroll){ .shown = view->text.scroll.shown };
    view->text.find.found = false;
}

static void move_step(struct message_view *view, const struct scene *scene, bool forward)
{
    unsigned *step = &view->text.target.step;
    unsigned number = forward ? *step + 1 : *step - 1;

    if (signin_step(signin_of(view, scene), number)) {
        *step = number;
        forget_packets(view);
        to_top(view);
    }
}

static struct wish message_act(void *data, enum action action, const struct scene *scene)
{
    struct message_view *view = data;

    if (action == ACTION_NEXT || action == ACTION_PREVIOUS) {
        move_step(view, scene, action == ACTION_NEXT);
    } else if (action == ACTION_MODE) {
        view->mode = (enum mode)((view->mode + 1) % MODE_COUNT);
        to_top(view);
    } else if (action == ACTION_SECRETS) {
        view->toggled = !view->toggled;
    } else {
        return text_view_act(&view->text, action, scene);
    }
    return (struct wish){ .kind = WISH_NOTHING };
}

static const enum action message_actions[] = {
    ACTION_MODE, ACTION_NEXT, ACTION_PREVIOUS, ACTION_SECRETS, TEXT_VIEW_ACTIONS, ACTION_NONE,
};

const struct view_ops view_message = {
    .name = "Message of one step",
    .legend = "What the exchange says in words, then its text, then the bytes of its packets, "
              "read again from the file. Passwords, tickets and cookies are masked until you ask "
              "for them; that holds for this screen only.",
    .actions = message_actions,
    .state_size = sizeof(struct message_view),
    .open = message_open,
    .draw = message_draw,
    .act = message_act,
    .type = text_view_type,
    .hint = text_view_hint,
    .work = message_work,
    .close = message_close,
    .select = text_view_select,
};
