/* http2_frame_test.c: the frames of HTTP/2, and what only looks like them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dissectors/http2_frame.h"
#include "tests/support/exact.h"

#define BYTES(text) ((struct slice){ (const uint8_t *)(text), sizeof(text) - 1 })
#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define SETTINGS "\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64"
#define REQUEST "\0\0\3\1\5\0\0\0\1\x82\x87\x84"
#define RESPONSE "\0\0\1\1\4\0\0\0\1\x88"
#define UPDATE "\0\0\4\x8\0\0\0\0\0\0\0\3\xe8"

static enum recognition recognize(enum direction direction, struct slice bytes)
{
    struct slice exact = exact_slice(bytes);
    enum recognition answer = http2_recognize(direction, exact);

    exact_free(exact);
    return answer;
}

static void recognizes_the_preface(void **state)
{
    (void)state;
    for (size_t i = 1; i < sizeof PREFACE - 1; i++)
        assert_int_equal(recognize(FROM_CLIENT, slice_of(PREFACE, i)), RECOGNIZE_MORE);
    assert_int_equal(recognize(FROM_CLIENT, BYTES(PREFACE)), RECOGNIZE_YES);
    assert_int_equal(recognize(FROM_SERVER, BYTES(PREFACE SETTINGS)), RECOGNIZE_YES_REVERSED);
    assert_int_equal(recognize(FROM_CLIENT, BYTES("PRI * HTTP/1.1\r\n\r\nSM\r\n\r\n")),
                     RECOGNIZE_NO);
}

static void recognizes_settings_of_a_server(void **state)
{
    (void)state;
    for (size_t i = 4; i < sizeof SETTINGS - 1; i++)
        assert_int_equal(recognize(FROM_SERVER, slice_of(SETTINGS, i)), RECOGNIZE_MORE);
    assert_int_equal(recognize(FROM_SERVER, BYTES(SETTINGS)), RECOGNIZE_YES);
    assert_int_equal(recognize(FROM_SERVER, BYTES(SETTINGS UPDATE)), RECOGNIZE_YES);
    assert_int_equal(recognize(FROM_SERVER, BYTES("\0\0\0\4\1\0\0\0\0")), RECOGNIZE_YES);
    assert_int_not_equal(recognize(FROM_SERVER, BYTES("\0\0\6\4\0\0\0\0\0\xde\xad\0\0\0\x64")),
                         RECOGNIZE_YES);
    assert_int_equal(recognize(FROM_SERVER, BYTES("\0\0\5\4\0\0\0\0\0\0\3\0\0\0")), RECOGNIZE_NO);
}

static void recognizes_a_running_connection(void **state)
{
    (void)state;
    assert_int_equal(recognize(FROM_CLIENT, BYTES(REQUEST)), RECOGNIZE_YES);
    assert_int_equal(recognize(FROM_SERVER, BYTES(REQUEST)), RECOGNIZE_YES_REVERSED);
    assert_int_equal(recognize(FROM_SERVER, BYTES(RESPONSE)), RECOGNIZE_YES);
    assert_int_equal(recognize(FROM_CLIENT, BYTES(UPDATE RESPONSE)), RECOGNIZE_YES_REVERSED);
    assert_int_equal(recognize(FROM_CLIENT, BYTES(UPDATE)), RECOGNIZE_YES);
    assert_int_equal(recognize(FROM_CLIENT, BYTES("\0\0\2\0\1\0\0\0\7ab" REQUEST)), RECOGNIZE_YES);
    assert_int_equal(recognize(FROM_CLIENT, BYTES("\0\0\2\0\1\0\0\0\7ab")), RECOGNIZE_MORE);
    /* HEADERS of which most is still to come */
    assert_int_equal(recognize(FROM_CLIENT, BYTES("\0\x10\0\1\x25\0\0\0\x0d\0\0\0\0\x0f\x82\x41")),
                     RECOGNIZE_YES);
}

