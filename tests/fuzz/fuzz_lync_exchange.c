/* fuzz_lync_exchange.c: an exchange from lines of bytes
 *
 * Line 1 is the target, 2 the host, 3 the status; then header lines of the
 * answer (the request gets them too) up to an empty one; the rest is both
 * bodies.
 */
#include "dissectors/lync_exchange.h"

enum { HEADERS_MAX = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct slice next_line(struct slice *rest)
{
    struct slice line = slice_part(*rest, 0, slice_find_byte(*rest, '\n'));

    *rest = slice_after(*rest, line.length + 1);
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL, size % 7 ? 0 : 4096);
    struct slice rest = slice_of(data, size), line;
    struct header headers[HEADERS_MAX];
    struct http_exchange exchange = { .request.present = true, .response.present = true };
    uint64_t status = 200;
    size_t count = 0;

    exchange.request.target = next_line(&rest);
    exchange.request.host = next_line(&rest);
    slice_to_u64(next_line(&rest), &status);
    while ((line = next_line(&rest)).length > 0 && count < HEADERS_MAX) {
        size_t colon = slice_find_byte(line, ':');

        headers[count++] =
            (struct header){ slice_part(line, 0, colon), slice_trim(slice_after(line, colon + 1)) };
    }
    exchange.response.status = (unsigned)(status % 1000);
    exchange.request.headers = exchange.response.headers = headers;
    exchange.request.header_count = exchange.response.header_count = count;
    exchange.response.body =
        (struct http_body){ .kept = rest, .bytes = rest.length, .complete = true };
    exchange.request.body = exchange.response.body;
    lync_request_is_ours(&exchange.request);
    if (arena)
        lync_exchange_read(&exchange, arena);
    url_parse(exchange.request.target);
    arena_free(arena);
    return 0;
}
