/* report_json_test.c: the JSON report and its lines, read back by another reader */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/report_fixture.h"

static void print_report(FILE *out, const void *subject)
{
    report_json(out, subject, &(struct report_options){ 0 });
}

static void print_line(FILE *out, const void *subject)
{
    report_ndjson(out, subject, &(struct report_options){ 0 });
}

static json_t *load(char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (!root)
        fail_msg("%s in %s", error.text, text);
    free(text);
    return root;
}

/* "sign_ins/0/user": a member far down. */
static json_t *at(json_t *root, const char *path)
{
    while (root && *path) {
        char name[64];
        size_t length = strcspn(path, "/");

        snprintf(name, sizeof name, "%.*s", (int)length, path);
        root = json_is_array(root) ? json_array_get(root, (size_t)strtoul(name, NULL, 10))
                                   : json_object_get(root, name);
        path += length + (path[length] == '/');
    }
    return root;
}

static const char *text_at(json_t *root, const char *path)
{
    const char *text = json_string_value(at(root, path));

    if (!text)
        fail_msg("no text at %s", path);
    return text;
}

static void assert_unknown(json_t *root, const char *path)
{
    if (!at(root, path) || !json_is_null(at(root, path)))
        fail_msg("no null at %s", path);
}

static void says_what_is_known_and_null_for_the_rest(void **state)
{
    struct report_fixture fixture;
    json_t *root;

    (void)state;
    report_fixture_fill(&fixture);
    root = load(fixture_print(print_report, &fixture.report));
    assert_int_equal(json_integer_value(at(root, "schema")), 1);
    assert_string_equal(text_at(root, "inputs/0/kind"), "pcapng");
    assert_string_equal(text_at(root, "sign_ins/0/user"), "sip:alice@contoso.com");
    assert_string_equal(text_at(root, "sign_ins/0/started"), "2026-11-25T23:02:11.000000001Z");
    assert_string_equal(text_at(root, "sign_ins/0/failed_stage"), "dns");
    assert_unknown(root, "sign_ins/0/user_agent");
    assert_unknown(root, "sign_ins/0/client/port");
    assert_unknown(root, "sign_ins/0/client/name");
    assert_int_equal(json_object_size(at(root, "sign_ins/0/services")), 0);
    assert_unknown(root, "sign_ins/1/user");
    assert_unknown(root, "sign_ins/1/failed_stage");
    assert_string_equal(text_at(root, "sign_ins/1/services/Ucwa"),
                        "https://pool01.contoso.com/ucwa");
    assert_int_equal(json_integer_value(at(root, "summary/incomplete")), 1);
    json_decref(root);
}

static void steps_carry_their_protocol(void **state)
{
    struct report_fixture fixture;
    json_t *root;

    (void)state;
    report_fixture_fill(&fixture);
    root = load(fixture_print(print_report, &fixture.report));
    assert_string_equal(text_at(root, "sign_ins/0/steps/1/dns/rcode"), "NXDOMAIN");
    assert_string_equal(text_at(root, "sign_ins/0/steps/1/dns/answers/0"), "192.0.2.1");
    assert_true(json_real_value(at(root, "sign_ins/0/steps/0/duration_ms")) == 1.234);
    assert_string_equal(text_at(root, "sign_ins/1/steps/0/http/version"), "1.1");
    assert_string_equal(text_at(root, "sign_ins/1/steps/0/http/content_type"), "text/xml");
    assert_string_equal(text_at(root, "sign_ins/1/steps/0/http/service"), "autodiscover");
    assert_string_equal(text_at(root, "sign_ins/1/steps/0/relay/to/role"), "front-end");
    assert_unknown(root, "sign_ins/1/steps/0/relay/duration_ms");
    assert_string_equal(text_at(root, "sign_ins/2/steps/0/tls/cipher"),
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assert_unknown(root, "sign_ins/2/steps/0/tls/alert");
    assert_unknown(root, "sign_ins/2/steps/0/duration_ms");
    json_decref(root);
}

static void findings_cite_packets(void **state)
{
    struct report_fixture fixture;
    json_t *root;

    (void)state;
    report_fixture_fill(&fixture);
    fixture.report.findings = fixture.findings[1];
    fixture.report.finding_count = 1;
    root = load(fixture_print(print_report, &fixture.report));
    assert_string_equal(text_at(root, "sign_ins/0/findings/0/rule"), "dns-external-missing");
    assert_int_equal(json_integer_value(at(root, "sign_ins/0/findings/0/evidence/0/packet")), 18);
    assert_int_equal(json_integer_value(at(root, "sign_ins/0/findings/0/step")), 2);
    assert_string_equal(text_at(root, "findings/0/rule"), "normal-slow");
    assert_unknown(root, "findings/0/step");
    json_decref(root);
}

static void an_input_without_packets_has_no_times(void **state)
{
    struct report_fixture fixture;
    json_t *root;

    (void)state;
    report_fixture_fill(&fixture);
    fixture.report.input_count = 2;
    fixture.report.signin_count = 0;
    root = load(fixture_print(print_report, &fixture.report));
    assert_unknown(root, "inputs/1/first_time");
    assert_unknown(root, "inputs/1/last_time");
    assert_int_equal(json_array_size(at(root, "sign_ins")), 0);
    json_decref(root);
}

static void bytes_from_the_wire_stay_valid_json(void **state)
{
    struct report_fixture fixture;
    json_t *root;

    (void)state;
    report_fixture_fill(&fixture);
    fixture.signins[1].user_agent = "bad \xff \x1b[31m \"quoted\" \\ \n";
    root = load(fixture_print(print_report, &fixture.report));
    assert_string_equal(text_at(root, "sign_ins/1/user_agent"),
                        "bad \xef\xbf\xbd \x1b[31m \"quoted\" \\ \n");
    json_decref(root);
}

static void a_line_is_one_sign_in(void **state)
{
    struct report_fixture fixture;
    char *line;
    json_t *root;

    (void)state;
    report_fixture_fill(&fixture);
    line = fixture_print(print_line, &fixture.signins[0]);
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    root = load(line);
    assert_string_equal(text_at(root, "outcome"), "failed");
    json_decref(root);
}

/* By a real validator, where there is one. */
static void is_valid_by_the_schema(void **state)
{
    struct report_fixture fixture;
    char path[] = "/tmp/lyncscope-report-XXXXXX", command[200];
    int descriptor;
    FILE *file;

    (void)state;
    if (access("tests/schema/validate.py", R_OK) != 0 ||
        system("python3 -c 'import jsonschema' 2>/dev/null") != 0)
        skip();
    report_fixture_fill(&fixture);
    descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    file = fdopen(descriptor, "w");
    print_report(file, &fixture.report);
    fclose(file);
    snprintf(command, sizeof command, "python3 tests/schema/validate.py %s", path);
    assert_int_equal(system(command), 0);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_known_and_null_for_the_rest),
        cmocka_unit_test(steps_carry_their_protocol),
        cmocka_unit_test(findings_cite_packets),
        cmocka_unit_test(an_input_without_packets_has_no_times),
        cmocka_unit_test(bytes_from_the_wire_stay_valid_json),
        cmocka_unit_test(a_line_is_one_sign_in),
        cmocka_unit_test(is_valid_by_the_schema),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
