"""scenarios_tls.py: certificates that clients refuse, handshakes that fail, and what only looks so.

Clients are curl, openssl, gnutls-cli, and leave.py, which closes without a word as phones do.
"""
import time

import lab
from scenario import CLIENT, FRONT_END, INSIDE, Scenario, fault, haproxy, inner, nginx, out, out2, service

OLD = ["--tls-max", "1.2"]                     # curl as a phone of 2014: alerts are in the clear
LEAVE_12 = ["python3", "{lab}/leave.py", "{address}", "{port}", "{name}", "TLSv1_2"]
LEAVE_13 = LEAVE_12[:-1] + ["TLSv1_3"]
BREAK_OFF, RESET, RESUME, DROP, NO_SNI = (
    [*LEAVE_12, how] for how in ("ask", "ask-reset", "ask-twice", "drop", "no-sni"))
S_CLIENT = ["openssl", "s_client", "-connect", "{address}:{port}", "-servername", "{name}", "-tls1_2",
            "-verify_return_error", "-CAfile", "{folder}/ca.pem"]
GNUTLS = ["gnutls-cli", "--x509cafile", "{folder}/ca.pem", "--sni-hostname", "{name}",
          "--verify-hostname", "{name}", "-p", "{port}", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2",
          "{address}"]
S_SERVER = ["openssl", "s_server", "-accept", "203.0.113.10:443", "-key", "{folder}/site.key", "-www"]
# Takes a connection, reads the hello, and turns it away.
TURN_AWAY = """import socket, struct, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    end, _ = server.accept()
    end.recv(4096)
    if sys.argv[3] == "rst":
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()
"""
LYNCDISCOVER = "https://lyncdiscover.contoso.example/"
IN_FIVE_YEARS = str(int(time.time()) + 5 * 365 * 86400)


def refused(name, shows, rules, certificate, plan, **more):
    """A client that asks port 443 only, and a proxy with that certificate."""
    more.setdefault("haproxy", haproxy(tls=certificate, http=None))
    return Scenario("tls-" + name, shows, rules, [out(schemes=["https"], **plan)], **more)


def loud(**plan):
    """curl checks while the handshake runs and sends an alert."""
    return {"curl": OLD, **plan}


def silent(**plan):
    return {"https": LEAVE_12, **plan}


def program(words, **plan):
    return {"https": words, **plan}


def s_server(*words):
    return [("rp", [*S_SERVER, *words])]


DATES = [
    refused("expired", "An expired certificate: TLS 1.2, the client says so.", ["tls-expired"], "expired",
            loud()),
    refused("expired-silent", "An expired certificate: the client finishes the handshake and leaves.",
            ["tls-expired"], "expired", silent()),
    refused("expired-13", "An expired certificate, TLS 1.3: the alert is encrypted, the key log opens it.",
            ["tls-expired"], "expired", {}, keylog=True),
    refused("expired-13-silent", "The same, and the client leaves without a word.", ["tls-expired"], "expired",
            program(LEAVE_13), keylog=True),
    refused("expired-dropped", "The client leaves as soon as it has the certificate.", ["tls-expired"],
            "expired", program(DROP)),
    Scenario("tls-expired-again", "An expired certificate, TLS 1.3: the client tries three times, and leaves "
             "without a word each time.", ["tls-expired"],
             [out(schemes=["https"], before=[[LEAVE_13, LYNCDISCOVER]] * 2, https=LEAVE_13)], keylog=True,
             haproxy=haproxy(tls="expired", http=None)),
    refused("not-yet-valid", "A certificate that begins in three days.", ["tls-not-yet-valid"], "early",
            loud()),
    refused("not-yet-valid-silent", "The same, without a word.", ["tls-not-yet-valid"], "early", silent()),
    refused("clock-suspect", "The device's date is five years ahead: for it the certificate has expired.",
            ["tls-clock-suspect"], "good", program([*S_CLIENT, "-attime", IN_FIVE_YEARS])),
    Scenario("tls-clock-suspect-one", "The same beside a client that has no trouble.", ["tls-clock-suspect"],
             [[out(schemes=["https"], **program([*S_CLIENT, "-attime", IN_FIVE_YEARS])),
               out2(schemes=["https"], mobility=False, curl=OLD)]], haproxy=haproxy(tls="good", http=None)),
]

