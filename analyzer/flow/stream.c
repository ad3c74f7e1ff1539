/* stream.c: a channel: two byte directions, the dissector that reads them, and channels inside
 *
 * The dissector is found by content.  A connection seen from its start shows
 * its protocol in the first bytes of either side; one met in the middle, or
 * with a gap, is looked at piece by piece for a while, because messages mostly
 * begin where segments do.  A side on which nothing was recognised costs
 * nothing more; when both are, the channel lets go.
 */
#include "analyzer/flow/stream.h"

#include "analyzer/flow/stream_side.h"

enum {
    RECOGNITION_BYTES = 64, /* waited for while somebody says "more" */
    TRIES_FROM_START = 3,   /* a proxy's own greeting may come first */
    TRIES_MID_STREAM = 32,
    TRIES_DATAGRAMS = 4,
    DEPTH_MAX = 4,
};

struct channel {
    struct channel_config config;
    struct channel_view view;
    const struct dissector *dissector;
    struct stream_side sides[2];
    struct channel *outermost; /* itself, mostly */
    struct channel *inner;     /* of the outermost: all channels inside it, the newest first */
    unsigned depth;
    bool let_go, reversed, owns_arena, asked;
};

static enum direction other_side(enum direction direction)
{
    return direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT;
}

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

static void drop_buffers(struct channel *channel)
{
    side_release(&channel->sides[FROM_CLIENT]);
    side_release(&channel->sides[FROM_SERVER]);
}

static void give_up(struct channel *channel)
{
    channel->let_go = true;
    drop_buffers(channel);
}

/* ---- recognition ---- */

static bool adopt(struct channel *channel, const struct dissector *dissector)
{
    struct channel_view *view = &channel->view;

    if (!view->arena) {
        view->arena = arena_create(view->budget, 0);
        channel->owns_arena = view->arena != NULL;
    }
    view->memory = memory_take(view->budget, dissector->memory_size);
    if (!view->arena || !view->memory) {
        memory_give(view->budget, view->memory, dissector->memory_size);
        view->memory = NULL;
        give_up(channel);
        return false;
    }
    channel->dissector = dissector;
    return true;
}

static void reverse(struct channel *channel)
{
    struct stream_side side = channel->sides[0];
    struct endpoint client = channel->view.client;

    channel->sides[0] = channel->sides[1];
    channel->sides[1] = side;
    channel->view.client = channel->view.server;
    channel->view.server = client;
    channel->reversed = true;
}

static bool is_on_port(const struct channel *channel, const struct dissector *dissector)
{
    for (size_t i = 0; i < sizeof dissector->ports / sizeof *dissector->ports; i++)
        if (dissector->ports[i] && (channel->view.client.port == dissector->ports[i] ||
                                    channel->view.server.port == dissector->ports[i]))
            return true;
    return false;
}

static enum recognition recognize(struct channel *channel, enum direction direction,
                                  struct slice first)
{
    enum recognition best = RECOGNIZE_NO;

    for (const struct dissector *const *each = channel->config.dissectors; *each; each++) {
        enum recognition answer = (*each)->recognizes(channel->config.transport, direction, first);

        if (answer == RECOGNIZE_ON_PORT && is_on_port(channel, *each))
            answer = RECOGNIZE_YES;
        if (answer == RECOGNIZE_YES || answer == RECOGNIZE_YES_REVERSED)
            return adopt(channel, *each) ? answer : RECOGNIZE_NO;
        if (answer == RECOGNIZE_MORE)
            best = RECOGNIZE_MORE;
    }
    return best;
}

static void ask_classifier(struct channel *channel)
{
    const char *hint = NULL;

    if (channel->config.ask_classifier && !channel->asked)
        hint = channel->config.ask_classifier(channel->config.classifier_context);
    channel->asked = true;
    for (const struct dissector *const *each = channel->config.dissectors; hint && *each; each++)
        if (slice_is_text(slice_of_text(hint), (*each)->name) && (*each)->read) {
            adopt(channel, *each);
            return;
        }
    give_up(channel);
}

