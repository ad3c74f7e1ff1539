/* stream.c: a channel: two byte directions and the dissector that reads them
 *
 * Bytes are shown to the dissector where they lie; only what it leaves over
 * is copied into the side's buffer.  Bytes it skips before they come are never
 * looked at.
 */
#include "analyzer/flow/stream_channel.h"

struct channel *channel_create(const struct channel_config *config)
{
    struct channel *channel = memory_take(config->budget, sizeof *channel);
    unsigned tries = config->transport == TRANSPORT_UDP ? TRIES_DATAGRAMS
                     : config->from_start               ? TRIES_FROM_START
                                                        : TRIES_MID_STREAM;

    if (!channel)
        return NULL;
    channel->config = *config;
    channel->outermost = channel;
    channel->view = (struct channel_view){
        .channel = channel,
        .flow = config->flow,
        .transport = config->transport,
        .client = config->client,
        .server = config->server,
        .from_start = config->from_start,
        .budget = config->budget,
        .options = config->options,
        .sink = config->sink,
    };
    for (size_t i = 0; i < 2; i++) {
        channel->sides[i].unread.budget = config->budget;
        channel->sides[i].tries_left = tries;
    }
    return channel;
}

static void advance_clock(struct channel *channel, int64_t time_ns)
{
    if (time_ns > channel->view.now_ns)
        channel->view.now_ns = time_ns;
}

void channel_drop_buffers(struct channel *channel)
{
    side_release(&channel->sides[FROM_CLIENT]);
    side_release(&channel->sides[FROM_SERVER]);
}

void channel_give_up(struct channel *channel)
{
    channel->let_go = true;
    channel_drop_buffers(channel);
}

/* ---- reading ---- */

/* Bytes that no packet or no memory brought. */
static void drop_bytes(struct channel *channel, enum direction direction, uint64_t bytes)
{
    struct stream_side *side = &channel->sides[direction];

    if (channel->dissector)
        channel->dissector->lose(&channel->view, direction, bytes);
    side_advance(side, side->unread.length + bytes);
    side->wanted = 0;
    side->wants_time = false;
    side->fresh = false;
}

/* Shows `bytes`, the unread bytes of the side, to the dissector. They are the side's buffer, or,
 * while that is empty, the caller's own. */
static void show(struct channel *channel, enum direction direction, struct slice bytes)
{
    struct stream_side *side = &channel->sides[direction];
    size_t wanted = 0;
    size_t used = channel->dissector->read(&channel->view, direction, bytes, &wanted);

    if (channel->let_go) {
        channel_drop_buffers(channel);
        return;
    }
    side->wants_time = wanted == WANTS_TIME;
    side->wanted = side->wants_time ? 0 : wanted;
    side->fresh = false;
    if (used > bytes.length)
        side->skip += used - bytes.length;
    if (side->unread.length > 0 || used >= bytes.length) {
        side_advance(side, used < bytes.length ? used : bytes.length);
        return;
    }
    side_advance(side, used);
    bytes = slice_after(bytes, used);
    if (!buffer_append(&side->unread, bytes))
        drop_bytes(channel, direction, bytes.length);
}

static void read_buffered(struct channel *channel, enum direction direction)
{
    struct stream_side *side = &channel->sides[direction];

    if (channel->let_go || side->ended || side->unread.length == 0)
        return;
    show(channel, direction, buffer_slice(&side->unread));
}

/* A side that waits for the other one, as for the answer to CONNECT, is read when that moved. */
static void read_again(struct channel *channel, enum direction direction)
{
    if (channel->sides[direction].wanted == SIZE_MAX)
        read_buffered(channel, direction);
}

static void take_in(struct channel *channel, enum direction direction, struct slice bytes)
{
    struct stream_side *side = &channel->sides[direction];

    if (side->unread.length == 0) {
        show(channel, direction, bytes);
    } else if (!buffer_append(&side->unread, bytes)) {
        drop_bytes(channel, direction, bytes.length);
    } else {
        side->fresh = true;
        if (side->unread.length >= side->wanted)
            read_buffered(channel, direction);
    }
    if (!channel->let_go)
        read_again(channel, other_side(direction));
}

/* The dissector is known now; `bytes` are the last that came. */
static void read_first(struct channel *channel, enum direction direction, struct slice bytes)
{
    read_buffered(channel, other_side(direction)); /* came before */
    if (channel->sides[direction].unread.length > 0)
        read_buffered(channel, direction);
    else if (!channel->let_go)
        take_in(channel, direction, bytes);
}

/* First bytes: find out who reads them. */
static void look_at(struct channel *channel, enum direction direction, struct slice bytes)
{
    struct stream_side *side = &channel->sides[direction];
    size_t older = side->unread.length;
    enum recognition answer;

    if (older > 0 && !buffer_append(&side->unread, bytes)) {
        channel_count_failed_try(channel, direction);
        return;
    }
    answer = channel_recognize(channel, direction, older > 0 ? buffer_slice(&side->unread) : bytes);
    if (answer == RECOGNIZE_NO && older > 0 && !channel->let_go) {
        side_advance(side, older); /* what looked like a beginning was none */
        answer = channel_recognize(channel, direction, buffer_slice(&side->unread));
    }
    if (answer == RECOGNIZE_MORE &&
        (side->unread.length > 0 || buffer_append(&side->unread, bytes)))
        return;
    if (!channel->dissector)
        channel_count_failed_try(channel, direction);
    if (answer == RECOGNIZE_YES_REVERSED) {
        channel_reverse(channel);
        direction = other_side(direction);
    }
    if (channel->dissector)
        read_first(channel, direction, bytes);
}

static void skip_bytes(struct stream_side *side, uint64_t bytes)
{
    side->skip -= bytes;
    side_advance(side, bytes);
}

