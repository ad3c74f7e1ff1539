/* report_html_test.c: what strangers sent stays text */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/support/report_fixture.h"
#include "tests/support/ui_fixture.h"

static void print_html(FILE *out, const void *subject)
{
    struct report_options options = { .verbose = true };

    report_html(out, subject, &options);
}

static char *page_of(const char *name)
{
    struct ui_fixture *fixture = ui_fixture_create(name);
    struct ui_feed feed = ui_fixture_feed(fixture);
    char *page = fixture_print(print_html, feed.report(feed.context));

    ui_fixture_free(fixture);
    return page;
}

static void test_every_sign_in_is_there(void **state)
{
    char *page = page_of("site");

    (void)state;
    assert_non_null(strstr(page, "id=\"s5\""));
    assert_non_null(strstr(page, "class=\"bad\">\u2718 wrong password</td>"));
    assert_non_null(strstr(page, "class=\"good\">\u2714 signed in</td>"));
    assert_non_null(strstr(page, "Let the user type the password again"));
    assert_non_null(strstr(page, "packets 61 and 62"));
    assert_non_null(strstr(page, "</html>"));
    free(page);
}

static void test_bytes_of_strangers(void **state)
{
    char *page = page_of("hostile");

    (void)state;
    assert_non_null(strstr(page, "\\x1B]0;owned\\x07"));
    for (const char *at = page; *at; at++)
        assert_true((unsigned char)*at >= ' ' || *at == '\n');
    assert_null(strstr(page, "\u202e"));
    free(page);
}

static void test_markup_in_a_name(void **state)
{
    static const char evil[] = "<script>alert(\"1\")</script>' onload='x&amp;";
    struct report_fixture fixture;
    char *page;

    (void)state;
    report_fixture_fill(&fixture);
    fixture.signins[0].user = evil;
    fixture.signins[0].device = evil;
    fixture.signins[0].result = evil;
    fixture.steps[0][0].summary = evil;
    fixture.inputs[0].path = evil;
    page = fixture_print(print_html, &fixture.report);
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "onload='"));
    assert_non_null(strstr(
        page, "&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#39; onload=&#39;x&#38;amp;"));
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_sign_in_is_there),
        cmocka_unit_test(test_bytes_of_strangers),
        cmocka_unit_test(test_markup_in_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
