/* message_test.c: no secret is shown unless asked for, whatever the message */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/support/ui_fixture.h"
#include "ui/message.h"

/* All messages of all sign-ins of a report as one page. */
static void add_all(struct page *page, const char *name, bool show_secrets,
                    void (*write)(const struct message_writer *, const struct step *))
{
    struct ui_fixture *fixture = ui_fixture_create(name);
    struct ui_feed feed = ui_fixture_feed(fixture);
    const struct report *report = feed.report(feed.context);
    struct message_writer writer = {
        .page = page, .report = report, .show_secrets = show_secrets, .ascii = true
    };

    for (size_t i = 0; i < report->signin_count; i++)
        for (size_t s = 0; s < report->signins[i]->step_count; s++)
            write(&writer, &report->signins[i]->steps[s]);
    ui_fixture_free(fixture);
}

static void look_for_secrets(void (*write)(const struct message_writer *, const struct step *))
{
    static const char *const secrets[] = { "hunter2", "TlRMTVNTUAADAAAAGAAYAEgAAAA=" };

    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        struct page page = { 0 };

        add_all(&page, "site", false, write);
        assert_null(strstr(text_string(&page.text), secrets[i]));
        page_clear(&page);
        add_all(&page, "site", true, write);
        assert_non_null(strstr(text_string(&page.text), secrets[i]));
        page_release(&page);
    }
}

static void test_secrets(void **state)
{
    (void)state;
    look_for_secrets(message_add);
    look_for_secrets(message_add_raw);
}

/* UTF-16 hides nothing from the masks: it is UTF-8 by then. */
static void test_secret_in_utf16(void **state)
{
    static const char body[] = "\xff\xfe<\0P\0a\0s\0s\0w\0o\0r\0d\0>\0h\0u\0n\0t\0e\0r\0<\0/\0P\0>";
    struct http_exchange http = {
        .request = { .present = true,
                     .body = { .kept = slice_of(body, sizeof body),
                               .bytes = sizeof body,
                               .complete = true } },
    };
    struct report report = { 0 };
    struct page page = { 0 };
    struct message_writer writer = { .page = &page, .report = &report, .ascii = true };

    (void)state;
    message_add_http(&writer, &http);
    assert_non_null(strstr(text_string(&page.text), "<Password>"));
    assert_null(strstr(text_string(&page.text), "hunter"));
    page_release(&page);
}

static void test_harmless(void **state)
{
    struct page page = { 0 };
    struct slice text;

    (void)state;
    add_all(&page, "hostile", true, message_add);
    add_all(&page, "hostile", true, message_add_raw);
    text = buffer_slice(&page.text.bytes);
    assert_true(text.length > 1000);
    for (size_t i = 0; i < text.length; i++)
        assert_true(text.data[i] >= 0x20 && text.data[i] != 0x7f);
    page_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_secret_in_utf16),
        cmocka_unit_test(test_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
