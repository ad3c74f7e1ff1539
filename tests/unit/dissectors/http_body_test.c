/* http_body_test.c: how long a body is, and where its chunks end */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "dissectors/http_body.h"
#include "tests/support/stream_run.h"

static struct budget budget;

static void begin_text(struct body_reader *reader, const char *text, struct body_wish wish)
{
    struct http_head head;

    budget_init(&budget, 0, NULL);
    assert_true(http_read_head(slice_of_text(text), &head));
    body_begin(reader, &head, false, wish, &budget);
}

static const struct body_wish all = { .decode = true, .keep = true };
static const struct body_wish nothing = { 0 };

static size_t read_text(struct body_reader *reader, const char *text)
{
    struct slice bytes = slice_of_text(text);
    uint8_t *copy = exact_copy(bytes);
    size_t used = body_read(reader, slice_of(copy, bytes.length));

    free(copy);
    return used;
}

static void knows_the_length(void **state)
{
    static const struct {
        const char *head;
        bool no_body;
        enum framing framing;
        uint64_t length;
    } cases[] = {
        { "GET / HTTP/1.1\n", false, FRAMING_NONE, 0 },
        { "POST / HTTP/1.1\nContent-Length: 5\n", false, FRAMING_LENGTH, 5 },
        { "POST / HTTP/1.1\nContent-Length: 5\nContent-Length: 6\n", false, FRAMING_LENGTH, 5 },
        { "POST / HTTP/1.1\nContent-Length: -1\n", false, FRAMING_NONE, 0 },
        { "POST / HTTP/1.1\nContent-Length: 5\nTransfer-Encoding: chunked\n", false,
          FRAMING_CHUNKED, 0 },
        { "HTTP/1.1 200 OK\n", false, FRAMING_UNTIL_CLOSE, 0 },
        { "HTTP/1.1 200 OK\nContent-Length: 0\n", false, FRAMING_NONE, 0 },
        { "HTTP/1.1 200 OK\nContent-Length: 5\n", true, FRAMING_NONE, 0 },
        { "HTTP/1.1 200 OK\nContent-Length: 99999999999999999999\n", false, FRAMING_UNTIL_CLOSE,
          0 },
        { "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, Chunked\n", false, FRAMING_CHUNKED, 0 },
        { "HTTP/1.1 200 OK\nTransfer-Encoding: gzip\nContent-Length: 5\n", false,
          FRAMING_UNTIL_CLOSE, 0 },
        { "HTTP/1.1 200 OK\nTransfer-Encoding: identity\nContent-Length: 5\n", false,
          FRAMING_LENGTH, 5 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_head head;
        uint64_t length;

        assert_true(http_read_head(slice_of_text(cases[i].head), &head));
        assert_int_equal(http_body_framing(&head, cases[i].no_body, &length), cases[i].framing);
        if (cases[i].framing == FRAMING_LENGTH)
            assert_int_equal(length, cases[i].length);
    }
}

static void reads_chunks(void **state)
{
    struct body_reader reader;
    struct http_body body;
    struct buffer kept;

    (void)state;
    begin_text(&reader, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", all);
    assert_int_equal(read_text(&reader, "3 ; x=y\r\nab"), 11);
    assert_int_equal(read_text(&reader, "c\r\n2"), 3);
    assert_int_equal(read_text(&reader, "2\nde\n0\r\nT: x\r\n\r\nnext"), 16);
    assert_true(reader.done);
    body_finish(&reader, &body, &kept);
    assert_true(body.complete);
    assert_true(slice_is_text(body.kept, "abcde"));
    buffer_release(&kept);
    assert_int_equal(budget.used, 0);
}

static void refuses_bad_chunks(void **state)
{
    static const char *const bodies[] = {
        "x\r\n", "\r\n", "3\r\nabcd\r\n", "-3\r\n", "11111111111111111\r\n", "3 4\r\n"
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct body_reader reader;

        begin_text(&reader, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", all);
        read_text(&reader, bodies[i]);
        if (!reader.broken)
            fail_msg("%s", bodies[i]);
        body_release(&reader);
    }
}

static void skips_what_nobody_wants(void **state)
{
    struct body_reader reader;

    (void)state;
    begin_text(&reader, "HTTP/1.1 200 OK\nContent-Length: 1000000\n", nothing);
    assert_int_equal(read_text(&reader, "abc"), 1000000);
    assert_true(reader.done);
    begin_text(&reader, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", nothing);
    assert_int_equal(read_text(&reader, "ff\r\nabc"), 4 + 255);
    assert_int_equal(read_text(&reader, "\r\n0\r\n\r\n"), 7);
    assert_true(reader.done);
}

static void lives_with_gaps(void **state)
{
    struct body_reader reader;
    struct http_body body;
    struct buffer kept;

    (void)state;
    begin_text(&reader, "HTTP/1.1 200 OK\nContent-Length: 10\n", all);
    read_text(&reader, "abc");
    assert_true(body_lose(&reader, 5));
    read_text(&reader, "yz");
    assert_true(reader.done);
    body_finish(&reader, &body, &kept);
    assert_false(body.complete);
    assert_true(body.missing);
    assert_int_equal(body.bytes, 5);
    assert_true(slice_is_text(body.kept, "abc"));
    buffer_release(&kept);
    begin_text(&reader, "HTTP/1.1 200 OK\nContent-Length: 10\n", all);
    assert_false(body_lose(&reader, 11));
    body_release(&reader);
    begin_text(&reader, "HTTP/1.1 200 OK\n", all);
    assert_true(body_lose(&reader, 11));
    body_close(&reader, true);
    body_finish(&reader, &body, &kept);
    assert_false(body.complete);
}

static void keeps_no_more_than_a_megabyte(void **state)
{
    struct body_reader reader;
    struct http_body body;
    struct buffer kept;
    char *big = calloc(1, (3 << 20) + 1);

    (void)state;
    memset(big, 'a', 3 << 20);
    begin_text(&reader, "HTTP/1.1 200 OK\nContent-Length: 3145728\n", all);
    body_read(&reader, slice_of(big, 3 << 20));
    body_finish(&reader, &body, &kept);
    assert_true(body.complete);
    assert_int_equal(body.bytes, 3 << 20);
    assert_int_equal(body.kept.length, HTTP_KEPT_MAX);
    buffer_release(&kept);
    free(big);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_length),   cmocka_unit_test(reads_chunks),
        cmocka_unit_test(refuses_bad_chunks), cmocka_unit_test(skips_what_nobody_wants),
        cmocka_unit_test(lives_with_gaps),    cmocka_unit_test(keeps_no_more_than_a_megabyte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
