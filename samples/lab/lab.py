"""lab.py: the network of the samples, in namespaces, and the real programs in it.

  lsc-out, lsc-out2  198.51.100.21, .22  clients outside
  lsc-in   10.20.5.77                    a client inside
  lsc-rp   203.0.113.10 | 10.20.0.10     the reverse proxy, one interface for each side
  lsc-lb   10.20.0.40                    the load balancer of the internal web site
  lsc-fe   10.20.0.31, .32, .20, .53     front ends, Director, internal name server
  lsc-dns  203.0.113.53, .80, .20        public name server, somebody's web site, Edge
  lsc-net  a bridge that joins them all; captures on it see every leg once

Unknown destinations go to lsc-net, which forwards nothing: packets to them vanish.
"""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

import certificates

HERE = os.path.dirname(os.path.abspath(__file__))
HOSTS = {
    "out": {"eth0": ["198.51.100.21/24"]},
    "out2": {"eth0": ["198.51.100.22/24"]},
    "in": {"eth0": ["10.20.5.77/16"]},
    "rp": {"eth0": ["203.0.113.10/24"], "eth1": ["10.20.0.10/16"]},
    "lb": {"eth0": ["10.20.0.40/16"]},
    "fe": {"eth0": ["10.20.0.31/16", "10.20.0.32/16", "10.20.0.20/16", "10.20.0.53/16"]},
    "dns": {"eth0": ["203.0.113.53/24", "203.0.113.80/24", "203.0.113.20/24"]},
}
ROUTES = {
    "out": ["203.0.113.0/24 dev eth0", "default via 198.51.100.1"],
    "out2": ["203.0.113.0/24 dev eth0", "default via 198.51.100.1"],
    "in": ["203.0.113.0/24 dev eth0", "default via 10.20.0.1"],
    "rp": ["198.51.100.0/24 dev eth0", "10.20.5.77/32 dev eth0"],
    "lb": [],
    "fe": ["203.0.113.0/24 dev eth0", "198.51.100.0/24 dev eth0"],
    "dns": ["198.51.100.0/24 dev eth0", "10.20.0.0/16 dev eth0"],
}
RESOLVERS = {"out": "203.0.113.53", "out2": "203.0.113.53", "in": "10.20.0.53"}
PUBLIC_ZONE = ["lyncdiscover.contoso.example,203.0.113.10", "lyncweb.contoso.example,203.0.113.10",
               "meet.contoso.example,203.0.113.10", "sip.contoso.example,203.0.113.20"]
INNER_ZONE = ["lyncdiscoverinternal.contoso.example,10.20.0.40",
              "pool01.corp.contoso.example,10.20.0.40", "lyncweb.contoso.example,203.0.113.10",
              "fe01.corp.contoso.example,10.20.0.31", "dc01.corp.contoso.example,10.20.0.53"]
NAMES = ["lyncdiscover.contoso.example", "lyncdiscoverinternal.contoso.example",
         "lyncweb.contoso.example", "pool01.corp.contoso.example", "*.contoso.example",
         "lyncdiscover.fabrikam.example", "lyncweb.fabrikam.example"]


def run(*command, check=True, **more):
    return subprocess.run(command, check=check, **more)


def ip(*words, check=True):
    return run("ip", *words, check=check, stderr=None if check else subprocess.DEVNULL)


def inside(host):
    return ["ip", "netns", "exec", "lsc-" + host]


