"""run.py: the site as the traffic shows it: who is who, and what does not fit together.

Recorded samples give the roles; what a resolver says differently, and what it may say differently, is
put together here packet by packet.
"""
import pathlib
import socket
import struct
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from program import Tally, lyncscope, report  # noqa: E402

ROLES = {
    "samples/morning.pcap": {("203.0.113.53", "dns"), ("203.0.113.10", "proxy"), ("10.20.0.10", "proxy"),
                             ("10.20.0.31", "front-end")},
    "samples/signin-director.pcap": {("10.20.0.10", "proxy"), ("10.20.0.31", "director"),
                                     ("10.20.0.32", "front-end")},
}
FAULTS = {
    "samples/redirect-to-internal-host.pcap": ["name-without-record", "internal-name-outside"],
    "samples/dns-redirect-target-unresolvable.pcap": ["name-without-record"],
    "samples/signin-outside.pcap": [],
    "tests/golden/captures/two-users-one-address.pcap": [],
}


def udp(source, source_port, target, target_port, body):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + len(body), 0, 0, 64, 17, 0, socket.inet_aton(source),
                       socket.inet_aton(target))
    return head + struct.pack(">HHHH", source_port, target_port, 8 + len(body), 0) + body


def lookup(client, resolver, name, address):
    """A question for A and its answer; no address: NXDOMAIN."""
    wire = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"
    question = wire + struct.pack(">HH", 1, 1)
    port, number = 40000 + hash((client, name)) % 1000, hash((resolver, name)) % 65536
    record = wire + struct.pack(">HHIH4s", 1, 1, 60, 4, socket.inet_aton(address)) if address else b""
    ask = struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + question
    say = struct.pack(">HHHHHH", number, 0x8180 if address else 0x8183, 1, bool(address), 0, 0) + question + record
    return [udp(client, port, resolver, 53, ask), udp(resolver, 53, client, port, say)]


def write(path, packets):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for number, packet in enumerate(packets):
            file.write(struct.pack("<IIII", 1795647731 + number // 100, number % 100 * 10000, len(packet),
                                   len(packet)) + packet)


def of_lookups(rows, *options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "lookups.pcap"
        write(path, [packet for row in rows for packet in lookup(*row)])
        found, fault = report(*options, path)
        return found, fault, lyncscope(*options, "-o", "text", path).stdout.decode()


DISCOVER = "lyncdiscover.contoso.com"
LOOKUPS = [
    ("another address", [("198.51.100.1", "203.0.113.53", DISCOVER, "203.0.113.10"),
                         ("198.51.100.2", "203.0.113.54", DISCOVER, "203.0.113.11")], ["resolvers-differ"]),
    ("no address", [("198.51.100.1", "203.0.113.53", DISCOVER, "203.0.113.10"),
                    ("198.51.100.2", "203.0.113.54", DISCOVER, None)], ["resolvers-differ"]),
    ("the same", [("198.51.100.1", "203.0.113.53", DISCOVER, "203.0.113.10"),
                  ("198.51.100.2", "203.0.113.54", DISCOVER, "203.0.113.10")], []),
    ("inside and outside", [("198.51.100.1", "203.0.113.53", DISCOVER, "203.0.113.10"),
                            ("10.0.0.2", "10.0.0.53", DISCOVER, "10.0.0.10")], []),
    ("Lync Online", [("198.51.100.1", "203.0.113.53", "lyncdiscover.lync.com", "203.0.113.10"),
                     ("198.51.100.2", "203.0.113.54", "lyncdiscover.lync.com", "203.0.113.11")], []),
]


def judge_samples(tally):
    for capture, wanted in ROLES.items():
        found, fault = report(capture)
        tally.expect(not fault, f"{capture}: {fault}")
        roles = {(one["address"], one["role"]) for one in found["site"]["servers"]}
        tally.expect(roles == wanted, f"{capture}: {sorted(roles)}, expected {sorted(wanted)}")
    for capture, wanted in FAULTS.items():
        found, fault = report(capture)
        kinds = [one["kind"] for one in found["site"]["inconsistencies"]]
        tally.expect(kinds == wanted, f"{capture}: {kinds}, expected {wanted}")


def judge_lookups(tally):
    for name, rows, wanted in LOOKUPS:
        found, fault, text = of_lookups(rows)
        tally.expect(not fault, f"{name}: {fault}")
        kinds = [one["kind"] for one in found["site"]["inconsistencies"]]
        tally.expect(kinds == wanted, f"{name}: {kinds}, expected {wanted}")
        tally.expect(text.count("Resolvers disagree about") == len(wanted), f"{name}: the text says\n{text}")
        tally.expect(len(found["notes"]) == len(wanted), f"{name}: notes {found['notes']}")


def judge_options(tally):
    rows = LOOKUPS[0][1]
    found, _, _ = of_lookups(rows, "--internal", "198.51.100.0/24", "--sip-domain", "fabrikam.com")
    tally.expect(found["site"]["clients"] == {"inside": 2, "outside": 0, "unknown": 0},
                 f"--internal: {found['site']['clients']}")
    domains = {one["name"]: one["sign_ins"] for one in found["site"]["sip_domains"]}
    tally.expect(domains == {"contoso.com": 2, "fabrikam.com": 0}, f"--sip-domain: {domains}")
    found, _ = report("--proxy", "10.20.0.31", "samples/signin-behind-proxy.pcap")
    roles = {(one["address"], one["role"]) for one in found["site"]["servers"]}
    tally.expect(("10.20.0.31", "proxy") in roles, f"--proxy: {sorted(roles)}")


def main():
    tally = Tally()
    judge_samples(tally)
    judge_lookups(tally)
    judge_options(tally)
    tally.end()


main()
