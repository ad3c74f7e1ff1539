/* stream_side.c: which packet brought which byte of one direction
 *
 * Marks exist only while bytes wait in the buffer: a dissector that keeps up
 * costs none.  Their number is limited; when there are too many, those closer
 * to each other than a growing distance go, so a message in one-byte packets
 * is told some packets off instead of costing a mark a byte.
 */
#include "analyzer/flow/stream_side.h"

enum { MARKS_FIRST = 4, MARKS_MAX = 256 };

static void thin_marks(struct stream_side *side)
{
    size_t kept = 1;

    side->distance = side->distance ? side->distance * 2 : 2;
    for (size_t i = 1; i < side->mark_count; i++)
        if (side->marks[i].offset - side->marks[kept - 1].offset >= side->distance)
            side->marks[kept++] = side->marks[i];
    side->mark_count = kept;
}

static bool make_room(struct stream_side *side)
{
    size_t capacity = side->mark_capacity ? side->mark_capacity * 2 : MARKS_FIRST;
    struct mark *grown;

    if (side->mark_count < side->mark_capacity)
        return true;
    if (side->mark_capacity >= MARKS_MAX) {
        while (side->mark_count > MARKS_MAX / 2)
            thin_marks(side);
        return true;
    }
    grown = memory_resize(side->unread.budget, side->marks,
                          side->mark_capacity * sizeof *side->marks, capacity * sizeof *grown);
    if (!grown)
        return false;
    side->marks = grown;
    side->mark_capacity = capacity;
    return true;
}

static bool is_too_near(const struct stream_side *side, uint64_t offset)
{
    return side->mark_count > 0 &&
           offset - side->marks[side->mark_count - 1].offset < side->distance;
}

void side_mark(struct stream_side *side, struct evidence evidence)
{
    uint64_t offset = side->position + side->unread.length;

    if (side->unread.length == 0) {
        side->mark_count = 0;
        side->distance = 0;
    } else if (side->newest.offset < offset && !is_too_near(side, side->newest.offset) &&
               make_room(side)) {
        side->marks[side->mark_count++] = side->newest;
    }
    side->newest = (struct mark){ offset, evidence };
}

struct evidence side_evidence(const struct stream_side *side, size_t offset)
{
    uint64_t wanted = side->position + offset;

    if (side->mark_count == 0 || wanted >= side->newest.offset)
        return side->newest.evidence;
    for (size_t i = side->mark_count; i > 1; i--)
        if (side->marks[i - 1].offset <= wanted)
            return side->marks[i - 1].evidence;
    return side->marks[0].evidence;
}

size_t side_evidence_length(const struct stream_side *side, size_t offset)
{
    uint64_t wanted = side->position + offset;

    if (side->mark_count == 0 || wanted >= side->newest.offset)
        return SIZE_MAX;
    for (size_t i = 1; i < side->mark_count; i++)
        if (side->marks[i].offset > wanted)
            return (size_t)(side->marks[i].offset - wanted);
    return (size_t)(side->newest.offset - wanted);
}

static void forget_marks(struct stream_side *side)
{
    size_t gone = 0;

    while (gone < side->mark_count) {
        uint64_t next =
            gone + 1 < side->mark_count ? side->marks[gone + 1].offset : side->newest.offset;
        if (next > side->position)
            break;
        gone++;
    }
    if (gone == 0)
        return;
    for (size_t i = gone; i < side->mark_count; i++)
        side->marks[i - gone] = side->marks[i];
    side->mark_count -= gone;
}

void side_advance(struct stream_side *side, uint64_t bytes)
{
    side->position += bytes;
    buffer_drop_front(&side->unread,
                      bytes < side->unread.length ? (size_t)bytes : side->unread.length);
    forget_marks(side);
}

void side_release(struct stream_side *side)
{
    memory_give(side->unread.budget, side->marks, side->mark_capacity * sizeof *side->marks);
    side->marks = NULL;
    side->mark_count = side->mark_capacity = 0;
    buffer_release(&side->unread);
}
