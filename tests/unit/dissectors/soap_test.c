/* soap_test.c: ticket requests, tickets, faults and WSDL */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"

#define ENVELOPE(content)                                                                          \
    "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>" content           \
    "</e:Body></e:Envelope>"
#define ENVELOPE12(content)                                                                        \
    "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>" content             \
    "</e:Body></e:Envelope>"
#define TRUST " xmlns=\"http://docs.oasis-open.org/ws-sx/ws-trust/200512\""
#define LIFETIME                                                                                   \
    "<Lifetime><Created>2013-11-05T07:41:12Z</Created><Expires>2013-11-05T15:41:12Z</Expires></"   \
    "Lifetime>"
#define APPLIES                                                                                    \
    "<AppliesTo><EndpointReference><Address> https://w9.litware.example/root/user </Address>"      \
    "</EndpointReference></AppliesTo>"
#define CLAIM                                                                                      \
    "<Claims><c:ClaimType xmlns:c=\"urn:c\" Uri=\"http://schemas.xmlsoap.org/ws/2005/05/identity/" \
    "claims/uri\"><c:Value>sip:nina@litware.example</c:Value></c:ClaimType></Claims>"
#define USERNAME(name)                                                                             \
    "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header><Security>"       \
    "<Timestamp><Created>2001-01-01T00:00:00Z</Created></Timestamp>"                               \
    "<UsernameToken><Username>" name "</Username><Password>c2VjcmV0</Password></UsernameToken>"    \
    "</Security></e:Header><e:Body><RequestSecurityToken/></e:Body></e:Envelope>"

static struct document ask(struct arena *arena, const char *body)
{
    return read_question(arena, RESOURCE_TICKET, "text/xml; charset=utf-8", body);
}

static struct document answer(struct arena *arena, enum resource resource, const char *body)
{
    return read_answer(arena, resource, "text/xml", body);
}

static void test_request(void **state)
{
    struct document d =
        ask(*state, XML_HEAD ENVELOPE(
                        "<RequestSecurityToken" TRUST "><TokenType>urn:t</TokenType>" APPLIES CLAIM
                        "<Entropy><BinarySecret>c2VjcmV0</BinarySecret></Entropy>" LIFETIME
                        "</RequestSecurityToken>"));

    assert_int_equal(d.kind, DOCUMENT_RST);
    assert_slice(d.user, "sip:nina@litware.example");
    assert_slice(d.token_type, "urn:t");
    assert_slice(d.applies_to, "https://w9.litware.example/root/user");
    assert_int_equal(d.created_ns, 1383637272000000000);
    assert_int_equal(d.expires_ns - d.created_ns, 8LL * 3600 * 1000000000);
    assert_false(d.has_username_token);
}

static void test_user_names(void **state)
{
    struct document d = ask(*state, USERNAME("TElUV0FSRVxuaW5h"));

    assert_int_equal(d.kind, DOCUMENT_RST);
    assert_true(d.has_username_token);
    assert_slice(d.user, "LITWARE\\nina");
    assert_int_equal(d.created_ns, 0); /* the time stamp is none of the ticket's */
    assert_slice(ask(*state, USERNAME("nina@litware.example")).user, "nina@litware.example");
    assert_slice(ask(*state, USERNAME("ninaninanina")).user, "ninaninanina");
    assert_slice(ask(*state, USERNAME("LITWARE\\nina")).user, "LITWARE\\nina");
    assert_int_equal(ask(*state, USERNAME("")).user.length, 0);
    d = ask(*state, "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header>"
                    "<UsernameToken><Username>nina</Username></UsernameToken></e:Header><e:Body>"
                    "<RequestSecurityToken>" CLAIM "</RequestSecurityToken></e:Body></e:Envelope>");
    assert_slice(d.user, "sip:nina@litware.example");
}

static void test_ticket(void **state)
{
    struct document d = answer(
        *state, RESOURCE_TICKET,
        ENVELOPE("<RequestSecurityTokenResponseCollection" TRUST "><RequestSecurityTokenResponse>"
                 "<TokenType>urn:saml</TokenType><RequestedSecurityToken><s:Assertion "
                 "xmlns:s=\"urn:oasis:names:tc:SAML:1.0:assertion\"><s:Subject><s:NameIdentifier>"
                 "sip:nina@litware.example</s:NameIdentifier></s:Subject></s:Assertion>"
                 "</RequestedSecurityToken>" LIFETIME APPLIES
                 "</RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection>"));

    assert_int_equal(d.kind, DOCUMENT_RSTR);
    assert_slice(d.user, "sip:nina@litware.example");
    assert_slice(d.token_type, "urn:saml");
    assert_true(d.expires_ns > d.created_ns && d.created_ns > 0);
    d = answer(
        *state, RESOURCE_TICKET,
        ENVELOPE12("<RequestSecurityTokenResponse><RequestedSecurityToken><UserToken>cwt=AAEB"
                   "</UserToken></RequestedSecurityToken></RequestSecurityTokenResponse>"));
    assert_int_equal(d.kind, DOCUMENT_RSTR);
    assert_int_equal(d.user.length, 0);
}

