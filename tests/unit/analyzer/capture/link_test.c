/* link_test.c: the IP packet in frames of every link type */
#include "capture_bytes.h"

#define MAC "\1\2\3\4\5\6\7\1\2\3\4\5"
#define V4 "\x45v4"
#define V6 "\x60v6"

static const struct {
    const char *what;
    int link_type;
    const char *frame;
    size_t length;
    const char *found; /* NULL: nothing */
} cases[] = {
#define CASE(what, type, frame, found)                                                             \
    {                                                                                              \
        what, type, frame, sizeof(frame) - 1, found                                                \
    }
    CASE("Ethernet, IPv4", 1, MAC "\x08\x00" V4, V4),
    CASE("Ethernet, IPv6", 1, MAC "\x86\xdd" V6, V6),
    CASE("Ethernet, ARP", 1, MAC "\x08\x06" V4, NULL),
    CASE("802.1Q", 1, MAC "\x81\x00\x00\x05\x08\x00" V4, V4),
    CASE("QinQ", 1, MAC "\x88\xa8\x00\x05\x81\x00\x00\x06\x86\xdd" V6, V6),
    CASE("QinQ, the old way", 1, MAC "\x91\x00\x00\x05\x81\x00\x00\x06\x08\x00" V4, V4),
    CASE("eight tags", 1,
         MAC "\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1"
             "\x08\x00" V4,
         V4),
    CASE("nine tags", 1,
         MAC "\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1"
             "\x81\0\0\1\x08\x00" V4,
         NULL),
    CASE("802.3 with SNAP", 1, MAC "\0\x40\xaa\xaa\x03\0\0\0\x08\x00" V4, V4),
    CASE("802.3, another organization", 1, MAC "\0\x40\xaa\xaa\x03\0\0\x0c\x08\x00" V4, NULL),
    CASE("802.3, spanning tree", 1, MAC "\0\x40\x42\x42\x03\0\0\0\x08\x00" V4, NULL),
    CASE("SNAP in VLAN", 1, MAC "\x81\0\0\1\0\x40\xaa\xaa\x03\0\0\0\x08\x00" V4, V4),
    CASE("PPPoE, IPv4", 1, MAC "\x88\x64\x11\0\0\1\0\x10\0\x21" V4, V4),
    CASE("PPPoE, IPv6", 1, MAC "\x88\x64\x11\0\0\1\0\x10\0\x57" V6, V6),
    CASE("PPPoE, LCP", 1, MAC "\x88\x64\x11\0\0\1\0\x10\xc0\x21" V4, NULL),
    CASE("PPPoE discovery", 1, MAC "\x88\x63\x11\x09\0\0\0\x04\x01\x01\0\0", NULL),
    CASE("MPLS, two labels", 1, MAC "\x88\x47\0\1\0\x40\0\2\1\x40" V4, V4),
    CASE("MPLS, IPv6", 1, MAC "\x88\x48\0\2\1\x40" V6, V6),
    CASE("MPLS, a control word", 1, MAC "\x88\x47\0\2\1\x40\0\0\0\0" V4, NULL),
    CASE("MPLS without an end", 1, MAC "\x88\x47\0\2\0\x40\0\2\0\x40", NULL),
    CASE("cooked, IPv4", 113, "\0\0\0\1\0\6\1\2\3\4\5\6\0\0\x08\x00" V4, V4),
    CASE("cooked, VLAN", 113, "\0\0\0\1\0\6\1\2\3\4\5\6\0\0\x81\0\0\1\x86\xdd" V6, V6),
    CASE("cooked, LLC", 113, "\0\0\0\1\0\6\1\2\3\4\5\6\0\0\0\4\xaa\xaa\3\0\0\0\x08\0" V4, V4),
    CASE("cooked, Novell", 113, "\0\0\0\1\0\6\1\2\3\4\5\6\0\0\0\1\xaa\xaa\3\0\0\0\x08\0" V4, NULL),
    CASE("cooked 2", 276, "\x08\0\0\0\0\0\0\2\0\1\0\6\1\2\3\4\5\6\0\0" V4, V4),
    CASE("cooked 2, IPv6", 276, "\x86\xdd\0\0\0\0\0\2\0\1\0\6\1\2\3\4\5\6\0\0" V6, V6),
    CASE("raw, IPv4", 101, V4, V4),
    CASE("raw, IPv6", 101, V6, V6),
    CASE("raw, neither", 101, "\x55raw", NULL),
    CASE("raw, as BSD numbers it", 12, V4, V4),
    CASE("raw, as OpenBSD numbers it", 14, V6, V6),
    CASE("IPv4", 228, V4, V4),
    CASE("IPv6", 229, V6, V6),
    CASE("null, little-endian", 0, "\2\0\0\0" V4, V4),
    CASE("null, big-endian", 0, "\0\0\0\2" V4, V4),
    CASE("null, IPv6 of NetBSD", 0, "\x18\0\0\0" V6, V6),
    CASE("null, IPv6 of FreeBSD", 0, "\x1c\0\0\0" V6, V6),
    CASE("null, IPv6 of macOS", 0, "\x1e\0\0\0" V6, V6),
    CASE("null, IPv6 of Linux", 0, "\0\0\0\x0a" V6, V6),
    CASE("null, IPv6 of Windows", 0, "\x17\0\0\0" V6, V6),
    CASE("null, another family", 0, "\7\0\0\0" V4, NULL),
    CASE("null, Cisco HDLC in it", 0, "\x0f\0\x08\0" V4, V4),
    CASE("loop", 108, "\0\0\0\2" V4, V4),
    CASE("loop, IPv6", 108, "\0\0\0\x18" V6, V6),
    CASE("PPP", 9, "\0\x21" V4, V4),
    CASE("PPP, framed", 9, "\xff\3\0\x57" V6, V6),
    CASE("PPP, protocol of one byte", 9, "\x21" V4, V4),
    CASE("PPP, IPCP", 9, "\x80\x21" V4, NULL),
    CASE("PPP in HDLC", 50, "\xff\3\0\x21" V4, V4),
    CASE("PPP link, Cisco's way", 50, "\x0f\0\x08\0" V4, V4),
    CASE("PPPoE link", 51, "\x11\0\0\1\0\x10\0\x21" V4, V4),
    CASE("Cisco HDLC", 104, "\x8f\0\x86\xdd" V6, V6),
    CASE("PPP with direction", 204, "\1\xff\3\0\x21" V4, V4),
    CASE("pppd", 166, "\1\3\0\x21" V4, V4),
    CASE("enc", 109, "\2\0\0\0\0\0\0\1\0\0\0\0" V4, V4),
    CASE("pflog", 117, "\x05\2\0\0\0\0\0\0" V4, V4),
    CASE("nflog", 239, "\2\0\0\1\5\0\1\0q\0\0\0\x07\0\x09\0" V4, V4),
    CASE("nflog, big-endian", 239, "\2\0\0\1\0\5\0\1q\0\0\0\0\x07\0\x09" V4, V4),
    CASE("nflog, no packet", 239, "\2\0\0\1\5\0\1\0q\0\0\0", NULL),
    CASE("nflog, length 0", 239, "\2\0\0\1\0\0\1\0q\0\0\0", NULL),
    CASE("nflog, length too large", 239, "\2\0\0\1\xff\0\x09\0" V4, NULL),
    CASE("802.11 data", 105, "\x08\1\0\0" MAC "\1\2\3\4\5\6\0\0\xaa\xaa\3\0\0\0\x08\0" V4, V4),
    CASE("802.11 QoS data", 105, "\x88\1\0\0" MAC "\1\2\3\4\5\6\0\0\0\0\xaa\xaa\3\0\0\0\x08\0" V4,
         V4),
    CASE("802.11 QoS data, padded", 105,
         "\x88\1\0\0" MAC "\1\2\3\4\5\6\0\0\0\0\0\0\xaa\xaa\3\0\0\0\x08\0" V4, V4),
    CASE("802.11 between access points", 105,
         "\x08\3\0\0" MAC "\1\2\3\4\5\6\0\0\1\2\3\4\5\6\xaa\xaa\3\0\0\0\x08\0" V4, V4),
    CASE("802.11 aggregate", 105,
         "\x88\1\0\0" MAC "\1\2\3\4\5\6\0\0\x80\0" MAC "\0\x20\xaa\xaa\3\0\0\0\x86\xdd" V6, V6),
    CASE("802.11 encrypted", 105, "\x08\x41\0\0" MAC "\1\2\3\4\5\6\0\0\xaa\xaa\3\0\0\0\x08\0" V4,
         NULL),
    CASE("802.11 beacon", 105, "\x80\0\0\0" MAC "\1\2\3\4\5\6\0\0\xaa\xaa\3\0\0\0\x08\0" V4, NULL),
    CASE("radiotap", 127,
         "\0\0\x0a\0\0\0\0\0ab\x08\1\0\0" MAC "\1\2\3\4\5\6\0\0\xaa\xaa\3\0\0\0\x08\0" V4, V4),
    CASE("radiotap, length 0", 127, "\0\0\0\0\0\0\0\0" V4, NULL),
    CASE("netlink", 253, "\0\0\0\1\0\6\1\2\3\4\5\6\0\0\x08\x00" V4, NULL),
    CASE("unknown", 4711, V4, NULL),
#undef CASE
};

