"""scenarios_http.py: requests that get a wrong answer, stages http, redirect and response."""
import lab
from scenario import (ALICE, FRONT_END, INSIDE, WIRE, Scenario, fault, haproxy, inner, nginx, out, out2,
                      service)

WEB = "https://lyncweb.contoso.example"
ROOT = "/Autodiscover/AutodiscoverService.svc/root"
ANY = "."
FIRST = "^/$"
LYNC = "application/vnd.microsoft.rtc.autodiscover+xml; v=1"
IIS = "Server Error"


def only_http(name, shows, rules, **more):
    """A client that asks port 80 only: everything is readable on both legs."""
    return Scenario(name, shows, rules, [out()], **more)


def offloaded(name, shows, rules, plan=None, **more):
    """TLS ends at the proxy; the capture is of the clear leg behind it."""
    return Scenario(name, shows, rules, [out(schemes=["https"], **(plan or {}))], point=INSIDE, **more)


HTTP = [
    only_http("host-header-rewritten", "The proxy sends its backend's address as Host: 400.",
              ["host-header-rewritten"], nginx=nginx(host="$proxy_host"), sample=True,
              services=[service(faults=[fault(ANY, host="10.20.0.31:8080", status=400, lync=False,
                                              html="Bad Request - Invalid Hostname")])]),
    only_http("rp-preauth-basic", "The publishing rule asks for Basic authentication itself.",
              ["rp-preauth"], nginx=nginx('auth_basic "Contoso";', "auth_basic_user_file /dev/null;")),
    only_http("rp-preauth-form", "The publishing rule sends every stranger to a login form.",
              ["rp-preauth"], nginx=[("203.0.113.10:80", False, [
                  "location / { return 302 http://lyncdiscover.contoso.example/CookieAuth.dll?GetLogon; }",
                  'location /CookieAuth.dll { return 200 \'<html><form action="/CookieAuth.dll?Logon" '
                  'method="post"><input name="username"><input type="password" name="password">'
                  "</form></html>\'; }"])]),
    only_http("rp-preauth-portal", "The login form stands on the company's own host named portal: no guest Wi-Fi.",
              ["rp-preauth"], nginx=[("203.0.113.10:80", False, [
                  "location / { return 302 http://portal.contoso.example/login; }"])]),
    only_http("http-root-404", "The web site knows no Autodiscover: 404.", ["http-root-404"], sample=True,
              services=[service(faults=[fault(ANY, status=404, lync=False,
                                              html="404 - File or directory not found.")])]),
    only_http("http-403-path", "The proxy publishes other paths only.",
              ["http-403-path", "x-ms-server-fqdn-missing"],
              haproxy=haproxy("http-request deny deny_status 403 unless { path_beg -i /meet }")),
    only_http("http-403-ssl-required", "The site demands TLS on its clear port: 403.4.",
              ["http-403-ssl-required"],
              services=[service(faults=[fault(ANY, status=403, lync=False,
                                              html="403.4 - Forbidden: SSL is required to view this resource.")])]),
    Scenario("http-302-cross-domain", "lyncdiscover is caught by a web hoster's redirect.",
             ["http-302-cross-domain"], [out()], public=["lyncdiscover.contoso.example,203.0.113.80"],
             other_site=[("203.0.113.80:80", False, ["location / { return 302 http://www.hoster.example/parked; }"])]),
    Scenario("http-html-body", "A wildcard record leads to a web site that answers anything with a page.",
             ["http-html-body"], [out()], public=["lyncdiscover.contoso.example,203.0.113.80"],
             other_site=[("203.0.113.80:80", False,
                          ["location / { return 200 '<html><title>Welcome to Contoso</title></html>'; }"])]),
    Scenario("captive-portal", "Guest Wi-Fi: every name has one address, which sends to its login page.",
             ["captive-portal"], [out(before=["www.msftconnecttest.example"])], sample=True,
             public={"everything": "203.0.113.80"},
             other_site=[("203.0.113.80:80", False,
                          ["location / { return 302 http://portal.hotel.example/login; }"])]),
    Scenario("captive-portal-511", "Guest Wi-Fi that says so: 511.", ["captive-portal"], [out()],
             public={"everything": "203.0.113.80"},
             other_site=[("203.0.113.80:80", False, ["location / { return 511; }"])]),
    Scenario("http-timeout", "The front end does not answer within 10 s and the client gives up.",
             ["http-timeout"], [out(connect_s=4, answer_s=8)], services=[service(faults=[fault(ANY, delay=14)])]),
    only_http("http-502", "The front end drops the proxy's connection: 502.", ["http-502"],
              nginx=nginx(), services=[service(faults=[fault(ANY, reset=True)])]),
    only_http("http-503", "The application pool is stopped: 503.", ["http-503"],
              services=[service(faults=[fault(ANY, status=503, lync=False, html="Service Unavailable",
                                              text="HTTP Error 503. The service is unavailable.")])]),
    only_http("http-504", "The proxy waits 2 s, the front end needs 4: 504.", ["http-504"],
              nginx=nginx("proxy_read_timeout 2s;"), services=[service(faults=[fault(ANY, delay=4)])]),
    only_http("http-500", "The application fails: 500.", ["http-500"],
              services=[service(faults=[fault(ANY, status=500, lync=False, html=IIS)])]),
    Scenario("manual-url-typo", "The address typed by hand is the misprinted one.", ["manual-url-typo"],
             [out(path="http://lyncweb.contoso.example/AutoDiscover/AutoDiscover.svc/Root")]),
    Scenario("proxy-strips-headers", "The proxy removes X-MS-WebTicketURL from the 401.",
             ["proxy-strips-headers"],
             [out(start="http://lyncweb.contoso.example" + ROOT + "/user")],
             nginx=nginx("proxy_hide_header X-MS-WebTicketURL;")),
    offloaded("cors-origin-denied", "A web application's origin is not on the server's list.",
              ["cors-origin-denied"], {"agent": "browser", "accept": "ucwa", "auth": "oauth",
                                       "curl": ["-H", "Origin: https://apps.fabrikam.example"]},
              services=[service(root_over_http="links", faults=[fault(
                  "oauth/user", status=403, html="403 - Forbidden", headers=[[
                      "X-Ms-diagnostics", '28070;source="fe01.corp.contoso.example";reason="The service '
                      'does not allow a cross domain request from this origin."']])])]),
    Scenario("vdir-not-published", "Signed in, but the address book's path is refused by the proxy.",
             ["vdir-not-published"],
             [out(schemes=["https"], later=[["GET", "http://lyncweb.contoso.example/abs/handler"]])],
             haproxy=haproxy("http-request deny deny_status 403 if { path_beg -i /abs /groupexpansion }")),
    only_http("sipuri-in-clear", "The sign-in address is readable in the first request on port 80.",
              ["sipuri-in-clear"], haproxy=haproxy()),
]

