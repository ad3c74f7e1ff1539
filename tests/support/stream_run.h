/* stream_run.h: plays a conversation into a channel and collects the events as text
 *
 * tests/streams/README tells the format of the files.
 */
#ifndef LYNCSCOPE_TESTS_STREAM_RUN_H
#define LYNCSCOPE_TESTS_STREAM_RUN_H

#include "analyzer/flow/stream.h"
#include "lyncscope/text.h"

enum { STREAM_STEPS_MAX = 256 };

enum stream_action { ACTION_BYTES, ACTION_GAP, ACTION_END, ACTION_TICK, ACTION_DATAGRAM };

struct stream_step {
    enum stream_action action;
    enum direction direction;
    struct buffer bytes;
    uint64_t count; /* bytes of a gap, seconds of a tick */
    enum stream_end end;
};

struct stream_script {
    bool everything, mid_stream, udp;
    bool whole_only; /* how the bytes are cut matters */
    uint16_t port;   /* of the server */
    struct stream_step steps[STREAM_STEPS_MAX];
    size_t step_count;
    struct text expected;
};

/* How the bytes of a block are cut: 0 whole, 1 byte by byte, else at random with this seed. */
void stream_play(const struct stream_script *script, unsigned cut, struct text *events);

bool stream_script_read(const char *path, struct stream_script *script);
void stream_script_release(struct stream_script *script);

/* One line an event. */
void event_print(struct text *out, const struct event *event);

/* A copy in a heap block of exactly its size. */
uint8_t *exact_copy(struct slice bytes);

#endif
