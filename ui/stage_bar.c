/* stage_bar.c: how far a sign-in came, one mark a stage
 *
 * A stage is reached when one of its steps went well: a name that did not
 * resolve is nothing beside one that did.  Broken is the stage of the finding
 * that made the sign-in fail, or one where nothing went well.
 */
#include "ui/stage_bar.h"

#include "ui/view.h"

static const char *const names[BAR_COUNT] = { "DNS",   "TCP", "TLS",  "root",
                                              "redir", "tkt", "user", "mob" };

static enum bar_slot slot_of_stage(enum stage stage)
{
    static const enum bar_slot slots[] = {
        [STAGE_DNS] = BAR_DNS,           [STAGE_TCP] = BAR_TCP,
        [STAGE_TLS] = BAR_TLS,           [STAGE_HTTP] = BAR_ROOT,
        [STAGE_REDIRECT] = BAR_REDIRECT, [STAGE_AUTH] = BAR_TICKET,
        [STAGE_WEBTICKET] = BAR_TICKET,  [STAGE_RESPONSE] = BAR_USER,
        [STAGE_MOBILITY] = BAR_MOBILITY, [STAGE_TOPOLOGY] = BAR_COUNT,
        [STAGE_CAPTURE] = BAR_COUNT,     [STAGE_NONE] = BAR_COUNT,
    };

    return slots[stage];
}

static enum bar_slot slot_of_request(const struct step *step)
{
    static const enum bar_slot slots[] = {
        [RESOURCE_OTHER] = BAR_COUNT,          [RESOURCE_ROOT] = BAR_ROOT,
        [RESOURCE_DOMAIN] = BAR_ROOT,          [RESOURCE_USER] = BAR_USER,
        [RESOURCE_OAUTH_USER] = BAR_USER,      [RESOURCE_ROOT_TYPO] = BAR_ROOT,
        [RESOURCE_TICKET] = BAR_TICKET,        [RESOURCE_MEX] = BAR_TICKET,
        [RESOURCE_OAUTH_TOKEN] = BAR_TICKET,   [RESOURCE_APPLICATIONS] = BAR_MOBILITY,
        [RESOURCE_APPLICATION] = BAR_MOBILITY, [RESOURCE_EVENTS] = BAR_MOBILITY,
        [RESOURCE_MCX] = BAR_MOBILITY,
    };
    enum bar_slot slot = slots[step->http->lync.resource];

    return slot == BAR_COUNT ? slot_of_stage(step->stage) : slot;
}

static enum bar_slot slot_of_step(const struct step *step)
{
    if (step->dns)
        return BAR_DNS;
    if (step->tcp)
        return BAR_TCP;
    if (step->tls)
        return BAR_TLS;
    return step->http ? slot_of_request(step) : slot_of_stage(step->stage);
}

static bool sent_elsewhere(const struct step *step)
{
    const struct http_response *response = step->http ? &step->http->response : NULL;

    return response && response->present &&
           ((response->status >= 300 && response->status < 400 && response->status != 304) ||
            step->http->lync.response_document.redirect.length > 0);
}

static enum bar_mark mark_of(enum step_status status)
{
    static const enum bar_mark marks[] = {
        [STEP_OK] = BAR_REACHED,    [STEP_EXPECTED] = BAR_EXPECTED, [STEP_WARNING] = BAR_EXPECTED,
        [STEP_FAILED] = BAR_BROKEN, [STEP_UNANSWERED] = BAR_BROKEN,
    };

    return marks[status];
}

/* What went well outweighs what was expected, and that what went wrong. */
static void note(struct stage_bar *bar, enum bar_slot slot, enum bar_mark mark)
{
    static const int weights[] = {
        [BAR_NOT_REACHED] = 0,
        [BAR_BROKEN] = 1,
        [BAR_EXPECTED] = 2,
        [BAR_REACHED] = 3,
    };

    if (slot < BAR_COUNT && weights[mark] > weights[bar->marks[slot]])
        bar->marks[slot] = mark;
}

static enum bar_slot find_broken(const struct signin *signin)
{
    const struct step *step = NULL;

    if (signin->finding_count > 0)
        step = signin_step(signin, signin->findings[0].step);
    if (!step || signin->failed_stage == STAGE_REDIRECT)
        return slot_of_stage(signin->failed_stage);
    return slot_of_step(step);
}

struct stage_bar stage_bar_of(const struct signin *signin)
{
    struct stage_bar bar = { 0 };
    enum bar_slot broken;

    for (size_t i = 0; i < signin->step_count; i++) {
        const struct step *step = &signin->steps[i];

        note(&bar, slot_of_step(step), mark_of(step->status));
        if (sent_elsewhere(step))
            note(&bar, BAR_REDIRECT, mark_of(step->status));
    }
    if (signin->final_document)
        note(&bar, BAR_USER, BAR_REACHED);
    if (signin->entered_mobility)
        note(&bar, BAR_MOBILITY, BAR_REACHED);
    if (signin->outcome != OUTCOME_FAILED)
        return bar;
    broken = find_broken(signin);
    if (broken < BAR_COUNT)
        bar.marks[broken] = BAR_BROKEN;
    return bar;
}

void stage_bar_draw(struct pen *pen, const struct stage_bar *bar, int columns)
{
    static const struct {
        enum sign sign;
        enum style style;
    } looks[] = {
        [BAR_NOT_REACHED] = { SIGN_NOT_REACHED, STYLE_DIM },
        [BAR_EXPECTED] = { SIGN_EXPECTED, STYLE_EXPECTED },
        [BAR_REACHED] = { SIGN_OK, STYLE_OK },
        [BAR_BROKEN] = { SIGN_FAILED, STYLE_FAILED },
    };

    for (int slot = 0; slot < BAR_COUNT; slot++) {
        int before = columns < BAR_WIDE ? 0 : ((int)slice_of_text(names[slot]).length - 1) / 2;
        int behind = columns < BAR_WIDE ? 0 : (int)slice_of_text(names[slot]).length - before;

        pen_put_field(pen, STYLE_PLAIN, "", before);
        pen_put_sign(pen, looks[bar->marks[slot]].style, looks[bar->marks[slot]].sign);
        pen_put_field(pen, STYLE_PLAIN, "", slot + 1 < BAR_COUNT ? behind : 0);
    }
}

void stage_bar_draw_title(struct pen *pen, int columns)
{
    if (columns < BAR_WIDE) {
        pen_put(pen, STYLE_HEADING, "steps");
        return;
    }
    for (int slot = 0; slot < BAR_COUNT; slot++) {
        pen_put(pen, STYLE_HEADING, names[slot]);
        pen_put(pen, STYLE_PLAIN, slot + 1 < BAR_COUNT ? " " : "");
    }
}