static void test_fault11(void **state)
{
    struct document d = answer(
        *state, RESOURCE_TICKET,
        ENVELOPE(
            "<e:Fault><faultcode>a:FailedAuthentication</faultcode><faultstring>No "
            "entry.</faultstring>"
            "<detail><OCSDiagnosticsFault "
            "xmlns=\"urn:x\"><Ms-Diagnostics-Fault><ErrorId>28033</ErrorId>"
            "<Reason>Not "
            "enabled.</Reason></Ms-Diagnostics-Fault></OCSDiagnosticsFault></detail></e:Fault>"));

    assert_int_equal(d.kind, DOCUMENT_FAULT);
    assert_slice(d.fault_code, "FailedAuthentication");
    assert_slice(d.fault_string, "No entry.");
    assert_slice(d.error_id, "28033");
    assert_slice(d.reason, "Not enabled.");
}

static void test_fault12(void **state)
{
    struct document d = answer(
        *state, RESOURCE_OTHER,
        ENVELOPE12(
            "<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>w:FailedAuthentication"
            "</e:Value></e:Subcode></e:Code><e:Reason><e:Text>Failed</e:Text></e:Reason><e:Detail>"
            "<p:error "
            "xmlns:p=\"urn:p\"><p:value>0x80048821</p:value><p:internalerror><p:code>0x80047860"
            "</p:code><p:text>Federated.</p:text></p:internalerror></p:error></e:Detail></"
            "e:Fault>"));

    assert_int_equal(d.kind, DOCUMENT_FAULT);
    assert_slice(d.fault_code, "FailedAuthentication");
    assert_slice(d.fault_string, "Failed");
    assert_slice(d.error_id, "0x80048821");
    assert_slice(d.reason, "Federated.");
    d = answer(*state, RESOURCE_OTHER,
               ENVELOPE12("<e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code></e:Fault>"));
    assert_slice(d.fault_code, "Sender");
}

#define WSDL(ports)                                                                                \
    "<w:definitions xmlns:w=\"http://schemas.xmlsoap.org/wsdl/\"><w:service name=\"s\">" ports     \
    "</w:service></w:definitions>"

static void test_wsdl(void **state)
{
    struct document d = answer(*state, RESOURCE_MEX,
                               XML_HEAD WSDL("<w:port name=\"WebTicketServiceWinNegotiate\"/>"));

    assert_int_equal(d.kind, DOCUMENT_WSDL);
    assert_true(d.offers_win_negotiate && !d.offers_auth);
    d = answer(*state, RESOURCE_MEX, WSDL("<w:port name=\"WsFedBearer\"/><w:port/>"));
    assert_true(!d.offers_win_negotiate && d.offers_auth);
    d = answer(
        *state, RESOURCE_MEX,
        ENVELOPE12("<Metadata><MetadataSection>" WSDL(
            "<w:port name=\"WebTicketServiceWinNegotiate\"/>") "</MetadataSection></Metadata>"));
    assert_int_equal(d.kind, DOCUMENT_WSDL);
    assert_true(d.offers_win_negotiate);
}

static void test_others(void **state)
{
    assert_int_equal(ask(*state, ENVELOPE("<GetAndPublishCert/>")).kind, DOCUMENT_SOAP_OTHER);
    assert_int_equal(ask(*state, ENVELOPE("")).kind, DOCUMENT_SOAP_OTHER);
    assert_int_equal(ask(*state, "<Envelope><Body/></Envelope>").kind, DOCUMENT_NONE);
    /* the second element of a Body does not change what the first said */
    assert_int_equal(ask(*state, ENVELOPE("<RequestSecurityToken/><e:Fault/>")).kind, DOCUMENT_RST);
}

static void test_hurt(void **state)
{
    (void)state;
    hurt_body(RESOURCE_TICKET, "text/xml", USERNAME("TElUV0FSRVxuaW5h"));
    hurt_body(
        RESOURCE_TICKET, "text/xml",
        ENVELOPE(
            "<e:Fault><faultcode>a:F</faultcode><detail><ErrorId>1</ErrorId></detail></e:Fault>"));
    hurt_body(RESOURCE_MEX, "text/xml", WSDL("<w:port name=\"WsFedBearer\"/>"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_arena, tear_down_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_request), TEST(test_user_names), TEST(test_ticket), TEST(test_fault11),
        TEST(test_fault12), TEST(test_wsdl),       TEST(test_others), TEST(test_hurt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
