"""tls_families_nss.py: tstclnt and selfserv of NSS, with OpenSSL or GnuTLS on the other end, or both of NSS.

Debian's NSS writes no key log: its partner does, or the server's RSA key is what there is.
"""
import os
import socket
import subprocess
import threading
import time

import tls_gnutls
from tls_families_12 import only
from tls_families_gnutls import old
from tls_families_resume import read_file
from tls_families_wire import relay
from tls_lab import (CLIENT, NAME, SERVER, TIME_LIMIT_S, Talk, answer, bytes_truth, patient, play, read_message,
                     request, row_of, run, truth_of_client)
from tls_openssl import Side

NICKNAME, DOOR, LISTENING = "lab", ("127.0.0.1", 9443), "0A"


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
    def act(end):
        end.handshake()
        read_message(end)
        end.write(answer(number))
        end.close()
        end.wait_for_end()
    return act


# ---- selfserv ----

class Selfserv:
    """The server of NSS; its answer is the request with a few words around it."""

    def __init__(self, book, versions, *more):
        self.book, self.versions, self.more = book, versions, more

    def __enter__(self):
        self.program = subprocess.Popen(
            ["selfserv", "-n", NICKNAME, "-p", "443", "-d", database(self.book), "-V", self.versions, "-D", *self.more],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):  # to try a connection would put it into the capture
            rows = (read_file("/proc/net/tcp6") + read_file("/proc/net/tcp")).decode().split("\n")
            if any(row.split()[1].endswith(":01BB") and row.split()[3] == LISTENING for row in rows if row):
                return self
            time.sleep(0.05)
        raise RuntimeError("selfserv does not start")

    def __exit__(self, *_):
        self.program.kill()
        self.program.wait()


def ask_selfserv(number):
    def act(end):
        end.handshake()
        end.write(request(number))
        end.wait_for_end()
        end.close()
        if request(number) not in end.received:
            raise RuntimeError("selfserv did not say what it was asked")
    return act


def talk_to_selfserv(book, client, session=None):
    """OpenSSL's client tells what was said: selfserv tells nothing."""
    number = book.next()
    sock = patient(socket.create_connection((SERVER, 443), source_address=(CLIENT, 0)))
    port = sock.getsockname()[1]
    end = client.named(NAME, session)(sock)
    if troubles := play((end, ask_selfserv(number))):
        raise RuntimeError(str(troubles))
    book.note(truth_of_client(Talk(None, None), port, end))
    return end


def tls_nss_server(book):
    """NSS as server of OpenSSL, with resumption by session id and by ticket."""
    database(book)
    for more in ((), ("-u",)):
        with Selfserv(book, "tls1.0:tls1.3", *more):
            for version, cipher in (("TLSv1.3", "TLS_AES_128_GCM_SHA256"), ("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"),
                                    ("TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384"), ("TLSv1.2", "AES128-SHA256"),
                                    ("TLSv1", "ECDHE-RSA-AES128-SHA")):
                client = Side(False, book.keylog, only(version, cipher))
                client.accept_silence()
                end = talk_to_selfserv(book, client)
                if client.sessions:
                    talk_to_selfserv(book, client, end.session())


# ---- both ----

def door(listener, count, ports):
    """Passes connections on, so that their ports are known; not in the capture."""
    for _ in range(count):
        inner = listener.accept()[0]
        outer = patient(socket.create_connection((SERVER, 443), source_address=(CLIENT, 0)))
        ports.append(outer.getsockname()[1])
        back = threading.Thread(target=relay, args=(outer, inner))
        back.start()
        relay(inner, outer)
        back.join(TIME_LIMIT_S)
        inner.close()
        outer.close()


def nss_with_nss(book, version, suite, name, more=()):
    """What tstclnt was given and what it printed is what was said."""
    number, ports = book.next(), []
    listener = socket.create_server(DOOR, backlog=1)
    worker = threading.Thread(target=door, args=(listener, 1, ports))
    worker.start()
    said = run(*tstclnt(book, number, DOOR, f"{version}:{version}", suite, *more), stdout=subprocess.PIPE,
               timeout=TIME_LIMIT_S).stdout
    worker.join(TIME_LIMIT_S)
    listener.close()
    if request(number) not in said:
        raise RuntimeError("selfserv did not say what it was asked")
    facts = {"version": version.replace("ssl3", "SSL 3.0").replace("tls", ""), "cipher": name, "resumed": False}
    book.note(row_of(Talk(None, None, sni=None if version == "ssl3" else NAME), ports[0], facts,
                     {"established": True, **bytes_truth(request(number), said), "alerts": None}))


def tls_nss_ssl30(book):
    """SSL 3.0, and TLS 1.0 to 1.2 beside it, NSS on both ends; the server's RSA key and no key log."""
    database(book)
    suites = {"0005": "RC4_128_SHA", "0004": "RC4_128_MD5", "000A": "3DES_EDE_CBC_SHA", "002F": "AES_128_CBC_SHA",
              "0035": "AES_256_CBC_SHA", "0041": "CAMELLIA_128_CBC_SHA", "0002": "NULL_SHA", "009C": "AES_128_GCM_SHA256",
              "003D": "AES_256_CBC_SHA256"}
    with Selfserv(book, "ssl3:tls1.2", "-c", "".join(":" + suite for suite in suites)):
        for version, suite, *more in (*(("ssl3", suite) for suite in list(suites)[:7]), ("tls1.0", "000A"),
                                      ("tls1.1", "0005"), ("tls1.2", "009C"), ("tls1.2", "003D", "-G")):
            nss_with_nss(book, version, suite, "TLS_RSA_WITH_" + suites[suite], more)
    book.keep(".key.pem", read_file(book.path("rsa.key")))


FAMILIES = {
    "tls-nss-client": tls_nss_client,
    "tls-nss-server": tls_nss_server,
    "tls-nss-ssl30": tls_nss_ssl30,
}
