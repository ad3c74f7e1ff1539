/* http_resync.c: where the next HTTP/1.x message begins among bytes of unknown standing
 *
 * After a gap the rest of some body comes first, and a body need not end with
 * a line: so a status line is looked for anywhere, and a request line is found
 * by its end and followed back to its method.
 */
#include "dissectors/http_resync.h"

#include "dissectors/http1_head.h"

enum {
    STATUS_LINE_MIN = 12, /* "HTTP/1.1 200" */
    REQUEST_LINE_MAX = 8192,
    METHOD_MAX = 32,
};

static bool is_status_line(struct slice s)
{
    struct http_head head;
    size_t end = slice_find_byte(s, '\n');
    struct slice line = slice_trim(slice_part(s, 0, end));

    return http_read_start_line(slice_part(line, 0, 512), &head) && head.is_response;
}

size_t http_find_response(struct slice bytes, bool *found)
{
    size_t at = 0;

    *found = false;
    for (;;) {
        struct slice rest;

        at += slice_find_byte(slice_after(bytes, at), 'H');
        rest = slice_after(bytes, at);
        if (rest.length < STATUS_LINE_MIN + 1)
            break;
        if (is_status_line(rest)) {
            *found = true;
            return at;
        }
        at++;
    }
    /* What is left is shorter than a status line: it comes again. */
    return at;
}

static bool may_be_in_method(uint8_t byte)
{
    return (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '-';
}

/* `line` ends with " HTTP/1.x". Where in it does its request begin? Its length when nowhere. */
static size_t find_method(struct slice line)
{
    struct http_head head;
    size_t target = line.length - sizeof " HTTP/1.x" + 1;
    size_t method;

    while (target > 0 && line.data[target - 1] != ' ')
        target--;
    method = target > 0 ? target - 1 : 0;
    while (method > 0 && target - method <= METHOD_MAX && may_be_in_method(line.data[method - 1]))
        method--;
    if (!http_read_start_line(slice_after(line, method), &head) || head.is_response)
        return line.length;
    return method;
}

static bool ends_request_line(struct slice line)
{
    struct slice end = slice_after(line, line.length >= 9 ? line.length - 9 : line.length);

    return slice_starts_with(end, " HTTP/1.");
}

size_t http_find_request(struct slice bytes, bool *found)
{
    size_t at = 0;

    *found = false;
    for (;;) {
        struct slice rest = slice_after(bytes, at);
        size_t length = slice_find_byte(rest, '\n');
        struct slice line = slice_part(rest, 0, length);
        size_t method;

        if (length == rest.length)
            return length > REQUEST_LINE_MAX ? bytes.length : at;
        if (line.length > 0 && line.data[line.length - 1] == '\r')
            line.length--;
        method = ends_request_line(line) ? find_method(line) : line.length;
        if (method < line.length) {
            *found = true;
            return at + method;
        }
        at += length + 1;
    }
}
