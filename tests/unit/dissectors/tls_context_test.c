/* tls_context_test.c: sessions are remembered by id or ticket, the oldest forgotten first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "dissectors/tls_context.h"

enum { SESSIONS_MAX = 65536 };

static int set_up(void **state)
{
    struct tls_secrets *secrets = tls_secrets_create();

    assert_non_null(secrets);
    *state = tls_context_create(secrets);
    assert_non_null(*state);
    return 0;
}

static int tear_down(void **state)
{
    struct tls_secrets *secrets = tls_context_secrets(*state);

    tls_context_free(*state);
    tls_secrets_free(secrets);
    return 0;
}

static struct slice name_of(uint32_t *number)
{
    return slice_of(number, sizeof *number);
}

static void remember(struct tls_context *context, uint32_t number, uint8_t byte)
{
    uint8_t master[TLS_MASTER_LENGTH];

    memset(master, byte, sizeof master);
    tls_context_remember(context, name_of(&number), master);
}

/* The first byte of the master secret; -1: it is not known. */
static int recall(struct tls_context *context, uint32_t number)
{
    uint8_t master[TLS_MASTER_LENGTH] = { 0 };

    if (!tls_context_recall(context, name_of(&number), master))
        return -1;
    for (size_t i = 1; i < sizeof master; i++)
        assert_int_equal(master[i], master[0]);
    return master[0];
}

static void what_is_remembered_is_recalled(void **state)
{
    assert_int_equal(recall(*state, 1), -1);
    remember(*state, 1, 11);
    remember(*state, 2, 22);
    assert_int_equal(recall(*state, 1), 11);
    assert_int_equal(recall(*state, 2), 22);
    assert_int_equal(recall(*state, 3), -1);
}

static void the_newest_of_a_name_counts(void **state)
{
    remember(*state, 1, 11);
    remember(*state, 1, 12);
    assert_int_equal(recall(*state, 1), 12);
}

static void a_session_without_a_name_is_nobodys(void **state)
{
    uint8_t master[TLS_MASTER_LENGTH] = { 7 };

    tls_context_remember(*state, SLICE_EMPTY, master);
    assert_false(tls_context_recall(*state, SLICE_EMPTY, master));
}

static void the_oldest_are_forgotten(void **state)
{
    for (uint32_t number = 0; number < SESSIONS_MAX + 10; number++)
        remember(*state, number, (uint8_t)number);
    for (uint32_t number = 0; number < 10; number++)
        assert_int_equal(recall(*state, number), -1);
    assert_int_equal(recall(*state, 10), 10);
    assert_int_equal(recall(*state, SESSIONS_MAX + 9), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_remembered_is_recalled, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_newest_of_a_name_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_session_without_a_name_is_nobodys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_oldest_are_forgotten, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
