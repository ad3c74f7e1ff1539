/* path_test.c: ours, Exchange's, and what only looks alike */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/path.h"

#define SVC "/Autodiscover/AutodiscoverService.svc"

static void test_places(void **state)
{
    static const struct {
        const char *host, *target;
        enum service service;
        enum resource resource;
        bool ours;
    } rows[] = {
        { "lyncdiscover.litware.example", "/?sipuri=a@b", SERVICE_AUTODISCOVER, RESOURCE_ROOT,
          true },
        { "LyncDiscoverInternal.litware.example:80", "/", SERVICE_AUTODISCOVER, RESOURCE_ROOT,
          true },
        { "web.litware.example", "/?SipUri=a", SERVICE_AUTODISCOVER, RESOURCE_ROOT, true },
        { "web.litware.example", "/", SERVICE_NONE, RESOURCE_OTHER, false },
        { "lyncdiscover.x", "/favicon.ico", SERVICE_NONE, RESOURCE_OTHER, true },
        { "h", SVC "/root", SERVICE_AUTODISCOVER, RESOURCE_ROOT, true },
        { "h", "/AutoDiscover/autodiscoverservice.SVC/Root/?x", SERVICE_AUTODISCOVER, RESOURCE_ROOT,
          true },
        { "h", "/%41utodiscover/AutodiscoverService.svc/root", SERVICE_AUTODISCOVER, RESOURCE_ROOT,
          true },
        { "h", "https://h" SVC "/root/domain", SERVICE_AUTODISCOVER, RESOURCE_DOMAIN, true },
        { "h", SVC "/root/user?x", SERVICE_AUTODISCOVER, RESOURCE_USER, true },
        { "h", SVC "/root/oauth/user", SERVICE_AUTODISCOVER, RESOURCE_OAUTH_USER, true },
        { "h", SVC "/rot", SERVICE_AUTODISCOVER, RESOURCE_OTHER, true },
        { "h", SVC "/rootx", SERVICE_AUTODISCOVER, RESOURCE_OTHER, true },
        { "autodiscover.x", SVC "/root", SERVICE_AUTODISCOVER, RESOURCE_ROOT, true },
        { "h", "/AutoDiscover/AutoDiscover.svc/Root", SERVICE_AUTODISCOVER, RESOURCE_ROOT_TYPO,
          true },
        { "h", "/autodiscover/autodiscoverservices.svc/root", SERVICE_AUTODISCOVER,
          RESOURCE_ROOT_TYPO, true },
        { "lyncdiscover.x", "/autodiscover/autodiscover.svc", SERVICE_AUTODISCOVER,
          RESOURCE_ROOT_TYPO, true },
        { "h", "/autodiscover/autodiscover.svc", SERVICE_EXCHANGE_AUTODISCOVER, RESOURCE_OTHER,
          false },
        { "h", "/autodiscover/autodiscover.svc/wssecurity", SERVICE_EXCHANGE_AUTODISCOVER,
          RESOURCE_OTHER, false },
        { "h", "/Autodiscover/Autodiscover.xml", SERVICE_EXCHANGE_AUTODISCOVER, RESOURCE_OTHER,
          false },
        { "h", "/autodiscover/autodiscover.json/v1.0/a@b", SERVICE_EXCHANGE_AUTODISCOVER,
          RESOURCE_OTHER, false },
        { "lyncdiscover.x", "/autodiscover/autodiscover.xml", SERVICE_EXCHANGE_AUTODISCOVER,
          RESOURCE_OTHER, false },
        { "autodiscover.x", "/", SERVICE_EXCHANGE_AUTODISCOVER, RESOURCE_OTHER, false },
        { "h", "/Autodiscover/XFrame/XFrame.html", SERVICE_XFRAME, RESOURCE_OTHER, true },
        { "h", "/WebTicket/WebTicketService.svc", SERVICE_WEBTICKET, RESOURCE_TICKET, true },
        { "h", "/webticket/webticketservice.svc/Auth", SERVICE_WEBTICKET, RESOURCE_TICKET, true },
        { "h", "/WebTicket/WebTicketService.svc/mex", SERVICE_WEBTICKET, RESOURCE_MEX, true },
        { "h", "/WebTicket/oauthtoken", SERVICE_WEBTICKET, RESOURCE_OAUTH_TOKEN, true },
        { "h", "/ucwa/v1/applications", SERVICE_UCWA, RESOURCE_APPLICATIONS, true },
        { "h", "/ucwa/oauth/v1/applications/", SERVICE_UCWA, RESOURCE_APPLICATIONS, true },
        { "h", "/ucwa/psanon/v1/applications/12/me", SERVICE_UCWA, RESOURCE_APPLICATION, true },
        { "h", "/ucwa/v1/applications/12/events?ack=3", SERVICE_UCWA, RESOURCE_EVENTS, true },
        { "h", "/ucwa/v1/applications/12/eventsx", SERVICE_UCWA, RESOURCE_APPLICATION, true },
        { "h", "/ucwa/v1", SERVICE_UCWA, RESOURCE_OTHER, true },
        { "h", "/ucwax/v1/applications", SERVICE_NONE, RESOURCE_OTHER, false },
        { "h", "/Mcx/McxService.svc/x", SERVICE_MCX, RESOURCE_MCX, true },
        { "h", "/CertProv/CertProvisioningService.svc/mex", SERVICE_CERTPROV, RESOURCE_OTHER,
          true },
        { "h", "/abs/handler/x", SERVICE_ABS, RESOURCE_OTHER, true },
        { "h", "/absolute", SERVICE_NONE, RESOURCE_OTHER, false },
        { "h", "/meet", SERVICE_MEET, RESOURCE_OTHER, true },
        { "h", "/RequestHandlerExt/ucdevice.upx", SERVICE_DEVICEUPDATE, RESOURCE_OTHER, true },
        { "h", "/ReplicationWebService.svc", SERVICE_CMS_REPLICATION, RESOURCE_OTHER, false },
        { "lyncdiscover.x", "/x/replicationwebservice", SERVICE_CMS_REPLICATION, RESOURCE_OTHER,
          false },
        { "login.example", "/RST2.srf", SERVICE_NONE, RESOURCE_OTHER, true },
        { "login.example", "/getuserrealm.srf?login=a", SERVICE_NONE, RESOURCE_OTHER, true },
        { "h", "/page?sipuri=a", SERVICE_NONE, RESOURCE_OTHER, false },
        { "", "", SERVICE_NONE, RESOURCE_OTHER, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct place place =
            path_place(slice_of_text(rows[i].host), slice_of_text(rows[i].target), false);

        if (place.service != rows[i].service || place.resource != rows[i].resource ||
            place.ours != rows[i].ours)
            fail_msg("%s%s: %s %s %d", rows[i].host, rows[i].target, service_name(place.service),
                     resource_name(place.resource), place.ours);
    }
}

static void test_headers_decide(void **state)
{
    struct place place = path_place(slice_of_text("web.x"), slice_of_text("/"), true);

    (void)state;
    assert_int_equal(place.resource, RESOURCE_ROOT);
    place = path_place(slice_of_text("web.x"), slice_of_text("/portal"), true);
    assert_true(place.ours);
    assert_int_equal(place.service, SERVICE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_headers_decide),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
