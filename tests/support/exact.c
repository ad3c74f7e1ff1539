/* exact.c: test data in heap blocks of exactly its size, where every overread is seen */
#include "tests/support/exact.h"

#include <stdlib.h>
#include <string.h>

struct slice exact_copy(struct slice bytes)
{
    uint8_t *data = malloc(bytes.length ? bytes.length : 1);

    if (!data)
        abort();
    if (bytes.length)
        memcpy(data, bytes.data, bytes.length);
    return slice_of(data, bytes.length);
}

struct slice exact_text(const char *text)
{
    return exact_copy(slice_of_text(text));
}

void exact_free(struct slice bytes)
{
    free((void *)(uintptr_t)bytes.data);
}
