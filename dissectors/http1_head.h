/* http1_head.h: start line and headers of an HTTP/1.x message */
#ifndef LYNCSCOPE_DISSECTORS_HTTP1_HEAD_H
#define LYNCSCOPE_DISSECTORS_HTTP1_HEAD_H

#include "lyncscope/event.h"
#include "lyncscope/memory.h"

enum {
    HTTP_VERSION_2 = 20,
    HTTP_HEAD_MAX = 65536, /* bytes of start line and headers */
    HTTP_HEADERS_MAX = 200,
};

/* All slices lie in `block`. Folded values still hold their line breaks. */
struct http_head {
    struct slice block;
    bool is_response;
    struct slice method, target;
    struct slice reason;
    unsigned status;
    unsigned version;       /* 10, 11, 20 */
    struct slice authority; /* HTTP/2, else empty */
    uint32_t stream;        /* HTTP/2, else 0 */
    struct header headers[HTTP_HEADERS_MAX];
    size_t header_count;
};

/* Length of the head at the start of `bytes`, its empty line included; 0: not all there yet.
 * `*scanned` remembers how far the search has come, for the same head with more bytes. */
size_t http_find_head_end(struct slice bytes, size_t *scanned);

/* A request line or a status line, without its line end? Fills what it holds. */
bool http_read_start_line(struct slice line, struct http_head *head);

/* `block` may be cut: what is there is read. False: it begins with no start line. */
bool http_read_head(struct slice block, struct http_head *head);

struct slice http_head_value(const struct http_head *head, const char *name);

/* The headers for keeping: deep copies in the arena, values unfolded. False: over budget. */
bool http_copy_headers(struct arena *arena, const struct http_head *head,
                       const struct header **headers, size_t *count);

/* The first bytes of a message: a request, a response, neither, or too few to tell. */
enum http_beginning { HTTP_BEGINS_NOT, HTTP_BEGINS_REQUEST, HTTP_BEGINS_RESPONSE, HTTP_MAY_BEGIN };
enum http_beginning http_judge_beginning(struct slice first);

#endif
