/* document_test.c: which document a body is, whatever its type says */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"

#define ROOT                                                                                       \
    XML_HEAD "<AutodiscoverResponse AccessLocation=\"Internal\"><Root>"                            \
             "<Link token=\"User\" "                                                               \
             "href=\"https://d.litware.example/u\"/></Root></AutodiscoverResponse>"
#define PAGE "<!DOCTYPE html><html><body>Sign in to the hotel</body></html>"
#define EXCHANGE                                                                                   \
    "<AutodiscoverResponse xmlns=\"http://schemas.microsoft.com/exchange/2010/Autodiscover\">"     \
    "<User><Link token=\"Redirect\" href=\"x\"/></User></AutodiscoverResponse>"

static void test_kinds_of_answers(void **state)
{
    static const struct {
        enum resource resource;
        const char *type, *body;
        enum document_kind kind;
    } rows[] = {
        { RESOURCE_ROOT, RTC_XML, ROOT, DOCUMENT_AUTODISCOVER },
        { RESOURCE_ROOT, "", ROOT, DOCUMENT_AUTODISCOVER },
        { RESOURCE_ROOT, "text/html", ROOT, DOCUMENT_AUTODISCOVER },
        { RESOURCE_ROOT, RTC_XML, "\xef\xbb\xbf\r\n" ROOT, DOCUMENT_AUTODISCOVER },
        { RESOURCE_ROOT, "text/html", PAGE, DOCUMENT_HTML },
        { RESOURCE_ROOT, "", PAGE, DOCUMENT_HTML },
        { RESOURCE_ROOT, "text/plain", XML_HEAD "<!-- x --> <html/>", DOCUMENT_HTML },
        { RESOURCE_ROOT, "text/html", "welcome", DOCUMENT_HTML },
        { RESOURCE_ROOT, "text/html", "<p>welcome<br>", DOCUMENT_HTML },
        { RESOURCE_ROOT, "", "", DOCUMENT_NONE },
        { RESOURCE_ROOT, "text/html", "", DOCUMENT_NONE },
        { RESOURCE_ROOT, "text/plain", "OK", DOCUMENT_NONE },
        { RESOURCE_ROOT, "text/plain", "<r/>", DOCUMENT_NONE },
        { RESOURCE_ROOT, RTC_XML, PAGE, DOCUMENT_MALFORMED },
        { RESOURCE_ROOT, RTC_XML, "<AutodiscoverResponse><Root>", DOCUMENT_MALFORMED },
        { RESOURCE_ROOT, RTC_XML, "OK", DOCUMENT_MALFORMED },
        { RESOURCE_ROOT, RTC_XML, "  ", DOCUMENT_MALFORMED },
        { RESOURCE_ROOT, RTC_XML, EXCHANGE, DOCUMENT_MALFORMED },
        { RESOURCE_ROOT, "application/json", "{\"a\":1}", DOCUMENT_MALFORMED },
        { RESOURCE_ROOT, "application/json", "{\"a\":", DOCUMENT_MALFORMED },
        { RESOURCE_OAUTH_TOKEN, "application/json", "[]", DOCUMENT_MALFORMED },
        { RESOURCE_TICKET, "text/xml", ROOT, DOCUMENT_MALFORMED },
        { RESOURCE_MCX, "text/xml", "<InitiateSessionResponse xmlns=\"urn:m\"/>", DOCUMENT_NONE },
        { RESOURCE_MCX, "text/xml", "<InitiateSessionResponse", DOCUMENT_MALFORMED },
        { RESOURCE_APPLICATION, "application/json", "{\"rel\":\"me\"}", DOCUMENT_NONE },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct document document =
            read_answer(*state, rows[i].resource, rows[i].type, rows[i].body);

        if (document.kind != rows[i].kind)
            fail_msg("row %zu (%s): %d", i, rows[i].body, document.kind);
        assert_int_equal(document.problem != NULL, document.kind == DOCUMENT_MALFORMED);
    }
}

