/* report_text_test.c: the text report: what it says first, its width, what it escapes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "tests/support/report_fixture.h"

struct wanted {
    const struct report *report;
    struct report_options options;
};

static void print_report(FILE *out, const void *subject)
{
    const struct wanted *wanted = subject;

    report_text(out, wanted->report, &wanted->options);
}

static char *print(const struct report_fixture *fixture, struct report_options options)
{
    struct wanted wanted = { &fixture->report, options };

    return fixture_print(print_report, &wanted);
}

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void assert_silent(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" is in:\n%s", part, text);
}

static void assert_begins(char *text, const char *line)
{
    if (strncmp(text, line, strlen(line)) != 0)
        fail_msg("no \"%s\" at the beginning of:\n%s", line, text);
}

static unsigned columns(const char *text, size_t length)
{
    wchar_t wide[1024];
    char line[1024];
    size_t count;

    snprintf(line, sizeof line, "%.*s", (int)length, text);
    count = mbstowcs(wide, line, 1024);
    if (count == (size_t)-1)
        fail_msg("not UTF-8: %s", line);
    return (unsigned)wcswidth(wide, count);
}

static void assert_lines_fit(const char *text, unsigned width)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        if (columns(text, length) > width)
            fail_msg("%u columns: %.*s", columns(text, length), (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* ---- the verdict ---- */

static void the_first_line_is_the_verdict(void **state)
{
    struct report_fixture fixture;
    char *text;

    (void)state;
    report_fixture_fill(&fixture);
    text = print(&fixture, (struct report_options){ 0 });
    assert_begins(text,
                  "1 of 3 sign-ins failed: lyncdiscover.contoso.com does not exist. 1 cannot be\n"
                  "judged.\n");
    free(text);

    fixture.report.signin_count = 1;
    text = print(&fixture, (struct report_options){ 0 });
    assert_begins(text, "The sign-in of alice@contoso.com failed: lyncdiscover.contoso.com does");
    free(text);

    fixture.signin_list[0] = &fixture.signins[1];
    text = print(&fixture, (struct report_options){ 0 });
    assert_begins(text, "The sign-in succeeded.\n");
    free(text);

    fixture.signin_list[1] = &fixture.signins[2];
    fixture.report.signin_count = 2;
    text = print(&fixture, (struct report_options){ 0 });
    assert_begins(text, "1 of 2 sign-ins succeeded, 1 cannot be judged: the connection is");
    free(text);
}

/* Five sign-ins, the last three with the reason of the fixture's first one. */
static void fill_five(struct report_fixture *fixture, struct signin signins[5],
                      struct finding findings[5], const struct signin *list[5])
{
    static const char *const users[] = { "sip:ann@contoso.com", "sip:bob@contoso.com",
                                         "sip:carl@contoso.com", "sip:dora@contoso.com",
                                         "sip:emil@contoso.com" };

    report_fixture_fill(fixture);
    for (unsigned i = 0; i < 5; i++) {
        findings[i] = fixture->findings[0][0];
        findings[i].evidence[0].packet = 100 + i;
        findings[i].evidence_count = 1;
        signins[i] = fixture->signins[0];
        signins[i].id = i + 1;
        signins[i].user = users[i];
        signins[i].findings = &findings[i];
        list[i] = &signins[i];
    }
    findings[0].title = "Wrong user name or password.";
    findings[0].rule = &fixture->rules[1];
    signins[1] = fixture->signins[1];
    signins[1].id = 2;
    fixture->report.signins = list;
    fixture->report.signin_count = 5;
}

static void the_most_frequent_cause_comes_first_and_once(void **state)
{
    struct report_fixture fixture;
    struct signin signins[5];
    struct finding findings[5];
    const struct signin *list[5];
    char *text;

    (void)state;
    fill_five(&fixture, signins, findings, list);
    text = print(&fixture, (struct report_options){ 0 });
    assert_begins(
        text, "4 of 5 sign-ins failed: lyncdiscover.contoso.com does not exist (3); wrong user\n"
              "name or password (1).\n");
    assert_true(strstr(text, "Sign-in 3: carl") < strstr(text, "Sign-in 4: the same"));
    assert_true(strstr(text, "Sign-in 5: the same") < strstr(text, "Sign-in 1: ann"));
    assert_says(text, "Sign-in 4: the same, dora@contoso.com from 192.0.2.7, packet 103\n");
    assert_silent(text, "Sign-in 5: emil");
    assert_true(strstr(text, "carl@contoso.com") < strstr(text, "ann@contoso.com"));
    free(text);

    text = print(&fixture, (struct report_options){ .verbose = true });
    assert_says(text, "Sign-in 5: emil");
    assert_silent(text, "the same");
    free(text);
}

