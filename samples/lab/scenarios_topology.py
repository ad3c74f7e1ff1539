"""scenarios_topology.py: what the site's own build does to sign-ins, stage topology."""
import lab
from scenario import (ALICE, INSIDE, Scenario, fault, haproxy, inner, out, server, service)

WEB = "https://lyncweb.contoso.example"
POOL2 = "https://poolweb2.contoso.example"
ROOT = "/Autodiscover/AutodiscoverService.svc/root"
TLS_SITE = [("10.20.0.31:4443", True, "10.20.0.31:8080", ())]
RSA_SITE = [("10.20.0.31:443", "rsa ciphers AES128-GCM-SHA256 ssl-max-ver TLSv1.2",
             "10.20.0.31:80", ())]
CERTIFICATE = ["-k", "--tls-max", "1.2", "--cert", "{folder}/site.pem"]
OWAS = haproxy("use-server owas if { hdr(host) -i owas.contoso.example }",
               "server owas 10.20.0.40:443 weight 0 ssl verify none")
NO_SAN = [name for name in lab.NAMES if not name.startswith(("lyncdiscover", "*"))]
ONE_LEG = "port 53 or host 198.51.100.21"

PUBLISHING = [
    Scenario("port-not-translated-80", "Port 80 of the proxy leads to the internal web site: an outside "
             "client is told Internal.", ["port-not-translated-80"], [out()], only="port 53 or port 80",
             haproxy=haproxy(http="10.20.0.31:80", https="10.20.0.31:80"),
             services=[service(link_base=WEB)]),
    Scenario("port-not-translated-443", "Port 443 is passed on to 443, and the outside client gets the "
             "addresses for inside; the pool's key is beside the capture.",
             ["port-not-translated-443"], [out(schemes=["https"])],
             only="port 53 or (host 10.20.0.31 and port 443)",
             haproxy=haproxy(https="10.20.0.31:443 ssl verify none"), front=RSA_SITE, rsa=True,
             options="-K tests/golden/captures/port-not-translated-443.key.pem"),
    Scenario("plain-http-to-4443", "TLS ends at the proxy, and clear text goes to 4443.",
             ["plain-http-to-4443"], [out(schemes=["https"])], point=INSIDE,
             haproxy=haproxy(https="10.20.0.31:4443"), front=TLS_SITE),
    Scenario("owas-unreachable", "Signed in, but Office Web Apps does not listen: 503 for its name.",
             ["owas-unreachable"],
             [out(later=[["GET", "http://owas.contoso.example/hosting/discovery"]])],
             public=lab.PUBLIC_ZONE + ["owas.contoso.example,203.0.113.10"], haproxy=OWAS,
             only="port 53 or port 80 or port 8080 or (host 10.20.0.40 and port 443)"),
    Scenario("http-only-publishing", "The certificate lacks lyncdiscover: port 80 tells the way.",
             ["http-only-publishing"], [out(schemes=["http", "https"], curl=["--tls-max", "1.2"])],
             names=NO_SAN),
    Scenario("external-url-wrong-port", "The published port is the listening port: outside clients are "
             "sent to 4443.", ["external-url-wrong-port"], [out()],
             services=[service(link_base=WEB + ":4443")]),
]

NAMES = [
    Scenario("internal-external-fqdn-equal", "Internal and external web services have one name.",
             ["internal-external-fqdn-equal"], [out(schemes=["https"])], point=INSIDE,
             services=[service(internal=WEB, external=WEB)]),
    Scenario("autodiscover-wrong-version-first", "DNS points at the Lync 2010 pool; the user's home is "
             "newer.", ["autodiscover-wrong-version-first"], [out(schemes=["https"])], point=INSIDE,
             public=lab.PUBLIC_ZONE + ["poolweb2.contoso.example,203.0.113.10"],
             haproxy=haproxy("use-server fe02 if { hdr(host) -i poolweb2.contoso.example }",
                             "server fe02 10.20.0.32:8080 weight 0"),
             services=[service(computer="fe2010", root_tokens=["Domain", "User"], users={
                           "alice@contoso.example": {"account": "CONTOSO\\alice",
                                                     "password": "Summer-2013",
                                                     "home": POOL2 + ROOT + "/user"}}),
                       service(sites=[["10.20.0.32", 8080]], computer="fe02", external=POOL2)]),
    Scenario("hairpin-dropped", "Inside, the site is found; the way out to the proxy and back in is "
             "dropped, while an outside client gets in.", ["hairpin-dropped"],
             [out(schemes=["https"]), inner(schemes=["http"], connect_s=8)],
             drop=[("rp", "ip saddr 10.20.5.77 drop")],
             only="port 53 or host 10.20.5.77 or port 80 or port 8080 or (port 443 and tcp[tcpflags] & (tcp-syn|tcp-rst) != 0)"),
    Scenario("hairpin-refused-for-all", "Nobody gets to 443 of the proxy, inside or outside: that is "
             "no matter of the way out and back.", ["tcp-443-refused"],
             [out(schemes=["https"]), inner(schemes=["http"])], haproxy=haproxy(https=None),
             services=[service(link_base=WEB)]),
    Scenario("stale-cache-urls", "The remembered mobility addresses are gone; the client looks for the "
             "site anew.", ["stale-cache-urls"],
             [out(schemes=["https"],
                  before=[["POST", "https://oldpool.contoso.example/ucwa/v1/applications"],
                          ["POST", "https://oldweb.contoso.example/ucwa/v1/applications"]])],
             point=INSIDE, services=[service(faults=[
                 fault("ucwa", host=host, status=404, lync=False, html="404 - Not found.")
                 for host in ("oldweb.contoso.example", "oldpool.contoso.example")])],
             public=lab.PUBLIC_ZONE + ["oldweb.contoso.example,203.0.113.10",
                                       "oldpool.contoso.example,203.0.113.10"]),
]

SERVERS = [
    Scenario("cms-4443-misread", "A Front End replicates its configuration to an Edge server, beside a "
             "good sign-in.", ["cms-4443-misread"],
             [[out(schemes=["https"]),
               server("https://203.0.113.20:4443/ReplicationWebService.svc", curl=CERTIFICATE)]],
             point=INSIDE, only="port 8080 or port 4443",
             other_site=[("203.0.113.20:4443", True, [
                 "ssl_verify_client optional_no_ca;", "location / { return 200 'ok'; }"])]),
    Scenario("cms-4443-refused", "The Edge server does not take that connection: replication fails, "
             "sign-ins do not.", [],
             [out(schemes=["https"]),
              server("https://203.0.113.20:4443/ReplicationWebService.svc", curl=CERTIFICATE)],
             point=INSIDE, only="port 8080 or port 4443"),
    Scenario("interpool-4443-blocked", "A Front End cannot reach the other pool: its SYNs are dropped.",
             ["interpool-4443-blocked"],
             [[out(schemes=["https"]), server("https://10.20.0.40:4443/", connect_s=8)]],
             point=INSIDE, only="port 8080 or port 4443", drop=[("lb", "tcp dport 4443 drop")]),
    Scenario("sba-5088-5089-blocked", "A Front End cannot reach a branch appliance.",
             ["sba-5088-5089-blocked"],
             [server("https://10.20.0.40:5088/", "https://10.20.0.40:5089/")], point=INSIDE,
             only="port 5088 or port 5089"),
]
SCENARIOS = PUBLISHING + NAMES + SERVERS
