"""tls_families_wire.py: how TLS lies on the wire: tiny segments and records, tunnels, HTTP/2 inside."""
import socket
import subprocess
import threading

from tls_families_12 import only, pair
from tls_lab import (CLIENT, NAME, PROXY, SERVER, TIME_LIMIT_S, Refused, Talk, ask, patient, play, serve,
                     truth_of)
from tls_openssl import Side

GCM, CBC, GCM13 = "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA384", "TLS_AES_128_GCM_SHA256"
BACKEND = ("127.0.0.1", 8081)


def tls_fragments(book):
    """Records of at most 512 bytes, segments of at most 100, and both; requests with long headers."""
    long = "X-Padding: " + "p" * 500 + "\r\n"
    for version, cipher in (("TLSv1.2", CBC), ("TLSv1.3", GCM13), ("TLSv1", "AES128-SHA")):
        for size, segment in ((512, 0), (0, 100), (512, 88)):
            client, server = pair(book, only(version, cipher))
            if size:
                client.fragments(size)
                server.fragments(size)
            number = book.next()
            book.talk(client.named(NAME), server, ask(number, long), serve(number, 900), segment=segment)


def tls_large(book):
    """An answer of more than 64 KB in full records."""
    client, server = pair(book, only("TLSv1.3", GCM13))
    number = book.next()
    book.talk(client.named(NAME), server, ask(number), serve(number, 70000))


def tls_port(book):
    """Ports that are not known for TLS, one of them known for something else."""
    for port, version, cipher in ((9131, "TLSv1.2", GCM), (5061, "TLSv1.3", GCM13), (53, "TLSv1.2", GCM),
                                  (80, "TLSv1.3", GCM13)):
        client, server = pair(book, only(version, cipher))
        number = book.next()
        book.talk(client.named(NAME), server, ask(number), serve(number), port=port)


# ---- a tunnel ----

def relay(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def read_head(sock):
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        part = sock.recv(1)
        if not part:
            raise RuntimeError("the proxy ended")
        data += part
    return data


def proxy(listener, ports):
    """One CONNECT, then bytes to and fro."""
    inner = listener.accept()[0]
    read_head(inner)
    outer = patient(socket.create_connection((SERVER, 443), source_address=(PROXY, 0)))
    ports.append(outer.getsockname()[1])
    inner.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    back = threading.Thread(target=relay, args=(outer, inner))
    back.start()
    relay(inner, outer)
    back.join(TIME_LIMIT_S)
    inner.close()
    outer.close()


def tunnelled(book, version, cipher, number):
    """Both legs are in the capture, with the same bytes in them."""
    client, server = pair(book, only(version, cipher))
    doors = [socket.create_server(address, backlog=1) for address in ((SERVER, 443), (PROXY, 8080))]
    ports = []
    worker = threading.Thread(target=proxy, args=(doors[1], ports))
    worker.start()
    sock = patient(socket.create_connection((PROXY, 8080), source_address=(CLIENT, 0)))
    sock.sendall(f"CONNECT {NAME}:443 HTTP/1.1\r\nHost: {NAME}:443\r\n\r\n".encode())
    read_head(sock)
    accepted = patient(doors[0].accept()[0])
    inner_port = sock.getsockname()[1]
    ends = client.named(NAME)(sock), server(accepted)
    if troubles := play((ends[0], ask(number)), (ends[1], serve(number))):
        raise RuntimeError(str(troubles))
    worker.join(TIME_LIMIT_S)
    for door in doors:
        door.close()
    book.note(truth_of(Talk(None, None, port=8080), inner_port, *ends))
    book.note(truth_of(Talk(None, None), ports[0], *ends))


def tls_tunnel(book):
    """Inside a CONNECT tunnel, both legs of the proxy."""
    for version, cipher in (("TLSv1.2", GCM), ("TLSv1.2", CBC), ("TLSv1.3", GCM13)):
        tunnelled(book, version, cipher, book.next())


# ---- HTTP/2 ----

NGINX = """daemon off; error_log stderr; pid {folder}/nginx.pid; events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {folder}/nginx; proxy_temp_path {folder}/nginx;
 fastcgi_temp_path {folder}/nginx; uwsgi_temp_path {folder}/nginx; scgi_temp_path {folder}/nginx;
 server {{ listen 127.0.0.1:8081 http2; gzip on; gzip_min_length 100; gzip_types application/json;
  location / {{ default_type application/json; add_header X-Frontend fe01.corp.contoso.com;
   return 200 '{{"_links":{{"self":{{"href":"https://$host$request_uri"}},"note":"{filler}"}}}}'; }}
  location /missing {{ return 404; }} }} }}
"""


def h2_server(end):
    """The plain bytes go to nginx, which speaks HTTP/2 but no TLS."""
    end.handshake()
    backend = socket.create_connection(BACKEND)

    def answers():
        try:
            while data := backend.recv(16384):
                end.write(data)
        except (OSError, Refused):
            pass

    back = threading.Thread(target=answers)
    back.start()
    try:
        while data := end.read():
            backend.sendall(data)
    finally:
        backend.shutdown(socket.SHUT_WR)
        back.join(TIME_LIMIT_S)
        backend.close()


URL = f"https://{NAME}/Autodiscover/AutodiscoverService.svc/root"
CURL = ["curl", "-s", "-o", "/dev/null", "--http2", "--interface", CLIENT, "--resolve",
        f"{NAME}:443:{SERVER}", "-k"]
NGHTTP = ["nghttp", "-n", "-H", f":authority: {NAME}"]
HERE = f"https://{SERVER}/Autodiscover/AutodiscoverService.svc/root"


def h2_commands(book):
    with open(book.path("post"), "wb") as file:
        file.write(b"<s:Envelope>" + b"x" * 3000 + b"</s:Envelope>")
    post = "@" + book.path("post")
    return [
        [*CURL, URL + "?n=1", "-o", "/dev/null", URL + "?n=2", "-o", "/dev/null", f"https://{NAME}/missing"],
        [*CURL, "--compressed", "--data-binary", post, "-H", "Expect:", URL + "?n=3"],
        [*CURL, "--tls-max", "1.2", URL + "?n=4"],
        [*NGHTTP, "-m", "3", HERE + "?n=5", HERE + "?n=6"],
        [*NGHTTP, "--continuation", "-b", "100", "-d", book.path("post"), "--trailer", "x-end: yes", HERE + "?n=7"],
    ]


def tls_h2(book):
    """HTTP/2 by curl and nghttp: several streams, padding, CONTINUATION, trailers, bodies."""
    with open(book.path("nginx.conf"), "w", encoding="ascii") as file:
        file.write(NGINX.format(folder=book.stage.folder, filler="fill " * 60))
    nginx = subprocess.Popen(["nginx", "-e", "stderr", "-c", book.path("nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(BACKEND)
        for command in h2_commands(book):
            server = Side(True, book.keylog, certificates=[book.path("rsa")], alpn=["h2"]).accept_silence()
            book.stage.foreign_client(Talk(None, server, server=h2_server), command)
    finally:
        nginx.terminate()
        nginx.wait()


def wait_for(address):
    for _ in range(100):
        try:
            return socket.create_connection(address).close()
        except OSError:
            threading.Event().wait(0.05)
    raise RuntimeError(f"nobody at {address}")


FAMILIES = {
    "tls-fragments": tls_fragments,
    "tls-large": tls_large,
    "tls-port": tls_port,
    "tls-tunnel": tls_tunnel,
    "tls-h2": tls_h2,
}
