/* pretty_xml_test.c: XML indented, whatever state it is in */
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
    pretty_xml(&out, slice_of(copy, length));
    assert_string_equal(text_string(&out), expected);
    text_release(&out);
    free(copy);
}

static void test_sound(void **state)
{
    (void)state;
    expect("<a><b x='1'/><c>text</c><d></d></a>",
           "<a>\n  <b x='1'/>\n  <c>text</c>\n  <d></d>\n</a>\n");
    expect("<?xml version=\"1.0\"?>\n<!-- <x> -->\n<a>\n</a>",
           "<?xml version=\"1.0\"?>\n<!-- <x> -->\n<a></a>\n");
    expect("<a><![CDATA[<x>]]></a>", "<a><![CDATA[<x>]]></a>\n");
    expect("<a b='>' c=\">\">t</a>", "<a b='>' c=\">\">t</a>\n");
    expect("<a>t<b/>u</a>", "<a>t\n  <b/>\n  u\n</a>\n");
}

static void test_broken(void **state)
{
    (void)state;
    expect("", "\n");
    expect("</a></b><c>", "</a>\n</b>\n<c>\n");
    expect("<a><b", "<a>\n  <b\n");
    expect("<", "<\n");
    expect("<!--", "<!--\n");
    expect("<a x=\"><b>t</b>", "<a x=\">\n  <b>t</b>\n");
    expect("no markup", "no markup\n");
}

/* A body of 64 KiB of opening tags stays within reason: no quadratic indentation. */
static void test_deep(void **state)
{
    struct text document = { 0 }, out = { 0 };

    (void)state;
    for (int i = 0; i < 20000; i++)
        text_add(&document, "<a>");
    pretty_xml(&out, buffer_slice(&document.bytes));
    assert_in_range(text_length(&out), 60000, 3000000);
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