static void is_not_taken_in(void **state)
{
    const struct slice others[] = {
        BYTES("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        BYTES("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        BYTES("\x16\3\1\1\0\1\0\0\xfc\3\3abcdefghijklmnopqrstuvwx"),              /* TLS */
        BYTES("\0\x1d\x12\x34\1\0\0\1\0\0\0\0\0\0\3www\7example\3com\0\0\1\0\1"), /* DNS */
        BYTES("\0\0\0\x90\xfeSMB\x40\0\1\0\0\0\0\0\0\0\x1f\0\0\0\0\0\0\0\0\0"),   /* SMB 2 */
        BYTES("\0\0\0\x55\xffSMB\x72\0\0\0\0\x18\x53\xc8"),                       /* SMB 1 */
        BYTES("\0\0\0\x08\x04\xd2\x16\x2f"),                                      /* PostgreSQL */
        BYTES("\0\0\0\x31\0\x12\0\3\0\0\0\1\0\x0bkafka-client\0"),                /* Kafka */
        BYTES("\4\1\0\x50\x7f\0\0\1user\0"),                                      /* SOCKS 4 */
        BYTES("SSH-2.0-OpenSSH_9.2\r\n"),
        BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        BYTES("\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\1"),
        BYTES("\0\0\0\1\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\1"),
        BYTES("\0\0\x10\1\0\0\0\0\5\x41\0\0\0\0\0\0\0\0\0\0"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (int direction = FROM_CLIENT; direction <= FROM_SERVER; direction++) {
            enum recognition answer = recognize((enum direction)direction, others[i]);

            if (answer != RECOGNIZE_NO && answer != RECOGNIZE_MORE)
                fail_msg("number %zu is taken for HTTP/2", i);
        }
}

static void knows_landmarks(void **state)
{
    (void)state;
    assert_int_equal(http2_judge_landmark(FROM_CLIENT, BYTES(REQUEST)), RECOGNIZE_YES);
    assert_int_equal(http2_judge_landmark(FROM_SERVER, BYTES(REQUEST)), RECOGNIZE_NO);
    assert_int_equal(http2_judge_landmark(FROM_SERVER, BYTES(RESPONSE)), RECOGNIZE_YES);
    assert_int_equal(http2_judge_landmark(FROM_SERVER, slice_of(RESPONSE, 9)), RECOGNIZE_MORE);
    assert_int_equal(http2_judge_landmark(FROM_CLIENT, BYTES(UPDATE)), RECOGNIZE_YES);
    assert_int_equal(http2_judge_landmark(FROM_CLIENT, BYTES("\0\0\4\x8\0\0\0\0\0\0\0\0\0")),
                     RECOGNIZE_NO); /* an update by nothing */
    assert_int_equal(http2_judge_landmark(FROM_CLIENT, BYTES("\0\0\4\3\0\0\0\0\1\0\0\0\x63")),
                     RECOGNIZE_NO); /* no such error */
    assert_int_equal(http2_judge_landmark(FROM_CLIENT, BYTES("\0\0\2\0\1\0\0\0\7ab")),
                     RECOGNIZE_NO);
}

static void reads_preambles(void **state)
{
    struct http2_frame frame = http2_read_frame(BYTES("\0\0\x0a\1\x28\x80\0\0\3"));
    struct http2_preamble preamble;

    (void)state;
    assert_true(frame.reserved);
    assert_int_equal(frame.stream, 3);
    assert_int_equal(http2_preamble_length(&frame), 6);
    assert_true(http2_read_preamble(&frame, BYTES("\4\0\0\0\0\1"), &preamble));
    assert_int_equal(preamble.padding, 4);
    assert_false(http2_read_preamble(&frame, BYTES("\5\0\0\0\0\1"), &preamble));
    frame = http2_read_frame(BYTES("\0\0\5\1\x28\0\0\0\3"));
    assert_false(http2_frame_is_sane(&frame)); /* shorter than its preamble */
    frame = http2_read_frame(BYTES("\0\0\x08\7\0\0\0\0\0"));
    assert_true(http2_read_preamble(&frame, BYTES("\x80\0\0\7\0\0\0\x0d"), &preamble));
    assert_int_equal(preamble.last, 7);
    assert_int_equal(preamble.code, HTTP2_1_1_REQUIRED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recognizes_the_preface),
        cmocka_unit_test(recognizes_settings_of_a_server),
        cmocka_unit_test(recognizes_a_running_connection),
        cmocka_unit_test(is_not_taken_in),
        cmocka_unit_test(knows_landmarks),
        cmocka_unit_test(reads_preambles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