NAMES = [
    refused("san-missing-lyncdiscover", "The proxy's certificate lacks lyncdiscover: GnuTLS says bad_certificate.",
            ["tls-san-missing-lyncdiscover"], "web", program(GNUTLS)),
    refused("san-missing-lyncdiscover-silent", "The same: the client leaves without a word.",
            ["tls-san-missing-lyncdiscover"], "web", silent()),
    refused("san-missing-lyncdiscover-no-sni", "The same; the client sends no server name.",
            ["tls-san-missing-lyncdiscover"], "web", program(NO_SNI)),
    refused("san-missing-lyncdiscover-curl", "The same: curl says close_notify, encrypted.",
            ["tls-san-missing-lyncdiscover"], "web", loud()),
    refused("san-missing-lyncdiscover-13", "The same with TLS 1.3 and a key log.",
            ["tls-san-missing-lyncdiscover"], "web", {}, keylog=True),
    Scenario("tls-san-missing-after-redirect", "Discovery over port 80 leads to https://lyncdiscover itself, "
             "which is not in the certificate.", ["tls-san-missing-lyncdiscover"],
             [out(schemes=["http"], **loud())], haproxy=haproxy(tls="web"),
             services=[service(redirect_root=LYNCDISCOVER + "Autodiscover/AutodiscoverService.svc/root")]),
    Scenario("tls-san-missing-lyncdiscoverinternal", "Inside: the pool's certificate lacks "
             "lyncdiscoverinternal, and no other name is published.", ["tls-san-missing-lyncdiscoverinternal"],
             [inner(schemes=["https"], **loud())],
             inside=[row for row in lab.INNER_ZONE if "lyncdiscover." not in row],
             balancer=haproxy(tls="pool", http=None, https="10.20.0.31:80", address="10.20.0.40")),
    refused("name-mismatch", "lyncdiscover leads to a server with somebody else's certificate.",
            ["tls-name-mismatch"], "fabrikam", loud()),
    refused("name-mismatch-gnutls", "The same, and the client says so.", ["tls-name-mismatch"], "fabrikam",
            program(GNUTLS)),
    refused("san-missing-wildcard", "A wildcard stands for one label: not for lyncdiscover.emea.contoso.example.",
            ["tls-san-missing-lyncdiscover"], "wildcard", loud(user="alice@emea.contoso.example"),
            public=["lyncdiscover.emea.contoso.example,203.0.113.10"]),
    Scenario("tls-name-mismatch-wildcard", "Discovery works over port 80 and leads to web.emea.contoso.example, "
             "which a wildcard for contoso.example does not cover.", ["tls-name-mismatch"],
             [out(schemes=["http"], **loud())], haproxy=haproxy(tls="wildcard"),
             public=[*lab.PUBLIC_ZONE, "web.emea.contoso.example,203.0.113.10"],
             services=[service(redirect_root="https://web.emea.contoso.example/Autodiscover/"
                               "AutodiscoverService.svc/root")]),
    Scenario("tls-name-mismatch-web", "Discovery works over port 80; the web name it leads to has a "
             "certificate of somebody else.", ["tls-name-mismatch"],
             [out(schemes=["http"], **loud())], haproxy=haproxy(tls="fabrikam")),
]

