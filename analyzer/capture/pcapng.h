/* pcapng.h: a pcapng file being read; pcapng.c walks its blocks, pcapng_block.c reads them */
#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H

#include "input_bytes.h"
#include "pcapng_interface.h"

enum {
    BLOCK_INTERFACE = 1,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_STATISTICS = 5,
    BLOCK_PACKET = 6,
    BLOCK_SECRETS = 10,
    BLOCK_CUSTOM = 0xbad,
    BLOCK_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
};

/* What is told once a file, or every packet would tell it. */
enum told {
    TOLD_UNDECLARED = 1,
    TOLD_CLAMPED = 2,
    TOLD_TIMELESS = 4,
    TOLD_TRAILER = 8,
    TOLD_SHORT_PACKET = 16,
    TOLD_INTERFACES = 32,
    TOLD_LARGE = 64,
    TOLD_SECRETS = 128,
};

struct pcapng {
    struct input *input;
    struct input_bytes *bytes;
    struct interfaces interfaces; /* of the section */
    int64_t last_time_ns;
    bool little;
    unsigned told; /* enum told */
    unsigned resyncs;
    uint64_t told_until; /* secrets of blocks that end before here have been told */
    bool secrets_only;   /* a first pass over the file, which reads nothing else */
};

enum {
    BLOCK_FRAME_BYTES = 12, /* type, length, length again */
    BLOCK_HEAD_BYTES = 12,  /* a section's byte order stands in its third word */
    BLOCK_BYTES_MAX = 64 << 20,
    READ_BYTES_MAX = PACKET_BYTES_MAX + (64 << 10), /* a packet and its options */
};

struct block {
    uint32_t type;
    uint32_t length;
};

/* A section's byte order is that of its magic, whatever the section before had. */
struct block pcapng_read_head(struct slice at, bool *little);
bool pcapng_is_section_magic(struct slice at);
bool pcapng_has_sane_length(const struct block *block);
/* pcapng.c: to the end of a file that is read for its secrets only. */
void pcapng_walk_secrets(struct pcapng *file);
/* pcapng_secrets.c: tells what a file that can be read twice has, wherever it stands. */
void pcapng_tell_secrets(struct pcapng *file);

bool pcapng_tell_once(struct pcapng *file, enum told what);
unsigned long long pcapng_next_number(const struct pcapng *file);
bool pcapng_is_packet(uint32_t block_type);
/* The block carries something for us. */
bool pcapng_is_wanted(const struct pcapng *file, uint32_t block_type);
/* What is between the lengths of a wanted block. True: a packet was read. */
bool pcapng_read_block(struct pcapng *file, uint32_t block_type, struct slice body,
                       struct packet *packet);

/* A Decryption Secrets Block. */
struct secrets_block {
    uint32_t type;
    uint32_t claimed; /* bytes of secrets, as it says */
    struct slice bytes;
};
/* False: it ends before its secrets begin. */
bool pcapng_read_secrets(struct slice body, bool little, struct secrets_block *secrets);

#endif
