/* http_auth_test.c: WWW-Authenticate in every form, and credentials */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/http_auth.h"

#define TYPE1 "TlRMTVNTUAABAAAABwIAAA=="
/* target LITWARE in UTF-16, no target information */
#define TYPE2 "TlRMTVNTUAACAAAADgAOACAAAAABAAAAAAAAAAAAAABMAEkAVABXAEEAUgBFAA=="

static struct challenge read_lines(struct arena *arena, const char *const *lines, size_t count)
{
    struct header headers[8] = { 0 };
    struct http_response response = { .headers = headers, .header_count = count };
    uint8_t *blocks[8];
    struct challenge challenge;

    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(lines[i]);

        blocks[i] = exact_block(lines[i], length);
        headers[i].name = slice_of_text("Www-Authenticate");
        headers[i].value = slice_of(blocks[i], length);
    }
    challenge = challenge_read(&response, arena);
    for (size_t i = 0; i < count; i++)
        free(blocks[i]);
    return challenge;
}

static struct challenge read_line(struct arena *arena, const char *line)
{
    return read_lines(arena, &line, 1);
}

static void test_schemes(void **state)
{
    const char *const lines[] = { "negotiate", "NTLM", "Basic realm=\"x, NTLM y\"",
                                  "Digest realm=\"d\", qop=\"auth\"" };
    struct challenge c = read_lines(*state, lines, 4);

    assert_true(c.negotiate && c.ntlm && c.basic && c.digest);
    assert_false(c.bearer || c.oauth || c.has_token);
    c = read_line(*state, "Negotiate,NTLM");
    assert_true(c.negotiate && c.ntlm && !c.has_token);
    c = read_line(*state, " , Negotiate ,, NTLM , ");
    assert_true(c.negotiate && c.ntlm && !c.has_token);
    c = read_line(*state, "Basic realm=\"a, NTLM, \\\"Negotiate\\\"\"");
    assert_true(c.basic && !c.ntlm && !c.negotiate);
    c = read_line(*state, "Turbo abc=, Basic realm=x");
    assert_true(c.basic);
    c = read_line(*state, "");
    assert_false(c.basic || c.negotiate);
}

static void test_tokens(void **state)
{
    struct challenge c = read_line(*state, "NTLM " TYPE2);

    assert_true(c.ntlm && c.has_token);
    assert_int_equal(c.token.type, 2);
    assert_slice(c.token.domain, "LITWARE");
    c = read_line(*state, "Negotiate " TYPE2 ", Basic realm=\"x\"");
    assert_true(c.negotiate && c.has_token && c.basic);
    assert_int_equal(c.token.type, 2);
    c = read_line(*state, "Negotiate oQcwBaADCgEA");
    assert_true(c.has_token);
    assert_int_equal(c.token.type, 0);
    c = read_line(*state, "Negotiate realm=x");
    assert_false(c.has_token);
}

static void test_oauth(void **state)
{
    static const char *const lines[] = {
        "MsRtcOAuth href=https://h.example/WebTicket/oauthtoken,grant_type=\"urn:a,password\"",
        "MsRtcOAuth href=\"https://h.example/WebTicket/oauthtoken\", grant_type=\"urn:a,password\"",
        "msrtcoauth HREF = \"https://h.example/WebTicket/oauthtoken\" "
        ",GRANT_TYPE=\"urn:a,password\"",
        "Bearer trusted_issuers=\"\", client_id=\"1\",MsRtcOAuth "
        "href=\"https:\\//h.example/WebTicket/oauthtoken\",grant_type=\"urn:a,password\"",
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct challenge c = read_line(*state, lines[i]);

        assert_true(c.oauth);
        assert_slice(c.oauth_href, "https://h.example/WebTicket/oauthtoken");
        assert_slice(c.grant_types, "urn:a,password");
        assert_int_equal(c.bearer, i == 3);
    }
}

static void test_bearer(void **state)
{
    struct challenge c = read_line(
        *state, "Bearer trusted_issuers=\"00000002@litware.example,x@y\", client_id=\"4\", "
                "authorization_uri=\"https://login.example/oauth2\", MsRtcOAuth href=https://h/t");

    assert_true(c.bearer && c.oauth);
    assert_slice(c.trusted_issuers, "00000002@litware.example,x@y");
    assert_slice(c.authorization_uri, "https://login.example/oauth2");
    assert_slice(c.oauth_href, "https://h/t");
    /* a parameter belongs to its own scheme */
    c = read_line(*state, "MsRtcOAuth authorization_uri=x, Bearer href=y");
    assert_int_equal(c.authorization_uri.length + c.oauth_href.length, 0);
}

static void test_hurt_lines(void **state)
{
    const char *line = "Bearer a=\"b\\\"c\", NTLM " TYPE2 ", MsRtcOAuth href=\"x\", Turbo";
    char changed[200];

    for (size_t at = 0; at < strlen(line); at++) {
        static const char changes[] = { '"', ',', '=', '\\', ' ' };

        for (size_t c = 0; c < sizeof changes; c++) {
            strcpy(changed, line);
            changed[at] = changes[c];
            read_line(*state, changed);
        }
        changed[at] = 0;
        read_line(*state, changed);
    }
}

static enum credential credential_of(struct arena *arena, const char *authorization,
                                     const char *ticket, struct ntlm_facts *ntlm)
{
    struct header headers[] = {
        { slice_of_text("authorization"), slice_of_text(authorization) },
        { slice_of_text("X-Ms-WebTicket"), slice_of_text(ticket) },
    };
    struct http_request request = { .headers = headers, .header_count = 2 };
    struct lync_exchange lync = { 0 };

    credential_read(&request, arena, &lync);
    *ntlm = lync.ntlm;
    return lync.credential;
}

static void test_credentials(void **state)
{
    static const struct {
        const char *authorization, *ticket;
        enum credential credential;
        unsigned type;
    } rows[] = {
        { "", "", CREDENTIAL_NONE, 0 },
        { "Basic YTpi", "", CREDENTIAL_BASIC, 0 },
        { "bearer cwt=AAEB", "", CREDENTIAL_BEARER, 0 },
        { "NTLM " TYPE1, "", CREDENTIAL_NTLM_NEGOTIATE, 1 },
        { "Negotiate  " TYPE1, "", CREDENTIAL_NTLM_NEGOTIATE, 1 },
        { "NTLM TlRMTVNTUAADAAAA", "", CREDENTIAL_NTLM_AUTHENTICATE, 3 },
        { "Negotiate YA8GCSqGSIb3EgECAgEAbgA=", "", CREDENTIAL_KERBEROS, 0 },
        { "Negotiate oQcwBaADCgEA", "", CREDENTIAL_SPNEGO, 0 },
        { "Negotiate ***", "", CREDENTIAL_OTHER, 0 },
        { "Turbo x", "", CREDENTIAL_OTHER, 0 },
        { "", "opaque=PHNhb", CREDENTIAL_WEB_TICKET, 0 },
        { "NTLM " TYPE1, "cwt=A", CREDENTIAL_WEB_TICKET, 1 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ntlm_facts ntlm;

        assert_int_equal(credential_of(*state, rows[i].authorization, rows[i].ticket, &ntlm),
                         rows[i].credential);
        assert_int_equal(ntlm.type, rows[i].type);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_arena, tear_down_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_schemes), TEST(test_tokens),     TEST(test_oauth),
        TEST(test_bearer),  TEST(test_hurt_lines), TEST(test_credentials),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
