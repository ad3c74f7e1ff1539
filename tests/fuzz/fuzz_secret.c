/* fuzz_secret.c: masking documents and URLs, and reading the URLs */
#include "dissectors/lync_exchange.h"
#include "dissectors/percent.h"
#include "lyncscope/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL, 0);
    struct slice bytes = slice_of(data, size);
    struct text out = { 0 };

    secret_add_body(&out, SLICE_EMPTY, bytes, false);
    secret_add_url(&out, bytes, false);
    text_release(&out);
    lync_path_is_ours(url_parse(bytes).host, bytes);
    query_value(arena, bytes, "sipuri");
    arena_free(arena);
    return 0;
}
