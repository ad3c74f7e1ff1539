/* http1_head_test.c: start lines and headers, as sent by everybody */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "dissectors/http1_head.h"
#include "tests/support/stream_run.h"

static struct http_head head;
static uint8_t *block; /* the slices of the head point into it */

/* From a heap block of exactly that size. */
static bool read_text(const char *text)
{
    struct slice bytes = slice_of_text(text);

    free(block);
    block = exact_copy(bytes);
    return http_read_head(slice_of(block, bytes.length), &head);
}

static int release(void **state)
{
    (void)state;
    free(block);
    return 0;
}

static void assert_slice(struct slice s, const char *text)
{
    if (!slice_is_text(s, text))
        fail_msg("\"%.*s\" is not \"%s\"", (int)s.length, (const char *)s.data, text);
}

static void reads_requests(void **state)
{
    (void)state;
    assert_true(read_text("GET /a?b=c HTTP/1.1\r\nHost: x\r\nEmpty:\r\n\r\n"));
    assert_false(head.is_response);
    assert_slice(head.method, "GET");
    assert_slice(head.target, "/a?b=c");
    assert_int_equal(head.version, 11);
    assert_int_equal(head.header_count, 2);
    assert_slice(http_head_value(&head, "HOST"), "x");
    assert_true(read_text("M-SEARCH * HTTP/1.0\n\n"));
    assert_slice(head.method, "M-SEARCH");
    assert_int_equal(head.version, 10);
    assert_true(read_text("GET /with blank in it HTTP/1.1\r\n\r\n"));
    assert_slice(head.target, "/with blank in it");
}

static void reads_responses(void **state)
{
    (void)state;
    assert_true(read_text("HTTP/1.1 401 Not you\r\nWWW-Authenticate : NTLM\r\n\r\n"));
    assert_true(head.is_response);
    assert_int_equal(head.status, 401);
    assert_slice(head.reason, "Not you");
    assert_slice(http_head_value(&head, "www-authenticate"), "NTLM");
    assert_true(read_text("HTTP/1.0 200\r\n\r\n"));
    assert_slice(head.reason, "");
}

static void refuses_other_lines(void **state)
{
    static const char *const lines[] = {
        "",
        "GET\r\n",
        "GET /\r\n",
        "GET / HTTP/2.0\r\n",
        "GET  HTTP/1.1\r\n",
        " GET / HTTP/1.1\r\n",
        "G{T / HTTP/1.1\r\n",
        "OPTIONS sip:a SIP/2.0\r\n",
        "HTTP/1.1 20 OK\r\n",
        "HTTP/1.1 2000\r\n",
        "HTTP/1.1 abc\r\n",
        "HTTP/1.x 200\r\n",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1\r\n",
        "GET /\x01 HTTP/1.1\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (read_text(lines[i]))
            fail_msg("%s", lines[i]);
}

static void unfolds_when_copying(void **state)
{
    struct budget budget;
    struct arena *arena;
    const struct header *headers;
    size_t count;

    (void)state;
    budget_init(&budget, 0, NULL);
    arena = arena_create(&budget, 0);
    assert_true(
        read_text("GET / HTTP/1.1\r\nA: one\r\n two\n\t three\r\n: none\r\nno colon\r\nB: x"));
    assert_true(http_copy_headers(arena, &head, &headers, &count));
    assert_int_equal(count, 2);
    assert_slice(headers[0].value, "one two three");
    assert_slice(headers[1].value, "x");
    arena_free(arena);
}

static void stops_at_many_headers(void **state)
{
    struct text text = { 0 };

    (void)state;
    text_add(&text, "GET / HTTP/1.1\r\n");
    for (int i = 0; i < HTTP_HEADERS_MAX + 10; i++)
        text_print(&text, "H%d: v\r\n", i);
    assert_true(read_text(text_string(&text)));
    assert_int_equal(head.header_count, HTTP_HEADERS_MAX);
    text_release(&text);
}

static void finds_the_end(void **state)
{
    static const char text[] = "GET / HTTP/1.1\r\nA: b\r\n\r\nbody\n\n";
    size_t scanned = 0;

    (void)state;
    for (size_t length = 0; length < 24; length++)
        assert_int_equal(http_find_head_end(slice_of(text, length), &scanned), 0);
    assert_int_equal(http_find_head_end(slice_of(text, 24), &scanned), 24);
    scanned = 0;
    assert_int_equal(http_find_head_end(slice_of_text(text), &scanned), 24);
    scanned = 0;
    assert_int_equal(http_find_head_end(slice_of_text("A\n\nB"), &scanned), 3);
}

static void judges_beginnings(void **state)
{
    static const struct {
        const char *first;
        enum http_beginning expected;
    } cases[] = {
        { "", HTTP_MAY_BEGIN },
        { "G", HTTP_MAY_BEGIN },
        { "GET ", HTTP_MAY_BEGIN },
        { "GET /", HTTP_BEGINS_REQUEST },
        { "\r\nGET /", HTTP_BEGINS_REQUEST },
        { "CONNECT a", HTTP_BEGINS_REQUEST },
        { "OPTIONS sip:a", HTTP_MAY_BEGIN },
        { "OPTIONS sip:a SIP/2.0\r\n", HTTP_BEGINS_NOT },
        { "FROB /x", HTTP_MAY_BEGIN },
        { "FROB /x HTTP/1.1\r\n", HTTP_BEGINS_REQUEST },
        { "EHLO mail.example.com\r\n", HTTP_BEGINS_NOT },
        { "\x16\x03\x01", HTTP_BEGINS_NOT },
        { "HT", HTTP_MAY_BEGIN },
        { "HTTP/", HTTP_MAY_BEGIN },
        { "HTTP/1.1", HTTP_BEGINS_RESPONSE },
        { "HTTP/2", HTTP_BEGINS_NOT },
        { "PRI * HTTP/2.0\r\n", HTTP_BEGINS_NOT },
        { "220 mail ESMTP\r\n", HTTP_BEGINS_NOT },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (http_judge_beginning(slice_of_text(cases[i].first)) != cases[i].expected)
            fail_msg("%s", cases[i].first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_requests),        cmocka_unit_test(reads_responses),
        cmocka_unit_test(refuses_other_lines),   cmocka_unit_test(unfolds_when_copying),
        cmocka_unit_test(stops_at_many_headers), cmocka_unit_test(finds_the_end),
        cmocka_unit_test(judges_beginnings),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
