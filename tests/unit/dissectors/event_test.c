/* event_test.c: names of response codes, look-up of headers */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lyncscope/event.h"

static void rcodes_have_names(void **state)
{
    (void)state;
    assert_string_equal(dns_rcode_name(0), "NOERROR");
    assert_string_equal(dns_rcode_name(3), "NXDOMAIN");
    assert_string_equal(dns_rcode_name(5), "REFUSED");
    assert_string_equal(dns_rcode_name(11), "DSOTYPENI");
    assert_string_equal(dns_rcode_name(15), "RCODE15");
    assert_string_equal(dns_rcode_name(16), "BADVERS");
    assert_string_equal(dns_rcode_name(4096), "RCODE");
}

static void first_header_of_a_name_counts(void **state)
{
    struct header headers[] = {
        { slice_of_text("WWW-Authenticate"), slice_of_text("Negotiate") },
        { slice_of_text("www-authenticate"), slice_of_text("NTLM") },
    };

    (void)state;
    assert_true(slice_is_text(header_value(headers, 2, "www-AUTHENTICATE"), "Negotiate"));
    assert_int_equal(header_value(headers, 2, "Host").length, 0);
    assert_int_equal(header_value(NULL, 0, "Host").length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rcodes_have_names),
        cmocka_unit_test(first_header_of_a_name_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
