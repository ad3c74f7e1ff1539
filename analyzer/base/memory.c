/* memory.c: budgets, arenas, growing buffers
 *
 * The only file that calls malloc, realloc and free.  Arena objects are cut
 * from blocks of a sixth of what the arena has already, up to 64 KiB, so that
 * a seventh of it is the most that lies idle; larger objects get a block of their
 * own.  Bytes without alignment are cut from the block's end.  Sizes are charged
 * as blocks, so that a budget means resident memory.
 */
#include "lyncscope/memory.h"

#include <assert.h>
#include <limits.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    HUGE_PAGE = 2 << 20,
    LARGE_PIECE = 100 << 10,
    FIRST_BLOCK = 512,
    LARGEST_BLOCK = 65536,
    BLOCK_PART = 6, /* a sixth */
    BLOCKS_TRIED = 6,
    ALIGNMENT = 16,
    FIRST_BUFFER = 512,
};

void budget_init(struct budget *budget, size_t limit, struct budget *parent)
{
    *budget = (struct budget){ .limit = limit, .parent = parent };
}

bool budget_take(struct budget *budget, size_t bytes)
{
    for (struct budget *at = budget; at; at = at->parent)
        if (at->limit && (bytes > at->limit || at->used > at->limit - bytes)) {
            budget->refusals++;
            return false;
        }
    for (struct budget *at = budget; at; at = at->parent) {
        at->used += bytes;
        if (at->used > at->peak)
            at->peak = at->used;
    }
    return true;
}

void budget_give(struct budget *budget, size_t bytes)
{
    for (; budget; budget = budget->parent)
        budget->used -= bytes;
}

/* ---- pieces that were given back ---- */

/* What ends serves what begins: a connection takes some eighty pieces, all of a few sizes, and the
 * C library joins and splits what it gets back. The pieces kept are charged to nobody, and are a
 * megabyte at most. */
enum { SPARE_LARGEST = 4096, SPARE_BYTES = 1 << 20 };

struct spare {
    struct spare *next;
};

static struct spare *spares[SPARE_LARGEST / ALIGNMENT + 1]; /* by size in steps of ALIGNMENT */
static size_t spare_bytes;

#ifdef __SANITIZE_ADDRESS__
static const bool tests = true; /* pieces go back at once: what is used after its end is noticed */
#else
static const bool tests = false;
#endif

