/* content_coding_test.c: codings undone, bombs, and spoiled bytes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "dissectors/content_coding.h"
#include "tests/support/stream_run.h"

static struct budget budget;

static void collect(void *context, struct slice bytes)
{
    assert_true(buffer_append(context, bytes));
}

static void count(void *context, struct slice bytes)
{
    *(uint64_t *)context += bytes.length;
}

/* window_bits: 15 zlib, 31 gzip, -15 raw */
static struct slice compress_bytes(struct slice in, int window_bits)
{
    size_t size = in.length / 2 + 1000;
    uint8_t *out = malloc(size);
    z_stream stream = { .next_in = (Bytef *)(uintptr_t)in.data,
                        .avail_in = (uInt)in.length,
                        .next_out = out,
                        .avail_out = (uInt)size };

    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY),
                     Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size = stream.total_out;
    deflateEnd(&stream);
    return slice_of(out, size);
}

static struct codings *open_codings(const char *names)
{
    struct codings *codings;

    budget_init(&budget, 0, NULL);
    codings = codings_create(&budget);
    codings_add(codings, slice_of_text(names));
    return codings;
}

static void assert_decodes(const char *names, struct slice coded, size_t piece, const char *text)
{
    struct codings *codings = open_codings(names);
    struct buffer out = { 0 };

    for (; coded.length > 0; coded = slice_after(coded, piece)) {
        struct slice part = slice_part(coded, 0, piece);
        uint8_t *copy = exact_copy(part);

        codings_feed(codings, slice_of(copy, part.length), (struct byte_sink){ collect, &out });
        free(copy);
    }
    assert_true(codings_are_finished(codings));
    assert_false(codings_are_bad(codings));
    assert_true(slice_is_text(buffer_slice(&out), text));
    buffer_release(&out);
    codings_free(codings);
    assert_int_equal(budget.used, 0);
}

static void undoes_all_kinds(void **state)
{
    static const struct {
        const char *names;
        int bits;
    } cases[] = {
        { "gzip", 31 }, { "X-GZIP", 31 }, { "deflate", 15 }, { "identity, deflate", -15 }
    };
    static const char text[] = "what a server says to a client, a client, a client";
    static const uint8_t brotli[] = { 0x0b, 0x02, 0x80, 'h', 'e', 'l', 'l', 'o', 0x03 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slice coded = compress_bytes(slice_of_text(text), cases[i].bits);

        for (size_t piece = 1; piece <= coded.length; piece += 7)
            assert_decodes(cases[i].names, coded, piece, text);
        free((void *)(uintptr_t)coded.data);
    }
    assert_decodes("br", slice_of(brotli, sizeof brotli), 1, "hello");
    assert_decodes("br", slice_of(brotli, sizeof brotli), 99, "hello");
}

static void undoes_the_last_first(void **state)
{
    struct slice once = compress_bytes(slice_of_text("inside"), 31);
    struct slice twice = compress_bytes(once, 15);

    (void)state;
    assert_decodes("gzip, deflate", twice, 3, "inside");
    free((void *)(uintptr_t)once.data);
    free((void *)(uintptr_t)twice.data);
}

static void stops_at_a_bomb(void **state)
{
    size_t size = 100 << 20;
    uint8_t *zeros = calloc(1, size);
    struct slice once = compress_bytes(slice_of(zeros, size), 31);
    struct slice twice = compress_bytes(once, 31);
    struct codings *codings = open_codings("gzip, gzip");
    uint64_t sum = 0;

    (void)state;
    free(zeros);
    codings_feed(codings, twice, (struct byte_sink){ count, &sum });
    assert_true(codings_are_bad(codings));
    assert_in_range(sum, 1, CODED_BODY_MAX);
    assert_in_range(budget.peak, 1, 1 << 20);
    codings_free(codings);
    free((void *)(uintptr_t)once.data);
    free((void *)(uintptr_t)twice.data);
}

static void passes_unknown_ones_on(void **state)
{
    struct codings *codings = open_codings("zstd");
    struct buffer out = { 0 };

    (void)state;
    codings_feed(codings, slice_of_text("coded"), (struct byte_sink){ collect, &out });
    assert_true(codings_are_bad(codings));
    assert_true(slice_is_text(buffer_slice(&out), "coded"));
    buffer_release(&out);
    codings_free(codings);
}

static void notices_spoiled_and_cut_bytes(void **state)
{
    struct slice coded = compress_bytes(slice_of_text("something long enough to cut"), 31);
    struct codings *codings = open_codings("gzip");
    uint64_t sum = 0;

    (void)state;
    codings_feed(codings, slice_part(coded, 0, coded.length - 9),
                 (struct byte_sink){ count, &sum });
    assert_false(codings_are_bad(codings));
    assert_false(codings_are_finished(codings));
    ((uint8_t *)(uintptr_t)coded.data)[coded.length - 8] ^= 1; /* of the checksum */
    codings_feed(codings, slice_after(coded, coded.length - 9), (struct byte_sink){ count, &sum });
    assert_true(codings_are_bad(codings));
    codings_free(codings);
    free((void *)(uintptr_t)coded.data);
}

static void has_no_more_than_four(void **state)
{
    struct codings *codings = open_codings("gzip,gzip,gzip,gzip,gzip");

    (void)state;
    assert_true(codings_are_bad(codings));
    codings_free(codings);
    codings = open_codings("identity, ,");
    assert_true(codings_are_none(codings));
    codings_free(codings);
}

static void respects_its_budget(void **state)
{
    struct slice coded = compress_bytes(slice_of_text("text"), 31);
    struct codings *codings;
    uint64_t sum = 0;

    (void)state;
    budget_init(&budget, 20000, NULL);
    codings = codings_create(&budget);
    codings_add(codings, slice_of_text("gzip"));
    codings_feed(codings, coded, (struct byte_sink){ count, &sum });
    assert_true(codings_are_bad(codings));
    codings_free(codings);
    assert_int_equal(budget.used, 0);
    free((void *)(uintptr_t)coded.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undoes_all_kinds),      cmocka_unit_test(undoes_the_last_first),
        cmocka_unit_test(stops_at_a_bomb),       cmocka_unit_test(passes_unknown_ones_on),
        cmocka_unit_test(has_no_more_than_four), cmocka_unit_test(notices_spoiled_and_cut_bytes),
        cmocka_unit_test(respects_its_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
