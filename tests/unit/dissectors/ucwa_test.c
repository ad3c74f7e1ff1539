/* ucwa_test.c: UCWA resources and errors in both forms */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"

#define UCWA_TYPE "application/vnd.microsoft.com.ucwa+json"
#define SPACE " xmlns=\"http://schemas.microsoft.com/rtc/2012/03/ucwa\""

static void test_json(void **state)
{
    struct document d =
        read_answer(*state, RESOURCE_ROOT, "application/json",
                    "{\"_links\":{\"self\":{\"href\":\"/s\"},\"user\":{\"href\":\"https://w/"
                    "u\",\"revision\":2}},"
                    "\"_embedded\":{\"me\":{\"_links\":{\"applications\":{\"href\":\"no\"}}}}}");

    assert_int_equal(d.kind, DOCUMENT_UCWA_RESOURCE);
    assert_int_equal(d.part, PART_ROOT);
    assert_int_equal(d.link_count, 2);
    assert_slice(d.links[0].token, "self");
    assert_slice(d.links[1].href, "https://w/u");
    d = read_answer(*state, RESOURCE_OAUTH_USER, UCWA_TYPE,
                    "{\"_links\":{\"user\":{\"href\":\"u\"},\"applications\":[{\"href\":\"a\"},"
                    "{\"href\":\"b\"}]}}");
    assert_int_equal(d.part, PART_USER);
    assert_int_equal(d.link_count, 3);
    d = read_answer(*state, RESOURCE_ROOT, "",
                    "{\"_links\":{\"redirect\":{\"href\":\"https://r.litware.example/root\"}}}");
    assert_slice(d.redirect, "https://r.litware.example/root");
    assert_int_equal(d.part, PART_NONE);
    d = read_answer(*state, RESOURCE_APPLICATIONS, UCWA_TYPE, "{\"_links\":{},\"culture\":\"\"}");
    assert_int_equal(d.kind, DOCUMENT_UCWA_RESOURCE);
}

static void test_xml(void **state)
{
    struct document d = read_answer(
        *state, RESOURCE_USER, "application/xml",
        XML_HEAD
        "<resource rel=\"user\" href=\"/root/user\"" SPACE ">"
        "<link href=\"/ucwa/v1/applications\" rel=\"applications\" revision=\"2\"/>"
        "<link rel=\"redirect\" href=\"https://r/\"/><property name=\"rel\">user</property>"
        "<resource rel=\"me\" href=\"/me\"><link rel=\"user\" href=\"no\"/></resource>"
        "</resource>");

    assert_int_equal(d.kind, DOCUMENT_UCWA_RESOURCE);
    assert_int_equal(d.part, PART_USER);
    assert_int_equal(d.link_count, 3);
    assert_slice(d.links[0].token, "self");
    assert_slice(d.links[0].href, "/root/user");
    assert_slice(d.links[1].href, "/ucwa/v1/applications");
    assert_slice(d.redirect, "https://r/");
    d = read_answer(*state, RESOURCE_APPLICATION, "application/xml", "<resource rel=\"user\"/>");
    assert_int_equal(d.kind, DOCUMENT_NONE); /* another's namespace */
}

static void test_errors(void **state)
{
    struct document d = read_answer(
        *state, RESOURCE_EVENTS, UCWA_TYPE,
        "{\"code\":\"NotFound\",\"subcode\":\"ApplicationNotFound\",\"message\":\"m\"}");

    assert_int_equal(d.kind, DOCUMENT_UCWA_ERROR);
    assert_slice(d.code, "NotFound");
    assert_slice(d.subcode, "ApplicationNotFound");
    d = read_answer(*state, RESOURCE_EVENTS, "application/xml",
                    "<reason" SPACE "><code>Forbidden</code><subcode> MethodNotAllowed </subcode>"
                    "<parameters><code>no</code></parameters></reason>");
    assert_int_equal(d.kind, DOCUMENT_UCWA_ERROR);
    assert_slice(d.code, "Forbidden");
    assert_slice(d.subcode, "MethodNotAllowed");
    d = read_answer(*state, RESOURCE_EVENTS, UCWA_TYPE, "{\"code\":7}");
    assert_int_equal(d.kind, DOCUMENT_NONE);
}

static void test_hurt(void **state)
{
    (void)state;
    hurt_body(RESOURCE_USER, "application/json",
              "{\"_links\":{\"user\":{\"href\":\"u\"},\"applications\":[{\"href\":\"a\"}]}}");
    hurt_body(RESOURCE_USER, "application/xml",
              "<resource rel=\"user\" href=\"/u\"" SPACE
              "><link rel=\"a\" href=\"b\"/></resource>");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_arena, tear_down_arena)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_json), TEST(test_xml), TEST(test_errors),
                                        TEST(test_hurt) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
