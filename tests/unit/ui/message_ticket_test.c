/* message_ticket_test.c: what a ticket tells of itself, and what never is shown of it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ui/message.h"

static void write_ticket(struct page *page, const char *name, const char *value)
{
    struct header header = { slice_of_text(name), slice_of_text(value) };
    struct http_request request = { .headers = &header, .header_count = 1 };
    struct message_writer writer = { .page = page, .ascii = true };

    page_clear(page);
    message_add_ticket(&writer, &request);
}

static void test_tickets(void **state)
{
    struct page page = { 0 };

    (void)state;
    /* {"alg":"none"} . {"upn":"carol@contoso.com"} . signature */
    write_ticket(&page, "Authorization",
                 "Bearer eyJhbGciOiJub25lIn0.eyJ1cG4iOiJjYXJvbEBjb250b3NvLmNvbSJ9.c2lnbmF0dXJl");
    assert_non_null(strstr(text_string(&page.text), "JSON web token, 69 bytes"));
    assert_non_null(strstr(text_string(&page.text), "\"upn\": \"carol@contoso.com\""));
    assert_null(strstr(text_string(&page.text), "signature"));
    assert_null(strstr(text_string(&page.text), "c2lnbmF0dXJl"));
    write_ticket(&page, "X-MS-WebTicket", "opaque=cwt=AAAABBBB");
    assert_non_null(strstr(text_string(&page.text), "compact web ticket, 8 bytes"));
    assert_null(strstr(text_string(&page.text), "AAAA"));
    write_ticket(&page, "X-MS-WebTicket", "eyJ.\x1b[2J*.x");
    assert_null(strchr(text_string(&page.text), 0x1b));
    assert_int_equal(page.count, 1);
    write_ticket(&page, "Authorization", "Bearer ");
    assert_int_equal(page.count, 0);
    write_ticket(&page, "Authorization", "NTLM TlRMTVNTUAAD");
    assert_int_equal(page.count, 0);
    page_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_tickets) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
