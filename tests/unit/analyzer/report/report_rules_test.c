/* report_rules_test.c: the rules as a list, and one in full */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "lyncscope/report.h"

static char *print(const char *rule_id)
{
    static const struct report_options options = { 0 };
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    bool known = true;

    if (rule_id)
        known = report_explain(out, rule_id, &options);
    else
        report_rules(out, &options);
    fclose(out);
    if (known)
        return text;
    free(text);
    return NULL;
}

static void assert_lines_fit(const char *text)
{
    for (; *text; text += strcspn(text, "\n") + 1)
        if (strcspn(text, "\n") > 80)
            fail_msg("wider than 80 columns: %.100s", text);
}

static void the_list_has_every_rule(void **state)
{
    char *text = print(NULL);

    (void)state;
    assert_true(rule_count() > 0);
    for (size_t i = 0; i < rule_count(); i++)
        if (!strstr(text, rule_at(i)->id))
            fail_msg("%s is not listed", rule_at(i)->id);
    assert_lines_fit(text);
    assert_null(strchr(text, '{'));
    free(text);
}

static void every_rule_can_be_explained(void **state)
{
    (void)state;
    for (size_t i = 0; i < rule_count(); i++) {
        char *text = print(rule_at(i)->id);

        assert_non_null(text);
        assert_int_equal(strncmp(text, rule_at(i)->id, strlen(rule_at(i)->id)), 0);
        assert_non_null(strstr(text, "\nCause "));
        assert_non_null(strstr(text, "\nFix "));
        assert_lines_fit(text);
        assert_null(strchr(text, '{'));
        free(text);
    }
}

static void an_unknown_rule_is_not_explained(void **state)
{
    (void)state;
    assert_null(print("no-such-rule"));
    assert_null(print(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_has_every_rule),
        cmocka_unit_test(every_rule_can_be_explained),
        cmocka_unit_test(an_unknown_rule_is_not_explained),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
