/* clocks_test.c: two files that saw the same packets, by clocks that differ */
#include "capture_bytes.h"

#define MICRO 0xa1b2c3d4u
#define MS INT64_C(1000000)

enum { FRAME = 14 + 20 + 20, PACKETS = 8 };

struct view {               /* how one capture point sees the conversation */
    int64_t late_ms;        /* its clock */
    int64_t up_ms, down_ms; /* how long packets of each direction took to it */
    uint32_t first, count;  /* which of them it saw */
};

/* Packet `n` goes up when it is even; every one has a sequence number of its own. */
static void put_segment(struct made *made, uint32_t n, int64_t time_ms)
{
    uint8_t frame[FRAME] = { 0 };
    uint8_t *ip = frame + 14, *tcp = ip + 20;

    frame[12] = 8;
    ip[0] = 0x45;
    ip[3] = 40;
    ip[8] = (uint8_t)(60 + made->bytes.length % 4); /* TTL: changes on the way */
    ip[9] = 6;
    ip[12] = ip[16] = 10;
    ip[15] = n % 2 ? 9 : 1;
    ip[19] = n % 2 ? 1 : 9;
    tcp[7] = (uint8_t)n;
    tcp[12] = 0x50;
    tcp[13] = 0x10;
    tcp[16] = (uint8_t)made->bytes.length; /* checksum: not filled in by everyone */
    put_u32(made, (uint32_t)(time_ms / 1000));
    put_u32(made, (uint32_t)(time_ms % 1000 * 1000));
    put_u32(made, FRAME);
    put_u32(made, FRAME);
    put(made, frame, FRAME);
}

static struct made see(const struct view *view)
{
    struct made made = { 0 };

    put_pcap_header(&made, MICRO, 1);
    for (uint32_t n = view->first; n < view->first + view->count; n++)
        put_segment(&made, n,
                    INT64_C(1700000000) * 1000 + 400 * n + view->late_ms +
                        (n % 2 ? view->down_ms : view->up_ms));
    return made;
}

/* The gap found for the second of two files, and that their packets come in order. */
static struct clock_gap compare(const struct view *a, const struct view *b)
{
    const struct view *views[2] = { a, b };
    struct capture *capture = capture_create(NULL);
    struct complaint complaint;
    struct packet packet;
    struct clock_gap gap;
    int descriptors[2];

    for (size_t i = 0; i < 2; i++) {
        struct made made = see(views[i]);
        char path[PATH_BYTES];

        descriptors[i] = memory_file(buffer_slice(&made.bytes), path);
        assert_int_equal(capture_add_file(capture, path, &complaint), STATUS_OK);
        made_release(&made);
    }
    while (capture_next(capture, &packet) == STATUS_OK)
        ;
    assert_int_equal(capture_input(capture, 0)->clock.ahead_ns, 0);
    gap = capture_input(capture, 1)->clock;
    if (gap.ahead_ns) { /* what is left is the way from one point to the other */
        int64_t apart =
            capture_input(capture, 1)->first_time_ns - capture_input(capture, 0)->first_time_ns;

        assert_int_equal(apart, (400 * (int64_t)(b->first - a->first) + b->up_ms) * MS);
    }
    capture_free(capture);
    close(descriptors[0]);
    close(descriptors[1]);
    return gap;
}

static void a_clock_ahead_is_set_back(void **state)
{
    struct clock_gap gap =
        compare(&(struct view){ 0, 0, 0, 0, PACKETS }, &(struct view){ 2500, 0, 0, 0, PACKETS });

    (void)state;
    assert_int_equal(gap.ahead_ns, 2500 * MS);
    assert_int_equal(gap.reference, 0);
    assert_int_equal(gap.packet, 1);
    assert_int_equal(gap.reference_packet, 1);
}

static void a_clock_behind_is_set_forward(void **state)
{
    struct clock_gap gap = compare(&(struct view){ 0, 0, 0, 0, PACKETS + 4 },
                                   &(struct view){ -3600000, 0, 0, 4, PACKETS });

    (void)state;
    assert_int_equal(gap.ahead_ns, -3600000 * MS);
    assert_int_equal(gap.packet, 1);
    assert_int_equal(gap.reference_packet, 5);
}

/* A satellite link: packets up come 150 ms later, packets down were there 150 ms earlier. */
static void the_way_between_is_no_difference(void **state)
{
    struct view far = { 0, 150, -150, 0, PACKETS };

    (void)state;
    assert_int_equal(compare(&(struct view){ 0, 0, 0, 0, PACKETS }, &far).ahead_ns, 0);
    far.late_ms = 1000;
    assert_int_equal(compare(&(struct view){ 0, 0, 0, 0, PACKETS }, &far).ahead_ns, 1000 * MS);
}

static void nothing_shared_says_nothing(void **state)
{
    (void)state;
    assert_int_equal(
        compare(&(struct view){ 0, 0, 0, 0, PACKETS }, &(struct view){ 5000, 0, 0, 100, PACKETS })
            .ahead_ns,
        0);
    assert_int_equal(
        compare(&(struct view){ 0, 0, 0, 0, 4 }, &(struct view){ 5000, 0, 0, 0, 4 }).ahead_ns, 0);
}

static void less_than_noticed_is_let_be(void **state)
{
    (void)state;
    assert_int_equal(
        compare(&(struct view){ 0, 0, 0, 0, PACKETS }, &(struct view){ 90, 0, 0, 0, PACKETS })
            .ahead_ns,
        0);
}

/* Half of what they share says one thing and half another: no constant. */
static void a_drifting_difference_says_nothing(void **state)
{
    struct view whole = { 0, 0, 0, 0, 2 * PACKETS };
    struct made a = see(&whole), b = { 0 };
    struct capture *capture = capture_create(NULL);
    char path_a[PATH_BYTES], path_b[PATH_BYTES];
    struct complaint complaint;
    struct packet packet;
    int descriptor_a, descriptor_b;

    (void)state;
    put_pcap_header(&b, MICRO, 1);
    for (uint32_t n = 0; n < 2 * PACKETS; n++)
        put_segment(&b, n, INT64_C(1700000000) * 1000 + 400 * n + 700 * n);
    descriptor_a = memory_file(buffer_slice(&a.bytes), path_a);
    descriptor_b = memory_file(buffer_slice(&b.bytes), path_b);
    assert_int_equal(capture_add_file(capture, path_a, &complaint), STATUS_OK);
    assert_int_equal(capture_add_file(capture, path_b, &complaint), STATUS_OK);
    while (capture_next(capture, &packet) == STATUS_OK)
        ;
    assert_int_equal(capture_input(capture, 1)->clock.ahead_ns, 0);
    capture_free(capture);
    close(descriptor_a);
    close(descriptor_b);
    made_release(&a);
    made_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_ahead_is_set_back),
        cmocka_unit_test(a_clock_behind_is_set_forward),
        cmocka_unit_test(the_way_between_is_no_difference),
        cmocka_unit_test(nothing_shared_says_nothing),
        cmocka_unit_test(less_than_noticed_is_let_be),
        cmocka_unit_test(a_drifting_difference_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