/* Nobody knows what has come on this side so far. */
static void count_failed_try(struct channel *channel, enum direction direction)
{
    struct stream_side *side = &channel->sides[direction];

    if (channel->let_go)
        return;
    side->tries_left--;
    channel->view.from_start = false;
    side_advance(side, side->unread.length);
    if (side->tries_left > 0)
        return;
    side_release(side);
    if (channel->sides[other_side(direction)].tries_left > 0)
        return;
    if (channel->config.transport == TRANSPORT_TCP)
        ask_classifier(channel);
    else
        give_up(channel);
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
        drop_buffers(channel);
        return;
    }
    side->wanted = wanted;
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

/* First bytes: find out who reads them. */
static void look_at(struct channel *channel, enum direction direction, struct slice bytes)
{
    struct stream_side *side = &channel->sides[direction];
    struct slice first = bytes;
    enum recognition answer;

    if (side->tries_left == 0)
        return;
    if (side->unread.length > 0) {
        if (!buffer_append(&side->unread, bytes)) {
            count_failed_try(channel, direction);
            return;
        }
        first = buffer_slice(&side->unread);
    }
    answer = recognize(channel, direction, first);
    if (answer == RECOGNIZE_MORE && first.length < RECOGNITION_BYTES) {
        if (side->unread.length == 0 && !buffer_append(&side->unread, bytes))
            count_failed_try(channel, direction);
        return;
    }
    if (!channel->dissector) {
        count_failed_try(channel, direction);
        if (!channel->dissector)
            return;
    }
    if (answer == RECOGNIZE_YES_REVERSED) {
        reverse(channel);
        direction = other_side(direction);
    }
    read_buffered(channel, other_side(direction)); /* came before */
    if (channel->sides[direction].unread.length > 0)
        read_buffered(channel, direction);
    else if (!channel->let_go)
        take_in(channel, direction, bytes);
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
    else
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
        answer = recognize(channel, direction, bytes);
        if (!channel->dissector) {
            count_failed_try(channel, direction);
            return;
        }
    }
    if (answer == RECOGNIZE_YES_REVERSED) {
        reverse(channel);
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
    if (!channel->let_go && channel->dissector && channel->dissector->tick)
        channel->dissector->tick(&channel->view);
}

void channel_tick(struct channel *channel, int64_t now_ns)
{
    tick(channel, now_ns);
    for (struct channel *inner = channel->inner; inner; inner = inner->inner)
        tick(inner, now_ns);
}

/* ---- questions ---- */

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
    drop_buffers(channel);
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

/* ---- what dissectors call ---- */

struct evidence channel_evidence(const struct channel_view *view, enum direction direction,
                                 size_t offset)
{
    return side_evidence(&view->channel->sides[direction], offset);
}

void channel_let_go(const struct channel_view *view)
{
    if (!view->options->everything)
        view->channel->let_go = true; /* its buffers may be in use right now */
}

struct channel *channel_open_inner(const struct channel_view *view, bool encrypted, bool tunnelled)
{
    struct channel *outer = view->channel;
    struct channel_config config = outer->config;
    struct channel *inner;

    config.client = view->client;
    config.server = view->server;
    config.from_start = true;
    config.ask_classifier = NULL;
    inner = outer->depth < DEPTH_MAX ? channel_create(&config) : NULL;
    if (!inner)
        return NULL;
    inner->depth = outer->depth + 1;
    inner->view.arena = view->arena;
    inner->view.encrypted = view->encrypted || encrypted;
    inner->view.tunnelled = view->tunnelled || tunnelled;
    inner->view.now_ns = view->now_ns;
    inner->outermost = outer->outermost;
    inner->inner = inner->outermost->inner;
    inner->outermost->inner = inner;
    return inner;
}

static enum direction inner_direction(const struct channel *inner, enum direction direction)
{
    return inner->reversed ? other_side(direction) : direction;
}

void channel_pass(struct channel *inner, enum direction direction, struct slice bytes,
                  struct evidence evidence)
{
    if (inner)
        channel_feed(inner, inner_direction(inner, direction), bytes, evidence);
}

void channel_pass_gap(struct channel *inner, enum direction direction, uint64_t bytes)
{
    if (inner)
        channel_lose(inner, inner_direction(inner, direction), bytes);
}

void channel_pass_end(struct channel *inner, enum direction direction, enum stream_end end)
{
    struct evidence none = { 0 };

    if (inner)
        channel_end(inner, inner_direction(inner, direction), end, none);
}
