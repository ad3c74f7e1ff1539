/* secret_test.c: what must never be shown, whole and cut anywhere */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "lyncscope/secret.h"
#include "tests/support/exact.h"

static void check_body(const char *type, const char *body, const char *expected)
{
    struct slice bytes = exact_text(body);
    struct text out = { 0 };

    secret_add_body(&out, slice_of_text(type), bytes, false);
    assert_string_equal(text_string(&out), expected);
    text_truncate(&out, 0);
    secret_add_body(&out, slice_of_text(type), bytes, true);
    assert_string_equal(text_string(&out), body);
    text_release(&out);
    exact_free(bytes);
}

static void check_url(const char *url, const char *expected)
{
    struct slice bytes = exact_text(url);
    struct text out = { 0 };

    secret_add_url(&out, bytes, false);
    assert_string_equal(text_string(&out), expected);
    text_truncate(&out, 0);
    secret_add_url(&out, bytes, true);
    assert_string_equal(text_string(&out), url);
    text_release(&out);
    exact_free(bytes);
}

static void check_header(const char *name, const char *value, const char *expected)
{
    struct text out = { 0 };

    secret_add_header_value(&out, slice_of_text(name), slice_of_text(value), false);
    assert_string_equal(text_string(&out), expected);
    text_truncate(&out, 0);
    secret_add_header_value(&out, slice_of_text(name), slice_of_text(value), true);
    assert_string_equal(text_string(&out), value);
    text_release(&out);
}

static void headers(void **state)
{
    (void)state;
    check_header("authorization", "NTLM TlRM", "<masked 9 bytes>");
    check_header("Proxy-Authorization", "Basic eA==", "<masked 10 bytes>");
    check_header("COOKIE", "a=b", "<masked 3 bytes>");
    check_header("Set-Cookie", "a=b", "<masked 3 bytes>");
    check_header("X-Ms-WebTicket", "opaque=x", "<masked 8 bytes>");
    check_header("X-MS-WebTicketURL", "https://a/b", "https://a/b");
    check_header("Location", "https://a/b?code=xyz&x=1", "https://a/b?code=<masked 3 bytes>&x=1");
    check_header("Accept", "a;code=1", "a;code=1");
}

static void urls(void **state)
{
    (void)state;
    check_url("https://a/b?password=x&y=z", "https://a/b?password=<masked 1 bytes>&y=z");
    check_url("/b?y=z&ACCESS_TOKEN=abc;d#e", "/b?y=z&ACCESS_TOKEN=<masked 5 bytes>#e");
    check_url("/b#access_token=ab&ticket=c",
              "/b#access_token=<masked 2 bytes>&ticket=<masked 1 bytes>");
    check_url("/?assertion=a", "/?assertion=<masked 1 bytes>");
    check_url("/code=1?codes=2&code=&sipuri=u", "/code=1?codes=2&code=&sipuri=u");
    check_url("https://u:pw@a/b", "https://u:<masked 2 bytes>@a/b");
    check_url("https://a:443/b@c", "https://a:443/b@c");
    check_url("/?code=ab&u=http://a:b@c", "/?code=<masked 2 bytes>&u=http://a:b@c");
    check_url("", "");
}

static void xml(void **state)
{
    static const char type[] = "text/xml";

    (void)state;
    check_body(type, "<a><o:Password Type=\">\">p&lt;w</o:Password></a>",
               "<a><o:Password Type=\">\"><masked 6 bytes></o:Password></a>");
    check_body(type, "<PASSWORD><![CDATA[</Password>]]></PASSWORD>",
               "<PASSWORD><masked 23 bytes></PASSWORD>");
    check_body(type, "<t:BinarySecret>AA</t:BinarySecret><UserToken>B</UserToken>",
               "<t:BinarySecret><masked 2 bytes></t:BinarySecret><UserToken><masked 1 bytes>"
               "</UserToken>");
    check_body(type, "<x><saml:Assertion ID='1'><saml:Assertion/>x</saml:Assertion></x>",
               "<x><masked 58 bytes></x>");
    check_body(type, "<s:Assertion><Assertion>x</Assertion>y</s:Assertion>z", "<masked 52 bytes>z");
    check_body(type, "<w:BinarySecurityToken a='b'>x<y/>z</w:BinarySecurityToken>",
               "<w:BinarySecurityToken a='b'><masked 6 bytes></w:BinarySecurityToken>");
    check_body(type, "<Password/><PasswordText>shown</PasswordText><Password></Password>",
               "<Password/><PasswordText>shown</PasswordText><Password></Password>");
}

