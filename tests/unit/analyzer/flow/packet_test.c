/* packet_test.c: fragments, tunnels, offload, copies: all the way to the bytes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/packets.h"

/* 10.0.0.1:5000 -> 10.0.0.2:53, UDP, "hello-fragment" (14 bytes). */
static const uint8_t datagram[] = { 0x45, 0,   0,   42,  0,   7,   0,   0,   64,  17,   0,
                                    0,    10,  0,   0,   1,   10,  0,   0,   2,   0x13, 0x88,
                                    0,    53,  0,   22,  0,   0,   'h', 'e', 'l', 'l',  'o',
                                    '-',  'f', 'r', 'a', 'g', 'm', 'e', 'n', 't' };

static void send_fragment(struct wire *wire, size_t from, size_t length, bool more)
{
    uint8_t packet[64];

    memcpy(packet, datagram, 20);
    memcpy(packet + 20, datagram + 20 + from, length);
    packet[3] = (uint8_t)(20 + length);
    packet[6] = more ? 0x20 : 0;
    packet[7] = (uint8_t)(from / 8);
    wire_send_raw(wire, packet, 20 + length);
}

static void fragments_in_any_order(void **state)
{
    struct wire wire;

    (void)state;
    wire_open(&wire, 0);
    send_fragment(&wire, 16, 6, false);
    send_fragment(&wire, 0, 8, true);
    assert_int_equal(wire.lengths[FROM_CLIENT], 0);
    send_fragment(&wire, 8, 8, true);
    assert_string_equal(wire.bytes[FROM_CLIENT], "hello-fragment");
    wire_close(&wire);
    assert_int_equal(wire.budget.used, 0);
}

static void a_fragment_that_never_completes_is_forgotten(void **state)
{
    struct wire wire;

    (void)state;
    wire_open(&wire, 0);
    for (unsigned i = 0; i < 5000; i++) {
        uint8_t packet[28];

        memcpy(packet, datagram, sizeof packet);
        packet[3] = sizeof packet;
        packet[4] = (uint8_t)(i >> 8);
        packet[5] = (uint8_t)i;
        packet[6] = 0x20;
        wire_send_raw(&wire, packet, sizeof packet);
    }
    assert_true(wire.budget.peak < (4u << 20));
    wire_close(&wire);
}

static void copies_count_once(void **state)
{
    struct wire wire;

    (void)state;
    wire_open(&wire, 0);
    wire_send_raw(&wire, datagram, sizeof datagram);
    wire_wait(&wire, 1);
    wire_send_raw(&wire, datagram, sizeof datagram);
    assert_string_equal(wire.bytes[FROM_CLIENT], "hello-fragment");
    wire_wait(&wire, 2000);
    wire_send_raw(&wire, datagram, sizeof datagram);
    assert_string_equal(wire.bytes[FROM_CLIENT], "hello-fragmenthello-fragment");
    assert_int_equal(flow_engine_counters(wire.engine)->duplicates, 1);
    wire_close(&wire);
}

static void a_length_of_zero_is_offload(void **state)
{
    uint8_t packet[sizeof datagram];
    struct wire wire;

    (void)state;
    memcpy(packet, datagram, sizeof packet);
    packet[2] = packet[3] = 0;
    wire_open(&wire, 0);
    wire_send_raw(&wire, packet, sizeof packet);
    assert_string_equal(wire.bytes[FROM_CLIENT], "hello-fragment");
    wire_close(&wire);
}

static void expect_through(const uint8_t *outer, size_t outer_length)
{
    uint8_t packet[256];
    struct wire wire;

    memcpy(packet, outer, outer_length);
    memcpy(packet + outer_length, datagram, sizeof datagram);
    packet[3] = (uint8_t)(outer_length + sizeof datagram);
    wire_open(&wire, 0);
    wire_send_raw(&wire, packet, outer_length + sizeof datagram);
    assert_string_equal(wire.bytes[FROM_CLIENT], "hello-fragment");
    assert_int_equal(flow_engine_counters(wire.engine)->tunnelled, 1);
    wire_close(&wire);
}

static void tunnels_are_opened(void **state)
{
    static const uint8_t in_ip[] = {
        0x45, 0, 0, 0, 0, 0, 0, 0, 64, 4, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2
    };
    static const uint8_t gre[] = { 0x45, 0, 0, 0, 0, 0, 0,    0, 64, 47, 0, 0, 1, 1,
                                   1,    1, 2, 2, 2, 2, 0x20, 0, 8,  0,  0, 0, 0, 9 };
    static const uint8_t erspan2[] = { 0x45, 0, 0,    0, 0, 0, 0, 0,    64, 47,   0,    0, 1,
                                       1,    1, 1,    2, 2, 2, 2, 0x10, 0,  0x88, 0xbe, 0, 0,
                                       0,    1, 0x10, 0, 0, 0, 0, 0,    0,  0,    0,    0, 0,
                                       0,    0, 1,    0, 0, 0, 0, 0,    2,  8,    0 };
    static const uint8_t vxlan[] = { 0x45, 0, 0, 0, 0, 0, 0, 0,    64,   17,   0,    0, 1,
                                     1,    1, 1, 2, 2, 2, 2, 0x30, 0x39, 0x12, 0xb5, 0, 0,
                                     0,    0, 8, 0, 0, 0, 0, 0,    5,    0,    0,    0, 0,
                                     0,    0, 1, 0, 0, 0, 0, 0,    2,    8,    0 };
    static const uint8_t geneve[] = { 0x45, 0, 0,    0,    0, 0, 0,    0,    64,   17,   0, 0, 1, 1,
                                      1,    1, 2,    2,    2, 2, 0x30, 0x39, 0x17, 0xc1, 0, 0, 0, 0,
                                      0x01, 0, 0x65, 0x58, 0, 0, 5,    0,    1,    2,    3, 4, 0, 0,
                                      0,    0, 0,    1,    0, 0, 0,    0,    0,    2,    8, 0 };

    (void)state;
    expect_through(in_ip, sizeof in_ip);
    expect_through(gre, sizeof gre);
    expect_through(erspan2, sizeof erspan2);
    expect_through(vxlan, sizeof vxlan);
    expect_through(geneve, sizeof geneve);
}

static void every_prefix_is_survived(void **state)
{
    struct wire wire;

    (void)state;
    wire_open(&wire, 0);
    for (size_t length = 1; length <= sizeof datagram; length++)
        wire_send_raw(&wire, datagram, length);
    wire_close(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fragments_in_any_order),
        cmocka_unit_test(a_fragment_that_never_completes_is_forgotten),
        cmocka_unit_test(copies_count_once),
        cmocka_unit_test(a_length_of_zero_is_offload),
        cmocka_unit_test(tunnels_are_opened),
        cmocka_unit_test(every_prefix_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
