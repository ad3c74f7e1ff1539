"""tls_live.py: TLS watched live beside a key log that its client writes meanwhile.

In a namespace with nothing but its loopback.  Some secrets are logged at once, as programs do;
some a second after the packets, as when the log comes from another machine; some never.
Called with a folder it is what runs inside the namespace.
"""
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

NAME = "lyncdiscover.contoso.example"
LATE_S = 1.0
BODY = b'{"AccessLocation":"Internal"}'
PACE_S = 0.3
# Number of the request, version, when its secrets are logged, seconds it stays open afterwards.
CONNECTIONS = [(1, ssl.TLSVersion.TLSv1_3, "at once", 0), (2, ssl.TLSVersion.TLSv1_2, "at once", 0),
               (3, ssl.TLSVersion.TLSv1_3, "late", 3), (4, ssl.TLSVersion.TLSv1_2, "late", 3),
               (5, ssl.TLSVersion.TLSv1_3, "late", 0), (6, ssl.TLSVersion.TLSv1_2, "late", 0),
               (7, ssl.TLSVersion.TLSv1_3, "never", 0)]


# ---- inside the namespace ----

def serve(folder, listener):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")

    def answer(plain):
        try:
            with context.wrap_socket(plain, server_side=True) as connection:
                while connection.recv(4096):
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                       b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
        except OSError:
            pass

    while True:
        threading.Thread(target=answer, args=[listener.accept()[0]], daemon=True).start()


def call(folder, number, version, when, stay_s):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    mine = folder / f"mine-{number}.keylog"
    context.keylog_filename = str(folder / "growing.keylog" if when == "at once" else mine)
    connection = context.wrap_socket(socket.create_connection(("127.0.0.1", 443)), server_hostname=NAME)
    connection.sendall(b"GET /root?n=%d HTTP/1.1\r\nHost: %s\r\n\r\n" % (number, NAME.encode()))
    connection.recv(4096)
    if stay_s == 0:
        connection.close()
    if when == "late":
        time.sleep(LATE_S)
        with open(folder / "growing.keylog", "ab") as log:
            log.write(mine.read_bytes())
    time.sleep(stay_s)
    connection.close()


def talk(folder):
    listener = socket.create_server(("127.0.0.1", 443))
    threading.Thread(target=serve, args=[folder, listener], daemon=True).start()
    calls = [threading.Thread(target=call, args=[folder, *row]) for row in CONNECTIONS]
    for one in calls:
        one.start()
        time.sleep(PACE_S)
    for one in calls:
        one.join()


# ---- outside ----

def judge(events, tally):
    http = {one["request"]["target"]: one for one in events if one["event"] == "http" and one["request"]}
    for number, version, when, stay_s in CONNECTIONS:
        who = f"{version.name}, logged {when}, open for {stay_s} s"
        one = http.get(f"/root?n={number}")
        if when == "never":
            tally.expect(one is None, f"live: {who}: read without a secret")
        else:
            tally.expect(one and one["response"] and one["response"]["body_bytes"] == len(BODY),
                         f"live: {who}: the exchange is {one}")
    tls = [one for one in events if one["event"] == "tls"]
    tally.expect(len(tls) == len(CONNECTIONS), f"live: {len(tls)} TLS connections")
    opened = sorted((one["decrypted"], one.get("reason") or "") for one in tls)
    tally.expect(opened == [("all", "")] * (len(CONNECTIONS) - 1) + [("none", "no-key")],
                 f"live: decrypted {opened}")


def check(folder, program, tally):
    space = f"lsc-tls-{os.getpid()}"
    folder = pathlib.Path(folder)
    inside = ["ip", "netns", "exec", space]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}", "-days", "30",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True,
                   stderr=subprocess.DEVNULL)
    subprocess.run(["ip", "netns", "add", space], check=True)
    try:
        subprocess.run(["ip", "-n", space, "link", "set", "lo", "up"], check=True)
        watching = subprocess.Popen(
            [*inside, str(program), "-i", "lo", "-q", "-k", folder / "growing.keylog", "-o", f"events:{folder}/events"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(1.5)
        subprocess.run([*inside, sys.executable, __file__, folder], check=True, timeout=60)
        time.sleep(2)
        watching.send_signal(signal.SIGINT)
        _, said = watching.communicate(timeout=20)
    finally:
        subprocess.run(["ip", "netns", "del", space], check=False)
    tally.expect(watching.returncode in (0, 1), f"live: exit status {watching.returncode}: {said[-600:]}")
    judge([json.loads(line) for line in (folder / "events").read_text().splitlines()], tally)


if __name__ == "__main__":
    talk(pathlib.Path(sys.argv[1]))
