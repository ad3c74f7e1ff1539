"""run.py: hostile TLS, keys of something else, and that secrets are told to nobody.

What is hostile costs bounded time and memory, and spoils neither the rest of its connection nor
another one.  Captures are forged here; keys are made with the openssl program.
"""
import base64
import gzip
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import forge  # noqa: E402
from program import BUILD, TOP, Tally, lyncscope, report  # noqa: E402

SAMPLES = TOP / "samples/tls"
RELEASE = TOP / "lyncscope"
MEMORY_MB = 120
NOBODY = 65534
FINE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nfine"
ASK = b"GET /Autodiscover/AutodiscoverService.svc/root HTTP/1.1\r\nHost: lyncdiscover.contoso.example\r\n\r\n"
TALLY = Tally()


def events(kind, *arguments):
    done = lyncscope("-q", "-o", "events", *arguments)
    TALLY.expect(done.returncode in (0, 1), f"exit status {done.returncode}: {done.stderr[-600:]}")
    return [one for one in map(json.loads, done.stdout.splitlines()) if one["event"] == kind]


def peak_mb(*arguments):
    """(exit status, peak MB) of the release program; (None, 0): it is not built."""
    if not RELEASE.exists():
        return None, 0
    # By another, small process: a child's peak begins with what its parent has.
    count = ("import resource, subprocess, sys; status = subprocess.call(sys.argv[1:]);"
             "print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    done = subprocess.run([sys.executable, "-c", count, str(RELEASE), "-q", "-o", "json:/dev/null",
                           *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=TOP,
                          check=True)
    status, kilobytes = map(int, done.stdout.split())
    return status, kilobytes / 1024


def make_certificate(folder):
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=lyncdiscover.contoso.example",
               "-addext", "subjectAltName=DNS:lyncdiscover.contoso.example", "-days", "30",
               "-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    return shutil.which("openssl") and subprocess.run(
        [str(word) for word in command], check=False, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL).returncode == 0


def plain_talk(folder, **more):
    tls = forge.Tls(folder / "cert.pem", folder / "key.pem", folder / "keylog", **more)
    tls.say(True, ASK)
    tls.say(False, FINE)
    return tls.talk


# ---- hostile ----

def recording(port):
    """[(from the client, bytes)] of a connection of tls12-gcm, whose key log is beside it."""
    sys.path.insert(0, str(TOP / "tests/samples"))
    import robust
    talk = []
    for _, data, who in robust.read_packets(SAMPLES / "tls12-gcm.pcap")[1]:
        at = 14 + 4 * (data[14] & 15)
        payload = data[at + 4 * (data[at + 12] >> 4) : 14 + int.from_bytes(data[16:18], "big")]
        if port in who and payload:
            talk.append((int.from_bytes(data[at : at + 2], "big") == port, payload))
    return talk


def records(kind, data):
    return b"".join(bytes([kind, 3, 3]) + len(part).to_bytes(2, "big") + part
                    for part in (data[at : at + 16384] for at in range(0, len(data), 16384)))


def check_huge_certificate(folder):
    """In place of the real one; its keys do not depend on it."""
    truth = json.loads((SAMPLES / "tls12-gcm.truth.json").read_text())["connections"][0]
    talk = recording(truth["client_port"])
    cert = os.urandom(1 << 20) * 16
    body = (len(cert) + 3).to_bytes(4, "big")[1:] + len(cert).to_bytes(4, "big")[1:] + cert
    message = b"\x0b" + len(body).to_bytes(4, "big")[1:] + body if len(body) < 1 << 24 else None
    if message is None:
        cert = cert[: (1 << 24) - 8]
        body = (len(cert) + 3).to_bytes(4, "big")[1:] + len(cert).to_bytes(4, "big")[1:] + cert
        message = b"\x0b" + len(body).to_bytes(4, "big")[1:] + body
    flight = next(place for place, (who, _) in enumerate(talk) if not who)
    first = talk[flight][1]
    hello = 5 + int.from_bytes(first[3:5], "big")
    rest = hello + 5 + int.from_bytes(first[hello + 3 : hello + 5], "big")
    huge = list(talk)
    huge[flight] = (False, first[:hello] + records(22, message) + first[rest:])
    path = forge.write_capture(folder / "huge.pcap", [
        *forge.conversation(huge, 4001), *forge.conversation(talk, 4002)])
    found = {one["client"]["port"]: one for one in events("tls", path, "-k", SAMPLES / "tls12-gcm.keylog")}
    for port in (4001, 4002):
        one = found.get(port, {})
        TALLY.expect(one.get("decrypted") == "all" and one.get("server_sha256") == truth["server_sha256"],
                     f"a certificate of 16 MB, connection {port}: {one.get('decrypted')} ({one.get('reason')})")
    TALLY.expect(found.get(4002, {}).get("certificates"), "the certificate of the other connection is not seen")
    status, memory = peak_mb(path, "-k", SAMPLES / "tls12-gcm.keylog")
    TALLY.expect(status in (0, 1, None) and memory < MEMORY_MB, f"a certificate of 16 MB: {status}, {memory:.0f} MB")


