/* json_writer_test.c: commas, lines, null and numbers */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/report/json_writer.h"

static void assert_json(struct json *json, const char *wanted)
{
    assert_string_equal(text_string(&json->text), wanted);
    text_release(&json->text);
}

static void add_some(struct json *json)
{
    json_object(json, NULL);
    json_number(json, "n", UINT64_MAX);
    json_array(json, "empty");
    json_end(json);
    json_flat_array(json, "flat");
    json_bool(json, NULL, true);
    json_object(json, NULL);
    json_null(json, "x");
    json_end(json);
    json_end(json);
    json_text(json, "t", "a\"b");
    json_end(json);
}

static void a_line_has_no_blanks(void **state)
{
    struct json json = { 0 };

    (void)state;
    add_some(&json);
    assert_json(&json, "{\"n\":18446744073709551615,\"empty\":[],\"flat\":[true,{\"x\":null}],"
                       "\"t\":\"a\\\"b\"}");
}

static void a_document_has_lines(void **state)
{
    struct json json = { .indented = true };

    (void)state;
    add_some(&json);
    assert_json(&json, "{\n"
                       "  \"n\": 18446744073709551615,\n"
                       "  \"empty\": [],\n"
                       "  \"flat\": [true, {\"x\": null}],\n"
                       "  \"t\": \"a\\\"b\"\n"
                       "}");
}

static void what_is_not_known_is_null(void **state)
{
    struct json json = { 0 };

    (void)state;
    json_array(&json, NULL);
    json_text(&json, NULL, NULL);
    json_slice(&json, NULL, SLICE_EMPTY);
    json_milliseconds(&json, NULL, -1);
    json_text(&json, NULL, "");
    json_string(&json, NULL, SLICE_EMPTY);
    json_end(&json);
    assert_json(&json, "[null,null,null,\"\",\"\"]");
}

static void strangers_keys_are_escaped(void **state)
{
    struct json json = { .indented = true };

    (void)state;
    json_object(&json, NULL);
    json_foreign(&json, "Internal/\"Mcx\"\n", "https://a\\b");
    json_foreign(&json, "", "\xff");
    json_end(&json);
    assert_json(&json, "{\n"
                       "  \"Internal/\\\"Mcx\\\"\\n\": \"https://a\\\\b\",\n"
                       "  \"\": \"\xef\xbf\xbd\"\n"
                       "}");
}

static void durations_are_exact(void **state)
{
    struct json json = { 0 };

    (void)state;
    json_array(&json, NULL);
    json_milliseconds(&json, NULL, 0);
    json_milliseconds(&json, NULL, 1999);
    json_milliseconds(&json, NULL, 1234567);
    json_milliseconds(&json, NULL, INT64_MAX);
    json_end(&json);
    assert_json(&json, "[0.000,0.001,1.234,9223372036854.775]");
}

static void large_documents_go_out_in_parts(void **state)
{
    char *text = NULL;
    size_t length = 0;
    struct json json = { .out = open_memstream(&text, &length) };

    (void)state;
    json_array(&json, NULL);
    for (unsigned i = 0; i < 20000; i++) {
        json_object(&json, NULL);
        json_number(&json, "i", i);
        json_end(&json);
        assert_true(text_length(&json.text) < 70000);
    }
    json_end(&json);
    json_end_line(&json);
    fclose(json.out);
    assert_int_equal(text_length(&json.text), 0);
    assert_string_equal(text + length - strlen("{\"i\":19999}]\n"), "{\"i\":19999}]\n");
    text_release(&json.text);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_no_blanks),
        cmocka_unit_test(a_document_has_lines),
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(strangers_keys_are_escaped),
        cmocka_unit_test(durations_are_exact),
        cmocka_unit_test(large_documents_go_out_in_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
