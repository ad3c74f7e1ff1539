/* capture_test.c: several inputs as one, filters, and inputs that cannot be opened */
#include "capture_bytes.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define MICRO 0xa1b2c3d4u

/* ---- merging ---- */

static struct made make_at(const uint32_t *seconds, size_t count)
{
    struct made made = { 0 };

    put_pcap_header(&made, MICRO, 1);
    for (size_t i = 0; i < count; i++)
        put_record(&made, seconds[i], 0, (uint8_t)seconds[i], 60);
    return made;
}

static void merges_by_time(void **state)
{
    static const uint32_t times[3][4] = { { 10, 20, 20, 60 },
                                          { 20, 30, 5, 70 },
                                          { 1, 20, 65, 66 } };
    /* Input 1 goes back in time: its packet of 5 comes as soon as it is at the head. */
    static const struct {
        uint32_t input;
        uint64_t number;
        int64_t seconds;
    } expected[] = { { 2, 1, 1 },  { 0, 1, 10 }, { 0, 2, 20 }, { 0, 3, 20 },
                     { 1, 1, 20 }, { 2, 2, 20 }, { 1, 2, 30 }, { 1, 3, 5 },
                     { 0, 4, 60 }, { 2, 3, 65 }, { 2, 4, 66 }, { 1, 4, 70 } };
    struct capture *capture = capture_create(NULL);
    struct complaint complaint;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct made made = make_at(times[i], 4);

        assert_int_equal(add_bytes(capture, buffer_slice(&made.bytes), &complaint), STATUS_OK);
        made_release(&made);
    }
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct packet packet =
            expect_packet(capture, expected[i].number, expected[i].seconds * NS, 60);

        assert_int_equal(packet.input, expected[i].input);
        assert_int_equal(packet.bytes.data[59], (uint8_t)expected[i].seconds);
    }
    expect_end(capture);
    assert_int_equal(capture_input_count(capture), 3);
    assert_int_equal(capture_input(capture, 1)->first_time_ns, 5 * NS);
    assert_int_equal(capture_input(capture, 1)->last_time_ns, 70 * NS);
    assert_int_equal(capture_input(capture, 1)->bytes, 240);
    assert_null(capture_input(capture, 3));
    capture_free(capture);
}

static void merges_many_inputs_in_order(void **state)
{
    enum { INPUTS = 100, EACH = 50 };
    struct capture *capture = capture_create(NULL);
    struct complaint complaint;
    struct packet packet;
    int64_t last_ns = -1;
    uint32_t last_input = 0;
    size_t count = 0;

    (void)state;
    for (uint32_t i = 0; i < INPUTS; i++) {
        uint32_t seconds[EACH], at = i * 7919 % 13;

        for (uint32_t n = 0; n < EACH; n++)
            seconds[n] = at += (i + n) * 104729 % 5;
        struct made made = make_at(seconds, EACH);
        assert_int_equal(add_bytes(capture, buffer_slice(&made.bytes), &complaint), STATUS_OK);
        made_release(&made);
    }
    while (capture_next(capture, &packet) == STATUS_OK) {
        assert_true(packet.time_ns > last_ns ||
                    (packet.time_ns == last_ns && packet.input >= last_input));
        last_ns = packet.time_ns;
        last_input = packet.input;
        count++;
    }
    assert_int_equal(count, INPUTS * EACH);
    capture_free(capture);
}

static void goes_on_with_the_others_when_one_breaks_off(void **state)
{
    static const uint32_t times[] = { 10, 20, 30 };
    struct made made = make_at(times, 3);
    struct capture *capture = capture_create(NULL);
    struct complaint complaint;

    (void)state;
    assert_int_equal(
        add_bytes(capture, slice_part(buffer_slice(&made.bytes), 0, 24 + 76 + 40), &complaint),
        STATUS_OK);
    assert_int_equal(add_bytes(capture, buffer_slice(&made.bytes), &complaint), STATUS_OK);
    assert_int_equal(count_rest(capture), 4);
    assert_true(capture_input(capture, 0)->broke_off);
    assert_false(capture_input(capture, 1)->broke_off);
    capture_free(capture);
    made_release(&made);
}

static void an_empty_capture_is_no_error(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    put_pcap_header(&made, MICRO, 1);
    capture = open_made(&made);
    expect_end(capture);
    assert_int_equal(capture_input(capture, 0)->packets, 0);
    capture_free(capture);
    capture = capture_create(NULL);
    expect_end(capture);
    assert_int_equal(*capture_descriptors(capture), -1);
    capture_free(capture);
    made_release(&made);
}

/* ---- link types ---- */

static void warns_once_of_a_link_type_it_cannot_read(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    put_section(&made);
    put_interface(&made, 189, 0, -1);
    put_interface(&made, 1, 0, -1);
    put_interface(&made, 4711, 0, -1);
    for (uint32_t i = 0; i < 9; i++)
        put_packet(&made, i % 3, 0, 1, 60);
    capture = open_made(&made);
    assert_int_equal(count_rest(capture), 9);
    assert_int_equal(capture_input(capture, 0)->warning_count, 2);
    expect_warning(capture, "packet 1 is of link type 189 (USB), which cannot be read");
    expect_warning(capture, "packet 3 is of link type 4711 (unknown)");
    capture_free(capture);
    made_release(&made);
}

