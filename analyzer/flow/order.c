/* order.c: segments into order, holes told (RFC 9293 3.4, 3.10)
 *
 * What comes in its turn goes to the channel straight from the packet.  What
 * comes early waits, sorted; where segments overlap, bytes already there stay.
 * A hole counts as lost when the other side acknowledged it several times (it
 * arrived, but was not captured), when it lasts 5 seconds, when too much waits
 * behind it, or when the connection ends.
 */
#include "engine.h"

#include <string.h>

#define HOLE_LIMIT (5 * SECOND)

enum { WINDOW_MAX = 1 << 26 };

static int32_t distance(uint32_t from, uint32_t to)
{
    return (int32_t)(to - from);
}

static bool is_read(const struct flow *flow)
{
    return flow->live && !channel_is_let_go(flow->live->channel);
}

/* ---- to the channel ---- */

/* The channel may find out that who was taken for the client is the server. */
static enum direction channel_side(const struct flow *flow, enum direction direction)
{
    bool reversed = channel_is_reversed(flow->live->channel);

    return reversed ? (direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT) : direction;
}

static void lose(struct flow_engine *engine, struct flow *flow, enum direction direction,
                 uint64_t bytes)
{
    struct side *side = &flow->sides[direction];

    side->missing += bytes;
    side->next += (uint32_t)bytes;
    engine->counters.gaps++;
    engine->counters.gap_bytes += bytes;
    if (is_read(flow))
        channel_lose(flow->live->channel, channel_side(flow, direction), bytes);
}

static void deliver(struct flow_engine *engine, struct flow *flow, enum direction direction,
                    struct slice bytes, uint64_t wire_length, struct evidence evidence)
{
    struct side *side = &flow->sides[direction];

    side->bytes += bytes.length;
    side->next += (uint32_t)bytes.length;
    if (is_read(flow)) {
        engine->current = flow;
        if (channel_skippable(flow->live->channel, channel_side(flow, direction)) >= bytes.length)
            channel_skip(flow->live->channel, channel_side(flow, direction), bytes.length);
        else
            channel_feed(flow->live->channel, channel_side(flow, direction), bytes, evidence);
        engine->current = NULL;
    }
    if (wire_length <= bytes.length)
        return;
    if (is_read(flow)) /* the snap length cut the rest off */
        channel_note_truncated(flow->live->channel);
    lose(engine, flow, direction, wire_length - bytes.length);
}

/* ---- what waits ---- */

static void free_segment(struct flow *flow, struct side *side, struct segment *segment)
{
    side->waiting_bytes -= segment->length;
    memory_give(&flow->live->budget, segment, sizeof *segment + segment->length);
}

void order_release(struct flow *flow)
{
    for (size_t i = 0; i < 2; i++)
        while (flow->sides[i].waiting) {
            struct segment *segment = flow->sides[i].waiting;

            flow->sides[i].waiting = segment->next;
            free_segment(flow, &flow->sides[i], segment);
        }
}

static void keep_for_later(struct flow_engine *engine, struct flow *flow, enum direction direction,
                           const struct segment_view *view)
{
    struct side *side = &flow->sides[direction];
    struct segment **at = &side->waiting;
    struct segment *segment;

    if (side->waiting_bytes + view->payload.length > UNORDERED_MAX)
        order_flush(engine, flow, direction);
    segment = memory_take(&flow->live->budget, sizeof *segment + view->payload.length);
    if (!segment) {
        engine->counters.over_budget++;
        order_flush(engine, flow, direction);
        return;
    }
    segment->sequence = view->sequence;
    segment->wire_length = (uint32_t)view->wire_length;
    segment->evidence = view->evidence;
    segment->length = view->payload.length;
    for (size_t i = 0; i < segment->length; i++)
        segment->bytes[i] = view->payload.data[i];
    side->waiting_bytes += segment->length;
    while (*at && distance((*at)->sequence, segment->sequence) >= 0)
        at = &(*at)->next;
    segment->next = *at;
    *at = segment;
    if (!side->hole_ns)
        side->hole_ns = engine->now_ns;
}

/* Delivers from a segment what has not come before. */
static void take(struct flow_engine *engine, struct flow *flow, enum direction direction,
                 uint32_t sequence, struct slice bytes, uint32_t wire_length,
                 struct evidence evidence)
{
    struct side *side = &flow->sides[direction];
    uint32_t old = side->next - sequence; /* bytes that came already */

    if (old >= wire_length && wire_length > 0)
        return;
    deliver(engine, flow, direction, slice_after(bytes, old), wire_length - old, evidence);
}

