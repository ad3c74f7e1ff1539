"""scenarios_mobility.py: the mobility service, pools and front ends; mostly on the clear leg behind the
proxy.  Where a rule has a harmless twin, the twin stands beside it."""
import documents as doc
import lab
from scenario import CLIENT, INSIDE, WIRE, Scenario, fault, haproxy, inner, nginx, out, service

WEB = "https://lyncweb.contoso.example"
POOL = "https://pool01.corp.contoso.example"
JSON = "application/json; charset=utf-8"
DOOR, MCX, EVENTS = "v1/applications$", "McxService.svc$", "/events$"
POLL = ["GET", "{application}/events?ack=1"]
PUSH = "courier.push.example"
WITH_PUSH = lab.PUBLIC_ZONE + [PUSH + ",203.0.113.80"]
SERVICES = ["Internal/Autodiscover", "External/Autodiscover", "Internal/AuthBroker", "External/AuthBroker",
            "External/WebScheduler"]
TWO_FRONT_ENDS = haproxy("balance roundrobin", "server fe02 10.20.0.32:8080")
FRONT_ENDS = [service(believes=True), service(sites=[["10.20.0.32", 8080]], computer="fe02", believes=True)]


def offloaded(name, shows, rules, plan=None, **more):
    """TLS ends at the proxy; the capture is of the clear leg behind it."""
    return Scenario(name, shows, rules, [out(schemes=["https"], **(plan or {}))], **{"point": INSIDE, **more})


def refused(path, status, code, subcode, **when):
    return [service(faults=[fault(path, status=status, type=JSON, body=doc.ucwa_error(code, subcode),
                                  **when)])]


REFUSED_TICKET = {"status": 401, "html": "401 - Unauthorized", "headers": [
    ["X-Ms-diagnostics", '28033;source="fe01.corp.contoso.example";reason="The web ticket is invalid.";'
     'faultcode="wsse:InvalidSecurityToken"'],
    ["X-MS-WebTicketURL", WEB + "/WebTicket/WebTicketService.svc"]]}

LINKS = [
    Scenario("mobility-url-internal", "The user's document names the pool's internal name for mobility: a "
             "phone outside cannot even look it up.", ["mobility-url-internal"], [out(schemes=["https"])],
             only="port 53 or port 8080", services=[service(mobility=POOL)]),
    Scenario("mobility-url-internal-inside", "The same with a phone on company Wi-Fi: it gets in, as long as "
             "it stays.", ["mobility-url-internal"], [inner(schemes=["https"])], point=INSIDE,
             only="port 80", services=[service(mobility=POOL)]),
    offloaded("mcx-link-missing", "Lync 2010 on a phone, and a pool without its mobility service.",
              ["mcx-link-missing"], {"agent": "ios2010", "entry": "mcx"},
              services=[service(final_tokens=SERVICES + ["Ucwa"])]),
    offloaded("ucwa-link-missing", "Lync 2013 on a phone, and a pool that knows Mcx only.",
              ["ucwa-link-missing"],
              services=[service(final_tokens=SERVICES + ["Internal/Mcx", "External/Mcx"])]),
    offloaded("signin-desktop-2010-pool", "A desktop on the same pool: it needs no mobility.", [],
              {"agent": "desktop", "token": "saml", "mobility": False},
              services=[service(final_tokens=SERVICES + ["Internal/Mcx", "External/Mcx"])]),
    offloaded("signin-mcx", "Lync 2010 on a phone signs in by Mcx; both Mcx links are the same, as they must "
              "be.", [], {"agent": "ios2010", "entry": "mcx"}),
]

DOOR_CASES = [
    offloaded("ucwa-create-403", "The mobility policy is off for the user.", ["ucwa-create-403"],
              services=refused(DOOR, 403, "Forbidden", "MobileApplicationNoLongerAllowed")),
    offloaded("ucwa-create-401", "The mobility service refuses a ticket, and a new one as well.",
              ["ucwa-create-401"], {"turns": 2},
              services=[service(faults=[fault(DOOR, credential="ticket", **REFUSED_TICKET)])]),
    offloaded("signin-second-ticket", "The first ticket is refused there, the next one is good.", [],
              {"turns": 2},
              services=[service(faults=[fault(DOOR, credential="ticket", times=1, **REFUSED_TICKET)])]),
    offloaded("ucwa-too-many", "Old endpoints of the user are still there: 429.", ["ucwa-too-many"],
              services=refused(DOOR, 429, "TooManyRequests", "TooManyApplications")),
    offloaded("mcx-401-loop", "Mcx refuses three tickets, one after the other.", ["mcx-401-loop"],
              {"agent": "ios2010", "entry": "mcx", "turns": 3},
              services=[service(faults=[fault(MCX, credential="ticket", **REFUSED_TICKET)])]),
]

