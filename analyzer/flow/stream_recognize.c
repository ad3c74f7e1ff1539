/* stream_recognize.c: who reads a channel
 *
 * A connection seen from its start shows its protocol in the first bytes of
 * either side; one met in the middle, or with a gap, is looked at piece by
 * piece for a while, because messages mostly begin where segments do.  A side
 * on which nothing was recognised costs nothing more; when both are, the
 * classifier is asked once, and then the channel lets go.
 */
#include "analyzer/flow/stream_channel.h"

enum { RECOGNITION_BYTES = 64 }; /* waited for while somebody says "more" */

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
        channel_give_up(channel);
        return false;
    }
    channel->dissector = dissector;
    return true;
}

void channel_reverse(struct channel *channel)
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

enum recognition channel_recognize(struct channel *channel, enum direction direction,
                                   struct slice first)
{
    const struct dissector *by_port = NULL; /* content that is certain goes before a port */
    enum recognition best = RECOGNIZE_NO;

    for (const struct dissector *const *each = channel->config.dissectors; *each; each++) {
        enum recognition answer = (*each)->recognizes(channel->config.transport, direction, first);

        if (answer == RECOGNIZE_ON_PORT && is_on_port(channel, *each))
            by_port = *each;
        if (answer == RECOGNIZE_YES || answer == RECOGNIZE_YES_REVERSED)
            return adopt(channel, *each) ? answer : RECOGNIZE_NO;
        if (answer == RECOGNIZE_MORE && first.length < RECOGNITION_BYTES)
            best = RECOGNIZE_MORE;
    }
    if (best == RECOGNIZE_NO && by_port && adopt(channel, by_port))
        return RECOGNIZE_YES;
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
    channel_give_up(channel);
}

void channel_count_failed_try(struct channel *channel, enum direction direction)
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
        channel_give_up(channel);
}
