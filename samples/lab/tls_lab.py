"""tls_lab.py: a loopback interface of our own, tcpdump on it, and pairs of TLS endpoints that talk over it.

The endpoints are the TLS libraries themselves, called in threads (tls_openssl.py, tls_gnutls.py), or
the programs of NSS (tls_nss.py).  What they sent and got in the clear, and what they negotiated, is
written down as the truth: no byte of it comes from a capture.
"""
import ctypes
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field

CLIENT, SERVER, PROXY = "198.51.100.21", "203.0.113.10", "192.0.2.80"
NAME = "lyncdiscover.contoso.com"
CLONE_NEWNET = 0x40000000
TIME_LIMIT_S = 10
ALERTS = {0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow",
          40: "handshake_failure", 41: "no_certificate", 42: "bad_certificate",
          43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired",
          46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied",
          50: "decode_error", 51: "decrypt_error", 70: "protocol_version",
          71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback",
          90: "user_canceled", 100: "no_renegotiation", 109: "missing_extension",
          110: "unsupported_extension", 112: "unrecognized_name",
          113: "bad_certificate_status_response", 115: "unknown_psk_identity",
          116: "certificate_required", 120: "no_application_protocol"}


class Refused(Exception):
    """The handshake, or what came after it, ended in an alert or in nothing."""


def run(*command, **more):
    more.setdefault("stdout", subprocess.DEVNULL)
    more.setdefault("stderr", subprocess.DEVNULL)
    return subprocess.run(command, check=True, **more)


# ---- what is asked and answered ----

def request(number, more=""):
    return (f"GET /Autodiscover/AutodiscoverService.svc/root?n={number} HTTP/1.1\r\nHost: {NAME}\r\n"
            f"Accept: application/json\r\n{more}\r\n").encode()


def answer(number, size=0):
    """An answer like no other; `size`: of its body, at least."""
    text = f'{{"_links":{{"self":{{"href":"https://{NAME}/root?n={number}"}}}}}}\n'
    lines = (f"{number} {line} the quick brown fox jumps over the lazy dog\n" for line in range(10**6))
    while len(text) < size:
        text += next(lines)
    return (f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
            f"{text}").encode()


def is_whole(data):
    """One HTTP message with a head and, if it says so, a body."""
    head, end, body = bytes(data).partition(b"\r\n\r\n")
    if not end:
        return False
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return len(body) >= int(line.split(b":")[1])
    return True


def read_message(end):
    data = bytearray()
    while not is_whole(data):
        part = end.read()
        if not part:
            raise Refused("it ended in the middle of a message")
        data += part
    return bytes(data)


def ask(number=1, more=""):
    """What a client does: one request, the whole answer, good-bye."""
    def act(end):
        end.handshake()
        end.write(request(number, more))
        read_message(end)
        end.close()
    return act


def serve(number=1, size=0):
    def act(end):
        end.handshake()
        read_message(end)
        end.write(answer(number, size))
        end.wait_for_end()
        end.close()
    return act


# ---- one end of a connection ----

class End:
    """What every TLS library's end has: bytes both ways and the alerts it sent."""

    def __init__(self, sock, is_server):
        self.sock, self.is_server = sock, is_server
        self.sent, self.received = bytearray(), bytearray()
        self.alerts_sent, self.alerts_received = [], []
        self.done = False

    def wait_for_end(self):
        while self.read():
            pass

    def close_silently(self):
        """FIN and nothing else."""
        self.sock.shutdown(socket.SHUT_WR)

    def facts(self):
        """version, cipher, resumed, alpn, as the library tells them"""
        return {}


@dataclass
class Talk:
    """One connection: what makes its ends, and what each of them does."""
    make_client: object                      # function of a socket: an End
    make_server: object
    client: object = None                    # function of an End
    server: object = None
    sni: str = NAME
    port: int = 443
    segment: int = 0                         # TCP_MAXSEG
    truth: dict = field(default_factory=dict)  # what the ends cannot know, or what wants an exception
    fails: bool = False


# ---- the network ----

class Stage:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="lyncscope-tls.")
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "no network namespace of our own")
        # What is captured is then what a wire would carry.
        run("ip", "link", "set", "lo", "up", "mtu", "1500")
        run("ethtool", "-K", "lo", "tso", "off", "gso", "off", "gro", "off")
        for address in (CLIENT, SERVER, PROXY):
            run("ip", "addr", "add", address + "/32", "dev", "lo")
        # Programs that bind to nothing are clients.
        run("ip", "route", "replace", "local", SERVER, "dev", "lo", "table", "local", "src", CLIENT)
        self.talks = []

    def path(self, name):
        return os.path.join(self.folder, name)

    def down(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def capture(self):
        self.tcpdump = subprocess.Popen(
            ["tcpdump", "-Z", "root", "--immediate-mode", "-B", "16384", "-s", "262144", "-i", "lo", "-w",
             self.path("raw.pcap"), "-n", "tcp and not host 127.0.0.1"], stderr=subprocess.PIPE)
        while b"listening on" not in self.tcpdump.stderr.readline():
            pass

    def stop_capture(self):
        time.sleep(0.4)
        self.tcpdump.send_signal(signal.SIGINT)
        said = self.tcpdump.communicate()[1].decode()
        if "\n0 packets dropped by kernel" not in said:
            raise RuntimeError("tcpdump: " + said)
        return self.path("raw.pcap")

    # ---- one connection ----

    def talk(self, talk):
        """Plays it and returns both ends, which a later talk may resume."""
        listener = socket.create_server((SERVER, talk.port), backlog=1)
        if talk.segment:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, talk.segment)
        sock = socket.socket()
        sock.bind((CLIENT, 0))
        sock.connect((SERVER, talk.port))
        accepted = listener.accept()[0]
        listener.close()
        port = sock.getsockname()[1]
        client, server = talk.make_client(patient(sock)), talk.make_server(patient(accepted))
        troubles = play((client, talk.client or ask()), (server, talk.server or serve()))
        if bool(troubles) != talk.fails:
            raise RuntimeError(f"{talk}: {troubles or 'it did not fail'}")
        self.talks.append(truth_of(talk, port, client, server))
        return client, server

    def foreign_client(self, talk, command, **more):
        """The client is a program: only the server can say what was said."""
        listener = socket.create_server((SERVER, talk.port), backlog=1)
        listener.settimeout(TIME_LIMIT_S)
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        program = subprocess.Popen(command, **more)
        try:
            accepted, (_, port) = listener.accept()
            end = talk.make_server(patient(accepted))
            troubles = play((end, talk.server or serve()))
            said, complaint = program.communicate(timeout=TIME_LIMIT_S)
        finally:
            listener.close()
            program.kill()
        if bool(troubles) != talk.fails:
            raise RuntimeError(f"{command}: {troubles or 'it did not fail'}: {complaint.decode()}")
        self.talks.append(truth_of_server(talk, port, end))
        return end, said


