/* document_facts_test.c: links beyond the limit, times with and without a zone */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"

static void test_links(void **state)
{
    struct document_reading reading = { .arena = *state };

    for (unsigned i = 0; i < LINKS_MAX + 3; i++)
        document_add_link(&reading, slice_of_text("Mcx"), slice_of_text("h"));
    document_add_link(&reading, SLICE_EMPTY, slice_of_text("h"));
    assert_int_equal(reading.document.link_count, LINKS_MAX);
    assert_int_equal(reading.document.links_left_out, 3);
}

static void test_times(void **state)
{
    static const struct {
        const char *text;
        int64_t time_ns;
    } rows[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "1970-01-01T00:00:01Z", 1000000000 },
        { "2013-11-05T07:41:12Z", 1383637272000000000 },
        { " 2013-11-05T07:41:12.104Z ", 1383637272104000000 },
        { "2013-11-05T07:41:12.1234567891Z", 1383637272123456789 },
        { "2013-11-05T09:41:12+02:00", 1383637272000000000 },
        { "2013-11-05T02:11:12-05:30", 1383637272000000000 },
        { "2013-11-05T07:41:12", 1383637272000000000 },
        { "2024-02-29T00:00:00Z", 1709164800000000000 },
        { "", 0 },
        { "2013-11-05", 0 },
        { "2013-13-05T07:41:12Z", 0 },
        { "1601-01-01T00:00:00Z", 0 },
        { "9999-12-31T23:59:59Z", 0 },
        { "2013-11-05 07:41:12Z", 0 },
        { "2013-11-05T07:41:12X", 0 },
        { "2013-11-05T07:41:12+2:00", 0 },
        { "+013-11-05T07:41:12Z", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (document_time_ns(slice_of_text(rows[i].text)) != rows[i].time_ns)
            fail_msg("%s", rows[i].text);
    for (size_t length = 0; length < strlen(rows[5].text); length++) {
        uint8_t *block = exact_block(rows[5].text, length);

        document_time_ns(slice_of(block, length));
        free(block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_links, set_up_arena, tear_down_arena),
        cmocka_unit_test(test_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
