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
};

struct pcapng {
    struct input *input;
    struct input_bytes *bytes;
    struct interfaces interfaces; /* of the section */
    int64_t last_time_ns;
    bool little;
    unsigned told; /* enum told */
    unsigned resyncs;
};

bool pcapng_tell_once(struct pcapng *file, enum told what);
unsigned long long pcapng_next_number(const struct pcapng *file);
bool pcapng_is_packet(uint32_t block_type);
/* The block carries something for us. */
bool pcapng_is_wanted(uint32_t block_type);
/* What is between the lengths of a wanted block. True: a packet was read. */
bool pcapng_read_block(struct pcapng *file, uint32_t block_type, struct slice body,
                       struct packet *packet);

#endif
