/* tls_key_file_test.c: passwords' first line, and what is said of a file without a private key */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "dissectors/tls_key_file.h"
#include "tests/support/exact.h"

static void test_first_line(void **state)
{
    static const struct {
        const char *text, *line;
    } rows[] = {
        { "", "" },
        { "\n", "" },
        { "a", "a" },
        { "a\nb\n", "a" },
        { "a\r\nb", "a" },
        { " a \r\n", " a " },
        { "a\r\r\n", "a\r" },
        { "\r\n", "" },
        { "\xef\xbb\xbf"
          "a\n",
          "a" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice exact = exact_text(rows[i].text);

        assert_true(slice_is_text(key_file_first_line(exact), rows[i].line));
        exact_free(exact);
    }
}

static void expect_said(const char *text, const struct key_findings *findings, const char *password,
                        const char *words)
{
    struct complaint complaint = { .line = "" };
    struct slice exact = exact_text(text);
    struct private_key_file file = { .path = "the.file",
                                     .bytes = exact,
                                     .password_path = password };

    assert_int_equal(key_file_refuse(&file, findings, &complaint), STATUS_REFUSED);
    if (!strstr(complaint.line, words) || strncmp(complaint.line, "the.file: ", 10) != 0)
        fail_msg("\"%s\" does not say \"%s\"", complaint.line, words);
    exact_free(exact);
}

static void test_explains_content(void **state)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        { "", "is empty" },
        { "hello", "neither PEM, DER nor PKCS#12" },
        { "\xfe\xed\xfe\xed\n", "keytool" },
        { "# a log\nECH_SECRET aa bb\n", "is a TLS key log" },
        { "-----BEGIN CERTIFICATE-----\n", "holds a certificate" },
        { "-----BEGIN TRUSTED CERTIFICATE-----", "holds a certificate" },
        { "text\r\n-----BEGIN PUBLIC KEY-----\r\n", "public key" },
        { "-----BEGIN NEW CERTIFICATE REQUEST-----\n", "certificate request" },
        { "-----BEGIN OPENSSH PRIVATE KEY-----\n", "ssh-keygen" },
        { "-----BEGIN DH PARAMETERS-----\n", "PEM file without a private key" },
        { "-----BEGIN CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\n", "damaged" },
    };
    struct key_findings none = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_said(rows[i].text, &none, NULL, rows[i].words);
}

static void test_explains_findings(void **state)
{
    struct key_findings ec = { .other_type = "EC" }, ed = { .other_type = "ED25519" };
    struct key_findings certificate = { .certificate = true, .encrypted = true };
    struct key_findings locked = { .encrypted = true };
    struct key_findings old = { .encrypted = true, .lacks_legacy = true };
    struct key_findings wrong = { .encrypted = true, .mismatched = true, .lacks_legacy = true };

    (void)state;
    expect_said("x", &ec, NULL, "an EC key cannot decrypt");
    expect_said("x", &ed, NULL, "this kind of key cannot decrypt");
    expect_said("x", &certificate, NULL, "holds a certificate");
    expect_said("x", &locked, NULL, "--password-file");
    expect_said("x", &locked, "pw", "the password in pw does not open it; its first line");
    expect_said("x", &old, "pw", "legacy provider");
    expect_said("x", &wrong, "pw", "does not open it; its first line");
    expect_said("DEK-Info: DES-CBC,00\n", &locked, "pw", "single DES");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_line),
        cmocka_unit_test(test_explains_content),
        cmocka_unit_test(test_explains_findings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
