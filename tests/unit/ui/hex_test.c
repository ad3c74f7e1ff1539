/* hex_test.c: bytes as people read them, and where what a packet carries begins */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ui/hex.h"

enum { ETHERNET = 1, RAW_IP = 101 };

static void assert_line(const struct page *page, size_t line, const char *expected)
{
    struct slice text = page_line_text(page, line);

    assert_true(line < page->count);
    if (!slice_is_text(text, expected))
        fail_msg("\"%.*s\", not \"%s\"", (int)text.length, (const char *)text.data, expected);
}

static void test_lines(void **state)
{
    static const char bytes[] = "GET / HTTP/1.1\r\n\x1b[2J\xff";
    struct page page = { 0 };

    (void)state;
    hex_add(&page, slice_of(bytes, sizeof bytes - 1), sizeof bytes, 80);
    assert_int_equal(page.count, 2);
    assert_line(&page, 0,
                "0000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..");
    assert_line(&page, 1, "0010  1b 5b 32 4a ff                                    .[2J.");
    page_clear(&page);
    hex_add(&page, slice_of(bytes, 9), 9, 40);
    assert_line(&page, 0, "0000  47 45 54 20 2f 20 48 54  GET / HT");
    assert_line(&page, 1, "0008  54                       T");
    page_clear(&page);
    hex_add(&page, SLICE_EMPTY, 0, 80);
    assert_int_equal(page.count, 0);
    page_release(&page);
}

/* No line is wider than the screen it is for. */
static void test_widths(void **state)
{
    uint8_t bytes[100] = { 0 };
    struct page page = { 0 };

    (void)state;
    for (int columns = 40; columns <= 250; columns++) {
        page_clear(&page);
        hex_add(&page, slice_of(bytes, sizeof bytes), sizeof bytes, columns);
        for (size_t i = 0; i < page.count; i++)
            assert_true(page.lines[i].length <= (size_t)columns);
    }
    page_release(&page);
}

static void test_masks(void **state)
{
    static const char bytes[] = "0123456789abcdefSECRETSECRETSECRET";
    struct page page = { 0 };

    (void)state;
    hex_add(&page, slice_of(bytes, sizeof bytes - 1), 16, 80);
    assert_int_equal(page.count, 2);
    assert_line(&page, 1, "0010  18 bytes are masked");
    page_clear(&page);
    hex_add(&page, slice_of(bytes, sizeof bytes - 1), 18, 80);
    assert_line(&page, 1,
                "0010  53 45 ** ** ** ** ** **  ** ** ** ** ** ** ** **  SE**************");
    assert_line(&page, 2, "0020  2 bytes are masked");
    page_release(&page);
}

/* In a heap block of exactly that size. */
static size_t payload_of(int link_type, const uint8_t *bytes, size_t length)
{
    uint8_t *block = malloc(length ? length : 1);
    size_t at;

    memcpy(block, bytes, length);
    at = hex_payload(link_type, slice_of(block, length));
    free(block);
    return at;
}

static void test_payload(void **state)
{
    /* IPv4 with a header of 24 bytes, TCP with one of 24, two bytes. */
    uint8_t tcp[50] = { 0x46, 0, 0, 50, 0, 0, 0, 0, 64, 6 };
    uint8_t udp[50] = { 0x60, 0, 0, 0, 0, 10, 17, 64 };

    (void)state;
    tcp[24 + 12] = 0x60;
    assert_int_equal(payload_of(RAW_IP, tcp, sizeof tcp), 48);
    assert_int_equal(payload_of(RAW_IP, udp, sizeof udp), 48);
    /* A later fragment has no header of its own. */
    tcp[7] = 1;
    assert_int_equal(payload_of(RAW_IP, tcp, sizeof tcp), 24);
    /* Whatever is cut off, nothing is read beyond it. */
    tcp[7] = 0;
    for (size_t length = 0; length < sizeof tcp; length++) {
        assert_true(payload_of(RAW_IP, tcp, length) <= length);
        assert_true(payload_of(RAW_IP, udp, length) <= length);
        assert_true(payload_of(ETHERNET, tcp, length) <= length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_payload),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
