/* stream_run.c: plays a conversation into a channel and collects the events as text */
#include "tests/support/stream_run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

uint8_t *exact_copy(struct slice bytes)
{
    uint8_t *copy = malloc(bytes.length ? bytes.length : 1);

    assert(copy);
    if (bytes.length > 0)
        memcpy(copy, bytes.data, bytes.length);
    return copy;
}

struct player {
    struct channel *channel;
    struct stream_keys keys;
    struct evidence evidence;
    unsigned cut, random;
    bool swapped;
};

static enum direction direction_now(struct player *player, enum direction direction)
{
    if (channel_is_reversed(player->channel))
        return direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT;
    return direction;
}

static size_t piece_length(struct player *player, size_t left)
{
    if (player->cut == 0)
        return left;
    if (player->cut == 1)
        return 1;
    player->random = player->random * 1103515245u + 12345u;
    return 1 + (player->random >> 8) % (left < 40 ? left : 40);
}

static void give(struct player *player, enum direction direction, struct slice piece)
{
    uint8_t *copy;

    /* As tcp.c does: what is skipped is not given. */
    if (channel_skippable(player->channel, direction_now(player, direction)) >= piece.length) {
        channel_skip(player->channel, direction_now(player, direction), piece.length);
        return;
    }
    copy = exact_copy(piece);
    channel_feed(player->channel, direction_now(player, direction), slice_of(copy, piece.length),
                 player->evidence);
    free(copy);
}

static void play_bytes(struct player *player, const struct stream_step *step)
{
    struct slice rest = buffer_slice(&step->bytes);

    while (rest.length > 0) {
        size_t length = piece_length(player, rest.length);

        give(player, step->direction, slice_part(rest, 0, length));
        rest = slice_after(rest, length);
    }
}

static void play_datagram(struct player *player, const struct stream_step *step)
{
    uint8_t *copy = exact_copy(buffer_slice(&step->bytes));

    channel_datagram(player->channel, direction_now(player, step->direction),
                     slice_of(copy, step->bytes.length), true, player->evidence);
    free(copy);
}

static void play_step(struct player *player, const struct stream_step *step)
{
    switch (step->action) {
    case ACTION_BYTES:
        play_bytes(player, step);
        break;
    case ACTION_DATAGRAM:
        play_datagram(player, step);
        break;
    case ACTION_GAP:
        channel_lose(player->channel, direction_now(player, step->direction), step->count);
        break;
    case ACTION_END:
        channel_end(player->channel, direction_now(player, step->direction), step->end,
                    player->evidence);
        break;
    case ACTION_TICK:
        player->evidence.time_ns += (int64_t)step->count * 1000000000;
        channel_tick(player->channel, player->evidence.time_ns);
        break;
    case ACTION_LOG:
        stream_keys_log(&player->keys, buffer_slice(&step->bytes));
        break;
    }
}

static void collect(void *context, const struct event *event)
{
    event_print(context, event);
}

void stream_play(const struct stream_script *script, unsigned cut, struct text *events)
{
    struct dissection_options options = { .everything = script->everything };
    struct budget budget;
    struct channel_config config = {
        .dissectors = dissectors,
        .options = &options,
        .sink = { collect, events },
        .budget = &budget,
        .transport = script->udp ? TRANSPORT_UDP : TRANSPORT_TCP,
        .client = { .port = 49152 },
        .server = { .port = script->port },
        .from_start = !script->mid_stream,
    };
    struct player player = { .cut = cut, .random = cut, .evidence.time_ns = 1000000000 };

    budget_init(&budget, 0, NULL);
    stream_keys_open(&player.keys, script);
    options.tls = player.keys.tls;
    player.channel = channel_create(&config);
    assert(player.channel);
    for (size_t i = 0; i < script->step_count; i++) {
        player.evidence.packet = i + 1;
        player.evidence.time_ns += 1000000;
        play_step(&player, &script->steps[i]);
    }
    player.evidence.packet++;
    channel_end(player.channel, FROM_CLIENT, END_CAPTURE, player.evidence);
    channel_end(player.channel, FROM_SERVER, END_CAPTURE, player.evidence);
    channel_free(player.channel);
    stream_keys_close(&player.keys);
    assert(budget.used == 0);
}
