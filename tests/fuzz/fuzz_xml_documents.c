/* fuzz_xml_documents.c: any bytes as the XML answer of any resource, and masked */
#include "dissectors/document.h"
#include "lyncscope/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL, 0);
    struct slice bytes = slice_of(data, size);
    struct http_body body = { .kept = bytes, .bytes = size, .complete = true };
    struct text shown = { 0 };

    for (int resource = RESOURCE_OTHER; resource <= RESOURCE_MCX; resource++) {
        struct document_source source = { .body = &body,
                                          .content_type = slice_of_text("text/xml"),
                                          .status = resource % 2 ? 200 : 0,
                                          .service = SERVICE_WEBTICKET,
                                          .resource = (enum resource)resource };

        document_read(&source, arena);
    }
    secret_add_body(&shown, slice_of_text("text/xml"), bytes, false);
    text_release(&shown);
    arena_free(arena);
    return 0;
}
