"""scenarios_dns.py: what goes wrong before the first request, stages dns and tcp."""
import lab
from scenario import (ALICE, CLIENT, FRONT_END, INSIDE, PROXY, WIRE, Scenario, fault, haproxy, inner, nginx, out, out2,
                      service)

AD = "lyncdiscover.contoso.example"
AD_INTERNAL = "lyncdiscoverinternal.contoso.example"
WEB = "lyncweb.contoso.example"
NO_NAMES = [row for row in lab.PUBLIC_ZONE if not row.startswith("lyncdiscover")]
SRV = ["srv-host=_sip._tls.contoso.example,sip.contoso.example,443",
       "srv-host=_sipinternaltls._tcp.contoso.example,sip.contoso.example,5061"]
DROP_443 = ("rp", "tcp dport 443 drop")


def moved(zone, name, address):
    """The zone with one name at another address; None: without it."""
    rows = [row for row in zone if not row.startswith(name + ",")]
    return rows + ([f"{name},{address}"] if address else [])


DNS = [
    Scenario("dns-nxdomain", "Neither discovery name exists: no Autodiscover records for the SIP domain.",
             ["dns-external-missing"], [out(srv=False)], sample=True,
             public=NO_NAMES),
    Scenario("dns-both-names-fail", "Inside, neither name exists.", ["dns-both-names-fail"], [inner()],
             inside=moved(lab.INNER_ZONE, AD_INTERNAL, None)),
    Scenario("dns-nodata", "Both names exist without an address.", ["dns-external-missing"], [out()],
             public={AD: [["SRV", "0 0 443 " + WEB]], AD_INTERNAL: [["SRV", "0 0 443 " + WEB]]}),
    Scenario("dns-internal-missing-inside",
             "An inside client finds no lyncdiscoverinternal and signs in by the Internet path.",
             ["dns-internal-missing-inside"], [inner(schemes=["https"])],
             inside=moved(lab.INNER_ZONE, AD_INTERNAL, None) + [AD + ",203.0.113.10"],
             options="--internal 10.20.0.0/16"),
    Scenario("dns-internal-leaks-public",
             "The public resolver knows lyncdiscoverinternal, with an inner address: 4 s lost, then in.",
             ["dns-internal-leaks-public"], [out(schemes=["https"], connect_s=4)],
             public=lab.PUBLIC_ZONE + [AD_INTERNAL + ",10.20.0.40"]),
    Scenario("dns-private-address-outside",
             "lyncdiscover has the inner address of the proxy in public DNS: SYNs go nowhere.",
             ["dns-private-address-outside"], [out(schemes=["http", "https"], connect_s=8)],
             sample=True, public=moved(lab.PUBLIC_ZONE, AD, "10.20.0.10")),
    Scenario("dns-external-resolves-internal-vip",
             "Inside, the external web name leads to the internal web site, not to the proxy: the "
             "mobility service is asked where it must not be.",
             ["dns-external-resolves-internal-vip"], [inner(schemes=["https"])],
             inside=moved(lab.INNER_ZONE, WEB, "10.20.0.40")),
    Scenario("dns-split-zone-missing-web-fqdn",
             "Inside, the root answer names the external web service, which the inner zone lacks.",
             ["dns-split-zone-missing-web-fqdn"], [inner(schemes=["http"])],
             inside=moved(lab.INNER_ZONE, WEB, None),
             services=[service(link_base="https://" + WEB)]),
    Scenario("dns-redirect-target-unresolvable",
             "The root answer redirects to a pool whose name is not in public DNS.",
             ["dns-redirect-target-unresolvable"], [out()], sample=True,
             services=[service(redirect_root="https://poolweb2.contoso.example/Autodiscover/"
                               "AutodiscoverService.svc/root")]),
    Scenario("dns-cname-cross-domain",
             "lyncdiscover is an alias in another domain, port 80 is closed: over TLS the name does "
             "not fit the certificate.",
             ["dns-cname-cross-domain"], [out(schemes=["http", "https"], curl=["--tls-max", "1.2"])],
             public={AD: [["CNAME", "director.fabrikam.example"]],
                     "director.fabrikam.example": [["A", "203.0.113.10"]]},
             haproxy=haproxy(http=None), names=["director.fabrikam.example"]),
    Scenario("dns-cname-dangling", "lyncdiscover is an alias of a host that is gone.",
             ["dns-cname-dangling"], [out()], public={AD: [["CNAME", "retired.contoso.example"]]}),
    Scenario("dns-cname-loop", "The alias of lyncdiscover leads back to itself.", ["dns-cname-loop"],
             [out()], public={AD: [["CNAME", "a.contoso.example"]],
                              "a.contoso.example": [["CNAME", "b.contoso.example"]],
                              "b.contoso.example": [["CNAME", "a.contoso.example"]]}),
    Scenario("dns-srv-only-domain",
             "A phone finds no discovery name; a desktop of the same domain signs in by SRV.",
             ["dns-external-missing", "dns-srv-only-domain"], [out(), out2(agent="desktop", srv=True)],
             public=NO_NAMES + SRV),
    Scenario("dns-servfail", "The resolver answers SERVFAIL for both names.", ["dns-servfail"], [out()],
             public={"refuse": {AD: 2, AD_INTERNAL: 2}}),
    Scenario("dns-refused", "The resolver refuses to answer.", ["dns-servfail"], [out()],
             public={"refuse": {AD: 5, AD_INTERNAL: 5}}),
    Scenario("dns-timeout", "No answer from the resolver: UDP port 53 is blocked.", ["dns-timeout"],
             [out()], sample=True, resolver="timeout:2 attempts:4", drop=[("dns", "udp dport 53 drop")]),
    Scenario("dns-srv-blocked", "The resolver answers for addresses and is silent for SRV.",
             ["dns-srv-blocked"], [out(agent="desktop", srv=True)],
             public={"silent": ["SRV"], "sip.contoso.example": [["A", "203.0.113.20"]]}),
    Scenario("dns-srv-target-domain-mismatch", "The SRV target lies outside the SIP domain.",
             ["dns-srv-target-domain-mismatch"], [out(agent="desktop", srv=True)],
             public=NO_NAMES + ["srv-host=_sip._tls.contoso.example,sip.fabrikam.example,443",
                                "sip.fabrikam.example,203.0.113.20"]),
    Scenario("dns-o365-cname-wrong", "lyncdiscover is an alias under lync.com, but not of webdir.",
             ["dns-o365-cname-wrong"], [out(schemes=["http", "https"], connect_s=4)],
             public={AD: [["CNAME", "sipdir.online.lync.com"]],
                     "sipdir.online.lync.com": [["A", "203.0.113.20"]]}),
    Scenario("dns-multiple-sipdomain-gap",
             "Two SIP domains sign in through one proxy; the third has no records.",
             ["dns-multiple-sipdomain-gap"],
             [out(schemes=["https"]), out2(user="bob@fabrikam.example", account="CONTOSO\\bob",
                                           schemes=["https"]),
              out(user="carol@wingtip.example")],
             public=lab.PUBLIC_ZONE + ["lyncdiscover.fabrikam.example,203.0.113.10"],
             services=[service(users={**ALICE, "bob@fabrikam.example": {
                 "account": "CONTOSO\\bob", "password": "Summer-2013"}})], only="port 53 or port 8080"),
    Scenario("dns-wrong-exchange-name", "Exchange Autodiscover alone: not ours.",
             ["dns-wrong-exchange-name"],
             [out(names=[], before=["autodiscover.contoso.example", "_autodiscover._tcp.contoso.example"])]),
]

