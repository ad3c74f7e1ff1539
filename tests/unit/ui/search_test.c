/* search_test.c: everything of a sign-in is found, and where it is */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/support/ui_fixture.h"
#include "ui/seeker.h"

/* In exactly its own bytes, so that reading beyond is seen. */
static bool find(const struct signin *signin, const char *needle, struct search *search)
{
    size_t length = strlen(needle);
    uint8_t *own = malloc(length ? length : 1);
    bool found;

    for (size_t i = 0; i < length; i++)
        own[i] = (uint8_t)needle[i];
    *search = (struct search){ .needle = slice_of(own, length) };
    found = search_signin(search, signin);
    free(own);
    return found;
}

static void expect(const struct signin *signin, const char *needle, unsigned step,
                   const char *where)
{
    struct search search;

    if (!find(signin, needle, &search))
        fail_msg("'%s' is not found", needle);
    if (search.step != step || strcmp(search.where, where) != 0)
        fail_msg("'%s' is found in %s, step %u", needle, search.where, search.step);
}

static const struct signin *signin_of(struct ui_feed *feed, size_t index)
{
    return feed->report(feed->context)->signins[index];
}

static void test_places(void **state)
{
    struct ui_fixture *fixture = ui_fixture_create("site");
    struct ui_feed feed = ui_fixture_feed(fixture);
    const struct signin *alice = signin_of(&feed, 0), *carol = signin_of(&feed, 2);
    struct search search;

    (void)state;
    expect(alice, "ALICE@contoso", 0, "user");
    expect(alice, "signed IN", 0, "result");
    expect(alice, "nxdomain", 1, "step");
    expect(alice, "2026-11-20T23:02", 0, "time");
    expect(carol, "iphone", 2, "request header");
    expect(carol, "HTTP/lyncweb", 4, "NTLM service name");
    expect(carol, "security token", 4, "response header");
    expect(carol, "X-MS-diagnostics: 28020", 4, "response header");
    expect(carol, "hunter2", 4, "URL");
    expect(carol, "RequestSecurityToken>", 4, "request body");
    expect(carol, "pool1.contoso.com", 2, "host name");
    expect(carol, "Host became", 2, "what the proxy changed");
    assert_false(find(alice, "carol", &search));
    assert_false(find(alice, "", &search));
    assert_false(find(alice, "no such thing anywhere", &search));
    ui_fixture_free(fixture);
}

/* A number is one as a whole; in text anything is found. */
static void test_numbers(void **state)
{
    struct ui_fixture *fixture = ui_fixture_create("site");
    struct ui_feed feed = ui_fixture_feed(fixture);
    const struct signin *carol = signin_of(&feed, 2);
    struct search search;

    (void)state;
    assert_true(find(carol, "61", &search)); /* a packet */
    assert_true(find(carol, "401", &search));
    assert_true(find(carol, "401 Unauth", &search));
    assert_true(find(carol, "443", &search));
    assert_true(find(carol, "203.0.113.10:443", &search));
    assert_false(find(carol, "5012", &search)); /* a part of the port 50123 */
    assert_false(find(carol, "4433", &search));
    ui_fixture_free(fixture);
}

static void test_everything(void **state)
{
    static const struct certificate certificate = {
        .readable = true,
        .sha256 = { 0xab, 0xcd, 0xef },
        .subject = { (const uint8_t *)"CN=web.fabrikam.com", 19 },
        .not_before_s = INT64_MIN,
        .not_after_s = 1795215731,
    };
    static const struct certificate *const list[] = { &certificate };
    static const struct certificate_chain chain = { .certificates = list, .count = 1 };
    static const struct tls_session tls = { .chain = &chain, .alert = 40, .version = 0x0303 };
    static const struct step step = { .number = 7, .tls = &tls };
    static const struct signin signin = { .id = 1, .steps = (struct step *)&step, .step_count = 1 };

    (void)state;
    expect(&signin, "web.fabrikam", 7, "certificate subject");
    expect(&signin, "abcdef00", 7, "certificate hash");
    expect(&signin, "2026-11-20", 7, "certificate date");
    expect(&signin, "handshake_fail", 7, "TLS alert");
    expect(&signin, "TLS 1.2", 7, "TLS version");
}

/* The answer is kept until the sign-in changes, and with no bytes left only what is known. */
static void test_seeker(void **state)
{
    struct signin signin = { .id = 5, .result = "wrong password" };
    struct seeker seeker = { 0 };
    uint64_t left = 0;
    unsigned step;

    (void)state;
    seeker_start(&seeker, "PASS");
    assert_true(seeker_is_on(&seeker));
    assert_int_equal(seeker_ask(&seeker, &signin, &left), SEEKER_NOT_YET);
    left = 1;
    assert_int_equal(seeker_ask(&seeker, &signin, &left), SEEKER_YES);
    assert_int_equal(left, 0);
    assert_int_equal(seeker_ask(&seeker, &signin, &left), SEEKER_YES);
    assert_string_equal(seeker_where(&seeker, &signin, &step), "result");
    signin.result = "signed in";
    signin.ended_ns++;
    assert_int_equal(seeker_ask(&seeker, &signin, &left), SEEKER_NOT_YET);
    left = 1000;
    assert_int_equal(seeker_ask(&seeker, &signin, &left), SEEKER_NO);
    assert_null(seeker_where(&seeker, &signin, &step));
    seeker_start(&seeker, "signed");
    assert_int_equal(seeker_ask(&seeker, &signin, &left), SEEKER_YES);
    seeker_start(&seeker, "");
    assert_false(seeker_is_on(&seeker));
    seeker_release(&seeker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_everything),
        cmocka_unit_test(test_seeker),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