SESSION = [
    offloaded("ucwa-app-lost", "The front end forgets the application that it has just made.",
              ["ucwa-app-lost"], {"after": [POLL]},
              services=refused(EVENTS, 404, "NotFound", "ApplicationNotFound")),
    offloaded("ucwa-app-made-again", "It does so once; the client makes a new application and goes on.",
              ["ucwa-app-lost"], {"after": [POLL, POLL], "recreate": True},
              services=refused(EVENTS, 404, "NotFound", "ApplicationNotFound", times=1)),
    offloaded("signin-sign-out", "After the sign-out the application is unknown, of course.", [],
              {"after": [POLL, ["DELETE", "{application}"], POLL]}),
    Scenario("long-poll-cut", "The proxy waits 2 s for events and answers 504, again and again; both legs.",
             ["long-poll-cut"], [out(schemes=["https"], auth="form", after=[POLL, POLL, POLL])], keylog=True,
             nginx=nginx("proxy_read_timeout 2s;"), services=[service(faults=[fault(EVENTS, delay=4)])]),
    offloaded("long-poll-cut-inside", "The same on the pool's side only: the proxy hangs up.",
              ["long-poll-cut"], {"auth": "form", "after": [POLL, POLL]},
              nginx=nginx("proxy_read_timeout 2s;"), services=[service(faults=[fault(EVENTS, hold=True)])]),
    offloaded("long-poll-reset", "Something before the front end resets what is idle for 2 s.",
              ["long-poll-cut"], {"after": [POLL, POLL]},
              services=[service(faults=[fault(EVENTS, delay=2, reset=True)])]),
    offloaded("signin-long-polls", "Long polls that end with 200 after the same time, every time.", [],
              {"after": [POLL, POLL, POLL]}, services=[service(faults=[fault(EVENTS, delay=2)])]),
    Scenario("push-5223-blocked", "Lync 2010 on iOS: nobody listens on the push port; the sign-in works.",
             ["push-5223-blocked"],
             [out(schemes=["https"], agent="ios2010", entry="mcx", push=[PUSH, 5223, "first"])],
             public=WITH_PUSH, keylog=True, only="port 53 or port 443 or port 5223"),
    Scenario("push-5223-dropped", "A sign-in that cannot be read; then a firewall drops the push port.",
             ["push-5223-blocked"], [out(schemes=["https"], push=[PUSH, 5223, "last"])], point=CLIENT,
             public=WITH_PUSH, drop=[("dns", "tcp dport 5223 drop")]),
    Scenario("signin-push-2013", "Lync 2013 on iOS: it does not need the push port.", [],
             [out(schemes=["https"], agent="ios", push=[PUSH, 5223, "first"])],
             public=WITH_PUSH, keylog=True, only="port 53 or port 443 or port 5223"),
]

POOL_CASES = [
    offloaded("affinity-broken", "Every request goes to the other front end: the second one does not know "
              "the application.", ["affinity-broken"], {"after": [POLL]}, haproxy=TWO_FRONT_ENDS,
              services=FRONT_ENDS),
    offloaded("affinity-broken-unharmed", "The same, and nothing asked so far needs the memory of one of "
              "them.", ["affinity-broken"], haproxy=TWO_FRONT_ENDS, services=FRONT_ENDS),
    offloaded("mobility-fqdn-inconsistent", "The application is given an address of another name.",
              ["mobility-fqdn-inconsistent"], {"after": [POLL]},
              public=lab.PUBLIC_ZONE + ["lyncweb2.contoso.example,203.0.113.10"],
              services=[service(application_base="https://lyncweb2.contoso.example")]),
    offloaded("user-410-no-backup", "The home pool is down, and no other is paired with it.",
              ["user-410-no-backup"],
              services=refused("root/user$", 410, "Gone", "CannotRedirect", credential="ticket")),
]

FEDERATED = ('<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body><S:Fault><S:Code>'
             "<S:Value>S:Sender</S:Value><S:Subcode><S:Value>wst:FailedAuthentication</S:Value></S:Subcode>"
             '</S:Code><S:Reason><S:Text xml:lang="en-US">Authentication Failure</S:Text></S:Reason>'
             '<S:Detail><psf:error xmlns:psf="http://schemas.microsoft.com/Passport/SoapServices/SOAPFault">'
             "<psf:value>0x80048821</psf:value><psf:internalerror><psf:code>0x80047860</psf:code>"
             "<psf:text>Direct login to WLID is not allowed for this federated namespace</psf:text>"
             "</psf:internalerror></psf:error></S:Detail></S:Fault></S:Body></S:Envelope>")
CREDENTIALS = [
    offloaded("auth-epa", "Extended protection on the front end, TLS ended by the proxy: the page says why.",
              ["auth-epa"],
              services=[service(faults=[fault(
                  "WebTicketService.svc$", credential="type3", status=401, lync=False,
                  html="HTTP Error 401.1 - Unauthorized",
                  text="<p>Error Code &nbsp; 0x80090346</p><p>Logon Method &nbsp; Not yet determined</p>",
                  headers=[["WWW-Authenticate", "Negotiate"], ["WWW-Authenticate", "NTLM"]])])]),
    Scenario("liveid-federated", "The online login does not take the password of a federated domain; all of "
             "it inside TLS.", ["liveid-federated"],
             [out(schemes=["https"], live_id="https://login.contoso.example/RST2.srf")], point=WIRE,
             only="port 53 or port 443", keylog=True,
             public=lab.PUBLIC_ZONE + ["login.contoso.example,203.0.113.80"],
             other_site=[("203.0.113.80:443", True, [
                 "location = /RST2.srf {", '  default_type "application/soap+xml";',
                 f"  return 200 '{FEDERATED}';", "}"])]),
]
SCENARIOS = LINKS + DOOR_CASES + SESSION + POOL_CASES + CREDENTIALS
