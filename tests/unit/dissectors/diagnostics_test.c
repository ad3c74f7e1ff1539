/* diagnostics_test.c: X-Ms-diagnostics as specified and as sent */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/diagnostics.h"

static void test_forms(void **state)
{
    static const struct {
        const char *value, *id, *source, *reason, *fault_code;
    } rows[] = {
        { "28020;source=\"fe1.corp.example\";reason=\"No valid security token.\"", "28020",
          "fe1.corp.example", "No valid security token.", "" },
        { "28033; source=\"a\"; reason=\"x; \\\"y\\\" = z\"; faultcode=\"wsse:FailedCheck\"",
          "28033", "a", "x; \"y\" = z", "wsse:FailedCheck" },
        { "1000;\"a\";\"b=c\";\"d\"", "1000", "a", "b=c", "d" },
        { "1000;a;b", "1000", "a", "b", "" },
        { "1000;REASON=r;Source=s;component=\"x\"", "1000", "s", "r", "" },
        { " 7 ", "7", "", "", "" },
        { "", "", "", "", "" },
        { ";;;;", "", "", "", "" },
        { "5;source=\"open", "5", "open", "", "" },
        { "5;source=\"a\\", "5", "a\\", "", "" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t *block = exact_block(rows[i].value, strlen(rows[i].value));
        struct diagnostics facts = diagnostics_read(slice_of(block, strlen(rows[i].value)), *state);

        free(block);
        assert_slice(facts.id, rows[i].id);
        assert_slice(facts.source, rows[i].source);
        assert_slice(facts.reason, rows[i].reason);
        assert_slice(facts.fault_code, rows[i].fault_code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_forms, set_up_arena, tear_down_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
