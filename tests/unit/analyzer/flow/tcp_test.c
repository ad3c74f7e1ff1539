/* tcp_test.c: connections, from the first SYN to the end */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/packets.h"

static void open_and_close(void **state)
{
    struct wire wire;
    const struct event *end;

    (void)state;
    wire_open(&wire, 0);
    wire_handshake(&wire, 100, 500);
    wire_send(&wire, (struct segment_spec){
                         .flags = ACK, .sequence = 101, .acknowledgement = 501, .data = "ask" });
    wire_send(&wire, (struct segment_spec){ .from_server = true,
                                            .flags = ACK | FIN,
                                            .sequence = 501,
                                            .acknowledgement = 104,
                                            .data = "answer" });
    wire_send(&wire,
              (struct segment_spec){ .flags = ACK | FIN, .sequence = 104, .acknowledgement = 508 });
    end = wire_event(&wire, EVENT_CONNECTION, 0);
    assert_non_null(end);
    assert_int_equal(end->tcp.opened, OPENED_SYN);
    assert_int_equal(end->tcp.closed, CLOSED_FIN);
    assert_true(end->tcp.closed_by_server);
    assert_int_equal(end->tcp.client_bytes, 3);
    assert_int_equal(end->tcp.server_bytes, 6);
    assert_int_equal(end->tcp.attempts, 1);
    assert_string_equal(wire.bytes[FROM_CLIENT], "ask");
    assert_string_equal(wire.bytes[FROM_SERVER], "answer");
    wire_close(&wire);
}

static void refused_is_told_at_once(void **state)
{
    struct wire wire;
    const struct event *end;

    (void)state;
    wire_open(&wire, 0);
    wire_send(&wire, (struct segment_spec){ .flags = SYN, .sequence = 100 });
    wire_send(&wire, (struct segment_spec){
                         .from_server = true, .flags = RST | ACK, .acknowledgement = 101 });
    end = wire_event(&wire, EVENT_CONNECTION, 0);
    assert_non_null(end);
    assert_int_equal(end->tcp.opened, OPENED_REFUSED);
    assert_int_equal(end->tcp.answer.packet, 2);
    wire_close(&wire);
}

static void a_stale_reset_refuses_nothing(void **state)
{
    struct wire wire;

    (void)state;
    wire_open(&wire, 0);
    wire_send(&wire, (struct segment_spec){ .flags = SYN, .sequence = 100 });
    wire_send(&wire, (struct segment_spec){
                         .from_server = true, .flags = RST | ACK, .acknowledgement = 999 });
    assert_null(wire_event(&wire, EVENT_CONNECTION, 0));
    wire_close(&wire);
}

/* Three tries, one of them captured twice. */
static void unanswered_attempts_are_counted(void **state)
{
    struct wire wire;
    const struct event *end;

    (void)state;
    wire_open(&wire, 0);
    for (unsigned i = 0; i < 3; i++) {
        wire_send(&wire, (struct segment_spec){ .flags = SYN, .sequence = 100 });
        if (i == 1)
            wire_send(&wire, (struct segment_spec){ .flags = SYN, .sequence = 100 });
        wire_wait(&wire, 1000);
    }
    wire_wait(&wire, 40000);
    flow_engine_advance(wire.engine, wire.now_ns);
    end = wire_event(&wire, EVENT_CONNECTION, 0);
    assert_non_null(end);
    assert_int_equal(end->tcp.opened, OPENED_UNANSWERED);
    assert_int_equal(end->tcp.attempts, 3);
    assert_false(end->tcp.capture_ended);
    wire_close(&wire);
}

static void icmp_refuses_too(void **state)
{
    /* 10.0.0.9 says: destination port unreachable, and quotes the SYN. */
    static const uint8_t icmp[] = { 0x45, 0, 0,  56, 0, 0, 0,    0,    64, 1,  0, 0, 10, 0,
                                    0,    9, 10, 0,  0, 1, 3,    3,    0,  0,  0, 0, 0,  0,
                                    0x45, 0, 0,  40, 0, 0, 0,    0,    64, 6,  0, 0, 10, 0,
                                    0,    1, 10, 0,  0, 2, 0x9c, 0x40, 0,  80, 0, 0, 0,  100 };
    struct wire wire;
    const struct event *end;

    (void)state;
    wire_open(&wire, 0);
    wire_send(&wire, (struct segment_spec){ .flags = SYN, .sequence = 100 });
    wire_send_raw(&wire, icmp, sizeof icmp);
    end = wire_event(&wire, EVENT_CONNECTION, 0);
    assert_non_null(end);
    assert_int_equal(end->tcp.opened, OPENED_REFUSED);
    assert_true(end->tcp.icmp);
    wire_close(&wire);
}

static void ports_are_used_again(void **state)
{
    struct wire wire;

    (void)state;
    wire_open(&wire, 0);
    wire_handshake(&wire, 100, 500);
    wire_send(&wire,
              (struct segment_spec){ .flags = RST | ACK, .sequence = 101, .acknowledgement = 501 });
    wire_wait(&wire, 100);
    wire_handshake(&wire, 9000, 7000);
    wire_send(&wire, (struct segment_spec){
                         .flags = ACK, .sequence = 9001, .acknowledgement = 7001, .data = "new" });
    flow_engine_finish(wire.engine);
    assert_int_equal(wire_event(&wire, EVENT_CONNECTION, 0)->tcp.closed, CLOSED_RESET);
    assert_non_null(wire_event(&wire, EVENT_CONNECTION, 1));
    assert_string_equal(wire.bytes[FROM_CLIENT], "new");
    wire_close(&wire);
}

