/* order_test.c: segments into order, holes told */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/packets.h"

enum { START = 101 };

static void send_piece(struct wire *wire, uint32_t at, const char *data)
{
    wire_send(wire,
              (struct segment_spec){
                  .flags = ACK, .sequence = START + at, .acknowledgement = 501, .data = data });
}

static void acknowledge(struct wire *wire, uint32_t up_to)
{
    wire_send(wire, (struct segment_spec){ .from_server = true,
                                           .flags = ACK,
                                           .sequence = 501,
                                           .acknowledgement = START + up_to });
}

static void begin(struct wire *wire)
{
    wire_open(wire, 0);
    wire_handshake(wire, START - 1, 500);
}

static void any_order_gives_the_same_bytes(void **state)
{
    static const char *const pieces[] = { "ab", "cd", "ef", "gh" };
    /* All orders of four, by the factorial number system. */
    (void)state;
    for (unsigned order = 0; order < 24; order++) {
        unsigned rest = order, left[] = { 0, 1, 2, 3 }, count = 4;
        struct wire wire;

        begin(&wire);
        while (count) {
            unsigned pick = rest % count, piece = left[pick];

            rest /= count;
            send_piece(&wire, piece * 2, pieces[piece]);
            send_piece(&wire, piece * 2, pieces[piece]); /* each one twice */
            left[pick] = left[--count];
        }
        assert_string_equal(wire.bytes[FROM_CLIENT], "abcdefgh");
        wire_close(&wire);
    }
}

static void the_first_copy_of_an_overlap_counts(void **state)
{
    struct wire wire;

    (void)state;
    begin(&wire);
    send_piece(&wire, 0, "abc");
    send_piece(&wire, 1, "XXXd");
    send_piece(&wire, 6, "gh");
    send_piece(&wire, 4, "YefZ"); /* overlaps what waits */
    assert_int_equal(strncmp(wire.bytes[FROM_CLIENT], "abcX", 3), 0);
    assert_int_equal(wire.lengths[FROM_CLIENT], 8);
    wire_close(&wire);
}

static void a_hole_that_was_acknowledged_is_lost(void **state)
{
    struct wire wire;

    (void)state;
    begin(&wire);
    send_piece(&wire, 0, "ab");
    send_piece(&wire, 7, "hi");
    for (unsigned i = 0; i < 5; i++)
        acknowledge(&wire, 9);
    assert_string_equal(wire.bytes[FROM_CLIENT], "ab[5]hi");
    flow_engine_finish(wire.engine);
    assert_int_equal(wire_event(&wire, EVENT_CONNECTION, 0)->tcp.client_missing, 5);
    wire_close(&wire);
}

static void a_hole_ends_with_time_and_with_the_connection(void **state)
{
    struct wire wire;

    (void)state;
    begin(&wire);
    send_piece(&wire, 2, "cd");
    assert_int_equal(wire.lengths[FROM_CLIENT], 0);
    wire_wait(&wire, 10000);
    flow_engine_advance(wire.engine, wire.now_ns);
    assert_string_equal(wire.bytes[FROM_CLIENT],
                        "cd"); /* nobody was reading yet who could be told */
    send_piece(&wire, 6, "gh");
    flow_engine_finish(wire.engine);
    assert_string_equal(wire.bytes[FROM_CLIENT], "cd[2]gh");
    wire_close(&wire);
}

static void ask_and_acknowledge(struct wire *wire, uint32_t up_to)
{
    begin(wire);
    send_piece(wire, 0, "ab");
    acknowledge(wire, up_to);
}

static void the_last_bytes_may_be_missing(void **state)
{
    struct wire wire;

    (void)state;
    ask_and_acknowledge(&wire, 5); /* somebody got them */
    flow_engine_finish(wire.engine);
    assert_string_equal(wire.bytes[FROM_CLIENT], "ab[3]");
    wire_close(&wire);

    ask_and_acknowledge(&wire, 3); /* one more: the number of a FIN that was not captured */
    flow_engine_finish(wire.engine);
    assert_string_equal(wire.bytes[FROM_CLIENT], "ab");
    wire_close(&wire);

    ask_and_acknowledge(&wire, 2);
    wire_send(&wire, (struct segment_spec){
                         .flags = ACK | FIN, .sequence = START + 6, .acknowledgement = 501 });
    flow_engine_finish(wire.engine);
    assert_string_equal(wire.bytes[FROM_CLIENT], "ab[4]");
    wire_close(&wire);

    ask_and_acknowledge(&wire, 2);
    wire_send(&wire, (struct segment_spec){ .from_server = true,
                                            .flags = ACK | RST,
                                            .sequence = 501,
                                            .acknowledgement = START + 9 });
    assert_string_equal(wire.bytes[FROM_CLIENT], "ab[7]");
    assert_int_equal(wire_event(&wire, EVENT_CONNECTION, 0)->tcp.client_missing, 7);
    wire_close(&wire);
}

static void what_the_snap_length_cut_is_a_hole(void **state)
{
    struct wire wire;

    (void)state;
    begin(&wire);
    wire.snap = 43;
    send_piece(&wire, 0, "abcdefg");
    wire.snap = 0;
    send_piece(&wire, 7, "hi");
    assert_string_equal(wire.bytes[FROM_CLIENT], "abc[4]hi");
    wire_close(&wire);
}

static void numbers_wrap_round(void **state)
{
    struct wire wire;

    (void)state;
    wire_open(&wire, 0);
    wire_handshake(&wire, 0xfffffffd, 500);
    wire_send(&wire, (struct segment_spec){ .flags = ACK, .sequence = 2, .data = "ef" });
    wire_send(&wire, (struct segment_spec){ .flags = ACK, .sequence = 0xfffffffe, .data = "abcd" });
    assert_string_equal(wire.bytes[FROM_CLIENT], "abcdef");
    wire_close(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_gives_the_same_bytes),
        cmocka_unit_test(the_first_copy_of_an_overlap_counts),
        cmocka_unit_test(a_hole_that_was_acknowledged_is_lost),
        cmocka_unit_test(a_hole_ends_with_time_and_with_the_connection),
        cmocka_unit_test(the_last_bytes_may_be_missing),
        cmocka_unit_test(what_the_snap_length_cut_is_a_hole),
        cmocka_unit_test(numbers_wrap_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
