/* secret_test.c: no credential gets through, whole or broken; the rest stays readable */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "lyncscope/secret.h"

#define FORM "application/x-www-form-urlencoded"

static void expect_body(const char *type, const char *body, const char *shown)
{
    uint8_t *block = exact_block(body, strlen(body));
    struct text out = { 0 };

    secret_add_body(&out, slice_of_text(type), slice_of(block, strlen(body)), false);
    if (strcmp(text_string(&out), shown) != 0)
        fail_msg("%s\nshown as %s\n  wanted %s", body, text_string(&out), shown);
    text_release(&out);
    free(block);
}

static void test_headers(void **state)
{
    static const struct {
        const char *name, *value, *shown;
    } rows[] = {
        { "authorization", "Bearer cwt=AAEB", "<masked 15 bytes>" },
        { "X-Ms-WebTicket", "opaque=PHNh", "<masked 11 bytes>" },
        { "Set-Cookie", "cwt_ucwa=1", "<masked 10 bytes>" },
        { "COOKIE", "a=b", "<masked 3 bytes>" },
        { "Cookie", "", "" },
        { "WWW-Authenticate", "NTLM TlRM", "NTLM TlRM" },
        { "X-MS-WebTicketURL", "https://h/WebTicket", "https://h/WebTicket" },
        { "Location", "https://h/#access_token=abc&x=1",
          "https://h/#access_token=<masked 3 bytes>&x=1" },
        { "Host", "h", "h" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text out = { 0 };

        secret_add_header_value(&out, slice_of_text(rows[i].name), slice_of_text(rows[i].value),
                                false);
        assert_string_equal(text_string(&out), rows[i].shown);
        text_release(&out);
        secret_add_header_value(&out, slice_of_text(rows[i].name), slice_of_text(rows[i].value),
                                true);
        assert_string_equal(text_string(&out), rows[i].value);
        text_release(&out);
    }
}

static void test_urls(void **state)
{
    static const struct {
        const char *url, *shown;
    } rows[] = {
        { "https://h/?sipuri=a@b&x=1", "https://h/?sipuri=a@b&x=1" },
        { "https://u:p@h/x@y", "https://<masked 3 bytes>@h/x@y" },
        { "/cb?code=0.AXoA-1&state=2", "/cb?code=<masked 8 bytes>&state=2" },
        { "/x?PassWord=a b", "/x?PassWord=<masked 1 bytes> b" },
        { "/x?a=1&ticket=", "/x?a=1&ticket=" },
        { "/x?r=%2Fy%3Faccess_token%3Dabc%26z%3D1",
          "/x?r=%2Fy%3Faccess_token%3D<masked 3 bytes>%26z%3D1" },
        { "/x?errorcode=5&mypassword_x=1", "/x?errorcode=5&mypassword_x=1" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct text out = { 0 };

        secret_add_url(&out, slice_of_text(rows[i].url), false);
        assert_string_equal(text_string(&out), rows[i].shown);
        text_release(&out);
    }
}

static void test_xml(void **state)
{
    (void)state;
    expect_body("text/xml", "<u:Password Type=\"x>y\">pw</u:Password><b/>",
                "<u:Password Type=\"x>y\"><masked 2 bytes></u:Password><b/>");
    expect_body("text/xml", "<a><PASSWORD>p<![CDATA[</PASSWORD>]]>w</PASSWORD></a>",
                "<a><PASSWORD><masked 25 bytes></PASSWORD></a>");
    expect_body(
        "", "<r><s:Assertion ID='1'><s:Assertion/>x<s:Assertion>y</s:Assertion></s:Assertion>z</r>",
        "<r><masked 77 bytes>z</r>");
    expect_body("text/xml", "<UserToken xmlns=\"u\">cwt=AAEB</UserToken>",
                "<UserToken xmlns=\"u\"><masked 8 bytes></UserToken>");
    expect_body("text/xml", "<BinarySecret/><BinarySecurityToken>t</BinarySecurityToken>",
                "<BinarySecret/><BinarySecurityToken><masked 1 bytes></BinarySecurityToken>");
    expect_body("text/xml", "<PasswordPolicy>9</PasswordPolicy>",
                "<PasswordPolicy>9</PasswordPolicy>");
    expect_body("text/xml", "<Link token=\"User\" href=\"u\"/>",
                "<Link token=\"User\" href=\"u\"/>");
}

static void test_broken_xml(void **state)
{
    (void)state;
    expect_body("text/xml", "<Password>secret", "<Password><masked 6 bytes>");
    expect_body("text/xml", "<Password>secret</Pass", "<Password><masked 12 bytes>");
    expect_body("text/xml", "<Password Type=\"x", "<masked 17 bytes>");
    expect_body("text/xml", "<Password<b>secret", "<masked 18 bytes>");
    expect_body("text/xml", "<Password x<b>secret", "<masked 20 bytes>");
    expect_body("text/xml", "<a>cwt=AAEB", "<a>cwt=<masked 4 bytes>");
    expect_body("text/html", "<x>&lt;t:Assertion a=1&gt;secret\"", "<x><masked 29 bytes>\"");
}

static void test_json(void **state)
{
    (void)state;
    expect_body("application/json", "{\"Access_Token\" : \"a\\\"b\",\"expires_in\":1}",
                "{\"Access_Token\" : \"<masked 4 bytes>\",\"expires_in\":1}");
    expect_body("application/json", "{\"password\":12345,\"x\":1}",
                "{\"password\":<masked 5 bytes>,\"x\":1}");
    expect_body("application/json", "{\"password\":{\"a\":\"b\"}}",
                "{\"password\":<masked 10 bytes>");
    expect_body("application/json", "{\"access_token\":\"cut",
                "{\"access_token\":\"<masked 3 bytes>");
    expect_body("application/json", "{\"code\":\"NotFound\",\"token\":\"User\"}",
                "{\"code\":\"NotFound\",\"token\":\"User\"}");
    expect_body("application/json", "{\"code\":\"0.Ab1\"}", "{\"code\":\"<masked 5 bytes>\"}");
    expect_body("application/json", "{\"b\":\"{\\\"password\\\":\\\"pw\\\",\\\"c\\\":1}\"}",
                "{\"b\":\"{\\\"password\\\":\\\"<masked 2 bytes>\\\",\\\"c\\\":1}\"}");
    expect_body("", "{\"t\":\"eyJ0eXAiOiJKV1QiLCJhbGciOi.x\"}", "{\"t\":\"<masked 28 bytes>\"}");
    expect_body("", "{\"h\":\"Bearer abcdefghijklmnopq\"}", "{\"h\":\"Bearer <masked 17 bytes>\"}");
}

static void test_forms(void **state)
{
    (void)state;
    expect_body(FORM, "grant_type=password&username=n&password=a b;c\"d",
                "grant_type=password&username=n&password=<masked 7 bytes>");
    expect_body(FORM, "password=a%26b%3D&x=1", "password=<masked 8 bytes>&x=1");
    expect_body("", "ms_rtc_renew=cwt%3dAA&x=1", "ms_rtc_renew=<masked 8 bytes>&x=1");
    expect_body("multipart/form-data",
                "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\npw\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=\"password\"<masked 7 bytes>\n--b--");
    expect_body("multipart/batching", "--b\r\nAuthorization: Bearer x\r\nHost: h\r\n",
                "--b\r\nAuthorization:<masked 9 bytes>\r\nHost: h\r\n");
    expect_body("text/html",
                "<input value='tok' name=\"wresult\"><input name=\"user\" value=\"n\">",
                "<input<masked 28 bytes><input name=\"user\" value=\"n\">");
}

static void test_utf16(void **state)
{
    static const char wide[] =
        "\xff\xfe<\0P\0a\0s\0s\0w\0o\0r\0d\0>\0x\0y\0<\0/\0P\0a\0s\0s\0w\0o\0r\0d\0>";
    struct text out = { 0 };

    (void)state;
    secret_add_body(&out, SLICE_EMPTY, slice_of(wide, sizeof wide), false);
    assert_string_equal(text_string(&out), "<Password><masked 2 bytes></Password>");
    text_release(&out);
}

static bool shows(const char *body, size_t length, const char *secret)
{
    uint8_t *block = exact_block(body, length);
    struct text out = { 0 };
    bool shown;

    secret_add_body(&out, slice_of_text("text/xml"), slice_of(block, length), false);
    shown = strstr(text_string(&out), secret);
    text_release(&out);
    free(block);
    return shown;
}

/* Cut anywhere, or with a byte changed behind the marks: never shown. */
static void test_hurt(void **state)
{
    static const char *const bodies[] = {
        "<e:Envelope><w:Password Type=\"t\">S3CRET</w:Password></e:Envelope>",
        "<t:Assertion ID=\"1\"><t:Value>S3CRET</t:Value></t:Assertion><x/>",
        "{\"a\":1,\"access_token\":\"S3CRET\",\"expires_in\":1}",
        "grant_type=password&password=S3CRET&x=1",
        "<a>cwt=S3CRET</a>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        size_t length = strlen(bodies[i]),
               secret = (size_t)(strstr(bodies[i], "S3CRET") - bodies[i]);
        char changed[200];

        for (size_t at = 0; at <= length; at++)
            assert_false(shows(bodies[i], at, "S3"));
        for (size_t at = secret + 6; at < length; at++) {
            strcpy(changed, bodies[i]);
            changed[at] = '<';
            assert_false(shows(changed, length, "S3CRET"));
            changed[at] = '"';
            assert_false(shows(changed, length, "S3CRET"));
        }
    }
}

/* Hostile text of a megabyte each: linear work, or this test takes minutes. */
static void test_large(void **state)
{
    static const char *const pieces[] = { "<input ", "<input \"",    "<Password ", "a=",
                                          "code=",   "Bearer ",      "\"code\":",  "<![CDATA[",
                                          "%3D",     "&lt;Assertion" };
    size_t length = 1 << 20;
    char *body = malloc(length);

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct text out = { 0 };

        for (size_t at = 0; at < length; at++)
            body[at] = pieces[i][at % strlen(pieces[i])];
        secret_add_body(&out, slice_of_text("text/xml"), slice_of(body, length), false);
        text_release(&out);
    }
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers), cmocka_unit_test(test_urls),
        cmocka_unit_test(test_xml),     cmocka_unit_test(test_broken_xml),
        cmocka_unit_test(test_json),    cmocka_unit_test(test_forms),
        cmocka_unit_test(test_utf16),   cmocka_unit_test(test_hurt),
        cmocka_unit_test(test_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
