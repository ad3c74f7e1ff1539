/* view_help.c: the keys of the screen that help was asked on, from the table that binds them */
#include "ui/app.h"
#include "ui/text_view.h"

static void add_actions(struct page *page, const struct keymap *keymap, const enum action *actions)
{
    struct text keys = { 0 }, help = { 0 };

    for (size_t i = 0; actions[i] != ACTION_NONE; i++) {
        text_truncate(&keys, 0);
        action_add_keys(&keys, keymap, actions, actions[i]);
        if (text_length(&keys) == 0)
            continue;
        while (text_length(&keys) < 14)
            text_add(&keys, " ");
        text_truncate(&help, 0);
        text_print(&help, "%s (%s)", action_help(actions[i]), action_name(actions[i]));
        page_add_labelled(page, STYLE_PLAIN, text_string(&keys), buffer_slice(&help.bytes));
    }
    text_release(&keys);
    text_release(&help);
}

static void add_signs(struct page *page, bool ascii)
{
    static const struct {
        enum sign sign;
        enum style style;
        const char *meaning;
    } signs[] = {
        { SIGN_OK, STYLE_OK, "went well" },
        { SIGN_EXPECTED, STYLE_EXPECTED, "did not succeed, as expected" },
        { SIGN_WARNING, STYLE_WARNING, "suspicious" },
        { SIGN_FAILED, STYLE_FAILED, "failed" },
        { SIGN_UNANSWERED, STYLE_FAILED, "no answer" },
        { SIGN_UNKNOWN, STYLE_UNKNOWN, "the capture cannot tell" },
        { SIGN_NOT_REACHED, STYLE_DIM, "not reached, or not needed" },
    };

    page_add(page, STYLE_PLAIN, "");
    page_add(page, STYLE_HEADING, "Signs");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        page_print(page, signs[i].style, "%s  %s", sign_text(signs[i].sign, ascii),
                   signs[i].meaning);
}

static void help_draw(void *data, struct canvas *canvas, struct area area,
                      const struct scene *scene)
{
    struct text_view *view = data;
    const struct view_ops *about = view->target.about;
    struct text title = { 0 };

    text_print(&title, "Help: %s", about->name);
    page_clear(&view->page);
    add_actions(&view->page, scene->keymap, about->actions);
    add_actions(&view->page, scene->keymap, app_everywhere());
    add_signs(&view->page, canvas->ascii);
    page_add(&view->page, STYLE_PLAIN, "");
    page_add(&view->page, STYLE_DIM,
             "The names in brackets are for the configuration: key.NAME = KEY KEY.");
    if (about->legend) {
        page_add(&view->page, STYLE_PLAIN, "");
        page_add(&view->page, STYLE_PLAIN, about->legend);
    }
    text_view_draw(view, canvas, area, text_string(&title));
    text_release(&title);
}

static const enum action help_actions[] = { TEXT_VIEW_ACTIONS, ACTION_NONE };

const struct view_ops view_help = {
    .name = "Help",
    .actions = help_actions,
    .state_size = sizeof(struct text_view),
    .open = text_view_open,
    .draw = help_draw,
    .act = text_view_act,
    .type = text_view_type,
    .hint = text_view_hint,
    .close = text_view_close,
};