static void json_and_forms(void **state)
{
    (void)state;
    check_body("application/json", "{\"access_token\" : \"a\\\"b\",\"x\":1}",
               "{\"access_token\" : \"<masked 4 bytes>\",\"x\":1}");
    check_body("", "{\"Password\":12,\"id_token\":{\"a\":\"}\"},\"b\":[]}",
               "{\"Password\":<masked 2 bytes>,\"id_token\":<masked 9 bytes>,\"b\":[]}");
    check_body("", "{\"code\":\"NotFound\",\"refresh_token\":\"\"}",
               "{\"code\":\"NotFound\",\"refresh_token\":\"\"}");
    check_body("", "{\"code\":\"x7\"}", "{\"code\":\"<masked 2 bytes>\"}");
    check_body("application/x-www-form-urlencoded;charset='utf-8'",
               "grant_type=password&username=u&password=a \"<b&client_secret=c",
               "grant_type=password&username=u&password=<masked 5 bytes>&client_secret=<masked 1 "
               "bytes>");
    check_body("text/plain", "ms_rtc_renew=t&code=c",
               "ms_rtc_renew=<masked 1 bytes>&code=<masked "
               "1 bytes>");
    check_body("text/html", "<a href=\"/x?code=12&amp;password=p\">code=</a>",
               "<a href=\"/x?code=<masked 2 bytes>&amp;password=<masked 1 bytes>\">code=</a>");
}

static void tickets_in_text(void **state)
{
    (void)state;
    check_body("text/plain", "got cwt=AAEB+/= then opaque=xy, end",
               "got cwt=<masked 7 bytes> then opaque=<masked 2 bytes>, end");
    check_body("text/xml", "<a>Opaque=b</a>", "<a>Opaque=<masked 1 bytes></a>");
    check_body("text/plain", "xcwt=1", "xcwt=1");
}

static void wide_text_is_masked_whole(void **state)
{
    static const char body[] = "<\0P\0>\0";
    struct text out = { 0 };

    (void)state;
    secret_add_body(&out, SLICE_EMPTY, slice_of(body, 6), false);
    assert_string_equal(text_string(&out), "<masked 6 bytes>");
    text_release(&out);
}

/* Wherever the capture cuts a document, no part of the secret is shown. */
static void cut_documents(void **state)
{
    static const char *const bodies[] = {
        "<a><o:Password Type='t'>S3CR3T</o:Password></a>",
        "<a><Assertion ID='S3CR3T'>S3CR3T<b/>S3CR3T</Assertion></a>",
        "{\"password\" : \"S3CR3T\"}",
        "{\"assertion\":{\"a\":[\"S3CR3T\"]}}",
        "a=b&password=S3CR3T&c=d",
        "x cwt=S3CR3T y",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        for (size_t length = 0; length <= strlen(bodies[i]); length++) {
            struct slice bytes = exact_copy(slice_of(bodies[i], length));
            struct text out = { 0 };

            secret_add_body(&out, SLICE_EMPTY, bytes, false);
            if (strstr(text_string(&out), "S3"))
                fail_msg("%.*s shows %s", (int)length, bodies[i], text_string(&out));
            text_release(&out);
            exact_free(bytes);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers),
        cmocka_unit_test(urls),
        cmocka_unit_test(xml),
        cmocka_unit_test(json_and_forms),
        cmocka_unit_test(tickets_in_text),
        cmocka_unit_test(wide_text_is_masked_whole),
        cmocka_unit_test(cut_documents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
