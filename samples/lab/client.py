"""client.py PLAN.json: signs in as a Lync client does; every request is made by curl and every
name is looked up by the C library's resolver.  Only what to ask next is decided here.

The keys of a plan stand in DEFAULTS.  Exit status 0: the client got in.
"""
import base64
import ctypes
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from urllib.parse import quote, urljoin, urlsplit
from xml.etree import ElementTree

import documents as doc

DEFAULTS = {
    "user": "alice@contoso.example",
    "account": "CONTOSO\\alice",
    "password": "Summer-2013",
    "domain": None,                   # the SIP domain; default: of the user
    "agent": "mobile",
    "accept": "xml",                  # xml, json, ucwa
    "names": ["lyncdiscoverinternal", "lyncdiscover"],
    "schemes": ["http"],              # asked at once
    "path": None,                     # instead of /?sipuri=...; absolute: manual settings
    "sipuri": True,
    "auth": "ntlm",                   # ntlm, blind-ntlm, none, kerberos, kerberos-ntlm, basic, form, oauth,
                                      # blind-kerberos, oauth-windows, oauth-passive, oauth-grant
    "grant": "password",
    "token": "cwt",                   # cwt, saml
    "srv": False,                     # ask for SRV records when no name is found
    "mobility": True,
    "entry": "ucwa",                  # the door of the mobility service: ucwa, mcx
    "turns": 1,                       # how often it knocks there, each time with a new ticket
    "recreate": False,                # makes a new application when the old one is not known
    "push": None,                     # [name, port, "first" or "last"]: a connection beside the sign-in
    "live_id": None,                  # asks there for a token before anything else of the ticket
    "after": [],                      # further [method, URL] with the ticket, or None for a wait
    "before": [],                     # names asked first, or [method, URL] without credentials, or
                                      # [words of a program, URL]
    "begin_s": 0,                     # before the first question
    "wait_s": 0,                      # between ticket and its use
    "keep_ticket": False,             # sent at once, also after a redirect
    "later": [],                      # [method, URL] without credentials, at the end
    "follow": False,                  # follow 3xx
    "connect_s": 10,
    "answer_s": 12,
    "repeat": 1,                      # attempts
    "pause_s": 0.2,
    "start": None,                    # a user URL known from a cache
    "ticket": None,                   # a ticket kept from another time
    "curl": [],                       # more options for curl
    "ticket_curl": [],                # of the ticket request only
    "stop": None,                     # after: root, user
    "https": None,                    # a program that is run in curl's place: it never gets an answer
}
AGENTS = {
    "mobile": "ACOMO/5.4 (Android)",
    "ios": "iPhoneLync/5.4 CFNetwork/672.0.8 Darwin/14.0.0",
    "ios2010": "iPhoneLync/4.2.0 CFNetwork/548.0.4 Darwin/11.0.0",
    "desktop": "UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)",
    "exchange": "Exchange/15.0.847.0/LyncAutodiscover",
    "browser": "Mozilla/5.0 (X11; Linux x86_64) LyncWebApp",
}
ACCEPT = {
    "xml": "application/vnd.microsoft.rtc.autodiscover+xml;v=1",
    "json": "application/vnd.microsoft.rtc.autodiscover+json;v=1",
    "ucwa": "application/json",
}
SRV = ["_sipinternaltls._tcp", "_sip._tls"]
RST = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{header}<s:Body>\
<wst:RequestSecurityToken xmlns:wst="{wst}" Context="{context}"><wst:TokenType>{kind}</wst:TokenType>\
<wst:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</wst:RequestType>\
<wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy">\
<wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing">\
<wsa:Address>{audience}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>\
<wst:Claims Dialect="urn:component:Microsoft.Rtc.WebAuthentication.2010:authclaims">\
<auth:ClaimType xmlns:auth="http://schemas.xmlsoap.org/ws/2006/12/authorization" \
Uri="http://schemas.xmlsoap.org/ws/2005/05/identity/claims/uri" Optional="false">\
<auth:Value>sip:{user}</auth:Value></auth:ClaimType></wst:Claims>\
<wst:KeyType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/SymmetricKey</wst:KeyType>\
</wst:RequestSecurityToken></s:Body></s:Envelope>"""
USERNAME_TOKEN = """<s:Header><o:Security xmlns:o="{wsse}" s:mustUnderstand="1"><o:UsernameToken>\
<o:Username>{name}</o:Username><o:Password Type="http://docs.oasis-open.org/wss/2004/01/\
oasis-200401-wss-username-token-profile-1.0#PasswordText">{password}</o:Password>\
</o:UsernameToken></o:Security></s:Header>"""

RST2 = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" \
xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><s:Header>\
<o:Security><o:UsernameToken><o:Username>{name}</o:Username><o:Password>{password}</o:Password>\
</o:UsernameToken></o:Security></s:Header><s:Body>\
<t:RequestSecurityToken xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust">\
<t:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</t:RequestType>\
</t:RequestSecurityToken></s:Body></s:Envelope>"""


