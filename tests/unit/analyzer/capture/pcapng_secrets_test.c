/* pcapng_secrets_test.c: Decryption Secrets Blocks, wherever they stand, each told once */
#include "capture_bytes.h"

#include <stdlib.h>
#include <zlib.h>

enum { TOLD_BYTES = 4096, TLS = SECRETS_TLS_KEY_LOG, WIREGUARD = 0x57474b4c };

/* What the sink got: "type:bytes|" of each. */
struct told {
    char text[TOLD_BYTES];
    size_t length;
    struct capture *capture;
};

static void take(void *context, uint32_t type, struct slice bytes)
{
    struct told *told = context;

    assert_true(told->length + bytes.length + 20 < sizeof told->text);
    told->length +=
        (size_t)snprintf(told->text + told->length, sizeof told->text - told->length, "%s%.*s|",
                         type == TLS ? "" : "other:", (int)bytes.length, (const char *)bytes.data);
}

static void put_secrets(struct made *made, uint32_t type, const char *text)
{
    struct open_block block = begin_block(made, 10);
    size_t length = strlen(text);

    put_u32(made, type);
    put_u32(made, (uint32_t)length);
    put(made, text, length);
    put_fill(made, 0, (4u - length % 4u) % 4u);
    end_block(made, block);
}

static void put_some_packets(struct made *made, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        put_packet(made, 0, (T0 + (uint64_t)i) * 1000000, 1, 61);
}

static void begin(struct made *made)
{
    put_section(made);
    put_interface(made, 1, 0, -1);
}

static void create(struct told *told)
{
    struct capture_options options = { .secrets = { take, told } };

    *told = (struct told){ .capture = capture_create(&options) };
    assert_non_null(told->capture);
}

/* Told when the file is added, and not again when it is read. */
static void expect_told(struct slice bytes, const char *expected, uint64_t packets)
{
    struct complaint complaint = { 0 };
    struct told told;

    create(&told);
    if (add_bytes(told.capture, bytes, &complaint) != STATUS_OK)
        fail_msg("refused: %s", complaint.line);
    assert_string_equal(told.text, expected);
    assert_int_equal(count_rest(told.capture), packets);
    assert_string_equal(told.text, expected);
    capture_free(told.capture);
}

static struct slice bytes_of(const struct made *made)
{
    return buffer_slice(&made->bytes);
}

static void tells_them_wherever_they_stand(void **state)
{
    struct made made = { 0 };

    (void)state;
    begin(&made);
    put_secrets(&made, TLS, "start");
    put_some_packets(&made, 3);
    put_secrets(&made, TLS, "middle\n");
    put_secrets(&made, WIREGUARD, "w");
    put_some_packets(&made, 2000);
    put_secrets(&made, TLS, "");
    put_secrets(&made, TLS, "end");
    expect_told(bytes_of(&made), "start|middle\n|other:w|end|", 2003);
    made_release(&made);
}

static void tells_those_of_every_section_and_byte_order(void **state)
{
    struct made made = { 0 };

    (void)state;
    for (int section = 0; section < 4; section++) {
        made.big = section % 2;
        begin(&made);
        put_some_packets(&made, 1);
        put_secrets(&made, TLS, section % 2 ? "big" : "little");
    }
    expect_told(bytes_of(&made), "little|big|little|big|", 4);
    made_release(&made);
}

static void tells_large_ones(void **state)
{
    enum { LARGE = 3000000 };
    struct made made = { 0 };
    struct open_block block;
    struct told told;
    struct complaint complaint;

    (void)state;
    begin(&made);
    put_some_packets(&made, 1);
    block = begin_block(&made, 10);
    put_u32(&made, WIREGUARD);
    put_u32(&made, 4);
    put_fill(&made, 'x', LARGE);
    end_block(&made, block);
    put_secrets(&made, TLS, "behind");
    put_some_packets(&made, 1);
    create(&told);
    assert_int_equal(add_bytes(told.capture, bytes_of(&made), &complaint), STATUS_OK);
    assert_string_equal(told.text, "other:xxxx|behind|");
    assert_int_equal(count_rest(told.capture), 2);
    assert_int_equal(capture_input(told.capture, 0)->warning_count, 0);
    capture_free(told.capture);
    made_release(&made);
}

