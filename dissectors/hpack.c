/* hpack.c: header blocks of HTTP/2, decompressed
 *
 * Each direction has a table that its sender fills and both ends keep alike;
 * an observer must see every block to keep it too.  When some were missed the
 * table is taken to be full of empty fields: what is added later gets its right
 * number, and what refers to a missed field yields an empty name and is left out.
 * What the receiver allows as table size is not followed: a sender announces
 * the size it uses inside a block, and a table kept larger than the sender's
 * numbers its fields in the same way.
 * RFC 7541 2.3 (tables), 4 (sizes), 6 (fields).
 */
#include "dissectors/hpack.h"

#include <nghttp2/nghttp2.h>

enum {
    TABLE_MAX = 256 << 10, /* bytes; no larger table is followed */
    MISSED_FIELDS = 128,   /* as many of 32 bytes as a table of the usual size holds */
};

struct hpack {
    nghttp2_hd_inflater *inflater;
    nghttp2_mem memory; /* the inflater refers to it */
    struct budget *budget;
    struct arena *scratch; /* the fields */
    size_t decoded;
    bool spoiled;
    struct hpack_fields fields;
};

/* ---- the library's memory, charged ---- */

struct block {
    size_t size; /* of it all */
    max_align_t bytes[];
};

static void *take(size_t size, void *budget)
{
    struct block *block = NULL;

    if (size <= SIZE_MAX / 2)
        block = memory_take(budget, sizeof *block + size);
    if (!block)
        return NULL;
    block->size = sizeof *block + size;
    return block->bytes;
}

static struct block *block_of(void *object)
{
    return (struct block *)(void *)((uint8_t *)object - offsetof(struct block, bytes));
}

static void give(void *object, void *budget)
{
    struct block *block = object ? block_of(object) : NULL;

    memory_give(budget, block, block ? block->size : 0);
}

static void *take_array(size_t count, size_t size, void *budget)
{
    return size > 0 && count > SIZE_MAX / size ? NULL : take(count * size, budget);
}

static void *resize(void *object, size_t size, void *budget)
{
    struct block *block;

    if (!object)
        return take(size, budget);
    block = block_of(object);
    if (size > SIZE_MAX / 2)
        return NULL;
    block = memory_resize(budget, block, block->size, sizeof *block + size);
    if (!block)
        return NULL;
    block->size = sizeof *block + size;
    return block->bytes;
}

/* ---- fields ---- */

static void add_field(struct hpack *hpack, const nghttp2_nv *field)
{
    struct slice name = slice_of(field->name, field->namelen);
    struct slice value = slice_of(field->value, field->valuelen);
    struct hpack_fields *fields = &hpack->fields;
    struct header *header = &fields->list[fields->count];

    if (name.length == 0)
        return;
    if (fields->count == HPACK_FIELDS_MAX ||
        name.length + value.length > HPACK_DECODED_MAX - hpack->decoded) {
        fields->cut = true;
        return;
    }
    header->name = arena_copy(hpack->scratch, name);
    header->value = arena_copy(hpack->scratch, value);
    hpack->decoded += name.length + value.length;
    if (header->name.length == name.length && header->value.length == value.length)
        fields->count++;
    else
        fields->cut = true;
}

static bool inflate(struct hpack *hpack, struct slice rest, bool last)
{
    int flags = 0;

    while (!hpack->spoiled) {
        nghttp2_nv field;
        ssize_t used;

        flags = 0;
        used =
            nghttp2_hd_inflate_hd2(hpack->inflater, &field, &flags, rest.data, rest.length, last);
        hpack->spoiled = used < 0;
        if (used < 0)
            break;
        rest = slice_after(rest, (size_t)used);
        if (flags & NGHTTP2_HD_INFLATE_EMIT)
            add_field(hpack, &field);
        else if (flags & NGHTTP2_HD_INFLATE_FINAL || rest.length == 0)
            break;
    }
    if (flags & NGHTTP2_HD_INFLATE_FINAL)
        nghttp2_hd_inflate_end_headers(hpack->inflater);
    hpack->fields.cut = hpack->fields.cut || hpack->spoiled;
    return !hpack->spoiled;
}

bool hpack_feed(struct hpack *hpack, struct slice fragment)
{
    return fragment.length == 0 || inflate(hpack, fragment, false);
}

bool hpack_end_block(struct hpack *hpack)
{
    return inflate(hpack, slice_of("", 0), true);
}

const struct hpack_fields *hpack_read_fields(const struct hpack *hpack)
{
    return &hpack->fields;
}

void hpack_forget(struct hpack *hpack)
{
    arena_reset(hpack->scratch);
    hpack->decoded = 0;
    hpack->fields.count = 0;
    hpack->fields.cut = false;
}

/* ---- beginning and end ---- */

/* The sender's table may be larger than usual: ours becomes it, then is filled with empty fields.
 */
static bool fill_table(struct hpack *hpack)
{
    static const uint8_t size_64k[] = { 0x3f, 0xe1, 0xff, 0x03 };
    static const uint8_t empty_field[] = { 0x40, 0, 0 };

    if (!hpack_feed(hpack, slice_of(size_64k, sizeof size_64k)))
        return false;
    for (size_t i = 0; i < MISSED_FIELDS; i++)
        if (!hpack_feed(hpack, slice_of(empty_field, sizeof empty_field)))
            return false;
    return hpack_end_block(hpack);
}

struct hpack *hpack_create(struct budget *budget, bool running)
{
    struct hpack *hpack = memory_take(budget, sizeof *hpack);

    if (!hpack)
        return NULL;
    hpack->budget = budget;
    hpack->memory = (nghttp2_mem){ budget, take, give, take_array, resize };
    hpack->scratch = arena_create(budget, 0);
    if (!hpack->scratch || nghttp2_hd_inflate_new2(&hpack->inflater, &hpack->memory) != 0 ||
        nghttp2_hd_inflate_change_table_size(hpack->inflater, TABLE_MAX) != 0 ||
        (running && !fill_table(hpack))) {
        hpack_free(hpack);
        return NULL;
    }
    return hpack;
}

void hpack_free(struct hpack *hpack)
{
    if (!hpack)
        return;
    if (hpack->inflater)
        nghttp2_hd_inflate_del(hpack->inflater);
    arena_free(hpack->scratch);
    memory_give(hpack->budget, hpack, sizeof *hpack);
}
