/* facts_tls_test.c: what counts as a refused certificate, and what only looks so */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyzer/diagnosis/facts_tls.h"

#define NOW_S ((int64_t)1790000000)

enum { STEPS = 3 };

/* A sign-in of up to three steps on the client's leg; each test changes what it is about. */
struct scene {
    struct budget budget;
    struct signin signin;
    struct diagnosis d;
    struct step steps[STEPS];
    struct tls_session tls[STEPS];
    struct http_exchange http;
    struct tls_alert alert;
    struct slice names[2];
    struct certificate leaf, root;
    const struct certificate *sent[2];
    struct certificate_chain chain;
};

static void add_tls(struct scene *scene, const char *name)
{
    size_t at = scene->signin.step_count++;
    struct tls_session *tls = &scene->tls[at];

    *tls = (struct tls_session){ .has_client_hello = true,
                                 .has_server_hello = true,
                                 .client_finished = true,
                                 .version = 0x0303,
                                 .server_name = slice_of_text(name),
                                 .chain = &scene->chain,
                                 .chain_evidence = { .packet = 5, .time_ns = NOW_S * SECOND_NS },
                                 .alert = TLS_NO_ALERT };
    scene->steps[at] = (struct step){ .number = (unsigned)at + 1,
                                      .time_ns = NOW_S * SECOND_NS + (int64_t)at,
                                      .stage = STAGE_TLS,
                                      .leg = LEG_CLIENT,
                                      .to.name = name,
                                      .tls = tls };
}

static void leave_in_silence(struct scene *scene, size_t at)
{
    scene->tls[at].client_silent = scene->tls[at].client_ended = true;
}

static void object(struct scene *scene, size_t at, uint8_t description)
{
    scene->alert = (struct tls_alert){ .level = TLS_FATAL, .description = description };
    scene->tls[at].alerts = &scene->alert;
    scene->tls[at].alert_count = 1;
    scene->tls[at].alert = description;
    scene->tls[at].alert_level = TLS_FATAL;
    scene->tls[at].client_silent = true;
}

static void add_discovery_over_80(struct scene *scene)
{
    size_t at = scene->signin.step_count++;

    scene->http = (struct http_exchange){ .lync.resource = RESOURCE_ROOT,
                                          .response = { .present = true, .status = 200 } };
    scene->steps[at] = (struct step){ .number = (unsigned)at + 1,
                                      .time_ns = NOW_S * SECOND_NS + (int64_t)at,
                                      .leg = LEG_CLIENT,
                                      .http = &scene->http };
    scene->d.progress = &scene->steps[at];
}

static int set_up(void **state)
{
    static struct scene scene;

    scene = (struct scene){ .names = { slice_of_text("lyncdiscover.contoso.com"),
                                       slice_of_text("lyncweb.contoso.com") } };
    budget_init(&scene.budget, 0, NULL);
    scene.leaf = (struct certificate){ .readable = true,
                                       .names = scene.names,
                                       .name_count = 2,
                                       .not_before_s = NOW_S - 1000,
                                       .not_after_s = NOW_S + 1000 };
    scene.root = (struct certificate){ .readable = true,
                                       .self_signed = true,
                                       .not_before_s = NOW_S - 2000,
                                       .not_after_s = NOW_S + 2000 };
    scene.sent[0] = &scene.leaf;
    scene.sent[1] = &scene.root;
    scene.chain = (struct certificate_chain){ .path = 1,
                                              .certificates = scene.sent,
                                              .count = 2,
                                              .order = CHAIN_COMPLETE,
                                              .trust = TRUST_NO };
    scene.signin.steps = scene.steps;
    scene.d.signin = &scene.signin;
    scene.d.arena = arena_create(&scene.budget, 0);
    *state = &scene;
    return scene.d.arena ? 0 : 1;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    arena_free(scene->d.arena);
    return scene->budget.used == 0 ? 0 : 1;
}

static void alerts_about_certificates_refuse(void **state)
{
    struct scene *scene = *state;

    add_tls(scene, "lyncdiscover.contoso.com");
    assert_false(tls_is_refused(&scene->d, scene->steps));
    for (unsigned description = 0; description < 256; description++) {
        bool about = (description >= 42 && description <= 46) || description == 48 ||
                     description == 49 || description == 113;

        object(scene, 0, (uint8_t)description);
        assert_int_equal(tls_is_refused(&scene->d, scene->steps), about);
        assert_false(tls_is_silent_refusal(&scene->d, scene->steps));
    }
    scene->steps[0].leg = LEG_INTERNAL;
    object(scene, 0, 48);
    assert_false(tls_is_refused(&scene->d, scene->steps));
}

static void an_alert_of_the_server_refuses_nothing(void **state)
{
    struct scene *scene = *state;

    add_tls(scene, "lyncdiscover.contoso.com");
    object(scene, 0, 48);
    scene->alert.from_server = true;
    assert_false(tls_is_refused(&scene->d, scene->steps));
    assert_true(tls_has_fatal(scene->tls, true, 48));
    assert_false(tls_has_fatal(scene->tls, false, 48));
}