def patient(sock):
    """Blocking, as TLS libraries want it, but not for ever."""
    sock.settimeout(None)
    seconds = TIME_LIMIT_S.to_bytes(8, "little") + bytes(8)
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        sock.setsockopt(socket.SOL_SOCKET, option, seconds)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def play(*ends):
    troubles, threads = [], []

    def work(end, act):
        try:
            act(end)
        except Refused as trouble:
            troubles.append(("server: " if end.is_server else "client: ") + str(trouble))
        except BaseException as trouble:  # it must not be lost in its thread
            troubles.append(repr(trouble))
            raise
        finally:
            try:
                end.sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass

    for end, act in ends:
        threads.append(threading.Thread(target=work, args=(end, act)))
        threads[-1].start()
    for thread in threads:
        thread.join(3 * TIME_LIMIT_S)
    for end, _ in ends:
        end.sock.close()
    return troubles


def alert(code_and_level, who):
    level, code = code_and_level
    return {"from": who, "level": {1: "warning", 2: "fatal"}[level], "description": ALERTS[code]}


def truth_of(talk, port, client, server):
    """What both ends say about a connection; they must agree where both know."""
    facts = {**server.facts(), **client.facts()}
    if client.done and server.done:
        for key, value in server.facts().items():
            if client.facts()[key] != value:
                raise RuntimeError(f"{key}: {client.facts()[key]} and {value}")
    if client.done and server.done and not talk.fails and (client.sent != server.received or
                                                           server.sent != client.received):
        raise RuntimeError("what was sent is not what was received")
    return row_of(talk, port, facts, {
        "established": client.done and server.done,
        **bytes_truth(client.sent, server.sent),
        "alerts": [alert(one, "client") for one in client.alerts_sent] +
                  [alert(one, "server") for one in server.alerts_sent]})


def truth_of_client(talk, port, client):
    return row_of(talk, port, client.facts(), {
        "established": client.done,
        **bytes_truth(client.sent, client.received),
        "alerts": [alert(one, "client") for one in client.alerts_sent] +
                  [alert(one, "server") for one in client.alerts_received]})


def truth_of_server(talk, port, server):
    return row_of(talk, port, server.facts(), {
        "established": server.done, "sni": server.server_name(),
        **bytes_truth(server.received, server.sent),
        "alerts": [alert(one, "client") for one in server.alerts_received] +
                  [alert(one, "server") for one in server.alerts_sent]})


def row_of(talk, port, facts, more):
    return {"client_port": port, "server_port": talk.port, "version": None, "cipher": None, "resumed": None,
            "alpn": None, "sni": talk.sni, **facts, **more, **talk.truth}


def bytes_truth(client, server):
    return {"client_bytes": len(client), "client_sha256": hashlib.sha256(client).hexdigest(),
            "server_bytes": len(server), "server_sha256": hashlib.sha256(server).hexdigest()}


# ---- certificates ----

def certificates(folder):
    """ca.pem, and NAME.pem with NAME.key: rsa, ecdsa, dsa of the server, user of a person."""
    path = lambda name: os.path.join(folder, name)
    kinds = {"rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
             "ecdsa": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]}
    kinds |= {"ca": kinds["ecdsa"], "other": kinds["ecdsa"], "user": kinds["rsa"]}
    for name, options in kinds.items():
        run("openssl", "genpkey", *options, "-out", path(name + ".key"))
    run("openssl", "dsaparam", "-genkey", "-out", path("dsa.key"), "2048")
    for name in ("ca", "other"):
        run("openssl", "req", "-x509", "-new", "-key", path(name + ".key"), "-out", path(name + ".pem"),
            "-days", "3650", "-subj", {"ca": "/CN=Contoso test CA", "other": "/CN=Fabrikam test CA"}[name])
    with open(path("san"), "w", encoding="ascii") as file:
        file.write(f"subjectAltName=DNS:{NAME},DNS:lyncweb.contoso.com\n")
    for name in ("rsa", "ecdsa", "dsa", "user"):
        subject = "/CN=alice@contoso.com" if name == "user" else f"/CN={NAME}"
        run("openssl", "req", "-new", "-key", path(name + ".key"), "-out", path("csr"), "-subj", subject)
        more = [] if name == "user" else ["-extfile", path("san")]
        run("openssl", "x509", "-req", "-in", path("csr"), "-CA", path("ca.pem"), "-CAkey",
            path("ca.key"), "-CAcreateserial", "-days", "3650", *more, "-out", path(name + ".pem"))
