/* http1_head.c: start line and headers of an HTTP/1.x message
 *
 * A passive reader takes what clients and servers take: bare line feeds,
 * folded headers, methods nobody has heard of, blanks before a colon.
 * RFC 9112 2.2 (line ends), 3 (request line), 4 (status line), 5 (fields, obs-fold 5.2).
 */
#include "dissectors/http1_head.h"

enum {
    METHOD_MAX = 32,
    BEGINNING_WAIT = 64, /* bytes of a first line that nobody waits beyond */
};

static bool is_token_byte(uint8_t byte)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
        (byte >= 'a' && byte <= 'z'))
        return true;
    return byte && slice_find_byte(slice_of_text(others), byte) < sizeof others - 1;
}

static bool is_token(struct slice s)
{
    for (size_t i = 0; i < s.length; i++)
        if (!is_token_byte(s.data[i]))
            return false;
    return s.length > 0;
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* "HTTP/1.x" exactly; 0 when it is something else. */
static unsigned read_version(struct slice s)
{
    if (s.length != 8 || !slice_starts_with(s, "HTTP/1.") || !is_digit(s.data[7]))
        return 0;
    return 10 + (unsigned)(s.data[7] - '0');
}

static bool read_status_line(struct slice line, struct http_head *head)
{
    struct slice code = slice_part(line, 9, 3);
    uint64_t status;

    head->version = read_version(slice_part(line, 0, 8));
    if (!head->version || line.length < 12 || line.data[8] != ' ')
        return false;
    if (!slice_to_u64(code, &status) || status < 100)
        return false;
    if (line.length > 12 && line.data[12] != ' ')
        return false;
    head->is_response = true;
    head->status = (unsigned)status;
    head->reason = slice_trim(slice_after(line, 13));
    return true;
}

static bool has_control_byte(struct slice s)
{
    for (size_t i = 0; i < s.length; i++)
        if (s.data[i] < ' ' || s.data[i] == 0x7f)
            return true;
    return false;
}

/* A target with blanks in it, though forbidden, is what some clients send: the version is last. */
static bool read_request_line(struct slice line, struct http_head *head)
{
    size_t first = slice_find_byte(line, ' ');
    size_t last = line.length;

    while (last > 0 && line.data[last - 1] != ' ')
        last--;
    if (last < first + 2 || first > METHOD_MAX)
        return false;
    head->is_response = false;
    head->version = read_version(slice_after(line, last));
    head->method = slice_part(line, 0, first);
    head->target = slice_trim(slice_part(line, first + 1, last - 1 - (first + 1)));
    return head->version && is_token(head->method) && head->target.length > 0 &&
           !has_control_byte(head->target);
}

bool http_read_start_line(struct slice line, struct http_head *head)
{
    return slice_starts_with(line, "HTTP/1.") ? read_status_line(line, head)
                                              : read_request_line(line, head);
}

size_t http_find_head_end(struct slice bytes, size_t *scanned)
{
    size_t at = *scanned;

    for (;;) {
        struct slice rest;

        at += slice_find_byte(slice_after(bytes, at), '\n');
        if (at >= bytes.length)
            break;
        rest = slice_after(bytes, at + 1);
        if (slice_starts_with(rest, "\n"))
            return at + 2;
        if (slice_starts_with(rest, "\r\n"))
            return at + 3;
        if (rest.length < 2) /* the line feed may turn out to end the last header */
            break;
        at++;
    }
    *scanned = at < bytes.length ? at : bytes.length;
    return 0;
}

/* The next line without its end, and its end with it taken off `rest`. */
static struct slice take_line(struct slice *rest)
{
    size_t length = slice_find_byte(*rest, '\n');
    struct slice line = slice_part(*rest, 0, length);

    *rest = slice_after(*rest, length + 1);
    if (line.length > 0 && line.data[line.length - 1] == '\r')
        line.length--;
    return line;
}

static bool is_folded(struct slice rest)
{
    return rest.length > 0 && (rest.data[0] == ' ' || rest.data[0] == '\t');
}

static void add_header(struct http_head *head, struct slice line)
{
    size_t colon = slice_find_byte(line, ':');
    struct header *header = &head->headers[head->header_count];

    if (colon == 0 || colon == line.length || head->header_count == HTTP_HEADERS_MAX)
        return;
    header->name = slice_trim(slice_part(line, 0, colon));
    header->value = slice_trim(slice_after(line, colon + 1));
    head->header_count++;
}

bool http_read_head(struct slice block, struct http_head *head)
{
    struct slice rest = block;

    head->block = block;
    head->header_count = 0;
    head->method = head->target = head->reason = head->authority = SLICE_EMPTY;
    head->stream = 0;
    head->status = 0;
    if (!http_read_start_line(take_line(&rest), head))
        return false;
    while (rest.length > 0) {
        struct slice line = take_line(&rest);

        while (is_folded(rest)) {
            struct slice more = take_line(&rest);

            line.length = (size_t)(more.data - line.data) + more.length;
        }
        add_header(head, line);
    }
    return true;
}

struct slice http_head_value(const struct http_head *head, const char *name)
{
    return header_value(head->headers, head->header_count, name);
}

/* Each fold becomes one blank. */
static struct slice unfold(struct arena *arena, struct slice value)
{
    uint8_t *out;
    size_t length = 0;

    if (slice_find_byte(value, '\n') == value.length)
        return arena_copy(arena, value);
    out = arena_take(arena, value.length);
    for (size_t i = 0; out && i < value.length; i++) {
        uint8_t byte = value.data[i];
        bool blank = byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';

        if (!blank || (length > 0 && out[length - 1] != ' '))
            out[length++] = blank ? ' ' : byte;
    }
    return slice_of(out, length);
}

bool http_copy_headers(struct arena *arena, const struct http_head *head,
                       const struct header **headers, size_t *count)
{
    struct header *copy = arena_take(arena, (head->header_count + 1) * sizeof *copy);

    if (!copy)
        return false;
    for (size_t i = 0; i < head->header_count; i++) {
        copy[i].name = arena_copy(arena, head->headers[i].name);
        copy[i].value = unfold(arena, head->headers[i].value);
        if (copy[i].name.length != head->headers[i].name.length)
            return false;
    }
    *headers = copy;
    *count = head->header_count;
    return true;
}

/* ---- beginnings ---- */

static const char *const common_methods[] = {
    "GET",    "POST",  "HEAD",        "PUT",          "OPTIONS",  "CONNECT",
    "DELETE", "PATCH", "RPC_IN_DATA", "RPC_OUT_DATA", "PROPFIND", "TRACE",
};

static bool is_common_method(struct slice method)
{
    for (size_t i = 0; i < sizeof common_methods / sizeof *common_methods; i++)
        if (slice_is_text(method, common_methods[i]))
            return true;
    return false;
}

static bool may_become_status_line(struct slice part)
{
    static const char version[] = "HTTP/1.";

    return slice_equals(part, slice_part(slice_of_text(version), 0, part.length));
}

/* The line is not all there: does what there is of it promise a request? */
static enum http_beginning judge_part(struct slice part)
{
    size_t blank = slice_find_byte(part, ' ');
    struct slice method = slice_part(part, 0, blank);
    struct slice target = slice_after(part, blank + 1);
    bool usual;

    if (blank > METHOD_MAX || (method.length > 0 && !is_token(method)))
        return HTTP_BEGINS_NOT;
    if (target.length == 0)
        return method.length > 0 || part.length == 0 ? HTTP_MAY_BEGIN : HTTP_BEGINS_NOT;
    usual = target.data[0] == '/' || slice_starts_with_nocase(target, "http") ||
            slice_is_text(method, "CONNECT");
    if (!usual && part.length >= BEGINNING_WAIT)
        return HTTP_BEGINS_NOT;
    if (usual && (is_common_method(method) || part.length >= BEGINNING_WAIT))
        return HTTP_BEGINS_REQUEST;
    return HTTP_MAY_BEGIN;
}

enum http_beginning http_judge_beginning(struct slice first)
{
    struct http_head head;
    struct slice rest, line;
    bool whole;

    while (first.length > 0 && (first.data[0] == '\r' || first.data[0] == '\n'))
        first = slice_after(first, 1);
    whole = slice_find_byte(first, '\n') < first.length;
    rest = first;
    line = take_line(&rest);
    if (slice_starts_with(first, "HTTP/1.") && !whole)
        return first.length >= 8 ? HTTP_BEGINS_RESPONSE : HTTP_MAY_BEGIN;
    if (!whole)
        return may_become_status_line(first) ? HTTP_MAY_BEGIN : judge_part(first);
    if (!http_read_start_line(line, &head))
        return HTTP_BEGINS_NOT;
    return head.is_response ? HTTP_BEGINS_RESPONSE : HTTP_BEGINS_REQUEST;
}