static void what_differs_in_the_same_cause_is_told(void **state)
{
    struct report_fixture fixture;
    struct signin signins[5];
    struct finding findings[5], two[2];
    const struct signin *list[5];
    char *text;

    (void)state;
    fill_five(&fixture, signins, findings, list);
    findings[2].cause = "CONTOSO\\carl was refused after 7 s.";
    findings[3].cause = "CONTOSO\\dora was refused after 9 s.";
    findings[4].cause = "Another resolver refused it.";
    two[0] = findings[3];
    two[1] = fixture.findings[1][0];
    signins[3].findings = two;
    signins[3].finding_count = 2;
    text = print(&fixture, (struct report_options){ 0 });
    assert_says(text, "CONTOSO\\carl was refused");
    assert_silent(text, "CONTOSO\\dora was refused");
    assert_says(text, "Cause    Another resolver refused it.");
    assert_says(text, "Also     warning: The proxy takes long");
    assert_lines_fit(text, 80);
    free(text);
}

static void no_sign_in_has_a_hint(void **state)
{
    struct report_fixture fixture;
    char *text;

    (void)state;
    report_fixture_fill(&fixture);
    fixture.report.signin_count = 0;
    text = print(&fixture, (struct report_options){ 0 });
    assert_begins(text, "No sign-in found in 1,204 packets.\n");
    assert_says(text, "17 messages decoded");
    free(text);

    fixture.report.hidden_count = 2;
    text = print(&fixture, (struct report_options){ 0 });
    assert_begins(text, "No sign-in matches what was asked for; 2 others are not shown.\n");
    free(text);
}

/* ---- the body ---- */

static void a_failure_is_told_in_full(void **state)
{
    struct report_fixture fixture;
    char *text, *failed, *incomplete;

    (void)state;
    report_fixture_fill(&fixture);
    text = print(&fixture, (struct report_options){ 0 });
    assert_says(text, "\u25b6   2");
    assert_says(text, "Cause    The record was never published.");
    assert_says(text, "Fix      Publish it.");
    assert_says(text, "Proof    packets 16 and 18 (rule dns-external-missing)");
    assert_says(text, "Seen as  \"Cannot connect to the server.\"");
    assert_says(text, "it ends in the middle of packet 1205");
    assert_says(text, "The proxy takes long [sign-in 2]. Make it fast.");
    failed = strstr(text, "Sign-in 1:");
    incomplete = strstr(text, "Sign-in 3:");
    assert_true(failed && incomplete && failed < incomplete);
    assert_silent(text, "Sign-in 2:");
    assert_silent(text, "\033");
    free(text);
}

static void a_file_is_named_where_there_are_several(void **state)
{
    struct report_fixture fixture;
    char *text;

    (void)state;
    report_fixture_fill(&fixture);
    fixture.report.input_count = 2;
    fixture.findings[0][0].evidence[0].input = 1;
    text = print(&fixture, (struct report_options){ 0 });
    assert_says(text, "packet 16 of phone.pcapng; packet 18 of proxy.pcap");
    free(text);
}

static void verbose_tells_all(void **state)
{
    struct report_fixture fixture;
    char *text;

    (void)state;
    report_fixture_fill(&fixture);
    text = print(&fixture, (struct report_options){ .verbose = true });
    assert_says(text, "Sign-in 2:");
    assert_says(text, "; relayed to");
    assert_says(text, "Counted");
    free(text);
}

static void color_is_only_there_when_wanted(void **state)
{
    struct report_fixture fixture;
    char *text;

    (void)state;
    report_fixture_fill(&fixture);
    text = print(&fixture, (struct report_options){ .color = true });
    assert_begins(text, "\033[1;31m1 of 3 sign-ins failed");
    free(text);
}

/* ---- long and hostile ---- */

