"""scenarios_normal.py: sign-ins that work, with what looks like failure and is none; and captures
that are themselves imperfect."""
import lab
from scenario import (ALICE, CLIENT, INSIDE, PROXY, WIRE, Scenario, fault, haproxy, inner, nginx, out, out2,
                      service)

ROOT = "/Autodiscover/AutodiscoverService.svc/root"
POOL2 = "https://poolweb2.contoso.example"
TWO_POOLS = haproxy(
    "use-server fe02 if { hdr(host) -i poolweb2.contoso.example }",
    "server fe02 10.20.0.32:8080 weight 0")
DIRECTOR = [service(users={"alice@contoso.example": {
                "account": "CONTOSO\\alice", "password": "Summer-2013", "home": POOL2 + ROOT + "/user"}}),
            service(sites=[["10.20.0.32", 8080]], computer="fe02", external=POOL2)]

NORMAL = [
    Scenario("signin-outside", "A phone outside signs in: TLS to the proxy, clear text behind it; both "
             "legs, NXDOMAIN for the internal name, HTTP and HTTPS at once.", [],
             [out(schemes=["http", "https"])], sample=True),
    Scenario("signin-behind-proxy", "The same, captured on the pool's side only.", [],
             [out(schemes=["https"])], sample=True, point=INSIDE),
    Scenario("signin-on-proxy", "The same, captured on the proxy's `any` interface.", [],
             [out(schemes=["https"])], point=PROXY),
    Scenario("signin-inside", "A desktop inside signs in through the internal web site.", [],
             [inner(schemes=["http", "https"], agent="desktop", token="saml", mobility=False)],
             sample=True),
    Scenario("signin-three-legs", "NTLM with its two 401: the client asks without credentials first.", [],
             [out(schemes=["https"], auth="blind-ntlm")], point=INSIDE, services=[service(schemes=["NTLM"])]),
    Scenario("signin-director", "The Director redirects to the home pool, where the dance begins again.",
             [], [out(schemes=["https"])], sample=True, point=INSIDE,
             public=lab.PUBLIC_ZONE + ["poolweb2.contoso.example,203.0.113.10"], haproxy=TWO_POOLS,
             services=DIRECTOR),
    Scenario("signin-oauth", "A web application signs in with an OAuth token.", [],
             [out(schemes=["https"], auth="oauth", accept="ucwa", agent="browser")], point=INSIDE),
    Scenario("signin-oauth-windows", "The same with Windows authentication at the token endpoint.", [],
             [out(schemes=["https"], auth="oauth-windows", grant="urn:microsoft.rtc:windows",
                  accept="ucwa", agent="browser")], point=INSIDE),
    Scenario("signin-gzip-chunked", "Bodies compressed and in chunks.", [],
             [out(schemes=["https"], curl=["--compressed"])], point=INSIDE,
             services=[service(gzip=True, chunked=True)]),
    Scenario("signin-json", "Autodiscover in its JSON form.", [],
             [out(schemes=["https"], accept="json")], point=INSIDE),
    Scenario("signin-301-to-https", "The proxy forces https on the same name.", ["http-301-to-https"],
             [out(schemes=["http", "https"], follow=False)],
             haproxy=haproxy("http-request redirect scheme https code 301 unless { ssl_fc }")),
    Scenario("signin-kerberos", "Inside, with a Kerberos ticket of a real KDC, sent at once.", [],
             [inner(schemes=["https"], agent="desktop", token="saml", auth="kerberos", mobility=False)],
             point=INSIDE, only="port 80", kerberos=True),
    Scenario("signin-from-cache", "The client knows its URLs and begins at the user resource.", [],
             [out(start="https://lyncweb.contoso.example" + ROOT + "/user")], point=INSIDE),
    Scenario("signin-kerberos-asked", "Kerberos after the one 401 that asks for it.", [],
             [inner(schemes=["https"], agent="desktop", token="saml", auth="blind-kerberos", mobility=False)],
             point=INSIDE, only="port 80", kerberos=True),
    Scenario("signin-from-cache-ucwa", "The first thing asked is the mobility service, from memory: 401, "
             "then a ticket.", [],
             [out(before=[["POST", "https://lyncweb.contoso.example/ucwa/v1/applications"]],
                  start="https://lyncweb.contoso.example" + ROOT + "/user")], point=INSIDE),
    Scenario("signin-roaming", "Outside with the addresses for inside in memory: refused, then the other "
             "set.", [],
             [out(before=[["POST", "https://pool01.corp.contoso.example/ucwa/v1/applications"]],
                  start="https://lyncweb.contoso.example" + ROOT + "/user")],
             public=lab.PUBLIC_ZONE + ["pool01.corp.contoso.example,203.0.113.80"],
             only="port 53 or host 203.0.113.80 or port 8080"),
    Scenario("signin-online", "lyncdiscover is an alias of Lync Online, whose certificate is for its own "
             "names: port 80 tells the way.", [],
             [out(schemes=["http", "https"], curl=["--tls-max", "1.2"])],
             public={"lyncdiscover.contoso.example": [["CNAME", "webdir.online.lync.com"]],
                     "webdir.online.lync.com": [["A", "203.0.113.10"]],
                     "webdir0a.online.lync.com": [["A", "203.0.113.10"]]},
             names=["*.online.lync.com", "online.lync.com"],
             services=[service(external="https://webdir0a.online.lync.com")]),
    Scenario("signin-push-2013-clear", "The push port is closed, which no client of 2013 needs.", [],
             [out(schemes=["https"], agent="ios", before=[["GET", "https://203.0.113.80:5223/"]])],
             only="port 53 or port 5223 or port 8080"),
    Scenario("signin-long-poll", "In, an events request that hangs 11 s, and a sign-out.", [],
             [out(schemes=["https"], after=[["POST", "{application}/me/makeMeAvailable"],
                                            ["GET", "{application}/events?ack=1"],
                                            ["DELETE", "{application}"]], answer_s=20)],
             point=INSIDE, services=[service(faults=[fault("/events", delay=11)])]),
    Scenario("signin-rst-after-answer", "The proxy ends its connections with RST once it has the answer.",
             [], [out(schemes=["https"])], point=INSIDE,
             haproxy=haproxy("option nolinger")),
    Scenario("signin-second-try", "A wrong password, corrected at the second try.",
             ["auth-401-after-type3"],
             [out(schemes=["https"], password="Winter-2012"), out(schemes=["https"])], point=INSIDE),
    Scenario("two-users-one-address", "Two people behind one address sign in at the same time.", [],
             [[out(schemes=["https"]), out(schemes=["https"], user="bob@contoso.example",
                                           account="CONTOSO\\bob")]], point=INSIDE,
             services=[service(users={**ALICE, "bob@contoso.example": {
                 "account": "CONTOSO\\bob", "password": "Summer-2013"}})]),
    Scenario("signin-beside-exchange", "Exchange Autodiscover beside a good sign-in: not ours.", [],
             [out(schemes=["https"], before=["autodiscover.contoso.example",
                                             "_autodiscover._tcp.contoso.example"])],
             only="port 53 or port 8080"),
    Scenario("oauth-passive", "Passive sign-in begins with invalid_grant and the address of the form.", [],
             [out(schemes=["https"], auth="oauth-passive", grant="urn:microsoft.rtc:passive",
                  accept="ucwa", agent="browser")], point=INSIDE),
    Scenario("ucwa-health", "A probe of the mobility service without a ticket: 401 means alive.", [],
             [out(before=[["GET", "https://lyncweb.contoso.example/ucwa/v1/applications"]],
                  schemes=["https"])], point=INSIDE),
]

