/* servers_test.c: which connections are servers' own business, and which are a proxy's */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lyncscope/signin.h"

#define MS ((int64_t)1000000)

struct site {
    struct model *model;
    struct budget budget;
    struct address proxy;
    int64_t now_ns;
    uint64_t packet;
};

static struct endpoint at(const char *address, uint16_t port)
{
    struct endpoint endpoint = { .port = port };

    assert_true(address_parse(slice_of_text(address), &endpoint.address));
    return endpoint;
}

static void begin(struct site *site)
{
    struct model_config config = { .proxies = &site->proxy, .proxy_count = 1 };

    *site = (struct site){ .now_ns = 1000000 * MS, .proxy = at("10.20.0.10", 0).address };
    budget_init(&site->budget, 64 << 20, NULL);
    config.budget = &site->budget;
    site->model = model_create(&config);
    assert_non_null(site->model);
}

static void end(struct site *site)
{
    model_free(site->model);
    assert_int_equal(site->budget.used, 0);
}

static struct event next(struct site *site, enum event_kind kind)
{
    struct event event = { .kind = kind, .flow = site->packet + 1 };

    site->now_ns += MS;
    event.evidence = (struct evidence){ .packet = ++site->packet, .time_ns = site->now_ns };
    event.noticed_ns = site->now_ns;
    return event;
}

static void connect_to(struct site *site, const char *from, struct endpoint to,
                       enum tcp_opened opened)
{
    struct event event = next(site, EVENT_CONNECTION);

    event.tcp = (struct tcp_connection){ .client = at(from, 50000),
                                         .server = to,
                                         .opened = opened,
                                         .attempts = opened == OPENED_UNANSWERED ? 3 : 1,
                                         .first_attempt = event.evidence,
                                         .last_attempt = event.evidence };
    model_receive(site->model, &event);
}

static void answer_as_lync(struct site *site, const char *from, struct endpoint to)
{
    struct event event = next(site, EVENT_HTTP);

    event.http.client = at(from, 50000);
    event.http.server = to;
    event.http.request.present = event.http.response.present = true;
    event.http.request.evidence = event.http.response.evidence = event.evidence;
    event.http.response.status = 404;
    event.http.lync.server_fqdn = slice_of_text("fe01.corp.contoso.com");
    model_receive(site->model, &event);
}

static struct server_link link_at(struct site *site, size_t index)
{
    struct server_link link = { 0 };

    assert_true(model_server_link(site->model, index, &link));
    return link;
}

static void a_front_end_is_known_by_its_answers(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    connect_to(&site, "10.20.0.31", at("10.20.0.32", 4443), OPENED_UNANSWERED);
    assert_false(link_at(&site, 0).by_front_end);
    answer_as_lync(&site, "10.20.0.10", at("10.20.0.31", 4443));
    assert_true(link_at(&site, 0).by_front_end);
    assert_int_equal(link_at(&site, 0).attempts, 3);
    assert_false(link_at(&site, 0).connected);
    end(&site);
}

/* An answer on a client's port may have been passed on by whoever is there. */
static void an_answer_on_443_proves_nothing(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    connect_to(&site, "10.20.0.40", at("10.20.0.31", 4443), OPENED_UNANSWERED);
    answer_as_lync(&site, "198.51.100.21", at("10.20.0.40", 443));
    assert_false(link_at(&site, 0).by_front_end);
    end(&site);
}

static void a_proxy_is_no_front_end(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    connect_to(&site, "10.20.0.10", at("10.20.0.31", 4443), OPENED_REFUSED);
    answer_as_lync(&site, "198.51.100.21", at("10.20.0.10", 4443));
    assert_false(link_at(&site, 0).by_front_end);
    assert_true(link_at(&site, 0).refused);
    end(&site);
}

static void one_good_connection_is_enough(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    connect_to(&site, "10.20.0.31", at("10.20.0.32", 4443), OPENED_REFUSED);
    connect_to(&site, "10.20.0.31", at("10.20.0.32", 4443), OPENED_SYN);
    assert_true(link_at(&site, 0).connected);
    assert_false(model_server_link(site.model, 1, &(struct server_link){ 0 }));
    end(&site);
}

static void a_client_certificate_proves_a_server(void **state)
{
    struct site site;
    struct event event;

    (void)state;
    begin(&site);
    connect_to(&site, "10.20.0.31", at("10.20.0.20", 4443), OPENED_SYN);
    event = next(&site, EVENT_TLS);
    event.tls = (struct tls_session){ .client = at("10.20.0.31", 50000),
                                      .server = at("10.20.0.20", 4443),
                                      .has_client_hello = true,
                                      .certificate_sent = true,
                                      .alert = TLS_NO_ALERT };
    model_receive(site.model, &event);
    assert_true(link_at(&site, 0).mutual);
    assert_true(link_at(&site, 0).by_front_end);
    end(&site);
}

static void other_ports_are_not_kept(void **state)
{
    struct site site;

    (void)state;
    begin(&site);
    connect_to(&site, "10.20.0.31", at("10.20.0.32", 443), OPENED_SYN);
    assert_false(model_server_link(site.model, 0, &(struct server_link){ 0 }));
    end(&site);
}

static void the_table_has_an_end(void **state)
{
    struct server_link link;
    struct site site;
    size_t count = 0;

    (void)state;
    begin(&site);
    for (unsigned i = 0; i < 2000; i++) {
        struct endpoint to = at("10.21.0.0", 4443);

        to.address.bytes[2] = (uint8_t)(i / 256);
        to.address.bytes[3] = (uint8_t)i;
        connect_to(&site, "10.20.0.31", to, OPENED_REFUSED);
    }
    while (model_server_link(site.model, count, &link))
        count++;
    assert_in_range(count, 16, 1000);
    end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_front_end_is_known_by_its_answers),
        cmocka_unit_test(an_answer_on_443_proves_nothing),
        cmocka_unit_test(a_proxy_is_no_front_end),
        cmocka_unit_test(one_good_connection_is_enough),
        cmocka_unit_test(a_client_certificate_proves_a_server),
        cmocka_unit_test(other_ports_are_not_kept),
        cmocka_unit_test(the_table_has_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
