/* live_test.c: captures on interfaces of this machine; without the right to, most is skipped */
#include "capture_bytes.h"

#include <arpa/inet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

enum { PORT = 47113 };

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * NS + now.tv_nsec;
}

/* NULL: this machine does not let us. */
static struct capture *try_interface(const char *name, const char *filter)
{
    struct capture_options options = { .filter = filter, .ring_bytes = 4 << 20 };
    struct capture *capture = capture_create(&options);
    struct complaint complaint = { 0 };

    if (capture_add_interface(capture, name, &complaint) == STATUS_OK)
        return capture;
    print_message("%s\n", complaint.line);
    capture_free(capture);
    return NULL;
}

static void send_datagrams(int count)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
    int sender = socket(AF_INET, SOCK_DGRAM, 0);

    assert_true(sender >= 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < count; i++)
        assert_int_equal(sendto(sender, "lyncscope", 9, 0, (void *)&to, sizeof to), 9);
    close(sender);
}

/* The packets that come within two seconds, up to `wanted`. */
static int receive(struct capture *capture, int wanted, struct packet *last)
{
    int64_t deadline = now_ns() + 2 * NS;
    int count = 0;

    while (count < wanted && now_ns() < deadline) {
        struct pollfd ready = { .fd = capture_descriptors(capture)[0], .events = POLLIN };
        enum status status = capture_next(capture, last);

        assert_int_not_equal(status, STATUS_END);
        if (status == STATUS_OK)
            count++;
        else
            poll(&ready, 1, 200);
    }
    return count;
}

static void expect_datagram(const struct packet *packet)
{
    struct slice ip = link_find_ip(packet->link_type, packet->bytes);

    assert_int_equal(ip.length, 20 + 8 + 9);
    assert_true(slice_is_text(slice_after(ip, 28), "lyncscope"));
    assert_true(packet->time_ns > now_ns() - 60 * NS && packet->time_ns <= now_ns());
}

static void sees_what_is_sent(void **state)
{
    struct capture *capture = try_interface("lo", "udp dst port 47113");
    struct packet packet;

    (void)state;
    if (!capture)
        skip();
    assert_int_equal(capture_next(capture, &packet), STATUS_WAIT);
    send_datagrams(3);
    assert_true(receive(capture, 3, &packet) == 3);
    assert_true(packet.number == 3);
    expect_datagram(&packet);
    assert_int_equal(capture_input(capture, 0)->kind, INPUT_LIVE);
    assert_string_equal(capture_input(capture, 0)->path, "lo");
    assert_true(capture_input(capture, 0)->progress < 0);
    assert_int_equal(capture_input(capture, 0)->drops, 0);
    capture_free(capture);
}

static void sees_it_on_any_as_cooked(void **state)
{
    struct capture *capture = try_interface("any", "udp dst port 47113");
    struct packet packet;

    (void)state;
    if (!capture)
        skip();
    send_datagrams(1);
    assert_int_equal(receive(capture, 1, &packet), 1);
    assert_int_equal(packet.link_type, 276);
    expect_datagram(&packet);
    capture_free(capture);
}

/* What was on the way when it was stopped is given out, then it ends though traffic goes on. */
static void gives_what_is_left_when_stopped(void **state)
{
    struct capture *capture = try_interface("lo", "udp dst port 47113");
    struct packet packet;
    int count = 0;

    (void)state;
    if (!capture)
        skip();
    send_datagrams(5);
    capture_stop(capture);
    while (capture_next(capture, &packet) == STATUS_OK) {
        count++;
        send_datagrams(2);
    }
    assert_int_equal(count, 5);
    expect_end(capture);
    assert_int_equal(*capture_descriptors(capture), -1);
    capture_free(capture);
}