SHOWCASE = [
    Scenario("morning", "Four people in one minute: one gets in, one has a new password, one types "
             "another address than the account's, one has a domain without records.",
             ["auth-401-after-type3", "rst-sipuri-mismatch", "dns-external-missing"],
             [out(schemes=["http", "https"], agent="ios"),
              [out2(schemes=["https"], user="bob@contoso.example", account="CONTOSO\\bob",
                    password="Winter-2012"), out(user="carol@wingtip.example")],
              out(schemes=["https"], user="alice.smith@contoso.example", agent="desktop", token="saml")],
             sample=True, only="port 53 or port 80 or port 8080",
             services=[service(users={**ALICE, "bob@contoso.example": {
                 "account": "CONTOSO\\bob", "password": "Summer-2013"}})]),
]

CAPTURE = [
    Scenario("capture-tls-only", "Only the client's TLS connections are in the capture.",
             ["capture-not-decrypted"], [out(schemes=["https"])], point=CLIENT),
    Scenario("capture-drops", "The same, and the capturing program says that it dropped packets.",
             ["capture-drops"], [out(schemes=["https"])], point=CLIENT, after="drops"),
    Scenario("capture-snap-420", "Packets cut at 420 bytes: heads are whole, bodies are not.",
             ["capture-truncated-packets"], [out(schemes=["https"])], snap=420, point=INSIDE),
    Scenario("capture-snap-96", "Packets cut at 96 bytes: nothing can be told, and nothing is.", [],
             [out(schemes=["https"])], snap=96, point=INSIDE),
    Scenario("capture-one-sided", "Only what goes to the servers.", ["capture-one-sided"],
             [out(schemes=["https"])], point=INSIDE, only="dst host 10.20.0.31"),
    Scenario("capture-answers-only", "Only what the servers send.", ["capture-one-sided"],
             [out(schemes=["https"])], point=INSIDE, only="src host 10.20.0.31"),
    Scenario("capture-cut-short", "The file ends inside a packet.", ["capture-cut-short"],
             [out(schemes=["https"])], point=INSIDE, after="cut"),
    Scenario("capture-clock-skew", "The client's side and the proxy, whose clock is 7.25 s ahead.",
             ["capture-clock-skew"], [out(schemes=["https"])], point=CLIENT, second=PROXY, ahead=7.25,
             only="port 53 or port 443 or port 8080",
             options="tests/golden/captures/capture-clock-skew-2.pcap"),
    Scenario("signin-pcapng-gz", "A good sign-in as pcapng, compressed.", [], [out(schemes=["https"])],
             point=INSIDE, after="pcapng.gz"),
    Scenario("signin-zst", "The same, compressed with zstd.", [], [out(schemes=["https"])],
             point=INSIDE, after="zst"),
]
SCENARIOS = SHOWCASE + NORMAL + CAPTURE
