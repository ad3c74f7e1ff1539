/* http_body.c: the bytes after a head, framing and codings undone
 *
 * One reader a direction.  Lengths and chunk sizes drive it, so bytes nobody
 * wants are told to be skipped before they come.
 * RFC 9112 6 (message body, 6.3 its length), 7 (chunked); RFC 9110 8.4.
 */
#include "dissectors/http_body.h"

#include "dissectors/digest.h"

enum { CHUNK_LINE_MAX = 8192 };

/* ---- how long ---- */

/* All Content-Length values, repeated or in a list, must be the same. False: no usable length. */
static bool read_length(const struct http_head *head, uint64_t *length)
{
    bool found = false;

    for (size_t i = 0; i < head->header_count; i++) {
        struct slice values = head->headers[i].value;

        if (!slice_is_text_nocase(head->headers[i].name, "Content-Length"))
            continue;
        while (values.length > 0 && !found) { /* of contradicting ones the first counts */
            size_t end = slice_find_byte(values, ',');

            found = slice_to_u64(slice_trim(slice_part(values, 0, end)), length);
            values = slice_after(values, end + 1);
        }
    }
    return found;
}

static bool ends_chunked(const struct http_head *head, bool *has_transfer_coding)
{
    bool chunked = false;

    *has_transfer_coding = false;
    for (size_t i = 0; i < head->header_count; i++)
        if (slice_is_text_nocase(head->headers[i].name, "Transfer-Encoding")) {
            struct slice value = slice_trim(head->headers[i].value);

            chunked = slice_ends_with_nocase(value, "chunked");
            *has_transfer_coding = !slice_is_text_nocase(value, "identity");
        }
    return chunked;
}

enum framing http_body_framing(const struct http_head *head, bool no_body, uint64_t *length)
{
    bool has_transfer_coding;

    *length = 0;
    if (no_body)
        return FRAMING_NONE;
    if (head->version == HTTP_VERSION_2) /* RFC 9113 8.1: frames say where it ends, not headers */
        return FRAMING_UNTIL_CLOSE;
    if (ends_chunked(head, &has_transfer_coding))
        return FRAMING_CHUNKED;
    if (!has_transfer_coding && read_length(head, length))
        return *length > 0 ? FRAMING_LENGTH : FRAMING_NONE;
    return head->is_response ? FRAMING_UNTIL_CLOSE : FRAMING_NONE;
}

/* ---- decoded bytes ---- */

static void take_decoded(void *context, struct slice bytes)
{
    struct body_reader *reader = context;
    size_t room = HTTP_KEPT_MAX - reader->kept.length;

    reader->decoded += bytes.length;
    digest_add(reader->digest, bytes);
    if (reader->wish.keep && !reader->missing &&
        !buffer_append(&reader->kept, slice_part(bytes, 0, room)))
        reader->missing = true; /* over budget: what is kept is not all of it */
}

static void decode(struct body_reader *reader, struct slice bytes)
{
    struct byte_sink sink = { take_decoded, reader };

    if (!reader->wish.decode || bytes.length == 0)
        return;
    if (!reader->codings)
        take_decoded(reader, bytes);
    else if (!reader->missing) /* beyond a gap a coding cannot be undone */
        codings_feed(reader->codings, bytes, sink);
}

static void open_codings(struct body_reader *reader, const struct http_head *head,
                         struct budget *budget)
{
    static const char *const names[] = { "Content-Encoding", "Transfer-Encoding" };
    struct codings *codings = codings_create(budget);

    if (!codings) {
        reader->bad_coding = true;
        return;
    }
    for (size_t n = 0; n < 2; n++)
        for (size_t i = 0; i < head->header_count; i++) {
            struct slice value = head->headers[i].value;

            if (!slice_is_text_nocase(head->headers[i].name, names[n]))
                continue;
            if (n == 1 && slice_ends_with_nocase(value, "chunked"))
                value.length -= sizeof "chunked" - 1;
            codings_add(codings, value);
        }
    if (codings_are_none(codings)) {
        codings_free(codings);
        codings = NULL;
    }
    reader->codings = codings;
}

void body_begin(struct body_reader *reader, const struct http_head *head, bool no_body,
                struct body_wish wish, struct budget *budget)
{
    *reader = (struct body_reader){ .wish = wish, .kept = { .budget = budget } };
    reader->framing = http_body_framing(head, no_body, &reader->remaining);
    reader->done = reader->framing == FRAMING_NONE;
    if (reader->done || !wish.decode)
        return;
    open_codings(reader, head, budget);
    if (wish.hash)
        reader->digest = digest_create();
}

/* ---- framing ---- */

