/* report_rules.c: the rules themselves, for who wants to know what can be found */
#include "analyzer/report/page.h"

enum { LABEL_WIDTH = 11, TITLE_INDENT = 4 };

/* "{name}" is what a finding fills in; here it reads "<name>". */
static void add_generic(struct text *text, const char *rule_text)
{
    struct slice rest = slice_of_text(rule_text);

    while (rest.length) {
        size_t open = slice_find_byte(rest, '{');
        size_t close;

        text_add_slice(text, slice_part(rest, 0, open));
        rest = slice_after(rest, open);
        close = slice_find_byte(rest, '}');
        if (rest.length == 0)
            return;
        if (close == rest.length) {
            text_add_slice(text, rest);
            return;
        }
        text_add(text, "<");
        text_add_slice(text, slice_part(rest, 1, close - 1));
        text_add(text, ">");
        rest = slice_after(rest, close + 1);
    }
}

static enum style severity_style(enum severity severity)
{
    if (severity <= SEVERITY_ERROR)
        return STYLE_BAD;
    return severity == SEVERITY_WARNING ? STYLE_WARN : STYLE_DIM;
}

static void print_severity(struct page *page, const struct rule *rule)
{
    struct text text = { 0 };

    text_print(&text, "%s, %s", severity_name(rule->severity), stage_name(rule->stage));
    page_print(page, severity_style(rule->severity), text_string(&text));
    text_release(&text);
}

void report_rules(FILE *out, const struct report_options *options)
{
    struct page page = page_open(out, options);
    struct text title = { 0 };

    for (size_t i = 0; i < rule_count(); i++) {
        const struct rule *rule = rule_at(i);

        page_print(&page, STYLE_STRONG, rule->id);
        page_print(&page, STYLE_PLAIN, "  ");
        print_severity(&page, rule);
        page_end_line(&page);
        page_cell(&page, STYLE_PLAIN, "", TITLE_INDENT);
        text_truncate(&title, 0);
        add_generic(&title, rule->title);
        page_wrap(&page, STYLE_PLAIN, text_string(&title), TITLE_INDENT, TITLE_INDENT);
    }
    text_release(&title);
    page_close(&page);
}

static void print_part(struct page *page, const char *label, const char *rule_text)
{
    struct text text = { 0 };

    if (!rule_text || !*rule_text)
        return;
    add_generic(&text, rule_text);
    page_cell(page, STYLE_STRONG, label, LABEL_WIDTH);
    page_wrap(page, STYLE_PLAIN, text_string(&text), LABEL_WIDTH, LABEL_WIDTH);
    text_release(&text);
}

bool report_explain(FILE *out, const char *rule_id, const struct report_options *options)
{
    const struct rule *rule = rule_find(rule_id);
    struct page page;

    if (!rule)
        return false;
    page = page_open(out, options);
    page_print(&page, STYLE_STRONG, rule->id);
    page_print(&page, STYLE_PLAIN, "  ");
    print_severity(&page, rule);
    page_end_line(&page);
    page_end_line(&page);
    print_part(&page, "Found", rule->title);
    print_part(&page, "Cause", rule->cause);
    print_part(&page, "Fix", rule->fix);
    print_part(&page, "User sees", rule->user_sees);
    print_part(&page, "On wire", rule->wire);
    print_part(&page, "Reference", rule->reference);
    page_close(&page);
    return true;
}
