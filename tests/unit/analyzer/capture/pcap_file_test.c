/* pcap_file_test.c: classic pcap in all its forms, and spoiled */
#include "capture_bytes.h"

#define MICRO 0xa1b2c3d4u
#define NANO 0xa1b23c4du
#define MODIFIED 0xa1b2cd34u

static struct made make_three(void)
{
    struct made made = { 0 };

    put_pcap_header(&made, MICRO, 1);
    for (uint8_t i = 0; i < 3; i++)
        put_record(&made, T0 + i, i, i, 60);
    return made;
}

static void reads_both_byte_orders_and_resolutions(void **state)
{
    static const struct {
        uint32_t magic;
        int64_t fraction_ns;
    } forms[] = { { MICRO, 1000 }, { NANO, 1 }, { MODIFIED, 1000 } };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof forms / sizeof *forms; i++) {
        struct made made = { .big = i % 2 };
        struct capture *capture;
        struct packet packet;

        put_pcap_header(&made, forms[i / 2].magic, 1);
        for (uint32_t n = 0; n < 2; n++) {
            put_u32(&made, T0);
            put_u32(&made, 123456 + n);
            put_u32(&made, 3);
            put_u32(&made, 1500);
            if (forms[i / 2].magic == MODIFIED)
                put_u64(&made, UINT64_MAX); /* interface, protocol, packet type */
            put(&made, "abc", 3);
        }
        capture = open_made(&made);
        packet = expect_packet(capture, 1, T0 * NS + 123456 * forms[i / 2].fraction_ns, 3);
        assert_true(slice_is_text(packet.bytes, "abc"));
        assert_int_equal(packet.wire_length, 1500);
        assert_int_equal(packet.link_type, 1);
        expect_packet(capture, 2, T0 * NS + 123457 * forms[i / 2].fraction_ns, 3);
        expect_end(capture);
        assert_int_equal(capture_input(capture, 0)->kind, INPUT_PCAP);
        assert_int_equal(capture_input(capture, 0)->cut_packets, 2);
        assert_int_equal(capture_input(capture, 0)->warning_count, 0);
        assert_float_equal(capture_input(capture, 0)->progress, 1, 0);
        capture_free(capture);
        made_release(&made);
    }
}

static void ignores_the_check_sequence_bits(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    put_pcap_header(&made, MICRO, 0x24000000u | 228);
    put_record(&made, T0, 0, 0x45, 20);
    capture = open_made(&made);
    assert_int_equal(expect_packet(capture, 1, T0 * NS, 20).link_type, 228);
    capture_free(capture);
    made_release(&made);
}

/* Before 2.3 the wire length came first; 2.3 was written both ways. */
static void reads_old_length_orders(void **state)
{
    (void)state;
    for (uint8_t minor = 2; minor <= 3; minor++) {
        struct made made = { 0 };
        struct capture *capture;

        put_pcap_header(&made, MICRO, 1);
        made.bytes.data[6] = minor;
        put_u32(&made, T0);
        put_u32(&made, 0);
        put_u32(&made, 90);
        put_u32(&made, 2);
        put(&made, "ab", 2);
        capture = open_made(&made);
        assert_int_equal(expect_packet(capture, 1, T0 * NS, 2).wire_length, 90);
        expect_end(capture);
        capture_free(capture);
        made_release(&made);
    }
}

static void refuses_other_versions(void **state)
{
    struct made made = make_three();

    (void)state;
    made.bytes.data[4] = 3;
    expect_refused(buffer_slice(&made.bytes), "version 3.4");
    made.bytes.data[4] = 2;
    made.bytes.data[6] = 9;
    expect_refused(buffer_slice(&made.bytes), "version 2.9");
    made_release(&made);
}

static void reads_every_prefix(void **state)
{
    struct made made = make_three();

    (void)state;
    for (size_t length = 0; length < made.bytes.length; length++) {
        struct slice part = slice_part(buffer_slice(&made.bytes), 0, length);
        struct made prefix = { 0 };
        struct capture *capture;
        size_t records;

        if (length < 24) {
            expect_refused(part, length == 0  ? "empty (0 bytes)"
                                 : length < 4 ? "not a capture"
                                              : "ends inside its header");
            continue;
        }
        records = (length - 24) / 76;
        put(&prefix, part.data, part.length);
        capture = open_made(&prefix);
        assert_int_equal(count_rest(capture), records);
        assert_int_equal(capture_input(capture, 0)->broke_off, (length - 24) % 76 != 0);
        if (capture_input(capture, 0)->broke_off)
            expect_warning(capture, "the file ends inside packet");
        capture_free(capture);
        made_release(&prefix);
    }
    made_release(&made);
}

static void tells_where_it_was_cut(void **state)
{
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    made.bytes.length -= 36;
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 2);
    assert_string_equal(capture_input(capture, 0)->warnings[0],
                        "the file ends inside packet 3 (24 of 60 bytes); what is before it has "
                        "been read");
    capture_free(capture);
    made_release(&made);
}

static void finds_its_way_after_garbage(void **state)
{
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    put_fill(&made, 'x', 1001);
    put_record(&made, T0 + 3, 0, 3, 60);
    put_record(&made, T0 + 4, 0, 4, 60);
    capture = open_made(&made);
    for (uint64_t i = 1; i <= 3; i++)
        expect_packet(capture, i, (T0 + (int64_t)i - 1) * NS + ((int64_t)i - 1) * 1000, 60);
    assert_int_equal(expect_packet(capture, 4, (T0 + 3) * NS, 60).bytes.data[0], 3);
    expect_packet(capture, 5, (T0 + 4) * NS, 60);
    expect_end(capture);
    expect_warning(capture, "garbage at byte 252 where packet 4 should begin; skipped 1001 bytes");
    assert_false(capture_input(capture, 0)->broke_off);
    capture_free(capture);
    made_release(&made);
}

