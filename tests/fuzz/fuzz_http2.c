/* fuzz_http2.c: an HTTP/2 conversation in pieces, with gaps and endings */
#include "tests/fuzz/fuzz_channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_channel(&http2_dissector, slice_of(data, size), false);
    return 0;
}
