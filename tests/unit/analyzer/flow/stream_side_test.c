/* stream_side_test.c: which packet brought which byte, when there are more packets than marks */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyzer/flow/stream_side.h"

static struct budget budget;

static struct stream_side create(void)
{
    budget_init(&budget, 0, NULL);
    return (struct stream_side){ .unread = { .budget = &budget } };
}

static void add(struct stream_side *side, size_t bytes, uint64_t packet)
{
    static const uint8_t zeros[64];

    side_mark(side, (struct evidence){ .packet = packet });
    assert_true(buffer_append(&side->unread, slice_of(zeros, bytes)));
}

static void tells_each_byte(void **state)
{
    struct stream_side side = create();
    static const uint64_t packets[] = { 1, 1, 2, 3, 3, 3 };

    (void)state;
    add(&side, 2, 1);
    add(&side, 1, 2);
    add(&side, 3, 3);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(side_evidence(&side, i).packet, packets[i]);
    side_advance(&side, 2);
    assert_int_equal(side_evidence(&side, 0).packet, 2);
    assert_int_equal(side_evidence(&side, 1).packet, 3);
    side_advance(&side, 4);
    assert_int_equal(side.mark_count, 0);
    side_advance(&side, 100); /* skipped ones */
    add(&side, 1, 4);
    assert_int_equal(side_evidence(&side, 0).packet, 4);
    side_release(&side);
    assert_int_equal(budget.used, 0);
}

static void stays_near_with_many_packets(void **state)
{
    struct stream_side side = create();

    (void)state;
    for (uint64_t packet = 1; packet <= 5000; packet++)
        add(&side, 1, packet);
    for (size_t i = 0; i < 5000; i++) {
        uint64_t packet = side_evidence(&side, i).packet;

        assert_in_range(packet, 1, i + 1);
        assert_in_range(i + 1 - packet, 0, 64);
    }
    assert_int_equal(side_evidence(&side, 0).packet, 1);
    assert_int_equal(side_evidence(&side, 4999).packet, 5000);
    assert_in_range(side.mark_capacity, 1, 256);
    side_release(&side);
    assert_int_equal(budget.used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_each_byte),
        cmocka_unit_test(stays_near_with_many_packets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
