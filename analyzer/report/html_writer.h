/* html_writer.h: a page whose every text may come from a stranger */
#ifndef LYNCSCOPE_REPORT_HTML_WRITER_H
#define LYNCSCOPE_REPORT_HTML_WRITER_H

#include <stdio.h>

#include "lyncscope/text.h"

struct html {
    FILE *out;
    struct text harmless, markup; /* of the text that is being written */
};

void html_begin(struct html *html, FILE *out, const char *title);
void html_end(struct html *html);
/* As it is: constants only. */
void html_raw(struct html *html, const char *markup);
/* Escaped twice: for whoever looks at it, and for the page. */
void html_text(struct html *html, const char *text);
/* <tag>text</tag>; `tag` may hold attributes, all of them constants. */
void html_element(struct html *html, const char *tag, const char *text);

#endif
