/* page_match.c: two pages line by line
 *
 * Lines belong together when they have the same label (a header's name), or
 * begin alike as the elements of a document do.
 */
#include "ui/page_match.h"

#include "lyncscope/table.h"

struct line_key {
    uint64_t all, beginning;
    bool labelled, empty;
};

struct keys {
    const struct line_key *left, *right;
};

/* ---- pairing ---- */

/* "  <Link token", "  "href"": up to where the value begins. */
static struct slice beginning_of(struct slice text)
{
    size_t end = 0;

    while (end < text.length && text.data[end] == ' ')
        end++;
    while (end < text.length && text.data[end] != '=' && text.data[end] != ':' &&
           text.data[end] != '>')
        end++;
    return slice_part(text, 0, end);
}

static struct line_key key_of(const struct page *page, size_t line)
{
    struct slice text = page_line_text(page, line);
    size_t label = page->lines[line].label_length;
    struct slice beginning = label ? slice_part(text, 0, label) : beginning_of(text);

    return (struct line_key){
        .all = table_hash(text.data, text.length),
        .beginning = table_hash(beginning.data, beginning.length),
        .labelled = label > 0,
        .empty = text.length == 0,
    };
}

static struct line_key *make_keys(const struct page *page)
{
    struct line_key *keys = memory_take(NULL, (page->count + 1) * sizeof *keys);

    for (size_t i = 0; keys && i < page->count; i++)
        keys[i] = key_of(page, i);
    return keys;
}

static int score(const void *context, size_t left, size_t right)
{
    const struct keys *keys = context;
    const struct line_key *a = &keys->left[left], *b = &keys->right[right];

    if (a->labelled != b->labelled || a->empty != b->empty)
        return ALIGN_NEVER;
    if (a->empty) /* says nothing: it must not tear apart what belongs together */
        return 1;
    if (a->all == b->all)
        return ALIGN_SAME;
    if (left == 0 && right == 0) /* both say what it is about */
        return ALIGN_LIKE;
    if (a->beginning != b->beginning)
        return ALIGN_NEVER;
    return a->labelled ? ALIGN_LIKE : ALIGN_LOOSE;
}

/* ---- what differs within a pair ---- */

bool page_match_differs(const struct page *left, const struct page *right, struct align_pair pair)
{
    if (pair.left == ALIGN_NONE || pair.right == ALIGN_NONE)
        return true;
    return !slice_equals(page_line_text(left, (size_t)pair.left),
                         page_line_text(right, (size_t)pair.right));
}

static bool is_inside_character(struct slice text, size_t at)
{
    return at < text.length && (text.data[at] & 0xc0) == 0x80;
}

static size_t same_front(struct slice a, struct slice b)
{
    size_t count = 0;

    while (count < a.length && count < b.length && a.data[count] == b.data[count])
        count++;
    while (count > 0 && (is_inside_character(a, count) || is_inside_character(b, count)))
        count--;
    return count;
}

static size_t same_back(struct slice a, struct slice b)
{
    size_t count = 0;

    while (count < a.length && count < b.length &&
           a.data[a.length - 1 - count] == b.data[b.length - 1 - count])
        count++;
    while (count > 0 && is_inside_character(a, a.length - count))
        count--;
    return count;
}

static void mark_pair(struct page *left, struct page *right, struct align_pair pair)
{
    struct slice a = page_line_text(left, (size_t)pair.left);
    struct slice b = page_line_text(right, (size_t)pair.right);
    size_t front = same_front(a, b);
    size_t back = same_back(slice_after(a, front), slice_after(b, front));

    page_mark(left, (size_t)pair.left,
              (struct page_mark){ front, a.length - front - back, STYLE_WARNING });
    page_mark(right, (size_t)pair.right,
              (struct page_mark){ front, b.length - front - back, STYLE_WARNING });
}

static void mark_whole(struct page *page, int line)
{
    page_mark(page, (size_t)line, (struct page_mark){ 0, page->lines[line].length, STYLE_WARNING });
}

static void mark_differences(const struct alignment *rows, struct page *left, struct page *right)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct align_pair pair = rows->pairs[i];

        if (pair.right == ALIGN_NONE)
            mark_whole(left, pair.left);
        else if (pair.left == ALIGN_NONE)
            mark_whole(right, pair.right);
        else if (page_match_differs(left, right, pair))
            mark_pair(left, right, pair);
    }
}

bool page_match_make(struct alignment *rows, struct page *left, struct page *right)
{
    struct line_key *left_keys = make_keys(left), *right_keys = make_keys(right);
    struct keys keys = { left_keys, right_keys };
    struct align_sides sides = { left->count, right->count, score, &keys };
    bool made = left_keys && right_keys && alignment_make(rows, &sides);

    if (made)
        mark_differences(rows, left, right);
    else
        rows->count = 0;
    memory_give(NULL, left_keys, (left->count + 1) * sizeof *left_keys);
    memory_give(NULL, right_keys, (right->count + 1) * sizeof *right_keys);
    return made;
}
