/* tls_data.c: decrypted application data goes on to whoever reads it
 *
 * Bytes keep the packet they came in: a record that spans packets is passed on
 * in pieces, so that a message inside cites its own packet.
 */
#include "dissectors/tls.h"

static void count(struct channel_view *view, enum direction direction, struct slice bytes)
{
    struct tls_memory *memory = view->memory;
    struct tls_side *side = &memory->sides[direction];
    uint64_t *total =
        direction == FROM_CLIENT ? &memory->session.client_bytes : &memory->session.server_bytes;

    *total += bytes.length;
    if (!view->options->everything)
        return;
    if (!side->digest)
        side->digest = digest_create();
    digest_add(side->digest, bytes);
}

void tls_take_data(struct channel_view *view, const struct tls_piece *piece)
{
    struct tls_memory *memory = view->memory;
    struct slice rest = piece->bytes;
    size_t offset = piece->offset;

    count(view, piece->direction, rest);
    if (rest.length == 0)
        return;
    if (!memory->inner)
        memory->inner = channel_open_inner(view, true, false);
    if (!memory->inner)
        return;
    while (rest.length > 0) {
        size_t length = channel_evidence_length(view, piece->direction, offset);
        struct slice part = slice_part(rest, 0, length > 0 ? length : 1);

        channel_pass(memory->inner, piece->direction, part,
                     channel_evidence(view, piece->direction, offset));
        rest = slice_after(rest, part.length);
        offset += part.length;
    }
    if (channel_inner_is_let_go(memory->inner))
        channel_let_go(view);
}
