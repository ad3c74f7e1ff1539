"""scenarios_auth.py: who are you, stages auth and webticket; all on the clear leg behind the proxy."""
from scenario import (ALICE, INSIDE, WIRE, PROXY, Scenario, fault, haproxy, inner, nginx, out, out2, service)

ROOT = "/Autodiscover/AutodiscoverService.svc/root"
WRONG = {"password": "Winter-2012"}
TICKET = "WebTicketService.svc$"
TEXT_XML = "text/xml; charset=utf-8"


def offloaded(name, shows, rules, plan=None, **more):
    return Scenario(name, shows, rules, [out(schemes=["https"], **(plan or {}))],
                    **{"point": INSIDE, **more})


def attempts(name, shows, rules, plans, **more):
    return Scenario(name, shows, rules, [out(schemes=["https"], **plan) for plan in plans],
                    **{"point": INSIDE, **more})


AUTH = [
    offloaded("auth-wrong-password", "A wrong password: the third leg of NTLM is answered 401.",
              ["auth-401-after-type3"], WRONG, sample=True),
    offloaded("auth-repeat-lockout", "A device tries its old password three times.",
              ["auth-repeat-lockout"], {**WRONG, "repeat": 3}),
    attempts("auth-spray", "One address tries one password on six accounts.", ["auth-spray"],
             [{"user": f"{name}@contoso.example", "account": f"CONTOSO\\{name}", "auth": "ntlm"}
              for name in ("adam", "beth", "carl", "dora", "emil", "fred")], only="tcp port 8080"),
    offloaded("auth-ntlm-connection-broken",
              "The proxy opens a new connection for every request: NTLM cannot work.",
              ["auth-ntlm-connection-broken"], sample=True, nginx=nginx()),
    offloaded("auth-negotiate-missing", "The ticket service offers neither Negotiate nor NTLM.",
              ["auth-negotiate-missing"], {"auth": "none"}, services=[service(schemes=[], mex_windows=False)]),
    offloaded("auth-basic-offered", "The ticket service offers Basic only.",
              ["auth-negotiate-missing"], {"auth": "none"}, services=[service(schemes=["Basic realm=\"contoso\""])]),
    Scenario("auth-kerberos-fail", "The server does not take the Kerberos ticket; NTLM saves the sign-in.",
             ["auth-kerberos-fail"],
             [inner(schemes=["https"], agent="desktop", token="saml", auth="kerberos-ntlm", mobility=False)],
             point=INSIDE, only="port 80", kerberos=True, services=[service(kerberos=False)]),
    offloaded("auth-domain-unexpected", "The device sends its own name as the domain.",
              ["auth-domain-unexpected"], {"account": "WORKSTATION\\alice"},
              services=[service(users={"alice@contoso.example": {
                  "account": "alice", "password": "Summer-2013"}})]),
    offloaded("auth-anonymous-type3", "The client has no credentials and sends an empty NTLM answer.",
              ["auth-anonymous-type3"], {"account": "", "password": ""}),
    offloaded("oauth-invalid-grant", "OAuth with a wrong password.", ["oauth-invalid-grant"],
              {**WRONG, "auth": "oauth", "accept": "ucwa", "agent": "browser"}, sample=True),
    offloaded("oauth-unsupported-grant", "A grant that the pool does not allow.",
              ["oauth-unsupported-grant"],
              {"auth": "oauth-grant", "grant": "urn:ietf:params:oauth:grant-type:saml2-bearer",
               "accept": "ucwa", "agent": "browser"}),
    offloaded("oauth-server-error", "The token service fails.", ["oauth-server-error"],
              {"auth": "oauth", "accept": "ucwa", "agent": "browser"},
              services=[service(faults=[fault("oauthtoken", status=500, type="application/json",
                                              body='{"error":"server_error"}')])]),
    offloaded("oauth-resource-mismatch", "A token for one host is used at the host of a redirect.",
              ["oauth-resource-mismatch"],
              {"start": "https://webdir1.contoso.example" + ROOT + "/oauth/user", "accept": "ucwa",
               "auth": "oauth", "agent": "browser", "keep_ticket": True,
               "ticket": ["Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJhdWQiOiJ3ZWJkaXIxIn0."]},
              public=["webdir1.contoso.example,203.0.113.10", "webdir2.contoso.example,203.0.113.10"],
              services=[service(faults=[
                  fault("oauth/user", host="webdir1.contoso.example", status=200,
                        type="application/json", body='{"_links":{"self":{"href":"https://webdir1.contoso.example'
                        + ROOT + '/oauth/user"},"redirect":{"href":"https://webdir2.contoso.example'
                        + ROOT + '/oauth/user"}}}')])]),
]

WEBTICKET = [
    offloaded("no-webticket-url", "The 401 says nothing of where tickets are issued.",
              ["no-webticket-url"], services=[service(ticket_base="")]),
    offloaded("webticket-host-differs", "Tickets are issued by another host than the one that asks.",
              ["webticket-host-differs"],
              services=[service(ticket_base="https://meet.contoso.example")]),
    Scenario("webticket-url-internal", "An outside client is told an internal ticket service.",
             ["webticket-url-internal"], [out(schemes=["https"])], point=WIRE,
             services=[service(ticket_base="https://pool01.corp.contoso.example")]),
    offloaded("mex-fail", "The ticket service's description cannot be had: 404.", ["mex-fail"],
              services=[service(faults=[fault("/mex$", status=404, html="404 - Not found", lync=False)])]),
    offloaded("mex-html", "The ticket service's description is a page.", ["mex-fail"],
              services=[service(faults=[fault("/mex$", status=200, html="Contoso")])]),
    offloaded("rst-fault", "The ticket request ends in a SOAP fault.", ["rst-fault"],
              services=[service(faults=[fault(TICKET, credential="type3", status=500, type=TEXT_XML, fault=[
                  "InvalidSecurityToken", "The security token could not be authenticated.", 28035,
                  "The user is not enabled for this service."])])]),
    offloaded("rst-fault-28020", "A wrong password on the form way: fault 28020.",
              ["rst-fault-28020"], {**WRONG, "auth": "form"}),
    offloaded("rst-sipuri-mismatch", "The sign-in address is not that of the account.",
              ["rst-sipuri-mismatch"], {"user": "alice.smith@contoso.example"}, sample=True),
    offloaded("rst-account-disabled", "The account is disabled.", ["rst-account-disabled"],
              {"auth": "form"},
              services=[service(users={"alice@contoso.example": {
                  "account": "CONTOSO\\alice", "password": "Summer-2013", "disabled": True}})]),
    offloaded("ticket-rejected", "The server does not take the ticket it has issued.",
              ["ticket-rejected"],
              services=[service(faults=[fault("root/user$", credential="ticket", status=401, headers=[
                  ["X-Ms-diagnostics", '28033;source="fe01.corp.contoso.example";reason="The web ticket '
                   'is invalid.";faultcode="wsse:InvalidSecurityToken"'],
                  ["X-MS-WebTicketURL", "https://lyncweb.contoso.example/WebTicket/WebTicketService.svc"]],
                  html="401 - Unauthorized")])]),
    offloaded("ticket-expired-use", "A ticket is used after its end.", ["ticket-expired-use"],
              {"wait_s": 3}, services=[service(ticket_lifetime_s=1)]),
    offloaded("ticket-clock-skew", "The front end's clock is 20 minutes ahead.", ["ticket-clock-skew"],
              services=[service(ticket_skew_s=1200)]),
]
SCENARIOS = AUTH + WEBTICKET
