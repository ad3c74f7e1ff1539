/* tls_names_test.c: words for numbers of TLS; the table is searched by halves, so its order counts
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "lyncscope/event.h"

static void suites_have_their_registered_names(void **state)
{
    (void)state;
    assert_string_equal(tls_cipher_name(0x0000), "TLS_NULL_WITH_NULL_NULL");
    assert_string_equal(tls_cipher_name(0x002f), "TLS_RSA_WITH_AES_128_CBC_SHA");
    assert_string_equal(tls_cipher_name(0x1302), "TLS_AES_256_GCM_SHA384");
    assert_string_equal(tls_cipher_name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    assert_string_equal(tls_cipher_name(0xc0af), "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8");
    assert_string_equal(tls_cipher_name(0xccae), "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256");
    assert_null(tls_cipher_name(0x0a0a)); /* GREASE */
    assert_null(tls_cipher_name(0xffff));
}

static void suites_names_are_of_one_form_and_different(void **state)
{
    const char *before = "";

    (void)state;
    for (unsigned number = 0; number <= UINT16_MAX; number++) {
        const char *name = tls_cipher_name((uint16_t)number);

        if (!name)
            continue;
        if (strncmp(name, "TLS_", 4) != 0 || strchr(name, ' ') || strcmp(name, before) == 0)
            fail_msg("%04x: %s", number, name);
        before = name;
    }
}

static void versions_have_names_and_numbers(void **state)
{
    (void)state;
    assert_string_equal(tls_version_name(0x0002), "SSL 2.0");
    assert_string_equal(tls_version_name(0x0300), "SSL 3.0");
    assert_string_equal(tls_version_name(0x0301), "TLS 1.0");
    assert_string_equal(tls_version_name(0x0304), "TLS 1.3");
    assert_string_equal(tls_version_name(0x0305), "TLS");
    assert_string_equal(tls_version_name(0), "TLS");
    assert_string_equal(tls_version_number(0x0300), "SSL 3.0");
    assert_string_equal(tls_version_number(0x0303), "1.2");
    assert_string_equal(tls_version_number(0x0002), "SSL 2.0");
    assert_null(tls_version_number(0));
    assert_null(tls_version_number(0x0305));
    assert_null(tls_version_number(0x7f17)); /* a draft of 1.3 */
}

static void alerts_have_names(void **state)
{
    (void)state;
    assert_string_equal(tls_alert_name(0), "close_notify");
    assert_string_equal(tls_alert_name(48), "unknown_ca");
    assert_string_equal(tls_alert_name(112), "unrecognized_name");
    assert_string_equal(tls_alert_name(120), "no_application_protocol");
    assert_null(tls_alert_name(1));
    assert_null(tls_alert_name(255));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suites_have_their_registered_names),
        cmocka_unit_test(suites_names_are_of_one_form_and_different),
        cmocka_unit_test(versions_have_names_and_numbers),
        cmocka_unit_test(alerts_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
