/* stream.h: the two ordered byte directions of one connection, and who reads them
 *
 * The outermost channel of a connection is fed by tcp.c or udp.c; inner ones
 * (tunnels, decrypted TLS) by the dissector that opened them.  A channel finds
 * its dissector by content, buffers what the dissector has not used up, skips
 * what it does not want, and remembers which packet brought which byte.
 */
#ifndef LYNCSCOPE_FLOW_STREAM_H
#define LYNCSCOPE_FLOW_STREAM_H

#include "lyncscope/dissector.h"

struct channel_config {
    const struct dissector *const *dissectors; /* NULL-terminated */
    const struct dissection_options *options;
    struct event_sink sink;
    struct budget *budget; /* of the connection */
    uint64_t flow;
    enum transport transport;
    struct endpoint client, server;
    bool from_start;
    /* Nobody here recognised the first bytes (TCP only). The flow layer may ask nDPI; a hint names
     * a dissector to try, or is NULL: then the channel lets go. May be NULL itself. */
    const char *(*ask_classifier)(void *context);
    void *classifier_context;
};

struct channel *channel_create(const struct channel_config *config); /* NULL: over budget */
/* Bytes in order. `bytes` may be used directly: nothing is copied while the dissector keeps up. */
void channel_feed(struct channel *channel, enum direction direction, struct slice bytes,
                  struct evidence evidence);
void channel_datagram(struct channel *channel, enum direction direction, struct slice bytes,
                      bool whole, struct evidence evidence);
/* Bytes lost from here on may have been cut off by the snap length. */
void channel_note_truncated(struct channel *channel);
void channel_lose(struct channel *channel, enum direction direction, uint64_t bytes);
void channel_end(struct channel *channel, enum direction direction, enum stream_end end,
                 struct evidence evidence); /* once per direction; more calls do nothing */
void channel_tick(struct channel *channel, int64_t now_ns);
/* True: what it has not read waits for time to pass; its end should come later. */
bool channel_is_waiting(const struct channel *channel);
/* True: its dissector let go, or nobody recognised it; feeding it does nothing. */
bool channel_is_let_go(const struct channel *channel);
/* How many of the next bytes of this direction are skipped unread: their payload need not be given,
 * a channel_skip of as much does. */
uint64_t channel_skippable(const struct channel *channel, enum direction direction);
void channel_skip(struct channel *channel, enum direction direction, uint64_t bytes);
const char *channel_dissector_name(const struct channel *channel); /* NULL: not known yet */
/* A dissector said RECOGNIZE_YES_REVERSED: the caller has to swap its own idea of who is client. */
bool channel_is_reversed(const struct channel *channel);
void channel_free(struct channel *channel); /* releases dissector memory, emits nothing */

#endif