enum { CASE_COUNT = sizeof cases / sizeof *cases };

static void finds_ip_in_every_link_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        struct slice found =
            link_find_ip(cases[i].link_type, slice_of(cases[i].frame, cases[i].length));

        if (!slice_is_text(found, cases[i].found ? cases[i].found : ""))
            fail_msg("%s: found %zu bytes", cases[i].what, found.length);
    }
}

/* Cut anywhere, each in a block of its own size: nothing is read past its end. */
static void survives_every_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++)
        for (size_t length = 0; length < cases[i].length; length++) {
            uint8_t *copy = memory_take(NULL, length);
            struct slice found;

            for (size_t at = 0; at < length; at++)
                copy[at] = (uint8_t)cases[i].frame[at];
            found = link_find_ip(cases[i].link_type, slice_of(copy, length));
            assert_true(found.length == 0 || found.data + found.length == copy + length);
            memory_give(NULL, copy, length);
        }
}

static void names_link_types(void **state)
{
    (void)state;
    assert_string_equal(link_type_name(1), "Ethernet");
    assert_string_equal(link_type_name(253), "netlink");
    assert_null(link_type_name(4711));
    assert_null(link_type_name(-1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_ip_in_every_link_type),
        cmocka_unit_test(survives_every_cut),
        cmocka_unit_test(names_link_types),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
