/* choices_test.c: going through the values that occur */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "ui/choices.h"

static void test_round(void **state)
{
    static const struct signin a = { .id = 1, .sip_domain = "B.com" };
    static const struct signin b = { .id = 2 };
    static const struct signin c = { .id = 3, .sip_domain = "b.com" };
    static const struct signin comma = { .id = 4, .sip_domain = "x,y" };
    static const struct signin *const all[] = { &a, &b, &c, &comma };
    static const char *const expected[] = { "=b.com", "=", "", "=b.com" };
    struct report report = { .signins = all, .signin_count = 4 };
    struct row_filter filter = { 0 };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        choices_step(&filter, TRAIT_DOMAIN, &report, 1);
        assert_string_equal(filter.values[TRAIT_DOMAIN], expected[i]);
    }
    choices_step(&filter, TRAIT_DOMAIN, &report, -1);
    choices_step(&filter, TRAIT_DOMAIN, &report, -1);
    assert_string_equal(filter.values[TRAIT_DOMAIN], "=");
    row_filter_set(&filter, TRAIT_DOMAIN, "typed"); /* none of them: from the beginning */
    choices_step(&filter, TRAIT_DOMAIN, &report, 1);
    assert_string_equal(filter.values[TRAIT_DOMAIN], "=b.com");
    report.signin_count = 0;
    choices_step(&filter, TRAIT_DOMAIN, &report, 1);
    assert_string_equal(filter.values[TRAIT_DOMAIN], "");
}

/* Of very many only the first ones. */
static void test_many(void **state)
{
    enum { COUNT = 500 };
    static struct signin signins[COUNT];
    static const struct signin *list[COUNT];
    static char users[COUNT][20];
    struct report report = { .signins = list, .signin_count = COUNT };
    struct row_filter filter = { 0 };
    int steps = 0;

    (void)state;
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(users[i], sizeof users[i], "sip:u%u@x", i);
        signins[i] = (struct signin){ .id = i + 1, .user = users[i] };
        list[i] = &signins[i];
    }
    do {
        choices_step(&filter, TRAIT_USER, &report, 1);
        steps++;
    } while (filter.values[TRAIT_USER][0]);
    assert_int_equal(steps, 101);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
