/* packets.h: the bytes of a few packets, read again from their files while the screen lives on */
#ifndef UI_PACKETS_H
#define UI_PACKETS_H

#include "lyncscope/report.h"

enum { PACKETS_MOST = 32, PACKET_BYTES_MOST = 65536 };

struct packet_bytes {
    struct evidence evidence;
    struct buffer bytes; /* at most PACKET_BYTES_MOST of them */
    size_t captured;     /* bytes in the file */
    uint32_t wire_length;
    int link_type;
    bool is_read;
    char problem[200]; /* why it is not here; empty: it is, or is still looked for */
};

struct packets {
    struct packet_bytes all[PACKETS_MOST]; /* by input and number */
    size_t count;
    size_t next;           /* the one that is looked for */
    struct capture *again; /* the file of that one; NULL: not open */
    unsigned left_out;
};

/* To be read; packet 0 and what is there already are left out. */
void packets_add(struct packets *packets, const struct evidence *evidence, size_t count);
/* Reads for about so long. False: all that can be had is there. */
bool packets_read(struct packets *packets, const struct report *report, unsigned milliseconds);
void packets_release(struct packets *packets); /* empty again */

#endif