static void hostile_names_neither_widen_nor_color(void **state)
{
    static char name[3000];
    struct report_fixture fixture;
    char *text;

    (void)state;
    for (size_t i = 0; i + 8 < sizeof name; i += 8)
        memcpy(name + i, "a\x1b[2J\xe6\x97\xa5", 8); /* erases the screen; a wide character */
    report_fixture_fill(&fixture);
    fixture.signins[0].user = name;
    fixture.signins[0].result = name;
    fixture.signins[0].device = "\xe2\x80\xae"
                                "evil";
    fixture.steps[0][1].summary = name;
    fixture.findings[0][0].title = name;
    fixture.findings[0][0].cause = "one \xff word";
    fixture.inputs[0].path = name;
    text = print(&fixture, (struct report_options){ 0 });
    assert_lines_fit(text, 80);
    assert_silent(text, "\033");
    assert_silent(text, "\xe2\x80\xae");
    assert_says(text, "one \\xFF word");
    free(text);
}

static void a_narrow_page_stays_narrow(void **state)
{
    struct report_fixture fixture;
    char *text;

    (void)state;
    report_fixture_fill(&fixture);
    text = print(&fixture, (struct report_options){ .width = 60, .verbose = true });
    assert_lines_fit(text, 60);
    free(text);
}

static void a_long_sign_in_is_shortened_around_its_failure(void **state)
{
    static struct step steps[300];
    static char summaries[300][32];
    struct report_fixture fixture;
    char *text;

    (void)state;
    report_fixture_fill(&fixture);
    for (unsigned i = 0; i < 300; i++) {
        snprintf(summaries[i], sizeof summaries[i], "GET /number/%u", i + 1);
        steps[i] = fixture.steps[0][0];
        steps[i].number = i + 1;
        steps[i].summary = summaries[i < 250 ? i : 250];
    }
    fixture.signins[0].steps = steps;
    fixture.signins[0].step_count = 300;
    fixture.findings[0][0].step = 200;
    text = print(&fixture, (struct report_options){ 0 });
    assert_says(text, "GET /number/3\n");
    assert_silent(text, "GET /number/4\n");
    assert_says(text, "... 182 steps are left out here ...");
    assert_says(text, "\u25b6 200");
    assert_says(text, "GET /number/206\n");
    assert_silent(text, "GET /number/207\n");
    assert_says(text, "... and 94 more steps");
    free(text);

    fixture.findings[0][0].step = 260; /* one of the fifty that look the same */
    text = print(&fixture, (struct report_options){ 0 });
    assert_says(text, "\u25b6 251");
    assert_says(text, "GET /number/251 (49 more like this)");
    free(text);
}

static void without_utf8_all_is_ascii(void **state)
{
    struct report_fixture fixture;
    char *text;

    (void)state;
    report_fixture_fill(&fixture);
    fixture.signins[0].user = "sip:zo\xc3\xab@contoso.com";
    setlocale(LC_ALL, "C");
    text = print(&fixture, (struct report_options){ 0 });
    setlocale(LC_ALL, "C.UTF-8");
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c >= 0x80)
            fail_msg("not ASCII: %s", c);
    assert_says(text, "zo\\u{00EB}@contoso.com");
    assert_says(text, "X 1 ");
    free(text);
}

/* ---- one row ---- */

static void print_row(FILE *out, const void *subject)
{
    report_text_row(out, subject, &(struct report_options){ 0 });
}

static void a_row_is_one_line(void **state)
{
    struct report_fixture fixture;
    char *text;

    (void)state;
    report_fixture_fill(&fixture);
    text = fixture_print(print_row, &fixture.signins[0]);
    assert_says(text, "23:02:11");
    assert_says(text, "alice@contoso.com");
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    assert_lines_fit(text, 80);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_is_the_verdict),
        cmocka_unit_test(the_most_frequent_cause_comes_first_and_once),
        cmocka_unit_test(what_differs_in_the_same_cause_is_told),
        cmocka_unit_test(no_sign_in_has_a_hint),
        cmocka_unit_test(a_failure_is_told_in_full),
        cmocka_unit_test(a_file_is_named_where_there_are_several),
        cmocka_unit_test(verbose_tells_all),
        cmocka_unit_test(color_is_only_there_when_wanted),
        cmocka_unit_test(hostile_names_neither_widen_nor_color),
        cmocka_unit_test(a_narrow_page_stays_narrow),
        cmocka_unit_test(a_long_sign_in_is_shortened_around_its_failure),
        cmocka_unit_test(without_utf8_all_is_ascii),
        cmocka_unit_test(a_row_is_one_line),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
