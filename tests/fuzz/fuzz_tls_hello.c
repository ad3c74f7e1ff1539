/* fuzz_tls_hello.c: TLS records in pieces, and the hellos alone */
#include "dissectors/tls_hello.h"
#include "tests/fuzz/fuzz_channel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tls_client_hello client;
    struct tls_server_hello server;

    tls_read_client_hello(slice_of(data, size), &client);
    tls_read_server_hello(slice_of(data, size), &server);
    fuzz_channel(&tls_dissector, slice_of(data, size), false);
    return 0;
}
