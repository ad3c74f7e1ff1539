/* references_test.c: every source of the rule table is spelled out for a reader */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/report/references.h"
#include "lyncscope/rule.h"

static void assert_spelled(const char *references, const char *wanted)
{
    struct text text = { 0 };

    references_spell(&text, references);
    assert_string_equal(text_string(&text), wanted);
    text_release(&text);
}

static void keys_become_words(void **state)
{
    (void)state;
    assert_spelled("NLMP", "[MS-NLMP] NT LAN Manager Authentication Protocol");
    assert_spelled("SEED2 (listeners); TECHMIKAL",
                   "Microsoft Lync Server 2013 documentation: Scenarios for reverse proxy "
                   "(listeners); techmikal.com: UCWA 503, E_UcwaUnavailable");
    assert_spelled("", "");
    assert_spelled("RFC 5280", "RFC 5280");
}

static void assert_known(const char *id, struct slice reference)
{
    char key[64];
    struct text text = { 0 };

    snprintf(key, sizeof key, "%.*s", (int)reference.length, (const char *)reference.data);
    references_spell(&text, key);
    if (strcmp(text_string(&text), key) == 0 && strncmp(key, "RFC ", 4) != 0)
        fail_msg("%s: nobody knows what \"%s\" is", id, key);
    text_release(&text);
}

static void every_rule_names_known_sources(void **state)
{
    (void)state;
    for (size_t i = 0; i < rule_count(); i++) {
        struct slice rest = slice_of_text(rule_at(i)->reference);

        while (rest.length) {
            size_t end = slice_find_byte(rest, ';');

            assert_known(rule_at(i)->id, slice_trim(slice_part(rest, 0, end)));
            rest = slice_after(rest, end + 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_become_words),
        cmocka_unit_test(every_rule_names_known_sources),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
