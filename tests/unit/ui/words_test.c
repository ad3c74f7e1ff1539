/* words_test.c: times, hosts and numbers */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/words.h"

static void expect_duration(int64_t ns, const char *expected)
{
    char word[WORD_SIZE];

    duration_format(ns, word);
    assert_string_equal(word, expected);
}

static void expect_delta(int64_t ns, const char *expected)
{
    char word[WORD_SIZE];

    delta_format(ns, word);
    assert_string_equal(word, expected);
    assert_in_range(slice_of_text(word).length, 1, 7);
}

static void test_durations(void **state)
{
    (void)state;
    expect_duration(-1, "?");
    expect_duration(999999999, "999 ms");
    expect_duration(21000000000, "21.0 s");
    expect_duration(245000000000, "4m05s");
    expect_duration(3600000000000 * 2, "2h00m");
    expect_duration(INT64_MAX, "106751d");
}

static void test_deltas(void **state)
{
    (void)state;
    expect_delta(0, "+0.000");
    expect_delta(-1500000, "-0.001");
    expect_delta(9999000000, "+9.999");
    expect_delta(21040000000, "+21.0s");
    expect_delta(1000000000000, "+16m40");
    expect_delta(7200000000000, "+2h");
    expect_delta(INT64_MAX, "+>999h");
    expect_delta(-INT64_MAX, "->999h");
}

static void test_time_between(void **state)
{
    (void)state;
    assert_int_equal(time_between(5, 7), 2);
    assert_int_equal(time_between(INT64_MIN, INT64_MAX), INT64_MAX);
    assert_int_equal(time_between(INT64_MAX, INT64_MIN), -INT64_MAX);
}

static void test_names(void **state)
{
    struct signin signin = { .user = "sip:alice@contoso.com" };
    struct input_info input = { .path = "/a/b.pcap" };
    struct endpoint v6 = { { 6, { [15] = 1 } }, 443 };
    struct text text = { 0 };

    (void)state;
    assert_string_equal(user_of(&signin), "alice@contoso.com");
    signin = (struct signin){ .sip_domain = "contoso.com" };
    assert_string_equal(user_of(&signin), "contoso.com");
    assert_string_equal(input_short_name(&input), "b.pcap");
    input.path = "-";
    assert_string_equal(input_short_name(&input), "standard input");
    input.path = "/";
    assert_string_equal(input_short_name(&input), "/");
    endpoint_add(&text, &v6);
    text_add(&text, " ");
    count_add(&text, 1234567);
    text_add(&text, " ");
    count_add(&text, 12);
    assert_string_equal(text_string(&text), "[::1]:443 1 234 567 12");
    text_release(&text);
}

static void test_evidence(void **state)
{
    struct input_info a = { .path = "x/a.pcap" }, b = { .path = "b.pcap" };
    const struct input_info *inputs[] = { &a, &b };
    struct report report = { .inputs = inputs, .input_count = 2 };
    struct evidence first = { .packet = 12 }, none = { 0 }, second = { .input = 1, .packet = 3 };
    struct evidence nowhere = { .input = 9, .packet = 4 };
    struct text text = { 0 };

    (void)state;
    evidence_add(&text, &report, &first);
    evidence_add(&text, &report, &none);
    evidence_add(&text, &report, &second);
    evidence_add(&text, &report, &nowhere);
    assert_string_equal(text_string(&text), "12 of a.pcap, 3 of b.pcap, 4");
    text_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations),    cmocka_unit_test(test_deltas),
        cmocka_unit_test(test_time_between), cmocka_unit_test(test_names),
        cmocka_unit_test(test_evidence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
