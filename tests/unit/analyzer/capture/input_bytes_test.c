/* input_bytes_test.c: compressed files, pipes, and what spoils them */
#include "capture_bytes.h"

#include <pthread.h>
#include <zlib.h>
#include <zstd.h>

#include "analyzer/capture/input_bytes.h"

enum { PACKETS = 2000, PACKET_LENGTH = 300 };

static struct made make_capture(void)
{
    struct made made = { 0 };

    put_pcap_header(&made, 0xa1b2c3d4, 1);
    for (uint32_t i = 0; i < PACKETS; i++)
        put_record(&made, T0 + i, i, (uint8_t)(i * 37), PACKET_LENGTH);
    return made;
}

static struct made compress_gzip(struct slice plain)
{
    struct made made = { 0 };
    z_stream z = { 0 };
    uint8_t out[4096];

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)plain.data;
    z.avail_in = (uInt)plain.length;
    do {
        z.next_out = out;
        z.avail_out = sizeof out;
        deflate(&z, Z_FINISH);
        put(&made, out, sizeof out - z.avail_out);
    } while (z.avail_out == 0);
    deflateEnd(&z);
    return made;
}

static struct made compress_zstd(struct slice plain)
{
    struct made made = { 0 };
    size_t room = ZSTD_compressBound(plain.length);
    void *out = memory_take(NULL, room);

    put(&made, out, ZSTD_compress(out, room, plain.data, plain.length, 3));
    memory_give(NULL, out, room);
    return made;
}

static struct made compress_in_two(const struct made *plain,
                                   struct made (*compress)(struct slice plain))
{
    struct slice whole = buffer_slice(&plain->bytes);
    struct made made = compress(slice_part(whole, 0, 1000));
    struct made rest = compress(slice_after(whole, 1000));

    put(&made, rest.bytes.data, rest.bytes.length);
    made_release(&rest);
    return made;
}

static struct made (*const compressors[])(struct slice plain) = { compress_gzip, compress_zstd };

static void reads_compressed_captures(void **state)
{
    struct made plain = make_capture();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct made packed = compressors[i](buffer_slice(&plain.bytes));
        struct capture *capture = open_made(&packed);

        assert_int_equal(count_rest(capture), PACKETS);
        assert_int_equal(capture_input(capture, 0)->warning_count, 0);
        assert_float_equal(capture_input(capture, 0)->progress, 1, 0);
        capture_free(capture);
        made_release(&packed);
    }
    made_release(&plain);
}

static void reads_several_members_and_ignores_what_follows(void **state)
{
    struct made plain = make_capture();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct made packed = compress_in_two(&plain, compressors[i]);
        struct capture *capture;

        put_fill(&packed, 0, 1000);
        put_fill(&packed, 0xff, 1000);
        capture = open_made(&packed);
        assert_int_equal(count_rest(capture), PACKETS);
        assert_int_equal(capture_input(capture, 0)->warning_count, 0);
        capture_free(capture);
        made_release(&packed);
    }
    made_release(&plain);
}

static void tells_of_compressed_data_that_end_early(void **state)
{
    struct made plain = make_capture();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct made packed = compressors[i](buffer_slice(&plain.bytes));
        struct capture *capture;

        packed.bytes.length -= packed.bytes.length / 3;
        capture = open_made(&packed);
        assert_in_range(count_rest(capture), 0, PACKETS - 1);
        expect_warning(capture, "data end early");
        assert_true(capture_input(capture, 0)->broke_off);
        capture_free(capture);
        made_release(&packed);
    }
    made_release(&plain);
}

/* A second member with a header that no decoder accepts. */
static void tells_of_damaged_compressed_data(void **state)
{
    static const char *const headers[] = { "\x1f\x8b\x01\x02\x03\x04\x05\x06\x07\x08",
                                           "\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff" };
    struct made plain = make_capture();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct made packed = compressors[i](buffer_slice(&plain.bytes));
        struct capture *capture;

        put(&packed, headers[i], 10);
        put_fill(&packed, 0xff, 100);
        capture = open_made(&packed);
        assert_int_equal(count_rest(capture), PACKETS);
        expect_warning(capture, "data are damaged near byte");
        assert_true(capture_input(capture, 0)->broke_off);
        capture_free(capture);
        made_release(&packed);
    }
    made_release(&plain);
}

static void refuses_compressed_data_that_are_no_capture(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct made packed = compressors[i](slice_of_text("<html>\x1b[31m"));
        struct made nothing = compressors[i](SLICE_EMPTY);

        expect_refused(buffer_slice(&packed.bytes),
                       "not a capture: once decompressed it starts with 3c 68 74 6d 6c 3e");
        expect_refused(buffer_slice(&nothing.bytes), "empty once decompressed");
        for (size_t length = 4; length < packed.bytes.length; length++)
            expect_refused(slice_part(buffer_slice(&packed.bytes), 0, length), "/dev/fd/");
        made_release(&packed);
        made_release(&nothing);
    }
}

