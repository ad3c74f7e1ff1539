/* fuzz_capture.c: any bytes as a capture file, every packet of it looked into */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lyncscope/capture.h"

static void check_packet(const struct packet *packet, uint64_t last_number)
{
    struct slice ip = link_find_ip(packet->link_type, packet->bytes);

    assert(packet->number > last_number);
    assert(packet->wire_length >= packet->bytes.length);
    assert(ip.length <= packet->bytes.length);
    /* Touches the last byte, so that the sanitizer sees a slice that is too long. */
    assert(ip.length == 0 || ip.data + ip.length <= packet->bytes.data + packet->bytes.length);
    if (packet->bytes.length > 0)
        (void)*(const volatile uint8_t *)&packet->bytes.data[packet->bytes.length - 1];
}

/* Touches every byte, for the sanitizer. */
static void take_secrets(void *context, uint32_t type, struct slice bytes)
{
    uint64_t *told = context;

    (void)type;
    for (size_t i = 0; i < bytes.length; i++)
        (void)*(const volatile uint8_t *)&bytes.data[i];
    *told += bytes.length;
}

static void walk(struct capture *capture)
{
    uint64_t last = 0;
    struct packet packet;
    enum status status;

    while ((status = capture_next(capture, &packet)) == STATUS_OK) {
        check_packet(&packet, last);
        last = packet.number;
    }
    assert(status == STATUS_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t told = 0;
    struct capture_options options = { .filter = size % 2 ? NULL : "ip or ip6",
                                       .secrets = { take_secrets, &told } };
    struct capture *capture = capture_create(&options);
    int file = memfd_create("capture", MFD_CLOEXEC);
    struct complaint complaint;
    char path[64];

    assert(capture && file >= 0);
    snprintf(path, sizeof path, "/dev/fd/%d", file);
    if (write(file, data, size) == (ssize_t)size &&
        capture_add_file(capture, path, &complaint) == STATUS_OK)
        walk(capture);
    /* None twice; only what is compressed grows. */
    assert(told <= size || size < 4 || (data[0] != 0x0a));
    close(file);
    capture_free(capture);
    return 0;
}