static void met_in_the_middle(void **state)
{
    struct wire wire;

    (void)state;
    wire_open(&wire, 0);
    wire_send(&wire, (struct segment_spec){ .from_server = true,
                                            .flags = ACK,
                                            .sequence = 77,
                                            .acknowledgement = 5,
                                            .data = "late" });
    assert_int_equal(wire_event(&wire, EVENT_CONNECTED, 0)->tcp.opened, OPENED_MID_STREAM);
    assert_int_equal(wire_event(&wire, EVENT_CONNECTED, 0)->tcp.server.port, 80);
    assert_string_equal(wire.bytes[FROM_SERVER], "late");
    wire_close(&wire);
}

/* The server's side of a scanned network: bounded, and no flow is used after it went. */
static void a_flood_stays_within_its_bounds(void **state)
{
    struct wire wire;

    (void)state;
    wire_open(&wire, 1000);
    for (uint32_t i = 0; i < 200000; i++) {
        wire_send(&wire, (struct segment_spec){ .flags = i % 3 ? SYN : SYN | ACK,
                                                .from_server = i % 3 == 0,
                                                .sequence = i,
                                                .client_port = (uint16_t)(1024 + i % 60000) });
        wire.event_count = 0;
    }
    assert_true(wire.budget.peak < (8u << 20));
    assert_true(flow_engine_counters(wire.engine)->evicted > 10000);
    flow_engine_finish(wire.engine);
    wire_close(&wire);
    assert_int_equal(wire.budget.used, 0);
}

/* ---- a dissector that waits, as for a key ---- */

static void tick(struct wire *wire)
{
    wire_wait(wire, 1100);
    flow_engine_advance(wire->engine, wire->now_ns);
}

static void open_waiting(struct wire *wire)
{
    wire_open(wire, 0);
    wire->waits = true;
    wire_handshake(wire, 100, 500);
    wire_send(wire, (struct segment_spec){
                        .flags = ACK, .sequence = 101, .acknowledgement = 501, .data = "ask" });
}

static void close_both(struct wire *wire)
{
    wire_send(wire, (struct segment_spec){ .from_server = true,
                                           .flags = ACK | FIN,
                                           .sequence = 501,
                                           .acknowledgement = 104 });
    wire_send(wire,
              (struct segment_spec){ .flags = ACK | FIN, .sequence = 104, .acknowledgement = 502 });
}

static void the_end_waits_for_what_is_unread(void **state)
{
    struct wire wire;

    (void)state;
    open_waiting(&wire);
    close_both(&wire);
    tick(&wire);
    assert_false(wire.ended[FROM_CLIENT]);
    assert_null(wire_event(&wire, EVENT_CONNECTION, 0));
    wire.waits = false;
    tick(&wire);
    assert_string_equal(wire.bytes[FROM_CLIENT], "ask");
    assert_true(wire.ended[FROM_CLIENT] && wire.ended[FROM_SERVER]);
    assert_int_equal(wire.ends[FROM_CLIENT], END_FIN);
    assert_int_equal(wire_event(&wire, EVENT_CONNECTION, 0)->tcp.closed, CLOSED_FIN);
    wire_close(&wire);
}

static void a_reset_waits_too(void **state)
{
    struct wire wire;

    (void)state;
    open_waiting(&wire);
    wire_send(&wire, (struct segment_spec){ .from_server = true,
                                            .flags = ACK | RST,
                                            .sequence = 501,
                                            .acknowledgement = 104 });
    wire_send(&wire, (struct segment_spec){
                         .flags = ACK, .sequence = 104, .acknowledgement = 501, .data = "more" });
    tick(&wire);
    assert_null(wire_event(&wire, EVENT_CONNECTION, 0));
    wire.waits = false;
    tick(&wire);
    assert_string_equal(wire.bytes[FROM_CLIENT], "ask"); /* what came after the reset is nobody's */
    assert_int_equal(wire.ends[FROM_CLIENT], END_RESET);
    assert_true(wire_event(&wire, EVENT_CONNECTION, 0)->tcp.closed_by_server);
    wire_close(&wire);
}

static void the_end_of_the_capture_waits_for_nothing(void **state)
{
    struct wire wire;

    (void)state;
    open_waiting(&wire);
    close_both(&wire);
    flow_engine_finish(wire.engine);
    assert_string_equal(wire.bytes[FROM_CLIENT], "ask");
    assert_int_equal(wire.ends[FROM_CLIENT], END_FIN);
    assert_int_equal(wire.ends[FROM_SERVER], END_FIN);
    wire_close(&wire);
    assert_int_equal(wire.budget.used, 0);

    open_waiting(&wire);
    wire_send(&wire, (struct segment_spec){ .from_server = true,
                                            .flags = ACK | RST,
                                            .sequence = 501,
                                            .acknowledgement = 104 });
    flow_engine_finish(wire.engine);
    assert_int_equal(wire.ends[FROM_CLIENT], END_RESET);
    assert_false(wire_event(&wire, EVENT_CONNECTION, 0)->tcp.capture_ended);
    wire_close(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_and_close),
        cmocka_unit_test(refused_is_told_at_once),
        cmocka_unit_test(a_stale_reset_refuses_nothing),
        cmocka_unit_test(unanswered_attempts_are_counted),
        cmocka_unit_test(icmp_refuses_too),
        cmocka_unit_test(ports_are_used_again),
        cmocka_unit_test(met_in_the_middle),
        cmocka_unit_test(the_end_waits_for_what_is_unread),
        cmocka_unit_test(a_reset_waits_too),
        cmocka_unit_test(the_end_of_the_capture_waits_for_nothing),
        cmocka_unit_test(a_flood_stays_within_its_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
