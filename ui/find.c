/* find.c: a search inside a page
 *
 * A place is a line of the page, not a row of the screen: it stays the same
 * when the page wraps anew.  Case of ASCII letters does not count.
 */
#include "ui/find.h"

static const char *query(const struct find *find)
{
    return prompt_text(&find->prompt);
}

bool find_is_on(const struct find *find)
{
    return *query(find) != 0;
}

static size_t place_in(const struct find *find, const struct page *page, size_t line)
{
    return slice_find_text_nocase(page_line_text(page, line), query(find));
}

static bool matches(const struct find *find, const struct page *page, size_t line)
{
    return find_is_on(find) && place_in(find, page, line) < page->lines[line].length;
}

bool find_step(struct find *find, const struct page *page, size_t from, bool forward)
{
    size_t count = page->count;

    find->found = false;
    for (size_t i = 1; i <= count; i++) {
        size_t line = (forward ? from + i : from + count - i % count) % count;

        if (matches(find, page, line)) {
            find->line = line;
            find->found = true;
            return true;
        }
    }
    return false;
}

void find_open(struct find *find, size_t from)
{
    find->from = from;
    prompt_open(&find->prompt, "find: ", NULL);
}

bool find_type(struct find *find, const struct page *page, uint32_t input, bool *moved)
{
    enum prompt_event event;

    *moved = false;
    if (!find->prompt.is_open)
        return false;
    event = prompt_press(&find->prompt, input);
    if (event == PROMPT_CANCELLED)
        find->found = false;
    else if (event != PROMPT_NOTHING) /* the line that it begins at counts too */
        *moved = find_step(find, page, find->from + page->count - (find->from < page->count), true);
    return true;
}

void find_mark(struct find *find, struct page *page)
{
    size_t length = slice_of_text(query(find)).length;

    if (!find_is_on(find))
        return;
    find->found = find->found && find->line < page->count && matches(find, page, find->line);
    for (size_t i = 0; i < page->count; i++)
        if (matches(find, page, i))
            page_mark(page, i, (struct page_mark){ place_in(find, page, i), length, STYLE_KEY });
}

void find_add_state(struct text *out, const struct find *find, const struct page *page)
{
    size_t count = 0, at = 0;

    for (size_t i = 0; i < page->count; i++) {
        count += matches(find, page, i);
        if (find->found && i == find->line)
            at = count;
    }
    text_print(out, "\"%s\" ", query(find));
    if (count == 0)
        text_add(out, "not found");
    else if (at > 0)
        text_print(out, "%zu of %zu", at, count);
    else
        text_print(out, "%zu times", count);
}