POOLS = [f"pool{n}" for n in range(1, 13)]
CHAIN = [f"{pool}.contoso.example,203.0.113.10" for pool in POOLS]


def hop(here, there, tail=""):
    body = ('<?xml version="1.0" encoding="utf-8"?><AutodiscoverResponse AccessLocation="External"><Root>'
            f'<Link token="Redirect" href="https://{there}.contoso.example{ROOT}{tail}"/></Root>'
            "</AutodiscoverResponse>")
    return fault(".", host=f"{here}.contoso.example", status=200, type=LYNC, body=body)


REDIRECT = [
    offloaded("redirect-loop", "Two pools redirect to each other.", ["redirect-loop"], sample=True,
              public=lab.PUBLIC_ZONE + CHAIN,
              services=[service(faults=[hop("lyncdiscover", "pool1"), hop("pool1", "pool2"),
                                        hop("pool2", "pool1")])]),
    offloaded("redirect-limit", "Eleven pools, each sends to the next: the client stops.",
              ["redirect-limit"], public=lab.PUBLIC_ZONE + CHAIN,
              services=[service(faults=[hop("lyncdiscover", "pool1")] + [
                  hop(POOLS[n], POOLS[n + 1]) for n in range(11)])]),
    Scenario("redirect-to-http", "The redirect leads to an http address, where the sign-in goes on unprotected.",
             ["redirect-to-http", "plaintext-credentials-80"], [out()],
             services=[service(link_base="http://lyncweb.contoso.example", root_over_http="links",
                               ticket_base="http://lyncweb.contoso.example", redirect_root=None,
                               faults=[fault(FIRST, status=200, type=LYNC, body=(
                                   '<?xml version="1.0"?><AutodiscoverResponse AccessLocation="External"><Root>'
                                   f'<Link token="Redirect" href="http://lyncweb.contoso.example{ROOT}"/></Root>'
                                   "</AutodiscoverResponse>"))])]),
    Scenario("redirect-to-internal-host", "An outside client is sent to the internal web name.",
             ["redirect-to-internal-host"], [out()], sample=True,
             services=[service(link_base="https://pool01.corp.contoso.example", computer="pool01")]),
    Scenario("trust-domain-mismatch", "The services have names in another domain than the user's.",
             ["trust-domain-mismatch"], [out(schemes=["http", "https"])],
             public=lab.PUBLIC_ZONE + ["lyncweb.fabrikam.example,203.0.113.10"],
             services=[service(link_base="https://lyncweb.fabrikam.example")]),
]

