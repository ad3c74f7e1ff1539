/* verdict.c: what is wrong with a sign-in and what to do, in words */
#include "ui/verdict.h"

#include "ui/words.h"

static void add_part(struct page *page, const char *label, const char *value)
{
    if (value && *value)
        page_add_labelled(page, STYLE_PLAIN, label, slice_of_text(value));
}

static void add_packets(struct page *page, const struct finding *finding,
                        const struct report *report)
{
    struct text packets = { 0 };

    evidence_add(&packets, report, finding->evidence, finding->evidence_count);
    if (finding->step)
        text_print(&packets, "%s(step %u)", text_length(&packets) ? "  " : "", finding->step);
    add_part(page, "packets", text_string(&packets));
    text_release(&packets);
}

void finding_add(struct page *page, const struct finding *finding, const struct report *report,
                 bool ascii)
{
    enum style style = style_of_severity(finding->severity);
    enum sign sign = style == STYLE_FAILED ? SIGN_FAILED : SIGN_WARNING;
    struct text title = { 0 };

    text_print(&title, "%s ", sign_text(sign, ascii));
    text_add(&title, finding->title ? finding->title : "?");
    if (finding->rule && finding->rule->id)
        text_print(&title, "  [%s, %s]", severity_name(finding->severity), finding->rule->id);
    page_add(page, style, text_string(&title));
    add_part(page, "cause", finding->cause);
    add_part(page, "fix", finding->fix);
    add_part(page, "user sees", finding->rule ? finding->rule->user_sees : NULL);
    add_packets(page, finding, report);
    text_release(&title);
}

static void add_outcome(struct page *page, const struct signin *signin, bool ascii)
{
    page_print(page, style_of_outcome(signin->outcome), "%s %s",
               sign_text(sign_of_outcome(signin->outcome), ascii),
               signin->result ? signin->result : outcome_name(signin->outcome));
}

static void add_left_out(struct page *page, const struct signin *signin)
{
    if (signin->steps_left_out > 0)
        page_print(page, STYLE_WARNING, "%zu more steps are left out: too many for one sign-in",
                   signin->steps_left_out);
}

void verdict_add_outcome(struct page *page, const struct signin *signin, bool ascii)
{
    add_outcome(page, signin, ascii);
    add_part(page, "home pool", signin->home_pool);
    add_left_out(page, signin);
    page_add(page, STYLE_PLAIN, "");
}

void verdict_add(struct page *page, const struct signin *signin, const struct scene *scene,
                 bool ascii)
{
    if (signin->outcome != OUTCOME_FAILED || signin->finding_count == 0)
        add_outcome(page, signin, ascii);
    if (signin->outcome == OUTCOME_SUCCEEDED)
        add_part(page, "home pool", signin->home_pool);
    for (size_t i = 0; i < signin->finding_count; i++)
        finding_add(page, &signin->findings[i], scene->report, ascii);
    add_left_out(page, signin);
}
