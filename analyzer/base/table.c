/* table.c: the seeded hash of all tables */
#include "lyncscope/table.h"

#include <sys/random.h>
#define XXH_INLINE_ALL /* keys are short: the call would cost as much as the hash */
#include <xxhash.h>

uint64_t table_hash(const void *key, size_t length)
{
    /* Drawn once; nothing depends on the order of a table's entries. */
    static uint64_t seed;

    while (seed == 0) {
        uint64_t drawn = 0;

        if (getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn)
            drawn = (uint64_t)(uintptr_t)&drawn; /* no entropy source: the stack's random place */
        seed = drawn | 1;
    }
    return XXH3_64bits_withSeed(key, length, seed);
}
