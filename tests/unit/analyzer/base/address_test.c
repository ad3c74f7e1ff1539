/* address_test.c: addresses, networks and who is private */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lyncscope/address.h"

static void addresses_read_and_print(void **state)
{
    static const char *const texts[] = { "198.51.100.7", "2001:db8::1", "::1" };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct address address;
        char out[ADDRESS_TEXT_SIZE];

        assert_true(address_parse(slice_of_text(texts[i]), &address));
        address_format(&address, out);
        assert_string_equal(out, texts[i]);
    }
    assert_false(address_parse(slice_of_text("300.1.1.1"), &(struct address){ 0 }));
    assert_false(address_parse(slice_of_text(""), &(struct address){ 0 }));
}

static bool is_within(const char *network, const char *address)
{
    struct network net;
    struct address one;

    assert_true(network_parse(slice_of_text(network), &net));
    assert_true(address_parse(slice_of_text(address), &one));
    return network_contains(&net, &one);
}

static void networks_hold_their_addresses(void **state)
{
    (void)state;
    assert_true(is_within("10.20.0.0/15", "10.21.255.255"));
    assert_false(is_within("10.20.0.0/15", "10.22.0.0"));
    assert_true(is_within("203.0.113.10", "203.0.113.10"));
    assert_true(is_within("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(is_within("2001:db8::/33", "2001:db8:8000::1"));
    assert_false(is_within("0.0.0.0/0", "::1"));
    assert_false(network_parse(slice_of_text("10.0.0.0/33"), &(struct network){ 0 }));
}

static void private_ranges_are_known(void **state)
{
    static const char *const inside[] = { "10.0.0.1",    "172.31.0.1", "192.168.0.1",
                                          "169.254.1.1", "fd00::1",    "fe80::1" };
    static const char *const outside[] = { "172.32.0.1", "198.51.100.1", "2001:db8::1" };
    struct address address;

    (void)state;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        assert_true(address_parse(slice_of_text(inside[i]), &address));
        assert_true(address_is_private(&address));
    }
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        assert_true(address_parse(slice_of_text(outside[i]), &address));
        assert_false(address_is_private(&address));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(addresses_read_and_print),
                                        cmocka_unit_test(networks_hold_their_addresses),
                                        cmocka_unit_test(private_ranges_are_known) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
