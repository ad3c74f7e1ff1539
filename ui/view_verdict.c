/* view_verdict.c: all findings of one sign-in, in full */
#include "ui/text_view.h"
#include "ui/verdict.h"

static void verdict_draw(void *data, struct canvas *canvas, struct area area,
                         const struct scene *scene)
{
    struct text_view *view = data;
    const struct signin *signin = scene_signin(scene, view->target.signin);
    struct text title = { 0 };

    page_clear(&view->page);
    if (signin) {
        text_print(&title, "Sign-in %u: verdict", signin->id);
        verdict_add(&view->page, signin, scene, canvas->ascii);
        for (size_t i = 0; i < signin->finding_count; i++) {
            const struct rule *rule = signin->findings[i].rule;

            if (rule && rule->reference)
                page_add_labelled(&view->page, STYLE_DIM, "source", slice_of_text(rule->reference));
        }
    } else {
        text_add(&title, "This sign-in is no longer kept.");
    }
    text_view_draw(view, canvas, area, text_string(&title));
    text_release(&title);
}

static const enum action verdict_actions[] = { TEXT_VIEW_ACTIONS, ACTION_NONE };

const struct view_ops view_verdict = {
    .name = "Verdict",
    .actions = verdict_actions,
    .state_size = sizeof(struct text_view),
    .open = text_view_open,
    .draw = verdict_draw,
    .act = text_view_act,
    .select = text_view_select,
    .close = text_view_close,
};