TCP = [
    Scenario("tcp-443-refused", "The proxy has no listener on 443; port 80 only redirects there.",
             ["tcp-443-refused"], [out(schemes=["http", "https"])], sample=True,
             haproxy=haproxy(https=None)),
    Scenario("tcp-443-timeout", "A firewall drops port 443: SYNs are repeated into silence.",
             ["tcp-443-timeout"], [out(schemes=["https"], connect_s=9)], sample=True, drop=[DROP_443]),
    Scenario("tcp-80-closed", "Port 80 is closed, 443 works.", ["tcp-80-closed"],
             [out(schemes=["http", "https"])], haproxy=haproxy(http=None)),
    Scenario("rp-backend-4443-unreachable", "The proxy cannot reach the pool on 4443: refused.",
             ["rp-backend-4443-unreachable"], [out(schemes=["https"])],
             haproxy=haproxy(https="10.20.0.31:4443")),
    Scenario("rp-backend-4443-timeout", "The proxy's SYNs to 4443 are dropped inside.",
             ["rp-backend-4443-unreachable"], [out(schemes=["https"])],
             haproxy=haproxy(https="10.20.0.31:4443"), drop=[("fe", "tcp dport 4443 drop")]),
    Scenario("rp-backend-8080-unreachable", "Port 80 is published, but 8080 of the pool is closed: 502.",
             ["rp-backend-8080-unreachable"], [out()], sample=True,
             nginx=nginx(), services=[service(sites=[["10.20.0.31", 80]])]),
    Scenario("rp-backend-8080-timeout", "The proxy's SYNs to 8080 are dropped inside: 504.",
             ["rp-backend-8080-unreachable"], [out()], nginx=nginx("proxy_connect_timeout 4s;"),
             drop=[("fe", "tcp dport 8080 drop")]),
    Scenario("tcp-reset-mid-handshake", "Something resets each connection after the ClientHello.",
             ["tcp-reset-mid-handshake"], [out(schemes=["https"])],
             drop=[("rp", "tcp dport 443 tcp flags & psh == psh reject with tcp reset")]),
    Scenario("network-switch-midflow", "The phone leaves Wi-Fi after the first answer and goes on from "
             "another address.", ["network-switch-midflow"],
             [inner(stop="root"), out(schemes=["http", "https"])]),
    Scenario("http-ok-then-443-refused",
             "Port 80 answers with a redirect to https, where nobody listens.", ["tcp-443-refused"],
             [out(schemes=["http"])], haproxy=haproxy(https=None)),
]
SCENARIOS = DNS + TCP
