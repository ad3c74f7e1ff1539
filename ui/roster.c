/* roster.c: which sign-ins the list shows, in which order and groups, for one frame
 *
 * Built anew each time: first the sign-ins that pass the filter, each with its
 * group; then both are sorted, and a head is put in front of each group.
 */
#include "ui/roster.h"

#include <stdlib.h>

#include "lyncscope/table.h"

enum { SLOTS_LEAST = 64 };

/* The array with room for so many; NULL: no memory, and the old one is as it was. */
static void *with_room(void *array, size_t *capacity, size_t count, size_t size)
{
    size_t wanted = count + count / 2 + 64;
    void *larger;

    if (array && count <= *capacity)
        return array;
    larger = memory_resize(NULL, array, *capacity * size, wanted * size);
    if (larger)
        *capacity = wanted;
    return larger;
}

/* ---- groups ---- */

uint64_t roster_group_key(const struct signin *signin, enum trait group)
{
    struct text word = { 0 };
    uint64_t key;

    trait_add(&word, signin, group);
    if (text_length(&word) == 0 && group == TRAIT_CAUSE) /* a good one and a bad one are two */
        text_add(&word, outcome_name(signin->outcome));
    key = table_hash(text_string(&word), text_length(&word));
    text_release(&word);
    return key;
}

static size_t *find_slot(struct roster *roster, uint64_t key)
{
    size_t at = (size_t)key & (roster->slot_capacity - 1);

    while (roster->slots[at] != 0 && roster->groups[roster->slots[at] - 1].key != key)
        at = (at + 1) & (roster->slot_capacity - 1);
    return &roster->slots[at];
}

/* At least twice as many slots as there can be groups. */
static bool clear_slots(struct roster *roster, size_t count)
{
    size_t capacity = SLOTS_LEAST;

    while (capacity < 2 * count)
        capacity *= 2;
    memory_give(NULL, roster->slots, roster->slot_capacity * sizeof *roster->slots);
    roster->slots = memory_take(NULL, capacity * sizeof *roster->slots);
    roster->slot_capacity = roster->slots ? capacity : 0;
    return roster->slots != NULL;
}

static struct slice title_of(const struct signin *signin)
{
    const struct finding *cause = signin_cause(signin);

    return slice_of_text(cause ? cause->title : NULL);
}

static void count_in(struct roster_group *group, const struct signin *signin)
{
    group->count++;
    group->failed += signin->outcome == OUTCOME_FAILED;
    group->mixed |= !slice_equals(title_of(signin), title_of(group->sample));
}

static size_t group_of(struct roster *roster, const struct signin *signin, enum trait group)
{
    uint64_t key = roster_group_key(signin, group);
    size_t *slot = find_slot(roster, key);

    if (*slot == 0) {
        roster->groups[roster->group_count] =
            (struct roster_group){ .key = key, .number = roster->group_count, .sample = signin };
        *slot = ++roster->group_count;
    }
    count_in(&roster->groups[*slot - 1], signin);
    return *slot - 1;
}

/* Where it hurts most comes first. */
static int compare_groups(const void *a, const void *b)
{
    const struct roster_group *one = a, *other = b;

    if (one->failed != other->failed)
        return one->failed > other->failed ? -1 : 1;
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return (one->sample->id > other->sample->id) - (one->sample->id < other->sample->id);
}

/* Entries know their group by its number; afterwards by its place. The slots have served. */
static void sort_groups(struct roster *roster, const struct folds *folds)
{
    qsort(roster->groups, roster->group_count, sizeof *roster->groups, compare_groups);
    for (size_t i = 0; i < roster->group_count; i++) {
        roster->groups[i].folded = folds && folds_has(folds, roster->groups[i].key);
        roster->slots[roster->groups[i].number] = i;
    }
    for (size_t i = 0; i < roster->shown; i++)
        roster->entries[i].group = roster->slots[roster->entries[i].group];
}

/* ---- sign-ins ---- */