/* ---- filters ---- */

/* Ethernet, IPv4, UDP to the port. */
static void put_udp(struct made *made, uint16_t port, bool with_ethernet)
{
    if (with_ethernet)
        put(made, "\1\2\3\4\5\6\1\2\3\4\5\6\x08\0", 14);
    put(made, "\x45\0\0\x1c\0\0\0\0\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2\x10\0", 22);
    put(made, (uint8_t[]){ (uint8_t)(port >> 8), (uint8_t)port }, 2);
    put(made, "\0\x08\0\0", 4);
}

static void put_udp_record(struct made *made, uint32_t seconds, uint16_t port)
{
    put_u32(made, seconds);
    put_u32(made, 0);
    put_u32(made, 42);
    put_u32(made, 42);
    put_udp(made, port, true);
}

static void filters_and_keeps_the_numbers(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    put_pcap_header(&made, MICRO, 1);
    for (uint16_t i = 1; i <= 6; i++)
        put_udp_record(&made, T0 + i, i % 3 ? 80 : 53);
    capture = open_filtered(&made, "udp port 53");
    expect_packet(capture, 3, (T0 + 3) * NS, 42);
    expect_packet(capture, 6, (T0 + 6) * NS, 42);
    expect_end(capture);
    assert_int_equal(capture_input(capture, 0)->packets, 6);
    capture_free(capture);
    made_release(&made);
}

static void filters_each_link_type_of_a_file(void **state)
{
    struct made made = { 0 };
    struct capture *capture;

    (void)state;
    put_section(&made);
    put_interface(&made, 1, 0, 0);
    put_interface(&made, 101, 0, 0);
    put_interface(&made, 4711, 0, 0);
    for (uint32_t i = 0; i < 6; i++) {
        struct made frame = { 0 };
        struct open_block block = begin_block(&made, 6);

        put_udp(&frame, i < 3 ? 53 : 80, i % 3 == 0);
        put_u32(&made, i % 3);
        put_u64(&made, 0);
        put_u32(&made, (uint32_t)frame.bytes.length);
        put_u32(&made, (uint32_t)frame.bytes.length);
        put(&made, frame.bytes.data, frame.bytes.length);
        put_fill(&made, 0, (4 - frame.bytes.length % 4) % 4);
        end_block(&made, block);
        made_release(&frame);
    }
    capture = open_filtered(&made, "port 53");
    expect_packet(capture, 1, 0, 42);
    expect_packet(capture, 2, 0, 28);
    expect_end(capture);
    expect_warning(capture, "packet 3 is of link type 4711, to which the filter cannot be applied");
    capture_free(capture);
    made_release(&made);
}

static void expect_filter_refused(const struct made *made, const char *filter, bool refused)
{
    struct capture_options options = { .filter = filter };
    struct capture *capture = capture_create(&options);
    struct complaint complaint = { 0 };

    assert_int_equal(add_bytes(capture, buffer_slice(&made->bytes), &complaint),
                     refused ? STATUS_REFUSED : STATUS_OK);
    if (refused)
        assert_non_null(strstr(complaint.line, "see pcap-filter(7)"));
    capture_free(capture);
}

static void refuses_a_bad_filter_at_once(void **state)
{
    struct made pcap = { 0 };
    struct made pcapng = { 0 };

    (void)state;
    put_pcap_header(&pcap, MICRO, 1);
    put_section(&pcapng);
    expect_filter_refused(&pcap, "port port", true);
    expect_filter_refused(&pcapng, "port port", true);
    expect_filter_refused(&pcap, "wlan type mgt", true); /* not on Ethernet */
    expect_filter_refused(&pcapng, "wlan type mgt", false);
    expect_filter_refused(&pcap, "", false);
    made_release(&pcap);
    made_release(&pcapng);
}

/* ---- what cannot be opened ---- */

static void expect_path_refused(const char *path, const char *expected)
{
    struct capture *capture = capture_create(NULL);
    struct complaint complaint = { 0 };

    assert_int_equal(capture_add_file(capture, path, &complaint), STATUS_REFUSED);
    if (!strstr(complaint.line, expected) || strchr(complaint.line, '\n'))
        fail_msg("\"%s\" does not say \"%s\"", complaint.line, expected);
    capture_free(capture);
}

static void refuses_what_cannot_be_opened(void **state)
{
    char path[] = "/tmp/capture_test_XXXXXX";
    int descriptor = mkstemp(path);

    (void)state;
    expect_path_refused("/nowhere/at.all", "/nowhere/at.all: no such file");
    expect_path_refused("/dev/null/x", "no such file");
    expect_path_refused("/tmp", "/tmp: is a directory");
    expect_path_refused("/dev/null", "is empty");
    expect_path_refused("two\nlines\x1b[31m", "two\\x0Alines\\x1B[31m: no such file");
    assert_true(descriptor >= 0);
    expect_path_refused(path, "is empty (0 bytes)");
    assert_int_equal(chmod(path, 0), 0);
    /* Root may read everything; so become nobody for a moment. */
    if (geteuid() != 0 || seteuid(65534) == 0)
        expect_path_refused(path, "no permission to read it");
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
    unlink(path);
    close(descriptor);
}

