/* finding_page.c: findings in full, with rows that open what they tell of */
#include "ui/finding_page.h"

#include <string.h>

#include "ui/words.h"

static void add_part(struct page *page, const char *label, const char *value)
{
    if (value && *value)
        page_add_labelled(page, STYLE_PLAIN, label, slice_of_text(value));
}

static void add_title(struct finding_page *out, const struct finding *finding)
{
    enum style style = style_of_severity(finding->severity);
    enum sign sign = style == STYLE_FAILED ? SIGN_FAILED : SIGN_WARNING;
    struct text title = { 0 };

    text_print(&title, "%s ", sign_text(sign, out->ascii));
    text_add(&title, finding->title ? finding->title : "?");
    page_add(out->page, style, text_string(&title));
    text_release(&title);
}

static void add_rule(struct finding_page *out, const struct finding *finding)
{
    struct text word = { 0 };

    if (!finding->rule)
        return;
    add_part(out->page, "on the wire", finding->rule->wire);
    add_part(out->page, "source", finding->rule->reference);
    if (finding->rule->id)
        text_print(&word, "%s, %s", finding->rule->id, severity_name(finding->severity));
    add_part(out->page, "rule", text_string(&word));
    text_release(&word);
}

/* ---- rows that open something ---- */

static void add_link(struct finding_page *out, const struct text *word, const struct target *target,
                     bool to_signin)
{
    struct text line = { 0 };

    if (out->link_count == FINDING_LINKS_MAX)
        return;
    text_print(&line, "%s ", sign_text(SIGN_LINK, out->ascii));
    text_add_slice(&line, buffer_slice(&word->bytes));
    out->links[out->link_count++] = (struct finding_link){ out->page->count, *target, to_signin };
    page_add(out->page, STYLE_PLAIN, text_string(&line));
    text_release(&line);
}

static bool knows_packet(const struct step *step, const struct evidence *evidence)
{
    for (size_t i = 0; i < step->evidence_count; i++)
        if (step->evidence[i].packet == evidence->packet &&
            step->evidence[i].input == evidence->input)
            return true;
    return false;
}

/* The step that a packet belongs to; else the finding's own. */
static const struct step *step_of_packet(const struct signin *signin, const struct finding *finding,
                                         const struct evidence *evidence)
{
    const struct step *own = signin_step(signin, finding->step);

    if (own && knows_packet(own, evidence))
        return own;
    for (size_t i = 0; i < signin->step_count; i++)
        if (knows_packet(&signin->steps[i], evidence))
            return &signin->steps[i];
    return own;
}

static void add_packet(struct finding_page *out, const struct signin *signin,
                       const struct finding *finding, const struct evidence *evidence)
{
    const struct step *step = step_of_packet(signin, finding, evidence);
    struct target target = { .signin = signin->id,
                             .step = step ? step->number : 0,
                             .evidence = *evidence };
    char clock[TIME_TEXT_SIZE];
    struct text word = { 0 };

    if (evidence->packet == 0)
        return;
    time_format_clock(evidence->time_ns, clock);
    text_add(&word, "packet ");
    evidence_add(&word, out->report, evidence, 1);
    text_print(&word, "  %s", clock);
    if (step)
        text_print(&word, "  step %u: %s", step->number, step->summary ? step->summary : "");
    add_link(out, &word, &target, false);
    text_release(&word);
}

static void add_evidence(struct finding_page *out, const struct signin *signin,
                         const struct finding *finding)
{
    if (finding->evidence_count > 0)
        page_add(out->page, STYLE_LABEL, "evidence");
    for (size_t i = 0; i < finding->evidence_count && i < FINDING_EVIDENCE_MAX; i++)
        add_packet(out, signin, finding, &finding->evidence[i]);
}

/* ---- who else has it ---- */

static const struct finding *same_finding(const struct signin *signin, const struct rule *rule)
{
    for (size_t i = 0; i < signin->finding_count; i++) {
        const struct rule *other = signin->findings[i].rule;

        if (other == rule || (other && other->id && rule->id && strcmp(other->id, rule->id) == 0))
            return &signin->findings[i];
    }
    return NULL;
}

static void add_other(struct finding_page *out, const struct signin *signin, unsigned step)
{
    struct target target = { .signin = signin->id, .step = step };
    char clock[TIME_TEXT_SIZE];
    struct text word = { 0 };

    time_format_clock(signin->started_ns, clock);
    text_print(&word, "sign-in %u  %.8s  ", signin->id, clock);
    text_add_escaped(&word, slice_of_text(user_of(signin)));
    text_add(&word, text_length(&word) ? "  " : "");
    party_add(&word, &signin->client);
    text_add(&word, "  ");
    text_add_escaped(&word, slice_of_text(signin->result));
    add_link(out, &word, &target, true);
    text_release(&word);
}

static void add_others(struct finding_page *out, const struct signin *signin,
                       const struct finding *finding)
{
    const struct report *report = out->report;
    size_t count = 0, heading = out->page->count;

    page_add(out->page, STYLE_LABEL, "the same in other sign-ins");
    for (size_t i = 0; i < report->signin_count; i++) {
        const struct finding *same = report->signins[i]->id == signin->id
                                         ? NULL
                                         : same_finding(report->signins[i], finding->rule);

        if (same && count++ < SAME_CAUSE_MAX)
            add_other(out, report->signins[i], same->step);
    }
    if (count == 0 && out->page->count > heading)
        page_add(out->page, STYLE_DIM, "  none");
    if (count > SAME_CAUSE_MAX)
        page_print(out->page, STYLE_DIM, "  and %zu more", count - SAME_CAUSE_MAX);
}

void finding_page_add(struct finding_page *out, const struct signin *signin,
                      const struct finding *finding)
{
    add_title(out, finding);
    add_part(out->page, "cause", finding->cause);
    add_part(out->page, "user sees", finding->rule ? finding->rule->user_sees : NULL);
    add_part(out->page, "fix", finding->fix);
    add_evidence(out, signin, finding);
    add_rule(out, finding);
    if (finding->rule)
        add_others(out, signin, finding);
    page_add(out->page, STYLE_PLAIN, "");
}
