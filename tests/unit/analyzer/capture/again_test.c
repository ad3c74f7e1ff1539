/* again_test.c: packets of a file read once more by their numbers */
#include "capture_bytes.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { PACKETS = 3000 };

struct file {
    char path[PATH_BYTES];
    int descriptor;
    struct input_info info;
};

static void open_file(struct file *file)
{
    struct made made = { 0 };

    put_pcap_header(&made, 0xa1b2c3d4u, 1);
    for (uint32_t i = 1; i <= PACKETS; i++)
        put_record(&made, T0 + i, 0, (uint8_t)i, 60 + i % 7);
    file->descriptor = memory_file(buffer_slice(&made.bytes), file->path);
    file->info = (struct input_info){ .path = file->path, .kind = INPUT_PCAP };
    made_release(&made);
}

static void packets_come_by_number(void **state)
{
    static const uint64_t wanted[] = { 1, 2, 700, 701, PACKETS };
    struct complaint complaint;
    struct packet packet = { 0 };
    struct capture *again;
    struct file file;

    (void)state;
    open_file(&file);
    again = capture_open_again(&file.info, &complaint);
    assert_non_null(again);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_int_equal(capture_packet_at(again, wanted[i], 10000, &packet), STATUS_OK);
        assert_int_equal(packet.number, wanted[i]);
        assert_int_equal(packet.bytes.length, 60 + wanted[i] % 7);
        assert_int_equal(packet.bytes.data[59], (uint8_t)wanted[i]);
    }
    assert_int_equal(capture_packet_at(again, 700, 10000, &packet), STATUS_END);
    assert_int_equal(capture_packet_at(again, PACKETS + 1, 10000, &packet), STATUS_END);
    capture_free(again);
    close(file.descriptor);
}

static void a_long_way_is_gone_in_slices(void **state)
{
    struct complaint complaint;
    struct packet packet = { 0 };
    struct capture *again;
    enum status status;
    struct file file;
    int slices = 0;

    (void)state;
    open_file(&file);
    again = capture_open_again(&file.info, &complaint);
    assert_non_null(again);
    while ((status = capture_packet_at(again, PACKETS, 0, &packet)) == STATUS_WAIT)
        slices++;
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(packet.number, PACKETS);
    assert_true(slices > 0);
    capture_free(again);
    close(file.descriptor);
}

static void assert_refused(const char *path, enum input_kind kind, const char *why)
{
    struct input_info info = { .path = path, .kind = kind };
    struct complaint complaint;

    assert_null(capture_open_again(&info, &complaint));
    assert_non_null(strstr(complaint.line, why));
}

/* A pipe must not even be opened: nobody may be writing. */
static void only_files_can_be_read_again(void **state)
{
    char pipe_path[] = "/tmp/again_test.XXXXXX";

    (void)state;
    assert_non_null(mkdtemp(pipe_path));
    assert_int_equal(rmdir(pipe_path), 0);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_refused("-", INPUT_PCAP, "not kept");
    assert_refused(pipe_path, INPUT_PCAPNG, "not kept");
    assert_refused("/dev/null", INPUT_LIVE, "not kept");
    assert_refused("/nowhere/at/all.pcap", INPUT_PCAP, "not kept");
    assert_int_equal(unlink(pipe_path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_come_by_number),
        cmocka_unit_test(a_long_way_is_gone_in_slices),
        cmocka_unit_test(only_files_can_be_read_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
