/* align.c: which of two lists' entries belong together
 *
 * The pairing of the highest sum of scores, by a table of all prefixes
 * (Needleman and Wunsch 1970, gaps are free).  What is the same at both ends
 * needs no table.  Lists longer than ALIGN_TABLE_MOST are paired one by one
 * beyond it: the table grows with the product of both.
 */
#include "ui/align.h"

enum { ALIGN_TABLE_MOST = 1000 };

/* The parts that the table is for. */
struct part {
    size_t left, right;             /* where they begin */
    size_t left_count, right_count; /* in the table */
    size_t width;                   /* of a row of the table */
    uint16_t *best;                 /* [i * width + j]: the highest sum of what begins there */
};

static void add_pair(struct alignment *alignment, int left, int right)
{
    alignment->pairs[alignment->count++] = (struct align_pair){ left, right };
}

static void add_both(struct alignment *alignment, size_t left, size_t right)
{
    add_pair(alignment, (int)left, (int)right);
}

static bool is_same(const struct align_sides *sides, size_t left, size_t right)
{
    return sides->score(sides->context, left, right) >= ALIGN_SAME;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t count_same_front(const struct align_sides *sides)
{
    size_t count = 0, most = least(sides->left_count, sides->right_count);

    while (count < most && is_same(sides, count, count))
        count++;
    return count;
}

static size_t count_same_back(const struct align_sides *sides, size_t front)
{
    size_t count = 0, most = least(sides->left_count, sides->right_count) - front;

    while (count < most &&
           is_same(sides, sides->left_count - 1 - count, sides->right_count - 1 - count))
        count++;
    return count;
}

/* ---- the table ---- */

static unsigned sum_of_pair(const struct part *part, const struct align_sides *sides, size_t i,
                            size_t j)
{
    int score = sides->score(sides->context, part->left + i, part->right + j);

    return score > 0 ? (unsigned)score + part->best[(i + 1) * part->width + j + 1] : 0;
}

static void fill_table(struct part *part, const struct align_sides *sides)
{
    for (size_t i = part->left_count; i-- > 0;) {
        for (size_t j = part->right_count; j-- > 0;) {
            unsigned pair = sum_of_pair(part, sides, i, j);
            unsigned down = part->best[(i + 1) * part->width + j];
            unsigned right = part->best[i * part->width + j + 1];
            unsigned best = pair > down ? pair : down;

            part->best[i * part->width + j] = (uint16_t)(best > right ? best : right);
        }
    }
}

static void read_table(struct alignment *alignment, const struct part *part,
                       const struct align_sides *sides)
{
    size_t i = 0, j = 0;

    while (i < part->left_count && j < part->right_count) {
        unsigned best = part->best[i * part->width + j];
        unsigned pair = sum_of_pair(part, sides, i, j);

        if (pair > 0 && pair == best) {
            add_both(alignment, part->left + i++, part->right + j++);
        } else if (part->best[(i + 1) * part->width + j] == best) {
            add_pair(alignment, (int)(part->left + i++), ALIGN_NONE);
        } else {
            add_pair(alignment, ALIGN_NONE, (int)(part->right + j++));
        }
    }
    while (i < part->left_count)
        add_pair(alignment, (int)(part->left + i++), ALIGN_NONE);
    while (j < part->right_count)
        add_pair(alignment, ALIGN_NONE, (int)(part->right + j++));
}

static bool add_by_table(struct alignment *alignment, struct part *part,
                         const struct align_sides *sides)
{
    size_t bytes;

    part->width = part->right_count + 1;
    bytes = (part->left_count + 1) * part->width * sizeof *part->best;
    part->best = memory_take(NULL, bytes);
    if (!part->best)
        return false;
    fill_table(part, sides);
    read_table(alignment, part, sides);
    memory_give(NULL, part->best, bytes);
    return true;
}

/* ---- what lies beside it ---- */

static void add_one_by_one(struct alignment *alignment, const struct align_sides *sides,
                           struct align_pair from, struct align_pair to)
{
    while (from.left < to.left || from.right < to.right) {
        bool both = from.left < to.left && from.right < to.right;

        if (both && sides->score(sides->context, (size_t)from.left, (size_t)from.right) > 0)
            add_pair(alignment, from.left++, from.right++);
        else if (from.left < to.left && (!both || to.left - from.left >= to.right - from.right))
            add_pair(alignment, from.left++, ALIGN_NONE);
        else
            add_pair(alignment, ALIGN_NONE, from.right++);
    }
}

static bool make_room(struct alignment *alignment, size_t pairs)
{
    struct align_pair *more;

    alignment->count = 0;
    if (pairs <= alignment->capacity)
        return true;
    more = memory_resize(NULL, alignment->pairs, alignment->capacity * sizeof *more,
                         pairs * sizeof *more);
    if (!more)
        return false;
    alignment->pairs = more;
    alignment->capacity = pairs;
    return true;
}

bool alignment_make(struct alignment *alignment, const struct align_sides *sides)
{
    size_t front = count_same_front(sides), back = count_same_back(sides, front);
    struct part part = { .left = front, .right = front };
    size_t left_end = sides->left_count - back, right_end = sides->right_count - back;

    part.left_count = least(left_end - front, ALIGN_TABLE_MOST);
    part.right_count = least(right_end - front, ALIGN_TABLE_MOST);
    if (!make_room(alignment, sides->left_count + sides->right_count))
        return false;
    for (size_t i = 0; i < front; i++)
        add_both(alignment, i, i);
    if (!add_by_table(alignment, &part, sides)) {
        alignment->count = 0;
        return false;
    }
    add_one_by_one(
        alignment, sides,
        (struct align_pair){ (int)(front + part.left_count), (int)(front + part.right_count) },
        (struct align_pair){ (int)left_end, (int)right_end });
    for (size_t i = 0; i < back; i++)
        add_both(alignment, left_end + i, right_end + i);
    return true;
}

void alignment_release(struct alignment *alignment)
{
    memory_give(NULL, alignment->pairs, alignment->capacity * sizeof *alignment->pairs);
    *alignment = (struct alignment){ 0 };
}
