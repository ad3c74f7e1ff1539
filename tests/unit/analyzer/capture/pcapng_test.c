/* pcapng_test.c: the blocks of pcapng, its clocks, and what spoils them */
#include "capture_bytes.h"

enum { MICROSECONDS = 6 };

static struct made make_three(void)
{
    struct made made = { 0 };

    put_section(&made);
    put_interface(&made, 1, 0, -1);
    for (uint8_t i = 0; i < 3; i++)
        put_packet(&made, 0, (T0 + (uint64_t)i) * 1000000, i, 58);
    return made;
}

static void reads_sections_in_both_byte_orders(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    for (int section = 0; section < 3; section++) {
        made.big = section == 1;
        put_section(&made);
        put_interface(&made, (uint16_t)(section == 1 ? 113 : 1), 65535, 9);
        put_interface(&made, 101, 96, 3);
        put_packet(&made, 0, (uint64_t)T0 * 1000000000 + 5, 1, 33);
        put_packet(&made, 1, (uint64_t)T0 * 1000 + 7, 1, 40);
    }
    capture = open_made(&made);
    for (uint64_t section = 0; section < 3; section++) {
        struct packet packet = expect_packet(capture, 2 * section + 1, T0 * NS + 5, 33);

        assert_int_equal(packet.link_type, section == 1 ? 113 : 1);
        packet = expect_packet(capture, 2 * section + 2, T0 * NS + 7000000, 40);
        assert_int_equal(packet.link_type, 101);
    }
    expect_end(capture);
    assert_int_equal(capture_input(capture, 0)->kind, INPUT_PCAPNG);
    assert_int_equal(capture_input(capture, 0)->warning_count, 0);
    capture_free(capture);
    made_release(&made);
}

