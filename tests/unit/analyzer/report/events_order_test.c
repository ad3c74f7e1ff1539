/* events_order_test.c: decoded messages as lines, in packet order, within their memory */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/report_fixture.h"

struct printed {
    struct events_writer *writer;
    FILE *out;
    char *text;
    size_t length;
    struct budget budget;
};

static void begin(struct printed *printed, size_t limit)
{
    static const struct report_options options = { 0 };

    *printed = (struct printed){ 0 };
    budget_init(&printed->budget, limit, NULL);
    printed->out = open_memstream(&printed->text, &printed->length);
    printed->writer = events_writer_create(printed->out, &options, &printed->budget);
    assert_non_null(printed->writer);
}

static void end(struct printed *printed)
{
    events_writer_finish(printed->writer);
    assert_int_equal(printed->budget.used, 0);
    fclose(printed->out);
    printed->out = NULL;
}

/* What is out already: "3 5 7", the packets of its lines. */
static void assert_packets(struct printed *printed, const char *wanted)
{
    char found[256] = "";
    const char *line;

    if (printed->out)
        fflush(printed->out);
    for (line = printed->text; line && *line; line = strchr(line, '\n') + 1) {
        const char *packet = strstr(line, "\"packet\":");
        size_t length = strlen(found);

        snprintf(found + length, sizeof found - length, "%s%lu", length ? " " : "",
                 strtoul(packet + strlen("\"packet\":"), NULL, 10));
    }
    assert_string_equal(found, wanted);
}

static void receive(struct printed *printed, enum event_kind kind, uint64_t flow, uint64_t packet,
                    int64_t noticed_ns)
{
    struct event event = { .kind = kind,
                           .evidence = { .packet = packet, .time_ns = (int64_t)packet },
                           .noticed_ns = noticed_ns,
                           .flow = flow };

    if (kind == EVENT_TLS)
        event.tls.alert = 0xff;
    events_writer_receive(printed->writer, &event);
}

static void nothing_open_means_at_once(void **state)
{
    struct printed printed;

    (void)state;
    begin(&printed, 0);
    receive(&printed, EVENT_DNS, 1, 3, 3);
    assert_packets(&printed, "3");
    receive(&printed, EVENT_DNS, 1, 4, 4);
    assert_packets(&printed, "3 4");
    end(&printed);
    free(printed.text);
}

static void a_connection_comes_before_what_is_in_it(void **state)
{
    struct printed printed;

    (void)state;
    begin(&printed, 0);
    receive(&printed, EVENT_DNS, 1, 1, 1);
    receive(&printed, EVENT_CONNECTING, 2, 2, 2);
    receive(&printed, EVENT_CONNECTED, 2, 2, 3);
    receive(&printed, EVENT_DNS, 1, 4, 4);
    receive(&printed, EVENT_HTTP, 2, 5, 6);
    assert_packets(&printed, "1");
    receive(&printed, EVENT_CONNECTION, 2, 2, 8);
    receive(&printed, EVENT_TLS, 2, 3, 8); /* what its end made known */
    assert_packets(&printed, "1");
    receive(&printed, EVENT_DNS, 1, 9, 9);
    assert_packets(&printed, "1 2 3 4 5 9");
    end(&printed);
    free(printed.text);
}

static void the_oldest_open_connection_holds_the_rest(void **state)
{
    struct printed printed;

    (void)state;
    begin(&printed, 0);
    receive(&printed, EVENT_CONNECTED, 1, 1, 1);
    receive(&printed, EVENT_CONNECTED, 2, 2, 2);
    receive(&printed, EVENT_CONNECTION, 2, 2, 3);
    receive(&printed, EVENT_DNS, 3, 4, 4);
    assert_packets(&printed, "");
    receive(&printed, EVENT_CONNECTION, 1, 1, 5);
    end(&printed); /* the capture's end settles all */
    assert_packets(&printed, "1 2 4");
    free(printed.text);
}

static void kinds_for_the_model_alone_are_not_printed(void **state)
{
    struct printed printed;

    (void)state;
    begin(&printed, 0);
    receive(&printed, EVENT_CONNECTING, 1, 1, 1);
    receive(&printed, EVENT_TLS_HELLO, 1, 2, 2);
    receive(&printed, EVENT_HTTP_REQUEST, 1, 3, 3);
    end(&printed);
    assert_int_equal(printed.length, 0);
    free(printed.text);
}

/* A connection that never ends must not hold more than the budget. */
static void over_budget_the_oldest_goes(void **state)
{
    struct printed printed;
    size_t lines = 0;

    (void)state;
    begin(&printed, 16384);
    receive(&printed, EVENT_CONNECTED, 1, 1, 1);
    for (uint64_t packet = 2; packet < 500; packet++)
        receive(&printed, EVENT_DNS, 2, packet, (int64_t)packet);
    fflush(printed.out);
    assert_true(printed.length > 0);
    assert_true(printed.budget.peak <= 16384);
    end(&printed);
    for (const char *line = printed.text; *line; line = strchr(line, '\n') + 1)
        lines++;
    assert_int_equal(lines, 498);
    free(printed.text);
}