static void drain(struct flow_engine *engine, struct flow *flow, enum direction direction)
{
    struct side *side = &flow->sides[direction];

    while (side->waiting && distance(side->next, side->waiting->sequence) <= 0) {
        struct segment *segment = side->waiting;

        side->waiting = segment->next;
        take(engine, flow, direction, segment->sequence, slice_of(segment->bytes, segment->length),
             segment->wire_length, segment->evidence);
        free_segment(flow, side, segment);
    }
    side->hole_ns = side->waiting ? engine->now_ns : 0;
    side->lost_votes = 0;
}

static void give_hole_up(struct flow_engine *engine, struct flow *flow, enum direction direction)
{
    struct side *side = &flow->sides[direction];

    lose(engine, flow, direction, (uint32_t)distance(side->next, side->waiting->sequence));
    drain(engine, flow, direction);
}

/* Bytes that the direction's end or the other side tell of, behind all that was captured. */
static int32_t missing_at_end(const struct side *side)
{
    int32_t missing = side->has_end ? distance(side->next, side->end) : 0;
    int32_t acknowledged = side->has_acknowledged ? distance(side->next, side->acknowledged) : 0;

    if (!side->has_end && acknowledged > 1) /* one byte is the number of a FIN */
        missing = acknowledged;
    return side->begun && missing < WINDOW_MAX ? missing : 0;
}

void order_flush(struct flow_engine *engine, struct flow *flow, enum direction direction)
{
    int32_t missing;

    while (flow->sides[direction].waiting)
        give_hole_up(engine, flow, direction);
    missing = missing_at_end(&flow->sides[direction]);
    if (missing > 0 && is_read(flow))
        lose(engine, flow, direction, (uint32_t)missing);
}

void order_tick(struct flow_engine *engine, struct flow *flow)
{
    for (enum direction direction = FROM_CLIENT; direction <= FROM_SERVER; direction++) {
        struct side *side = &flow->sides[direction];

        if (side->waiting && engine->now_ns - side->hole_ns > HOLE_LIMIT)
            give_hole_up(engine, flow, direction);
    }
}

/* ---- segments ---- */

/* Nobody reads this connection: the sequence numbers alone are counted. */
static void count_only(struct flow *flow, enum direction direction, const struct segment_view *view)
{
    struct side *side = &flow->sides[direction];
    int32_t early = distance(side->next, view->sequence);
    int32_t fresh = early + (int32_t)view->wire_length;

    if (fresh <= 0)
        return;
    if (early > 0)
        side->missing += (uint32_t)early;
    side->bytes += (uint32_t)(early > 0 ? (int32_t)view->wire_length : fresh);
    side->next += (uint32_t)fresh;
}

void order_receive(struct flow_engine *engine, struct flow *flow, enum direction direction,
                   const struct segment_view *view)
{
    struct side *side = &flow->sides[direction];
    int32_t early;

    if (!side->begun) {
        side->begun = true;
        side->next = view->sequence;
    }
    early = distance(side->next, view->sequence);
    if (view->wire_length == 0 || early > WINDOW_MAX || early < -WINDOW_MAX)
        return;
    if (!is_read(flow)) {
        if (side->waiting)
            order_release(flow);
        count_only(flow, direction, view);
        return;
    }
    if (early > 0) {
        keep_for_later(engine, flow, direction, view);
        return;
    }
    take(engine, flow, direction, view->sequence, view->payload, (uint32_t)view->wire_length,
         view->evidence);
    if (side->waiting)
        drain(engine, flow, direction);
}

/* The other side has acknowledged up to there: what is missing before it was delivered, but not
 * captured. */
void order_acknowledged(struct flow_engine *engine, struct flow *flow, enum direction direction,
                        uint32_t acknowledgement)
{
    struct side *side = &flow->sides[direction];
    int32_t ahead = side->begun ? distance(side->next, acknowledgement) : 0;

    if (ahead > 0 && ahead < WINDOW_MAX) {
        side->has_acknowledged = true;
        side->acknowledged = acknowledgement;
    }
    /* One byte more is the FIN's own number. */
    if (ahead <= (side->waiting ? 0 : 1) || ahead > WINDOW_MAX || !is_read(flow)) {
        return;
    }
    if (side->lost_votes < GAP_PATIENCE) {
        side->lost_votes++;
        return;
    }
    side->lost_votes = 0;
    if (side->waiting && distance(side->waiting->sequence, acknowledgement) >= 0)
        give_hole_up(engine, flow, direction);
    else if (!side->waiting)
        lose(engine, flow, direction, (uint32_t)ahead);
}
