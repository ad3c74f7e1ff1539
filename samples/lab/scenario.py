"""scenario.py: what a scenario is, and the ordinary site that each of them departs from."""
from dataclasses import dataclass, field

import lab

ALICE = {"alice@contoso.example": {"account": "CONTOSO\\alice", "password": "Summer-2013"}}
SITES = [["10.20.0.31", 8080], ["10.20.0.31", 80]]
FRONT_END = "10.20.0.31:8080"
WIRE, PROXY, INSIDE, CLIENT = "net:br0", "rp:any", "fe:eth0", "out:eth0"


def out(**plan):
    return "out", plan


def out2(**plan):
    return "out2", plan


def inner(**plan):
    return "in", plan


def server(*urls, **plan):
    """A Front End that asks another server, from its own address."""
    return "fe", {"names": [], "before": [["GET", url] for url in urls], **plan,
                  "curl": ["--interface", "10.20.0.31", *plan.get("curl", [])]}


def service(**settings):
    return {"sites": SITES, "users": ALICE, **settings}


def fault(path, times=None, method=None, credential=None, host=None, **then):
    """One answer that the emulated service gives wrong."""
    when = {"path": path, "method": method, "credential": credential, "host": host, "times": times}
    return {"when": {key: value for key, value in when.items() if value is not None}, "then": then}


def haproxy(*more, http=FRONT_END, https=FRONT_END, address="203.0.113.10", tls=True):
    """Both listeners; None: no listener, "": one without a server behind."""
    rows = [(f"{address}:80", False, http, more), (f"{address}:443", tls, https, more)]
    return [row for row in rows if row[2] is not None]


def nginx(*more, to="http://" + FRONT_END, host="$host", http=True, https=True, tls=True, server=()):
    """Both listeners; `more` goes into each location, `server` beside that of 443."""
    lines = ["location / {", f"  proxy_pass {to};", f"  proxy_set_header Host {host};",
             "  proxy_set_header X-Forwarded-For $remote_addr;",
             "  proxy_set_header X-Forwarded-Proto $scheme;", *("  " + line for line in more), "}"]
    return ([("203.0.113.10:80", False, lines)] if http else []) + \
        ([("203.0.113.10:443", tls, [*server, *lines])] if https else [])


@dataclass
class Scenario:
    name: str
    shows: str                       # one sentence for the table of samples
    rules: list                      # ids of rules it proves; none: it must raise no warning
    clients: list                    # stages; a list inside runs at once
    sample: bool = False             # for users, in samples/
    point: str = WIRE
    second: str = ""                 # another capture point, its file is NAME-2.pcap
    ahead: float = 0                 # seconds its clock is ahead
    only: str = ""                   # pcap filter
    snap: int = 262144
    public: object = field(default_factory=lambda: list(lab.PUBLIC_ZONE))  # dict: dnsd.py serves
    inside: object = field(default_factory=lambda: list(lab.INNER_ZONE))
    haproxy: list = field(default_factory=haproxy)
    nginx: list = None               # instead of haproxy
    balancer: list = field(default_factory=lambda: haproxy(
        http="10.20.0.31:80", https="10.20.0.31:80", address="10.20.0.40"))
    front: list = None               # listeners of haproxy before the services
    rsa: bool = False                # with a certificate of its own, whose key stays with the capture
    other_site: list = None          # nginx servers at 203.0.113.80
    services: list = field(default_factory=lambda: [service()])
    drop: list = field(default_factory=list)   # (host, rule of nft)
    names: list = None               # in the certificate
    resolver: str = "timeout:2 attempts:2"
    late: float = 0                  # seconds to wait before the capture begins
    ending: float = 0                # seconds to wait after the last client; negative: cut
    after: str = ""                  # gz, zst, pcapng, cut
    options: str = ""                # of lyncscope
    kerberos: bool = False
    keylog: bool = False                       # the clients' keys are kept beside the capture
    programs: list = field(default_factory=list)   # (host, words of a command) on the servers' side
    inner_site: list = None                    # HAProxy's frontends on the front end's host

    def uses_inside(self):
        flat = [one for stage in self.clients for one in (stage if isinstance(stage, list) else [stage])]
        return any(host == "in" for host, _ in flat)
