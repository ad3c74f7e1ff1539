/* roster_test.c: which sign-ins, in which order and groups */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "ui/columns.h"
#include "ui/roster.h"

static const struct signin one = { .id = 1, .user = "sip:b@x", .outcome = OUTCOME_SUCCEEDED };
static const struct signin two = { .id = 2, .user = "sip:a@x", .outcome = OUTCOME_FAILED };
static const struct signin three = { .id = 3, .user = "sip:a@x", .outcome = OUTCOME_INCOMPLETE };
static const struct signin *const all[] = { &one, &two, &three };
static const struct report report = { .signins = all, .signin_count = 3 };

/* The ids of the rows in order; 0 is the head of a group. */
static void expect(struct roster_wish wish, const unsigned *ids, size_t count)
{
    struct roster roster = { 0 };

    roster_build(&roster, &report, &wish);
    assert_int_equal(roster.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(roster.rows[i].signin ? roster.rows[i].signin->id : 0, ids[i]);
    roster_release(&roster);
}

#define EXPECT(wish, ...)                                                                          \
    do {                                                                                           \
        static const unsigned ids[] = { __VA_ARGS__ };                                             \
        expect(wish, ids, sizeof ids / sizeof *ids);                                               \
    } while (0)

static void test_order(void **state)
{
    struct roster_wish wish = { 0 };

    (void)state;
    EXPECT(wish, 1, 2, 3);
    wish.reversed = true;
    EXPECT(wish, 3, 2, 1);
    wish.compare = column_compare(COLUMN_USER);
    EXPECT(wish, 1, 3, 2);
    wish.reversed = false;
    EXPECT(wish, 2, 3, 1);
    wish.compare = column_compare(COLUMN_RESULT);
    EXPECT(wish, 2, 3, 1);
}

static void test_filter(void **state)
{
    struct row_filter failed = { 0 };
    struct roster_wish wish = { .filter = &failed };
    struct roster roster = { 0 };

    (void)state;
    row_filter_set(&failed, TRAIT_RESULT, "failed");
    roster_build(&roster, &report, &wish);
    assert_int_equal(roster.count, 1);
    assert_int_equal(roster.shown, 1);
    assert_int_equal(roster.hidden, 2);
    assert_int_equal(roster_find(&roster, 2), 0);
    assert_int_equal(roster_find(&roster, 3), 1);
    roster_release(&roster);
}

/* The group with a failure comes first; a head stands in front of each. */
static void test_groups(void **state)
{
    struct folds folds = { 0 };
    struct roster_wish wish = { .grouped = true, .group = TRAIT_USER, .folds = &folds };
    struct roster roster = { 0 };
    uint64_t key = roster_group_key(&two, TRAIT_USER);

    (void)state;
    assert_true(key == roster_group_key(&three, TRAIT_USER));
    assert_false(key == roster_group_key(&one, TRAIT_USER));
    EXPECT(wish, 0, 2, 3, 0, 1);
    wish.reversed = true;
    EXPECT(wish, 0, 3, 2, 0, 1);
    folds_set(&folds, key, true);
    EXPECT(wish, 0, 0, 1);
    roster_build(&roster, &report, &wish);
    assert_int_equal(roster.group_count, 2);
    assert_int_equal(roster.groups[0].count, 2);
    assert_int_equal(roster.groups[0].failed, 1);
    assert_true(roster.groups[0].folded);
    assert_int_equal(roster_find(&roster, 3), 0); /* its folded group stands for it */
    assert_int_equal(roster_find(&roster, 1), 2);
    assert_int_equal(roster_find(&roster, 9), 3);
    assert_int_equal(roster_find_group(&roster, key), 0);
    roster_release(&roster);
    folds_set_all(&folds, true);
    EXPECT(wish, 0, 0);
    folds_set(&folds, key, false);
    EXPECT(wish, 0, 3, 2, 0);
    wish.group = TRAIT_CAUSE; /* without one: by how they ended */
    folds_set_all(&folds, false);
    wish.reversed = false;
    EXPECT(wish, 0, 2, 0, 1, 0, 3);
}

/* Many groups and the next frame with fewer: nothing is left of the one before. */
static void test_reuse(void **state)
{
    enum { COUNT = 3000 };
    static struct signin signins[COUNT];
    static const struct signin *list[COUNT];
    static char domains[COUNT][16];
    struct roster_wish wish = { .grouped = true, .group = TRAIT_DOMAIN };
    struct report many = { .signins = list, .signin_count = COUNT };
    struct roster roster = { 0 };

    (void)state;
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(domains[i], sizeof domains[i], "d%u.com", i / 2);
        signins[i] = (struct signin){ .id = i + 1, .sip_domain = domains[i] };
        list[i] = &signins[i];
    }
    roster_build(&roster, &many, &wish);
    assert_int_equal(roster.group_count, COUNT / 2);
    assert_int_equal(roster.count, COUNT + COUNT / 2);
    assert_int_equal(roster_find(&roster, COUNT), COUNT + COUNT / 2 - 1);
    roster_build(&roster, &report, &wish);
    assert_int_equal(roster.group_count, 1);
    assert_int_equal(roster.count, 4);
    roster_release(&roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_reuse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
