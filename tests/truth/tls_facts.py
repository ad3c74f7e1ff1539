"""tls_facts.py: what tshark and we say of TLS, as facts that can be compared.

Decrypted bytes by length and SHA-256 of each direction, certificates by SHA-256, ClientHellos and
ServerHellos with name, version and cipher suite, alerts by packet.
"""
import collections
import hashlib
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
EMPTY = hashlib.sha256(b"").hexdigest()
VERSIONS = {"0x0300": "SSL 3.0", "0x0301": "1.0", "0x0302": "1.1", "0x0303": "1.2", "0x0304": "1.3"}
HELLO_RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"


def numbers_of(table):
    """Names by number out of the program's own table."""
    text = (TOP / "dissectors/tls_names.c").read_text().split(f" {table}[] = {{")[1].split("};")[0]
    return {name: int(number, 0) for number, name in re.findall(r"\{ (\w+), \"(\w+)\" \}", text)}


ALERTS, CIPHERS = numbers_of("alerts"), numbers_of("ciphers")


def plain_of_truth(rows):
    """tshark does not tell client from server: a connection is its two directions, in any order."""
    return collections.Counter(
        tuple(sorted((row[node + "_bytes"], row[node + "_sha256"].replace("-", EMPTY))
                     for node in ("node0", "node1")))
        for row in rows)


def plain_of_ours(events):
    return collections.Counter(
        tuple(sorted((str(one[side + "_bytes"]), one[side + "_sha256"]) for side in ("client", "server")))
        for one in events if one["event"] == "tls" and one["decrypted"] != "none")


def cert_of_truth(rows):
    return collections.Counter({row["sha256"]: 1 for row in rows})


def cert_of_ours(events):
    return collections.Counter({one["sha256"]: 1 for event in events if event["event"] == "tls"
                                for one in event["certificates"]})


def hello_of_truth(rows):
    """The first ClientHello of each connection: a second one follows a HelloRetryRequest."""
    seen = {}
    for row in rows:
        name = next((row[column] for column in row if column.endswith("server_name")), "")
        seen.setdefault(row["tcp.stream"], name.split(";")[0])
    return collections.Counter(seen.values())


def hello_of_ours(events):
    return collections.Counter(one["sni"] or "" for one in events
                               if one["event"] == "tls" and one["reason"] != "handshake-not-captured")


def server_of_truth(rows):
    """The version and suite of each connection, as its last ServerHello in the clear has it."""
    last = {}
    for row in rows:
        suites = [one for one in row["tls.handshake.ciphersuite"].split(";") if one]
        if row["tls.handshake.random"].split(";")[0].replace(":", "") == HELLO_RETRY or not suites:
            continue
        version = row["tls.handshake.extensions.supported_version"] or row["tls.handshake.version"]
        last.setdefault(row["tcp.stream"], (VERSIONS.get(version.split(";")[0], version),
                                            int(suites[0], 0)))
    return collections.Counter(last.values())


def server_of_ours(events):
    return collections.Counter((one["version"], CIPHERS[one["cipher"]]) for one in events
                               if one["event"] == "tls" and one["cipher"])


def alert_of_truth(rows):
    facts = collections.Counter()
    for row in rows:
        for level, description in zip(row["tls.alert_message.level"].split(";"),
                                      row["tls.alert_message.desc"].split(";")):
            if description:
                facts[(row["frame.number"], int(level), int(description))] += 1
    return facts


def alert_of_ours(events):
    levels = {"warning": 1, "fatal": 2}
    return collections.Counter((str(one["packet"]), levels[one["level"]], ALERTS[one["description"]])
                               for event in events if event["event"] == "tls"
                               for one in event["alerts"])


FACTS = {"tls-plain": (plain_of_truth, plain_of_ours), "cert": (cert_of_truth, cert_of_ours),
         "tls-hello": (hello_of_truth, hello_of_ours), "tls-server": (server_of_truth, server_of_ours),
         "tls-alert": (alert_of_truth, alert_of_ours)}


def compare(kind):
    """A function of (rows, events) to (what agrees, [(side, fact)] that do not)."""
    of_truth, of_ours = FACTS[kind]

    def compare_facts(rows, events):
        truth, ours = of_truth(rows), of_ours(events)
        differ = [("tshark", f"{kind} {fact}") for fact in (truth - ours).elements()]
        differ += [("we", f"{kind} {fact}") for fact in (ours - truth).elements()]
        return sum((truth & ours).values()), differ

    return compare_facts
