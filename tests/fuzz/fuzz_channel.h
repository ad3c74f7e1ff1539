/* fuzz_channel.h: a channel with one dissector, played from fuzzed bytes
 *
 * Byte 0: bit 0 everything, bit 1 mid-stream.  Then pieces: a byte that says
 * what (bit 0 the direction; bits 1 and 2: 0 and 1 bytes, 2 a gap, 3 the clock or an
 * end), a byte of length (bytes: times 4 when bit 3 is set), the bytes.
 */
#ifndef LYNCSCOPE_TESTS_FUZZ_CHANNEL_H
#define LYNCSCOPE_TESTS_FUZZ_CHANNEL_H

#include <stdlib.h>
#include <string.h>

#include "analyzer/flow/stream.h"
#include "dissectors/dissectors.h"

enum { FUZZ_FLOW_LIMIT = 4 << 20 };

static inline void fuzz_ignore(void *context, const struct event *event)
{
    uint64_t *sum = context;

    *sum += event->evidence.packet;
}

struct fuzz_player {
    struct channel *channel;
    bool datagram;
    bool halves; /* each piece of bytes comes in two */
};

static void fuzz_piece(const struct fuzz_player *player, enum direction direction,
                       struct slice piece)
{
    struct evidence evidence = { .packet = 1, .time_ns = 1 };
    uint8_t *copy = malloc(piece.length ? piece.length : 1);

    if (!copy)
        abort();
    if (piece.length > 0)
        memcpy(copy, piece.data, piece.length);
    if (player->datagram)
        channel_datagram(player->channel, direction, slice_of(copy, piece.length), true, evidence);
    else
        channel_feed(player->channel, direction, slice_of(copy, piece.length), evidence);
    free(copy);
}

static enum direction fuzz_direction(const struct fuzz_player *player, uint8_t what)
{
    enum direction direction = what & 1 ? FROM_SERVER : FROM_CLIENT;

    if (channel_is_reversed(player->channel))
        direction = direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT;
    return direction;
}

static struct slice fuzz_step(const struct fuzz_player *player, struct slice rest)
{
    struct channel *channel = player->channel;
    struct evidence evidence = { .packet = 2, .time_ns = 2 };
    uint8_t what = rest.data[0];
    size_t length = rest.length > 1 ? rest.data[1] : 0;
    enum direction direction = fuzz_direction(player, what);

    rest = slice_after(rest, 2);
    if ((what >> 1 & 3) == 2) {
        channel_lose(channel, direction, length);
    } else if ((what >> 1 & 3) == 3 && length < 128) {
        channel_tick(channel, (int64_t)length * 10000000000);
    } else if ((what >> 1 & 3) == 3) {
        channel_end(channel, direction, (enum stream_end)(length & 3), evidence);
    } else {
        struct slice piece = slice_part(rest, 0, length *= what & 8 ? 4 : 1);
        size_t first = player->halves ? piece.length / 2 : piece.length;

        fuzz_piece(player, direction, slice_part(piece, 0, first));
        if (first < piece.length)
            fuzz_piece(player, fuzz_direction(player, what), slice_after(piece, first));
        rest = slice_after(rest, length);
    }
    return rest;
}

static void fuzz_play(const struct channel_config *config, struct slice input, bool halves)
{
    struct evidence evidence = { .packet = 3 };
    struct fuzz_player player = { channel_create(config), config->transport == TRANSPORT_UDP,
                                  halves };

    if (!player.channel)
        abort();
    for (struct slice rest = input; rest.length > 0;)
        rest = fuzz_step(&player, rest);
    channel_end(player.channel, FROM_CLIENT, END_CAPTURE, evidence);
    channel_end(player.channel, FROM_SERVER, END_CAPTURE, evidence);
    channel_free(player.channel);
}

static inline void fuzz_channel(const struct dissector *dissector, struct slice input,
                                bool datagram)
{
    const struct dissector *const one[] = { dissector, NULL };
    struct dissection_options options = { .everything = input.length > 0 && input.data[0] & 1 };
    uint64_t sum = 0;
    struct budget budget;
    struct channel_config config = {
        .dissectors = one,
        .options = &options,
        .sink = { fuzz_ignore, &sum },
        .budget = &budget,
        .transport = datagram ? TRANSPORT_UDP : TRANSPORT_TCP,
        .client = { .port = 49152 },
        .server = { .port = 53 },
        .from_start = !(input.length > 0 && input.data[0] & 2),
    };

    budget_init(&budget, FUZZ_FLOW_LIMIT, NULL);
    fuzz_play(&config, slice_after(input, 1), false);
    if (budget.used != 0)
        abort();
}

#endif