class Answer:
    def __init__(self, url, status, head, body):
        self.url, self.status, self.body = url, status, body
        self.headers = re.findall(r"^([\w-]+):[ \t]*(.*?)\r?$", head, re.M)

    def header(self, name):
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)


def say(*words):
    print(*words, flush=True)


def resolve(name):
    """The first IPv4 address, asked for as a phone does: A and AAAA at once."""
    if re.fullmatch(r"[\d.]+", name):
        return name
    try:
        rows = socket.getaddrinfo(name, None, socket.AF_UNSPEC, socket.SOCK_STREAM)
    except socket.gaierror as error:
        say("dns", name, error.strerror)
        return None
    say("dns", name, rows[0][4][0])
    return next((row[4][0] for row in rows if row[0] == socket.AF_INET), None)


def ask_srv(name):
    answer = ctypes.create_string_buffer(1024)
    length = ctypes.CDLL("libresolv.so.2").res_query(name.encode(), 1, 33, answer, 1024)
    say("srv", name, length)
    return length > 0


class Client:
    def __init__(self, plan):
        self.plan = {**DEFAULTS, **plan}
        unknown = set(plan) - set(DEFAULTS)
        assert not unknown, unknown
        self.folder = tempfile.mkdtemp()
        self.user = self.plan["user"]
        self.domain = self.plan["domain"] or self.user.split("@")[1]
        self.addresses = {}

    # ---- one request: curl ----

    def curl(self, url, *more, method="GET", headers=(), body=None):
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if parts.hostname not in self.addresses:
            self.addresses[parts.hostname] = resolve(parts.hostname)
        address = self.addresses[parts.hostname]
        if address is None:
            del self.addresses[parts.hostname]  # asked again next time
            return None
        mark = os.path.join(self.folder, uuid.uuid4().hex)
        program = method if isinstance(method, list) else self.plan["https"]
        if program and parts.scheme == "https":
            return self.run(program, parts.hostname, address, port), url, mark
        command = ["curl", "-sS", "-o", mark + ".body", "-D", mark + ".head", "--resolve",
                   f"{parts.hostname}:{port}:{address}", "--cacert", os.environ["LAB_CA"],
                   "--connect-timeout", str(self.plan["connect_s"]),
                   "-m", str(self.plan["connect_s"] + self.plan["answer_s"]),
                   "-A", AGENTS.get(self.plan["agent"], self.plan["agent"]),
                   "-X", method, *more,
                   *(word.replace("{folder}", os.path.dirname(os.environ["LAB_CA"]))
                     for word in self.plan["curl"])]
        if self.plan["follow"]:
            command += ["-L"]
        for name, value in headers:
            command += ["-H", f"{name}: {value}"]
        if body is not None:
            with open(mark + ".send", "w", encoding="utf-8") as file:
                file.write(body)
            command += ["--data-binary", "@" + mark + ".send"]
        process = subprocess.Popen([*command, url], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        return process, url, mark

    @staticmethod
    def run(program, name, address, port):
        values = {"name": name, "address": address, "port": port,
                  "lab": os.path.dirname(os.path.abspath(__file__)),
                  "folder": os.path.dirname(os.environ["LAB_CA"])}
        return subprocess.Popen([word.format_map(values) for word in program], text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE)

    @staticmethod
    def finish(started):
        if started is None:
            return None
        process, url, mark = started
        trouble = process.communicate()[1].strip()
        if not os.path.exists(mark + ".head") or os.path.getsize(mark + ".head") == 0:
            say(url, "->", trouble)
            return None
        with open(mark + ".head", encoding="latin-1", newline="") as file:
            heads = [head for head in file.read().split("\r\n\r\n") if head.startswith("HTTP/")]
        body = b""
        if os.path.exists(mark + ".body"):
            with open(mark + ".body", "rb") as file:
                body = file.read()
        status = int(heads[-1].split()[1])
        say(url, "->", *(head.split()[1] for head in heads), trouble)
        return Answer(url, status, heads[-1], body.decode(errors="replace"))

    def ask(self, url, *more, **request):
        return self.finish(self.curl(url, *more, **request))

    def get(self, url, *headers):
        return self.ask(url, headers=[("Accept", ACCEPT[self.plan["accept"]]), *headers])

    # ---- reading answers ----

    @staticmethod
    def links(answer):
        """Token or rel -> href, from whichever form the answer has."""
        kind = answer.header("Content-Type") or ""
        if "xml" in kind:
            try:
                rows = [row for row in ElementTree.fromstring(answer.body).iter()
                        if row.tag.split("}")[-1].lower() == "link"]
            except ElementTree.ParseError:
                return {}
            return {(row.get("token") or row.get("rel")).lower(): row.get("href") for row in rows}
        try:
            content = json.loads(answer.body)
        except ValueError:
            return {}
        if "_links" in content:
            return {rel: link["href"] for rel, link in content["_links"].items()}
        part = content.get("Root") or content.get("User") or {}
        rows = part.get("Links", [])
        return {row["token"].lower(): row["href"] for row in (rows if isinstance(rows, list) else [rows])}

    # ---- the stages ----

    def discover(self):
        """The answer to the first question, over every scheme at once."""
        path = self.plan["path"] or ("/?sipuri=" + self.user if self.plan["sipuri"] else "/")
        if path.startswith("http"):
            return self.get(path)
        for name in self.plan["names"]:
            host = f"{name}.{self.domain}"
            started = [self.curl(f"{scheme}://{host}{path}",
                                 headers=[("Accept", ACCEPT[self.plan["accept"]])])
                       for scheme in self.plan["schemes"]]
            answers = [self.finish(one) for one in started]
            good = [one for one in answers if one and one.status == 200 and self.links(one)]
            if good:  # https, where both answered
                return next((one for one in good if one.url.startswith("https")), good[0])
        if self.plan["srv"]:
            found = [ask_srv(f"{name}.{self.domain}") for name in SRV]
            if not any(found):
                for name in ("sipinternal", "sip", "sipexternal"):
                    resolve(f"{name}.{self.domain}")
        return None

    def follow_redirects(self, answer):
        for _ in range(11):
            target = self.links(answer).get("redirect") if answer else None
            if not target:
                return answer
            answer = self.get(target)
            if answer is not None and answer.status != 200:
                return None
        return None

    def user_url(self):
        if self.plan["start"]:
            return self.plan["start"]
        root = self.follow_redirects(self.discover())
        if root is None:
            return None
        links = self.links(root)
        if self.plan["auth"].startswith("oauth") and "oauth" in links:
            return links["oauth"]
        return links.get("user")

    def user_document(self, url):
        """The User document; a redirect to the home pool begins the dance again there."""
        for _ in range(11):
            kept = self.plan["ticket"] if self.plan["keep_ticket"] else None
            first = self.get(url, kept) if kept else self.get(url)
            ticket = kept
            if first is None:
                return None, None
            if first.status == 401 and not kept:
                ticket = self.plan["ticket"] or self.ticket(first)
                if ticket is None:
                    return None, None
                time.sleep(self.plan["wait_s"])
                first = self.get(url, ticket)
            if first is None or first.status != 200:
                return None, None
            links = self.links(first)
            if "redirect" not in links:
                return links, ticket
            url = links["redirect"]
            if not url.lower().endswith("/user"):
                return None, None
        return None, None

    def ticket(self, refusal):
        """The header that carries what the server issues, or None."""
        if self.plan["auth"].startswith("oauth"):
            return self.oauth(refusal)
        service = refusal.header("X-MS-WebTicketURL")
        if service is None:
            return None
        mex = self.ask(service + "/mex")
        if mex is None or mex.status != 200 or "wsdl" not in mex.body:
            return None
        if self.plan["live_id"]:
            return self.online_token(self.plan["live_id"])
        form = self.plan["auth"] == "form"
        port = re.search(r'name="WebTicketService%s"[^>]*><soap:address location="([^"]*)"' %
                         ("Auth" if form else "WinNegotiate"), mex.body)
        answer = self.request_ticket(port[1] if port else service, refusal.url, form)
        if answer is None or answer.status != 200:
            return None
        compact = re.search(r"<UserToken[^>]*>([^<]*)<", answer.body)
        if compact:
            return "X-MS-WebTicket", compact[1]
        saml = re.search(r"<saml:Assertion.*</saml:Assertion>", answer.body, re.S)
        return saml and ("X-MS-WebTicket", "opaque=" + base64.b64encode(saml[0].encode()).decode())

    def request_ticket(self, url, audience, form):
        encode = lambda text: base64.b64encode(text.encode()).decode()
        header = USERNAME_TOKEN.format(wsse=doc.WSSE, name=encode(self.plan["account"]),
                                       password=encode(self.plan["password"])) if form else ""
        body = RST.format(header=header, wst=doc.WST, context=uuid.uuid4(), audience=audience,
                          user=self.user, kind=doc.SAML_TOKEN if self.plan["token"] == "saml"
                          else doc.AF + ":user-cwt-1")
        headers = [("Content-Type", "text/xml; charset=utf-8"),
                   ("SOAPAction", f'"{doc.WST}/RST/Issue"')]
        answer = self.ask(url, *self.windows_options(), *self.plan["ticket_curl"], method="POST",
                          headers=headers, body=body)
        if self.plan["auth"] == "kerberos-ntlm" and answer is not None and answer.status == 401:
            self.plan["auth"] = "ntlm"
            return self.request_ticket(url, audience, form)
        return answer

    def windows_options(self):
        name = f"{self.plan['account']}:{self.plan['password']}"
        return {"ntlm": ["--ntlm", "-u", name], "oauth-windows": ["--ntlm", "-u", name],
                "blind-ntlm": ["--anyauth", "-u", name], "basic": ["--basic", "-u", name],
                "kerberos": ["--negotiate", "-u", ":"], "kerberos-ntlm": ["--negotiate", "-u", ":"],
                "blind-kerberos": ["--anyauth", "-u", ":"]}.get(self.plan["auth"], [])

    def oauth(self, refusal):
        offer = next((value for name, value in refusal.headers
                      if name.lower() == "www-authenticate" and "MsRtcOAuth" in value), "")
        href = re.search(r'href="?([^",]*)', offer)
        if href is None:
            return None
        form = {"grant_type": self.plan["grant"]}
        if self.plan["auth"] == "oauth":
            form.update(username=self.user, password=self.plan["password"])
        answer = self.ask(href[1], *self.windows_options(), method="POST",
                          headers=[("Content-Type", "application/x-www-form-urlencoded")],
                          body="&".join(f"{key}={quote(value)}" for key, value in form.items()))
        if answer is None or answer.status != 200:
            return None
        return "Authorization", "Bearer " + json.loads(answer.body)["access_token"]

    def online_token(self, url):
        """Microsoft's account service: a password for a token; only its refusals are emulated."""
        body = RST2.format(name=self.user, password=self.plan["password"])
        self.ask(url, method="POST", headers=[("Content-Type", "application/soap+xml; charset=utf-8")],
                 body=body)

    def knock(self, links, ticket):
        """The answer at the door of the mobility service; None: no such door."""
        if self.plan["entry"] == "mcx":
            url = links.get("external/mcx")
            body, kind = doc.envelope("<InitiateSession/>"), "text/xml; charset=utf-8"
        else:
            url = links.get("ucwa") or links.get("applications") or links.get("external/ucwa")
            body = json.dumps({"UserAgent": "LyncMobile/5.4", "EndpointId": str(uuid.uuid4()),
                               "Culture": "en-US"})
            kind = "application/json"
        if url is None:
            return None
        return self.ask(url, method="POST", headers=[ticket, ("Content-Type", kind)], body=body)

    def enter(self, links, ticket, user_url):
        answer = self.knock(links, ticket)
        for _ in range(self.plan["turns"] - 1):
            if answer is None or answer.status < 400:
                break
            ticket = self.ticket(self.get(user_url)) or ticket
            answer = self.knock(links, ticket)
        if answer is None or answer.status not in (200, 201):
            return False
        return self.go_on(links, ticket, answer)

    def go_on(self, links, ticket, answer):
        place = lambda made: urljoin(made.url, made.header("Location") or "")
        application, good = place(answer), True
        for step in self.plan["after"]:
            if step is None:
                time.sleep(1)
                continue
            method, target = step
            answer = self.ask(target.replace("{application}", application), method=method,
                              headers=[ticket])
            good = answer is not None and answer.status != 404
            if not good and self.plan["recreate"]:
                answer = self.knock(links, ticket)
                application = place(answer)
        return good

    def push(self, when):
        """The push service's connection, which the system makes by itself."""
        if not self.plan["push"] or self.plan["push"][2] != when:
            return
        name, port, _ = self.plan["push"]
        try:
            socket.create_connection((resolve(name), port), timeout=8).close()
            say("push", name, port, "open")
        except OSError as error:
            say("push", name, port, error)

    def attempt(self):
        for step in self.plan["before"]:
            if isinstance(step, list):
                self.ask(step[1], method=step[0])
            elif step.startswith("_"):
                ask_srv(step)
            else:
                resolve(step)
        if self.plan["stop"] == "root":
            return self.discover() is not None
        url = self.user_url()
        if url is None:
            return False
        if self.plan["stop"] == "user":
            return self.get(url) is not None
        links, ticket = self.user_document(url)
        if links is None:
            return False
        good = self.enter(links, ticket, url) if self.plan["mobility"] else True
        for method, target in self.plan["later"]:
            self.ask(target, method=method)
        return good


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        client = Client(json.load(file))
    good = False
    time.sleep(client.plan["begin_s"])
    for turn in range(client.plan["repeat"]):
        time.sleep(client.plan["pause_s"] if turn else 0)
        client.addresses.clear()
        client.push("first")
        good = client.attempt()
        client.push("last")
        say("attempt", turn + 1, "in" if good else "NOT in")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
