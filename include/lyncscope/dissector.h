/* dissector.h: how bytes of a connection become events
 *
 * A dissector is a struct of functions; dissectors/registry.c lists them.
 * The flow layer owns the bytes and the memory and calls; the dissector reads
 * and emits.  Nothing here is shared between connections, so connections can
 * be spread over threads.
 *
 * Byte streams.  `read` gets the unread bytes of one direction, contiguous and
 * in order, and says how many it has used up:
 *   - used < length: the rest stays buffered and comes again, in front of new
 *     bytes.  `wanted` tells how many bytes must be there before it is worth
 *     calling again (0: any more; SIZE_MAX: not before the other direction was read;
 *     WANTS_TIME: any more, or the next tick, and the connection's end waits for it).  A
 *     dissector that keeps the rest waiting past its cap gives the message up and
 *     resynchronises.
 *   - used > length: the bytes beyond are skipped when they come, uncopied
 *     (the body of a message whose content nobody needs).
 * Once a direction has ended `read` is called no more and `finish` is called.
 *
 * A gap in the capture is told by `lose`: so many bytes of this direction are
 * missing; unread bytes buffered before it are dropped after `lose` returns.
 * The dissector resumes at the next message it can recognise.
 */
#ifndef LYNCSCOPE_DISSECTOR_H
#define LYNCSCOPE_DISSECTOR_H

#include "lyncscope/event.h"
#include "lyncscope/memory.h"
#include "lyncscope/tls_secrets.h"

#define WANTS_TIME (SIZE_MAX - 1)

enum direction { FROM_CLIENT, FROM_SERVER };

enum transport { TRANSPORT_TCP, TRANSPORT_UDP };

enum recognition {
    RECOGNIZE_NO,
    RECOGNIZE_YES,
    RECOGNIZE_MORE, /* cannot tell yet: call again with more bytes (at most 64 are waited for) */
    RECOGNIZE_YES_REVERSED, /* ours, but what was taken for the client is the server */
    RECOGNIZE_ON_PORT,      /* too little to go by: ours only on one of the dissector's ports */
};

enum stream_end {
    END_FIN,
    END_RESET,
    END_TIMEOUT, /* evicted or idle for long */
    END_CAPTURE, /* the capture ended */
};

/* What a dissector asks of those above. Same for all connections. */
struct dissection_options {
    bool everything; /* -o events: emit every message, whatever it belongs to, with body hashes */
    struct tls_context *tls;                /* NULL: nothing is decrypted */
    struct certificate_store *certificates; /* NULL: certificates are not looked at */
    struct document_memo *documents;        /* NULL: each document is read anew */
};

/* One connection (or one tunnel inside it) as its dissector sees it. */
struct channel;
struct channel_view {
    struct channel *channel;
    uint64_t flow; /* connection number */
    enum transport transport;
    struct endpoint client, server;
    bool encrypted, tunnelled;
    bool from_start;       /* the connection's beginning was captured */
    bool truncated;        /* the snap length cut packets of it: bytes that are lost were cut off */
    struct arena *arena;   /* of the connection; lives until it ends */
    struct budget *budget; /* of the connection: for buffers that come and go */
    void *memory;          /* the dissector's own, `memory_size` zeroed bytes */
    const struct dissection_options *options;
    struct event_sink sink;
    int64_t now_ns; /* the capture clock */
};

/* Which packet carried the byte at `offset` of the slice just passed to `read`. */
struct evidence channel_evidence(const struct channel_view *view, enum direction direction,
                                 size_t offset);

/* "Nothing on this connection concerns us": no more calls but `finish`; costs nothing from now on.
 * Ignored when everything is to be read. */
void channel_let_go(const struct channel_view *view);

/* What follows in both directions is another protocol (a CONNECT tunnel, decrypted
 * TLS): recognised anew by content.  For a tunnel: pass the bytes on with channel_pass. */
struct channel *channel_open_inner(const struct channel_view *view, bool encrypted, bool tunnelled);
/* How many bytes from `offset` on the same packet carried; SIZE_MAX: all the rest. */
size_t channel_evidence_length(const struct channel_view *view, enum direction direction,
                               size_t offset);
/* Nobody reads what is passed to it. */
bool channel_inner_is_let_go(const struct channel *inner);
void channel_pass(struct channel *inner, enum direction direction, struct slice bytes,
                  struct evidence evidence);
void channel_pass_gap(struct channel *inner, enum direction direction, uint64_t bytes);
void channel_pass_end(struct channel *inner, enum direction direction, enum stream_end end);

struct dissector {
    const char *name;
    size_t memory_size;
    uint16_t ports[4]; /* for RECOGNIZE_ON_PORT; unused ones are 0 */
    /* By content, never by port alone: the first bytes of one direction. */
    enum recognition (*recognizes)(enum transport transport, enum direction direction,
                                   struct slice first);
    size_t (*read)(struct channel_view *view, enum direction direction, struct slice bytes,
                   size_t *wanted);
    /* UDP only, instead of read; `bytes` is one datagram, `whole` false when the snap length cut
     * it. */
    void (*read_datagram)(struct channel_view *view, enum direction direction, struct slice bytes,
                          bool whole, struct evidence evidence);
    void (*lose)(struct channel_view *view, enum direction direction, uint64_t bytes);
    /* One direction has ended. `rest` is what was never used up. */
    void (*finish)(struct channel_view *view, enum direction direction, struct slice rest,
                   enum stream_end end, struct evidence evidence);
    /* The capture clock moved on (about once a second, while the connection lives). May be NULL. */
    void (*tick)(struct channel_view *view);
    /* Gives back what is not in the arena (a decompressor, a buffer). May be NULL. */
    void (*release)(struct channel_view *view);
};

extern const struct dissector *const dissectors[]; /* NULL-terminated; dissectors/registry.c */

#endif
