/* pcapng_writer.h: a capture file, packet by packet */
#ifndef LYNCSCOPE_REPORT_PCAPNG_WRITER_H
#define LYNCSCOPE_REPORT_PCAPNG_WRITER_H

#include <stdio.h>

#include "lyncscope/packet.h"

enum { PCAPNG_INTERFACES_MAX = 256 };

struct pcapng_writer {
    FILE *out;
    struct {
        uint32_t input;
        int link_type;
    } interfaces[PCAPNG_INTERFACES_MAX];
    uint32_t interface_count;
    uint64_t packets;
};

void pcapng_begin(struct pcapng_writer *writer, FILE *out);
/* `name` is the input's; it goes into the file when its first packet comes. */
void pcapng_add(struct pcapng_writer *writer, const struct packet *packet, const char *name);

#endif