/* Only an answer that was meant as one can be malformed. */
static void test_not_malformed(void **state)
{
    struct document_source source = { .content_type = slice_of_text(RTC_XML),
                                      .status = 500,
                                      .service = SERVICE_AUTODISCOVER,
                                      .resource = RESOURCE_ROOT };

    assert_int_equal(read_bytes(*state, source, "<a", 2).kind, DOCUMENT_NONE);
    assert_int_equal(read_bytes(*state, source, PAGE, sizeof PAGE - 1).kind, DOCUMENT_HTML);
    source.status = 200;
    source.service = SERVICE_NONE;
    assert_int_equal(read_bytes(*state, source, "<a", 2).kind, DOCUMENT_NONE);
    source.status = 0;
    assert_int_equal(read_bytes(*state, source, "<a", 2).kind, DOCUMENT_NONE);
}

static enum document_kind kind_of_body(struct arena *arena, struct http_body body, unsigned status)
{
    struct document_source source = { .body = &body,
                                      .content_type = slice_of_text(RTC_XML),
                                      .status = status,
                                      .service = SERVICE_AUTODISCOVER,
                                      .resource = RESOURCE_ROOT };

    return document_read(&source, arena).kind;
}

static void test_cut(void **state)
{
    struct slice kept = slice_of_text(ROOT);
    struct http_body whole = { .kept = kept, .bytes = kept.length, .complete = true };
    struct http_body body = whole;

    assert_int_equal(kind_of_body(*state, body, 200), DOCUMENT_AUTODISCOVER);
    body.complete = false;
    assert_int_equal(kind_of_body(*state, body, 200), DOCUMENT_CUT);
    body = whole;
    body.missing = true;
    assert_int_equal(kind_of_body(*state, body, 200), DOCUMENT_CUT);
    body = whole;
    body.bytes++;
    assert_int_equal(kind_of_body(*state, body, 200), DOCUMENT_CUT);
    body = whole;
    body.bad_coding = true;
    assert_int_equal(kind_of_body(*state, body, 200), DOCUMENT_CUT);
    body = (struct http_body){ 0 };
    assert_int_equal(kind_of_body(*state, body, 200), DOCUMENT_CUT);
    assert_int_equal(kind_of_body(*state, body, 0), DOCUMENT_NONE); /* still to come */
}

static void test_utf16(void **state)
{
    uint8_t wide[2 * sizeof ROOT + 2] = { 0xff, 0xfe };
    struct document_source source = { .content_type = slice_of_text(RTC_XML),
                                      .status = 200,
                                      .service = SERVICE_AUTODISCOVER,
                                      .resource = RESOURCE_ROOT };
    struct document document;

    for (size_t i = 0; i + 1 < sizeof ROOT; i++) /* its declaration still says UTF-8 */
        wide[2 + 2 * i] = (uint8_t)ROOT[i];
    document = read_bytes(*state, source, wide, 2 * sizeof ROOT);
    assert_int_equal(document.kind, DOCUMENT_AUTODISCOVER);
    assert_slice(document.links[0].href, "https://d.litware.example/u");
}

static void test_latin1(void **state)
{
    struct document document =
        read_answer(*state, RESOURCE_ROOT, RTC_XML,
                    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><AutodiscoverResponse>"
                    "<Root><Link token=\"User\" href=\"\xe9\"/></Root></AutodiscoverResponse>");

    assert_int_equal(document.kind, DOCUMENT_AUTODISCOVER);
    assert_slice(document.links[0].href, "\xc3\xa9");
}

/* An arena that refuses leaves facts empty, whatever the document. */
static void test_refusal(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 6000; limit += 64) {
        struct arena *small = arena_create(NULL, limit);
        struct document document = read_answer(small, RESOURCE_ROOT, RTC_XML, ROOT);

        assert_int_equal(document.kind, DOCUMENT_AUTODISCOVER);
        assert_int_equal(document.part, PART_ROOT);
        assert_true(document.link_count <= 1);
        arena_free(small);
    }
}

static void test_hurt(void **state)
{
    (void)state;
    hurt_body(RESOURCE_ROOT, RTC_XML, ROOT);
    hurt_body(RESOURCE_ROOT, "text/html", PAGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_arena, tear_down_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_kinds_of_answers), TEST(test_not_malformed), TEST(test_cut),  TEST(test_utf16),
        TEST(test_latin1),           TEST(test_refusal),       TEST(test_hurt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