RESPONSE = [
    Scenario("accesslocation-mismatch", "An outside client is told Internal; what the proxy does is not in "
             "the capture.", ["accesslocation-mismatch"], [out()], only="port 53 or host 198.51.100.21",
             haproxy=haproxy(http="10.20.0.31:80", https="10.20.0.31:80"),
             services=[service(link_base=WEB)]),
    only_http("response-malformed", "The body says Lync and is not XML.", ["response-malformed"],
              services=[service(faults=[fault(FIRST, status=200, type=LYNC, body=(
                  '<?xml version="1.0"?><AutodiscoverResponse><Root><Link token="Redirect" '
                  f'href="{WEB}{ROOT}"></Root></AutodiscoverResponse>'))])]),
    only_http("response-truncated", "The body ends before its length.", ["response-truncated"],
              haproxy=haproxy(), services=[service(faults=[fault(FIRST, status=200, type=LYNC, cut=140, body=(
                  '<?xml version="1.0"?><AutodiscoverResponse AccessLocation="External"><Root>'
                  f'<Link token="Redirect" href="{WEB}{ROOT}"/></Root></AutodiscoverResponse>'))])]),
    offloaded("root-without-user", "The root answer has neither User nor Redirect.",
              ["root-without-user"], services=[service(root_tokens=["Domain", "Self"])]),
    offloaded("root-oauth-missing", "Exchange asks, and the pool offers no OAuth link.",
              ["root-oauth-missing"],
              {"agent": "exchange", "accept": "json", "path": "/", "stop": "root"},
              services=[service(root_tokens=["Domain", "User", "Self"])]),
    Scenario("http-root-not-redirect", "The answer on port 80 has links instead of a redirect to https.",
             ["http-root-not-redirect"], [out()], services=[service(root_over_http="links")]),
    offloaded("sip-access-missing", "A desktop gets a User document without SIP servers.",
              ["sip-access-missing"], {"agent": "desktop", "token": "saml", "mobility": False},
              services=[service(sip_access=False)]),
    offloaded("user-404-homeless", "The ticket is good, but nobody knows the user's home: 404.",
              ["user-404-homeless"], sample=True, services=[service(user_status=404)]),
    offloaded("user-403-forbidden", "The ticket is good, but the user may not come in from here: 403.",
              ["user-403-forbidden"], services=[service(user_status=403)]),
    Scenario("incomplete-flow", "The client stops after a good root answer.", ["incomplete-flow"],
             [out(schemes=["https"], stop="root"), out2(schemes=["https"], stop="root", begin_s=13,
                                                        user="bob@contoso.example")],
             point=INSIDE, services=[service()]),
]
SCENARIOS = HTTP + REDIRECT + RESPONSE