/* Equal ones stay in the order they began in, so rows do not jump about. */
static int compare_entries(const void *a, const void *b, void *context)
{
    const struct roster_row *one = a, *other = b;
    const struct roster_wish *wish = context;
    int order;

    if (one->group != other->group)
        return one->group < other->group ? -1 : 1;
    order = wish->compare ? wish->compare(one->signin, other->signin) : 0;
    if (order == 0)
        order = (one->place > other->place) - (one->place < other->place);
    return wish->reversed ? -order : order;
}

static bool reserve_entries(struct roster *roster, size_t count)
{
    struct roster_row *entries =
        with_room(roster->entries, &roster->entry_capacity, count, sizeof *entries);
    struct roster_row *rows;

    if (!entries)
        return false;
    roster->entries = entries;
    rows = with_room(roster->rows, &roster->capacity, 2 * count, sizeof *rows); /* with heads */
    if (rows)
        roster->rows = rows;
    return rows != NULL;
}

static bool reserve_groups(struct roster *roster, size_t count)
{
    struct roster_group *groups =
        with_room(roster->groups, &roster->group_capacity, count, sizeof *groups);

    if (groups)
        roster->groups = groups;
    return groups && clear_slots(roster, count);
}

static void take_entries(struct roster *roster, const struct report *report,
                         const struct roster_wish *wish)
{
    for (size_t i = 0; i < report->signin_count; i++) {
        const struct signin *signin = report->signins[i];
        size_t group = 0;

        if (wish->filter && !row_filter_matches(wish->filter, signin)) {
            roster->hidden++;
            continue;
        }
        if (wish->grouped)
            group = group_of(roster, signin, wish->group);
        roster->entries[roster->shown++] = (struct roster_row){ signin, group, i };
    }
}

static void make_rows(struct roster *roster, bool grouped)
{
    for (size_t i = 0; i < roster->shown; i++) {
        const struct roster_row *entry = &roster->entries[i];

        if (grouped && (i == 0 || entry->group != entry[-1].group))
            roster->rows[roster->count++] = (struct roster_row){ NULL, entry->group, 0 };
        if (!grouped || !roster->groups[entry->group].folded)
            roster->rows[roster->count++] = *entry;
    }
}

void roster_build(struct roster *roster, const struct report *report,
                  const struct roster_wish *wish)
{
    struct roster_wish order = *wish;

    roster->count = roster->shown = roster->hidden = roster->group_count = 0;
    roster->group_by = wish->group;
    if (!reserve_entries(roster, report->signin_count) ||
        (wish->grouped && !reserve_groups(roster, report->signin_count)))
        return; /* no memory: an empty list */
    take_entries(roster, report, wish);
    if (wish->grouped)
        sort_groups(roster, wish->folds);
    if (roster->shown > 1 && (wish->compare || wish->reversed || wish->grouped))
        qsort_r(roster->entries, roster->shown, sizeof *roster->entries, compare_entries, &order);
    make_rows(roster, wish->grouped);
}

void roster_release(struct roster *roster)
{
    memory_give(NULL, roster->rows, roster->capacity * sizeof *roster->rows);
    memory_give(NULL, roster->entries, roster->entry_capacity * sizeof *roster->entries);
    memory_give(NULL, roster->groups, roster->group_capacity * sizeof *roster->groups);
    memory_give(NULL, roster->slots, roster->slot_capacity * sizeof *roster->slots);
    *roster = (struct roster){ 0 };
}

/* ---- finding rows again ---- */

static size_t head_of(const struct roster *roster, size_t group)
{
    size_t i = 0;

    while (i < roster->count && (roster->rows[i].signin || roster->rows[i].group != group))
        i++;
    return i;
}

size_t roster_find(const struct roster *roster, unsigned id)
{
    for (size_t i = 0; i < roster->count; i++)
        if (roster->rows[i].signin && roster->rows[i].signin->id == id)
            return i;
    for (size_t i = 0; roster->group_count > 0 && i < roster->shown; i++)
        if (roster->entries[i].signin->id == id)
            return head_of(roster, roster->entries[i].group);
    return roster->count;
}

size_t roster_find_group(const struct roster *roster, uint64_t key)
{
    for (size_t i = 0; i < roster->count; i++)
        if (!roster->rows[i].signin && roster->groups[roster->rows[i].group].key == key)
            return i;
    return roster->count;
}
