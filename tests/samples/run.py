"""run.py [NAME...]: the TLS events of samples/tls against what both ends of each connection said.

Every capture is read with each form of key beside it, and then spoilt in the ways of robust.py.
NAME: only those captures.
"""
import collections
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import robust  # noqa: E402
from program import TOP, Tally, lyncscope  # noqa: E402

FOLDER = TOP / "samples/tls"
ALERTS_KEPT = 8


def keys_of(capture):
    """The options that give each form of key."""
    base = str(capture).removesuffix(capture.suffix)
    password = ["--password-file", base + ".password"] if pathlib.Path(base + ".password").exists() else []
    for suffix, option in ((".keylog", "-k"), (".key.pem", "-K"), (".key.p12", "-K")):
        if pathlib.Path(base + suffix).exists():
            yield suffix, [option, base + suffix, *(password if option == "-K" else [])]


def alerts_of(row):
    return collections.Counter((one["from"], one["level"], one["description"]) for one in row["alerts"])


def differences(truth, event):
    """What the event says otherwise than the ends did."""
    for column in ("version", "cipher", "resumed", "sni"):
        if (truth["established"] or truth[column] is not None) and event.get(column) != truth[column]:
            yield f"{column}: {event.get(column)}, right is {truth[column]}"
    if truth.get("decrypted", "all") != "all":
        for column in ("decrypted", "reason"):
            if event.get(column) != truth[column]:
                yield f"{column}: {event.get(column)}, right is {truth[column]}"
        return
    if truth["established"] and event.get("alpn") != truth["alpn"]:
        yield f"alpn: {event.get('alpn')}, right is {truth['alpn']}"
    if truth["alerts"] is not None and sum(alerts_of(truth).values()) <= ALERTS_KEPT and alerts_of(event) != alerts_of(truth):
        yield f"alerts: {sorted(alerts_of(event))}, right is {sorted(alerts_of(truth))}"
    if truth["client_bytes"] + truth["server_bytes"] and event.get("decrypted") != "all":
        yield f"decrypted: {event.get('decrypted')} ({event.get('reason')})"
    for side in ("client", "server"):
        found, right = event.get(side + "_bytes"), truth[side + "_bytes"]
        if (found or 0) != right:
            yield f"{side}_bytes: {found}, right is {right}"
        elif right and event.get(side + "_sha256") != truth[side + "_sha256"]:
            yield f"{side}_sha256 differs"


def events_of(capture, options, tally, name):
    done = lyncscope("-o", "events", *options, capture)
    tally.expect(done.returncode in (0, 1), f"{name}: exit status {done.returncode}: "
                 + done.stderr.decode(errors="replace")[-1500:])
    events = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        one = json.loads(line)
        if one["event"] == "tls":
            events[one["client"]["port"], one["server"]["port"]].append(one)
    return events


def compare(capture, suffix, options, tally):
    name = capture.stem + suffix
    truth = json.loads((capture.parent / (capture.stem + ".truth.json")).read_text())
    events = events_of(capture, options, tally, name)
    for row in truth["connections"]:
        mine = events[row["client_port"], row["server_port"]]
        who = f"{name}: {row['client_port']} {row['version']} {row['cipher']}" + \
            (" resumed" if row["resumed"] else "")
        if len(mine) != 1:
            tally.expect(False, f"{who}: {len(mine)} events")
            continue
        wrong = list(differences(row, mine[0]))
        tally.expect(not wrong, f"{who}: {'; '.join(wrong)}")
    wanted = {(row["client_port"], row["server_port"]) for row in truth["connections"]}
    tally.expect(not set(events) - wanted, f"{name}: events of nobody's connections")


def main():
    tally = Tally()
    captures = [path for path in sorted(FOLDER.glob("*.pcap*"))
                if not sys.argv[1:] or path.stem in sys.argv[1:]]
    tally.expect(captures, f"no captures in {FOLDER}")
    for capture in captures:
        for suffix, options in list(keys_of(capture)) or [("", [])]:
            compare(capture, suffix, options, tally)
    robust.check(captures, keys_of, tally)
    tally.end()


if __name__ == "__main__":
    main()