static void leaves_out_too_large_ones(void **state)
{
    enum { LARGE = 17 << 20 };
    struct made made = { 0 };
    struct open_block block;
    struct told told;
    struct complaint complaint;
    uint8_t *fill = calloc(1, LARGE);

    (void)state;
    begin(&made);
    block = begin_block(&made, 10);
    put_u32(&made, TLS);
    put_u32(&made, LARGE);
    put(&made, fill, LARGE);
    end_block(&made, block);
    put_secrets(&made, TLS, "behind");
    put_some_packets(&made, 1);
    create(&told);
    assert_int_equal(add_bytes(told.capture, bytes_of(&made), &complaint), STATUS_OK);
    assert_int_equal(count_rest(told.capture), 1);
    assert_string_equal(told.text, "behind|");
    expect_warning(told.capture, "more than is read");
    capture_free(told.capture);
    free(fill);
    made_release(&made);
}

/* ---- damage ---- */

static void takes_what_is_there_of_a_block_that_lies(void **state)
{
    struct made made = { 0 };
    struct told told;
    struct complaint complaint;
    size_t start;

    (void)state;
    begin(&made);
    start = made.bytes.length;
    put_secrets(&made, TLS, "cut");
    patch_u32(&made, start + 12, 4000000000u);
    start = made.bytes.length;
    put_secrets(&made, TLS, "zero");
    patch_u32(&made, start + 12, 0);
    put_some_packets(&made, 1);
    create(&told);
    assert_int_equal(add_bytes(told.capture, bytes_of(&made), &complaint), STATUS_OK);
    assert_memory_equal(told.text, "cut", 3);
    assert_null(strstr(told.text, "zero"));
    assert_int_equal(count_rest(told.capture), 1);
    expect_warning(told.capture, "decryption secrets block before packet 1 claims 4000000000");
    assert_int_equal(capture_input(told.capture, 0)->warning_count, 1);
    capture_free(told.capture);
    made_release(&made);
}

static void warns_of_a_block_without_room(void **state)
{
    struct made made = { 0 };
    struct told told;
    struct complaint complaint;
    struct open_block block;

    (void)state;
    begin(&made);
    block = begin_block(&made, 10);
    put_u32(&made, TLS);
    end_block(&made, block);
    put_some_packets(&made, 1);
    create(&told);
    assert_int_equal(add_bytes(told.capture, bytes_of(&made), &complaint), STATUS_OK);
    assert_int_equal(count_rest(told.capture), 1);
    assert_string_equal(told.text, "");
    expect_warning(told.capture, "decryption secrets block");
    capture_free(told.capture);
    made_release(&made);
}

static void tells_those_behind_garbage_once(void **state)
{
    struct made made = { 0 };

    (void)state;
    begin(&made);
    put_secrets(&made, TLS, "first");
    put_some_packets(&made, 1);
    put_fill(&made, 0xee, 1001);
    put_some_packets(&made, 2);
    put_secrets(&made, TLS, "second");
    expect_told(bytes_of(&made), "first|second|", 3);
    made_release(&made);
}

static void tells_once_where_lengths_disagree(void **state)
{
    struct made made = { 0 };

    (void)state;
    begin(&made);
    put_secrets(&made, TLS, "first");
    put_secrets(&made, TLS, "liar");
    patch_u32(&made, made.bytes.length - 4, 12345);
    put_secrets(&made, TLS, "second");
    put_some_packets(&made, 1);
    expect_told(bytes_of(&made), "first|liar|second|", 1);
    made_release(&made);
}

/* Wherever a file is cut: no more is told than it has, and nothing twice. */
static void bears_every_cut(void **state)
{
    struct made made = { 0 };

    (void)state;
    begin(&made);
    put_secrets(&made, TLS, "first");
    put_some_packets(&made, 1);
    put_secrets(&made, TLS, "second");
    for (size_t length = 28; length <= made.bytes.length; length++) {
        const char *expected = length == made.bytes.length ? "first|second|"
                               : length >= 28 + 20 + 28    ? "first|"
                                                           : "";

        expect_told(slice_part(bytes_of(&made), 0, length), expected,
                    length >= made.bytes.length - 28);
    }
    made_release(&made);
}

