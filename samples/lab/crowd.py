"""crowd.py NAME [CLIENTS]: thirty clients at once through one proxy that reuses its connections.

Everything runs on the loopback interface of a network namespace of its own; clients have addresses of
their own (a plan may put several people behind one) and real curl, proxies are nginx and HAProxy, and
the web service is the emulated one.  Every request carries a header X-Crowd with its person and a
number, which nothing but tests/golden/crowd.py reads: it is the truth about what belongs to whom.
"""
import json
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
PROXY, INNER, POOL, NAMES = "203.0.113.10", "10.20.0.10", "10.20.0.31", "203.0.113.53"
ZONE = ["lyncdiscover.contoso.example", "lyncweb.contoso.example"]
PASSWORD = "Summer-2013"


def crowd(**plan):
    return {"proxy": "nginx", "tls": False, "auth": "form", "forwarded": True, "behind": 1, "moves": 0, "later": False,
            "spread_s": 0.4, "clients": 30, **plan}


CROWDS = {
    "crowd-nginx": crowd(),
    "crowd-nginx-nameless": crowd(forwarded=False),
    "crowd-nginx-tls": crowd(tls=True, forwarded=False, clients=12, spread_s=0.1),
    "crowd-haproxy": crowd(proxy="haproxy", auth="ntlm", forwarded=False),
    "crowd-behind-nat": crowd(behind=3, forwarded=False, spread_s=3),
    "crowd-rediscovery": crowd(later=True, clients=6, spread_s=1),
    "crowd-moving": crowd(moves=4, clients=8, spread_s=1),
}


def nginx(plan, folder):
    secure = plan["tls"]
    forwarded = "proxy_set_header X-Forwarded-For $remote_addr;" if plan["forwarded"] else ""
    return ["nginx", "-e", "stderr", "-c", write(folder, "nginx.conf", f"""daemon off; master_process off;
pid {folder}/nginx.pid; error_log stderr notice; events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream pool {{ server {POOL}:8080; keepalive 6; }}
  server {{
    listen {PROXY}:80; {f'listen {PROXY}:443 ssl;' if secure else ''}
    {f'ssl_certificate {folder}/site.pem; ssl_certificate_key {folder}/site.pem;' if secure else ''}
    location / {{
      proxy_pass http://pool; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_bind {INNER}; {forwarded}
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
""")]


def haproxy(plan, folder):
    binds = f"  bind {PROXY}:80\n" + (f"  bind {PROXY}:443 ssl crt {folder}/site.pem\n" if plan["tls"] else "")
    return ["haproxy", "-db", "-f", write(folder, "haproxy.cfg", f"""global
  maxconn 300
defaults
  mode http
  timeout connect 4s
  timeout client 60s
  timeout server 60s
  http-reuse always
listen site
{binds}  http-request set-header X-Forwarded-Proto {'https' if plan['tls'] else 'http'}
{'  option forwardfor' if plan['forwarded'] else ''}
  source {INNER}
  server pool {POOL}:8080
""")]


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def certificate(folder):
    """site.pem and, to trust it, ca.pem."""
    names = ",".join("DNS:" + name for name in ZONE)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "3650", "-subj", "/CN=lyncweb.contoso.example", "-addext",
                    "subjectAltName=" + names, "-keyout", folder + "/site.key", "-out", folder + "/ca.pem"],
                   check=True, stderr=subprocess.DEVNULL)
    with open(folder + "/site.pem", "w", encoding="ascii") as file:
        for part in ("ca.pem", "site.key"):
            with open(os.path.join(folder, part), encoding="ascii") as source:
                file.write(source.read())


def look_up(name, source):
    """A and AAAA at once, from one socket, as the C library asks."""
    wire = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((source, 0))
        one.settimeout(3)
        for kind in (1, 28):
            one.sendto(struct.pack(">HHHHHH", random.randrange(65536), 0x100, 1, 0, 0, 0) + wire +
                       struct.pack(">HH", kind, 1), (NAMES, 53))
        for _ in range(2):
            one.recv(1500)
    return PROXY if name in ZONE else None