def check_endless_message(folder):
    """It says 16 MB; what comes are other things."""
    talk = recording(json.loads((SAMPLES / "tls12-gcm.truth.json").read_text())["connections"][0]["client_port"])
    first = next(data for who, data in talk if not who)
    hello = 5 + int.from_bytes(first[3:5], "big")
    liar = [talk[0], (False, first[:hello] + records(22, b"\x0b\xff\xff\xff" + b"\0" * 50000))]
    path = forge.write_capture(folder / "endless.pcap", [
        *forge.conversation(liar, 4001), *forge.conversation(talk, 4002)])
    found = {one["client"]["port"]: one for one in events("tls", path, "-k", SAMPLES / "tls12-gcm.keylog")}
    TALLY.expect(found.get(4001, {}).get("reason") == "handshake-failed", f"16 MB that never come: {found.get(4001)}")
    TALLY.expect(found.get(4002, {}).get("decrypted") == "all", "16 MB that never come spoil another connection")


def check_bomb(folder):
    """A body that would be 300 MB, in HTTP/2, in TLS; then streams that are fine."""
    tls = forge.Tls(folder / "cert.pem", folder / "key.pem", folder / "bomb.keylog", alpn="h2")
    body = b'{"AccessLocation":"External"}'
    tls.say(True, forge.PREFACE + forge.frame(4, 0, 0) + forge.request(1, "/bomb") + forge.request(3, "/fine")
            + forge.request(5, "/last"))
    tls.say(False, forge.frame(4, 0, 0))
    bomb = gzip.compress(b"\0" * (300 << 20), 9)
    tls.say(False, b"".join(forge.answer(1, bomb, content_encoding="gzip", content_type="application/json")))
    tls.say(False, b"".join(forge.answer(3, gzip.compress(body), content_encoding="gzip",
                                         content_type="application/json")))
    tls.say(False, b"".join(forge.answer(5, body, content_type="application/json")))
    path = forge.write_capture(folder / "bomb.pcap", forge.conversation(tls.talk, 4003))
    started = time.time()
    found = {one["stream"]: one["response"] or {} for one in events("http", path, "-k", folder / "bomb.keylog")}
    TALLY.expect(time.time() - started < 30, f"a compressed body of 300 MB: {time.time() - started:.0f} s")
    TALLY.expect(0 < found.get(1, {}).get("body_bytes", 0) < 64 << 20, f"a compressed body of 300 MB: {found.get(1)}")
    for stream in (3, 5):
        TALLY.expect(found.get(stream, {}).get("body_sha256") == hashlib.sha256(body).hexdigest(),
                     f"after a compressed body of 300 MB, stream {stream}: {found.get(stream)}")
    status, memory = peak_mb(path, "-k", folder / "bomb.keylog")
    TALLY.expect(status in (0, 1, None) and memory < MEMORY_MB, f"a compressed body of 300 MB: {memory:.0f} MB")


# ---- keys of something else ----

def notes(*arguments):
    found, trouble = report(*arguments)
    TALLY.expect(found is not None, f"{arguments}: {trouble}")
    return found["notes"] if found else []


def expect_note(name, words, *arguments):
    """In the JSON report, and on a line of its own in the text."""
    said = notes(*arguments)
    TALLY.expect(any(words in note and str(name) in note for note in said), f"{name}: notes are {said}")
    text = " ".join(lyncscope("-o", "text", *arguments).stdout.decode().split())
    TALLY.expect(words in text and "Not read in full" in text, f"{name}: the text does not say it")


def check_foreign_keys(folder):
    capture = SAMPLES / "tls12-gcm.pcap"
    expect_note("tls13.keylog", "no connection in the capture has an entry in this key log", capture, "-k",
                SAMPLES / "tls13.keylog")
    expect_note("key.pem", "could be opened with this private key", capture, "-K", folder / "key.pem")
    mine = notes(capture, "-k", SAMPLES / "tls12-gcm.keylog")
    TALLY.expect(not mine, f"the right key log: notes are {mine}")
    both = notes(capture, "-k", SAMPLES / "tls12-gcm.keylog", "-k", SAMPLES / "tls13.keylog")
    TALLY.expect(len(both) == 1 and "tls13.keylog" in both[0], f"the right key log and another: notes are {both}")