static void spoofed_connections_stay_within_budget(void **state)
{
    struct printed printed;

    (void)state;
    begin(&printed, 65536);
    for (uint64_t flow = 1; flow < 5000; flow++)
        receive(&printed, EVENT_CONNECTING, flow, flow, (int64_t)flow);
    assert_true(printed.budget.peak <= 65536);
    end(&printed);
    free(printed.text);
}

/* ---- the lines ---- */

static json_t *line_of(const struct event *event, bool show_secrets)
{
    struct report_options options = { .show_secrets = show_secrets };
    struct events_writer *writer;
    size_t length = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &length);
    json_t *root;

    writer = events_writer_create(out, &options, NULL);
    events_writer_receive(writer, event);
    events_writer_finish(writer);
    fclose(out);
    root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    assert_non_null(root);
    return root;
}

static const char *text_of(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void an_exchange_has_both_messages(void **state)
{
    struct report_fixture fixture;
    struct event event = { .kind = EVENT_HTTP, .evidence.packet = 20, .flow = 7 };
    json_t *root, *response;

    (void)state;
    report_fixture_fill(&fixture);
    event.http = fixture.http;
    root = line_of(&event, false);
    response = json_object_get(root, "response");
    assert_string_equal(text_of(root, "event"), "http");
    assert_string_equal(text_of(root, "version"), "1.1");
    assert_true(json_is_null(json_object_get(root, "stream")));
    assert_int_equal(json_integer_value(json_array_get(json_object_get(root, "interim"), 0)), 100);
    assert_string_equal(text_of(json_object_get(root, "client"), "address"), "192.0.2.7");
    assert_string_equal(text_of(response, "body_sha256"),
                        "ab01000000000000000000000000000000000000000000000000000000000000");
    assert_true(json_is_null(json_object_get(json_object_get(root, "request"), "body_sha256")));
    assert_true(json_is_true(json_object_get(response, "complete")));
    json_decref(root);
}

static const char *second_header(json_t *root)
{
    json_t *headers = json_object_get(json_object_get(root, "response"), "headers");

    return json_string_value(json_array_get(json_array_get(headers, 1), 1));
}

static void credentials_are_masked_unless_asked_for(void **state)
{
    struct report_fixture fixture;
    struct event event = { .kind = EVENT_HTTP };
    json_t *root;

    (void)state;
    report_fixture_fill(&fixture);
    event.http = fixture.http;
    root = line_of(&event, false);
    assert_string_equal(second_header(root), "<masked 8 bytes>");
    json_decref(root);
    root = line_of(&event, true);
    assert_string_equal(second_header(root), "secret=1");
    json_decref(root);
}

static void an_alert_ends_a_handshake(void **state)
{
    struct report_fixture fixture;
    struct event event = { .kind = EVENT_TLS };
    struct tls_alert told = { .level = 2, .description = 48, .evidence = { .packet = 9 } };
    json_t *root, *alert;

    (void)state;
    report_fixture_fill(&fixture);
    event.tls = fixture.tls;
    root = line_of(&event, false);
    assert_string_equal(text_of(root, "reason"), "no-key");
    assert_string_equal(text_of(root, "cipher"), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    json_decref(root);

    event.tls.alerts = &told;
    event.tls.alert_count = 1;
    event.tls.obstacle = TLS_HANDSHAKE_FAILED;
    root = line_of(&event, false);
    alert = json_array_get(json_object_get(root, "alerts"), 0);
    assert_string_equal(text_of(root, "reason"), "handshake-failed");
    assert_string_equal(text_of(alert, "description"), "unknown_ca");
    assert_int_equal(json_integer_value(json_object_get(alert, "packet")), 9);
    json_decref(root);
}

static void a_question_has_no_rcode(void **state)
{
    struct event event = { .kind = EVENT_DNS, .dns = { .name = slice_of_text("a.example") } };
    json_t *root = line_of(&event, false);

    (void)state;
    assert_true(json_is_null(json_object_get(root, "rcode")));
    assert_string_equal(text_of(root, "name"), "a.example");
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_open_means_at_once),
        cmocka_unit_test(a_connection_comes_before_what_is_in_it),
        cmocka_unit_test(the_oldest_open_connection_holds_the_rest),
        cmocka_unit_test(kinds_for_the_model_alone_are_not_printed),
        cmocka_unit_test(over_budget_the_oldest_goes),
        cmocka_unit_test(spoofed_connections_stay_within_budget),
        cmocka_unit_test(an_exchange_has_both_messages),
        cmocka_unit_test(credentials_are_masked_unless_asked_for),
        cmocka_unit_test(an_alert_ends_a_handshake),
        cmocka_unit_test(a_question_has_no_rcode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
