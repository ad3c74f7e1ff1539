/* source.h: what every kind of input has in common
 *
 * A source yields packets in the order of its file.  It fills in time, link
 * type, bytes and wire length; capture.c numbers, counts and merges them.
 */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include <signal.h>

#include "lyncscope/capture.h"
#include "lyncscope/memory.h"

enum {
    PACKET_BYTES_USUAL = 262144,   /* what libpcap, tcpdump and Wireshark allow a packet */
    PACKET_BYTES_MAX = 16 << 20,   /* whatever a file's snap length says */
    RESYNC_BYTES = 1 << 20,        /* how far to look for the next record after garbage */
    RESYNC_WINDOW_BYTES = 2 << 20, /* a candidate and what follows it must lie in here */
    UNREAD_LINK_TYPES_MAX = 8,
    RESYNCS_MAX = 1000, /* then the file is garbage, and looking on would be quadratic */
};

struct source_functions {
    enum status (*next)(void *source, struct packet *packet);
    void (*close)(void *source);
    int (*descriptor)(void *source); /* live: what to wait on; NULL for files */
};

struct input {
    struct input_info info;
    uint32_t index;
    const struct source_functions *functions;
    void *source;      /* NULL once it has ended */
    enum status state; /* WAIT: not asked yet, or live and nothing there; OK: `head` is read */
    struct packet head;
    struct arena *arena; /* the capture's: names and warnings */
    const char *name;    /* the path, harmless to print */
    int64_t clock_ns;    /* added to its packets' times */
    const volatile sig_atomic_t *stopped;
    struct secrets_sink secrets;
    int link_type; /* the one of the whole file; -1: each packet has its own */
    bool filter_warned;
    int last_link_type;                           /* of the packet before, -1 at first */
    int unread_link_types[UNREAD_LINK_TYPES_MAX]; /* warned of */
    size_t unread_count;
    char *left_out; /* text of the last warning, when there are too many */
    uint64_t left_out_count;
};

/* Adds a warning; beyond INPUT_WARNINGS_MAX it is only counted. */
void input_warn(struct input *input, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The file cannot be read on: a warning, and broke_off. Returns STATUS_END. */
enum status input_break_off(struct input *input, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Open what `input->info.path` names and set functions, source and kind. */
enum status source_open_file(struct input *input, struct complaint *complaint) MUST_CHECK;
enum status live_open(struct input *input, const struct capture_options *options,
                      struct complaint *complaint) MUST_CHECK;

/* Both own `bytes` from here on when they return STATUS_OK. */
struct input_bytes;
enum status pcap_file_open(struct input *input, struct input_bytes *bytes,
                           struct complaint *complaint) MUST_CHECK;
enum status pcapng_open(struct input *input, struct input_bytes *bytes,
                        struct complaint *complaint) MUST_CHECK;
bool pcap_file_is_magic(struct slice start);
bool pcapng_is_magic(struct slice start);

#endif
