/* lifelines_test.c: one line a host */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/ladder.h"

#define V4(last)                                                                                   \
    {                                                                                              \
        4,                                                                                         \
        {                                                                                          \
            10, 0, 0, last                                                                         \
        }                                                                                          \
    }

static const struct dns_lookup dns = { .name = "x" };

static void test_names_and_addresses_join(void **state)
{
    struct step steps[] = {
        { .from = { { V4(1), 0 }, NULL, ROLE_CLIENT },
          .to = { { V4(53), 0 }, NULL, ROLE_DNS },
          .dns = &dns },
        { .from = { { V4(1), 0 }, NULL, ROLE_CLIENT },
          .to = { { V4(54), 0 }, NULL, ROLE_DNS },
          .dns = &dns },
        { .from = { { V4(1), 0 }, NULL, ROLE_CLIENT }, .to = { { V4(9), 80 }, "a", ROLE_SERVER } },
        { .from = { { V4(1), 0 }, NULL, ROLE_CLIENT }, .to = { { V4(9), 443 }, "b", ROLE_PROXY } },
        { .from = { { V4(1), 0 }, NULL, ROLE_CLIENT }, .to = { { V4(8), 443 }, "b", ROLE_PROXY } },
        { .from = { { V4(1), 0 }, NULL, ROLE_CLIENT }, .to = { { V4(7), 443 }, "c", ROLE_SERVER } },
    };
    struct signin signin = { .client = { { V4(1), 0 }, NULL, ROLE_CLIENT },
                             .steps = steps,
                             .step_count = 6 };
    struct lifelines lines;

    (void)state;
    lifelines_collect(&lines, &signin);
    assert_int_equal(lines.count, 4);
    assert_int_equal(lines.lines[1].role, ROLE_DNS);
    assert_int_equal(lines.lines[1].addresses, 2);
    assert_int_equal(lines.lines[2].role, ROLE_PROXY);
    assert_int_equal(lines.lines[2].addresses, 2);
    assert_int_equal(lifelines_of_step(&lines, &steps[1]).to, 1);
    assert_int_equal(lifelines_of_step(&lines, &steps[4]).to, 2);
    assert_int_equal(lifelines_of_step(&lines, &steps[5]).to, 3);
    assert_int_equal(lifelines_of_step(&lines, &steps[5]).from, 0);
}

/* Everything on one address: the roles keep the lines apart. */
static void test_one_address(void **state)
{
    struct step steps[] = {
        { .from = { { V4(1), 0 }, NULL, ROLE_CLIENT },
          .to = { { V4(1), 53 }, NULL, ROLE_DNS },
          .dns = &dns },
        { .from = { { V4(1), 0 }, NULL, ROLE_CLIENT }, .to = { { V4(1), 80 }, "a", ROLE_SERVER } },
    };
    struct signin signin = { .client = { { V4(1), 0 }, NULL, ROLE_CLIENT },
                             .steps = steps,
                             .step_count = 2 };
    struct lifelines lines;

    (void)state;
    lifelines_collect(&lines, &signin);
    assert_int_equal(lines.count, 3);
    assert_int_equal(lifelines_of_step(&lines, &steps[1]).to, 2);
}

/* The inner side of a proxy has another address, and is the same line. */
static void test_relay(void **state)
{
    struct relay relay = { .from = { { V4(19), 0 }, NULL, ROLE_PROXY },
                           .to = { { V4(20), 0 }, "pool", ROLE_FRONT_END } };
    struct step steps[] = {
        { .from = { { V4(1), 0 }, NULL, ROLE_CLIENT },
          .to = { { V4(9), 80 }, "a", ROLE_PROXY },
          .relay = &relay },
        { .from = { { V4(19), 0 }, NULL, ROLE_PROXY }, .to = { { V4(20), 0 }, NULL, ROLE_SERVER } },
    };
    struct signin signin = { .client = { { V4(1), 0 }, NULL, ROLE_CLIENT },
                             .steps = steps,
                             .step_count = 2 };
    struct lifelines lines;

    (void)state;
    lifelines_collect(&lines, &signin);
    assert_int_equal(lines.count, 3);
    assert_int_equal(lifelines_of_relay(&lines, &steps[0]).from, 1);
    assert_int_equal(lifelines_of_relay(&lines, &steps[0]).to, 2);
    assert_int_equal(lifelines_of_step(&lines, &steps[1]).from, 1);
    assert_int_equal(lifelines_of_step(&lines, &steps[1]).to, 2);
}

static void test_too_many_hosts(void **state)
{
    struct step steps[100] = { 0 };
    struct signin signin = { .client = { { V4(1), 0 }, NULL, ROLE_CLIENT },
                             .steps = steps,
                             .step_count = 100 };
    struct lifelines lines;

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        steps[i].from.role = ROLE_CLIENT;
        steps[i].to = (struct party){ { V4((uint8_t)(i + 2)), 0 }, NULL, ROLE_SERVER };
    }
    lifelines_collect(&lines, &signin);
    assert_int_equal(lines.count, LIFELINES_MAX);
    assert_int_equal(lifelines_of_step(&lines, &steps[99]).to, LIFELINES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_and_addresses_join),
        cmocka_unit_test(test_one_address),
        cmocka_unit_test(test_relay),
        cmocka_unit_test(test_too_many_hosts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
