/* document_memo_test.c: a known document is the one that would be read anew */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dissectors/document_memo.h"
#include "tests/support/exact.h"

#define DOCUMENT(location, href)                                                                   \
    "<?xml version=\"1.0\"?><AutodiscoverResponse AccessLocation=\"" location                      \
    "\"><Root><Link token=\"User\" href=\"" href "\"/></Root></AutodiscoverResponse>"

static const char first[] = DOCUMENT("External", "https://a.contoso.com/root/user");
static const char second[] = DOCUMENT("Internal", "https://b.contoso.com/root/user");

struct fixture {
    struct budget budget;
    struct document_memo *memo;
    struct arena *arena;
};

static int set_up(void **state)
{
    static struct fixture fixture;

    budget_init(&fixture.budget, 1 << 20, NULL);
    fixture.memo = document_memo_create(&fixture.budget);
    fixture.arena = arena_create(NULL, 0);
    *state = &fixture;
    return fixture.memo && fixture.arena ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    document_memo_free(fixture->memo);
    arena_free(fixture->arena);
    return fixture->budget.used == 0 ? 0 : -1;
}

/* The body lies in a block of its own that is gone when the document is looked at. */
static struct document read_answer(struct fixture *fixture, const char *text, unsigned status,
                                   enum service service)
{
    struct slice body = exact_text(text);
    struct http_body whole = { .kept = body, .bytes = body.length, .complete = true };
    struct document_source source = { .body = &whole,
                                      .content_type = slice_of_text("application/xml"),
                                      .status = status,
                                      .service = service,
                                      .resource = RESOURCE_ROOT };
    struct document document = document_memo_read(fixture->memo, &source, fixture->arena);

    exact_free(body);
    return document;
}

static void assert_location(const struct document *document, const char *location)
{
    assert_int_equal(document->kind, DOCUMENT_AUTODISCOVER);
    assert_true(slice_is_text(document->access_location, location));
    assert_int_equal(document->link_count, 1);
}

static void a_known_answer_is_the_same(void **state)
{
    struct document one, again, other;

    one = read_answer(*state, first, 200, SERVICE_AUTODISCOVER);
    assert_location(&one, "External");
    again = read_answer(*state, first, 200, SERVICE_AUTODISCOVER);
    assert_location(&again, "External");
    assert_ptr_equal(one.links, again.links); /* it was not read again */
    assert_true(slice_is_text(again.links[0].href, "https://a.contoso.com/root/user"));
    other = read_answer(*state, second, 200, SERVICE_AUTODISCOVER);
    assert_location(&other, "Internal");
}

static void the_status_counts(void **state)
{
    struct document good = read_answer(*state, "<broken", 200, SERVICE_AUTODISCOVER);
    struct document bad = read_answer(*state, "<broken", 404, SERVICE_AUTODISCOVER);

    assert_int_equal(good.kind, DOCUMENT_MALFORMED);
    assert_int_equal(bad.kind, DOCUMENT_NONE);
}

static void tickets_and_requests_are_not_kept(void **state)
{
    struct fixture *fixture = *state;
    size_t used = fixture->budget.used;

    (void)read_answer(fixture, first, 200, SERVICE_WEBTICKET);
    (void)read_answer(fixture, first, 0, SERVICE_AUTODISCOVER);
    assert_int_equal(fixture->budget.used, used);
}

static void without_memory_each_is_read(void **state)
{
    struct fixture *fixture = *state;
    struct document document;

    fixture->budget.limit = fixture->budget.used + 10000;
    document = read_answer(fixture, first, 200, SERVICE_AUTODISCOVER);
    assert_location(&document, "External");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_known_answer_is_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_status_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tickets_and_requests_are_not_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_memory_each_is_read, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
