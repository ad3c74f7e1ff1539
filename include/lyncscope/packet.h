/* packet.h: one packet as a capture file or an interface gave it */
#ifndef LYNCSCOPE_PACKET_H
#define LYNCSCOPE_PACKET_H

#include "lyncscope/slice.h"

struct packet {
    uint32_t input;     /* index into the report's inputs */
    uint64_t number;    /* from 1 within its input, as every capture tool counts */
    int64_t time_ns;    /* since 1970-01-01 UTC */
    int link_type;      /* LINKTYPE_ value as in files: 1 is Ethernet */
    struct slice bytes; /* captured, from the link header on; valid until the next packet is read */
    uint32_t wire_length; /* bytes the packet had on the wire; more than bytes.length: cut by the
                             snap length */
};

/* The place that proves a claim. packet 0: none. */
struct evidence {
    uint32_t input;
    uint64_t packet;
    int64_t time_ns;
};

#endif
