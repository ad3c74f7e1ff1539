/* fuzz_dns.c: DNS messages, over UDP when the first bit of the input says so, else over TCP */
#include "tests/fuzz/fuzz_channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_channel(&dns_dissector, slice_of(data, size), size > 0 && data[0] & 0x80);
    return 0;
}
