/* tls_keylog_test.c: lines of every kind, encodings, and lines that are wrong */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "dissectors/tls_keylog.h"
#include "tests/support/exact.h"

#define HEX8 "0123456789abcdef"
#define HEX32 HEX8 HEX8 HEX8 HEX8
#define HEX48 HEX32 HEX8 HEX8

static struct keylog_line read_line(const char *text)
{
    struct slice exact = exact_text(text);
    struct keylog_line line;

    keylog_read_line(exact, &line);
    exact_free(exact);
    return line;
}

static void test_labels(void **state)
{
    static const struct {
        const char *text;
        enum tls_label label;
        size_t length;
    } rows[] = {
        { "CLIENT_RANDOM " HEX32 " " HEX48, TLS_LABEL_CLIENT_RANDOM, 48 },
        { "CLIENT_EARLY_TRAFFIC_SECRET " HEX32 " " HEX32, TLS_LABEL_CLIENT_EARLY_TRAFFIC_SECRET,
          32 },
        { "CLIENT_HANDSHAKE_TRAFFIC_SECRET " HEX32 " " HEX48,
          TLS_LABEL_CLIENT_HANDSHAKE_TRAFFIC_SECRET, 48 },
        { "SERVER_HANDSHAKE_TRAFFIC_SECRET " HEX32 " " HEX32,
          TLS_LABEL_SERVER_HANDSHAKE_TRAFFIC_SECRET, 32 },
        { "CLIENT_TRAFFIC_SECRET_0 " HEX32 " " HEX32, TLS_LABEL_CLIENT_TRAFFIC_SECRET_0, 32 },
        { "SERVER_TRAFFIC_SECRET_0 " HEX32 " " HEX48, TLS_LABEL_SERVER_TRAFFIC_SECRET_0, 48 },
        { "EXPORTER_SECRET " HEX32 " " HEX32, TLS_LABEL_EXPORTER_SECRET, 32 },
        { "EARLY_EXPORTER_SECRET " HEX32 " " HEX32, TLS_LABEL_EARLY_EXPORTER_SECRET, 32 },
        { " \tCLIENT_RANDOM  " HEX32 "\t" HEX48 " \r\n", TLS_LABEL_CLIENT_RANDOM, 48 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct keylog_line line = read_line(rows[i].text);

        assert_int_equal(line.kind, KEYLOG_LABELLED);
        assert_int_equal(line.label, rows[i].label);
        assert_int_equal(line.secret_length, rows[i].length);
        assert_int_equal(line.id[1], 0x23);
        assert_int_equal(line.id[31], 0xef);
        assert_int_equal(line.secret[rows[i].length - 1], 0xef);
        assert_int_equal(keylog_is_whole(&line), rows[i].length == 48);
    }
}

static void test_upper_case_digits(void **state)
{
    struct keylog_line line = read_line("CLIENT_RANDOM "
                                        "ABCDEF0123456789" HEX8 HEX8 HEX8 " " HEX48);

    (void)state;
    assert_int_equal(line.kind, KEYLOG_LABELLED);
    assert_int_equal(line.id[0], 0xab);
    assert_int_equal(line.id[2], 0xef);
}

static void test_leading_zeros_of_a_truncated_file(void **state)
{
    char text[] = "\0\0\0CLIENT_RANDOM " HEX32 " " HEX48;
    struct keylog_line line;

    (void)state;
    keylog_read_line(slice_of(text, sizeof text - 1), &line);
    assert_int_equal(line.kind, KEYLOG_LABELLED);
}

static void test_rsa(void **state)
{
    struct keylog_line line = read_line("RSA " HEX8 " " HEX48);

    (void)state;
    assert_int_equal(line.kind, KEYLOG_PREMASTER);
    assert_int_equal(line.id[7], 0xef);
    assert_int_equal(line.id[8], 0);
    assert_true(keylog_is_whole(&line));
    line = read_line("RSA Session-ID:" HEX32 " Master-Key:" HEX48);
    assert_int_equal(line.kind, KEYLOG_SESSION);
    assert_int_equal(line.id[31], 0xef);
    line = read_line("RSA Session-ID:" HEX8 " Master-Key:" HEX48);
    assert_int_equal(line.kind, KEYLOG_SESSION);
}

static void test_passed_over(void **state)
{
    static const struct {
        const char *text;
        enum keylog_kind kind;
    } rows[] = {
        { "", KEYLOG_BLANK },
        { "  \r", KEYLOG_BLANK },
        { "# CLIENT_RANDOM", KEYLOG_BLANK },
        { "CLIENT_TRAFFIC_SECRET_1 " HEX32 " " HEX32, KEYLOG_OTHER },
        { "SERVER_TRAFFIC_SECRET_17 " HEX32 " " HEX32, KEYLOG_OTHER },
        { "ECH_SECRET " HEX32 " " HEX32, KEYLOG_OTHER },
        { "ECH_CONFIG " HEX32 " " HEX8, KEYLOG_OTHER },
        { "SOMETHING_NEW aa bb", KEYLOG_OTHER },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(read_line(rows[i].text).kind, rows[i].kind);
}

static void test_bad(void **state)
{
    static const char *const rows[] = {
        "CLIENT_RANDOM",
        "CLIENT_RANDOM " HEX32,
        "CLIENT_RANDOM " HEX32 " " HEX32,
        "CLIENT_RANDOM " HEX8 " " HEX48,
        "CLIENT_RANDOM " HEX32 " " HEX48 "00",
        "CLIENT_RANDOM " HEX32 " " HEX48 " more",
        "CLIENT_RANDOM " HEX32 " " HEX32 HEX8 "0123456789abcdeg",
        "CLIENT_TRAFFIC_SECRET_0 " HEX32 " " HEX8,
        "CLIENT_TRAFFIC_SECRET_0 " HEX32 " " HEX32 "0",
        "client_random " HEX32 " " HEX48,
        "RSA " HEX32 " " HEX48,
        "RSA " HEX8 " " HEX32,
        "RSA Session-ID: Master-Key:" HEX48,
        "RSA Session-ID:" HEX32 "00 Master-Key:" HEX48,
        "RSA Session-ID:" HEX32 " Master-Key:" HEX32,
        "RSA Session-ID:" HEX32 " " HEX48,
        "ECH_SECRET",
        "ECH_SECRET zz " HEX8,
        "ECH_SECRET 0 " HEX8,
        "-----BEGIN PRIVATE KEY-----",
        "\xff\xfe\xfd",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct keylog_line line = read_line(rows[i]);

        assert_int_equal(line.kind, KEYLOG_BAD);
        assert_non_null(line.fault);
        assert_false(keylog_is_whole(&line));
    }
}

/* ---- text ---- */

/* The lines of a text in exactly its bytes, joined by '|'; behind '+' what has no line feed. */
static void expect_lines(struct slice bytes, const char *expected)
{
    struct slice exact = exact_slice(bytes);
    struct keylog_text text = { .rest = exact };
    char joined[200] = "";
    size_t length = 0;
    struct slice line;

    keylog_begin(&text);
    while (keylog_next_line(&text, &line))
        length += (size_t)snprintf(joined + length, sizeof joined - length, "%.*s|",
                                   (int)line.length, (const char *)line.data);
    line = keylog_last_line(&text);
    snprintf(joined + length, sizeof joined - length, "+%.*s", (int)line.length,
             (const char *)line.data);
    assert_string_equal(joined, expected);
    exact_free(exact);
}

#define BYTES(text) slice_of(text, sizeof(text) - 1)

static void test_encodings(void **state)
{
    (void)state;
    expect_lines(BYTES(""), "+");
    expect_lines(BYTES("a\nbc\n"), "a|bc|+");
    expect_lines(BYTES("a\n\nbc"), "a||+bc");
    expect_lines(BYTES("\xef\xbb\xbf"
                       "a\n"),
                 "a|+");
    expect_lines(BYTES("\xff\xfe"
                       "a\0\n\0b\0"),
                 "a|+b");
    expect_lines(BYTES("\xfe\xff"
                       "\0a\0\n\0b"),
                 "a|+b");
    /* The byte of a line feed inside a character, and half a character. */
    expect_lines(BYTES("\xff\xfe"
                       "\0\x0a\x0a\x0a\n\0b"),
                 "??|+");
    expect_lines(BYTES("\xff\xfe"), "+");
    expect_lines(BYTES("\xff"), "+\xff");
}

static void test_long_wide_line(void **state)
{
    uint8_t bytes[2 + 4 * KEYLOG_WIDE_LINE_BYTES];
    struct keylog_text text;
    struct slice line;

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = i % 2 ? 0 : 'a';
    bytes[0] = 0xff;
    bytes[1] = 0xfe;
    bytes[sizeof bytes - 2] = '\n';
    text = (struct keylog_text){ .rest = slice_of(bytes, sizeof bytes) };
    keylog_begin(&text);
    assert_true(keylog_next_line(&text, &line));
    assert_int_equal(line.length, KEYLOG_WIDE_LINE_BYTES);
    assert_int_equal(text.rest.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_upper_case_digits),
        cmocka_unit_test(test_leading_zeros_of_a_truncated_file),
        cmocka_unit_test(test_rsa),
        cmocka_unit_test(test_passed_over),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_long_wide_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
