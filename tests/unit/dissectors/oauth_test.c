/* oauth_test.c: token requests, tokens and errors; nothing secret is kept */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"

static void test_form(void **state)
{
    struct document d = read_question(
        *state, RESOURCE_OAUTH_TOKEN, "application/x-www-form-urlencoded;charset='utf-8'",
        "grant_type=password&username=nina%40litware.example&password=Top%20Secret");

    assert_int_equal(d.kind, DOCUMENT_OAUTH_FORM);
    assert_slice(d.grant_type, "password");
    assert_slice(d.username, "nina@litware.example");
    d = read_question(*state, RESOURCE_OAUTH_TOKEN, "", "grant_type=urn%3Amicrosoft.rtc%3Awindows");
    assert_int_equal(d.kind, DOCUMENT_OAUTH_FORM);
    assert_slice(d.grant_type, "urn:microsoft.rtc:windows");
    assert_int_equal(d.username.length, 0);
    d = read_question(*state, RESOURCE_OAUTH_TOKEN, "application/x-www-form-urlencoded", "a=b");
    assert_int_equal(d.kind, DOCUMENT_NONE);
}

static void test_tokens(void **state)
{
    static const struct {
        const char *body;
        int64_t expires_in_s;
    } rows[] = {
        { "{\"access_token\":\"cwt=AA\",\"expires_in\":28289,\"token_type\":\"Bearer\"}", 28289 },
        { "{\"access_token\":\"cwt=AA\",\"expires_in\":\"3600\"}", 3600 },
        { "{\"access_token\":\"cwt=AA\",\"expires_in\":-1}", 0 },
        { "{\"access_token\":\"cwt=AA\",\"expires_in\":1e300}", 0 },
        { "{\"access_token\":\"cwt=AA\"}", 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct document d =
            read_answer(*state, RESOURCE_OAUTH_TOKEN, "application/json", rows[i].body);

        assert_int_equal(d.kind, DOCUMENT_OAUTH_TOKEN);
        assert_int_equal(d.expires_in_s, rows[i].expires_in_s);
    }
}

static void test_errors(void **state)
{
    struct document d = read_answer(
        *state, RESOURCE_OAUTH_TOKEN, "application/json",
        "{\"error\":\"invalid_grant\",\"ms_rtc_passiveauthuri\":\"https:\\/\\/w\\/PassiveAuth\"}");

    assert_int_equal(d.kind, DOCUMENT_OAUTH_ERROR);
    assert_slice(d.oauth_error, "invalid_grant");
    assert_slice(d.passive_auth_uri, "https://w/PassiveAuth");
}

static void test_hurt(void **state)
{
    (void)state;
    hurt_body(RESOURCE_OAUTH_TOKEN, "application/json",
              "{\"access_token\":\"c\",\"expires_in\":\"9\"}");
    hurt_body(RESOURCE_OAUTH_TOKEN, "application/json", "{\"error\":\"invalid_grant\"}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_arena, tear_down_arena)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_form), TEST(test_tokens), TEST(test_errors),
                                        TEST(test_hurt) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
