/* view_verdict.c: all findings of one sign-in, in full, and the ways to what proves them
 *
 * One row that opens something is selected.  The arrow keys go from one to the
 * next where that is in sight, and else scroll, so that nothing is skipped.
 */
#include "ui/finding_page.h"
#include "ui/text_view.h"
#include "ui/verdict.h"

struct verdict_view {
    struct text_view text; /* first: its functions take the whole */
    struct finding_page found;
    size_t selected; /* index of a link */
};

/* Keys may come before the first frame: they need the rows too. NULL: it is gone. */
static const struct signin *build(struct verdict_view *view, const struct scene *scene)
{
    const struct signin *signin = scene_signin(scene, view->text.target.signin);

    page_clear(&view->text.page);
    view->found.page = &view->text.page;
    view->found.report = scene->report;
    view->found.link_count = 0;
    if (!signin)
        return NULL;
    verdict_add_outcome(&view->text.page, signin, view->found.ascii);
    for (size_t i = 0; i < signin->finding_count; i++)
        finding_page_add(&view->found, signin, &signin->findings[i]);
    if (view->selected >= view->found.link_count)
        view->selected = view->found.link_count ? view->found.link_count - 1 : 0;
    return signin;
}

static int row_of_link(const struct verdict_view *view, size_t link)
{
    return page_row_of(&view->text.page, view->found.links[link].line, view->text.columns);
}

static bool in_sight(const struct verdict_view *view, size_t link)
{
    int row = row_of_link(view, link) - view->text.scroll.at;

    return row >= 0 && row < view->text.scroll.shown;
}

static void select_link(const struct verdict_view *view, struct canvas *canvas, struct area area)
{
    int row, rows;

    if (view->found.link_count == 0)
        return;
    row = row_of_link(view, view->selected) - view->text.scroll.at;
    rows = page_line_height(&view->text.page, view->found.links[view->selected].line, area.columns);
    for (int i = row < 0 ? 0 : row; i < row + rows && i < view->text.scroll.shown; i++)
        canvas_select(canvas, area_part(area, i + 1, 1));
}

static void verdict_draw(void *data, struct canvas *canvas, struct area area,
                         const struct scene *scene)
{
    struct verdict_view *view = data;
    const struct signin *signin;
    struct text title = { 0 };

    view->found.ascii = canvas->ascii;
    signin = build(view, scene);
    if (signin)
        text_print(&title, "Sign-in %u: verdict", signin->id);
    else
        text_add(&title, "This sign-in is no longer kept.");
    text_view_draw(&view->text, canvas, area, text_string(&title));
    select_link(view, canvas, area);
    text_release(&title);
}

/* ---- keys ---- */

static struct wish open_link(const struct verdict_view *view)
{
    const struct finding_link *link = &view->found.links[view->selected];

    if (view->found.link_count == 0)
        return (struct wish){ .kind = WISH_NOTHING };
    return (struct wish){ WISH_OPEN, link->to_signin ? &view_ladder : &view_message, link->target,
                          NULL };
}

static void show_link(struct verdict_view *view)
{
    int row = row_of_link(view, view->selected);

    if (!in_sight(view, view->selected))
        view->text.scroll.at = row > 2 ? row - 2 : 0;
}

static void next_link(struct verdict_view *view)
{
    if (view->found.link_count == 0)
        return;
    view->selected = (view->selected + 1) % view->found.link_count;
    show_link(view);
}

/* False: the page is to scroll instead. */
static bool step_link(struct verdict_view *view, bool down)
{
    size_t count = view->found.link_count;
    size_t next = down ? view->selected + 1 : view->selected - 1;

    if (count == 0 || (down ? next >= count : view->selected == 0) || !in_sight(view, next))
        return false;
    view->selected = next;
    return true;
}

/* After the page moved by itself, the nearest one in sight. */
static void take_link_in_sight(struct verdict_view *view)
{
    if (view->found.link_count == 0 || in_sight(view, view->selected))
        return;
    for (size_t i = 0; i < view->found.link_count; i++) {
        if (in_sight(view, i)) {
            view->selected = i;
            return;
        }
    }
}

static struct wish verdict_act(void *data, enum action action, const struct scene *scene)
{
    struct verdict_view *view = data;
    struct wish wish = { .kind = WISH_NOTHING };

    (void)build(view, scene);
    if (action == ACTION_OPEN)
        return open_link(view);
    if (action == ACTION_LINK) {
        next_link(view);
    } else if ((action != ACTION_UP && action != ACTION_DOWN) ||
               !step_link(view, action == ACTION_DOWN)) {
        wish = text_view_act(&view->text, action, scene);
        scroll_fit_page(&view->text.scroll, page_height(&view->text.page, view->text.columns),
                        view->text.scroll.shown);
        take_link_in_sight(view);
    }
    return wish;
}

static const enum action verdict_actions[] = { ACTION_OPEN, ACTION_LINK, TEXT_VIEW_ACTIONS,
                                               ACTION_NONE };

const struct view_ops view_verdict = {
    .name = "Verdict",
    .legend = "Everything that was found in this sign-in, the one that made it fail first. Enter "
              "opens the message that a packet belongs to, or another sign-in with the same "
              "cause.",
    .actions = verdict_actions,
    .state_size = sizeof(struct verdict_view),
    .open = text_view_open,
    .draw = verdict_draw,
    .act = verdict_act,
    .type = text_view_type,
    .hint = text_view_hint,
    .select = text_view_select,
    .close = text_view_close,
};
