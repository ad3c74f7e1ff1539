/* patterns_test.c: what shows only across sign-ins, and what only looks like it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/diagnosis/patterns.h"

#define SECOND ((int64_t)1000000000)
#define START ((int64_t)1795647731 * SECOND) /* 2026-11-25T23:02:11Z */

enum { PEOPLE_MAX = 40, STEPS = 2 };

/* A sign-in: a good request to a Director or nothing, then one at a Front End that decides. */
struct person {
    struct signin signin;
    struct step steps[STEPS];
    struct relay relays[STEPS];
    struct http_exchange http[STEPS];
    struct finding finding;
    char user[64];
};

struct people {
    struct arena *arena;
    struct person list[PEOPLE_MAX];
    const struct signin *signins[PEOPLE_MAX];
    size_t count;
    struct capture_facts facts;
    const char *found[PATTERNS_MAX];
    size_t found_count;
};

static const struct rule wrong_password = { .id = "auth-401-after-type3", .stage = STAGE_AUTH };
static const struct rule other_rule = { .id = "http-500", .stage = STAGE_HTTP };

static int begin(void **state)
{
    struct people *people = memory_take(NULL, sizeof *people);

    people->arena = arena_create(NULL, 0);
    people->facts.input_count = 1;
    *state = people;
    return 0;
}

static int end(void **state)
{
    struct people *people = *state;

    arena_free(people->arena);
    memory_give(NULL, people, sizeof *people);
    return 0;
}

static void set_server(struct person *person, size_t step, const char *address, const char *name)
{
    struct relay *relay = &person->relays[step];

    address_parse(slice_of_text(address), &relay->to.endpoint.address);
    relay->to.endpoint.port = 8080;
    relay->http = &person->http[step];
    person->http[step].response.present = true;
    person->http[step].response.status = 200;
    person->http[step].lync.server_fqdn = slice_of_text(name);
    person->steps[step].http = &person->http[step];
    person->steps[step].relay = relay;
}

static struct person *add(struct people *people, bool good, const char *domain, const char *address)
{
    size_t index = people->count++;
    struct person *person = &people->list[index];
    struct signin *signin = &person->signin;

    snprintf(person->user, sizeof person->user, "sip:user%zu@%s", index, domain);
    person->finding = (struct finding){ .rule = &other_rule,
                                        .title = "The pool answers 500.",
                                        .step = 2,
                                        .evidence = { { .packet = 100 + index } },
                                        .evidence_count = 1 };
    for (unsigned i = 0; i < STEPS; i++)
        person->steps[i] = (struct step){ .number = i + 1,
                                          .leg = LEG_CLIENT,
                                          .status = STEP_OK,
                                          .evidence = { { .packet = 500 + 10 * index + i } },
                                          .evidence_count = 1 };
    *signin = (struct signin){ .id = (unsigned)index + 1,
                               .user = person->user,
                               .sip_domain = domain,
                               .started_ns = START + (int64_t)index * SECOND,
                               .outcome = good ? OUTCOME_SUCCEEDED : OUTCOME_FAILED,
                               .steps = person->steps,
                               .step_count = STEPS };
    if (!good) {
        signin->findings = &person->finding;
        signin->finding_count = 1;
    }
    address_parse(slice_of_text(address), &signin->client.endpoint.address);
    people->signins[index] = signin;
    return person;
}

static void search(struct people *people)
{
    struct crowd crowd = { .facts = &people->facts,
                           .arena = people->arena,
                           .signins = people->signins,
                           .count = people->count,
                           .patterns = people->found };

    patterns_search(&crowd);
    people->found_count = crowd.pattern_count;
}

static void assert_found(const struct people *people, const char *wanted)
{
    for (size_t i = 0; i < people->found_count; i++)
        if (strstr(people->found[i], wanted))
            return;
    for (size_t i = 0; i < people->found_count; i++)
        print_error("found: %s\n", people->found[i]);
    fail_msg("not found: %s", wanted);
}

static void assert_nothing(const struct people *people)
{
    if (people->found_count)
        fail_msg("found: %s", people->found[0]);
}

/* ---- one SIP domain ---- */

