/* html_writer.c: a page whose every text may come from a stranger
 *
 * The page holds its style and nothing to run or to fetch, and a policy that
 * forbids both, so that a hole in the escaping would still lead nowhere.
 */
#include "analyzer/report/html_writer.h"

#include <string.h>

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em}\n"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{text-align:left;vertical-align:top;padding:.2em .7em .2em 0;border-bottom:1px solid "
    "#8884;overflow-wrap:anywhere}\n"
    "th{font-weight:600;color:#777}td.n{text-align:right;white-space:nowrap}\n"
    "td.t{white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    "dl{display:grid;grid-template-columns:7em 1fr;gap:.2em 1em}dt{color:#777}dd{margin:0}\n"
    ".bad{color:#c22;font-weight:600}.good{color:#292}.open{color:#a5a}.warn{color:#b60}\n"
    ".dim{color:#777}code{font:.95em monospace}tr:target,section:target{background:#8882}\n"
    "</style>\n";

static void flush(struct html *html)
{
    (void)fwrite(text_string(&html->markup), 1, text_length(&html->markup), html->out);
    text_truncate(&html->markup, 0);
}

void html_raw(struct html *html, const char *markup)
{
    fputs(markup, html->out);
}

void html_text(struct html *html, const char *text)
{
    const char *from;

    text_truncate(&html->harmless, 0);
    text_add_escaped(&html->harmless, slice_of_text(text));
    for (from = text_string(&html->harmless); *from;) {
        size_t plain = strcspn(from, "&<>\"'");

        text_add_slice(&html->markup, slice_of(from, plain));
        from += plain;
        if (*from)
            text_print(&html->markup, "&#%d;", *from++);
    }
    flush(html);
}

void html_element(struct html *html, const char *tag, const char *text)
{
    fprintf(html->out, "<%s>", tag);
    html_text(html, text ? text : "");
    fprintf(html->out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

void html_begin(struct html *html, FILE *out, const char *title)
{
    *html = (struct html){ .out = out };
    html_raw(html, head);
    html_element(html, "title", title);
    html_raw(html, "</head><body>\n");
}

void html_end(struct html *html)
{
    html_raw(html, "</body></html>\n");
    text_release(&html->harmless);
    text_release(&html->markup);
}
