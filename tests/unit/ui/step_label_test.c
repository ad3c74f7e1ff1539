/* step_label_test.c: a step in a few words */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/step_label.h"

static void expect(const struct step *step, int brevity, const char *expected)
{
    struct text text = { 0 };

    step_label_add(&text, step, brevity, true);
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
}

static void test_dns(void **state)
{
    struct dns_record answer = { .data = slice_of_text("10.0.0.1"), .address = { 4, { 10 } } };
    struct dns_lookup dns = { .name = "lyncdiscover.contoso.com", .type = "A", .questions = 3 };
    struct step step = { .dns = &dns };

    (void)state;
    expect(&step, LABEL_FULL, "A lyncdiscover.contoso.com -> no answer (3x)");
    dns.answered = true;
    dns.questions = 1;
    expect(&step, LABEL_BRIEF, "A lyncdiscover -> no data");
    dns.answers = &answer;
    dns.answer_count = 1;
    expect(&step, LABEL_TINY, "10.0.0.1");
    dns.rcode = 3;
    expect(&step, LABEL_TINY, "NXDOMAIN");
}

static void test_http(void **state)
{
    struct http_exchange http = {
        .request = { .present = true,
                     .method = slice_of_text("GET"),
                     .target = slice_of_text("http://a.b/x/y.svc/root?sipuri=z") },
        .response = { .present = true, .status = 200, .reason = slice_of_text("OK") },
    };
    struct step step = { .http = &http };

    (void)state;
    expect(&step, LABEL_FULL, "GET /x/y.svc/root -> 200 OK");
    expect(&step, LABEL_BRIEF, "GET root -> 200");
    http.lync.resource = RESOURCE_USER;
    expect(&step, LABEL_TINY, "user -> 200");
    http.response.present = false;
    http.ending = HTTP_RESET;
    expect(&step, LABEL_BRIEF, "GET user -> reset");
    http.request.present = false;
    expect(&step, LABEL_BRIEF, "? -> reset");
    http.request = (struct http_request){ .present = true, .target = slice_of_text("http://x") };
    http.lync.resource = RESOURCE_OTHER;
    expect(&step, LABEL_TINY, " -> reset");
}

static void test_tcp_and_tls(void **state)
{
    struct tcp_connection tcp = { .opened = OPENED_UNANSWERED,
                                  .attempts = 4,
                                  .server = { .port = 443 } };
    struct tls_session tls = {
        .version = 0x0303, .server_name = slice_of_text("a.b"), .alert = 0xff, .client_records = 1
    };
    struct step step = { .tcp = &tcp };

    (void)state;
    expect(&step, LABEL_FULL, "TCP :443 no answer (4x)");
    expect(&step, LABEL_TINY, "no answer (4x)");
    step = (struct step){ .tls = &tls };
    expect(&step, LABEL_FULL, "TLS 1.2 a.b encrypted");
    tls.alert = 48;
    expect(&step, LABEL_BRIEF, "TLS alert unknown_ca");
    tls.alert = 250;
    expect(&step, LABEL_BRIEF, "TLS alert 250");
    step = (struct step){ .summary = "odd \x1b" };
    expect(&step, LABEL_FULL, "odd \\x1B");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dns),
        cmocka_unit_test(test_http),
        cmocka_unit_test(test_tcp_and_tls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