static void all_of_one_domain_fail(void **state)
{
    struct people *people = *state;

    add(people, true, "contoso.com", "192.0.2.1");
    add(people, false, "fabrikam.com", "192.0.2.2");
    add(people, true, "contoso.com", "192.0.2.3");
    add(people, false, "fabrikam.com", "192.0.2.4");
    search(people);
    assert_int_equal(people->found_count, 1);
    assert_found(people,
                 "All 2 sign-ins of fabrikam.com failed (The pool answers 500), but 2 of 2 of "
                 "other SIP domains succeeded");
    assert_found(people, "(sign-ins 1, 2, 3 and 4; packets 500, 101, 520 and 103).");
}

static void a_domain_where_one_succeeds_is_not_accused(void **state)
{
    struct people *people = *state;

    add(people, true, "contoso.com", "192.0.2.1");
    add(people, false, "fabrikam.com", "192.0.2.2");
    add(people, false, "fabrikam.com", "192.0.2.4");
    add(people, true, "fabrikam.com", "192.0.2.4");
    search(people);
    assert_nothing(people);
}

static void no_domain_is_accused_where_all_fail(void **state)
{
    struct people *people = *state;

    add(people, false, "contoso.com", "192.0.2.1");
    add(people, false, "fabrikam.com", "192.0.2.2");
    add(people, false, "fabrikam.com", "192.0.2.4");
    search(people);
    assert_nothing(people);
}

/* ---- one server ---- */

static void one_front_end_of_two_fails(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 6; i++) {
        struct person *person = add(people, i % 2 == 0, "contoso.com", "192.0.2.1");

        set_server(person, 1, i % 2 ? "10.20.0.32" : "10.20.0.31", i % 2 ? "" : "fe01.contoso.com");
    }
    people->list[1].http[1].lync.server_fqdn = slice_of_text("fe02.contoso.com");
    search(people);
    assert_int_equal(people->found_count, 1);
    assert_found(people,
                 "all 3 sign-ins that came to fe02.contoso.com (10.20.0.32:8080) failed there");
    assert_found(people, "and 3 at fe01.contoso.com (10.20.0.31:8080) went well");
    assert_found(people, "(sign-ins 1, 2, 3, 4 and 6; packets 501, 101, 521, 103 and 105).");
}

static void behind_one_address_their_names_tell_servers_apart(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 4; i++)
        set_server(add(people, i % 2 == 0, "contoso.com", "192.0.2.1"), 1, "10.20.0.30",
                   i % 2 ? "fe02.contoso.com" : "fe01.contoso.com");
    search(people);
    assert_found(people, "all 2 sign-ins that came to fe02.contoso.com");
}

/* Everybody passes the Director well: that the pool behind it fails is not told by comparing it. */
static void a_director_is_no_measure_for_a_front_end(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 6; i++) {
        struct person *person = add(people, i % 2 == 0, "contoso.com", "192.0.2.1");

        set_server(person, 0, "10.20.0.20", "dir01.contoso.com");
        set_server(person, 1, "10.20.0.31", "fe01.contoso.com");
        if (i % 2 == 0)
            person->steps[1].http = NULL;
    }
    search(people);
    assert_nothing(people);
}

static void a_server_that_helps_anybody_is_not_accused(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 6; i++)
        set_server(add(people, i < 3, "contoso.com", "192.0.2.1"), 1,
                   i % 2 ? "10.20.0.32" : "10.20.0.31", "");
    people->list[5].signin.outcome = OUTCOME_SUCCEEDED;
    search(people);
    assert_nothing(people);
}

/* ---- a moment ---- */

static void failures_began_at_a_time(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 7; i++)
        add(people, i < 4, "contoso.com", "192.0.2.1");
    search(people);
    assert_int_equal(people->found_count, 1);
    assert_found(people,
                 "Failures began at 23:02:15 UTC: the 4 sign-ins before succeeded, all 3 since "
                 "then failed (The pool answers 500).");
}

static void failures_ended_at_a_time(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 6; i++)
        add(people, i >= 3, "contoso.com", "192.0.2.1");
    search(people);
    assert_found(people, "Failures ended at 23:02:14 UTC: all 3 sign-ins before failed");
}

static void failures_began_for_one_domain(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 12; i++)
        add(people, i % 2 || i < 6, i % 2 ? "contoso.com" : "fabrikam.com", "192.0.2.1");
    search(people);
    assert_found(people, "Failures began at 23:02:17 UTC for fabrikam.com");
}