ISSUERS = [
    refused("unknown-ca", "A private CA that the client does not know: alert 48.", ["tls-unknown-ca"],
            "private", loud()),
    refused("unknown-ca-rootless", "The same; the server does not send the root.", ["tls-unknown-ca"],
            "rootless", loud()),
    refused("unknown-ca-silent", "The same; the client leaves without a word.", ["tls-unknown-ca"],
            "private", silent()),
    refused("unknown-ca-13", "The same with TLS 1.3 and a key log.", ["tls-unknown-ca"], "private", {},
            keylog=True),
    refused("unknown-ca-13-shut", "The same without the key log: curl's alert is in the clear.",
            ["tls-unknown-ca"], "private", {}),
    refused("expired-13-shut", "TLS 1.3, expired, without the key log: curl's alert is in the clear.",
            ["tls-expired"], "expired", {}),
    refused("mismatch-13-shut", "TLS 1.3, a wrong name, without the key log: nothing can be told.",
            ["capture-not-decrypted"], "fabrikam", {}),
    refused("silent-13-shut", "TLS 1.3 without keys: the client leaves after the handshake.",
            ["capture-not-decrypted"], "expired", program(LEAVE_13)),
    refused("chain-incomplete", "Only the server's own certificate is sent, its issuer is an intermediate.",
            ["tls-chain-incomplete"], "leafonly", loud()),
    refused("chain-incomplete-silent", "The same; the client leaves without a word.",
            ["tls-chain-incomplete"], "leafonly", silent()),
    refused("chain-wrong-order", "The chain is sent in the wrong order, and the client leaves.",
            ["tls-chain-incomplete"], "shuffled", silent()),
    refused("self-signed", "The machine's own certificate is bound to the listener.", ["tls-self-signed"],
            "selfsigned", loud()),
    refused("self-signed-silent", "The same; the client leaves without a word.", ["tls-self-signed"],
            "selfsigned", silent()),
    refused("weak-key", "The certificate has an RSA key of 1024 bits: alert 42.", ["tls-unknown-ca"], None,
            program([*S_CLIENT, "-cipher", "DEFAULT:@SECLEVEL=2"]), haproxy=[],
            programs=s_server("-cert", "{folder}/weak.crt", "-key", "{folder}/weak.key", "-cipher",
                              "ALL:@SECLEVEL=0")),
    refused("not-for-servers", "The certificate was issued for clients: alert 43.", ["tls-unknown-ca"],
            "forclients", program(S_CLIENT)),
    refused("revoked", "The CRL that the client has names the certificate: alert 44.", ["tls-revoked-or-crl"],
            "revoked", program([*S_CLIENT, "-crl_check", "-CRL", "{folder}/ca.crl"])),
    refused("revoked-stapled", "The server staples an OCSP response that says revoked.",
            ["tls-revoked-or-crl"], None, {"curl": [*OLD, "--cert-status"]}, haproxy=[],
            programs=s_server("-cert", "{folder}/revoked.crt", "-cert_chain", "{folder}/ca.pem",
                              "-status_file", "{folder}/revoked.ocsp")),
]

HANDSHAKE = [
    refused("protocol-mismatch", "The server speaks TLS 1.0 and 1.1 only: alert 70.", ["tls-protocol-mismatch"],
            "good ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.1 ciphers ALL:@SECLEVEL=0",
            {"curl": ["--tlsv1.2", *OLD]}),
    refused("protocol-old-client", "The client speaks TLS 1.0 at most, the server 1.2 at least.",
            ["tls-protocol-mismatch"], "good ssl-min-ver TLSv1.2",
            {"curl": ["--tlsv1.0", "--tls-max", "1.0", "--ciphers", "ALL:@SECLEVEL=0"]}),
    refused("no-common-cipher", "The server takes one suite that the client does not offer: alert 40.",
            ["tls-protocol-mismatch"], "good ssl-max-ver TLSv1.2 ciphers ECDHE-ECDSA-AES256-CCM",
            {"curl": [*OLD, "--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"]}),
    refused("unrecognized-name", "The listener knows another name only: alert 112.", ["tls-unrecognized-name"],
            None, loud(), haproxy=[],
            programs=s_server("-cert", "{folder}/fabrikam.crt", "-cert2", "{folder}/fabrikam.crt", "-key2",
                              "{folder}/site.key", "-servername", "www.fabrikam.example", "-servername_fatal")),
    refused("unrecognized-name-nginx", "nginx rejects handshakes for names it does not have.",
            ["tls-unrecognized-name"], None, {}, haproxy=[],
            nginx=[("203.0.113.10:443 default_server", True, ["ssl_reject_handshake on;"]),
                   ("203.0.113.10:443", "web", ["server_name lyncweb.contoso.example;"])]),
    refused("plain-443", "Behind port 443 a listener speaks HTTP without TLS.", ["tls-protocol-mismatch"], None,
            {}, haproxy=[], nginx=[("203.0.113.10:443", False, ["location / { return 200; }"])]),
    refused("closed-at-hello", "The server closes as soon as it has the client's hello.",
            ["tcp-reset-mid-handshake"], None, {}, haproxy=[],
            programs=[("rp", ["python3", "-c", TURN_AWAY, "203.0.113.10", "443", "fin"])]),
    refused("client-cert-requested", "The listener insists on a client certificate: alert 40.",
            ["tls-client-cert-requested"], None, loud(), haproxy=[], programs=s_server(
                "-cert", "{folder}/good.crt", "-Verify", "3", "-verify_return_error")),
    refused("client-cert-requested-silent", "The listener asks for a client certificate, the phone leaves.",
            ["tls-client-cert-requested"], "good ca-file {folder}/ca.pem verify optional", silent()),
    refused("client-cert-requested-13", "The same with TLS 1.3 and a key log: alert 116.",
            ["tls-client-cert-requested"], "good ca-file {folder}/ca.pem verify required", {}, keylog=True),
    refused("client-cert-nginx", "nginx asks, and answers 400 to who has none.",
            ["tls-client-cert-requested"], None, loud(), keylog=True,
            haproxy=[], nginx=nginx(http=False, tls="good", server=[
                "ssl_client_certificate {folder}/ca.pem;", "ssl_verify_client on;"])),
]


