/* table.h: uthash with a seeded hash
 *
 * Keys come from strangers, so the hash is XXH3 with a seed that is new in
 * every run.  Include this, never uthash.h.  A table's memory is uthash's own
 * and is not charged: whoever owns a table limits its number of entries.
 */
#ifndef LYNCSCOPE_TABLE_H
#define LYNCSCOPE_TABLE_H

#include <stddef.h>
#include <stdint.h>

uint64_t table_hash(const void *key, size_t length);

#define HASH_FUNCTION(key, length, hash) (hash) = (unsigned)table_hash((key), (size_t)(length))
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* A bucket grows to ten entries by default, and each that is passed on the way is a cache miss:
 * tables of connections and secrets are larger than the caches. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 6U

#endif
