/* stage_bar_test.c: how far a sign-in came */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/stage_bar.h"

static const struct dns_lookup dns = { .name = "x" };
static const struct tcp_connection tcp = { .attempts = 1 };

static struct http_exchange exchange(enum resource resource, unsigned status)
{
    return (struct http_exchange){ .response = { .present = true, .status = status },
                                   .lync = { .resource = resource } };
}

static struct stage_bar bar_of(struct step *steps, size_t count)
{
    struct signin signin = { .steps = steps,
                             .step_count = count,
                             .outcome = OUTCOME_INCOMPLETE,
                             .failed_stage = STAGE_NONE };

    return stage_bar_of(&signin);
}

static void test_what_went_well_outweighs(void **state)
{
    struct step steps[] = {
        { .dns = &dns, .status = STEP_FAILED },
        { .dns = &dns, .status = STEP_OK },
        { .dns = &dns, .status = STEP_UNANSWERED },
        { .tcp = &tcp, .status = STEP_UNANSWERED },
    };
    struct stage_bar bar = bar_of(steps, 4);

    (void)state;
    assert_int_equal(bar.marks[BAR_DNS], BAR_REACHED);
    assert_int_equal(bar.marks[BAR_TCP], BAR_BROKEN);
    assert_int_equal(bar.marks[BAR_TLS], BAR_NOT_REACHED);
    assert_int_equal(bar_of(steps, 1).marks[BAR_DNS], BAR_BROKEN);
}

static void test_requests(void **state)
{
    struct http_exchange root = exchange(RESOURCE_ROOT, 302), user = exchange(RESOURCE_USER, 401),
                         ticket = exchange(RESOURCE_TICKET, 200),
                         mobility = exchange(RESOURCE_APPLICATIONS, 201);
    struct step steps[] = {
        { .http = &root, .stage = STAGE_REDIRECT, .status = STEP_OK },
        { .http = &user, .stage = STAGE_WEBTICKET, .status = STEP_EXPECTED },
        { .http = &ticket, .stage = STAGE_WEBTICKET, .status = STEP_OK },
        { .http = &mobility, .stage = STAGE_MOBILITY, .status = STEP_OK },
    };
    struct stage_bar bar = bar_of(steps, 4);

    (void)state;
    assert_int_equal(bar.marks[BAR_ROOT], BAR_REACHED);
    assert_int_equal(bar.marks[BAR_REDIRECT], BAR_REACHED);
    assert_int_equal(bar.marks[BAR_TICKET], BAR_REACHED);
    assert_int_equal(bar.marks[BAR_USER], BAR_EXPECTED);
    assert_int_equal(bar.marks[BAR_MOBILITY], BAR_REACHED);
}

static void test_the_root_finding_breaks_its_stage(void **state)
{
    struct http_exchange ticket = exchange(RESOURCE_TICKET, 401);
    struct step steps[] = { { .number = 1, .http = &ticket, .status = STEP_OK } };
    struct finding findings[] = { { .step = 1 } };
    struct signin signin = { .steps = steps,
                             .step_count = 1,
                             .findings = findings,
                             .finding_count = 1,
                             .outcome = OUTCOME_FAILED,
                             .failed_stage = STAGE_AUTH };

    (void)state;
    assert_int_equal(stage_bar_of(&signin).marks[BAR_TICKET], BAR_BROKEN);
    findings[0].step = 7; /* of no step: the stage decides */
    signin.failed_stage = STAGE_DNS;
    assert_int_equal(stage_bar_of(&signin).marks[BAR_DNS], BAR_BROKEN);
    signin.failed_stage = STAGE_CAPTURE;
    assert_int_equal(stage_bar_of(&signin).marks[BAR_DNS], BAR_NOT_REACHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_went_well_outweighs),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_the_root_finding_breaks_its_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
