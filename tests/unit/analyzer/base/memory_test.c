/* memory_test.c: budgets, arenas, buffers */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lyncscope/memory.h"

static void a_parent_refuses_for_its_children(void **state)
{
    struct budget parent, child;
    void *object;

    (void)state;
    budget_init(&parent, 100, NULL);
    budget_init(&child, 1000, &parent);
    object = memory_take(&child, 60);
    assert_non_null(object);
    assert_null(memory_take(&child, 60));
    assert_int_equal(child.used, 60);
    assert_int_equal(parent.used, 60);
    memory_give(&child, object, 60);
    assert_int_equal(parent.used, 0);
    assert_int_equal(parent.peak, 60);
}

static void an_arena_stays_within_its_limit_and_gives_all_back(void **state)
{
    struct budget budget;
    struct arena *arena;
    size_t taken = 0;

    (void)state;
    budget_init(&budget, 0, NULL);
    arena = arena_create(&budget, 100000);
    while (arena_take(arena, 100))
        taken += 100;
    assert_in_range(taken, 50000, 100000);
    assert_null(arena_take(arena, SIZE_MAX));
    arena_reset(arena);
    assert_non_null(arena_take(arena, 100));
    arena_free(arena);
    assert_int_equal(budget.used, 0);
}

static void arena_memory_is_zeroed_after_a_reset(void **state)
{
    struct arena *arena = arena_create(NULL, 0);
    uint8_t *bytes = arena_take(arena, 32);

    (void)state;
    for (size_t i = 0; i < 32; i++)
        bytes[i] = 0xff;
    arena_reset(arena);
    bytes = arena_take(arena, 32);
    for (size_t i = 0; i < 32; i++)
        assert_int_equal(bytes[i], 0);
    assert_string_equal(arena_text(arena, slice_of("ab\0cd", 5)), "ab");
    assert_string_equal(arena_print(arena, "%d-%s", 7, "x"), "7-x");
    arena_free(arena);
}

/* Objects from the front of a block, bytes from its end. */
/* A large object must not leave what is free in the block before it idle. */
static void small_objects_fill_what_large_ones_left(void **state)
{
    struct budget budget;
    struct arena *arena;
    size_t used;

    (void)state;
    budget_init(&budget, 0, NULL);
    arena = arena_create(&budget, 0);
    assert_non_null(arena_take(arena, 16));
    assert_non_null(arena_take(arena, 5000));
    assert_non_null(arena_take(arena, 500)); /* a block of its own, or the next one */
    used = budget.used;
    for (size_t i = 0; i < 20; i++)
        assert_non_null(arena_take(arena, 16));
    assert_int_equal(budget.used, used);
    arena_free(arena);
    assert_int_equal(budget.used, 0);
}

static void objects_stay_aligned_beside_bytes(void **state)
{
    struct arena *arena = arena_create(NULL, 0);
    struct slice bytes[300];
    uint8_t *objects[300];

    (void)state;
    for (size_t i = 0; i < 300; i++) {
        char piece[40];

        for (size_t k = 0; k < sizeof piece; k++)
            piece[k] = (char)('a' + (i + k) % 26);
        bytes[i] = arena_copy(arena, slice_of(piece, 1 + i % sizeof piece));
        objects[i] = arena_take(arena, 8 + i % 50);
        assert_int_equal((uintptr_t)objects[i] % 16, 0);
        for (size_t k = 0; k < 8 + i % 50; k++) {
            assert_int_equal(objects[i][k], 0);
            objects[i][k] = 0xee;
        }
    }
    for (size_t i = 0; i < 300; i++)
        for (size_t k = 0; k < bytes[i].length; k++)
            assert_int_equal(bytes[i].data[k], 'a' + (i + k) % 26);
    assert_int_equal(arena_copy(arena, slice_of(objects[0], 0)).length, 0);
    arena_free(arena);
}

static void a_buffer_grows_drops_and_refuses(void **state)
{
    struct budget budget;
    struct buffer buffer = { .budget = &budget };
    uint8_t block[600] = { 0 };

    (void)state;
    budget_init(&budget, 2048, NULL);
    assert_true(buffer_append(&buffer, slice_of("hello world", 11)));
    buffer_drop_front(&buffer, 6);
    assert_true(slice_is_text(buffer_slice(&buffer), "world"));
    assert_true(buffer_append(&buffer, slice_of(block, sizeof block)));
    assert_true(buffer_append(&buffer, slice_of(block, sizeof block)));
    assert_false(buffer_append(&buffer, slice_of(block, 1000)));
    assert_int_equal(buffer.length, 1205);
    buffer_drop_front(&buffer, 5000);
    assert_int_equal(buffer.length, 0);
    buffer_release(&buffer);
    assert_int_equal(budget.used, 0);
}

static void wiped_memory_is_zero(void **state)
{
    uint8_t bytes[] = { 1, 2, 3, 4 };
    struct budget budget;
    struct buffer buffer = { .budget = &budget };

    (void)state;
    memory_wipe(bytes + 1, 2);
    assert_memory_equal(bytes, "\1\0\0\4", 4);
    memory_wipe(NULL, 0);
    budget_init(&budget, 0, NULL);
    assert_true(buffer_append(&buffer, slice_of(bytes, 4)));
    buffer_wipe(&buffer);
    assert_null(buffer.data);
    assert_int_equal(budget.used, 0);
    buffer_wipe(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wiped_memory_is_zero),
        cmocka_unit_test(a_parent_refuses_for_its_children),
        cmocka_unit_test(an_arena_stays_within_its_limit_and_gives_all_back),
        cmocka_unit_test(arena_memory_is_zeroed_after_a_reset),
        cmocka_unit_test(small_objects_fill_what_large_ones_left),
        cmocka_unit_test(objects_stay_aligned_beside_bytes),
        cmocka_unit_test(a_buffer_grows_drops_and_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
