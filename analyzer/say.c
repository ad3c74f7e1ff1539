/* say.c: lines on standard error */
#include "say.h"

#include <stdio.h>

#include "lyncscope/text.h"

void say(const char *line)
{
    struct text text = { 0 };

    text_add(&text, "lyncscope: ");
    text_add_escaped(&text, slice_of_text(line));
    text_add(&text, "\n");
    fputs(text_string(&text), stderr);
    text_release(&text);
}