static void stops_a_bomb(void **state)
{
    enum { PLAIN_BYTES = 64 << 20, ENOUGH_BYTES = 8 << 20 };
    void *zeros = memory_take(NULL, PLAIN_BYTES);
    struct made packed = compress_zstd(slice_of(zeros, PLAIN_BYTES));
    struct input input = { .arena = arena_create(NULL, 0) };
    volatile sig_atomic_t stopped = 0;
    struct input_bytes *bytes;
    char path[PATH_BYTES];
    int descriptor = memory_file(buffer_slice(&packed.bytes), path);

    (void)state;
    input.stopped = &stopped;
    bytes = input_bytes_create(&input, open(path, O_RDONLY));
    assert_non_null(bytes);
    bytes->bomb_bytes = ENOUGH_BYTES; /* of 4 GiB that would take a while */
    assert_in_range(input_bytes_skip_far(bytes, PLAIN_BYTES), ENOUGH_BYTES, 2 * ENOUGH_BYTES);
    assert_in_range(bytes->window.capacity, 1, 1 << 20);
    assert_true(input.info.broke_off);
    assert_non_null(strstr(input.info.warnings[0], "which no capture does"));
    input_bytes_free(bytes);
    close(descriptor);
    arena_free(input.arena);
    made_release(&packed);
    memory_give(NULL, zeros, PLAIN_BYTES);
}

struct writer {
    struct slice bytes;
    int descriptor;
    size_t step;
};

static void *write_slowly(void *argument)
{
    struct writer *writer = argument;
    struct slice rest = writer->bytes;

    while (rest.length > 0) {
        struct slice part = slice_part(rest, 0, writer->step);
        ssize_t wrote = write(writer->descriptor, part.data, part.length);

        if (wrote <= 0)
            break;
        rest = slice_after(rest, (size_t)wrote);
        if (writer->step < 100)
            usleep(100);
    }
    close(writer->descriptor);
    return NULL;
}

static void reads_pipes(void **state)
{
    static const size_t steps[] = { 7, 4096, 1 << 20 };
    struct made plain = make_capture();
    struct made packed = compress_gzip(buffer_slice(&plain.bytes));

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct slice bytes = buffer_slice(i == 0 ? &packed.bytes : &plain.bytes);
        struct capture *capture = capture_create(NULL);
        struct writer writer = { .bytes = bytes, .step = steps[i] };
        struct complaint complaint;
        char path[PATH_BYTES];
        pthread_t thread;
        int ends[2];

        assert_int_equal(pipe(ends), 0);
        writer.descriptor = ends[1];
        snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
        assert_int_equal(pthread_create(&thread, NULL, write_slowly, &writer), 0);
        assert_int_equal(capture_add_file(capture, path, &complaint), STATUS_OK);
        close(ends[0]);
        assert_true(capture_input(capture, 0)->progress < 0);
        assert_int_equal(count_rest(capture), PACKETS);
        assert_int_equal(capture_input(capture, 0)->warning_count, 0);
        pthread_join(thread, NULL);
        capture_free(capture);
    }
    made_release(&plain);
    made_release(&packed);
}

/* What has come through a pipe is given out before more comes. */
static void gives_packets_of_a_pipe_as_they_come_and_can_be_stopped(void **state)
{
    struct made plain = make_capture();
    struct capture *capture = capture_create(NULL);
    struct complaint complaint;
    char path[PATH_BYTES];
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_int_equal(write(ends[1], plain.bytes.data, 24 + 2 * 316), 24 + 2 * 316);
    assert_int_equal(capture_add_file(capture, path, &complaint), STATUS_OK);
    expect_packet(capture, 1, T0 * NS, PACKET_LENGTH);
    expect_packet(capture, 2, (T0 + 1) * NS + 1000, PACKET_LENGTH);
    capture_stop(capture);
    expect_end(capture);
    assert_false(capture_input(capture, 0)->broke_off);
    capture_free(capture);
    close(ends[0]);
    close(ends[1]);
    made_release(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_compressed_captures),
        cmocka_unit_test(reads_several_members_and_ignores_what_follows),
        cmocka_unit_test(tells_of_compressed_data_that_end_early),
        cmocka_unit_test(tells_of_damaged_compressed_data),
        cmocka_unit_test(refuses_compressed_data_that_are_no_capture),
        cmocka_unit_test(stops_a_bomb),
        cmocka_unit_test(reads_pipes),
        cmocka_unit_test(gives_packets_of_a_pipe_as_they_come_and_can_be_stopped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