class Lab:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="lyncscope-lab.")
        self.processes, self.tcpdumps, self.plans = [], [], 0
        self.environment, self.keylog = {}, None
        self.ca = os.path.join(self.folder, "ca.pem")

    # ---- the network ----

    def up(self):
        self.down_network()
        ip("netns", "add", "lsc-net")
        ip("-n", "lsc-net", "link", "add", "br0", "type", "bridge")
        for address in ("198.51.100.1/24", "10.20.0.1/16"):
            ip("-n", "lsc-net", "addr", "add", address, "dev", "br0")
        ip("-n", "lsc-net", "link", "set", "br0", "up")
        self.sysctl("net", "net.ipv4.ip_forward=0")
        for host, interfaces in HOSTS.items():
            self.add_host(host, interfaces)
        for host, resolver in RESOLVERS.items():
            folder = f"/etc/netns/lsc-{host}"
            os.makedirs(folder, exist_ok=True)
            self.resolver(host)
        self.certificates(NAMES)

    def add_host(self, host, interfaces):
        name = "lsc-" + host
        ip("netns", "add", name)
        for key in ("all", "default"):
            self.sysctl(host, f"net.ipv6.conf.{key}.disable_ipv6=1", f"net.ipv4.conf.{key}.rp_filter=0",
                        f"net.ipv4.conf.{key}.arp_ignore=1", f"net.ipv4.conf.{key}.arp_announce=2")
        ip("-n", name, "link", "set", "lo", "up")
        for interface, addresses in interfaces.items():
            port = f"{host}-{interface}"
            ip("link", "add", interface, "netns", name, "type", "veth", "peer", "name", port,
               "netns", "lsc-net")
            # What is captured is then what a wire would carry: no segments of 64 KB.
            run(*inside(host), "ethtool", "-K", interface, "tso", "off", "gso", "off", "gro", "off",
                "tx", "off", stdout=subprocess.DEVNULL)
            ip("-n", "lsc-net", "link", "set", port, "master", "br0", "up")
            for address in addresses:
                ip("-n", name, "addr", "add", address, "dev", interface)
            ip("-n", name, "link", "set", interface, "up")
        for route in ROUTES[host]:
            ip("-n", name, "route", "add", *route.split())

    @staticmethod
    def sysctl(host, *settings):
        run(*inside(host), "sysctl", "-qw", *settings)

    def resolver(self, host, options="timeout:2 attempts:2"):
        with open(f"/etc/netns/lsc-{host}/resolv.conf", "w", encoding="ascii") as file:
            file.write(f"nameserver {RESOLVERS[host]}\noptions {options}\n")

    @staticmethod
    def down_network():
        for host in [*HOSTS, "net"]:
            ip("netns", "del", "lsc-" + host, check=False)
            shutil.rmtree(f"/etc/netns/lsc-{host}", ignore_errors=True)

    def certificates(self, names):
        path = lambda name: os.path.join(self.folder, name)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        run("openssl", "req", "-x509", *key, "-keyout", path("ca.key"), "-out", self.ca, "-days",
            "3650", "-subj", "/CN=Contoso test CA", **quiet)
        run("openssl", "req", *key, "-keyout", path("site.key"), "-out", path("site.csr"), "-subj",
            "/CN=lyncweb.contoso.example", **quiet)
        with open(path("san"), "w", encoding="ascii") as file:
            file.write("subjectAltName=" + ",".join("DNS:" + name for name in names) + "\n")
        run("openssl", "x509", "-req", "-in", path("site.csr"), "-CA", self.ca, "-CAkey",
            path("ca.key"), "-CAcreateserial", "-days", "3650", "-extfile", path("san"), "-out",
            path("site.crt"), **quiet)
        with open(path("site.pem"), "w", encoding="ascii") as file:
            for part in ("site.crt", "site.key"):
                with open(path(part), encoding="ascii") as source:
                    file.write(source.read())
        certificates.make(self.folder)

    def rsa_certificate(self):
        """rsa.key and rsa.pem: with these the server's key alone opens TLS 1.2."""
        key, pem = (os.path.join(self.folder, name) for name in ("rsa.key", "rsa.pem"))
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem,
            "-days", "3650", "-subj", "/CN=pool01.corp.contoso.example", stderr=subprocess.DEVNULL)
        with open(pem, "a", encoding="ascii") as file, open(key, encoding="ascii") as source:
            file.write(source.read())

    # ---- the programs ----

    def start(self, host, *command, ready=None, **more):
        log = os.path.join(self.folder, f"{len(self.processes)}-{os.path.basename(command[0])}.log")
        with open(log, "wb") as file:
            process = subprocess.Popen([*inside(host), *command], stdout=file,
                                       stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **more)
        self.processes.append(process)
        for _ in range(100):
            time.sleep(0.05)
            with open(log, "rb") as file:
                text = file.read()
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]}: {text.decode()}")
            if ready is None or ready in text:
                return process
        raise RuntimeError(f"{command[0]} does not start: {text.decode()}")

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(3)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.processes.clear()
        for host in HOSTS:
            run(*inside(host), "nft", "flush", "ruleset")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def dnsmasq(self, host, address, zone):
        """`zone`: lines NAME,ADDRESS, or an option of dnsmasq."""
        lines = ["no-resolv", "no-hosts", "bind-interfaces", f"listen-address={address}", "port=53",
                 "local=/example/", "local=/com/", "local-ttl=60", "no-daemon", "user=root",
                 "log-facility=-", "pid-file="]
        lines += [row if "=" in row else f"host-record={row}" for row in zone]
        path = self.write(f"dnsmasq-{host}.conf", "\n".join(lines) + "\n")
        self.start(host, "dnsmasq", "-C", path, ready=b"started")

    def dnsd(self, host, address, zone):
        path = self.write(f"zone-{host}.json", json.dumps(zone))
        self.start(host, "python3", f"{HERE}/dnsd.py", address, path, ready=b"ready")

    def service(self, name, settings, host="fe"):
        path = self.write(f"service-{name}.json", json.dumps(settings))
        self.start(host, "python3", f"{HERE}/lyncweb.py", path, ready=b"ready")

    def haproxy(self, host, frontends):
        """`frontends`: (bind address:port, tls, backend address:port, more lines).  `tls`: True, or the
        name of a certificate of certificates.py and what else belongs to the bind line."""
        lines = ["global", "  maxconn 100", "defaults", "  mode http", "  timeout connect 4s",
                 "  timeout client 60s", "  timeout server 60s", "  option forwardfor",
                 "  option redispatch 0", "  retries 0"]
        for number, (bind, tls, backend, more) in enumerate(frontends):
            name, _, options = ("site" if tls is True else tls or "").partition(" ")
            crypto = f" ssl crt {self.folder}/{name}.pem {options}".rstrip() if tls else ""
            lines += [f"listen site{number}", f"  bind {bind}{crypto}",
                      f"  http-request set-header X-Forwarded-Proto {'https' if tls else 'http'}",
                      *("  " + line for line in more)]
            lines += [f"  server pool{number} {backend}"] if backend else []
        text = "\n".join(lines).replace("{folder}", self.folder)
        path = self.write(f"haproxy-{host}.cfg", text + "\n")
        self.start(host, "haproxy", "-db", "-f", path)

    def nginx(self, host, servers):
        """`servers`: (listen, tls, more lines); `tls` as for HAProxy, without options."""
        blocks = []
        for listen, tls, more in servers:
            name = "site" if tls is True else tls
            crypto = [f"ssl_certificate {self.folder}/{name}.crt;",
                      f"ssl_certificate_key {self.folder}/site.key;"] if tls else []
            body = "\n    ".join([f"listen {listen}{' ssl' if tls else ''};", *crypto, *more])
            blocks.append(f"  server {{\n    {body}\n  }}")
        text = f"""daemon off; master_process off; pid {self.folder}/nginx-{host}.pid;
error_log stderr notice; events {{}}
http {{
  access_log off; default_type text/html;
  client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;
  fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
{chr(10).join(blocks)}
}}
"""
        text = text.replace("{folder}", self.folder)
        self.start(host, "nginx", "-e", "stderr", "-c", self.write(f"nginx-{host}.conf", text))

    def kerberos(self, principal, password, service):
        """A real key distribution centre inside, and a ticket-granting ticket for the inside client."""
        realm = "CORP.CONTOSO.EXAMPLE"
        config = self.write("krb5.conf", f"""[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 rdns = false
 dns_canonicalize_hostname = false
[realms]
 {realm} = {{
  kdc = 10.20.0.53
  database_name = {self.folder}/principal
  key_stash_file = {self.folder}/stash
 }}
[domain_realm]
 .contoso.example = {realm}
[kdcdefaults]
 kdc_listen = 10.20.0.53:88
 kdc_tcp_listen = 10.20.0.53:88
""")
        self.environment = {"KRB5_CONFIG": config, "KRB5_KDC_PROFILE": config,
                            "KRB5CCNAME": f"{self.folder}/tickets"}
        setting = {"env": {**os.environ, **self.environment}, "stdout": subprocess.DEVNULL}
        if os.path.exists(f"{self.folder}/principal"):
            run("kdb5_util", "destroy", "-f", **setting)
        run("kdb5_util", "create", "-s", "-r", realm, "-P", "of no use", **setting)
        for name, key in ((principal, password), (service, "of no use either")):
            run("kadmin.local", "-q", f"addprinc -pw {json.dumps(key)} {name}", **setting,
                stderr=subprocess.DEVNULL)
        self.start("fe", "krb5kdc", "-n", env={**os.environ, **self.environment})
        run(*inside("in"), "kinit", principal, input=password + "\n", text=True, **setting)

    def nft(self, host, rule):
        """One rule of the input chain."""
        run(*inside(host), "nft", f"add table ip lab; add chain ip lab input "
            "{ type filter hook input priority 0; }; add rule ip lab input " + rule)

    def client(self, plan, host="out"):
        self.plans += 1
        path = self.write(f"plan{self.plans}.json", json.dumps(plan))
        return subprocess.Popen([*inside(host), "python3", f"{HERE}/client.py", path],
                                env={**os.environ, "LAB_CA": self.ca, **self.keys(), **self.environment})

    def keys(self):
        """Where clients log their TLS keys, when they are to."""
        return {"SSLKEYLOGFILE": self.keylog} if self.keylog else {}

    def capture(self, path, point="net:br0", filter_text="", snap=262144):
        """Starts another tcpdump; `stop_capture` waits for what is still on its way."""
        host, interface = point.split(":")
        expression = "not arp and not icmp6 and not ip6" + (f" and ({filter_text})" if filter_text else "")
        more = ["-y", "LINUX_SLL2"] if interface == "any" else []
        self.tcpdumps.append(self.start(host, "tcpdump", "-Z", "root", "--immediate-mode", "-B", "8192", "-s", str(snap), "-i",
                                         interface, *more, "-w", path, "-n", expression,
                                         ready=b"listening on"))

    def stop_capture(self):
        time.sleep(0.4)
        for tcpdump in self.tcpdumps:
            tcpdump.send_signal(signal.SIGINT)
            tcpdump.wait()
        self.tcpdumps.clear()

    def down(self):
        self.stop()
        self.down_network()
        shutil.rmtree(self.folder, ignore_errors=True)
