/* capture_bytes.h: capture files put together byte by byte, for the tests of this folder */
#ifndef CAPTURE_BYTES_H
#define CAPTURE_BYTES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lyncscope/capture.h"
#include "lyncscope/memory.h"

enum { PATH_BYTES = 64, T0 = 1700000000 };
#define NS INT64_C(1000000000)

/* A file under construction, in one byte order. */
struct made {
    struct buffer bytes;
    bool big; /* byte order */
};

static inline void put(struct made *made, const void *data, size_t length)
{
    assert_true(buffer_append(&made->bytes, slice_of(data, length)));
}

static inline void put_number(struct made *made, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        uint8_t byte = (uint8_t)(value >> 8 * (made->big ? bytes - 1 - i : i));

        put(made, &byte, 1);
    }
}

static inline void put_u16(struct made *made, uint16_t value)
{
    put_number(made, value, 2);
}

static inline void put_u32(struct made *made, uint32_t value)
{
    put_number(made, value, 4);
}

static inline void put_u64(struct made *made, uint64_t value)
{
    put_number(made, value, 8);
}

static inline void put_fill(struct made *made, uint8_t byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(made, &byte, 1);
}

static inline void made_release(struct made *made)
{
    buffer_release(&made->bytes);
}

/* ---- pcap ---- */

static inline void put_pcap_header(struct made *made, uint32_t magic, uint32_t link_type)
{
    put_u32(made, magic);
    put_u16(made, 2);
    put_u16(made, 4);
    put_u64(made, 0);
    put_u32(made, 65535);
    put_u32(made, link_type);
}

/* A record of `length` bytes that all are `fill`. */
static inline void put_record(struct made *made, uint32_t seconds, uint32_t fraction, uint8_t fill,
                              uint32_t length)
{
    put_u32(made, seconds);
    put_u32(made, fraction);
    put_u32(made, length);
    put_u32(made, length);
    put_fill(made, fill, length);
}

/* ---- pcapng ---- */

struct open_block {
    size_t start;
};

static inline struct open_block begin_block(struct made *made, uint32_t type)
{
    struct open_block block = { made->bytes.length };

    put_u32(made, type);
    put_u32(made, 0);
    return block;
}

static inline void patch_u32(struct made *made, size_t at, uint32_t value)
{
    struct made number = { .big = made->big };

    put_u32(&number, value);
    for (size_t i = 0; i < 4; i++)
        made->bytes.data[at + i] = number.bytes.data[i];
    made_release(&number);
}

static inline void end_block(struct made *made, struct open_block block)
{
    uint32_t length = (uint32_t)(made->bytes.length - block.start + 4);

    put_u32(made, length);
    patch_u32(made, block.start + 4, length);
}

static inline void put_section(struct made *made)
{
    struct open_block block = begin_block(made, 0x0a0d0d0a);

    put_u32(made, 0x1a2b3c4d);
    put_u16(made, 1);
    put_u16(made, 0);
    put_u64(made, UINT64_MAX);
    end_block(made, block);
}

static inline void put_option(struct made *made, uint16_t code, const void *data, uint16_t length)
{
    put_u16(made, code);
    put_u16(made, length);
    put(made, data, length);
    put_fill(made, 0, (4u - length % 4u) % 4u);
}

static inline void put_interface(struct made *made, uint16_t link_type, uint32_t snap_length,
                                 int resolution)
{
    struct open_block block = begin_block(made, 1);

    put_u16(made, link_type);
    put_u16(made, 0);
    put_u32(made, snap_length);
    if (resolution >= 0) {
        uint8_t byte = (uint8_t)resolution;

        put_option(made, 9, &byte, 1);
        put_u32(made, 0);
    }
    end_block(made, block);
}

/* An enhanced packet of `length` bytes that all are `fill`. */
static inline void put_packet(struct made *made, uint32_t interface, uint64_t ticks, uint8_t fill,
                              uint32_t length)
{
    struct open_block block = begin_block(made, 6);

    put_u32(made, interface);
    put_u32(made, (uint32_t)(ticks >> 32));
    put_u32(made, (uint32_t)ticks);
    put_u32(made, length);
    put_u32(made, length);
    put_fill(made, fill, length);
    put_fill(made, 0, (4u - length % 4u) % 4u);
    end_block(made, block);
}

/* ---- reading ---- */

/* A file in memory; returns its descriptor, its path in `path`. */
static inline int memory_file(struct slice bytes, char path[PATH_BYTES])
{
    int descriptor = memfd_create("capture", MFD_CLOEXEC);

    assert_true(descriptor >= 0);
    for (size_t done = 0; done < bytes.length;) {
        ssize_t wrote = write(descriptor, bytes.data + done, bytes.length - done);

        assert_true(wrote > 0);
        done += (size_t)wrote;
    }
    snprintf(path, PATH_BYTES, "/dev/fd/%d", descriptor);
    return descriptor;
}

static inline enum status add_bytes(struct capture *capture, struct slice bytes,
                                    struct complaint *complaint)
{
    char path[PATH_BYTES];
    int descriptor = memory_file(bytes, path);
    enum status status = capture_add_file(capture, path, complaint);

    close(descriptor);
    return status;
}

static inline struct capture *open_filtered(const struct made *made, const char *filter)
{
    struct capture_options options = { .filter = filter };
    struct capture *capture = capture_create(&options);
    struct complaint complaint = { 0 };

    assert_non_null(capture);
    if (add_bytes(capture, buffer_slice(&made->bytes), &complaint) != STATUS_OK)
        fail_msg("refused: %s", complaint.line);
    return capture;
}

static inline struct capture *open_made(const struct made *made)
{
    return open_filtered(made, NULL);
}

/* The complaint about such a file must hold `expected`. */
static inline void expect_refused(struct slice bytes, const char *expected)
{
    struct capture *capture = capture_create(NULL);
    struct complaint complaint = { 0 };

    assert_int_equal(add_bytes(capture, bytes, &complaint), STATUS_REFUSED);
    if (!strstr(complaint.line, expected))
        fail_msg("\"%s\" does not say \"%s\"", complaint.line, expected);
    assert_int_equal(capture_input_count(capture), 0);
    capture_free(capture);
}

static inline struct packet expect_packet(struct capture *capture, uint64_t number, int64_t time_ns,
                                          size_t length)
{
    struct packet packet = { 0 };

    assert_int_equal(capture_next(capture, &packet), STATUS_OK);
    assert_int_equal(packet.number, number);
    assert_int_equal(packet.time_ns, time_ns);
    assert_int_equal(packet.bytes.length, length);
    return packet;
}

static inline void expect_end(struct capture *capture)
{
    struct packet packet;

    assert_int_equal(capture_next(capture, &packet), STATUS_END);
    assert_int_equal(capture_next(capture, &packet), STATUS_END);
}

static inline uint64_t count_rest(struct capture *capture)
{
    struct packet packet;
    uint64_t count = 0;

    while (capture_next(capture, &packet) == STATUS_OK) {
        struct slice ip = link_find_ip(packet.link_type, packet.bytes);

        assert_true(ip.length <= packet.bytes.length);
        count++;
    }
    return count;
}

static inline void expect_warning(const struct capture *capture, const char *expected)
{
    const struct input_info *info = capture_input(capture, 0);

    for (size_t i = 0; i < info->warning_count; i++)
        if (strstr(info->warnings[i], expected))
            return;
    fail_msg("no warning says \"%s\"; the first of %zu: %s", expected, info->warning_count,
             info->warning_count ? info->warnings[0] : "none");
}

#endif
