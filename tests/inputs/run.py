"""run.py: every form an input can have, and every way it can be bad.

One capture in other clothes (byte order, nanoseconds, pcapng, gzip, zstd, standard input, split in
two, every packet twice) must give the same sign-ins.  What is no capture gives exit status 2 and one
line that names it; what is broken is read up to there; what is hostile costs bounded time and memory.
"""
import gzip
import json
import os
import pathlib
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import BUILD, TOP, Tally, lyncscope, report  # noqa: E402

BASE = TOP / "samples/auth-wrong-password.pcap"
MEMORY_MB = 400  # the budget is 256; ours at the start of the child counts too
NOBODY = 65534
TALLY = Tally()
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="lyncscope-inputs."))


def keep(name, content):
    path = FOLDER / name
    path.write_bytes(content)
    return path


# ---- writing captures: only to change their form, or to attack ----

def read_packets(path):
    """[(seconds, microseconds, bytes, length)] of a little-endian classic capture."""
    content, at, rows = path.read_bytes(), 24, []
    while at + 16 <= len(content):
        seconds, micros, kept, length = struct.unpack_from("<IIII", content, at)
        rows.append((seconds, micros, content[at + 16 : at + 16 + kept], length))
        at += 16 + kept
    return rows, struct.unpack_from("<I", content, 20)[0]


def pcap(rows, link=1, order="<", nano=False):
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)]
    for seconds, micros, data, length in rows:
        fraction = micros * 1000 if nano else micros
        parts += [struct.pack(order + "IIII", seconds, fraction, len(data), length), data]
    return b"".join(parts)


def block(kind, body, order="<"):
    body += b"\0" * (-len(body) % 4)
    length = len(body) + 12
    return struct.pack(order + "II", kind, length) + body + struct.pack(order + "I", length)


def section(rows, link, order="<"):
    """A pcapng section with one interface whose clock ticks in microseconds."""
    parts = [block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order),
             block(1, struct.pack(order + "HHI", link, 0, 262144), order)]
    for seconds, micros, data, length in rows:
        stamp = seconds * 10**6 + micros
        parts.append(block(6, struct.pack(order + "IIIII", 0, stamp >> 32, stamp & 0xFFFFFFFF,
                                          len(data), length) + data, order))
    return b"".join(parts)


# ---- the same story in other clothes ----

def story(*arguments, **more):
    """What must not change: everything but inputs and packet numbers."""
    found, trouble = report(*arguments, **more)
    if found is None:
        return trouble
    for one in found["sign_ins"]:
        for holder in [*one["steps"], *one["findings"],
                       *(step["relay"] for step in one["steps"] if step.get("relay"))]:
            holder.pop("evidence", None)
    return json.dumps([found["sign_ins"], found["summary"]], sort_keys=True)


def check_forms():
    rows, link = read_packets(BASE)
    wanted = story(BASE)
    half = len(rows) // 2
    forms = {
        "big-endian": [keep("big.pcap", pcap(rows, link, ">"))],
        "nanoseconds": [keep("nano.pcap", pcap(rows, link, nano=True))],
        "big-endian nanoseconds": [keep("bignano.pcap", pcap(rows, link, ">", True))],
        "pcapng": [keep("a.pcapng", section(rows, link))],
        "big-endian pcapng": [keep("b.pcapng", section(rows, link, ">"))],
        "two sections": [keep("c.pcapng", section(rows[:half], link) + section(rows[half:], link, ">"))],
        "gzip": [keep("a.gz", gzip.compress(BASE.read_bytes()))],
        "gzip in two members": [keep("b.gz", gzip.compress(BASE.read_bytes()[:2000])
                                     + gzip.compress(BASE.read_bytes()[2000:]))],
        "two files, the later one first": [keep("late.pcap", pcap(rows[half:], link)),
                                           keep("early.pcap", pcap(rows[:half], link))],
        "two files in turns": [keep("odd.pcap", pcap(rows[1::2], link)),
                               keep("even.pcap", pcap(rows[0::2], link))],
        "every packet twice": [keep("twice.pcap", pcap([row for row in rows for _ in (0, 1)], link))],
    }
    if shutil.which("zstd"):
        subprocess.run(["zstd", "-q", "-f", str(BASE), "-o", str(FOLDER / "a.zst")], check=True)
        forms["zstd"] = [FOLDER / "a.zst"]
    for name, paths in forms.items():
        got = story(*paths)
        TALLY.expect(got == wanted, f"{name}: not the same sign-ins\n  {got[:600]}\n  {wanted[:600]}")
    for name, path in (("standard input", BASE), ("gzip on standard input", FOLDER / "a.gz")):
        with open(path, "rb") as file:
            TALLY.expect(story("-", stdin=file) == wanted, f"{name}: not the same sign-ins")
    TALLY.expect(story("-f", "tcp port 8080", BASE) == wanted, "-f: not the same sign-ins")
    nothing, _ = report("-f", "udp port 9", BASE)
    TALLY.expect(nothing is not None and not nothing["sign_ins"], "-f udp port 9 still finds sign-ins")