def check_many_keys(folder):
    """A thousand keys: the right one is found by the certificate."""
    keys = folder / "keys"
    keys.mkdir()
    made = [folder / "key.pem"]
    for number in range(8):
        made.append(folder / f"key{number}.pem")
        subprocess.run(["openssl", "genrsa", "-out", str(made[-1]), "1024"], check=False, stderr=subprocess.DEVNULL)
    options = []
    for number in range(999):
        path = keys / f"{number}.pem"
        path.symlink_to(made[number % len(made)])
        options += ["-K", path]
    options += ["-K", SAMPLES / "tls12-rsa-key.key.pem"]
    started = time.time()
    found = events("tls", SAMPLES / "tls12-rsa-key.pcap", *options)
    TALLY.expect(any(one["decrypted"] == "all" for one in found), "a thousand private keys: the right one is not found")
    TALLY.expect(time.time() - started < 20, f"a thousand private keys: {time.time() - started:.0f} s")


# ---- secrets ----

def forms(secret):
    """A secret's hexadecimal digits, as outputs could show it."""
    raw = bytes.fromhex(secret)
    return [secret.lower().encode(), secret.upper().encode(), raw, base64.b64encode(raw)[:-4],
            " ".join(secret[at : at + 2] for at in range(0, len(secret), 2)).lower().encode()]


def secrets_of(base):
    """What must not be seen of the key files of a capture."""
    log, password = base.with_suffix(".keylog"), base.with_suffix(".password")
    if log.exists():
        for line in log.read_text().splitlines():
            if line and line[0] != "#":
                yield from forms(line.split()[-1])
    if password.exists():
        yield password.read_bytes().strip()
    for name in (f"{base.name}.key.pem",):
        if (base.parent / name).exists():
            lines = (base.parent / name).read_text().splitlines()
            yield from (line.encode() for line in lines if len(line) == 64)


def check_outputs():
    for capture in sorted(SAMPLES.glob("*.pcap")):
        base = capture.with_suffix("")
        options = ["-k", base.with_suffix(".keylog")] if base.with_suffix(".keylog").exists() else [
            "-K", base.parent / f"{base.name}.key.pem"]
        if base.with_suffix(".password").exists():
            options += ["--password-file", base.with_suffix(".password")]
        hidden = list(secrets_of(base))
        TALLY.expect(hidden, f"{capture.name}: no secrets to look for")
        for output in (["-o", "json"], ["-o", "events"], ["-o", "text", "-v", "--show-secrets"], ["-o", "ndjson"]):
            done = lyncscope(capture, *options, *output)
            said = done.stdout + done.stderr
            TALLY.expect(done.returncode in (0, 1) and not any(one in said for one in hidden),
                         f"{capture.name} {output}: a secret is printed")


def reading_process(folder, *arguments):
    """lyncscope while it waits for more of its standard input."""
    # Its own files must be within nobody's reach, and root may always read.
    more = {"user": NOBODY, "group": NOBODY} if os.getuid() == 0 else {}
    process = subprocess.Popen([str(BUILD / "lyncscope"), "-q", "-o", "text:/dev/null", *map(str, arguments), "-"],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               cwd="/", **more)
    process.stdin.write((SAMPLES / "tls13.pcap").read_bytes()[:3000])
    process.stdin.flush()
    time.sleep(0.7)
    return process


def check_core(folder):
    """/proc of a process that may not be dumped belongs to root."""
    if os.getuid() == 0:
        shutil.copy(SAMPLES / "tls13.keylog", folder / "given.keylog")
        (folder / "given.keylog").chmod(0o644)
        folder.chmod(0o755)
    for arguments, hidden in (([], False), (["-k", folder / "given.keylog" if os.getuid() == 0
                                             else SAMPLES / "tls13.keylog"], True)):
        try:
            process = reading_process(folder, *arguments)
        except PermissionError:
            print("skip: no core: the program itself is out of nobody's reach")
            return
        owner = os.stat(f"/proc/{process.pid}/environ").st_uid if process.poll() is None else None
        limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text() if owner is not None else ""
        process.kill()
        process.communicate()
        TALLY.expect(owner is not None, f"{arguments}: it ended")
        TALLY.expect((owner == 0) == hidden, f"{arguments}: /proc belongs to {owner}")
        core = next((line.split()[4:6] for line in limits.splitlines() if "core file" in line), None)
        TALLY.expect(not hidden or core == ["0", "0"], f"{arguments}: core file size {core}")


def main():
    with tempfile.TemporaryDirectory(prefix="lyncscope-tls.") as name:
        folder = pathlib.Path(name)
        check_huge_certificate(folder)
        check_endless_message(folder)
        if make_certificate(folder):
            check_bomb(folder)
            check_foreign_keys(folder)
            check_many_keys(folder)
        else:
            print("skip tls: no openssl program")
        check_outputs()
        check_core(folder)
    TALLY.end()


if __name__ == "__main__":
    main()
