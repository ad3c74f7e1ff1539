/* row_filter_test.c: which sign-ins pass, by their words and by the time */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "lyncscope/rule.h"
#include "ui/row_filter.h"

#define START 1795215731000000000LL /* 2026-11-20 23:02:11 UTC */

static const struct rule rule = { .id = "auth-wrong-password", .title = "?" };
static const struct finding finding = { .rule = &rule, .title = "Carol's password is wrong" };
static const struct step step = {
    .to = { .name = "FE01.contoso.com", .role = ROLE_FRONT_END },
};
static const struct signin failed = {
    .id = 1,
    .client = { .endpoint = { { 4, { 10, 0, 0, 7 } }, 5000 }, .name = "phone7" },
    .user = "sip:Carol@contoso.com",
    .sip_domain = "contoso.com",
    .device = "Windows Phone",
    .outcome = OUTCOME_FAILED,
    .failed_stage = STAGE_AUTH,
    .result = "wrong password",
    .findings = &finding,
    .finding_count = 1,
    .steps = (struct step *)&step,
    .step_count = 1,
    .started_ns = START,
};
static const struct signin good = {
    .id = 2,
    .client = { .endpoint = { { 4, { 10, 0, 0, 70 } }, 5000 } },
    .outcome = OUTCOME_SUCCEEDED,
    .failed_stage = STAGE_NONE,
    .findings = &finding,
    .finding_count = 1, /* a warning: not its cause */
    .started_ns = START + 3600000000000LL,
};

/* One letter a sign-in that passes: f and g. */
static void expect(unsigned field, const char *value, const char *passing)
{
    struct row_filter filter = { 0 };
    char got[3] = { 0 };

    row_filter_set(&filter, field, value);
    if (row_filter_matches(&filter, &failed))
        strcat(got, "f");
    if (row_filter_matches(&filter, &good))
        strcat(got, "g");
    if (strcmp(got, passing) != 0)
        fail_msg("%s '%s': '%s', not '%s'", row_filter_field_name(field), value, got, passing);
}

static void test_words(void **state)
{
    (void)state;
    expect(TRAIT_RESULT, "", "fg");
    expect(TRAIT_RESULT, "FAIL", "f");
    expect(TRAIT_RESULT, "!failed", "g");
    expect(TRAIT_RESULT, "failed, succeeded", "fg");
    expect(TRAIT_RESULT, "incomplete", "");
    expect(TRAIT_STAGE, "auth", "f");
    expect(TRAIT_STAGE, "=", "g"); /* where it did not fail there is none */
    expect(TRAIT_CAUSE, "=auth-wrong-password", "f");
    expect(TRAIT_CAUSE, "=auth-wrong", "");
    expect(TRAIT_CAUSE, "password is", "f");
    expect(TRAIT_CLIENT, "10.0.0.7", "fg");
    expect(TRAIT_CLIENT, "phone", "f");
    expect(TRAIT_CLIENT, "=10.0.0.70", "g");
    expect(TRAIT_USER, "=carol@contoso.com", "f");
    expect(TRAIT_USER, "=", "g");
    expect(TRAIT_DEVICE, "phone", "f");
    expect(TRAIT_DOMAIN, "contoso,!x", "f");
    expect(TRAIT_FRONT_END, "=fe01.contoso.com", "f");
    expect(TRAIT_FRONT_END, "!fe01", "g");
    expect(TRAIT_USER, " , ,!", "fg"); /* nothing is wanted */
}

static void test_times(void **state)
{
    (void)state;
    expect(FILTER_TIME, "23:02", "f");
    expect(FILTER_TIME, "23:02:11", "f");
    expect(FILTER_TIME, "23:02:12", "");
    expect(FILTER_TIME, "23:03", "");
    expect(FILTER_TIME, "23", "f");
    expect(FILTER_TIME, "23-", "f");
    expect(FILTER_TIME, "-23:02", "g"); /* 00:02, of whatever day */
    expect(FILTER_TIME, "23:00-00:30", "fg");
    expect(FILTER_TIME, "00:00 - 23:00", "g");
    expect(FILTER_TIME, "2026-11-20", "f");
    expect(FILTER_TIME, "2026-11-20 - 2026-11-21", "fg");
    expect(FILTER_TIME, "2026-11-21 00:02", "g");
    expect(FILTER_TIME, "2026-11-20T23:30-", "g");
    expect(FILTER_TIME, "-2026-11-20 23:30", "f");
    expect(FILTER_TIME, "2026-11-20 23:00-01:00", "fg");
    expect(FILTER_TIME, "2026-11-20 23:00 - 23:30", "f");
}

/* What is no time hides nothing, and is told. */
static void test_wrong_times(void **state)
{
    static const char *const wrong[] = { "x",       "25",
                                         "23:61",   "2026-13-01",
                                         "2026-11", "-",
                                         "23:02 x", "22:00-2026-11-20 23:00",
                                         "23:02--", "2026-11-20 -x" };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct row_filter filter = { 0 };
        struct text words = { 0 };

        row_filter_set(&filter, FILTER_TIME, wrong[i]);
        assert_true(filter.span_is_wrong);
        assert_true(row_filter_matches(&filter, &failed) && row_filter_matches(&filter, &good));
        row_filter_add_words(&words, &filter, true);
        assert_non_null(strstr(text_string(&words), "not understood"));
        text_release(&words);
        row_filter_set(&filter, FILTER_TIME, NULL);
        assert_false(filter.span_is_wrong);
    }
}

static void test_together(void **state)
{
    struct row_filter filter = { 0 };
    struct text words = { 0 };
    char longest[300];

    (void)state;
    assert_true(row_filter_is_empty(&filter));
    assert_true(row_filter_toggle(&filter, TRAIT_RESULT, "failed"));
    row_filter_set(&filter, TRAIT_DEVICE, "  iOS ");
    assert_false(row_filter_matches(&filter, &failed));
    row_filter_add_words(&words, &filter, false);
    assert_string_equal(text_string(&words), "result =failed · device iOS");
    text_release(&words);
    assert_true(row_filter_toggle(&filter, TRAIT_RESULT, "failed"));
    assert_string_equal(filter.values[TRAIT_RESULT], "");
    row_filter_clear(&filter);
    assert_true(row_filter_is_empty(&filter));
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = 0;
    assert_false(row_filter_toggle(&filter, TRAIT_USER, longest));
    assert_true(row_filter_is_empty(&filter));
    row_filter_set(&filter, TRAIT_USER, longest); /* cut */
    assert_int_equal(strlen(filter.values[TRAIT_USER]), FILTER_BYTES - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_wrong_times),
        cmocka_unit_test(test_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
