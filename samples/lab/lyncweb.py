"""lyncweb.py CONFIG.json: a small emulation of the Lync web services, for making captures.

It listens on the sites it is told to, answers Autodiscover (v1 XML, v1 JSON, UCWA), the web
ticket service with NTLM legs whose passwords are really checked, the OAuth token endpoint and the
door of the mobility service.  Port 8080 and 4443 are the external site, others the internal one.

What goes wrong is configuration.  "faults" is a list of rules, the first that matches answers:
  when: method, path (regular expression), host, credential (none, type1, type3, ticket, bearer,
        kerberos, basic), times (answer only the first n)
  then: status, headers, body, html, type, delay (seconds), cut (bytes of the body before the
        connection ends), reset (true: RST instead of an answer), hold (true: nothing, until the
        client hangs up), fault (a list for
        documents.fault)
The other settings stand in DEFAULTS below.
"""
import base64
import gzip
import http.server
import json
import os
import re
import secrets
import socket
import socketserver
import struct
import sys
import threading
import time
import uuid
from urllib.parse import parse_qs, unquote, urlsplit

import documents as doc
import ntlm

SERVICE = "/autodiscover/autodiscoverservice.svc/root"
TICKET = "/webticket/webticketservice.svc"
DEFAULTS = {
    "sites": [["0.0.0.0", 8080]],
    "computer": "fe01",
    "dns_domain": "corp.contoso.example",
    "netbios_domain": "CONTOSO",
    "external": "https://lyncweb.contoso.example",
    "internal": "https://pool01.corp.contoso.example",
    "edge": "sip.contoso.example",
    "users": {},               # address -> {"account", "password", "home": URL of another pool}
    "access_location": None,   # overrules what the port says
    "root_over_http": "redirect",  # or "links": the outer scheme was http
    "redirect_root": None,     # Root is a redirect to this URL
    "root_tokens": None,       # only these
    "link_base": None,         # overrules external/internal in documents
    "ticket_base": None,       # overrules it in X-MS-WebTicketURL; "" leaves the header out
    "schemes": ["Negotiate", "NTLM"],
    "mex_windows": True,
    "kerberos": True,          # a Kerberos token is believed
    "ticket_skew_s": 0,
    "ticket_lifetime_s": 28800,
    "sip_access": True,
    "final_tokens": None,
    "mobility": None,          # overrules external in the links of the mobility service
    "application_base": "",    # stands before the path of a new application
    "believes": False,         # a ticket that another front end issued is good here too
    "user_status": None,       # of root/user with a good ticket
    "gzip": False,
    "chunked": False,
    "faults": [],
}


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Microsoft-IIS/8.5", ""

    def setup(self):
        super().setup()
        self.nonce = None    # NTLM belongs to the connection
        self.account = None

    def version_string(self):
        return self.server_version

    def log_message(self, format, *arguments):
        print(self.client_address, self.server.server_address, format % arguments, flush=True)

    def handle(self):
        try:
            super().handle()
        except ConnectionError:  # proxies and impatient clients reset
            self.close_connection = True

    # ---- answering ----

    def answer(self, status, body=b"", kind="text/html", headers=(), lync=True, cut=None):
        body = body.encode() if isinstance(body, str) else body
        if CONFIG["gzip"] and body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers = gzip.compress(body), [*headers, ("Content-Encoding", "gzip")]
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if body or status not in (204, 304):
            self.send_header("Content-Type", kind)
        if lync:
            self.send_header("X-MS-Server-Fqdn", f"{CONFIG['computer']}.{CONFIG['dns_domain']}")
        self.send_header("X-Powered-By", "ASP.NET")
        self.send_header("X-Content-Type-Options", "nosniff")
        chunked = CONFIG["chunked"] and body and cut is None
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if cut is not None:
            body, self.close_connection = body[:cut], True
        if chunked:
            for start in range(0, len(body), 400):
                part = body[start : start + 400]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            body = b"0\r\n\r\n"
        self.wfile.write(body)
        self.wfile.flush()

    def refuse(self, headers, text="401 - Unauthorized: Access is denied due to invalid credentials."):
        self.answer(401, doc.html(text), headers=headers)

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    # ---- who asks ----

    def credential(self):
        """(kind, token) of what the request carries."""
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() in ("ntlm", "negotiate"):
            token = ntlm.decode(value)
            at = token.find(ntlm.SIGNATURE)
            kind = ntlm.message_type(token[at:]) if at >= 0 else 0
            return (f"type{kind}", token[at:]) if kind else ("kerberos", token)
        if scheme:
            return scheme.lower(), value
        ticket = self.headers.get("X-MS-WebTicket")
        return ("ticket", ticket) if ticket else ("none", "")

    def outer_scheme(self):
        return self.headers.get("X-Forwarded-Proto", "http")

    def is_external(self):
        return self.server.server_address[1] in (8080, 4443)

    def location(self):
        return CONFIG["access_location"] or ("External" if self.is_external() else "Internal")

    def base(self):
        return CONFIG["link_base"] or CONFIG["external" if self.is_external() else "internal"]

    # ---- dispatch ----

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length) if length else b""
        parts = urlsplit(self.path)
        path, self.query = unquote(parts.path).lower().rstrip("/"), parse_qs(parts.query)
        if self.faulty(parts.path):
            return
        if path in ("", SERVICE):
            self.root()
        elif path == SERVICE + "/domain":
            self.document("Domain", self.service_links(), self.sip_access())
        elif path in (SERVICE + "/user", SERVICE + "/oauth/user"):
            self.user(oauth=path.endswith("/oauth/user"))
        elif path == TICKET + "/mex":
            self.answer(200, doc.mex(self.base(), CONFIG["mex_windows"]), "text/xml; charset=UTF-8")
        elif path in (TICKET, TICKET + "/auth"):
            self.ticket(forms=path.endswith("/auth"))
        elif path == "/webticket/oauthtoken":
            self.oauth_token()
        elif re.fullmatch(r"/ucwa/(oauth/)?v1/applications", path):
            self.applications()
        elif path.startswith("/ucwa/"):
            self.application(path)
        elif path == "/mcx/mcxservice.svc":
            self.mcx()
        else:
            self.answer(404, doc.html("404 - File or directory not found."), lync=False)

    do_POST = do_HEAD = do_DELETE = do_GET

    def faulty(self, path):
        for fault in CONFIG["faults"]:
            when, then = fault.get("when", {}), fault["then"]
            if (re.search(when.get("path", ""), path) is None
                    or when.get("method", self.command) != self.command
                    or when.get("host", self.headers.get("Host")) != self.headers.get("Host")
                    or when.get("credential", self.credential()[0]) != self.credential()[0]
                    or when.get("times", 1) <= 0):
                continue
            if "times" in when:
                when["times"] -= 1
            time.sleep(then.get("delay", 0))
            if then.get("reset"):
                self.reset()
            elif then.get("hold"):  # no answer; IIS notices when the other side has gone
                self.connection.recv(1)
                self.close_connection = True
            elif "status" in then:
                body = then.get("body", "")
                if "html" in then:
                    body = doc.html(then["html"], then.get("text", ""))
                if "fault" in then:
                    body = doc.fault(*then["fault"])
                self.answer(then["status"], body, then.get("type", "text/html"),
                            then.get("headers", []), then.get("lync", True), then.get("cut"))
            else:
                continue  # only late
            return True
        return False

    # ---- Autodiscover ----

    def document(self, part, links, access=()):
        accept = self.headers.get("Accept", "")
        if "autodiscover+xml" in accept:
            self.answer(200, doc.autodiscover_xml(self.location(), part, links, access), doc.V1_XML,
                        [("Cache-Control", "no-cache")])
        elif "autodiscover+json" in accept:
            self.answer(200, doc.autodiscover_json(self.location(), part, links, access),
                        doc.V1_JSON)
        else:
            names = {"Redirect": "redirect", "Self": "self", "XFrame": "xframe",
                     "OAuth" if part == "Root" else "Ucwa":
                         "user" if part == "Root" else "applications"}
            self.answer(200, doc.ucwa_json([(names[t], h) for t, h in links if t in names]),
                        "application/json; charset=utf-8")

    def root(self):
        sipuri = self.query.get("sipuri")
        suffix = f"?sipuri={sipuri[0]}" if sipuri else ""
        over_http = self.outer_scheme() == "http" and CONFIG["root_over_http"] == "redirect"
        target = CONFIG["redirect_root"] or (over_http and f"{self.base()}{ROOT}")
        if target:
            self.document("Root", [("Redirect", target + suffix)])
            return
        links = [("Domain", f"{self.base()}{ROOT}/domain"), ("User", f"{self.base()}{ROOT}/user"),
                 ("Self", f"{self.base()}{ROOT}"), ("OAuth", f"{self.base()}{ROOT}/oauth/user"),
                 ("XFrame", f"{self.base()}/Autodiscover/XFrame/XFrame.html")]
        wanted = CONFIG["root_tokens"]
        self.document("Root", [link for link in links if wanted is None or link[0] in wanted])

    def sip_access(self):
        if not CONFIG["sip_access"]:
            return []
        pool, edge = urlsplit(CONFIG["internal"]).hostname, CONFIG["edge"]
        return [("SipServerInternalAccess", pool, 5061), ("SipClientInternalAccess", pool, 5061),
                ("SipServerExternalAccess", edge, 5061), ("SipClientExternalAccess", edge, 443)]

    def service_links(self):
        inside, outside = CONFIG["internal"], CONFIG["external"]
        mobility = CONFIG["mobility"] or CONFIG["link_base"] or outside
        links = [("Internal/Autodiscover", f"{inside}{ROOT}"),
                 ("External/Autodiscover", f"{outside}{ROOT}"),
                 ("Internal/AuthBroker", f"{inside}/Reach/sip.svc"),
                 ("External/AuthBroker", f"{outside}/Reach/sip.svc"),
                 ("External/WebScheduler", f"{outside}/Scheduler"),
                 ("Internal/Mcx", f"{mobility}/Mcx/McxService.svc"),
                 ("External/Mcx", f"{mobility}/Mcx/McxService.svc"),
                 ("Internal/Ucwa", f"{inside}/ucwa/v1/applications"),
                 ("External/Ucwa", f"{outside}/ucwa/v1/applications"),
                 ("Ucwa", f"{mobility}/ucwa/v1/applications")]
        wanted = CONFIG["final_tokens"]
        return [link for link in links if wanted is None or link[0] in wanted]

    def user(self, oauth):
        user = self.owner()
        if self.credential()[0] not in ("ticket", "bearer"):
            return self.refuse(self.invitation(oauth))
        if user is None:
            return self.refuse(self.invitation(oauth) + [diagnostics(
                28033, "The web ticket is invalid.", "wsse:InvalidSecurityToken")])
        if CONFIG["user_status"]:
            return self.answer(CONFIG["user_status"])
        home = CONFIG["users"][user].get("home")
        if home:
            return self.document("User", [("Redirect", home)])
        return self.document("User", self.service_links(), self.sip_access())

    def invitation(self, oauth):
        if oauth:
            grants = "urn:microsoft.rtc:windows,urn:microsoft.rtc:anonmeeting,password"
            return [("WWW-Authenticate",
                     'Bearer trusted_issuers="", client_id="00000004-0000-0ff1-ce00-000000000000"'),
                    ("WWW-Authenticate", f'MsRtcOAuth href="{self.base()}/WebTicket/oauthtoken",'
                                         f'grant_type="{grants}"')]
        base = self.base() if CONFIG["ticket_base"] is None else CONFIG["ticket_base"]
        return [("X-MS-WebTicketURL", f"{base}/WebTicket/WebTicketService.svc")] if base else []

    # ---- tickets ----

    def windows_user(self):
        """The user that Windows authentication proves on this connection, or None after a 401."""
        kind, token = self.credential()
        schemes = [("WWW-Authenticate", scheme) for scheme in CONFIG["schemes"]]
        spoken = self.headers.get("Authorization", "NTLM").split(" ")[0]
        if kind == "type1":
            message, self.nonce = ntlm.challenge(CONFIG["netbios_domain"], CONFIG["computer"],
                                                 CONFIG["dns_domain"])
            self.refuse([("WWW-Authenticate", f"{spoken} {base64.b64encode(message).decode()}")])
            return None
        if kind == "kerberos" and CONFIG["kerberos"]:
            return next(iter(CONFIG["users"]))
        if kind == "type3" and self.nonce:
            domain, account = ntlm.account_of(token)
            nonce, self.nonce = self.nonce, None
            for address, user in CONFIG["users"].items():
                names = (user["account"].lower(), address.lower())
                if f"{domain}\\{account}".lower() not in names and account.lower() not in names:
                    continue
                if ntlm.proves(token, nonce, user["password"]):
                    return address
        self.refuse(schemes)
        return None

    def ticket(self, forms):
        user = self.form_user() if forms else self.windows_user()
        if user is None:
            return
        text = self.body.decode(errors="replace")
        claim = re.search(r"<auth:Value>(?:sip:)?([^<]*)<", text)
        if claim and claim[1].lower() != user.lower():
            return self.answer(500, doc.fault(
                "RequestFailed", "The SIP URI in the claim type requirements of the web ticket "
                "request does not match the SIP URI associated with the presented credentials.",
                28032, "The SIP URI in the claim type requirements of the web ticket request does "
                "not match the SIP URI associated with the presented credentials.", doc.WST),
                "text/xml; charset=utf-8")
        context = re.search(r'Context="([^"]*)"', text)
        audience = re.search(r"Address>([^<]*)<", text)
        self.answer(200, self.issue(user, "user-cwt-1" in text, context[1] if context else "",
                                    audience[1] if audience else ""), "text/xml; charset=utf-8")

    def issue(self, user, compact, context, audience):
        if compact:
            text = "cwt=" + base64.b64encode(secrets.token_bytes(160)).decode()
            ISSUED[text] = user
            token, kind = doc.user_token(text), doc.AF + ":user-cwt-1"
        else:
            token = doc.assertion(uuid.uuid4(), self.base() + "/", user)
            ISSUED["opaque=" + base64.b64encode(token.encode()).decode()] = user
            kind = doc.SAML_TOKEN
        return doc.rstr(token, kind, context, audience, CONFIG["ticket_skew_s"],
                        CONFIG["ticket_lifetime_s"])

    def form_user(self):
        """The /Auth way: a UsernameToken with both values in base64."""
        found = re.search(r"<(?:\w+:)?Username>([^<]*)<.*?<(?:\w+:)?Password[^>]*>([^<]*)<",
                          self.body.decode(errors="replace"), re.S)
        name, password = (ntlm.decode(part).decode() for part in found.groups()) if found else ("", "")
        for address, user in CONFIG["users"].items():
            if name.lower() in (address, user["account"].lower()):
                if user.get("disabled"):
                    self.answer(500, doc.fault("FailedAuthentication", "The account is disabled.",
                                               28034, "The account is disabled."),
                                "text/xml; charset=utf-8")
                    return None
                if password == user["password"]:
                    return address
        self.answer(500, doc.fault("FailedAuthentication", "No valid security token.", 28020,
                                   "No valid security token."), "text/xml; charset=utf-8",
                    [diagnostics(28020, "No valid security token.", "wsse:FailedAuthentication")])
        return None

    def oauth_token(self):
        form = {key: values[0] for key, values in parse_qs(self.body.decode()).items()}
        grant = form.get("grant_type")
        if self.credential()[0] == "type1":  # the form is held back until the type 3
            grant = "urn:microsoft.rtc:windows"
        if grant == "urn:microsoft.rtc:windows":
            user = self.windows_user()
            if user is None:
                return
        elif grant == "urn:microsoft.rtc:passive":
            return self.oauth_error("invalid_grant", 28020, "No valid security token.",
                                    ms_rtc_passiveauthuri=self.base() + "/PassiveAuth/PassiveAuth.aspx")
        elif grant == "password":
            user = form.get("username", "").lower()
            if CONFIG["users"].get(user, {}).get("password") != form.get("password"):
                return self.oauth_error("invalid_grant", 28020, "No valid security token.")
        else:
            return self.oauth_error("unsupported_grant_type", 28029,
                                    "Authentication type not allowed.")
        text = "cwt=" + base64.b64encode(secrets.token_bytes(160)).decode()
        ISSUED[text] = user
        self.answer(200, json.dumps({"access_token": text, "expires_in": 28289,
                                     "ms_rtc_identityscope": "local", "token_type": "Bearer"}),
                    "application/json")

    def oauth_error(self, error, number, reason, **more):
        self.answer(400, json.dumps({"error": error, **more}), "application/json",
                    [diagnostics(number, reason)])

    # ---- mobility ----

    def owner(self):
        """Whose ticket the request carries, or None."""
        kind, value = self.credential()
        known = ISSUED.get(value)
        if known is None and CONFIG["believes"] and kind in ("ticket", "bearer"):
            return next(iter(CONFIG["users"]))
        return known

    def applications(self):
        user = self.owner()
        if user is None:
            return self.refuse(self.invitation("/oauth/" in self.path))
        own = f"{urlsplit(self.path).path}/{secrets.randbelow(9 * 10**11) + 10**11}"
        APPLICATIONS.add(own.lower())
        base = CONFIG["application_base"]
        body = doc.ucwa_json(
            [("self", base + own), ("policies", own + "/policies"), ("batch", own + "/batch"),
             ("events", own + "/events?ack=1")],
            rel="application", culture="en-US",
            _embedded={"me": {"uri": f"sip:{user}", "rel": "me", "_links": {
                "self": {"href": own + "/me"},
                "makeMeAvailable": {"href": own + "/me/makeMeAvailable"}}}})
        self.answer(201, body, "application/json; charset=utf-8", [("Location", base + own)])

    def application(self, path):
        own = "/".join(path.split("/")[: 6 if "/oauth/" in path else 5])
        if self.owner() is None:
            self.refuse(self.invitation("/oauth/" in path))
        elif own not in APPLICATIONS:
            self.answer(404, doc.ucwa_error("NotFound", "ApplicationNotFound"),
                        "application/json; charset=utf-8")
        elif self.command == "DELETE":
            APPLICATIONS.discard(own)
            self.answer(204)
        elif path.endswith("makemeavailable"):
            self.answer(204)
        else:
            self.answer(200, doc.ucwa_json([("self", self.path), ("next", path + "?ack=2")]),
                        "application/json; charset=utf-8")

    def mcx(self):
        """The door of Lync 2010 Mobile; its methods are not emulated."""
        if self.owner() is None:
            return self.refuse(self.invitation(False))
        self.answer(200, doc.envelope("<InitiateSessionResponse/>"), "text/xml; charset=utf-8")


def diagnostics(number, reason, code=None):
    text = f'{number};source="{CONFIG["computer"]}.{CONFIG["dns_domain"]}";reason="{reason}"'
    return "X-Ms-diagnostics", text + (f';faultcode="{code}"' if code else "")


class Site(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def server_bind(self):  # HTTPServer's looks its own name up
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address


ROOT = "/Autodiscover/AutodiscoverService.svc/root"
CONFIG, ISSUED, APPLICATIONS = dict(DEFAULTS), {}, set()

if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    unknown = set(given) - set(DEFAULTS)
    assert not unknown, unknown
    CONFIG.update(given)
    sites = [Site((address, port), Service) for address, port in CONFIG["sites"]]
    for site in sites[1:]:
        threading.Thread(target=site.serve_forever, daemon=True).start()
    print("ready", os.getpid(), flush=True)
    sites[0].serve_forever()
