/* ordered.h: integers in the byte order of the machine that wrote the file */
#ifndef CAPTURE_ORDERED_H
#define CAPTURE_ORDERED_H

#include "lyncscope/cursor.h"

static inline uint16_t ordered_u16(struct cursor *in, bool little)
{
    return little ? cursor_u16_le(in) : cursor_u16(in);
}

static inline uint32_t ordered_u32(struct cursor *in, bool little)
{
    return little ? cursor_u32_le(in) : cursor_u32(in);
}

static inline uint64_t ordered_u64(struct cursor *in, bool little)
{
    return little ? cursor_u64_le(in) : cursor_u64(in);
}

#endif