static size_t align_up(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static bool is_spare_size(size_t size)
{
    return !tests && size > 0 && size <= SPARE_LARGEST;
}

/* `size`: a multiple of ALIGNMENT, as everywhere below the budgets. */
static void *take_piece(size_t size)
{
    struct spare *spare = is_spare_size(size) ? spares[size / ALIGNMENT] : NULL;

    if (!spare)
        return malloc(size ? size : 1);
    spares[size / ALIGNMENT] = spare->next;
    spare_bytes -= size;
    return spare;
}

static void give_piece(void *piece, size_t size)
{
    struct spare *spare = piece;

    assert(!tests || malloc_usable_size(piece) >= size);
    if (!is_spare_size(size) || spare_bytes + size > SPARE_BYTES) {
        free(piece);
        return;
    }
    spare->next = spares[size / ALIGNMENT];
    spares[size / ALIGNMENT] = spare;
    spare_bytes += size;
}

/* ---- charged to a budget ---- */

/* As malloc gives it. */
static void *take_raw(struct budget *budget, size_t bytes)
{
    void *object;

    if (bytes > SIZE_MAX / 2 || !budget_take(budget, bytes))
        return NULL;
    object = take_piece(align_up(bytes));
    if (!object)
        budget_give(budget, bytes);
    return object;
}

/* glibc's calloc passes its per-thread cache by, which serves most small objects; of large ones it
 * knows when they are zero already. */
void *memory_take(struct budget *budget, size_t bytes)
{
    void *object;

    if (bytes <= SPARE_LARGEST) {
        object = take_raw(budget, bytes);
        return object ? memset(object, 0, bytes) : NULL;
    }
    if (bytes > SIZE_MAX / 2 || !budget_take(budget, bytes))
        return NULL;
    object = calloc(1, align_up(bytes));
    if (!object)
        budget_give(budget, bytes);
    return object;
}

/* What is new is as realloc gives it. */
static void *resize_raw(struct budget *budget, void *old, size_t old_bytes, size_t new_bytes)
{
    void *object;

    if (!old)
        return take_raw(budget, new_bytes);
    if (new_bytes > SIZE_MAX / 2 ||
        (new_bytes > old_bytes && !budget_take(budget, new_bytes - old_bytes)))
        return NULL;
    object = realloc(old, new_bytes ? align_up(new_bytes) : 1);
    if (!object) {
        if (new_bytes > old_bytes)
            budget_give(budget, new_bytes - old_bytes);
        return NULL;
    }
    if (new_bytes < old_bytes)
        budget_give(budget, old_bytes - new_bytes);
    return object;
}

void *memory_resize(struct budget *budget, void *old, size_t old_bytes, size_t new_bytes)
{
    uint8_t *object = resize_raw(budget, old, old_bytes, new_bytes);

    if (object && new_bytes > old_bytes)
        memset(object + old_bytes, 0, new_bytes - old_bytes);
    return object;
}

void memory_give(struct budget *budget, void *object, size_t bytes)
{
    if (!object)
        return;
    give_piece(object, align_up(bytes));
    budget_give(budget, bytes);
}

/* Nearly all is keys and words of a few bytes, for which a call of memcpy costs more than the copy:
 * two words that overlap are any length from one to two of them. */
uint8_t *memory_put(uint8_t *at, const void *bytes, size_t length)
{
    const uint8_t *from = bytes;

    if (length > 16) {
        memcpy(at, from, length);
    } else if (length >= 8) {
        memcpy(at, from, 8);
        memcpy(at + length - 8, from + length - 8, 8);
    } else if (length >= 4) {
        memcpy(at, from, 4);
        memcpy(at + length - 4, from + length - 4, 4);
    } else {
        for (size_t i = 0; i < length; i++)
            at[i] = from[i];
    }
    return at + length;
}

void memory_wipe(void *bytes, size_t length)
{
    if (length > 0)
        explicit_bzero(bytes, length);
}

/* Sign-ins are kept in a hundred megabytes of small pieces. In pages of 4 KiB the kernel's page
 * faults are an eighth of a run over 6 000 short connections; in huge pages they are nothing. The
 * heap is stretched first, which costs addresses only: advice holds for what is there. */
void memory_expect(size_t bytes)
{
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE) && !defined(__SANITIZE_ADDRESS__)
    uintptr_t page = (uintptr_t)HUGE_PAGE, from, to;
    void *first, *second;

    if (bytes > INT_MAX || mallopt(M_TOP_PAD, (int)bytes) != 1)
        return;
    first = malloc(LARGE_PIECE); /* together they are more than a new heap has */
    second = malloc(LARGE_PIECE);
    to = (uintptr_t)sbrk(0);
    from = ((uintptr_t)first + page - 1) / page * page;
    if (first && to > from)
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE); /* no is an answer too */
    free(second);
    free(first);
    mallopt(M_TOP_PAD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
#else
    (void)bytes;
#endif
}

/* ---- arenas ---- */

struct block {
    struct block *next;
    size_t size; /* of the whole block, this header included */
    size_t used; /* from its beginning */
    size_t end;  /* of what is free: bytes lie behind it */
};

struct arena {
    struct budget budget; /* the arena's own limit; its parent is the caller's budget */
    struct block *blocks; /* objects are cut from the first, and from what is left of the next */
    struct block *large;  /* of one object each: nothing is left of them */
};

struct arena *arena_create(struct budget *budget, size_t limit)
{
    struct arena *arena = memory_take(budget, sizeof *arena);

    if (!arena)
        return NULL;
    budget_init(&arena->budget, limit, budget);
    return arena;
}

static void free_blocks(struct arena *arena, struct block *block)
{
    while (block) {
        struct block *next = block->next;

        memory_give(&arena->budget, block, block->size);
        block = next;
    }
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    free_blocks(arena, arena->large);
    free_blocks(arena, arena->blocks);
    memory_give(arena->budget.parent, arena, sizeof *arena);
}

void arena_reset(struct arena *arena)
{
    struct block *keep = arena->blocks;

    free_blocks(arena, arena->large);
    arena->large = NULL;
    if (!keep)
        return;
    free_blocks(arena, keep->next);
    keep->next = NULL;
    keep->used = align_up(sizeof *keep);
    keep->end = keep->size;
}

static size_t next_size(const struct arena *arena)
{
    size_t part = align_up(arena->budget.used / BLOCK_PART);

    if (part < FIRST_BLOCK)
        return FIRST_BLOCK;
    return part < LARGEST_BLOCK ? part : LARGEST_BLOCK;
}

static struct block *add_block(struct arena *arena, size_t bytes)
{
    size_t header = align_up(sizeof(struct block));
    size_t usual = next_size(arena);
    bool own = header + bytes > usual;
    size_t size = own ? header + bytes : usual;
    struct block *block = take_raw(&arena->budget, size); /* arena_take zeroes each object */
    struct block **list;

