/* facts_mobility_test.c: where the facts of mobility begin and end, on steps by hand */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyzer/diagnosis/facts_mobility.h"

enum { STEPS_MAX = 8 };

struct story {
    struct signin signin;
    struct diagnosis d;
    struct step steps[STEPS_MAX];
    struct http_exchange http[STEPS_MAX];
    struct header location;
};

static void begin(struct story *story)
{
    *story = (struct story){ 0 };
    story->signin.steps = story->steps;
    story->d.signin = &story->signin;
}

/* A request with a ticket, answered at once; status 0: never. */
static struct step *add(struct story *story, int64_t second, const char *request, unsigned status)
{
    size_t at = story->signin.step_count++;
    struct http_exchange *http = &story->http[at];
    struct slice line = slice_of_text(request);
    size_t space = slice_find_byte(line, ' ');

    assert_true(at < STEPS_MAX);
    http->request.present = true;
    http->request.method = slice_part(line, 0, space);
    http->request.target = slice_after(line, space + 1);
    http->lync.credential = CREDENTIAL_WEB_TICKET;
    http->lync.service = SERVICE_UCWA;
    http->lync.resource = RESOURCE_APPLICATION;
    if (slice_ends_with_nocase(line, "/applications"))
        http->lync.resource = RESOURCE_APPLICATIONS;
    if (slice_ends_with_nocase(line, "/events"))
        http->lync.resource = RESOURCE_EVENTS;
    http->response.present = status != 0;
    http->response.status = status;
    http->response.evidence.time_ns = second * SECOND_NS;
    story->steps[at] = (struct step){ .number = (unsigned)at + 1,
                                      .time_ns = second * SECOND_NS,
                                      .stage = STAGE_MOBILITY,
                                      .http = http };
    return &story->steps[at];
}

static void make(struct story *story, int64_t second)
{
    add(story, second, "POST /ucwa/v1/applications", 201);
    story->location = (struct header){ slice_of_text("Location"),
                                       slice_of_text("https://h/ucwa/v1/Applications/AB1") };
    story->http[0].response.headers = &story->location;
    story->http[0].response.header_count = 1;
}

static struct step *refuse(struct story *story, int64_t second, unsigned status,
                           const char *subcode)
{
    struct step *step = add(story, second, "GET /ucwa/v1/applications/ab1/events", status);

    story->http[step->number - 1].lync.response_document.subcode = slice_of_text(subcode);
    return step;
}

