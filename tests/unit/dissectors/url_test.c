/* url_test.c: absolute URLs and request targets */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/url.h"

static void test_valid(void **state)
{
    static const struct {
        const char *text, *host, *path;
        unsigned port;
        bool https, has_port;
    } rows[] = {
        { "https://pool.litware.example/a?b#c", "pool.litware.example", "/a?b", 443, true, false },
        { " HTTP://H:8080\r\n", "H", "", 8080, false, true },
        { "http://user:pw@evil@host/x", "host", "/x", 80, false, false },
        { "https://[2001:db8::1]:4443/", "2001:db8::1", "/", 4443, true, true },
        { "https://[::1]", "::1", "", 443, true, false },
        { "http://h:/x", "h", "/x", 80, false, false },
        { "https://h?q", "h", "?q", 443, true, false },
        { "https://h:65535", "h", "", 65535, true, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct url url = url_parse(slice_of_text(rows[i].text));

        assert_true(url.valid);
        assert_slice(url.host, rows[i].host);
        assert_slice(url.path, rows[i].path);
        assert_int_equal(url.port, rows[i].port);
        assert_int_equal(url.https, rows[i].https);
        assert_int_equal(url.has_port, rows[i].has_port);
    }
}

static void test_invalid(void **state)
{
    static const char *const rows[] = {
        "",
        "/path",
        "ftp://h/",
        "https:/h",
        "https://",
        "http:///x",
        "http://h:0/",
        "http://h:65536/",
        "http://h:8a/",
        "http://[::1",
        "http://[::1]x/",
        "http://a b/",
        "http://[]/",
        "http://@/",
        "http://h:99999999999999999999/",
        "sip:a@b",
        "http://h\x01/",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct url url = url_parse(slice_of_text(rows[i]));

        assert_false(url.valid);
        assert_int_equal(url.host.length, 0);
        assert_int_equal(url.port, 0);
    }
}

static void test_prefixes(void **state)
{
    const char *text = "https://user@[2001:db8::1]:4443/path?query#fragment";

    (void)state;
    for (size_t length = 0; length <= strlen(text); length++) {
        uint8_t *block = exact_block(text, length);

        url_parse(slice_of(block, length));
        target_path(slice_of(block, length));
        target_query(slice_of(block, length));
        host_name(slice_of(block, length));
        free(block);
    }
}

static void test_targets(void **state)
{
    (void)state;
    assert_slice(target_path(slice_of_text("/a/b?c=d#e")), "/a/b");
    assert_slice(target_query(slice_of_text("/a/b?c=d?#e")), "c=d?");
    assert_slice(target_path(slice_of_text("https://h?x=1")), "/");
    assert_slice(target_query(slice_of_text("https://h:444?x=1")), "x=1");
    assert_slice(target_path(slice_of_text("*")), "*");
    assert_slice(target_path(SLICE_EMPTY), "/");
    assert_slice(host_name(slice_of_text("h:8080")), "h");
    assert_slice(host_name(slice_of_text("[::1]:8080")), "::1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_invalid),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_targets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
