/* tls_hello_test.c: the hellos, whole, cut and spoiled */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "dissectors/tls_hello.h"
#include "tests/support/stream_run.h"

/* Version, random, session id, suites, compression, extensions: server_name, versions. */
static const uint8_t client[] = {
    3,  3,   1,   2,    3,    4,  5,  6,  7,    8,    9,    10, 11, 12, 13, 14,   15,
    16, 17,  18,  19,   20,   21, 22, 23, 24,   25,   26,   27, 28, 29, 30, 31,   32,
    0,  0,   2,   0x13, 0x01, 1,  0,  0,  0x19, 0,    0,    0,  8,  0,  6,  0,    0,
    3,  'a', '.', 'b',  0,    43, 0,  9,  8,    0x0a, 0x0a, 3,  4,  3,  3,  0x7a, 0x7a,
};

static uint8_t *spoil(size_t length, size_t at, uint8_t byte)
{
    uint8_t *copy = exact_copy(slice_of(client, length));

    if (at < length)
        copy[at] ^= byte;
    return copy;
}

static void reads_the_client(void **state)
{
    struct tls_client_hello hello;

    (void)state;
    assert_int_equal(tls_read_client_hello(slice_of(client, sizeof client), &hello), READ_OK);
    assert_true(slice_is_text(hello.server_name, "a.b"));
    assert_int_equal(hello.version, 0x0304);
    assert_int_equal(tls_read_client_hello(slice_of(client, 41), &hello), READ_OK);
    assert_int_equal(hello.version, 0x0303);
}

static void survives_everything(void **state)
{
    struct tls_client_hello hello;
    struct tls_server_hello answer;

    (void)state;
    for (size_t length = 0; length <= sizeof client; length++) {
        uint8_t *copy = spoil(length, SIZE_MAX, 0);
        enum read_state read = tls_read_client_hello(slice_of(copy, length), &hello);

        assert_int_equal(read, length == sizeof client || length == 41 ? READ_OK : READ_MALFORMED);
        tls_read_server_hello(slice_of(copy, length), &answer);
        free(copy);
    }
    for (size_t at = 0; at < sizeof client; at++)
        for (unsigned byte = 1; byte < 256; byte++) {
            uint8_t *copy = spoil(sizeof client, at, (uint8_t)byte);

            tls_read_client_hello(slice_of(copy, sizeof client), &hello);
            tls_read_server_hello(slice_of(copy, sizeof client), &answer);
            free(copy);
        }
}

static void reads_the_server(void **state)
{
    uint8_t message[] = { 3, 3, 0, 0,    0,    0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0,    0,    0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0,
                          0, 0, 0, 0x13, 0x02, 0, 0, 6, 0, 43, 0, 2, 3, 4 };
    struct tls_server_hello hello;

    (void)state;
    assert_int_equal(tls_read_server_hello(slice_of(message, sizeof message), &hello), READ_OK);
    assert_int_equal(hello.version, 0x0304);
    assert_int_equal(hello.cipher, 0x1302);
    assert_false(hello.retry);
    assert_int_equal(tls_read_server_hello(slice_of(message, 38), &hello), READ_OK);
    assert_int_equal(hello.version, 0x0303);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_client),
        cmocka_unit_test(survives_everything),
        cmocka_unit_test(reads_the_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