/* Uses what there is of `remaining`; unwanted bytes beyond are skipped before they come. */
static size_t take_remaining(struct body_reader *reader, struct slice bytes)
{
    bool all = reader->remaining <= bytes.length;
    size_t used = all ? (size_t)reader->remaining : bytes.length;

    decode(reader, slice_part(bytes, 0, used));
    if (!all && !reader->wish.decode && reader->remaining <= SIZE_MAX / 2)
        used = (size_t)reader->remaining;
    reader->remaining -= used;
    return used;
}

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

static bool read_chunk_size(struct slice line, uint64_t *size)
{
    size_t digits = 0;

    *size = 0;
    line = slice_trim(line);
    while (digits < line.length && hex_digit(line.data[digits]) >= 0) {
        if (*size >> 60)
            return false;
        *size = *size << 4 | (unsigned)hex_digit(line.data[digits++]);
    }
    line = slice_trim(slice_after(line, digits));
    return digits > 0 && (line.length == 0 || line.data[0] == ';');
}

static void take_chunk_line(struct body_reader *reader, struct slice line)
{
    switch (reader->step) {
    case CHUNK_SIZE:
        reader->broken = !read_chunk_size(line, &reader->remaining);
        reader->step = reader->remaining > 0 ? CHUNK_DATA : CHUNK_TRAILERS;
        break;
    case CHUNK_DATA_END:
        reader->broken = slice_trim(line).length > 0;
        reader->step = CHUNK_SIZE;
        break;
    case CHUNK_TRAILERS:
        reader->done = slice_trim(line).length == 0;
        break;
    case CHUNK_DATA:
        break;
    }
}

static size_t read_chunked(struct body_reader *reader, struct slice bytes)
{
    size_t used = 0;

    while (!reader->done && !reader->broken && used < bytes.length) {
        struct slice rest = slice_after(bytes, used);
        size_t end;

        if (reader->step == CHUNK_DATA) {
            used += take_remaining(reader, rest);
            if (reader->remaining == 0)
                reader->step = CHUNK_DATA_END;
            continue;
        }
        end = slice_find_byte(rest, '\n');
        if (end > CHUNK_LINE_MAX)
            reader->broken = true;
        if (end == rest.length || reader->broken)
            break;
        take_chunk_line(reader, slice_part(rest, 0, end));
        used += end + 1;
    }
    return used;
}

size_t body_read(struct body_reader *reader, struct slice bytes)
{
    size_t used = 0;

    switch (reader->framing) {
    case FRAMING_NONE:
        break;
    case FRAMING_LENGTH:
        used = take_remaining(reader, bytes);
        reader->done = reader->remaining == 0;
        break;
    case FRAMING_CHUNKED:
        used = read_chunked(reader, bytes);
        break;
    case FRAMING_UNTIL_CLOSE:
        decode(reader, bytes);
        used = reader->wish.decode ? bytes.length : SIZE_MAX / 2;
        break;
    }
    reader->received += used < bytes.length ? used : bytes.length;
    return used;
}

bool body_lose(struct body_reader *reader, uint64_t bytes)
{
    bool in_data = reader->framing == FRAMING_LENGTH ||
                   (reader->framing == FRAMING_CHUNKED && reader->step == CHUNK_DATA);

    reader->missing = true;
    if (reader->framing == FRAMING_UNTIL_CLOSE)
        return true;
    if (!in_data || bytes > reader->remaining) {
        reader->broken = true;
        return false;
    }
    reader->remaining -= bytes;
    if (reader->remaining == 0 && reader->framing == FRAMING_LENGTH)
        reader->done = true;
    else if (reader->remaining == 0)
        reader->step = CHUNK_DATA_END;
    return true;
}

void body_close(struct body_reader *reader, bool orderly)
{
    if (reader->framing == FRAMING_UNTIL_CLOSE && orderly)
        reader->done = true;
}

static void close_codings(struct body_reader *reader)
{
    bool whole = reader->done && !reader->missing && reader->received > 0;

    if (!reader->codings)
        return;
    reader->cut = codings_are_too_large(reader->codings);
    reader->bad_coding =
        codings_are_bad(reader->codings) || (whole && !codings_are_finished(reader->codings));
    codings_free(reader->codings);
    reader->codings = NULL;
}

void body_finish(struct body_reader *reader, struct http_body *body, struct buffer *kept)
{
    close_codings(reader);
    *body = (struct http_body){
        .kept = buffer_slice(&reader->kept),
        .bytes = reader->decoded,
        .complete = reader->done && !reader->missing && !reader->cut,
        .missing = reader->missing,
        .bad_coding = reader->bad_coding,
        .cut = reader->cut,
    };
    if (reader->wish.hash && !reader->digest) /* a body of no bytes has a hash too */
        reader->digest = digest_create();
    body->has_sha256 = digest_finish(reader->digest, body->sha256) && !reader->cut;
    *kept = reader->kept;
    *reader = (struct body_reader){ .done = true };
}

void body_release(struct body_reader *reader)
{
    struct http_body body;
    struct buffer kept;

    body_finish(reader, &body, &kept);
    buffer_release(&kept);
}