static void mixed_failures_have_no_beginning(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 9; i++)
        add(people, i < 4 || i == 7, "contoso.com", "192.0.2.1");
    search(people);
    assert_nothing(people);
}

static void two_failures_are_no_beginning(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 7; i++)
        add(people, i < 5, "contoso.com", "192.0.2.1");
    search(people);
    assert_nothing(people);
}

/* ---- passwords ---- */

static void add_refused(struct people *people, const char *address)
{
    add(people, false, "contoso.com", address)->finding.rule = &wrong_password;
}

static void many_users_from_one_address_are_sprayed(void **state)
{
    struct people *people = *state;

    add(people, true, "contoso.com", "192.0.2.7");
    for (unsigned i = 0; i < 5; i++)
        add_refused(people, "192.0.2.66");
    add(people, true, "contoso.com", "192.0.2.7");
    search(people);
    assert_int_equal(people->found_count, 1);
    assert_found(people, "From 192.0.2.66 the passwords of 5 users were refused.");
}

static void the_same_user_five_times_is_no_spray(void **state)
{
    struct people *people = *state;

    add(people, true, "contoso.com", "192.0.2.7");
    for (unsigned i = 0; i < 5; i++) {
        add_refused(people, "192.0.2.66");
        people->list[people->count - 1].signin.user = "sip:alice@contoso.com";
    }
    add(people, true, "contoso.com", "192.0.2.7");
    search(people);
    assert_nothing(people);
}

static void a_site_behind_one_address_is_no_spray(void **state)
{
    struct people *people = *state;

    for (unsigned i = 0; i < 10; i++)
        if (i % 2)
            add_refused(people, "192.0.2.66");
        else
            add(people, true, "contoso.com", "192.0.2.66");
    add(people, true, "contoso.com", "192.0.2.66");
    search(people);
    assert_nothing(people);
}

static void everybody_refused_is_not_everybodys_fault(void **state)
{
    struct people *people = *state;

    add(people, true, "contoso.com", "192.0.2.1");
    add(people, true, "contoso.com", "192.0.2.2");
    add_refused(people, "192.0.2.3");
    add_refused(people, "192.0.2.4");
    add_refused(people, "192.0.2.5");
    search(people);
    assert_found(people, "The passwords of 3 users at 3 addresses are refused since 23:02:13 UTC");
    add(people, true, "contoso.com", "192.0.2.6");
    search(people);
    assert_nothing(people);
}

/* ---- the proof ---- */

static void the_input_is_named_where_there_are_several(void **state)
{
    struct people *people = *state;

    people->facts.input_count = 2;
    add(people, true, "contoso.com", "192.0.2.1");
    add(people, false, "fabrikam.com", "192.0.2.2");
    add(people, false, "fabrikam.com", "192.0.2.2");
    people->list[1].finding.evidence[0].input = 1;
    search(people);
    assert_found(people, "packets 500 of input 1, 101 of input 2 and 102 of input 1).");
}

static void a_hostile_name_is_escaped(void **state)
{
    struct people *people = *state;

    add(people, true, "contoso.com", "192.0.2.1");
    add(people, false, "fa\x1b[2Jb", "192.0.2.2");
    add(people, false, "fa\x1b[2Jb", "192.0.2.2");
    search(people);
    assert_found(people, "fa\\x1B[2Jb");
}

static void nobody_shows_nothing(void **state)
{
    search(*state);
    assert_nothing(*state);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(all_of_one_domain_fail),
        CASE(a_domain_where_one_succeeds_is_not_accused),
        CASE(no_domain_is_accused_where_all_fail),
        CASE(one_front_end_of_two_fails),
        CASE(behind_one_address_their_names_tell_servers_apart),
        CASE(a_director_is_no_measure_for_a_front_end),
        CASE(a_server_that_helps_anybody_is_not_accused),
        CASE(failures_began_at_a_time),
        CASE(failures_ended_at_a_time),
        CASE(failures_began_for_one_domain),
        CASE(mixed_failures_have_no_beginning),
        CASE(two_failures_are_no_beginning),
        CASE(many_users_from_one_address_are_sprayed),
        CASE(the_same_user_five_times_is_no_spray),
        CASE(a_site_behind_one_address_is_no_spray),
        CASE(everybody_refused_is_not_everybodys_fault),
        CASE(the_input_is_named_where_there_are_several),
        CASE(a_hostile_name_is_escaped),
        CASE(nobody_shows_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
