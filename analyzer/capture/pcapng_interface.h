/* pcapng_interface.h: the interfaces a pcapng section declares, their clocks and their losses */
#ifndef CAPTURE_PCAPNG_INTERFACE_H
#define CAPTURE_PCAPNG_INTERFACE_H

#include "lyncscope/cursor.h"

struct interface {
    uint16_t link_type;
    uint32_t snap_length; /* 0: none */
    uint8_t resolution;   /* if_tsresol as it is in the file */
    int64_t offset_seconds;
    uint64_t packet_drops; /* sum of what its packets say */
    uint64_t drops;        /* the most that packets or statistics say */
};

struct interfaces {
    struct interface *items;
    size_t count, capacity;
};

/* The body of an Interface Description Block. False: too many, or no memory. */
bool interfaces_add(struct interfaces *interfaces, struct slice body, bool little);
struct interface *interfaces_find(const struct interfaces *interfaces, uint32_t id);
void interfaces_forget(struct interfaces *interfaces);
void interfaces_release(struct interfaces *interfaces);

/* False: the time does not fit and was clamped. */
bool interface_time(const struct interface *interface, uint64_t ticks, int64_t *time_ns);

/* Each returns by how much the interface's losses have grown. */
uint64_t interface_read_statistics(struct interface *interface, struct slice options, bool little);
uint64_t interface_add_packet_drops(struct interface *interface, uint64_t drops);

/* The next option of a block; false at the end. */
bool pcapng_next_option(struct cursor *in, bool little, uint16_t *code, struct slice *value);

#endif
