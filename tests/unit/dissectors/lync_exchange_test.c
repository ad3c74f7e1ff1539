/* lync_exchange_test.c: one exchange, all facts together */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/lync_exchange.h"

struct exchange {
    struct http_exchange http;
    struct header request_headers[6], response_headers[6];
};

static void request(struct exchange *e, const char *host, const char *target)
{
    e->http.request.present = true;
    e->http.request.method = slice_of_text("GET");
    e->http.request.host = slice_of_text(host);
    e->http.request.target = slice_of_text(target);
    e->http.request.headers = e->request_headers;
}

static void ask_header(struct exchange *e, const char *name, const char *value)
{
    e->request_headers[e->http.request.header_count++] =
        (struct header){ slice_of_text(name), slice_of_text(value) };
}

static void answer(struct exchange *e, unsigned status, const char *type, const char *body)
{
    struct slice kept = slice_of_text(body);

    e->http.response.present = true;
    e->http.response.status = status;
    e->http.response.headers = e->response_headers;
    e->http.response.body =
        (struct http_body){ .kept = kept, .bytes = kept.length, .complete = true };
    e->response_headers[e->http.response.header_count++] =
        (struct header){ slice_of_text("content-type"), slice_of_text(type) };
}

static void answer_header(struct exchange *e, const char *name, const char *value)
{
    e->response_headers[e->http.response.header_count++] =
        (struct header){ slice_of_text(name), slice_of_text(value) };
}

static void test_root(void **state)
{
    struct exchange e = { 0 };
    const struct lync_exchange *lync = &e.http.lync;

    request(&e, "lyncdiscover.litware.example",
            "/?sipuri=sip%3Anina%2Bx@litware.example&originalDomain=d");
    answer(&e, 200, RTC_XML,
           "<AutodiscoverResponse AccessLocation=\"External\"><Root><Link token=\"Redirect\" "
           "href=\"https://d/\"/></Root></AutodiscoverResponse>");
    answer_header(&e, "X-MS-Server-Fqdn", " dir1.corp.litware.example ");
    assert_true(lync_request_is_ours(&e.http.request));
    lync_exchange_read(&e.http, *state);
    assert_int_equal(lync->service, SERVICE_AUTODISCOVER);
    assert_int_equal(lync->resource, RESOURCE_ROOT);
    assert_slice(lync->sipuri, "sip:nina+x@litware.example");
    assert_slice(lync->original_domain, "d");
    assert_slice(lync->server_fqdn, "dir1.corp.litware.example");
    assert_slice(lync->response_document.redirect, "https://d/");
    assert_int_equal(lync->request_document.kind, DOCUMENT_NONE);
    assert_int_equal(lync->credential, CREDENTIAL_NONE);
}

static void test_user_refused(void **state)
{
    struct exchange e = { 0 };
    const struct lync_exchange *lync = &e.http.lync;

    request(&e, "web9.litware.example", "/Autodiscover/AutodiscoverService.svc/root/user");
    ask_header(&e, "X-MS-WebTicket", "opaque=PHNh");
    answer(&e, 401, "text/html", "<html>401</html>");
    answer_header(&e, "X-MS-WebTicketURL",
                  "https://web9.litware.example/WebTicket/WebTicketService.svc");
    answer_header(&e, "WWW-Authenticate", "Negotiate");
    answer_header(&e, "WWW-Authenticate", "NTLM");
    answer_header(&e, "x-ms-diagnostics", "28072;source=\"fe9\";reason=\"expired\"");
    lync_exchange_read(&e.http, *state);
    assert_int_equal(lync->credential, CREDENTIAL_WEB_TICKET);
    assert_true(lync->challenge.negotiate && lync->challenge.ntlm);
    assert_slice(lync->web_ticket_url,
                 "https://web9.litware.example/WebTicket/WebTicketService.svc");
    assert_slice(lync->diagnostics.id, "28072");
    assert_slice(lync->diagnostics.reason, "expired");
    assert_int_equal(lync->response_document.kind, DOCUMENT_HTML);
}

static void test_form_request(void **state)
{
    struct exchange e = { 0 };
    struct slice kept = slice_of_text("grant_type=password&username=nina&password=x");

    request(&e, "web9.litware.example", "/WebTicket/oauthtoken");
    e.http.request.body =
        (struct http_body){ .kept = kept, .bytes = kept.length, .complete = true };
    lync_exchange_read(&e.http, *state);
    assert_int_equal(e.http.lync.resource, RESOURCE_OAUTH_TOKEN);
    assert_int_equal(e.http.lync.request_document.kind, DOCUMENT_OAUTH_FORM);
    assert_slice(e.http.lync.request_document.username, "nina");
    assert_int_equal(e.http.lync.response_document.kind, DOCUMENT_NONE);
}

static void test_ours(void **state)
{
    struct exchange plain = { 0 }, accept = { 0 }, ticket = { 0 }, exchange_server = { 0 };

    (void)state;
    request(&plain, "web.litware.example", "/");
    assert_false(lync_request_is_ours(&plain.http.request));
    request(&accept, "web.litware.example", "/");
    ask_header(&accept, "accept", "text/xml, application/vnd.microsoft.rtc.autodiscover+xml;v=1");
    assert_true(lync_request_is_ours(&accept.http.request));
    request(&ticket, "web.litware.example", "/other");
    ask_header(&ticket, "x-ms-webticket", "cwt=A");
    assert_true(lync_request_is_ours(&ticket.http.request));
    request(&exchange_server, "autodiscover.litware.example", "/autodiscover/autodiscover.xml");
    assert_false(lync_request_is_ours(&exchange_server.http.request));
    assert_true(lync_path_is_ours(slice_of_text("h"), slice_of_text("/ucwa/v1/applications")));
    assert_false(lync_path_is_ours(slice_of_text("h"), slice_of_text("/index.html")));
}

/* The request was not captured: its answer still has headers to read. */
static void test_answer_alone(void **state)
{
    struct exchange e = { 0 };

    answer(&e, 401, "", "");
    answer_header(&e, "WWW-Authenticate", "MsRtcOAuth href=https://h/t");
    lync_exchange_read(&e.http, *state);
    assert_true(e.http.lync.challenge.oauth);
    assert_int_equal(e.http.lync.service, SERVICE_NONE);
    e = (struct exchange){ 0 };
    lync_exchange_read(&e.http, *state);
    assert_int_equal(e.http.lync.resource, RESOURCE_OTHER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_arena, tear_down_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_root), TEST(test_user_refused), TEST(test_form_request),
        TEST(test_ours), TEST(test_answer_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