    if (!block)
        return NULL;
    block->size = block->end = size;
    block->used = header;
    list = own && arena->blocks ? &arena->large : &arena->blocks;
    block->next = *list;
    *list = block;
    return block;
}

/* A block with so many free bytes: the one in use, one of the last before it, or a new one. */
static struct block *find_room(struct arena *arena, size_t bytes)
{
    struct block *block = arena->blocks;

    for (unsigned i = 0; i < BLOCKS_TRIED && block; i++, block = block->next)
        if (bytes <= block->end - block->used)
            return block;
    return add_block(arena, align_up(bytes));
}

void *arena_take(struct arena *arena, size_t bytes)
{
    struct block *block;
    uint8_t *object;

    if (bytes > SIZE_MAX / 2)
        return NULL;
    bytes = align_up(bytes ? bytes : 1);
    block = find_room(arena, bytes);
    if (!block)
        return NULL;
    object = (uint8_t *)block + block->used;
    block->used += bytes;
    memset(object, 0, bytes);
    return object;
}

/* Not zeroed. */
static uint8_t *take_bytes(struct arena *arena, size_t length)
{
    struct block *block = length > SIZE_MAX / 2 ? NULL : find_room(arena, length);

    if (!block)
        return NULL;
    block->end -= length;
    return (uint8_t *)block + block->end;
}

struct slice arena_copy(struct arena *arena, struct slice bytes)
{
    uint8_t *copy = bytes.length ? take_bytes(arena, bytes.length) : NULL;

    if (!copy)
        return SLICE_EMPTY;
    memcpy(copy, bytes.data, bytes.length);
    return slice_of(copy, bytes.length);
}

char *arena_text(struct arena *arena, struct slice bytes)
{
    size_t length = slice_find_byte(bytes, 0);
    char *copy = (char *)take_bytes(arena, length + 1);

    if (!copy)
        return NULL;
    if (length)
        memcpy(copy, bytes.data, length);
    copy[length] = 0;
    return copy;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    int length;
    char *out;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    out = length >= 0 ? arena_take(arena, (size_t)length + 1) : NULL;
    if (!out)
        return NULL;
    va_start(arguments, format);
    vsnprintf(out, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return out;
}

/* ---- buffers ---- */

static bool grow_buffer(struct buffer *buffer, size_t more)
{
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_BUFFER;
    void *grown;

    if (more > SIZE_MAX / 4 - buffer->length)
        return false;
    while (capacity < buffer->length + more)
        capacity *= 2;
    grown = resize_raw(buffer->budget, buffer->data, buffer->capacity, capacity);
    if (!grown)
        return false;
    buffer->data = grown;
    buffer->capacity = capacity;
    return true;
}

bool buffer_append(struct buffer *buffer, struct slice bytes)
{
    if (bytes.length == 0)
        return true;
    if (bytes.length > buffer->capacity - buffer->length && !grow_buffer(buffer, bytes.length))
        return false;
    memcpy(buffer->data + buffer->length, bytes.data, bytes.length);
    buffer->length += bytes.length;
    return true;
}

uint8_t *buffer_reserve(struct buffer *buffer, size_t bytes)
{
    if (bytes > buffer->capacity - buffer->length && !grow_buffer(buffer, bytes))
        return NULL;
    return buffer->data + buffer->length;
}

bool buffer_append_text(struct buffer *buffer, struct slice bytes)
{
    /* Not a byte less: there is always room for the NUL. */
    if (bytes.length >= buffer->capacity - buffer->length &&
        (bytes.length == SIZE_MAX || !grow_buffer(buffer, bytes.length + 1)))
        return false;
    if (bytes.length > 0)
        memcpy(buffer->data + buffer->length, bytes.data, bytes.length);
    buffer->length += bytes.length;
    buffer->data[buffer->length] = 0;
    return true;
}

void buffer_drop_front(struct buffer *buffer, size_t bytes)
{
    if (bytes >= buffer->length) {
        buffer->length = 0;
        return;
    }
    memmove(buffer->data, buffer->data + bytes, buffer->length - bytes);
    buffer->length -= bytes;
}

void buffer_wipe(struct buffer *buffer)
{
    memory_wipe(buffer->data, buffer->capacity);
    buffer_release(buffer);
}

void buffer_release(struct buffer *buffer)
{
    memory_give(buffer->budget, buffer->data, buffer->capacity);
    *buffer = (struct buffer){ .budget = buffer->budget };
}

struct slice buffer_slice(const struct buffer *buffer)
{
    return slice_of(buffer->data, buffer->length);
}
