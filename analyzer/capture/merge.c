/* merge.c: inputs ordered by the packet each is about to give (a binary heap) */
#include "merge.h"

bool merge_reserve(struct merge *merge, size_t count)
{
    size_t size = sizeof *merge->items;
    void *grown = memory_resize(NULL, merge->items, merge->capacity * size, count * size);

    if (!grown)
        return false;
    merge->items = grown;
    merge->capacity = count;
    return true;
}

static bool is_earlier(const struct input *a, const struct input *b)
{
    if (a->head.time_ns != b->head.time_ns)
        return a->head.time_ns < b->head.time_ns;
    return a->index < b->index;
}

static void swap(struct input **a, struct input **b)
{
    struct input *kept = *a;

    *a = *b;
    *b = kept;
}

void merge_add(struct merge *merge, struct input *input)
{
    size_t at = merge->count++;

    merge->items[at] = input;
    while (at > 0 && is_earlier(merge->items[at], merge->items[(at - 1) / 2])) {
        swap(&merge->items[at], &merge->items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

struct input *merge_first(const struct merge *merge)
{
    return merge->count > 0 ? merge->items[0] : NULL;
}

void merge_settle_first(struct merge *merge)
{
    size_t at = 0;

    for (;;) {
        size_t earliest = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < merge->count; child++)
            if (is_earlier(merge->items[child], merge->items[earliest]))
                earliest = child;
        if (earliest == at)
            return;
        swap(&merge->items[at], &merge->items[earliest]);
        at = earliest;
    }
}

void merge_remove_first(struct merge *merge)
{
    if (merge->count == 0)
        return;
    merge->items[0] = merge->items[--merge->count];
    merge_settle_first(merge);
}

void merge_release(struct merge *merge)
{
    memory_give(NULL, merge->items, merge->capacity * sizeof *merge->items);
    *merge = (struct merge){ 0 };
}