static void reads_every_time_resolution(void **state)
{
    static const struct {
        uint8_t resolution;
        uint64_t ticks;
        int64_t time_ns;
    } cases[] = {
        { 0, T0, T0 * NS },
        { 3, T0 * UINT64_C(1000) + 1, T0 * NS + 1000000 },
        { 9, T0 * UINT64_C(1000000000) + 1, T0 * NS + 1 },
        { 10, T0 * UINT64_C(10000000000) + 19, T0 * NS + 1 },
        { 28, UINT64_MAX, 1 },
        { 127, UINT64_MAX, 0 },
        { 0x80, T0, T0 * NS },
        { 0x80 | 1, 2 * (uint64_t)T0 + 1, T0 * NS + NS / 2 },
        { 0x80 | 20, ((uint64_t)T0 << 20) + (1 << 18), T0 * NS + NS / 4 },
        { 0x80 | 32, ((uint64_t)T0 << 32) + (UINT64_C(1) << 31), T0 * NS + NS / 2 },
        { 0x80 | 63, UINT64_C(1) << 62, NS / 2 },
        { 0x80 | 64, UINT64_C(1) << 63, NS / 2 },
        { 0xff, UINT64_MAX, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made made = { 0 };
        struct capture *capture;

        put_section(&made);
        put_interface(&made, 1, 0, cases[i].resolution);
        put_packet(&made, 0, cases[i].ticks, 1, 60);
        capture = open_made(&made);
        expect_packet(capture, 1, cases[i].time_ns, 60);
        assert_int_equal(capture_input(capture, 0)->warning_count, 0);
        capture_free(capture);
        made_release(&made);
    }
}

static struct made make_with_offset(int64_t offset, uint8_t resolution, uint64_t ticks)
{
    struct made made = { 0 };
    struct made number = { 0 };
    struct open_block block;

    put_section(&made);
    block = begin_block(&made, 1);
    put_u32(&made, 1);
    put_u32(&made, 0);
    put_u64(&number, (uint64_t)offset);
    put_option(&made, 2, "eth0", 4);
    put_option(&made, 9, &resolution, 1);
    put_option(&made, 14, number.bytes.data, 8);
    put_u32(&made, 0);
    end_block(&made, block);
    put_packet(&made, 0, ticks, 1, 60);
    made_release(&number);
    return made;
}

static void adds_the_time_offset(void **state)
{
    struct made made = make_with_offset(-3600, MICROSECONDS, (uint64_t)T0 * 1000000 + 2);
    struct capture *capture = open_made(&made);

    (void)state;
    expect_packet(capture, 1, (T0 - 3600) * NS + 2000, 60);
    assert_int_equal(capture_input(capture, 0)->warning_count, 0);
    capture_free(capture);
    made_release(&made);
}

static void clamps_times_beyond_any_calendar(void **state)
{
    static const struct {
        int64_t offset;
        uint64_t ticks;
    } cases[] = { { 0, UINT64_MAX },
                  { INT64_MAX, UINT64_MAX },
                  { INT64_MAX, 0 },
                  { INT64_MIN, 0 },
                  { INT64_MIN, 5 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made made = make_with_offset(cases[i].offset, 0, cases[i].ticks);
        struct capture *capture = open_made(&made);
        struct packet packet;

        assert_int_equal(capture_next(capture, &packet), STATUS_OK);
        if (cases[i].offset < 0)
            assert_true(packet.time_ns < -9000000000 * NS);
        else
            assert_true(packet.time_ns > 9000000000 * NS);
        expect_warning(capture, "clamped");
        capture_free(capture);
        made_release(&made);
    }
}

static void reads_simple_packets(void **state)
{
    struct made made = { 0 };
    struct open_block block;
    struct capture *capture;

    (void)state;
    put_section(&made);
    put_interface(&made, 1, 50, -1);
    put_packet(&made, 0, (uint64_t)T0 * 1000000, 1, 20);
    block = begin_block(&made, 3);
    put_u32(&made, 90); /* on the wire; cut at the snap length */
    put_fill(&made, 2, 50);
    put_fill(&made, 0, 2);
    end_block(&made, block);
    capture = open_made(&made);
    expect_packet(capture, 1, T0 * NS, 20);
    assert_int_equal(expect_packet(capture, 2, T0 * NS, 50).wire_length, 90);
    expect_end(capture);
    expect_warning(capture, "packet 2 has no time");
    assert_int_equal(capture_input(capture, 0)->cut_packets, 1);
    capture_free(capture);
    made_release(&made);
}

static void reads_obsolete_packets(void **state)
{
    struct made made = { .big = true };
    struct open_block block;
    struct capture *capture;

    (void)state;
    put_section(&made);
    put_interface(&made, 1, 0, -1);
    for (uint16_t drops = 0; drops < 2; drops++) {
        block = begin_block(&made, 2);
        put_u16(&made, 0);
        put_u16(&made, drops ? 7 : 0xffff);
        put_u64(&made, (uint64_t)T0 * 1000000);
        put_u32(&made, 5);
        put_u32(&made, 99);
        put(&made, "abcde\0\0\0", 8);
        end_block(&made, block);
    }
    capture = open_made(&made);
    assert_int_equal(expect_packet(capture, 1, T0 * NS, 5).wire_length, 99);
    expect_packet(capture, 2, T0 * NS, 5);
    expect_end(capture);
    assert_int_equal(capture_input(capture, 0)->drops, 7);
    capture_free(capture);
    made_release(&made);
}

static void put_statistics(struct made *made, uint32_t interface, uint64_t ifdrop, uint64_t osdrop)
{
    struct open_block block = begin_block(made, 5);
    struct made number = { .big = made->big };

    put_u32(made, interface);
    put_u64(made, 0);
    put_u64(&number, ifdrop);
    put_u64(&number, osdrop);
    put_option(made, 5, number.bytes.data, 8);
    put_option(made, 7, number.bytes.data + 8, 8);
    put_u32(made, 0);
    end_block(made, block);
    made_release(&number);
}

/* Statistics count from the start of the capture: a later block replaces an earlier one. */
static void adds_up_the_drops_of_interfaces(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    put_section(&made);
    put_interface(&made, 1, 0, -1);
    put_interface(&made, 1, 0, -1);
    put_statistics(&made, 0, 1, 2);
    put_statistics(&made, 1, 0, 10);
    put_statistics(&made, 0, 4, 2);
    put_statistics(&made, 9, 1000, 1000);
    capture = open_made(&made);
    expect_end(capture);
    assert_int_equal(capture_input(capture, 0)->drops, 16);
    capture_free(capture);
    made_release(&made);
}

static void skips_blocks_that_carry_nothing(void **state)
{
    static const uint32_t types[] = { 4, 10, 0xbad, 0x40000bad, 9, 0x80000001, 77 };
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct open_block block = begin_block(&made, types[i]);

        put_fill(&made, 0x5a, i == 0 ? 3 << 20 : 64); /* a large one is skipped in parts */
        end_block(&made, block);
        put_packet(&made, 0, (T0 + 10 + i) * UINT64_C(1000000), 9, 60);
    }
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 3 + sizeof types / sizeof *types);
    assert_int_equal(capture_input(capture, 0)->warning_count, 0);
    capture_free(capture);
    made_release(&made);
}