def person(plan, index, turn, source):
    """Signs in from `source`; Client.curl is told where from and by whom."""
    import client

    class Person(client.Client):
        numbers = 100 * turn

        def curl(self, url, *more, **request):
            host = client.urlsplit(url).hostname
            if host not in self.addresses:
                self.addresses[host] = look_up(host, source)
            self.numbers += 1
            return super().curl(url, "--interface", source, "-H", f"X-Crowd: {index}.{self.numbers}", *more,
                                **request)

    name = f"user{index:02}"
    return Person({"user": f"{name}@contoso.example", "account": f"CONTOSO\\{name}", "password": PASSWORD,
                   "schemes": ["https" if plan["tls"] else "http"], "auth": plan["auth"],
                   "agent": ["mobile", "ios", "desktop"][index % 3], **again(plan, name)})


def again(plan, name):
    """Two seconds after it got in a client asks for the root once more, and no further."""
    root = f"http://lyncdiscover.contoso.example/?sipuri={name}@contoso.example"
    return {"after": [None, None], "later": [["GET", root]]} if plan["later"] else {}


def sign_in(plan, index, sources):
    time.sleep(random.random() * plan["spread_s"])
    for turn, source in enumerate(sources):
        person(plan, index, turn, source).attempt()
        if len(sources) > 1:
            time.sleep(0.3)


def addresses(plan, index):
    first = f"198.51.100.{21 + index // plan['behind']}"
    return [first, f"192.0.2.{21 + index}"] if index < plan["moves"] else [first]


def play(name, clients):
    plan = {**CROWDS[name], **({"clients": clients} if clients else {})}
    folder = tempfile.mkdtemp(prefix="lyncscope-crowd.")
    places = [addresses(plan, index) for index in range(plan["clients"])]
    for command in ["link set lo up", *(f"addr add {one}/32 dev lo" for one in sorted(
            {PROXY, INNER, POOL, NAMES, *(one for place in places for one in place)}))]:
        subprocess.run(["ip", *command.split()], check=True)
    scheme = "https" if plan["tls"] else "http"
    service = {"sites": [[POOL, 8080]], "external": f"{scheme}://lyncweb.contoso.example",
               "users": {f"user{i:02}@contoso.example": {"account": f"CONTOSO\\user{i:02}", "password": PASSWORD}
                         for i in range(plan["clients"])}, "root_over_http": "links"}
    certificate(folder)
    os.environ["LAB_CA"] = folder + "/ca.pem"
    keylog = os.path.join(folder, "keys.log")
    if plan["tls"]:
        os.environ["SSLKEYLOGFILE"] = keylog
    zone = {name: [["A", PROXY]] for name in ZONE}
    raw = os.path.join(folder, "raw.pcap")
    started = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in (
        ["tcpdump", "-Z", "root", "--immediate-mode", "-B", "16384", "-s", "0", "-i", "lo", "-w", raw, "-n",
         "not icmp"],
        [sys.executable, HERE + "/dnsd.py", NAMES, write(folder, "zone.json", json.dumps(zone))],
        [sys.executable, HERE + "/lyncweb.py", write(folder, "service.json", json.dumps(service))],
        {"nginx": nginx, "haproxy": haproxy}[plan["proxy"]](plan, folder))]
    time.sleep(1.5)
    random.seed(name)
    threads = [threading.Thread(target=sign_in, args=(plan, index, place))
               for index, place in enumerate(places)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(0.5)
    for process in started:
        process.terminate()
        process.wait()
    target = os.path.join(TOP, "tests/golden/captures", name)
    subprocess.run(["zstd", "-q", "-f", "-19", raw, "-o", target + ".pcap.zst"], check=True)
    if plan["tls"]:
        shutil.copyfile(keylog, target + ".keylog")
    shutil.rmtree(folder, ignore_errors=True)
    print(name, os.path.getsize(target + ".pcap.zst"), "bytes")


def main():
    if os.environ.get("LYNCSCOPE_CROWD") != "inside":
        os.execvpe("unshare", ["unshare", "-n", sys.executable, *sys.argv],
                   {**os.environ, "LYNCSCOPE_CROWD": "inside", "PYTHONDONTWRITEBYTECODE": "1"})
    play(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)


if __name__ == "__main__":
    main()
