/* fuzz_secret.c: masking documents and URLs */
#include "lyncscope/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_of(data, size);
    struct text out = { 0 };

    secret_add_body(&out, SLICE_EMPTY, bytes, false);
    secret_add_url(&out, bytes, false);
    text_release(&out);
    return 0;
}
