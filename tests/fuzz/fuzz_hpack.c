/* fuzz_hpack.c: header blocks
 *
 * Byte 0: bit 0 running; the rest is its budget, in KiB from 8 on.  Then blocks: a
 * byte of length, the bytes, given in pieces of at most 7.
 */
#include <stdlib.h>
#include <string.h>

#include "dissectors/hpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool feed(struct hpack *hpack, struct slice block)
{
    bool good = true;

    for (; good && block.length > 0; block = slice_after(block, 7)) {
        struct slice piece = slice_part(block, 0, 7);
        uint8_t *copy = malloc(piece.length);

        if (!copy)
            abort();
        memcpy(copy, piece.data, piece.length);
        good = hpack_feed(hpack, slice_of(copy, piece.length));
        free(copy);
    }
    return good && hpack_end_block(hpack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_after(slice_of(data, size), 1);
    struct budget budget;
    struct hpack *hpack;

    if (size == 0)
        return 0;
    budget_init(&budget, (8u + (data[0] >> 1)) << 10, NULL);
    hpack = hpack_create(&budget, data[0] & 1);
    while (hpack && rest.length > 0) {
        size_t length = rest.data[0];
        bool good = feed(hpack, slice_part(rest, 1, length));
        const struct hpack_fields *fields = hpack_read_fields(hpack);

        for (size_t i = 0; i < fields->count; i++)
            if (fields->list[i].name.length == 0)
                abort();
        hpack_forget(hpack);
        if (!good)
            break;
        rest = slice_after(rest, 1 + length);
    }
    hpack_free(hpack);
    if (budget.used != 0)
        abort();
    return 0;
}