static void refuses_what_is_not_a_capture(void **state)
{
    (void)state;
    expect_refused(slice_of_text("<html>"),
                   "not a capture: starts with 3c 68 74 6d 6c 3e \"<html>\", neither pcap");
    expect_refused(slice_of_text("\x1b]0;"), "starts with 1b 5d 30 3b \"\\x1B]0;\"");
    expect_refused(slice_of("\xd4", 1), "starts with d4 \"\\xD4\"");
}

static void tells_when_too_many_files_are_open(void **state)
{
    struct rlimit before, few;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = before;
    few.rlim_cur = 3;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    expect_path_refused("/etc/passwd", "too many files are open");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void reads_standard_input(void **state)
{
    static const uint32_t times[] = { 10, 20, 30 };
    struct made made = make_at(times, 3);
    struct capture *capture = capture_create(NULL);
    struct complaint complaint;
    int ends[2], kept = dup(STDIN_FILENO);

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], made.bytes.data, made.bytes.length),
                     (ssize_t)made.bytes.length);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(capture_add_file(capture, "-", &complaint), STATUS_OK);
    assert_int_equal(count_rest(capture), 3);
    assert_string_equal(capture_input(capture, 0)->path, "-");
    capture_free(capture);
    expect_path_refused("-", "-: is empty");
    if (kept >= 0)
        dup2(kept, STDIN_FILENO);
    close(kept);
    close(ends[0]);
    made_release(&made);
}

/* ---- captures of others ---- */

/* How many packets another reader saw, from the fourth column of the third line; -1: it failed. */
static long read_truth(const char *root, const char *folder, const char *name)
{
    char path[1024], line[4096];
    long packets = -1;
    bool failed = false;
    FILE *file;

    snprintf(path, sizeof path, "%s/truth/%s/%s.summary.tsv", root, folder, name);
    file = fopen(path, "r");
    if (!file)
        return -1;
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        char *column = line;

        for (int i = 0; number == 3 && column && i < 3; i++)
            column = strchr(column, '\t') ? strchr(column, '\t') + 1 : NULL;
        if (number == 3 && column)
            packets = strtol(column, NULL, 10);
        if (strncmp(line, "# capinfos exit status ", 23) == 0)
            failed = line[23] != '0';
    }
    fclose(file);
    return failed ? -1 : packets;
}

static size_t compare_folder(const char *root, const char *folder)
{
    char path[1024];
    struct dirent *entry;
    size_t compared = 0;
    DIR *directory;

    snprintf(path, sizeof path, "%s/%s", root, folder);
    directory = opendir(path);
    while (directory && (entry = readdir(directory))) {
        long packets = read_truth(root, folder, entry->d_name);
        struct capture *capture;
        struct complaint complaint;
        uint64_t count;

        if (packets < 0)
            continue;
        snprintf(path, sizeof path, "%s/%s/%s", root, folder, entry->d_name);
        capture = capture_create(NULL);
        if (capture_add_file(capture, path, &complaint) != STATUS_OK)
            fail_msg("%s", complaint.line);
        count = count_rest(capture);
        if (count != (uint64_t)packets)
            fail_msg("%s: %llu packets instead of %ld", path, (unsigned long long)count, packets);
        assert_false(capture_input(capture, 0)->broke_off);
        capture_free(capture);
        compared++;
    }
    if (directory)
        closedir(directory);
    return compared;
}

static void counts_packets_as_others_do(void **state)
{
    static const char *const folders[] = { "dns",       "http",         "http2",
                                           "linktypes", "malformed",    "ntlm",
                                           "tls-cert",  "tcp-oddities", "tls-decrypt" };
    const char *shared = getenv("LYNCSCOPE_SHARED");
    char root[500];
    size_t compared = 0;

    (void)state;
    snprintf(root, sizeof root, "%s/captures/public", shared ? shared : "../shared");
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        compared += compare_folder(root, folders[i]);
    if (compared == 0)
        skip();
    print_message("compared %zu captures\n", compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merges_by_time),
        cmocka_unit_test(merges_many_inputs_in_order),
        cmocka_unit_test(goes_on_with_the_others_when_one_breaks_off),
        cmocka_unit_test(an_empty_capture_is_no_error),
        cmocka_unit_test(warns_once_of_a_link_type_it_cannot_read),
        cmocka_unit_test(filters_and_keeps_the_numbers),
        cmocka_unit_test(filters_each_link_type_of_a_file),
        cmocka_unit_test(refuses_a_bad_filter_at_once),
        cmocka_unit_test(refuses_what_cannot_be_opened),
        cmocka_unit_test(refuses_what_is_not_a_capture),
        cmocka_unit_test(tells_when_too_many_files_are_open),
        cmocka_unit_test(reads_standard_input),
        cmocka_unit_test(counts_packets_as_others_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