# ---- not a capture ----

def check_refused():
    secret = keep("secret.pcap", BASE.read_bytes())
    secret.chmod(0)
    cases = {
        "no such file": ([FOLDER / "nowhere.pcap"], "nowhere.pcap"),
        "an empty file": ([keep("empty.pcap", b"")], "empty.pcap"),
        "a directory": ([FOLDER], FOLDER.name),
        "text": ([keep("letter.txt", b"Dear Sir or Madam,\n" * 40)], "letter.txt"),
        "a gzip of text": ([keep("letter.gz", gzip.compress(b"Dear Sir or Madam,\n" * 40))], "letter.gz"),
        "an unknown option": (["--no-such-option", BASE], "no-such-option"),
        "a bad filter": (["-f", "tcp prot 80", BASE], ""),
        "an unknown format": (["-o", "papyrus", BASE], "papyrus"),
        "no such interface": (["-i", "nosuchif0", "-o", "text"], "nosuchif0"),
    }
    for name, (arguments, word) in cases.items():
        expect_refusal(name, lyncscope(*arguments), word)
    # Root may read everything: then nobody asks.
    try:
        done = lyncscope(secret, **({"user": NOBODY} if os.getuid() == 0 else {}))
    except PermissionError:
        print("skip: no permission: the program itself is out of nobody's reach")
    else:
        expect_refusal("no permission", done, "secret.pcap")


def expect_refusal(name, done, word):
    lines = done.stderr.decode(errors="replace").splitlines()
    TALLY.expect(done.returncode == 2, f"{name}: exit status {done.returncode}, not 2; {lines[:3]}")
    TALLY.expect(len(lines) == 1 and word in lines[0], f"{name}: says {lines[:4]}")


# ---- broken ----

def check_broken():
    rows, link = read_packets(BASE)
    whole = BASE.read_bytes()
    garbage = bytes(range(256)) * 8
    cases = {
        "cut in mid-packet": whole[:-7],
        "cut in a packet header": whole[: 24 + 16 + len(rows[0][2]) + 5],
        "header only": whole[:24],
        "garbage in the middle": whole[:4000] + garbage + whole[4000:],
        "pcapng, garbage in the middle": section(rows[:20], link) + garbage + section(rows[20:], link),
        "pcapng with a block of 4 GB": section(rows, link) + struct.pack("<II", 6, 0xFFFFFFF0) + b"x" * 100,
        "pcapng with a block of 8 bytes": section(rows, link) + struct.pack("<II", 6, 8) + b"x" * 100,
        "pcapng that ends in a block": section(rows, link)[:-9],
        "unknown link type": pcap(rows, 250),
        "gzip that breaks off": gzip.compress(whole)[:-40],
        "a packet of 4 GB": whole + struct.pack("<IIII", rows[-1][0], 0, 0xFFFFFFF0, 0xFFFFFFF0) + b"x" * 50,
    }
    for name, content in cases.items():
        path = keep("broken", content)
        found, trouble = report(path)
        TALLY.expect(found is not None, f"{name}: {trouble}")
        if found is None or name in ("header only",):
            continue
        TALLY.expect(found["inputs"][0]["warnings"], f"{name}: no warning")
    found, _ = report(keep("cut.pcap", whole[:-7]))
    TALLY.expect(found and found["inputs"][0]["packets"] == len(rows) - 1, "what was before the cut is not read")


# ---- hostile ----

def checksum_free(source, target, protocol, payload, number=0):
    """Ethernet and IPv4 around a payload; checksums are not what readers of captures rely on."""
    head = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(payload), number & 0xFFFF, 0, 64, protocol, 0,
                       source, target)
    return b"\x02" * 12 + b"\x08\0" + head + payload


def tcp(sport, dport, seq, ack, flags, payload=b""):
    return struct.pack(">HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 65535, 0,
                       0) + payload