def inside_tls(certificate):
    """TLS on 4443 of the front end, in front of the web service's clear port."""
    return [("10.20.0.31:4443", certificate, FRONT_END, ())]


def checked(ca, name):
    return ("proxy_ssl_verify on;", f"proxy_ssl_trusted_certificate {{folder}}/{ca}.pem;",
            f"proxy_ssl_name {name};", "proxy_ssl_server_name on;")


BACKEND = [
    Scenario("tls-backend-unknown-ca", "nginx does not know the CA of the pool's certificate: 502.",
             ["rp-backend-tls-fail"], [out(schemes=["https"])],
             nginx=nginx(*checked("ca", "fe01.corp.contoso.example"), to="https://10.20.0.31:4443", http=False),
             inner_site=inside_tls("inner"), keylog=True),
    Scenario("tls-backend-wrong-name", "The name in the proxy's rule is not in the pool's certificate.",
             ["rp-backend-tls-fail"], [out(schemes=["https"])],
             nginx=nginx(*checked("root", "lyncweb.contoso.example"), to="https://10.20.0.31:4443", http=False),
             inner_site=inside_tls("inner"), keylog=True),
    Scenario("tls-backend-port-80", "Port 80 of the proxy leads to the pool's TLS port: 502 in the clear.",
             ["rp-backend-tls-fail"], [out(schemes=["http"])],
             nginx=nginx(*checked("ca", "fe01.corp.contoso.example"), to="https://10.20.0.31:4443", https=False),
             inner_site=inside_tls("inner")),
    Scenario("tls-backend-haproxy", "HAProxy refuses the pool's certificate by an alert: 503.",
             ["rp-backend-tls-fail"], [out(schemes=["https"])],
             haproxy=haproxy(http=None, https="10.20.0.31:4443 ssl verify required ca-file {folder}/ca.pem "
                             "ssl-max-ver TLSv1.2"),
             inner_site=inside_tls("inner"), keylog=True),
    Scenario("tls-backend-expired", "The pool's certificate has expired.",
             ["rp-backend-tls-fail"], [out(schemes=["http"])],
             nginx=nginx(*checked("ca", "lyncweb.contoso.example"), to="https://10.20.0.31:4443", https=False),
             inner_site=inside_tls("expired")),
    Scenario("tls-backend-reset", "The pool resets the proxy's connection at its hello: 502.",
             ["rp-backend-tls-fail"], [out(schemes=["http"])],
             nginx=nginx(to="https://10.20.0.31:4443", https=False),
             programs=[("fe", ["python3", "-c", TURN_AWAY, "10.20.0.31", "4443", "rst"])]),
    Scenario("tls-backend-checked", "The proxy's health checks finish the handshake and leave, again and again; "
             "a client waits in vain for a service that hangs.", ["http-504"],
             [out(schemes=["https"], answer_s=4, begin_s=1.5)], keylog=True, inner_site=inside_tls("good"),
             haproxy=haproxy("timeout server 2s", http=None, https="10.20.0.31:4443 ssl verify none check "
                             "check-ssl inter 200"),
             services=[service(faults=[fault(".", delay=3)])]),
    Scenario("tls-backend-good", "TLS on both sides of the proxy, all in order.", [],
             [out(schemes=["https"], mobility=False)], keylog=True, inner_site=inside_tls("good"),
             haproxy=haproxy(http=None, https="10.20.0.31:4443 ssl verify required ca-file {folder}/ca.pem")),
]

