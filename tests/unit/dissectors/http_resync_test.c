/* http_resync_test.c: the next message among other bytes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dissectors/http_resync.h"

static void finds_responses_anywhere(void **state)
{
    bool found;

    (void)state;
    assert_int_equal(http_find_response(slice_of_text("bodyHTTP/1.1 200 OK\r\n"), &found), 4);
    assert_true(found);
    assert_int_equal(http_find_response(slice_of_text("HHTTP/1.1 20 HTTP/1.0 302 x"), &found), 13);
    assert_true(found);
    http_find_response(slice_of_text("nothing of the kind"), &found);
    assert_false(found);
}

static void finds_requests_by_their_end(void **state)
{
    bool found;

    (void)state;
    assert_int_equal(http_find_request(slice_of_text("{\"a\":1}GET /x HTTP/1.1\r\n"), &found), 7);
    assert_true(found);
    assert_int_equal(http_find_request(slice_of_text("a HTTP/1.1\nPOST / HTTP/1.1\n"), &found), 11);
    assert_true(found);
    http_find_request(slice_of_text("HTTP/1.1 200 OK\r\n"), &found);
    assert_false(found);
}

static void keeps_what_may_become_one(void **state)
{
    bool found;

    (void)state;
    assert_int_equal(http_find_response(slice_of_text("bodyHTTP/1."), &found), 4);
    assert_false(found);
    assert_int_equal(http_find_request(slice_of_text("line\r\nGET /half HTT"), &found), 6);
    assert_false(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_responses_anywhere),
        cmocka_unit_test(finds_requests_by_their_end),
        cmocka_unit_test(keeps_what_may_become_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