def connection(client, server, dport, stream, answer=b""):
    """Packets of one connection that sends `stream` and gets `answer`."""
    rows = [(client, server, tcp(5000, dport, 0, 0, 2)), (server, client, tcp(dport, 5000, 0, 1, 18)),
            (client, server, tcp(5000, dport, 1, 1, 16))]
    for at in range(0, len(stream), 1400):
        rows.append((client, server, tcp(5000, dport, 1 + at, 1, 24, stream[at : at + 1400])))
    for at in range(0, len(answer), 1400):
        rows.append((server, client, tcp(dport, 5000, 1 + at, 1 + len(stream), 24, answer[at : at + 1400])))
    return [(1700000000 + n // 1000, n % 1000 * 1000, data, len(data)) for n, data in
            enumerate(checksum_free(a, b, 6, payload) for a, b, payload in rows)]


def hostile_dns():
    """Names that point at themselves, at each other, and beyond the message."""
    head = struct.pack(">HHHHHH", 7, 0x8180, 1, 1, 0, 0)
    loops = [head + b"\xc0\x0c\0\x01\0\x01", head + b"\xc0\x0e\xc0\x0c\0\x01\0\x01",
             head + b"\x3fabc", head + b"\xff\xff" * 20,
             head + b"\x0clyncdiscover\xc0\x0c\0\x01\0\x01" + b"\xc0\x0c\0\x05\0\x01\0\0\0\x05\0\x02\xc0\x0c"]
    rows = [checksum_free(0xCB007135, 0xC6336415, 17, struct.pack(">HHHH", 53, 4000, 8 + len(body), 0) + body)
            for body in loops]
    return pcap([(1700000000, n, data, len(data)) for n, data in enumerate(rows)])


def keep_spoofed(name, count):
    """SYNs from as many addresses; written as it is made, for our own size would be counted too."""
    path = FOLDER / name
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for n in range(count):
            data = checksum_free(0x0B000000 + n * 7, 0xCB00710A, 6, tcp(1024 + n % 60000, 80, n, 0, 2), n)
            file.write(struct.pack("<IIII", 1700000000 + n // 50000, n % 50000 * 20, len(data), len(data)))
            file.write(data)
    return path


def run_measured(program, path):
    """(exit status, seconds, peak MB)."""
    started = time.time()
    process = subprocess.Popen([str(program), "-q", "-o", "json:/dev/null", str(path)],
                               stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=TOP,
                               env=dict(os.environ, ASAN_OPTIONS="exitcode=99",
                                        UBSAN_OPTIONS="exitcode=99"))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    print(process.stderr.read().decode(errors="replace")[-800:], end="")
    process.stderr.close()
    return process.returncode, time.time() - started, usage.ru_maxrss / 1024


def check_hostile():
    long_line = b"GET / HTTP/1.1\r\nHost: lyncdiscover.contoso.example\r\nX-Long: " + b"a" * (1 << 20)
    client, server = 0xC6336415, 0xCB00710A
    big_answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/xml\r\n"
    bomb = gzip.compress(b"\0" * (200 << 20), 9)
    big_answer += b"Content-Length: %d\r\n\r\n" % len(bomb) + bomb
    cases = {
        "a DNS loop": hostile_dns(),
        "a header line of a megabyte": pcap(connection(client, server, 80, long_line + b"\r\n\r\n")),
        "headers without end": pcap(connection(client, server, 80, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200000)),
        "a compressed body of 200 MB": pcap(connection(
            client, server, 80, b"GET / HTTP/1.1\r\nHost: lyncdiscover.contoso.example\r\n\r\n", big_answer)),
        "XML of a hundred thousand levels": pcap(connection(
            client, server, 80, b"GET / HTTP/1.1\r\nHost: lyncdiscover.contoso.example\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.microsoft.rtc.autodiscover+xml\r\n"
            b"Content-Length: 500000\r\n\r\n" + b"<abc>" * 100000)),
        "a compressed capture of a gigabyte": gzip.compress(
            pcap([(1700000000, 0, b"\0" * 60, 60)]), 9) + gzip.compress(b"\0" * (1 << 30), 1),
    }
    for name, content in cases.items():
        path = keep("hostile", content)
        status, seconds, _ = run_measured(BUILD / "lyncscope", path)
        TALLY.expect(status in (0, 1), f"{name}: exit status {status}")
        TALLY.expect(seconds < 60, f"{name}: {seconds:.0f} s")
        path.unlink()


def check_spoofed():
    release = TOP / "lyncscope"
    if not release.exists():
        print("skip: a million connections: ./lyncscope is not built")
        return
    path = keep_spoofed("spoofed.pcap", 1000000)
    status, seconds, memory = run_measured(release, path)
    TALLY.expect(status in (0, 1) and seconds < 60 and memory < MEMORY_MB,
                 f"a million connections: exit status {status}, {seconds:.0f} s, {memory:.0f} MB")
    print(f"a million connections: {seconds:.0f} s, {memory:.0f} MB")


def main():
    FOLDER.chmod(0o755)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        for check in (check_spoofed, check_forms, check_refused, check_broken, check_hostile):
            check()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    TALLY.end()


if __name__ == "__main__":
    main()
