/* tls_secret_table_test.c: beyond the limit the oldest goes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dissectors/tls_secret_table.h"

static struct keylog_line make_line(unsigned number)
{
    struct keylog_line line = { .kind = KEYLOG_LABELLED,
                                .label = TLS_LABEL_CLIENT_RANDOM,
                                .secret_length = KEYLOG_SECRET_BYTES };

    line.id[0] = (uint8_t)(number >> 8);
    line.id[31] = (uint8_t)number;
    line.secret[47] = (uint8_t)number;
    return line;
}

static struct found_secret use(struct secret_table *table, unsigned number)
{
    struct keylog_line line = make_line(number);

    return secret_table_use(table, TLS_LABEL_CLIENT_RANDOM, slice_of(line.id, KEYLOG_ID_BYTES));
}

static void test_the_oldest_goes(void **state)
{
    enum { LIMIT = 700, ALL = 2000 };
    struct secret_table table = { .limit = LIMIT };

    (void)state;
    for (unsigned i = 0; i < ALL; i++) {
        struct keylog_line line = make_line(i);

        assert_true(secret_table_add(&table, &line, i));
        assert_false(secret_table_add(&table, &line, 0));
        assert_true(use(&table, i).first_use);
        assert_false(use(&table, i).first_use);
    }
    for (unsigned i = 0; i < ALL; i++) {
        struct found_secret found = use(&table, i);

        assert_int_equal(found.bytes.length, i < ALL - LIMIT ? 0 : KEYLOG_SECRET_BYTES);
        if (found.bytes.length) {
            assert_int_equal(found.bytes.data[47], (uint8_t)i);
            assert_int_equal(found.source, i);
        }
    }
    secret_table_release(&table);
}

static void test_kinds_are_apart(void **state)
{
    struct secret_table table = { 0 };
    struct keylog_line line = make_line(1);

    (void)state;
    line.kind = KEYLOG_SESSION;
    assert_true(secret_table_add(&table, &line, 0));
    line.kind = KEYLOG_PREMASTER;
    assert_true(secret_table_add(&table, &line, 0));
    assert_int_equal(use(&table, 1).bytes.length, 0);
    assert_true(
        secret_table_use(&table, SECRET_BY_SESSION, slice_of(line.id, KEYLOG_ID_BYTES)).first_use);
    assert_true(secret_table_use(&table, SECRET_BY_PREMASTER, slice_of(line.id, KEYLOG_ID_BYTES))
                    .first_use);
    secret_table_release(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_oldest_goes),
        cmocka_unit_test(test_kinds_are_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
