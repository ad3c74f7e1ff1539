/* fuzz_content_coding.c: a coded body; byte 0 chooses the codings, byte 1 how it is cut */
#include <stdlib.h>

#include "dissectors/content_coding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *context, struct slice bytes)
{
    *(uint64_t *)context += bytes.length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "gzip",     "deflate",       "br",      "gzip, deflate",
                                         "br, gzip", "deflate, gzip", "x, gzip", "gzip,gzip,gzip" };
    struct slice rest = slice_after(slice_of(data, size), 2);
    size_t piece = size > 1 ? data[1] + 1u : 1;
    uint64_t sum = 0;
    struct byte_sink sink = { count, &sum };
    struct budget budget;
    struct codings *codings;

    budget_init(&budget, 64 << 20, NULL);
    codings = codings_create(&budget);
    if (!codings || size < 2)
        goto out;
    codings_add(codings, slice_of_text(names[data[0] % 8]));
    for (; rest.length > 0; rest = slice_after(rest, piece))
        codings_feed(codings, slice_part(rest, 0, piece), sink);
    if (sum > CODED_BODY_MAX && !codings_are_bad(codings))
        abort();
out:
    codings_free(codings);
    if (budget.used != 0)
        abort();
    return 0;
}
