/* lync_names_test.c: every value has a word */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lyncscope/lync.h"

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(service_name(SERVICE_NONE), "none");
    assert_string_equal(service_name(SERVICE_CMS_REPLICATION), "cms-replication");
    assert_string_equal(resource_name(RESOURCE_MCX), "mcx");
    assert_string_equal(credential_name(CREDENTIAL_OTHER), "other");
    for (int i = SERVICE_NONE; i <= SERVICE_OFFICE_WEB_APPS; i++)
        assert_non_null(service_name((enum service)i));
    for (int i = RESOURCE_OTHER; i <= RESOURCE_MCX; i++)
        assert_non_null(resource_name((enum resource)i));
    for (int i = CREDENTIAL_NONE; i <= CREDENTIAL_OTHER; i++)
        assert_non_null(credential_name((enum credential)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_names) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
