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

static void fuzz_ignore(void *context, const struct event *event)
{
    uint64_t *sum = context;

    *sum += event->evidence.packet;
}

static void fuzz_piece(struct channel *channel, enum direction direction, struct slice piece,
                       bool datagram)
{
    struct evidence evidence = { .packet = 1, .time_ns = 1 };
    uint8_t *copy = malloc(piece.length ? piece.length : 1);

    if (!copy)
        abort();
    if (piece.length > 0)
        memcpy(copy, piece.data, piece.length);
    if (datagram)
        channel_datagram(channel, direction, slice_of(copy, piece.length), true, evidence);
    else
        channel_feed(channel, direction, slice_of(copy, piece.length), evidence);
    free(copy);
}

static struct slice fuzz_step(struct channel *channel, struct slice rest, bool datagram)
{
    struct evidence evidence = { .packet = 2, .time_ns = 2 };
    uint8_t what = rest.data[0];
    size_t length = rest.length > 1 ? rest.data[1] : 0;
    enum direction direction = what & 1 ? FROM_SERVER : FROM_CLIENT;

    if (channel_is_reversed(channel))
        direction = direction == FROM_CLIENT ? FROM_SERVER : FROM_CLIENT;
    rest = slice_after(rest, 2);
    if ((what >> 1 & 3) == 2) {
        channel_lose(channel, direction, length);
    } else if ((what >> 1 & 3) == 3 && length < 128) {
        channel_tick(channel, (int64_t)length * 10000000000);
    } else if ((what >> 1 & 3) == 3) {
        channel_end(channel, direction, (enum stream_end)(length & 3), evidence);
    } else {
        length *= what & 8 ? 4 : 1;
        fuzz_piece(channel, direction, slice_part(rest, 0, length), datagram);
        rest = slice_after(rest, length);
    }
    return rest;
}

/* `tls`: what TLS is decrypted with, and what is inside it is read by all dissectors; or NULL. */
static void fuzz_channel_with(const struct dissector *dissector, struct slice input, bool datagram,
                              struct tls_context *tls)
{
    const struct dissector *const one[] = { dissector, NULL };
    struct dissection_options options = {
        .everything = input.length > 0 && input.data[0] & 1,
        .tls = tls,
    };
    uint64_t sum = 0;
    struct budget budget;
    struct channel_config config = {
        .dissectors = tls ? dissectors : one,
        .options = &options,
        .sink = { fuzz_ignore, &sum },
        .budget = &budget,
        .transport = datagram ? TRANSPORT_UDP : TRANSPORT_TCP,
        .client = { .port = 49152 },
        .server = { .port = 53 },
        .from_start = !(input.length > 0 && input.data[0] & 2),
    };
    struct evidence evidence = { .packet = 3 };
    struct channel *channel;

    budget_init(&budget, FUZZ_FLOW_LIMIT, NULL);
    channel = channel_create(&config);
    if (!channel)
        abort();
    for (struct slice rest = slice_after(input, 1); rest.length > 0;)
        rest = fuzz_step(channel, rest, datagram);
    channel_end(channel, FROM_CLIENT, END_CAPTURE, evidence);
    channel_end(channel, FROM_SERVER, END_CAPTURE, evidence);
    channel_free(channel);
    if (budget.used != 0)
        abort();
}

static inline void fuzz_channel(const struct dissector *dissector, struct slice input,
                                bool datagram)
{
    fuzz_channel_with(dissector, input, datagram, NULL);
}

#endif