static void bears_every_changed_byte(void **state)
{
    struct made made = { 0 };

    (void)state;
    begin(&made);
    put_secrets(&made, TLS, "first");
    put_some_packets(&made, 1);
    put_secrets(&made, TLS, "second");
    for (size_t i = 0; i < made.bytes.length; i++) {
        struct complaint complaint;
        struct told told;

        made.bytes.data[i] ^= 0xff;
        create(&told);
        if (add_bytes(told.capture, bytes_of(&made), &complaint) == STATUS_OK)
            (void)count_rest(told.capture);
        assert_true(told.length <= sizeof "other:second|other:first|............");
        capture_free(told.capture);
        made.bytes.data[i] ^= 0xff;
    }
    made_release(&made);
}

/* ---- where they come from ---- */

static void tells_those_of_compressed_files(void **state)
{
    struct made made = { 0 };
    uint8_t *packed = malloc(1 << 20);
    z_stream z = { 0 };

    (void)state;
    begin(&made);
    put_some_packets(&made, 500);
    put_secrets(&made, TLS, "end");
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = made.bytes.data;
    z.avail_in = (uInt)made.bytes.length;
    z.next_out = packed;
    z.avail_out = 1 << 20;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    expect_told(slice_of(packed, z.total_out), "end|", 500);
    deflateEnd(&z);
    free(packed);
    made_release(&made);
}

/* A pipe cannot be read twice: they come when they come. */
static void tells_those_of_a_pipe_in_turn(void **state)
{
    struct made made = { 0 };
    struct told told;
    struct complaint complaint;
    struct packet packet;
    char path[PATH_BYTES];
    int ends[2];

    (void)state;
    begin(&made);
    put_secrets(&made, TLS, "first");
    put_some_packets(&made, 1);
    put_secrets(&made, TLS, "second");
    put_some_packets(&made, 1);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], made.bytes.data, made.bytes.length), made.bytes.length);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    create(&told);
    assert_int_equal(capture_add_file(told.capture, path, &complaint), STATUS_OK);
    close(ends[0]);
    assert_string_equal(told.text, "");
    assert_int_equal(capture_next(told.capture, &packet), STATUS_OK);
    assert_string_equal(told.text, "first|");
    assert_int_equal(count_rest(told.capture), 1);
    assert_string_equal(told.text, "first|second|");
    capture_free(told.capture);
    made_release(&made);
}

static void tells_what_was_appended_meanwhile(void **state)
{
    struct made made = { 0 };
    struct told told;
    struct complaint complaint;
    char path[PATH_BYTES];
    size_t written;
    int file;

    (void)state;
    begin(&made);
    put_secrets(&made, TLS, "first");
    put_some_packets(&made, 5000); /* more than is read ahead */
    file = memory_file(bytes_of(&made), path);
    written = made.bytes.length;
    put_secrets(&made, TLS, "second");
    put_some_packets(&made, 1);
    create(&told);
    assert_int_equal(capture_add_file(told.capture, path, &complaint), STATUS_OK);
    assert_int_equal(write(file, made.bytes.data + written, made.bytes.length - written),
                     made.bytes.length - written);
    assert_int_equal(count_rest(told.capture), 5001);
    assert_string_equal(told.text, "first|second|");
    close(file);
    capture_free(told.capture);
    made_release(&made);
}

static void needs_nobody_who_asks(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    begin(&made);
    put_secrets(&made, TLS, "first");
    put_some_packets(&made, 1);
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 1);
    assert_int_equal(capture_input(capture, 0)->warning_count, 0);
    capture_free(capture);
    made_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_them_wherever_they_stand),
        cmocka_unit_test(tells_those_of_every_section_and_byte_order),
        cmocka_unit_test(tells_large_ones),
        cmocka_unit_test(leaves_out_too_large_ones),
        cmocka_unit_test(takes_what_is_there_of_a_block_that_lies),
        cmocka_unit_test(warns_of_a_block_without_room),
        cmocka_unit_test(tells_those_behind_garbage_once),
        cmocka_unit_test(tells_once_where_lengths_disagree),
        cmocka_unit_test(bears_every_cut),
        cmocka_unit_test(bears_every_changed_byte),
        cmocka_unit_test(tells_those_of_compressed_files),
        cmocka_unit_test(tells_those_of_a_pipe_in_turn),
        cmocka_unit_test(tells_what_was_appended_meanwhile),
        cmocka_unit_test(needs_nobody_who_asks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
