/* hpack_test.c: header blocks of HTTP/2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dissectors/hpack.h"
#include "tests/support/exact.h"

/* RFC 7541 C.4: three requests on one connection. */
static const uint8_t requests[3][24] = {
    { 0x82, 0x86, 0x84, 0x41, 0x8c, 0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90,
      0xf4, 0xff },
    { 0x82, 0x86, 0x84, 0xbe, 0x58, 0x86, 0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf },
    { 0x82, 0x87, 0x85, 0xbf, 0x40, 0x88, 0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xa9,
      0x7d, 0x7f, 0x89, 0x25, 0xa8, 0x49, 0xe9, 0x5b, 0xb8, 0xe8, 0xb4, 0xbf },
};
static const size_t lengths[3] = { 17, 12, 24 };

static bool feed(struct hpack *hpack, struct slice bytes, size_t piece)
{
    bool good = true;

    hpack_forget(hpack);
    for (; bytes.length > 0 && good; bytes = slice_after(bytes, piece)) {
        struct slice exact = exact_slice(slice_part(bytes, 0, piece));

        good = hpack_feed(hpack, exact);
        exact_free(exact);
    }
    return good && hpack_end_block(hpack);
}

static void assert_field(const struct hpack *hpack, size_t i, const char *name, const char *value)
{
    const struct hpack_fields *fields = hpack_read_fields(hpack);

    assert_true(i < fields->count);
    assert_true(slice_is_text(fields->list[i].name, name));
    assert_true(slice_is_text(fields->list[i].value, value));
}

static void read_examples(size_t piece)
{
    struct budget budget;
    struct hpack *hpack;

    budget_init(&budget, 0, NULL);
    hpack = hpack_create(&budget, false);
    assert_non_null(hpack);
    for (size_t i = 0; i < 3; i++)
        assert_true(feed(hpack, slice_of(requests[i], lengths[i]), piece));
    assert_int_equal(hpack_read_fields(hpack)->count, 5);
    assert_false(hpack_read_fields(hpack)->cut);
    assert_field(hpack, 0, ":method", "GET");
    assert_field(hpack, 1, ":scheme", "https");
    assert_field(hpack, 2, ":path", "/index.html");
    assert_field(hpack, 3, ":authority", "www.example.com");
    assert_field(hpack, 4, "custom-key", "custom-value");
    hpack_free(hpack);
    assert_int_equal(budget.used, 0);
}

static void reads_the_examples_of_the_rfc(void **state)
{
    (void)state;
    read_examples(100);
    read_examples(1);
    read_examples(5);
}

/* The second and third request alone: what the first put into the table is not known. */
static void leaves_out_what_was_missed(void **state)
{
    struct hpack *hpack = hpack_create(NULL, true);

    (void)state;
    assert_non_null(hpack);
    assert_int_equal(hpack_read_fields(hpack)->count, 0);
    assert_true(feed(hpack, slice_of(requests[1], lengths[1]), 100));
    assert_int_equal(hpack_read_fields(hpack)->count, 4);
    assert_field(hpack, 3, "cache-control", "no-cache");
    assert_true(feed(hpack, slice_of(requests[2], lengths[2]), 100));
    assert_int_equal(hpack_read_fields(hpack)->count, 4);
    assert_field(hpack, 3, "custom-key", "custom-value");
    assert_true(feed(hpack, slice_of("\x82\xbe\xbf\xc0\xff\x3e", 6), 100));
    assert_int_equal(hpack_read_fields(hpack)->count, 3);
    assert_field(hpack, 1, "custom-key", "custom-value");
    assert_field(hpack, 2, "cache-control", "no-cache");
    hpack_free(hpack);
}

static void keeps_what_came_before_an_error(void **state)
{
    struct hpack *hpack = hpack_create(NULL, false);

    (void)state;
    assert_non_null(hpack);
    assert_false(feed(hpack, slice_of("\x82\xff\x80\x80", 4), 100)); /* no such field */
    assert_int_equal(hpack_read_fields(hpack)->count, 1);
    assert_field(hpack, 0, ":method", "GET");
    assert_false(hpack_feed(hpack, slice_of("\x82", 1)));
    hpack_free(hpack);
    hpack = hpack_create(NULL, false);
    assert_non_null(hpack);
    assert_false(feed(hpack, slice_of("\x82\x04\x7f", 3), 100)); /* cut in a value */
    assert_int_equal(hpack_read_fields(hpack)->count, 1);
    assert_true(hpack_read_fields(hpack)->cut);
    hpack_free(hpack);
}

/* One large field, then a byte for each time it is meant again. */
static void survives_a_bomb(void **state)
{
    static uint8_t bomb[8 + 4000 + 20000];
    struct budget budget;
    struct hpack *hpack;
    size_t length = 0;

    (void)state;
    budget_init(&budget, 0, NULL);
    hpack = hpack_create(&budget, false);
    assert_non_null(hpack);
    for (const uint8_t *each = (const uint8_t *)"\x40\x01x\x7f\xa1\x1e"; length < 6; each++)
        bomb[length++] = *each; /* a value of 4000 bytes */
    for (size_t i = 0; i < 4000; i++)
        bomb[length++] = 'v';
    for (size_t i = 0; i < 20000; i++)
        bomb[length++] = 0xbe;
    assert_true(feed(hpack, slice_of(bomb, length), length));
    assert_true(hpack_read_fields(hpack)->cut);
    assert_true(hpack_read_fields(hpack)->count <= HPACK_DECODED_MAX / 4000);
    assert_true(hpack_read_fields(hpack)->count > HPACK_DECODED_MAX / 5000);
    assert_true(budget.peak < 1 << 20);
    assert_true(feed(hpack, slice_of("\x82\xbe", 2), 100)); /* the table is still right */
    assert_int_equal(hpack_read_fields(hpack)->count, 2);
    hpack_free(hpack);
    assert_int_equal(budget.used, 0);
}

static void follows_a_larger_table(void **state)
{
    struct hpack *hpack = hpack_create(NULL, false);
    struct hpack *other = hpack_create(NULL, false);

    (void)state;
    assert_non_null(hpack);
    assert_non_null(other);
    assert_true(feed(hpack, slice_of("\x3f\xe1\xff\x03\x40\x01x\x01y", 9), 100)); /* 65536 */
    assert_true(feed(hpack, slice_of("\xbe", 1), 100));
    assert_true(feed(hpack, slice_of("\x20\x3f\xe1\x1f\x82", 5), 100)); /* emptied, then 4096 */
    assert_false(feed(hpack, slice_of("\xbe", 1), 100));
    assert_false(feed(other, slice_of("\x3f\xe1\xff\xff\x7f", 5), 100)); /* 256 MiB */
    hpack_free(hpack);
    hpack_free(other);
}

static void stays_within_its_budget(void **state)
{
    (void)state;
    for (size_t limit = 64; limit < 64 << 10; limit += 512) {
        struct budget budget;
        struct hpack *hpack;

        budget_init(&budget, limit, NULL);
        hpack = hpack_create(&budget, true);
        if (hpack)
            feed(hpack, slice_of(requests[0], lengths[0]), 3);
        hpack_free(hpack);
        assert_int_equal(budget.used, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_examples_of_the_rfc),
        cmocka_unit_test(leaves_out_what_was_missed),
        cmocka_unit_test(keeps_what_came_before_an_error),
        cmocka_unit_test(survives_a_bomb),
        cmocka_unit_test(follows_a_larger_table),
        cmocka_unit_test(stays_within_its_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