static void ids_are_cut_out_of_paths(void **state)
{
    static const struct {
        const char *path, *id;
    } rows[] = {
        { "/ucwa/v1/applications/105", "105" },
        { "/ucwa/oauth/v1/Applications/a-b/events?ack=1", "a-b" },
        { "/ucwa/v1/applications/105?x=/applications/7", "105" },
        { "/ucwa/v1/applications/", "" },
        { "/ucwa/v1/applications", "" },
        { "", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_true(
            slice_is_text(mobility_application_id(slice_of_text(rows[i].path)), rows[i].id));
}

static void apps_are_told_apart(void **state)
{
    static const struct {
        const char *agent;
        enum mobile_client client;
    } rows[] = {
        { "iPhoneLync/4.2 CFNetwork/548", MOBILE_2010 },
        { "iPadLync/5.4 CFNetwork/672", MOBILE_2013 },
        { "x WPLync/6.0", MOBILE_2013 },
        { "NokiaLync", MOBILE_2010 },
        { "ACOMO/5.4 (Android)", MOBILE_2013 },
        { "iPhoneLync/", MOBILE_UNKNOWN },
        { "AndroidLync/beta", MOBILE_UNKNOWN },
        { "OC/15.0 (Microsoft Lync)", MOBILE_UNKNOWN },
        { NULL, MOBILE_UNKNOWN },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct signin signin = { .user_agent = rows[i].agent };

        assert_int_equal(mobility_client(&signin), rows[i].client);
    }
}

static void an_app_that_uses_mcx_is_of_2010(void **state)
{
    struct story story;

    (void)state;
    begin(&story);
    add(&story, 0, "POST /Mcx/McxService.svc", 200);
    assert_int_equal(mobility_client(&story.signin), MOBILE_UNKNOWN);
    story.http[0].lync.resource = RESOURCE_MCX;
    assert_int_equal(mobility_client(&story.signin), MOBILE_2010);
    story.http[0].lync.credential = CREDENTIAL_NONE;
    assert_int_equal(mobility_client(&story.signin), MOBILE_UNKNOWN);
}

/* One answer after an application was made at second 0. */
static bool is_lost(int64_t second, unsigned status, const char *subcode)
{
    struct story story;

    begin(&story);
    make(&story, 0);
    return mobility_is_lost(&story.d, refuse(&story, second, status, subcode));
}

static void an_application_is_lost_soon_or_not_at_all(void **state)
{
    (void)state;
    assert_true(is_lost(1, 404, "ApplicationNotFound"));
    assert_true(is_lost(299, 404, "ApplicationNotFound"));
    assert_false(is_lost(300, 404, "ApplicationNotFound"));
    assert_true(is_lost(1, 410, "InactiveApplicationExpired"));
    assert_true(is_lost(1, 410, ""));
    assert_false(is_lost(1, 410, "CannotRedirect"));
    assert_false(is_lost(1, 404, "ResourceNotFound"));
    assert_false(is_lost(1, 404, ""));
    assert_false(is_lost(1, 200, "ApplicationNotFound"));
}

static void what_the_client_ended_is_not_lost(void **state)
{
    struct story story;

    (void)state;
    begin(&story);
    make(&story, 0);
    add(&story, 2, "DELETE /ucwa/v1/applications/AB1", 204);
    assert_false(mobility_is_lost(&story.d, refuse(&story, 3, 404, "ApplicationNotFound")));

    begin(&story);
    make(&story, 0);
    add(&story, 2, "DELETE /ucwa/v1/applications/other", 204);
    assert_true(mobility_is_lost(&story.d, refuse(&story, 3, 404, "ApplicationNotFound")));
}

static void an_application_of_unknown_age_is_not_judged(void **state)
{
    struct story story;

    (void)state;
    begin(&story);
    assert_false(mobility_is_lost(&story.d, refuse(&story, 3, 404, "ApplicationNotFound")));
}

static void a_failed_sign_out_is_no_last_word(void **state)
{
    struct story story;
    const struct step *poll;

    (void)state;
    begin(&story);
    assert_null(mobility_last_word(&story.d));
    make(&story, 0);
    poll = add(&story, 1, "GET /ucwa/v1/applications/ab1/events", 200);
    add(&story, 2, "DELETE /ucwa/v1/applications/ab1", 404);
    add(&story, 3, "GET /ucwa/v1/applications", 401);
    story.http[3].lync.credential = CREDENTIAL_NONE;
    add(&story, 4, "GET /ucwa/v1/applications/ab1/events", 0);
    assert_ptr_equal(mobility_last_word(&story.d), poll);
    assert_false(mobility_has_refused_at(&story.d, poll));
}

/* A poll that a gateway answers at that age, in milliseconds. */
static const struct step *cut(struct story *story, int64_t age_ms)
{
    struct step *step = add(story, 1, "GET /ucwa/v1/applications/ab1/events", 504);

    step->duration_ns = age_ms * (SECOND_NS / 1000);
    return step;
}

static bool are_cut(int64_t a_ms, int64_t b_ms)
{
    struct story story;
    const struct step *a, *b;

    begin(&story);
    a = cut(&story, a_ms);
    b = cut(&story, b_ms);
    assert_int_equal(mobility_is_cut_poll(&story.d, a), mobility_is_cut_poll(&story.d, b));
    return mobility_is_cut_poll(&story.d, a);
}

static void polls_are_cut_at_the_same_age_twice(void **state)
{
    struct story story;

    (void)state;
    assert_true(are_cut(30000, 30400));
    assert_true(are_cut(60000, 61500));
    assert_false(are_cut(30000, 33000));
    assert_false(are_cut(30000, 45000));
    assert_false(are_cut(20, 30)); /* the backend is down, that is all */
    begin(&story);
    assert_false(mobility_is_cut_poll(&story.d, cut(&story, 30000)));
}

static void a_poll_that_nobody_answers_is_cut_by_who_hangs_up(void **state)
{
    static const struct {
        enum http_ending ending;
        enum leg leg;
        bool cut;
    } rows[] = {
        { HTTP_CLOSED, LEG_CLIENT, true },          { HTTP_RESET, LEG_CLIENT, true },
        { HTTP_CLIENT_CLOSED, LEG_CLIENT, false },  { HTTP_NO_ANSWER, LEG_CLIENT, false },
        { HTTP_CLIENT_CLOSED, LEG_INTERNAL, true }, { HTTP_UNKNOWN, LEG_INTERNAL, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct story story;
        struct step *step;

        begin(&story);
        step = add(&story, 1, "GET /ucwa/v1/applications/ab1/events", 0);
        story.http[0].ending = rows[i].ending;
        step->leg = rows[i].leg;
        step->silence_ns = 30 * SECOND_NS;
        assert_int_equal(mobility_cut_age_ns(step), rows[i].cut ? 30 * SECOND_NS : -1);
        step->silence_ns = 0;
        assert_int_equal(mobility_cut_age_ns(step), -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_cut_out_of_paths),
        cmocka_unit_test(apps_are_told_apart),
        cmocka_unit_test(an_app_that_uses_mcx_is_of_2010),
        cmocka_unit_test(an_application_is_lost_soon_or_not_at_all),
        cmocka_unit_test(what_the_client_ended_is_not_lost),
        cmocka_unit_test(an_application_of_unknown_age_is_not_judged),
        cmocka_unit_test(a_failed_sign_out_is_no_last_word),
        cmocka_unit_test(polls_are_cut_at_the_same_age_twice),
        cmocka_unit_test(a_poll_that_nobody_answers_is_cut_by_who_hangs_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
