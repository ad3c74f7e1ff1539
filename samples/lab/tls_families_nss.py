"""tls_families_nss.py: tstclnt and selfserv of NSS, with OpenSSL or GnuTLS on the other end, or both of NSS.

Debian's NSS writes no key log: its partner does, or the server's RSA key is what there is.
"""
import os
import socket
import subprocess
import threading

import tls_gnutls
from tls_families_gnutls import old
from tls_families_resume import read_file
from tls_families_wire import read_head, relay, wait_for
from tls_lab import CLIENT, NAME, SERVER, TIME_LIMIT_S, Talk, bytes_truth, is_whole, patient, request, run
from tls_openssl import Side

NICKNAME, CLOSE = "lab", [{"from": "client", "level": "warning", "description": "close_notify"},
                          {"from": "server", "level": "warning", "description": "close_notify"}]
DOOR = ("127.0.0.1", 9443)


def database(book):
    """NSS's own kind of key store, with the RSA certificate in it."""
    folder = book.path("nss")
    if not os.path.exists(folder):
        os.mkdir(folder)
        run("certutil", "-N", "-d", "sql:" + folder, "--empty-password")
        run("openssl", "pkcs12", "-export", "-inkey", book.path("rsa.key"), "-in", book.path("rsa.pem"),
            "-name", NICKNAME, "-passout", "pass:", "-out", book.path("nss.p12"))
        run("pk12util", "-i", book.path("nss.p12"), "-d", "sql:" + folder, "-W", "", "-K", "")
    return "sql:" + folder


def tstclnt(book, number, address, versions, suite, *more):
    path = book.path(f"request{number}")
    with open(path, "wb") as file:
        file.write(request(number))
    return ["tstclnt", "-h", address[0], "-p", str(address[1]), "-a", NAME, "-d", database(book), "-o", "-V",
            versions, *(["-c", ":" + suite] if suite else []), "-A", path, *more]


def tls_nss_client(book):
    """NSS as client of OpenSSL and GnuTLS."""
    database(book)
    openssl = Side(True, book.keylog, certificates=[book.path("rsa"), book.path("ecdsa")]).accept_silence()
    for versions, suite in (("tls1.3:", "1301"), ("tls1.3:", "1302"), ("tls1.3:", "1303"), ("tls1.2:tls1.2", "C02F"),
                            ("tls1.2:tls1.2", "CCA9"), ("tls1.2:tls1.2", "C027"), ("tls1.2:tls1.2", "009E"),
                            ("tls1.1:tls1.1", "C013"), ("tls1.0:tls1.0", "002F"), ("tls1.2:tls1.2", "003C")):
        serve_nss(book, openssl, versions, suite)
    for cipher, mac, suite in (("ARCFOUR-128", "SHA1", "0005"), ("ARCFOUR-128", "MD5", "0004"),
                               ("3DES-CBC", "SHA1", "000A")):
        for version in ("1.0", "1.2"):
            server = tls_gnutls.Side(True, book.keylog, old("TLS" + version, "RSA", cipher, mac),
                                     certificates=[book.path("rsa")])
            serve_nss(book, server, f"tls{version}:tls{version}", suite)
    serve_nss(book, openssl, "tls1.2:tls1.2", "C02F", "-G")


def serve_nss(book, server, versions, suite, *more):
    number = book.next()
    command = tstclnt(book, number, (SERVER, 443), versions, suite, *more)
    end, _ = book.stage.foreign_client(Talk(None, server, server=answer_once(number)), command)
    if end.received != request(number):
        raise RuntimeError("NSS did not send what it was to send")


def answer_once(number):
    from tls_lab import answer, read_message

    def act(end):
        end.handshake()
        read_message(end)
        end.write(answer(number))
        end.close()
        end.wait_for_end()
    return act


# ---- selfserv ----

class Selfserv:
    def __init__(self, book, versions, *more):
        self.program = subprocess.Popen(["selfserv", "-n", NICKNAME, "-p", "443", "-d", database(book), "-V", versions,
                                         "-w", "", *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        for _ in range(100):  # no connection may be made to find out: it would be in the capture
            if b":01BB " in read_file("/proc/net/tcp6") + read_file("/proc/net/tcp"):
                return self
            threading.Event().wait(0.05)
        raise RuntimeError("selfserv does not start")

    def __exit__(self, *_):
        self.program.kill()
        self.program.wait()
