/* certificate_name_test.c: RFC 6125 6.4, its examples and its traps */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lyncscope/certificate.h"
#include "tests/support/exact.h"

#define WITH_NUL slice_of("a.contoso.com\0.evil.example", 27)

static bool one_covers(struct slice san, struct slice asked)
{
    struct slice pattern = exact_slice(san), name = exact_slice(asked);
    struct certificate certificate = { .readable = true, .names = &pattern, .name_count = 1 };
    bool covers = certificate_covers(&certificate, name);

    exact_free(pattern);
    exact_free(name);
    return covers;
}

static bool covers(const char *san, const char *asked)
{
    return one_covers(slice_of_text(san), slice_of_text(asked));
}

static void names_compare_without_case(void **state)
{
    (void)state;
    assert_true(covers("Lyncdiscover.Contoso.com", "lyncdiscover.contoso.COM"));
    assert_true(covers("lyncdiscover.contoso.com", "lyncdiscover.contoso.com."));
    assert_true(covers("xn--bcher-kva.example", "XN--BCHER-KVA.example"));
    assert_true(covers("localhost", "localhost"));
    assert_false(covers("lyncdiscover.contoso.com", "lyncdiscover.contoso.co"));
    assert_false(covers("lyncdiscover.contoso.com", "contoso.com"));
    assert_false(covers("contoso.com", "lyncdiscover.contoso.com"));
    assert_false(covers("contoso.com", ""));
    assert_false(covers("", ""));
    assert_false(covers("", "."));
}

static void wildcard_is_one_label(void **state)
{
    (void)state;
    assert_true(covers("*.contoso.com", "a.contoso.com"));
    assert_true(covers("*.Contoso.com", "A.contoso.COM."));
    assert_true(covers("*.contoso.com", "xn--bcher-kva.contoso.com"));
    assert_false(covers("*.contoso.com", "contoso.com"));
    assert_false(covers("*.contoso.com", ".contoso.com"));
    assert_false(covers("*.contoso.com", "a.b.contoso.com"));
    assert_false(covers("*.contoso.com", "a.fabrikam.com"));
}

static void odd_wildcards_are_nothing(void **state)
{
    (void)state;
    assert_false(covers("*", "contoso"));
    assert_false(covers("*", "a.contoso.com"));
    assert_false(covers("*.com", "contoso.com"));
    assert_false(covers("*.", "a."));
    assert_false(covers("*..com", "a..com"));
    assert_false(covers("*.com.", "contoso.com"));
    assert_false(covers("w*.contoso.com", "www.contoso.com"));
    assert_false(covers("*w.contoso.com", "www.contoso.com"));
    assert_false(covers("a.*.com", "a.contoso.com"));
    assert_false(covers("*.*.com", "a.contoso.com"));
    assert_false(covers("*a", "a"));
}

static void nul_never_matches(void **state)
{
    (void)state;
    assert_false(one_covers(WITH_NUL, slice_of_text("a.contoso.com")));
    assert_false(one_covers(WITH_NUL, WITH_NUL));
    assert_false(one_covers(slice_of("*.a\0.com", 8), slice_of("x.a\0.com", 8)));
    assert_false(one_covers(slice_of("10.0.0.1\0x", 10), slice_of_text("10.0.0.1")));
    assert_false(one_covers(slice_of_text("10.0.0.1"), slice_of("10.0.0.1\0x", 10)));
}

static void addresses_compare_as_addresses(void **state)
{
    (void)state;
    assert_true(covers("10.1.2.3", "10.1.2.3"));
    assert_true(covers("2001:db8::1", "2001:0DB8:0:0::1"));
    assert_true(covers("2001:db8::1", "[2001:db8::1]"));
    assert_false(covers("10.1.2.3", "10.1.2.4"));
    assert_false(covers("::ffff:10.1.2.3", "10.1.2.3"));
    assert_false(covers("*.1.2.3", "10.1.2.3"));
    assert_false(covers("10.1.2.3", "host.10.1.2.3"));
}

static void common_name_counts_alone(void **state)
{
    struct slice names[] = { slice_of_text("a.contoso.com"), slice_of_text("b.contoso.com") };
    struct certificate certificate = { .readable = true,
                                       .common_name = slice_of_text("*.fabrikam.com"),
                                       .names = names };

    (void)state;
    assert_true(certificate_covers(&certificate, slice_of_text("x.fabrikam.com")));
    certificate.name_count = 2;
    assert_false(certificate_covers(&certificate, slice_of_text("x.fabrikam.com")));
    assert_true(certificate_covers(&certificate, slice_of_text("b.contoso.com")));
    names[0] = slice_of_text("192.0.2.1"); /* addresses alone are no names */
    certificate.name_count = 1;
    assert_true(certificate_covers(&certificate, slice_of_text("x.fabrikam.com")));
    assert_true(certificate_covers(&certificate, slice_of_text("192.0.2.1")));
    assert_false(certificate_covers(&certificate, slice_of_text("192.0.2.2")));
    certificate.names_left_out = true; /* it may be among the others */
    assert_true(certificate_covers(&certificate, slice_of_text("c.contoso.com")));
    certificate.readable = false;
    assert_false(certificate_covers(&certificate, slice_of_text("b.contoso.com")));
    certificate = (struct certificate){ .readable = true };
    assert_false(certificate_covers(&certificate, slice_of_text("b.contoso.com")));
    certificate.common_name = slice_of_text("192.0.2.1");
    assert_true(certificate_covers(&certificate, slice_of_text("192.0.2.1")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_compare_without_case),
        cmocka_unit_test(wildcard_is_one_label),
        cmocka_unit_test(odd_wildcards_are_nothing),
        cmocka_unit_test(nul_never_matches),
        cmocka_unit_test(addresses_compare_as_addresses),
        cmocka_unit_test(common_name_counts_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
