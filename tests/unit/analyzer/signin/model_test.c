/* model_test.c: events by hand, and the sign-ins they become */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lyncscope/rule.h"
#include "lyncscope/signin.h"

#define MS ((int64_t)1000000)

struct story {
    struct model *model;
    struct budget budget;
    int64_t now_ns;
    uint64_t packet, flow;
};

static void begin(struct story *story, size_t signins_max)
{
    struct model_config config = { .budget = &story->budget, .signins_max = signins_max };

    *story = (struct story){ .now_ns = 1000000 * MS };
    budget_init(&story->budget, 64 << 20, NULL);
    config.budget = &story->budget;
    story->model = model_create(&config);
}

static void end(struct story *story)
{
    model_free(story->model);
    assert_int_equal(story->budget.used, 0);
}

static struct endpoint at(const char *address, uint16_t port)
{
    struct endpoint endpoint = { .port = port };

    assert_true(address_parse(slice_of_text(address), &endpoint.address));
    return endpoint;
}

static struct event next(struct story *story, enum event_kind kind)
{
    struct event event = { .kind = kind, .flow = story->flow };

    story->now_ns += MS;
    event.evidence = (struct evidence){ .packet = ++story->packet, .time_ns = story->now_ns };
    event.noticed_ns = story->now_ns;
    return event;
}

static void wait_ms(struct story *story, int64_t milliseconds)
{
    story->now_ns += milliseconds * MS;
    model_advance(story->model, story->now_ns);
}

static void ask(struct story *story, const char *client, uint16_t port, const char *name)
{
    struct event event = next(story, EVENT_DNS);

    event.dns = (struct dns_message){ .from = at(client, port),
                                      .to = at("203.0.113.53", 53),
                                      .id = port,
                                      .name = slice_of_text(name),
                                      .type_number = 1,
                                      .type = slice_of_text("A") };
    model_receive(story->model, &event);
}

static void answer(struct story *story, const char *client, uint16_t port, const char *name,
                   const char *address)
{
    struct dns_record record = { .name = slice_of_text(name),
                                 .type = slice_of_text("A"),
                                 .type_number = 1,
                                 .data = slice_of_text(address) };
    struct event event = next(story, EVENT_DNS);

    event.dns = (struct dns_message){ .from = at("203.0.113.53", 53),
                                      .to = at(client, port),
                                      .id = port,
                                      .response = true,
                                      .rcode = address ? 0 : 3,
                                      .name = slice_of_text(name),
                                      .type_number = 1,
                                      .type = slice_of_text("A"),
                                      .answers = &record,
                                      .answer_count = address ? 1 : 0 };
    if (address)
        record.address = at(address, 0).address;
    model_receive(story->model, &event);
}

/* A request to 203.0.113.10 with its answer, on a connection of its own. */
static void exchange(struct story *story, const char *client, enum resource resource,
                     const char *sipuri, unsigned status)
{
    static const struct header none[1];
    struct event event;

    story->flow++;
    event = next(story, EVENT_HTTP);
    event.http = (struct http_exchange){ .client = at(client, (uint16_t)(40000 + story->flow)),
                                         .server = at("203.0.113.10", 80),
                                         .index = 1,
                                         .ending = HTTP_ANSWERED };
    event.http.request = (struct http_request){ .present = true,
                                                .evidence = event.evidence,
                                                .method = slice_of_text("GET"),
                                                .target = slice_of_text("/"),
                                                .host = slice_of_text("lyncdiscover.contoso.com"),
                                                .version = 11,
                                                .headers = none,
                                                .complete = true };
    event.http.response = (struct http_response){ .present = true,
                                                  .evidence = event.evidence,
                                                  .status = status,
                                                  .version = 11,
                                                  .headers = none,
                                                  .complete = true };
    event.http.lync.service = SERVICE_AUTODISCOVER;
    event.http.lync.resource = resource;
    event.http.lync.sipuri = slice_of_text(sipuri);
    model_receive(story->model, &event);
}

static void repeats_are_one_look_up(void **state)
{
    struct story story;
    struct signin *signin;

    (void)state;
    begin(&story, 0);
    ask(&story, "198.51.100.21", 5000, "LyncDiscoverInternal.Contoso.com");
    wait_ms(&story, 1000);
    ask(&story, "198.51.100.21", 5000, "lyncdiscoverinternal.contoso.com");
    answer(&story, "198.51.100.21", 5000, "lyncdiscoverinternal.contoso.com", NULL);
    model_finish(story.model);
    assert_int_equal(model_signin_count(story.model), 1);
    signin = model_signin(story.model, 0);
    assert_int_equal(signin->step_count, 1);
    assert_int_equal(signin->steps[0].dns->questions, 2);
    assert_string_equal(signin->sip_domain, "contoso.com");
    end(&story);
}

static void a_resolver_is_no_client(void **state)
{
    struct story story;

    (void)state;
    begin(&story, 0);
    ask(&story, "198.51.100.21", 5000, "lyncdiscover.contoso.com");
    ask(&story, "203.0.113.53", 6000, "lyncdiscover.contoso.com"); /* passes the question on */
    model_finish(story.model);
    assert_int_equal(model_signin_count(story.model), 1);
    end(&story);
}