static void skips_a_hole_of_zeros(void **state)
{
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    put_fill(&made, 0, 4096);
    put_record(&made, T0 + 3, 0, 3, 60);
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 4);
    expect_warning(capture, "skipped 4096 bytes");
    capture_free(capture);
    made_release(&made);
}

/* As cat leaves them; the second is of another kind. */
static void reads_on_in_a_file_appended_to_another(void **state)
{
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    made.big = true;
    put_pcap_header(&made, NANO, 113);
    put_record(&made, T0 + 9000000, 1, 9, 70);
    capture = open_made(&made);
    for (int64_t i = 0; i < 3; i++)
        expect_packet(capture, (uint64_t)i + 1, (T0 + i) * NS + i * 1000, 60);
    assert_int_equal(expect_packet(capture, 4, (T0 + 9000000) * NS + 1, 70).link_type, 113);
    expect_end(capture);
    expect_warning(capture, "at byte 252 another pcap file begins");
    capture_free(capture);

    made.bytes.length = 252 + 10;
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 3);
    assert_true(capture_input(capture, 0)->broke_off);
    capture_free(capture);
    made_release(&made);
}

/* One odd time must not hide the packets after the garbage. */
static void finds_its_way_after_an_odd_time_too(void **state)
{
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    put_record(&made, 77, 0, 7, 60);
    put_fill(&made, 'x', 101);
    put_record(&made, T0 + 3, 0, 3, 60);
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 5);
    expect_warning(capture, "skipped 101 bytes");
    capture_free(capture);
    made_release(&made);
}

/* A length that could be true, but where the record would end there is no other one. */
static void sees_through_a_possible_length(void **state)
{
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    put_u32(&made, T0);
    put_u32(&made, 2000000); /* microseconds */
    put_u32(&made, 100);
    put_u32(&made, 60);
    put_record(&made, T0 + 3, 0, 0xfe, 60);
    put_record(&made, T0 + 4, 0, 0xff, 60);
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 5);
    expect_warning(capture, "skipped 16 bytes");
    capture_free(capture);
    made_release(&made);
}

static void stops_where_nothing_follows_the_garbage(void **state)
{
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    put_fill(&made, 0xff, 300000);
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 3);
    expect_warning(capture, "garbage at byte 252 where packet 4 should begin, and no packet");
    assert_true(capture_input(capture, 0)->broke_off);
    capture_free(capture);
    made_release(&made);
}

static void gives_up_on_endless_garbage(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    put_pcap_header(&made, MICRO, 1);
    for (uint32_t i = 0; i < 1200; i++) {
        put_record(&made, T0 + i, 0, 1, 20);
        put_record(&made, T0 + i, 0, 1, 20);
        put_fill(&made, 0xee, 20);
    }
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 2002);
    assert_int_equal(capture_input(capture, 0)->warning_count, INPUT_WARNINGS_MAX);
    assert_string_equal(capture_input(capture, 0)->warnings[INPUT_WARNINGS_MAX - 1],
                        "970 more warnings were left out");
    assert_true(capture_input(capture, 0)->broke_off);
    capture_free(capture);
    made_release(&made);
}

/* A header that allows it, as of a D-Bus capture; the window grows for it. */
static void reads_packets_larger_than_the_window(void **state)
{
    struct made made = { 0 };
    struct capture *capture;
    struct packet packet;

    (void)state;
    put_pcap_header(&made, MICRO, 1);
    patch_u32(&made, 16, 4 << 20);
    put_record(&made, T0, 0, 7, 1 << 20);
    put_record(&made, T0, 1, 8, 60);
    capture = open_made(&made);
    packet = expect_packet(capture, 1, T0 * NS, 1 << 20);
    assert_int_equal(packet.bytes.data[0], 7);
    assert_int_equal(packet.bytes.data[(1 << 20) - 1], 7);
    expect_packet(capture, 2, T0 * NS + 1000, 60);
    expect_end(capture);
    capture_free(capture);
    made_release(&made);
}

static void gives_no_packet_less_on_the_wire_than_captured(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    put_pcap_header(&made, MICRO, 1);
    put_record(&made, T0, 0, 1, 60);
    patch_u32(&made, 24 + 12, 0);
    capture = open_made(&made);
    assert_int_equal(expect_packet(capture, 1, T0 * NS, 60).wire_length, 60);
    expect_end(capture);
    capture_free(capture);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_both_byte_orders_and_resolutions),
        cmocka_unit_test(ignores_the_check_sequence_bits),
        cmocka_unit_test(reads_old_length_orders),
        cmocka_unit_test(refuses_other_versions),
        cmocka_unit_test(reads_every_prefix),
        cmocka_unit_test(tells_where_it_was_cut),
        cmocka_unit_test(finds_its_way_after_garbage),
        cmocka_unit_test(skips_a_hole_of_zeros),
        cmocka_unit_test(reads_on_in_a_file_appended_to_another),
        cmocka_unit_test(finds_its_way_after_an_odd_time_too),
        cmocka_unit_test(sees_through_a_possible_length),
        cmocka_unit_test(stops_where_nothing_follows_the_garbage),
        cmocka_unit_test(gives_up_on_endless_garbage),
        cmocka_unit_test(reads_packets_larger_than_the_window),
        cmocka_unit_test(gives_no_packet_less_on_the_wire_than_captured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