static void counts_packets_of_undeclared_interfaces(void **state)
{
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    put_packet(&made, 1, 0, 9, 60);
    put_packet(&made, 4000000000u, 0, 9, 60);
    put_packet(&made, 0, (T0 + 3) * UINT64_C(1000000), 9, 60);
    put_section(&made);
    put_packet(&made, 0, 0, 9, 60); /* its section declares none */
    capture = open_made(&made);
    for (uint64_t i = 1; i <= 3; i++)
        expect_packet(capture, i, (T0 + (int64_t)i - 1) * NS, 58);
    expect_packet(capture, 6, (T0 + 3) * NS, 60);
    expect_end(capture);
    assert_int_equal(capture_input(capture, 0)->packets, 7);
    assert_int_equal(capture_input(capture, 0)->warning_count, 1);
    expect_warning(capture, "packet 4 is of interface 1, which its section does not declare");
    capture_free(capture);
    made_release(&made);
}

static void takes_a_packet_longer_than_its_block_as_cut(void **state)
{
    struct made made = make_three();
    size_t start = made.bytes.length;
    struct capture *capture;
    struct packet packet;

    (void)state;
    put_packet(&made, 0, (T0 + 3) * UINT64_C(1000000), 9, 60);
    patch_u32(&made, start + 20, 0xfffffff0u);
    patch_u32(&made, start + 24, 0xfffffff0u);
    capture = open_made(&made);
    for (int i = 0; i < 4; i++)
        assert_int_equal(capture_next(capture, &packet), STATUS_OK);
    assert_int_equal(packet.bytes.length, 60);
    expect_end(capture);
    expect_warning(capture, "packet 4 claims 4294967280 bytes and its block holds 60");
    capture_free(capture);
    made_release(&made);
}

/* A block with such a length in the middle: told, and the next block is found. */
static void survives_impossible_lengths(void **state)
{
    static const uint32_t lengths[] = { 0, 4, 8, 13, 61, 0x04000004, 0xfffffffc, 0xffffffff };

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct made made = make_three();
        size_t start = made.bytes.length;
        struct capture *capture;
        char expected[60];

        put_packet(&made, 0, (T0 + 3) * UINT64_C(1000000), 9, 60);
        put_packet(&made, 0, (T0 + 4) * UINT64_C(1000000), 9, 60);
        patch_u32(&made, start + 4, lengths[i]);
        capture = open_made(&made);
        assert_int_equal(count_rest(capture), 4);
        snprintf(expected, sizeof expected, "an impossible length in the block at byte %zu;",
                 start);
        expect_warning(capture, expected);
        assert_false(capture_input(capture, 0)->broke_off);
        capture_free(capture);
        made_release(&made);
    }
}

static void stops_where_no_block_follows(void **state)
{
    struct made made = make_three();
    struct capture *capture;

    (void)state;
    put_u32(&made, 6);
    put_u32(&made, 0xfffffffc);
    put_fill(&made, 0xaa, 5000);
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 3);
    expect_warning(capture, "stopped there");
    assert_true(capture_input(capture, 0)->broke_off);
    capture_free(capture);
    made_release(&made);
}

static void settles_lengths_that_disagree(void **state)
{
    struct made made = make_three();
    size_t start = made.bytes.length;
    struct capture *capture;

    (void)state;
    put_packet(&made, 0, (T0 + 3) * UINT64_C(1000000), 9, 60);
    patch_u32(&made, made.bytes.length - 4, 4711); /* the first length is right */
    put_packet(&made, 0, (T0 + 4) * UINT64_C(1000000), 9, 60);
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 5);
    expect_warning(capture, "read by the first");
    capture_free(capture);

    patch_u32(&made, start + 4, 64); /* both are wrong */
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 4);
    expect_warning(capture, "lengths that disagree in the block at byte");
    capture_free(capture);
    made_release(&made);
}