NORMAL = [
    Scenario("tls-private-ca-trusted", "A private CA that the client trusts.", [], [out(schemes=["https"])],
             haproxy=haproxy(tls="chained")),
    Scenario("tls-private-root-not-sent", "The private root is not sent; the client has it.", [],
             [out(schemes=["https"], curl=["--cacert", "{folder}/root.pem", *OLD])],
             haproxy=haproxy(tls="rootless")),
    Scenario("tls-certificate-less", "lyncdiscover is in no certificate: port 80 is there for discovery.", [],
             [out(schemes=["http", "https"], curl=OLD)], haproxy=haproxy(tls="web")),
    Scenario("tls-certificate-less-default", "Port 443 of lyncdiscover shows the machine's own certificate; "
             "port 80 is there for discovery.", [],
             [out(schemes=["http"], before=[[LEAVE_12, LYNCDISCOVER]], mobility=False, curl=OLD)],
             haproxy=haproxy(tls="selfsigned crt {folder}/web.pem")),
    Scenario("tls-certificate-less-strict", "Port 443 knows only the web name: alert for lyncdiscover.", [],
             [out(schemes=["http"], before=[[GNUTLS, LYNCDISCOVER]], mobility=False, curl=OLD)],
             haproxy=haproxy(tls="web strict-sni")),
    Scenario("tls-certificate-less-alert", "The same with a client that says so by an alert.", [],
             [out(schemes=["http"], before=[[GNUTLS, LYNCDISCOVER]], curl=OLD)], haproxy=haproxy(tls="web")),
    Scenario("tls-certificate-less-silent", "The same with a client that leaves without a word; only its leg.",
             [], [out(schemes=["http"], before=[[LEAVE_12, LYNCDISCOVER]], curl=OLD)], point=CLIENT,
             keylog=True, haproxy=haproxy(tls="web")),
    Scenario("tls-online-certificate", "lyncdiscover is an alias of Lync Online, whose certificate has its "
             "own names; discovery goes over port 80.", [],
             [out(schemes=["http"], before=[[LEAVE_12, LYNCDISCOVER]], curl=OLD)],
             public={"lyncdiscover.contoso.example": [["CNAME", "webdir.online.lync.com"]],
                     "webdir.online.lync.com": [["A", "203.0.113.10"]],
                     "lyncweb.contoso.example": [["A", "203.0.113.10"]]},
             haproxy=haproxy(tls="online crt {folder}/web.pem")),
    Scenario("tls-online-certificate-only", "The same without port 80, and nothing else is tried.",
             ["tls-name-mismatch"], [out(schemes=["https"], curl=OLD)],
             public={"lyncdiscover.contoso.example": [["CNAME", "webdir.online.lync.com"]],
                     "webdir.online.lync.com": [["A", "203.0.113.10"]]},
             haproxy=haproxy(tls="online", http=None)),
    Scenario("tls-preconnected", "A connection is opened ahead and closed unused beside one that works.", [],
             [out(schemes=["https"], before=[[LEAVE_12, LYNCDISCOVER]], curl=OLD)]),
    Scenario("tls-preconnected-private", "The same with a certificate of a private CA; only the client's leg.",
             ["capture-not-decrypted"],
             [out(schemes=["https"], before=[[LEAVE_12, LYNCDISCOVER]], curl=OLD)], point=CLIENT),
    Scenario("tls-client-cert-optional", "The server asks for a client certificate and goes on without.", [],
             [out(schemes=["https"], curl=OLD)],
             haproxy=haproxy(tls="good ca-file {folder}/ca.pem verify optional")),
    Scenario("tls-13-keylog", "A whole sign-in over TLS 1.3, opened by the key log.", [],
             [out(schemes=["https"])], point=CLIENT, keylog=True),
    Scenario("tls-12-keylog", "The same with TLS 1.2.", [], [out(schemes=["https"], curl=OLD)], point=CLIENT,
             keylog=True),
    Scenario("tls-rude-clients", "Answers are taken, then comes FIN without close_notify, or RST.", [],
             [out(schemes=["https"], before=[[BREAK_OFF, LYNCDISCOVER], [RESET, LYNCDISCOVER]], curl=OLD)]),
    Scenario("tls-resumed", "A connection resumes an earlier session: it shows no certificate.", [],
             [out(schemes=["https"], before=[[RESUME, LYNCDISCOVER]], curl=OLD)]),
    Scenario("tls-rst-after-answer", "The proxy ends its connections with RST once it has the answer.", [],
             [out(schemes=["https"])], point=CLIENT, keylog=True, haproxy=haproxy("option nolinger")),
]
SCENARIOS = DATES + NAMES + ISSUERS + HANDSHAKE + BACKEND + NORMAL
