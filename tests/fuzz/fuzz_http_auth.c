/* fuzz_http_auth.c: lines of bytes as challenges, credentials and diagnostics */
#include "dissectors/diagnostics.h"
#include "dissectors/http_auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL, 0);
    struct slice bytes = slice_of(data, size);
    struct header headers[] = {
        { slice_of_text("WWW-Authenticate"), slice_part(bytes, 0, slice_find_byte(bytes, '\n')) },
        { slice_of_text("WWW-Authenticate"), slice_after(bytes, slice_find_byte(bytes, '\n') + 1) },
        { slice_of_text("Authorization"), bytes },
    };
    struct http_response response = { .headers = headers, .header_count = 2 };
    struct http_request request = { .headers = headers, .header_count = 3 };
    struct lync_exchange lync = { 0 };

    challenge_read(&response, arena);
    credential_read(&request, arena, &lync);
    diagnostics_read(bytes, arena);
    arena_free(arena);
    return 0;
}
