/* fuzz_ntlm.c: any bytes as a Negotiate token and as an NTLM message */
#include "dissectors/ntlm.h"
#include "dissectors/spnego.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL, 0);
    struct slice bytes = slice_of(data, size);

    ntlm_read(bytes, arena);
    ntlm_read(spnego_read(bytes).ntlm, arena);
    arena_free(arena);
    return 0;
}