static void reads_every_prefix(void **state)
{
    struct made made = make_three();
    size_t first = 28 + 20; /* section and interface; a packet's block has 92 bytes */

    (void)state;
    for (size_t length = 0; length < made.bytes.length; length++) {
        struct slice part = slice_part(buffer_slice(&made.bytes), 0, length);
        struct made prefix = { 0 };
        struct capture *capture;

        if (length < 28) {
            expect_refused(part, length == 0  ? "empty"
                                 : length < 4 ? "not a capture"
                                              : "ends inside its header");
            continue;
        }
        put(&prefix, part.data, part.length);
        capture = open_made(&prefix);
        assert_int_equal(count_rest(capture), length < first ? 0 : (length - first) / 92);
        assert_int_equal(capture_input(capture, 0)->broke_off,
                         length < first ? length != 28 : (length - first) % 92 != 0);
        capture_free(capture);
        made_release(&prefix);
    }
    made_release(&made);
}

static void refuses_what_only_begins_like_pcapng(void **state)
{
    struct made made = make_three();

    (void)state;
    made.bytes.data[12] = 9;
    expect_refused(buffer_slice(&made.bytes), "version 9.0");
    made.bytes.data[8] = 0;
    expect_refused(buffer_slice(&made.bytes), "without its byte order");
    made_release(&made);
}

static void stops_at_a_section_of_another_version(void **state)
{
    struct made made = make_three();
    size_t start = made.bytes.length;
    struct capture *capture;

    (void)state;
    put_section(&made);
    made.bytes.data[start + 12] = 2;
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 3);
    expect_warning(capture, "version 2.0");
    capture_free(capture);
    made_release(&made);
}

/* Each takes some memory: a file of nothing else must not fill it. */
static void keeps_a_bounded_number_of_interfaces(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    put_section(&made);
    for (int i = 0; i < 65540; i++)
        put_interface(&made, 1, 0, -1);
    put_packet(&made, 65535, 0, 1, 60);
    put_packet(&made, 65536, 0, 1, 60);
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 1);
    expect_warning(capture, "more interfaces than can be kept");
    capture_free(capture);
    made_release(&made);
}

/* An option's length beyond its block, in each block that has options. */
static void survives_options_that_run_over(void **state)
{
    static const uint32_t types[] = { 1, 5, 6 };
    static const size_t bodies[] = { 8, 12, 20 };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct made made = make_three();
        struct open_block block = begin_block(&made, types[i]);
        struct capture *capture;

        put_fill(&made, 0, bodies[i]);
        put_u16(&made, 4);
        put_u16(&made, 0xfff0);
        end_block(&made, block);
        capture = open_made(&made);
        assert_int_equal(count_rest(capture), types[i] == 6 ? 4 : 3);
        capture_free(capture);
        made_release(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_sections_in_both_byte_orders),
        cmocka_unit_test(reads_every_time_resolution),
        cmocka_unit_test(adds_the_time_offset),
        cmocka_unit_test(clamps_times_beyond_any_calendar),
        cmocka_unit_test(reads_simple_packets),
        cmocka_unit_test(reads_obsolete_packets),
        cmocka_unit_test(adds_up_the_drops_of_interfaces),
        cmocka_unit_test(skips_blocks_that_carry_nothing),
        cmocka_unit_test(counts_packets_of_undeclared_interfaces),
        cmocka_unit_test(takes_a_packet_longer_than_its_block_as_cut),
        cmocka_unit_test(survives_impossible_lengths),
        cmocka_unit_test(stops_where_no_block_follows),
        cmocka_unit_test(settles_lengths_that_disagree),
        cmocka_unit_test(reads_every_prefix),
        cmocka_unit_test(refuses_what_only_begins_like_pcapng),
        cmocka_unit_test(stops_at_a_section_of_another_version),
        cmocka_unit_test(keeps_a_bounded_number_of_interfaces),
        cmocka_unit_test(survives_options_that_run_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
