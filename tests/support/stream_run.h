/* stream_run.h: plays a conversation into a channel and collects the events as text
 *
 * tests/streams/README tells the format of the files.
 */
#ifndef LYNCSCOPE_TESTS_STREAM_RUN_H
#define LYNCSCOPE_TESTS_STREAM_RUN_H

#include "analyzer/flow/stream.h"
#include "lyncscope/text.h"

enum { STREAM_STEPS_MAX = 256 };

enum stream_action {
    ACTION_BYTES,
    ACTION_GAP,
    ACTION_END,
    ACTION_TICK,
    ACTION_DATAGRAM,
    ACTION_LOG, /* the bytes are written to the key log that is followed */
};

struct stream_step {
    enum stream_action action;
    enum direction direction;
    struct buffer bytes;
    uint64_t count; /* bytes of a gap, seconds of a tick */
    enum stream_end end;
};

struct stream_script {
    bool everything, mid_stream, udp;
    bool whole_only;    /* how the bytes are cut matters */
    bool follows;       /* a key log, which ACTION_LOG writes to */
    uint16_t port;      /* of the server */
    struct text keylog; /* what is known from the start */
    struct stream_step steps[STREAM_STEPS_MAX];
    size_t step_count;
    struct text expected;
};

/* How the bytes of a block are cut: 0 whole, 1 byte by byte, else at random with this seed. */
void stream_play(const struct stream_script *script, unsigned cut, struct text *events);

bool stream_script_read(const char *path, struct stream_script *script);
void stream_script_release(struct stream_script *script);

/* What a script has to decrypt with; `tls` is NULL when that is nothing. */
struct stream_keys {
    struct tls_secrets *secrets;
    struct tls_context *tls;
    char log[32]; /* a file */
};
void stream_keys_open(struct stream_keys *keys, const struct stream_script *script);
void stream_keys_log(struct stream_keys *keys, struct slice line);
void stream_keys_close(struct stream_keys *keys);

/* One line an event. */
void event_print(struct text *out, const struct event *event);

/* A copy in a heap block of exactly its size. */
uint8_t *exact_copy(struct slice bytes);

#endif