void channel_feed(struct channel *channel, enum direction direction, struct slice bytes,
                  struct evidence evidence)
{
    struct stream_side *side = &channel->sides[direction];

    advance_clock(channel, evidence.time_ns);
    if (channel->let_go || side->ended || bytes.length == 0)
        return;
    if (side->skip > 0) {
        uint64_t skipped = side->skip < bytes.length ? side->skip : bytes.length;

        skip_bytes(side, skipped);
        bytes = slice_after(bytes, (size_t)skipped);
        if (bytes.length == 0)
            return;
    }
    side_mark(side, evidence);
    if (channel->dissector)
        take_in(channel, direction, bytes);
    else if (side->tries_left > 0)
        look_at(channel, direction, bytes);
}

void channel_datagram(struct channel *channel, enum direction direction, struct slice bytes,
                      bool whole, struct evidence evidence)
{
    enum recognition answer = RECOGNIZE_YES;

    advance_clock(channel, evidence.time_ns);
    if (channel->let_go)
        return;
    if (!channel->dissector) {
        if (channel->sides[direction].tries_left == 0)
            return;
        answer = channel_recognize(channel, direction, bytes);
        if (!channel->dissector) {
            channel_count_failed_try(channel, direction);
            return;
        }
    }
    if (answer == RECOGNIZE_YES_REVERSED) {
        channel_reverse(channel);
        direction = other_side(direction);
    }
    if (channel->dissector->read_datagram)
        channel->dissector->read_datagram(&channel->view, direction, bytes, whole, evidence);
}

void channel_lose(struct channel *channel, enum direction direction, uint64_t bytes)
{
    struct stream_side *side = &channel->sides[direction];
    uint64_t skipped = side->skip < bytes ? side->skip : bytes;

    if (channel->let_go || side->ended || bytes == 0)
        return;
    skip_bytes(side, skipped);
    bytes -= skipped;
    if (bytes == 0)
        return;
    if (channel->dissector && side->fresh)
        read_buffered(channel, direction);
    if (!channel->dissector) {
        channel->view.from_start = false;
        if (side->tries_left > 0)
            side->tries_left = TRIES_MID_STREAM;
    }
    if (!channel->let_go)
        drop_bytes(channel, direction, bytes);
    if (!channel->let_go)
        read_again(channel, other_side(direction));
}

void channel_end(struct channel *channel, enum direction direction, enum stream_end end,
                 struct evidence evidence)
{
    struct stream_side *side = &channel->sides[direction];

    advance_clock(channel, evidence.time_ns);
    if (side->ended)
        return;
    if (channel->dissector && side->fresh)
        read_buffered(channel, direction);
    side->ended = true;
    if (channel->dissector)
        channel->dissector->finish(&channel->view, direction, buffer_slice(&side->unread), end,
                                   evidence);
    if (!channel->let_go && channel->dissector)
        read_again(channel, other_side(direction));
    side_release(side);
}

static void tick(struct channel *channel, int64_t now_ns)
{
    advance_clock(channel, now_ns);
    if (channel->let_go || !channel->dissector)
        return;
    if (channel->dissector->tick)
        channel->dissector->tick(&channel->view);
    for (enum direction direction = FROM_CLIENT; direction <= FROM_SERVER; direction++)
        if (channel->sides[direction].wants_time) {
            read_buffered(channel, direction);
            read_again(channel, other_side(direction));
        }
}

void channel_tick(struct channel *channel, int64_t now_ns)
{
    tick(channel, now_ns);
    for (struct channel *inner = channel->inner; inner; inner = inner->inner)
        tick(inner, now_ns);
}

void channel_note_truncated(struct channel *channel)
{
    for (struct channel *each = channel; each; each = each->inner)
        each->view.truncated = true;
}

/* ---- questions ---- */

bool channel_is_waiting(const struct channel *channel)
{
    for (const struct channel *each = channel; each; each = each->inner)
        for (size_t i = 0; i < 2 && !each->let_go; i++)
            if (each->sides[i].wants_time && !each->sides[i].ended)
                return true;
    return false;
}

bool channel_is_let_go(const struct channel *channel)
{
    return channel->let_go;
}

uint64_t channel_skippable(const struct channel *channel, enum direction direction)
{
    const struct stream_side *side = &channel->sides[direction];

    if (channel->let_go || side->ended || (!channel->dissector && side->tries_left == 0))
        return UINT64_MAX;
    return side->skip;
}

void channel_skip(struct channel *channel, enum direction direction, uint64_t bytes)
{
    struct stream_side *side = &channel->sides[direction];

    if (channel->let_go || side->ended || (!channel->dissector && side->tries_left == 0))
        return;
    if (bytes > side->skip) { /* more than was offered: those bytes are gone */
        channel_lose(channel, direction, bytes);
        return;
    }
    skip_bytes(side, bytes);
}

const char *channel_dissector_name(const struct channel *channel)
{
    return channel->dissector ? channel->dissector->name : NULL;
}

bool channel_is_reversed(const struct channel *channel)
{
    return channel->reversed;
}

static void free_one(struct channel *channel)
{
    if (channel->dissector) {
        if (channel->dissector->release)
            channel->dissector->release(&channel->view);
        memory_give(channel->view.budget, channel->view.memory, channel->dissector->memory_size);
    }
    channel_drop_buffers(channel);
    if (channel->owns_arena)
        arena_free(channel->view.arena);
    memory_give(channel->config.budget, channel, sizeof *channel);
}

/* Inner channels first: they use the arena of the outermost. */
void channel_free(struct channel *channel)
{
    if (!channel)
        return;
    while (channel->inner) {
        struct channel *inner = channel->inner;

        channel->inner = inner->inner;
        free_one(inner);
    }
    free_one(channel);
}
