/* report_rules.c: the rules themselves, for who wants to know what can be found */
#include "analyzer/report/references.h"
#include "analyzer/report/sheet.h"

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

static void print_severity(struct sheet *sheet, const struct rule *rule)
{
    struct text text = { 0 };

    text_print(&text, "%s, %s", severity_name(rule->severity), stage_name(rule->stage));
    sheet_print(sheet, severity_style(rule->severity), text_string(&text));
    text_release(&text);
}

void report_rules(FILE *out, const struct report_options *options)
{
    struct sheet sheet = sheet_open(out, options);
    struct text title = { 0 };

    for (size_t i = 0; i < rule_count(); i++) {
        const struct rule *rule = rule_at(i);

        sheet_print(&sheet, STYLE_STRONG, rule->id);
        sheet_print(&sheet, STYLE_PLAIN, "  ");
        print_severity(&sheet, rule);
        sheet_end_line(&sheet);
        sheet_cell(&sheet, STYLE_PLAIN, "", TITLE_INDENT);
        text_truncate(&title, 0);
        add_generic(&title, rule->title);
        sheet_wrap(&sheet, STYLE_PLAIN, text_string(&title), TITLE_INDENT, TITLE_INDENT);
    }
    text_release(&title);
    sheet_close(&sheet);
}

static void print_part(struct sheet *sheet, const char *label, const char *rule_text)
{
    struct text text = { 0 };

    if (!rule_text || !*rule_text)
        return;
    add_generic(&text, rule_text);
    sheet_cell(sheet, STYLE_STRONG, label, LABEL_WIDTH);
    sheet_wrap(sheet, STYLE_PLAIN, text_string(&text), LABEL_WIDTH, LABEL_WIDTH);
    text_release(&text);
}

static void print_references(struct sheet *sheet, const char *references)
{
    struct text text = { 0 };

    references_spell(&text, references ? references : "");
    print_part(sheet, "Reference", text_string(&text));
    text_release(&text);
}

bool report_explain(FILE *out, const char *rule_id, const struct report_options *options)
{
    const struct rule *rule = rule_find(rule_id);
    struct sheet sheet;

    if (!rule)
        return false;
    sheet = sheet_open(out, options);
    sheet_print(&sheet, STYLE_STRONG, rule->id);
    sheet_print(&sheet, STYLE_PLAIN, "  ");
    print_severity(&sheet, rule);
    sheet_end_line(&sheet);
    sheet_end_line(&sheet);
    print_part(&sheet, "Found", rule->title);
    print_part(&sheet, "Cause", rule->cause);
    print_part(&sheet, "Fix", rule->fix);
    print_part(&sheet, "User sees", rule->user_sees);
    print_part(&sheet, "On wire", rule->wire);
    print_references(&sheet, rule->reference);
    sheet_close(&sheet);
    return true;
}
