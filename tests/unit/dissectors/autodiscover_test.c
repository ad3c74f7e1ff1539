/* autodiscover_test.c: AutodiscoverResponse, right, odd and contradictory */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"

#define OPEN                                                                                       \
    XML_HEAD "<AutodiscoverResponse xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "      \
             "AccessLocation=\"External\">"
#define CLOSE "</AutodiscoverResponse>"
#define USER                                                                                       \
    OPEN                                                                                           \
        "<User><SipClientExternalAccess fqdn=\" edge.litware.example \" port=\"443\"/>"            \
        "<SipClientInternalAccess port=\"5061\" fqdn=\"pool9.corp.litware.example\"/>"             \
        "<SipServerExternalAccess fqdn=\"edge.litware.example\" port=\"5061\"/>"                   \
        "<SipServerInternalAccess fqdn=\"pool9.corp.litware.example\" port=\"5061\"/>"             \
        "<Link href=\"https://web9.litware.example/Mcx/McxService.svc?a=1&amp;b=2\" "              \
        "token=\"External/Mcx\"/><Future x=\"1\"><Link token=\"No\" href=\"no\"/></Future>"        \
        "<Link token=\"Ucwa\" href=\"https://web9.litware.example/ucwa/v1/applications\" y=\"\"/>" \
        "</User>" CLOSE

static struct document read_xml(struct arena *arena, const char *body)
{
    struct document document = read_answer(arena, RESOURCE_USER, RTC_XML, body);

    assert_int_equal(document.kind, DOCUMENT_AUTODISCOVER);
    return document;
}

static struct document read_json(struct arena *arena, const char *body)
{
    struct document document = read_answer(arena, RESOURCE_USER, "application/json", body);

    assert_int_equal(document.kind, DOCUMENT_AUTODISCOVER);
    return document;
}

static void test_user(void **state)
{
    struct document d = read_xml(*state, USER);

    assert_slice(d.access_location, "External");
    assert_int_equal(d.part, PART_USER);
    assert_int_equal(d.part_count, 1);
    assert_slice(d.sip_client_external.fqdn, "edge.litware.example");
    assert_slice(d.sip_client_external.port, "443");
    assert_slice(d.sip_client_internal.fqdn, "pool9.corp.litware.example");
    assert_slice(d.sip_server_external.port, "5061");
    assert_slice(d.sip_server_internal.fqdn, "pool9.corp.litware.example");
    assert_int_equal(d.link_count, 2);
    assert_slice(d.links[0].token, "External/Mcx");
    assert_slice(d.links[0].href, "https://web9.litware.example/Mcx/McxService.svc?a=1&b=2");
    assert_slice(d.links[1].token, "Ucwa");
    assert_int_equal(d.redirect.length, 0);
}

static void test_parts(void **state)
{
    struct document d = read_xml(*state, OPEN "<Root><Link token=\"redirect\" href=\"https://r/\"/>"
                                              "</Root>" CLOSE);

    assert_int_equal(d.part, PART_ROOT);
    assert_slice(d.redirect, "https://r/");
    assert_int_equal(d.link_count, 1);
    d = read_xml(*state, "<AutodiscoverResponse><Domain/></AutodiscoverResponse>");
    assert_int_equal(d.part, PART_DOMAIN);
    assert_int_equal(d.access_location.length, 0);
    d = read_xml(*state,
                 "<AutodiscoverResponse><Link token=\"a\" href=\"b\"/></AutodiscoverResponse>");
    assert_int_equal(d.part, PART_NONE);
    assert_int_equal(d.link_count, 0);
}

static void test_contradictions(void **state)
{
    struct document d =
        read_xml(*state, OPEN "<User><Link token=\"Ucwa\" href=\"1\"/>"
                              "<Link token=\"Redirect\" href=\"2\"/></User>"
                              "<User><Link token=\"Redirect\" href=\"3\"/></User><Root/>" CLOSE);

    assert_int_equal(d.part, PART_USER);
    assert_int_equal(d.part_count, 3);
    assert_slice(d.redirect, "2");
    assert_int_equal(d.link_count, 3);
    d = read_xml(*state, OPEN "<User><Link token=\"Redirect\"/><Link href=\"x\"/></User>" CLOSE);
    assert_int_equal(d.link_count, 1);
    assert_int_equal(d.redirect.length, 0);
}

static void test_json(void **state)
{
    struct document d = read_json(
        *state,
        "{\"accessLocation\":\"Internal\",\"USER\":{\"links\":[{\"Token\":\"Redirect\","
        "\"HREF\":\"https:\\/\\/p.litware.example\\/root\"},{\"href\":\"x\",\"token\":\"Self\"}],"
        "\"SipClientExternalAccess\":{\"fqdn\":\"edge \",\"port\":443}},\"Root\":null}");

    assert_slice(d.access_location, "Internal");
    assert_int_equal(d.part, PART_USER);
    assert_int_equal(d.part_count, 1);
    assert_slice(d.redirect, "https://p.litware.example/root");
    assert_int_equal(d.link_count, 2);
    assert_slice(d.sip_client_external.fqdn, "edge");
    assert_slice(d.sip_client_external.port, "443");
    d = read_json(*state, "{\"Root\":{\"Links\":{\"token\":\"User\",\"href\":\"u\"}}}");
    assert_int_equal(d.part, PART_ROOT);
    assert_slice(d.links[0].href, "u");
    d = read_json(*state, "{\"Domain\":{\"Links\":[1,null,[],{\"token\":2}]}}");
    assert_int_equal(d.part, PART_DOMAIN);
    assert_int_equal(d.link_count, 1);
}

static void test_hurt(void **state)
{
    (void)state;
    hurt_body(RESOURCE_USER, RTC_XML, USER);
    hurt_body(RESOURCE_USER, "application/json",
              "{\"AccessLocation\":\"External\",\"User\":{\"Links\":{\"token\":\"Redirect\","
              "\"href\":\"https:\\/\\/p\\/root\"}}}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_arena, tear_down_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_user), TEST(test_parts), TEST(test_contradictions),
        TEST(test_json), TEST(test_hurt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
