/* digest_test.c: SHA-256 against the vectors of FIPS 180-4 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dissectors/digest.h"

static const uint8_t of_abc[32] = {
    0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
    0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
};

static void pieces_make_the_whole(void **state)
{
    struct digest *digest = digest_create();
    uint8_t result[32];

    (void)state;
    digest_add(digest, slice_of_text("a"));
    digest_add(digest, SLICE_EMPTY);
    digest_add(digest, slice_of_text("bc"));
    assert_true(digest_finish(digest, result));
    assert_memory_equal(result, of_abc, 32);
}

static void none_is_fine(void **state)
{
    uint8_t result[32];

    (void)state;
    digest_add(NULL, slice_of_text("a"));
    assert_false(digest_finish(NULL, result));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_make_the_whole),
        cmocka_unit_test(none_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