static void two_users_behind_one_address_are_two(void **state)
{
    struct story story;

    (void)state;
    begin(&story, 0);
    ask(&story, "198.51.100.21", 5000, "lyncdiscover.contoso.com");
    answer(&story, "198.51.100.21", 5000, "lyncdiscover.contoso.com", "203.0.113.10");
    exchange(&story, "198.51.100.21", RESOURCE_ROOT, "sip:Alice@contoso.com", 200);
    exchange(&story, "198.51.100.21", RESOURCE_ROOT, "bob@contoso.com", 200);
    exchange(&story, "198.51.100.21", RESOURCE_ROOT, "alice@contoso.com",
             200); /* HTTP and HTTPS at once */
    model_finish(story.model);
    assert_int_equal(model_signin_count(story.model), 2);
    assert_string_equal(model_signin(story.model, 0)->user, "sip:alice@contoso.com");
    assert_string_equal(model_signin(story.model, 1)->user, "sip:bob@contoso.com");
    end(&story);
}

static void a_later_try_is_another_sign_in(void **state)
{
    struct story story;

    (void)state;
    begin(&story, 0);
    for (unsigned i = 0; i < 2; i++) {
        ask(&story, "198.51.100.21", (uint16_t)(5000 + i), "lyncdiscoverinternal.contoso.com");
        answer(&story, "198.51.100.21", (uint16_t)(5000 + i), "lyncdiscoverinternal.contoso.com",
               NULL);
        ask(&story, "198.51.100.21", (uint16_t)(5100 + i), "lyncdiscover.contoso.com");
        answer(&story, "198.51.100.21", (uint16_t)(5100 + i), "lyncdiscover.contoso.com", NULL);
        wait_ms(&story, 20000);
    }
    model_finish(story.model);
    assert_int_equal(model_signin_count(story.model), 2);
    assert_int_equal(model_signin(story.model, 0)->step_count, 2);
    assert_int_equal(model_signin(story.model, 1)->step_count, 2);
    end(&story);
}

static void both_names_missing_outside_fail_in_dns(void **state)
{
    struct story story;
    uint64_t zero = 0;
    bool no = false;
    struct capture_facts facts = {
        .drops = &zero, .broke_off = &no, .cut_packets = &zero, .input_count = 1
    };
    struct signin *signin;

    (void)state;
    begin(&story, 0);
    ask(&story, "198.51.100.21", 5000, "lyncdiscoverinternal.contoso.com");
    answer(&story, "198.51.100.21", 5000, "lyncdiscoverinternal.contoso.com", NULL);
    ask(&story, "198.51.100.21", 5100, "lyncdiscover.contoso.com");
    answer(&story, "198.51.100.21", 5100, "lyncdiscover.contoso.com", NULL);
    model_finish(story.model);
    facts.last_time_ns = story.now_ns;
    signin = model_signin(story.model, 0);
    diagnose_signin(story.model, signin, &facts);
    assert_int_equal(signin->outcome, OUTCOME_FAILED);
    assert_int_equal(signin->failed_stage, STAGE_DNS);
    assert_string_equal(signin->findings[0].rule->id, "dns-external-missing");
    assert_int_equal(signin->findings[0].evidence[0].packet, 4);
    assert_int_equal(signin->steps[0].status,
                     STEP_EXPECTED); /* the internal name is missing outside by design */
    end(&story);
}

/* More clients than there is room for: the limit holds, nothing that was freed is used. */
static void the_limit_of_sign_ins_holds(void **state)
{
    struct story story;

    (void)state;
    begin(&story, 300);
    for (unsigned i = 0; i < 5000; i++) {
        char client[32];

        snprintf(client, sizeof client, "198.51.%u.%u", i / 250 % 250, i % 250);
        ask(&story, client, 5000, "lyncdiscover.contoso.com");
        if (i % 3)
            answer(&story, client, 5000, "lyncdiscover.contoso.com", "203.0.113.10");
        if (i % 5 == 0)
            exchange(&story, client, RESOURCE_ROOT, "alice@contoso.com", 200);
        if (i % 700 == 0)
            wait_ms(&story, 200000);
        assert_true(model_signin_count(story.model) <= 300);
    }
    assert_true(model_let_go(story.model) > 1000);
    model_finish(story.model);
    end(&story);
}

static void a_tiny_budget_is_survived(void **state)
{
    (void)state;
    for (size_t limit = 2000; limit < 400000; limit = limit * 3 / 2) {
        struct story story;
        struct model_config config = { .budget = &story.budget };

        story = (struct story){ .now_ns = 1000000 * MS };
        budget_init(&story.budget, limit, NULL);
        story.model = model_create(&config);
        if (!story.model)
            continue;
        for (unsigned i = 0; i < 40; i++) {
            ask(&story, "198.51.100.21", (uint16_t)(5000 + i), "lyncdiscover.contoso.com");
            answer(&story, "198.51.100.21", (uint16_t)(5000 + i), "lyncdiscover.contoso.com",
                   "203.0.113.10");
            exchange(&story, "198.51.100.21", RESOURCE_ROOT, "alice@contoso.com", 200);
            wait_ms(&story, 3000);
        }
        for (size_t i = 0; i < model_signin_count(story.model); i++)
            model_signin(story.model, i);
        model_finish(story.model);
        end(&story);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_are_one_look_up),
        cmocka_unit_test(a_resolver_is_no_client),
        cmocka_unit_test(two_users_behind_one_address_are_two),
        cmocka_unit_test(a_later_try_is_another_sign_in),
        cmocka_unit_test(both_names_missing_outside_fail_in_dns),
        cmocka_unit_test(the_limit_of_sign_ins_holds),
        cmocka_unit_test(a_tiny_budget_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