static void silence_refuses(void **state)
{
    struct scene *scene = *state;

    add_tls(scene, "lyncdiscover.contoso.com");
    leave_in_silence(scene, 0);
    assert_true(tls_is_silent_refusal(&scene->d, scene->steps));
    scene->tls[0].alert = 0; /* close_notify */
    assert_true(tls_is_silent_refusal(&scene->d, scene->steps));
    scene->tls[0].resumed = true; /* no certificate was shown */
    assert_false(tls_is_refused(&scene->d, scene->steps));
    scene->tls[0].resumed = false;
    scene->tls[0].client_ended = false; /* the server closed */
    assert_false(tls_is_refused(&scene->d, scene->steps));
}

static void a_spare_connection_is_no_refusal(void **state)
{
    struct scene *scene = *state;

    add_tls(scene, "lyncdiscover.contoso.com");
    add_tls(scene, "lyncdiscover.contoso.com");
    leave_in_silence(scene, 0);
    assert_false(tls_is_refused(&scene->d, &scene->steps[0]));
    scene->tls[1].chain = NULL; /* TLS 1.3, or resumed */
    assert_false(tls_is_refused(&scene->d, &scene->steps[0]));
    leave_in_silence(scene, 1);
    assert_true(tls_is_refused(&scene->d, &scene->steps[0]));
}

static void a_certificate_used_for_another_name_is_accepted(void **state)
{
    struct scene *scene = *state;

    add_tls(scene, "lyncdiscover.contoso.com");
    add_tls(scene, "lyncweb.contoso.com");
    leave_in_silence(scene, 0);
    assert_false(tls_is_refused(&scene->d, &scene->steps[0]));
    scene->leaf.name_count = 0; /* but not for a name that it lacks */
    scene->leaf.common_name = slice_of_text("lyncweb.contoso.com");
    assert_true(tls_is_refused(&scene->d, &scene->steps[0]));
    scene->leaf.name_count = 2;
    scene->tls[0].certificate_asked = true; /* nor where more is demanded */
    assert_true(tls_is_refused(&scene->d, &scene->steps[0]));
    assert_true(tls_leaves_when_asked(&scene->d, &scene->steps[0]));
}

static void discovery_over_80_spares_the_same_name(void **state)
{
    struct scene *scene = *state;

    add_tls(scene, "lyncdiscover.contoso.com");
    object(scene, 0, 42);
    add_discovery_over_80(scene);
    assert_true(tls_is_spared(&scene->d, &scene->steps[0]));
    assert_false(tls_is_refused(&scene->d, &scene->steps[0]));
    scene->http.encrypted = true;
    assert_true(tls_is_refused(&scene->d, &scene->steps[0]));
    scene->http.encrypted = false;
    scene->http.response.status = 404;
    assert_true(tls_is_refused(&scene->d, &scene->steps[0]));
    scene->http.response.status = 200;
    scene->tls[0].server_name = slice_of_text("lyncweb.contoso.com");
    assert_true(tls_is_refused(&scene->d, &scene->steps[0]));
}

static void what_comes_last_is_not_spared(void **state)
{
    struct scene *scene = *state;

    add_discovery_over_80(scene);
    add_tls(scene, "lyncdiscover.contoso.com");
    object(scene, 1, 42);
    assert_false(tls_is_spared(&scene->d, &scene->steps[1]));
    assert_true(tls_is_refused(&scene->d, &scene->steps[1]));
}

static void dates_are_those_of_the_chain(void **state)
{
    struct scene *scene = *state;

    add_tls(scene, "lyncdiscover.contoso.com");
    assert_null(tls_expired(scene->steps));
    assert_null(tls_not_yet_valid(scene->steps));
    scene->root.not_after_s = NOW_S - 1; /* devices have their own */
    assert_null(tls_expired(scene->steps));
    scene->root.self_signed = false;
    assert_null(tls_expired(scene->steps)); /* sent, but not on the way to a root */
    scene->chain.path = 3;
    assert_ptr_equal(tls_expired(scene->steps), &scene->root);
    scene->root.not_before_s = NOW_S + 1;
    assert_ptr_equal(tls_not_yet_valid(scene->steps), &scene->root);
    scene->leaf.not_after_s = NOW_S - 1;
    assert_ptr_equal(tls_expired(scene->steps), &scene->leaf);
    scene->leaf.not_before_s = NOW_S + 1;
    assert_ptr_equal(tls_not_yet_valid(scene->steps), &scene->leaf);
    scene->leaf.readable = false;
    assert_null(tls_certificate(scene->steps));
    assert_true(tls_covers_asked(scene->steps)); /* it cannot be told */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(alerts_about_certificates_refuse, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_alert_of_the_server_refuses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(silence_refuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_spare_connection_is_no_refusal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_certificate_used_for_another_name_is_accepted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(discovery_over_80_spares_the_same_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_comes_last_is_not_spared, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dates_are_those_of_the_chain, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
