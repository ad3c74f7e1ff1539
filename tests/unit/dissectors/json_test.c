/* json_test.c: trees, odd keys, bad bytes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"

static struct json_value parse(const char *text, size_t length, struct arena *arena)
{
    uint8_t *block = exact_block(text, length);
    struct json_value root = json_value_parse(slice_of(block, length), arena);

    free(block);
    return root;
}

static void test_members(void **state)
{
    const char *text =
        "{\"Links\":[1],\"LINKS\":2,\"t\":\"a\\/b\\u00e9\",\"n\":443,\"d\":1,\"d\":2,"
        "\"big\":99999999999999999999999}";
    struct json_value root = parse(text, strlen(text), *state);

    assert_true(json_value_is_object(root));
    assert_slice(json_value_member_text(root, "T", *state), "a/b\xc3\xa9");
    assert_slice(json_value_member_text(root, "n", *state), "443");
    assert_slice(json_value_member_text(root, "d", *state), "2");
    assert_int_equal(json_value_member_text(root, "links", *state).length, 0);
    assert_true(json_value_member_text(root, "big", *state).length > 20);
    assert_null(json_value_member(root, "none").node);
    assert_null(json_value_member(json_value_member(root, "t"), "x").node);
    json_value_release(root);
}

static void count(void *context, struct slice key, struct json_value member)
{
    (void)key, (void)member;
    ++*(unsigned *)context;
}

static void test_each(void **state)
{
    struct json_value root = parse("{\"a\":[1,2,3],\"b\":{}}", 20, *state);
    unsigned visits = 0;

    json_value_each(root, &visits, count);
    assert_int_equal(visits, 2);
    json_value_each_item(json_value_member(root, "a"), &visits, count);
    assert_int_equal(visits, 5);
    json_value_each_item(json_value_member(root, "b"), &visits, count);
    assert_int_equal(visits, 6);
    json_value_each_item(json_value_member(root, "c"), &visits, count);
    assert_int_equal(visits, 6);
    json_value_release(root);
}

static void test_bad_bytes(void **state)
{
    struct json_value root = parse("{\"a\":\"x\xff\xc3z\"}", 12, *state);

    assert_slice(json_value_member_text(root, "a", *state), "x\xef\xbf\xbd\xef\xbf\xbdz");
    json_value_release(root);
    root = parse("{\"a\":\"x\\u0000y\"}", 16, *state);
    assert_int_equal(json_value_member_text(root, "a", *state).length, 3);
    json_value_release(root);
}

static void test_refused(void **state)
{
    static const char *const rows[] = { "", "{", "{\"a\"}", "{}x", "[1,]", "{'a':1}", "nul" };
    char *deep = malloc(100000);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_null(parse(rows[i], strlen(rows[i]), *state).node);
    assert_null(parse("{\0}", 3, *state).node);
    memset(deep, '[', 100000);
    assert_null(parse(deep, 100000, *state).node);
    free(deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_members, set_up_arena, tear_down_arena),
        cmocka_unit_test_setup_teardown(test_each, set_up_arena, tear_down_arena),
        cmocka_unit_test_setup_teardown(test_bad_bytes, set_up_arena, tear_down_arena),
        cmocka_unit_test_setup_teardown(test_refused, set_up_arena, tear_down_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
