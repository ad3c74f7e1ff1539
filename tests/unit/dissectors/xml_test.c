/* xml_test.c: what is told to a handler, and what is refused */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/xml.h"
#include "lyncscope/text.h"

/* The walk as text: "(name@space attr=value ...text)". */
struct walk {
    struct text text;
    struct arena *arena;
};

static void start(void *context, const struct xml_path *path,
                  const struct xml_attributes *attributes)
{
    struct walk *walk = context;
    struct slice value = xml_attribute(attributes, "A", walk->arena);

    text_add(&walk->text, "(");
    text_add_slice(&walk->text, path->names[path->depth - 1].local);
    if (path->names[path->depth - 1].space.length) {
        text_add(&walk->text, "@");
        text_add_slice(&walk->text, path->names[path->depth - 1].space);
    }
    if (value.length) {
        text_add(&walk->text, " ");
        text_add_slice(&walk->text, value);
    }
}

static void end(void *context, const struct xml_path *path, struct slice text)
{
    struct walk *walk = context;

    (void)path;
    text_add(&walk->text, ".");
    text_add_slice(&walk->text, text);
    text_add(&walk->text, ")");
}

static bool walk_bytes(const char *bytes, size_t length, struct walk *walk)
{
    struct xml_handler handler = { walk, start, end };
    uint8_t *block = exact_block(bytes, length);
    bool whole = xml_read(slice_of(block, length), &handler);

    free(block);
    return whole;
}

static void expect(const char *document, const char *walked)
{
    struct walk walk = { .arena = arena_create(NULL, 0) };

    assert_true(walk_bytes(document, strlen(document), &walk));
    assert_string_equal(text_string(&walk.text), walked);
    text_release(&walk.text);
    arena_free(walk.arena);
}

static bool is_refused(const char *document, size_t length)
{
    struct walk walk = { .arena = arena_create(NULL, 0) };
    bool whole = walk_bytes(document, length, &walk);

    text_release(&walk.text);
    arena_free(walk.arena);
    return !whole;
}

static void test_walk(void **state)
{
    (void)state;
    expect("<r/>", "(r.)");
    expect("<r a='1 &amp;lt; &lt;&#38;&#x41;'> x <b/> y </r>", "(r 1 &lt; <&A(b.).y)");
    expect("<p:r xmlns:p='urn:x' p:a='v'><q xmlns='urn:y'>t</q></p:r>", "(r@urn:x v(q@urn:y.t).)");
    expect("<r><![CDATA[<x>&]]>y</r>", "(r.<x>&y)");
    expect("<p:r>undeclared prefix</p:r>", "(r.undeclared prefix)");
    expect("<?xml version='1.0' encoding='utf-16'?><r>\xc3\xa9</r>", "(r.\xc3\xa9)");
    expect("<r><!-- c --><?p i?>t&gt;</r>", "(r.t>)");
}

static void test_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "x",
        "<",
        "<r",
        "<r>",
        "<r></s>",
        "<r/><s/>",
        "<r a=1/>",
        "<r a='1' a='2'/>",
        "<r>&undefined;</r>",
        "<r>\xff</r>",
        "<r>\x01</r>",
        "<r/>tail",
        "<!DOCTYPE r><r/>",
        "<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>",
        "<!DOCTYPE r [<!ENTITY e 'x'>]><r>&e;</r>",
        "<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/'>%p;]><r/>",
        "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>"
        "<l>&c;</l>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!is_refused(rows[i], strlen(rows[i])))
            fail_msg("%s", rows[i]);
    assert_true(is_refused("<r>\0</r>", 8));
}

static char *repeated(const char *before, const char *piece, size_t count, const char *behind)
{
    size_t each = strlen(piece), length = strlen(before);
    char *text = malloc(length + each * count + strlen(behind) + 1);

    strcpy(text, before);
    for (size_t i = 0; i < count; i++, length += each)
        memcpy(text + length, piece, each);
    strcpy(text + length, behind);
    return text;
}

static void test_limits(void **state)
{
    char *deep = repeated("", "<a>", 100000, ""), *large = repeated("<r>", "x", 1 << 20, "</r>");
    char *many = repeated("<r ", "a=\">\" ", 100000, "/>"),
         *tags = repeated("<r>", "<a/>", 9999, "</r>");

    (void)state;
    assert_true(is_refused(deep, strlen(deep)));
    assert_true(is_refused(large, strlen(large)));
    assert_true(is_refused(many, strlen(many)));
    assert_false(is_refused(tags, strlen(tags)));
    free(deep);
    free(large);
    free(many);
    free(tags);
}

static void test_depth(void **state)
{
    char *down = repeated("", "<a>", 64, ""), *all = repeated(down, "</a>", 64, "");
    char *deeper = repeated("", "<a>", 65, ""), *over = repeated(deeper, "</a>", 65, "");

    (void)state;
    assert_false(is_refused(all, strlen(all)));
    assert_true(is_refused(over, strlen(over)));
    free(down);
    free(all);
    free(deeper);
    free(over);
}

/* Of a cut document the reader says so, whatever the handler was told before. */
static void test_every_prefix(void **state)
{
    const char *document = "<?xml version='1.0'?><r xmlns:p='u' a='1'><p:b>t</p:b><c/></r>";

    (void)state;
    for (size_t length = 0; length < strlen(document); length++)
        assert_true(is_refused(document, length));
    assert_false(is_refused(document, strlen(document)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk),         cmocka_unit_test(test_refused),
        cmocka_unit_test(test_limits),       cmocka_unit_test(test_depth),
        cmocka_unit_test(test_every_prefix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
