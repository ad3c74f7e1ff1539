/* memory.h: memory with a budget
 *
 * Every allocation that traffic can cause is charged to a budget.  When a
 * budget is used up the allocation yields NULL: the caller ends what it was
 * about (that flow, that message) with an event or a counter, never the
 * program.  No other module calls malloc or free.
 */
#ifndef LYNCSCOPE_MEMORY_H
#define LYNCSCOPE_MEMORY_H

#include "lyncscope/slice.h"

struct budget {
    size_t limit; /* bytes; 0 means none */
    size_t used;
    size_t peak;
    uint64_t refusals;
    struct budget *parent; /* charged too; may be NULL */
};

void budget_init(struct budget *budget, size_t limit, struct budget *parent);
bool budget_take(struct budget *budget, size_t bytes); /* false: refused, nothing charged */
void budget_give(struct budget *budget, size_t bytes);

/* Single objects. memory_take gives zeroed bytes or NULL. memory_give(NULL) is fine. */
void *memory_take(struct budget *budget, size_t bytes);
void *memory_resize(struct budget *budget, void *old, size_t old_bytes, size_t new_bytes);
void memory_give(struct budget *budget, void *object, size_t bytes);
/* Once, at the start: so much may be used. It makes that memory cheaper to come by, not used. */
void memory_expect(size_t bytes);
/* The bytes to `at`, where there is room for them; returns the place behind them. */
uint8_t *memory_put(uint8_t *at, const void *bytes, size_t length);
/* Zeros that the compiler does not leave out: for what must not stay in memory. */
void memory_wipe(void *bytes, size_t length);

/* An arena: many small objects with one lifetime, freed at once. */
struct arena;
struct arena *arena_create(struct budget *budget, size_t limit); /* limit in bytes, 0: none */
void arena_free(struct arena *arena);                            /* NULL is fine */
void arena_reset(struct arena *arena); /* forget the objects, keep one block for the next */
void *arena_take(struct arena *arena, size_t bytes); /* zeroed; NULL when over budget */
struct slice arena_copy(struct arena *arena, struct slice bytes); /* empty when over budget */
/* A NUL-terminated copy; NUL bytes inside end it. NULL when over budget. */
char *arena_text(struct arena *arena, struct slice bytes);
char *arena_print(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A growing run of bytes, charged to a budget. Zero-initialise, then set `budget`. */
struct buffer {
    uint8_t *data;
    size_t length;
    size_t capacity;
    struct budget *budget; /* may be NULL */
};

bool buffer_append(struct buffer *buffer, struct slice bytes); /* false: over budget, unchanged */
/* Room for so many bytes behind those there are, to be written and added to the length by the
 * caller; NULL: over budget. */
uint8_t *buffer_reserve(struct buffer *buffer, size_t bytes);
/* buffer_append with a NUL behind the bytes that is not counted in the length. */
bool buffer_append_text(struct buffer *buffer, struct slice bytes);
void buffer_drop_front(struct buffer *buffer, size_t bytes);
void buffer_wipe(struct buffer *buffer);    /* zeros, then buffer_release */
void buffer_release(struct buffer *buffer); /* gives the memory back; reusable */
struct slice buffer_slice(const struct buffer *buffer);

#endif
