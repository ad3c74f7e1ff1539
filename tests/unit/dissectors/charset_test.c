/* charset_test.c: UTF-16, code pages, bad UTF-8 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/charset.h"

static void test_utf16(void **state)
{
    static const uint8_t little[] = { 'a', 0, 0xe9, 0, 0xac, 0x20, 0x3d, 0xd8, 0x00, 0xde };
    static const uint8_t lone[] = { 0x3d, 0xd8, 'x', 0, 0x00, 0xde, 0x3d, 0xd8, 'y' };
    static const uint8_t big[] = { 0x20, 0xac };

    assert_slice(charset_from_utf16(slice_of(little, sizeof little), false, *state),
                 "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_slice(charset_from_utf16(slice_of(lone, sizeof lone), false, *state),
                 "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd");
    assert_slice(charset_from_utf16(slice_of(big, sizeof big), true, *state), "\xe2\x82\xac");
    assert_int_equal(charset_from_utf16(SLICE_EMPTY, true, *state).length, 0);
}

static void test_single_bytes(void **state)
{
    assert_slice(charset_from_oem(slice_of_text("caf\xe9"), *state), "caf\xc3\xa9");
    assert_slice(charset_from_oem(slice_of_text("caf\xc3\xa9"), *state), "caf\xc3\xa9");
    assert_slice(charset_repaired(slice_of_text("a\xff\xe2\x82z"), *state),
                 "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
    assert_slice(charset_repaired(slice_of_text("\xff\xff\xff"), *state),
                 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void test_documents(void **state)
{
    assert_slice(charset_document(slice_of_text("\xef\xbb\xbf\r\n <a/> "), *state), "<a/>");
    assert_slice(charset_document(slice_of("\xff\xfe<\0a\0/\0>\0", 10), *state), "<a/>");
    assert_slice(charset_document(slice_of("\xfe\xff\0<\0a\0/\0>", 10), *state), "<a/>");
    assert_slice(charset_document(slice_of("{\0}\0", 4), *state), "{}");
    assert_int_equal(charset_document(SLICE_EMPTY, *state).length, 0);
}

static void test_refusal(void **state)
{
    struct arena *small = arena_create(NULL, 1);

    (void)state;
    assert_int_equal(charset_from_utf16(slice_of("a\0", 2), false, small).length, 0);
    assert_int_equal(charset_repaired(slice_of_text("\xff"), small).length, 0);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_utf16, set_up_arena, tear_down_arena),
        cmocka_unit_test_setup_teardown(test_single_bytes, set_up_arena, tear_down_arena),
        cmocka_unit_test_setup_teardown(test_documents, set_up_arena, tear_down_arena),
        cmocka_unit_test(test_refusal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
