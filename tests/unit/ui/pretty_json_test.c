/* pretty_json_test.c: JSON indented, whatever state it is in */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ui/pretty.h"

static void expect(const char *document, const char *expected)
{
    size_t length = strlen(document);
    uint8_t *copy = malloc(length ? length : 1); /* exactly its size: a byte too far is seen */
    struct text out = { 0 };

    memcpy(copy, document, length);
    pretty_json(&out, slice_of(copy, length));
    assert_string_equal(text_string(&out), expected);
    text_release(&out);
    free(copy);
}

static void test_sound(void **state)
{
    (void)state;
    expect("{\"a\":1,\"b\":[true,null]}",
           "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ]\n}\n");
    expect("{ \"a\" : { } , \"b\":[ ]}", "{\n  \"a\": {},\n  \"b\": []\n}\n");
    expect("{\"a\":\"x{,:\\\"}\"}", "{\n  \"a\": \"x{,:\\\"}\"\n}\n");
}

static void test_broken(void **state)
{
    (void)state;
    expect("", "\n");
    expect("}}", "\n}\n}\n");
    expect("{\"a", "{\n  \"a\n");
    expect("\"\\", "\"\\\n");
    expect("[", "[\n  \n");
}

static void test_deep(void **state)
{
    struct text document = { 0 }, out = { 0 };

    (void)state;
    for (int i = 0; i < 60000; i++)
        text_add(&document, "[");
    pretty_json(&out, buffer_slice(&document.bytes));
    assert_in_range(text_length(&out), 60000, 5000000);
    text_release(&document);
    text_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_deep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
