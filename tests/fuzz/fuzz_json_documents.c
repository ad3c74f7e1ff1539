/* fuzz_json_documents.c: any bytes as a JSON answer or a form, and masked */
#include "dissectors/document.h"
#include "lyncscope/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL, 0);
    struct slice bytes = slice_of(data, size);
    struct http_body body = { .kept = bytes, .bytes = size, .complete = true };
    struct document_source source = { .body = &body,
                                      .content_type = slice_of_text("application/json"),
                                      .status = 200,
                                      .service = SERVICE_UCWA,
                                      .resource = RESOURCE_OAUTH_USER };
    struct text shown = { 0 };

    document_read(&source, arena);
    source.status = 0;
    document_read(&source, arena);
    secret_add_body(&shown, SLICE_EMPTY, bytes, false);
    secret_add_url(&shown, bytes, false);
    text_release(&shown);
    arena_free(arena);
    return 0;
}