static void merges_two_interfaces(void **state)
{
    struct capture *capture = try_interface("lo", "udp dst port 47113");
    struct complaint complaint;
    struct packet packet;
    const int *descriptors;

    (void)state;
    if (!capture)
        skip();
    assert_int_equal(capture_add_interface(capture, "any", &complaint), STATUS_OK);
    descriptors = capture_descriptors(capture);
    assert_true(descriptors[0] >= 0 && descriptors[1] >= 0 && descriptors[2] == -1);
    send_datagrams(2);
    assert_in_range(receive(capture, 4, &packet), 4, 8);
    capture_stop(capture);
    while (capture_next(capture, &packet) == STATUS_OK)
        continue;
    assert_in_range(capture_input(capture, 0)->packets, 2, 4);
    assert_in_range(capture_input(capture, 1)->packets, 2, 4);
    capture_free(capture);
}

static void expect_interface_refused(const char *name, const char *filter, const char *expected)
{
    struct capture_options options = { .filter = filter };
    struct capture *capture = capture_create(&options);
    struct complaint complaint = { 0 };

    assert_int_equal(capture_add_interface(capture, name, &complaint), STATUS_REFUSED);
    if (!strstr(complaint.line, expected) || strchr(complaint.line, '\n'))
        fail_msg("\"%s\" does not say \"%s\"", complaint.line, expected);
    capture_free(capture);
}

static void says_why_it_cannot_capture(void **state)
{
    struct capture *capture = try_interface("lo", NULL);

    (void)state;
    if (!capture)
        skip();
    capture_free(capture);
    expect_interface_refused("nosuch0", NULL, "nosuch0: no such interface; there are: ");
    expect_interface_refused("a name that is far too long for any interface", NULL,
                             "no such interface");
    expect_interface_refused("lo", "port port", "filter \"port port\" on lo: ");
}

static void says_what_right_it_needs(void **state)
{
    (void)state;
    if (geteuid() == 0 && seteuid(65534) != 0)
        skip();
    expect_interface_refused("lo", NULL, "capturing on lo needs root or cap_net_raw; try: sudo");
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
}

static bool set_flags(const char *name, short flags)
{
    struct ifreq request = { .ifr_flags = flags };
    int control = socket(AF_INET, SOCK_DGRAM, 0);
    bool done;

    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    done = ioctl(control, SIOCSIFFLAGS, &request) == 0;
    close(control);
    return done;
}

/* A tunnel interface lives as long as its descriptor. */
static int create_tunnel(const char *name)
{
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    int tunnel = open("/dev/net/tun", O_RDWR);

    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (tunnel >= 0 && ioctl(tunnel, TUNSETIFF, &request) == 0 && set_flags(name, IFF_UP))
        return tunnel;
    if (tunnel >= 0)
        close(tunnel);
    return -1;
}

static void expect_end_of(const char *name, bool (*harm)(const char *name, int tunnel))
{
    int tunnel = create_tunnel(name);
    struct capture *capture = tunnel >= 0 ? try_interface(name, NULL) : NULL;
    int64_t deadline = now_ns() + 5 * NS;
    enum status status = STATUS_WAIT;
    struct packet packet;

    if (!capture || !harm(name, tunnel)) {
        close(tunnel);
        capture_free(capture);
        skip();
    }
    while (status != STATUS_END && now_ns() < deadline) {
        status = capture_next(capture, &packet);
        if (status == STATUS_WAIT)
            poll(NULL, 0, 20);
    }
    assert_int_equal(status, STATUS_END);
    expect_warning(capture, "ended: ");
    capture_free(capture);
}

static bool take_away(const char *name, int tunnel)
{
    (void)name;
    return close(tunnel) == 0;
}

static bool take_down(const char *name, int tunnel)
{
    (void)tunnel;
    return set_flags(name, 0);
}

static void ends_when_the_interface_goes_away(void **state)
{
    (void)state;
    expect_end_of("lyncscope0", take_away);
}

static void ends_when_the_interface_goes_down(void **state)
{
    (void)state;
    expect_end_of("lyncscope1", take_down);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_what_is_sent),
        cmocka_unit_test(sees_it_on_any_as_cooked),
        cmocka_unit_test(gives_what_is_left_when_stopped),
        cmocka_unit_test(merges_two_interfaces),
        cmocka_unit_test(says_why_it_cannot_capture),
        cmocka_unit_test(says_what_right_it_needs),
        cmocka_unit_test(ends_when_the_interface_goes_away),
        cmocka_unit_test(ends_when_the_interface_goes_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
