/* http_body.h: the bytes after a head, framing and codings undone */
#ifndef LYNCSCOPE_DISSECTORS_HTTP_BODY_H
#define LYNCSCOPE_DISSECTORS_HTTP_BODY_H

#include "dissectors/content_coding.h"
#include "dissectors/http1_head.h"

enum { HTTP_KEPT_MAX = 1 << 20 };

enum framing {
    FRAMING_NONE,
    FRAMING_LENGTH,
    FRAMING_CHUNKED,
    FRAMING_UNTIL_CLOSE, /* of the connection; in HTTP/2 of the stream */
};

/* What of a body is wanted. */
struct body_wish {
    bool decode; /* else it is walked over, bulk of it uncopied */
    bool keep;   /* up to HTTP_KEPT_MAX decoded bytes */
    bool hash;
};

enum chunk_step { CHUNK_SIZE, CHUNK_DATA, CHUNK_DATA_END, CHUNK_TRAILERS };

struct digest;

struct body_reader {
    enum framing framing;
    enum chunk_step step;
    uint64_t remaining; /* of the body, or of the chunk at hand */
    uint64_t received;  /* bytes after the head, as sent */
    struct body_wish wish;
    bool done;    /* its end was seen */
    bool broken;  /* its framing makes no sense, or was lost: where it ends is not known */
    bool missing; /* some of it was not captured */
    struct codings *codings; /* NULL when nothing is to be undone */
    struct digest *digest;
    struct buffer kept;
    uint64_t decoded;
    bool bad_coding, cut;
};

/* RFC 9112 6.3. `no_body`: by status or by the request's method. */
enum framing http_body_framing(const struct http_head *head, bool no_body, uint64_t *length);

/* `reader` is zeroed or finished; framing and wish say how. */
void body_begin(struct body_reader *reader, const struct http_head *head, bool no_body,
                struct body_wish wish, struct budget *budget);
/* Bytes used; more than there are when the coming ones need not be seen. Ends with `done` or
 * `broken`, or wants more. */
size_t body_read(struct body_reader *reader, struct slice bytes);
/* False: where the body ends is not known any more. */
bool body_lose(struct body_reader *reader, uint64_t bytes);
/* The direction ended. */
void body_close(struct body_reader *reader, bool orderly);
/* Tells the result; the kept bytes move to `*kept`, which the caller releases. */
void body_finish(struct body_reader *reader, struct http_body *body, struct buffer *kept);
void body_release(struct body_reader *reader);

#endif
